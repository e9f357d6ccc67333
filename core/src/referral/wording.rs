//! What somebody agrees to before a self-referral is sent, word for word. A change is a new version.

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
