//! What people are shown when they are asked, word for word.
//!
//! A text is evidence: a change is a new version, and a test holds the fingerprint of every version
//! so that none changes unseen. Each names the organisation, says that saying no costs nothing, and
//! that a yes can be taken back (domain findings §7).

use sha2::{Digest, Sha256};

use super::Purpose;
use crate::language::Language;

/// The version of all wordings in use.
pub const CURRENT_VERSION: u16 = 1;

/// One wording: what is asked for a purpose in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What for.
    pub purpose: Purpose,
    /// In which language.
    pub language: Language,
    template: &'static str,
}

impl Wording {
    /// The wording in use.
    pub fn current(purpose: Purpose, language: Language) -> Self {
        let template = match language {
            Language::English => english(purpose),
            Language::Welsh => welsh(purpose),
        };
        Self {
            purpose,
            language,
            template,
        }
    }

    /// The text as shown, with the organisation's name in it.
    pub fn text(&self, organisation: &str) -> String {
        let closing = match self.language {
            Language::English => {
                " You can say no. It does not change your place here. You can change your mind at any time: tell any member of staff."
            }
            Language::Welsh => {
                " Gallwch ddweud na. Nid yw’n newid eich lle yma. Gallwch newid eich meddwl unrhyw bryd: dywedwch wrth unrhyw aelod o staff."
            }
        };
        let mut text = self.template.replace("{organisation}", organisation);
        if self.purpose != Purpose::HoldSupport {
            text.push_str(closing);
        }
        text
    }
}

/// The fingerprint of a text as shown.
pub fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn english(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::HoldSupport => {
            "May {organisation} keep a record of your health and support needs, so that the team can give you the right support here? Only the staff who run this programme see it. Without this we can still welcome you, but we may not know how to help. You can change your mind at any time: tell any member of staff."
        }
        Purpose::TalkToReferrer => {
            "May {organisation} talk with the person who referred you (your link worker or surgery) about how you are getting on here?"
        }
        Purpose::Evaluation => {
            "May {organisation} use your answers, without your name, to learn whether this project helps people, and to tell the people who pay for it?"
        }
        Purpose::Quote => {
            "May {organisation} use your words, without your name, in reports and to tell others about this project?"
        }
        Purpose::PhotoOwnRecords => {
            "May {organisation} take photos of you here and keep them in the project’s own records?"
        }
        Purpose::PhotoReports => {
            "May {organisation} use photos of you in reports to the people who pay for this project?"
        }
        Purpose::PhotoWebsite => "May {organisation} use photos of you on its website?",
        Purpose::PhotoSocialMedia => {
            "May {organisation} use photos of you on its social media pages?"
        }
        Purpose::PhotoPress => {
            "May {organisation} give photos of you to newspapers, radio or television?"
        }
        Purpose::ContactLater => {
            "May {organisation} contact you later about other activities that you might like?"
        }
    }
}

fn welsh(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::HoldSupport => {
            "A gaiff {organisation} gadw cofnod o’ch iechyd a’ch anghenion cymorth, er mwyn i’r tîm roi’r cymorth cywir i chi yma? Dim ond y staff sy’n cynnal y rhaglen hon sy’n ei weld. Heb hyn gallwn eich croesawu o hyd, ond efallai na fyddwn yn gwybod sut i helpu. Gallwch newid eich meddwl unrhyw bryd: dywedwch wrth unrhyw aelod o staff."
        }
        Purpose::TalkToReferrer => {
            "A gaiff {organisation} siarad â’r person a’ch cyfeiriodd (eich gweithiwr cyswllt neu’ch meddygfa) am sut mae pethau’n mynd yma?"
        }
        Purpose::Evaluation => {
            "A gaiff {organisation} ddefnyddio’ch atebion, heb eich enw, i ddysgu a yw’r prosiect hwn yn helpu pobl, ac i ddweud wrth y rhai sy’n talu amdano?"
        }
        Purpose::Quote => {
            "A gaiff {organisation} ddefnyddio’ch geiriau, heb eich enw, mewn adroddiadau ac i sôn wrth eraill am y prosiect hwn?"
        }
        Purpose::PhotoOwnRecords => {
            "A gaiff {organisation} dynnu lluniau ohonoch yma a’u cadw yng nghofnodion y prosiect ei hun?"
        }
        Purpose::PhotoReports => {
            "A gaiff {organisation} ddefnyddio lluniau ohonoch mewn adroddiadau i’r rhai sy’n talu am y prosiect hwn?"
        }
        Purpose::PhotoWebsite => "A gaiff {organisation} ddefnyddio lluniau ohonoch ar ei gwefan?",
        Purpose::PhotoSocialMedia => {
            "A gaiff {organisation} ddefnyddio lluniau ohonoch ar ei thudalennau cyfryngau cymdeithasol?"
        }
        Purpose::PhotoPress => {
            "A gaiff {organisation} roi lluniau ohonoch i bapurau newydd, radio neu deledu?"
        }
        Purpose::ContactLater => {
            "A gaiff {organisation} gysylltu â chi yn nes ymlaen am weithgareddau eraill y gallech eu hoffi?"
        }
    }
}
