//! What a ledger entry says (domain findings §7).

use crate::ids::PersonId;
use crate::language::Language;
use crate::text::Line;

coded_enum! {
    /// What a consent is for. Each stands alone; a place never depends on any but the first.
    pub enum Purpose {
        /// Hold health and support information to run the person's place.
        HoldSupport = 1,
        /// Talk to the referrer or link worker.
        TalkToReferrer = 2,
        /// Use answers in the evaluation.
        Evaluation = 3,
        /// Quote their words without their name.
        Quote = 4,
        /// Photos for the project's own records.
        PhotoOwnRecords = 5,
        /// Photos in reports to funders.
        PhotoReports = 6,
        /// Photos on the website.
        PhotoWebsite = 7,
        /// Photos on social media.
        PhotoSocialMedia = 8,
        /// Photos to the press.
        PhotoPress = 9,
        /// Contact about future activities.
        ContactLater = 10,
    }
}

impl Purpose {
    /// The purposes that are about photos, each for a named use.
    pub const PHOTOS: &'static [Self] = &[
        Self::PhotoOwnRecords,
        Self::PhotoReports,
        Self::PhotoWebsite,
        Self::PhotoSocialMedia,
        Self::PhotoPress,
    ];
}

coded_enum! {
    /// What the person decided.
    pub enum Decision {
        /// Yes.
        Given = 1,
        /// Yes, after a refusal or withdrawal that this record names.
        GivenAgain = 2,
        /// No.
        Refused = 3,
        /// No longer.
        Withdrawn = 4,
    }
}

impl Decision {
    /// Whether it forbids.
    pub const fn forbids(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn)
    }
}

coded_enum! {
    /// How the decision was given.
    pub enum Method {
        /// The person tapped or ticked it themselves.
        Ticked = 1,
        /// The person said it, with a member of staff as witness.
        Spoken = 2,
        /// On paper, signed.
        Signed = 3,
    }
}

coded_enum! {
    /// Who may decide for the person. Relatives may not, unless they hold one of these.
    pub enum GivenBy {
        /// The person.
        Themselves = 1,
        /// Somebody with parental responsibility.
        ParentalResponsibility = 2,
        /// Somebody with lasting power of attorney for health and welfare.
        PowerOfAttorney = 3,
        /// A deputy appointed by the court.
        Deputy = 4,
    }
}

/// Which text the person was shown: enough to prove it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordingRef {
    /// Version of the wording of the purpose.
    pub version: u16,
    /// Language in which it was shown.
    pub language: Language,
    /// SHA-256 of the text exactly as shown, in UTF-8.
    pub sha256: [u8; 32],
}

/// A consent was given, refused or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecorded {
    /// The person whom it is about.
    pub person: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// What was decided.
    pub decision: Decision,
    /// What was shown.
    pub wording: WordingRef,
    /// How it was given.
    pub method: Method,
    /// Who gave it.
    pub given_by: GivenBy,
    /// The name of whoever gave it, where it was not the person.
    pub giver_name: Option<Line>,
}
