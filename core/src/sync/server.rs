//! The server's decisions, without its database.
//!
//! The server never refuses field data: an event whose envelope is in order and whose content is not,
//! or that its device may not record, is set aside for a person, and the next events go on. A whole
//! request is refused only where storing part of it would lose or double something.

mod own;
#[cfg(test)]
mod tests;

pub use own::{Dated, OwnRefused, answered, placed, plan_own, received};

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::problem::{Problem, ProblemReply};
use super::protocol::{Outcome, PUSH_EVENTS_MAX, PushRequest};
use crate::access::{Action, Role, decide, may_manage_devices, may_record, may_shut_out};
use crate::erasure::ErasedSubjects;
use crate::event::{Body, Event, Invalid, check, decode_event};
use crate::ids::{DeviceId, EventId, ProgrammeId};
use crate::stream::Stream;

/// A device as the server knows it at the moment of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceStanding {
    /// Its number.
    pub device: DeviceId,
    /// What its user does.
    pub role: Role,
    /// The programmes that it was enrolled for.
    pub programmes: Vec<ProgrammeId>,
    /// The server holds its log up to here.
    pub max_n: u64,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl DeviceStanding {
    /// Whether the device may do this with a stream.
    pub fn may(&self, action: Action, stream: Stream) -> bool {
        !self.revoked
            && self.is_member(stream)
            && decide(self.role.into(), action, stream.room().into())
    }

    /// Whether the stream is of no programme, or of one that the device was enrolled for.
    fn is_member(&self, stream: Stream) -> bool {
        stream
            .programme()
            .is_none_or(|programme| self.programmes.contains(&programme))
    }

    /// Whether another device, of these programmes, is used in a programme of this one's.
    pub fn works_beside(&self, programmes: &[ProgrammeId]) -> bool {
        programmes
            .iter()
            .any(|programme| self.programmes.contains(programme))
    }

    /// Whether whoever uses this device may shut another out and be told what it held. Nobody shuts
    /// themselves out: a tablet in somebody's hands is not lost.
    pub fn may_shut_out(&self, other: &Self) -> bool {
        !self.revoked
            && self.device != other.device
            && self.works_beside(&other.programmes)
            && may_shut_out(self.role, other.role)
    }

    /// The streams that the device may read.
    pub fn streams(&self) -> Vec<Stream> {
        let of_programmes = self
            .programmes
            .iter()
            .flat_map(|programme| [Stream::Delivery(*programme), Stream::Casework(*programme)]);
        [Stream::Public, Stream::Organisation, Stream::Safeguarding]
            .into_iter()
            .chain(of_programmes)
            .filter(|stream| self.may(Action::Read, *stream))
            .collect()
    }
}

/// An event to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The event as read.
    pub event: Event,
    /// Its bytes as they came.
    pub bytes: Vec<u8>,
    /// Their fingerprint.
    pub hash: [u8; 32],
}

/// An event to be set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its place in the device's log.
    pub n: u64,
    /// Its bytes as they came.
    pub bytes: Vec<u8>,
    /// Their fingerprint.
    pub hash: [u8; 32],
    /// Why.
    pub outcome: Outcome,
    /// Whether it was about somebody who was erased, and its bytes say nothing any more. Then there is
    /// nothing to decide about.
    pub erased: bool,
}

impl SetAside {
    /// What is kept of it, where it may be about somebody who was erased.
    fn unless_erased(self, erased: &ErasedSubjects) -> Self {
        match erased.tombstone_of(&self.bytes) {
            None => self,
            Some(Accepted { bytes, hash, .. }) => Self {
                bytes,
                hash,
                erased: true,
                ..self
            },
        }
    }
}

/// What to do with a push, in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushPlan {
    /// To be stored, in order.
    pub accepted: Vec<Accepted>,
    /// To be set aside, in order.
    pub set_aside: Vec<SetAside>,
    /// What became of each event of the request, in order.
    pub outcomes: Vec<Outcome>,
    /// The device's log is held up to here once the plan is carried out.
    pub max_n: u64,
    /// The receipt says that the device was taken out of use.
    pub taken_out: bool,
}

impl PushPlan {
    /// Which of its records the device is to be told to erase: they were about somebody who was erased, and
    /// what says nothing takes their place.
    pub fn erased(&self, device: DeviceId) -> impl Iterator<Item = EventId> {
        let accepted = self.accepted.iter();
        let stored = accepted
            .filter(|accepted| matches!(accepted.event.body, Body::Erased(_)))
            .map(|accepted| accepted.event.id.n);
        let aside = self.set_aside.iter().filter(|event| event.erased);
        let numbers = stored.chain(aside.map(|event| event.n));
        numbers.map(move |n| EventId { device, n })
    }
}

/// What the server knows of an event that it holds already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldEvent {
    /// The fingerprint of its bytes.
    pub hash: [u8; 32],
    /// What became of it when it came: [`Outcome::Stored`], or why it was set aside. Where this was not
    /// kept, the event is examined once more, and a role or a software that changed in between makes the
    /// receipt say something else than what happened.
    pub became: Option<Outcome>,
}

impl HeldEvent {
    /// Whether what is held stands in the place of these bytes, because they are about somebody who was
    /// erased. The device may have sent them before.
    fn was_erased(self, bytes: &[u8], erased: &ErasedSubjects) -> bool {
        let tombstone = erased.tombstone_of(bytes);
        tombstone.is_some_and(|tombstone| tombstone.hash == self.hash)
    }

    /// What the receipt says of it when it comes again. The first receipt may have been lost, so what
    /// was set aside is said again.
    fn said_again(self, standing: &DeviceStanding, n: u64, bytes: &[u8]) -> Outcome {
        let aside = match self.became {
            Some(became) => Some(became),
            None => examine(standing, n, bytes).err(),
        };
        aside
            .filter(|outcome| outcome.is_quarantined())
            .unwrap_or(Outcome::Held)
    }
}

/// The fingerprint of an event's bytes.
pub fn fingerprint(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Decides what becomes of a push.
///
/// `held` gives those events of the request that the server holds already, stored or set aside. What is
/// about one of `erased` is not kept: a record that says nothing takes its place, and the receipt says the
/// same as of any other, so that nothing waits on the device.
///
/// A device that was taken out of use may record nothing, so that each of its events is set aside and a
/// coordinator decides whether it counts. The same holds for what a safety copy of it brings.
///
/// # Errors
/// A problem that concerns the request as a whole; then nothing of it may be stored.
pub fn plan_push(
    standing: &DeviceStanding,
    request: PushRequest,
    held: &BTreeMap<u64, HeldEvent>,
    erased: &ErasedSubjects,
) -> Result<PushPlan, ProblemReply> {
    if request.device != standing.device {
        return Err(Problem::UnknownDevice.into());
    }
    if request.events.len() > PUSH_EVENTS_MAX {
        return Err(Problem::TooLarge.into());
    }
    let expected_n = standing.max_n + 1;
    if request.first_n > expected_n {
        return Err(ProblemReply {
            expected_n: Some(expected_n),
            ..Problem::Gap.into()
        });
    }
    let mut plan = PushPlan {
        max_n: standing.max_n,
        taken_out: standing.revoked,
        ..PushPlan::default()
    };
    for (n, bytes) in (request.first_n..).zip(request.events) {
        let hash = fingerprint(&bytes);
        if n <= standing.max_n {
            let known = held.get(&n).copied();
            let same = |known: &HeldEvent| known.hash == hash || known.was_erased(&bytes, erased);
            let Some(known) = known.filter(same) else {
                return Err(ProblemReply {
                    n: Some(n),
                    ..Problem::Fork.into()
                });
            };
            plan.outcomes.push(known.said_again(standing, n, &bytes));
            continue;
        }
        let outcome = match examine(standing, n, &bytes) {
            Ok(event) => {
                let kept = erased.tombstone_for(&event);
                plan.accepted
                    .push(kept.unwrap_or(Accepted { event, bytes, hash }));
                Outcome::Stored
            }
            Err(outcome) => {
                let kept = SetAside {
                    n,
                    bytes,
                    hash,
                    outcome,
                    erased: false,
                };
                plan.set_aside.push(kept.unless_erased(erased));
                outcome
            }
        };
        plan.outcomes.push(outcome);
        plan.max_n = n;
    }
    Ok(plan)
}

/// Offers lie in one stream for all programmes, so the stream does not tell whose they are.
fn names_foreign_programme(standing: &DeviceStanding, body: &Body) -> bool {
    matches!(body, Body::OfferPublished(offer) if !standing.programmes.contains(&offer.programme))
}

/// Whether whoever asks may see the bytes of an event that was set aside. Nothing of a room that they may
/// not read is shown to them, wherever the event says that it lies; and nothing that does not say so.
pub fn may_see_set_aside(standing: &DeviceStanding, bytes: &[u8]) -> bool {
    let Ok(event) = decode_event(bytes) else {
        return false;
    };
    let of_a_readable_kind = event
        .body
        .room()
        .is_none_or(|room| decide(standing.role.into(), Action::Read, room.into()));
    may_manage_devices(standing.role)
        && standing.may(Action::Read, event.stream)
        && of_a_readable_kind
        && !names_foreign_programme(standing, &event.body)
}

/// Whether a device may add an event to its stream. A concern is taken from a device that was taken out of
/// use too: it may have been raised before, and set aside nobody could read it, because whoever decides
/// about what was set aside does not read concerns.
fn may_add(standing: &DeviceStanding, event: &Event) -> bool {
    let heard = !standing.revoked || matches!(event.body, Body::ConcernRaised(_));
    heard
        && standing.is_member(event.stream)
        && may_record(standing.role, event.stream, &event.body)
}

/// Whether an event may be stored, or why it is set aside.
fn examine(standing: &DeviceStanding, n: u64, bytes: &[u8]) -> Result<Event, Outcome> {
    let event = decode_event(bytes).map_err(|_| Outcome::Unreadable)?;
    if event.id.device != standing.device || event.id.n != n {
        return Err(Outcome::Misplaced);
    }
    check(&event).map_err(|invalid| match invalid {
        Invalid::Content => Outcome::Content,
        Invalid::WrongStream => Outcome::WrongStream,
    })?;
    if !may_add(standing, &event) || names_foreign_programme(standing, &event.body) {
        return Err(Outcome::NotAllowed);
    }
    Ok(event)
}
