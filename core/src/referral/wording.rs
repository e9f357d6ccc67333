//! What somebody agrees to before a referral is sent, word for word. A change is a new version.

use crate::language::Language;

/// The version of the wording in use.
pub const CURRENT_VERSION: u16 = 1;

/// The text of the agreement as shown.
pub fn agreement(language: Language, organisation: &str) -> String {
    let template = match language {
        Language::English => {
            "{organisation} will keep what you told us, including anything about your health and support, to answer you and to plan your place. Only the people who run this programme will see it. You can ask us to delete it at any time."
        }
        Language::Welsh => {
            "Bydd {organisation} yn cadw’r hyn a ddywedoch wrthym, gan gynnwys unrhyw beth am eich iechyd a’ch cymorth, er mwyn eich ateb a chynllunio’ch lle. Dim ond y bobl sy’n cynnal y rhaglen hon fydd yn ei weld. Gallwch ofyn i ni ei ddileu unrhyw bryd."
        }
    };
    template.replace("{organisation}", organisation)
}

/// What somebody agrees to whom a link worker refers, as the link worker reads it to them.
pub fn agreement_for(language: Language, organisation: &str) -> String {
    let template = match language {
        Language::English => {
            "They agree that I refer them, and that {organisation} keeps what is written here, including anything about their health and support, to answer them and to plan their place. Only the people who run this programme will see it. {organisation} tells me whether they have a place. How they get on there it tells me only if they agree to that too. They can ask {organisation} to delete it at any time."
        }
        Language::Welsh => {
            "Maent yn cytuno fy mod yn eu cyfeirio, a bod {organisation} yn cadw’r hyn sydd wedi’i ysgrifennu yma, gan gynnwys unrhyw beth am eu hiechyd a’u cymorth, er mwyn eu hateb a chynllunio eu lle. Dim ond y bobl sy’n cynnal y rhaglen hon fydd yn ei weld. Bydd {organisation} yn dweud wrthyf a oes ganddynt le. Bydd yn dweud wrthyf sut hwyl maent yn ei gael yno dim ond os ydynt yn cytuno i hynny hefyd. Gallant ofyn i {organisation} ei ddileu unrhyw bryd."
        }
    };
    template.replace("{organisation}", organisation)
}
