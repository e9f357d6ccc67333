//! What the cast said when they were asked, purpose by purpose.

use std::collections::BTreeSet;

use wellfield_core::consent::wording::{self, CURRENT_VERSION, Wording};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::ids::PersonId;

use super::cast::Asked;
use super::generator::{Generator, Part};
use super::log::Log;
use super::people::{LATER, Member, days_before};
use super::{ORGANISATION, fixed};

/// Records everybody's decisions, and tells who may be quoted.
pub(super) fn record(log: &mut Log, seed: u64, members: &[Member]) -> BTreeSet<PersonId> {
    let mut generator = Generator::new(seed, Part::Consents);
    let mut quotable = BTreeSet::new();
    for member in members {
        // Mostly ticked on the tablet; some sign on paper before they first come, some speak.
        let method = generator.pick(&[
            Method::Ticked,
            Method::Ticked,
            Method::Ticked,
            Method::Signed,
            Method::Spoken,
        ]);
        for purpose in Purpose::ALL {
            let decisions = decisions(member, *purpose, &mut generator);
            let agreed = decisions.last().is_some_and(|last| !last.forbids());
            if *purpose == Purpose::Quote && agreed {
                quotable.insert(member.id());
            }
            let mut standing = Vec::new();
            log.on_days_from(member.record.from, -days_before(&member.record));
            for decision in decisions {
                if !standing.is_empty() {
                    log.on_days_from(member.record.from, LATER);
                }
                let entry = entry(member, *purpose, *decision, method);
                standing = vec![log.delivery(standing, entry)];
            }
        }
    }
    quotable
}

fn entry(member: &Member, purpose: Purpose, decision: Decision, method: Method) -> ConsentRecorded {
    let language = member.role.language;
    let shown = Wording::current(purpose, language).text(ORGANISATION);
    let (given_by, giver_name) = match member.role.asked {
        Asked::ByAttorney(name) => (GivenBy::PowerOfAttorney, Some(fixed(name))),
        _ => (GivenBy::Themselves, None),
    };
    ConsentRecorded {
        person: member.id(),
        purpose,
        decision,
        wording: WordingRef {
            version: CURRENT_VERSION,
            language,
            sha256: wording::sha256(&shown),
        },
        method,
        given_by,
        giver_name,
    }
}

const NOT_ASKED: &[Decision] = &[];
const YES: &[Decision] = &[Decision::Given];
const NO: &[Decision] = &[Decision::Refused];
const TAKEN_BACK: &[Decision] = &[Decision::Given, Decision::Withdrawn];
const AFTER_ALL: &[Decision] = &[Decision::Refused, Decision::GivenAgain];

/// What somebody decided about a purpose, in order of time.
fn decisions(member: &Member, purpose: Purpose, generator: &mut Generator) -> &'static [Decision] {
    let photo = Purpose::PHOTOS.contains(&purpose);
    let needful = purpose == Purpose::HoldSupport;
    match (member.role.asked, purpose) {
        // Whoever has no referrer was not asked about talking to one.
        (_, Purpose::TalkToReferrer) if member.role.supporter.is_none() => NOT_ASKED,
        (Asked::NotYet, _) => NOT_ASKED,
        (Asked::NoSupportKept, Purpose::HoldSupport) => NO,
        (Asked::SupportTakenBack, Purpose::HoldSupport) => TAKEN_BACK,
        (Asked::SocialMediaTakenBack, Purpose::PhotoSocialMedia | Purpose::PhotoPress) => {
            TAKEN_BACK
        }
        (Asked::EvaluationAfterAll, Purpose::Evaluation) => AFTER_ALL,
        (Asked::NoPhotos, _) if photo => NO,
        (Asked::OnlyTheNeedful, _) if !needful => NOT_ASKED,
        (Asked::YesToAll, _) => YES,
        _ if needful => YES,
        _ => usual(purpose, generator),
    }
}

/// The usual mix. The more people may see a photo, the fewer agree to it.
fn usual(purpose: Purpose, generator: &mut Generator) -> &'static [Decision] {
    let yes = match purpose {
        Purpose::HoldSupport => 100,
        Purpose::TalkToReferrer => 88,
        Purpose::Evaluation => 84,
        Purpose::PhotoOwnRecords => 80,
        Purpose::ContactLater => 76,
        Purpose::PhotoReports => 68,
        Purpose::Quote => 62,
        Purpose::PhotoWebsite => 52,
        Purpose::PhotoSocialMedia => 38,
        Purpose::PhotoPress => 30,
    };
    let drawn = generator.below(100);
    if drawn < yes {
        YES
    } else if drawn < yes + 3 {
        TAKEN_BACK
    } else if drawn.is_multiple_of(4) {
        NOT_ASKED
    } else {
        NO
    }
}
