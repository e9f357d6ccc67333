//! Whether a form is likely to come from a person.
//!
//! Nothing is ever dropped: what looks like a machine's lies in a list of its own, where a coordinator
//! looks at it. A filter that loses one real referral is worse than a hundred that are none (security
//! findings §3). And nothing is told: the answer to a form is the same whatever is thought of it.

use super::Proof;

/// The time over which forms are counted, in milliseconds.
pub const CROWD_WINDOW_MS: u64 = 10 * 60 * 1_000;

/// More forms than this in that time, from everywhere, are unusual.
pub const FORMS_USUAL_MAX: u32 = 60;

/// A person needs longer than this for six pages, in milliseconds. Much longer; but somebody's browser
/// may fill in half of it.
const HURRIED_MS: u64 = 3_000;

/// From so many points on a form is looked at by a person first.
const QUARANTINE_POINTS: u32 = 2;

/// What a phone says about how a form was filled in. Whoever wants to can say anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Whether something stands in the field that people do not see.
    pub trap_filled: bool,
    /// From opening the form to sending it, in milliseconds; `None` where the phone does not say.
    pub took_ms: Option<u64>,
    /// The sum that was asked for, if it was done.
    pub proof: Option<Proof>,
}

/// What the server knows of a form and of those that came before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Whether something stands in the field that people do not see.
    pub trap_filled: bool,
    /// From opening the form to sending it, in milliseconds, as the phone says.
    pub took_ms: Option<u64>,
    /// Whether its proof holds.
    pub is_proven: bool,
    /// Whether its address sent more forms than one address usually does.
    pub is_from_a_crowd: bool,
    /// How many forms came lately, from everywhere.
    pub recent_forms: u32,
}

coded_enum! {
    /// Why a form may not be from a person.
    pub enum Doubt {
        /// Something stood in the field that people do not see.
        Trap = 1,
        /// It was filled in faster than a person can.
        Hurried = 2,
        /// The sum that was asked for was not done. An older page on a phone does not know of it.
        NoProof = 3,
        /// Its address sent many forms. A surgery is one address.
        Crowd = 4,
        /// Many forms came at the same time.
        Rush = 5,
    }
}

impl Doubt {
    /// How much it counts. Only what no person does counts by itself.
    const fn points(self) -> u32 {
        match self {
            Self::Trap => QUARANTINE_POINTS,
            Self::Hurried | Self::NoProof | Self::Crowd | Self::Rush => 1,
        }
    }
}

/// Where a form goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Among the referrals.
    Inbox,
    /// Among those that a person looks at first, for these reasons.
    Quarantine(Vec<Doubt>),
}

/// Weighs what is known of a form.
pub fn weigh(evidence: &Evidence) -> Verdict {
    let found = |doubt: &Doubt| match doubt {
        Doubt::Trap => evidence.trap_filled,
        Doubt::Hurried => evidence.took_ms.is_some_and(|took| took < HURRIED_MS),
        Doubt::NoProof => !evidence.is_proven,
        Doubt::Crowd => evidence.is_from_a_crowd,
        Doubt::Rush => evidence.recent_forms > FORMS_USUAL_MAX,
    };
    let doubts: Vec<Doubt> = Doubt::ALL.iter().copied().filter(found).collect();
    let points: u32 = doubts.iter().map(|doubt| doubt.points()).sum();
    if points < QUARANTINE_POINTS {
        Verdict::Inbox
    } else {
        Verdict::Quarantine(doubts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form that somebody filled in on a page of today, on a usual day.
    const USUAL: Evidence = Evidence {
        trap_filled: false,
        took_ms: Some(90_000),
        is_proven: true,
        is_from_a_crowd: false,
        recent_forms: 3,
    };

    #[test]
    fn a_form_with_one_weak_doubt_is_a_referral_like_any_other() {
        let one_doubt = [
            USUAL,
            // An older page, or one whose phone could not do the sum.
            Evidence {
                is_proven: false,
                took_ms: None,
                ..USUAL
            },
            Evidence {
                took_ms: Some(0),
                ..USUAL
            },
            Evidence {
                is_from_a_crowd: true,
                ..USUAL
            },
            Evidence {
                recent_forms: u32::MAX,
                ..USUAL
            },
        ];
        for evidence in one_doubt {
            assert_eq!(weigh(&evidence), Verdict::Inbox, "{evidence:?}");
        }
    }

    #[test]
    fn what_no_person_does_or_two_doubts_together_are_looked_at_first() {
        let trap = Evidence {
            trap_filled: true,
            ..USUAL
        };
        assert_eq!(weigh(&trap), Verdict::Quarantine(vec![Doubt::Trap]));
        let machine = Evidence {
            took_ms: Some(2_999),
            is_proven: false,
            ..USUAL
        };
        assert_eq!(
            weigh(&machine),
            Verdict::Quarantine(vec![Doubt::Hurried, Doubt::NoProof])
        );
        let flood = Evidence {
            is_proven: false,
            is_from_a_crowd: true,
            recent_forms: FORMS_USUAL_MAX + 1,
            ..USUAL
        };
        assert_eq!(
            weigh(&flood),
            Verdict::Quarantine(vec![Doubt::NoProof, Doubt::Crowd, Doubt::Rush])
        );
    }

    #[test]
    fn the_bounds_are_where_they_are_said_to_be() {
        let with = |took_ms, recent_forms| {
            weigh(&Evidence {
                is_proven: false,
                took_ms: Some(took_ms),
                recent_forms,
                ..USUAL
            })
        };
        assert_eq!(with(HURRIED_MS, FORMS_USUAL_MAX), Verdict::Inbox);
        assert_ne!(with(HURRIED_MS - 1, FORMS_USUAL_MAX), Verdict::Inbox);
        assert_ne!(with(HURRIED_MS, FORMS_USUAL_MAX + 1), Verdict::Inbox);
    }
}
