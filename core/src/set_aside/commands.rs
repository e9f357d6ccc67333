//! What a coordinator does with an event that was set aside, as events to be saved.

use super::{Decision, NotTakeable, Original, SetAsideSettled, takeable, takeable_anew};
use crate::access::{Role, may_record};
use crate::attendance::{AttendanceMarked, Mark};
use crate::event::{Body, Draft};
use crate::heads::{Heads, Standing};
use crate::ids::{EventId, ProgrammeId};
use crate::notes::SessionNoted;
use crate::records::{Delivery, Records};
use crate::stream::Stream;

/// Why a decision could not be made or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetAsideError {
    /// This device holds no such programme.
    #[error("no such programme")]
    NoProgramme,
    /// Only a coordinator decides.
    #[error("only a coordinator decides")]
    NotAllowed,
    /// The bytes are not at hand, so the record cannot be taken in.
    #[error("the bytes of the record are not at hand")]
    NoBytes,
    /// The record cannot be taken in.
    #[error(transparent)]
    NotTakeable(#[from] NotTakeable),
    /// Another coordinator has taken the record in. Leaving it out would say what is not so.
    #[error("the record was taken in")]
    TakenIn,
    /// It is decided like that already, or there is no decision to take back.
    #[error("nothing to change")]
    NothingToChange,
    /// The record counts for good.
    #[error("it cannot be taken back")]
    NoWayBack,
}

/// What a coordinator does with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It counts.
    TakeIn,
    /// It does not count.
    LeaveOut,
}

/// An event that was set aside, as far as it is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The event.
    pub event: EventId,
    /// Its bytes, where they may be seen.
    pub bytes: Option<&'a [u8]>,
}

/// What stood in the register of a record before it was taken in: what is recorded again when that is
/// taken back. There is none for a record that counts for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    event: EventId,
    again: Vec<Body>,
}

/// Decides about an event that was set aside. All drafts are saved together or not at all.
///
/// A record that is taken in stands beside whatever was recorded without knowing of it. The coordinator
/// saw both and chose, so where one value has to stand, as in a mark, the record's is recorded once more
/// in place of everything that stands.
///
/// # Errors
/// See [`SetAsideError`].
pub fn settle_set_aside(
    records: &Records,
    programme: ProgrammeId,
    role: Role,
    item: Item<'_>,
    choice: Choice,
) -> Result<Vec<Draft>, SetAsideError> {
    let delivery = records
        .delivery(programme)
        .ok_or(SetAsideError::NoProgramme)?;
    let stream = Stream::Delivery(programme);
    let standing = delivery.set_aside.standing(item.event);
    let mut of_casework = None;
    let decision = match choice {
        Choice::TakeIn => {
            let bytes = item.bytes.ok_or(SetAsideError::NoBytes)?;
            match takeable(item.event, stream, bytes) {
                Err(NotTakeable::OtherStream) => {
                    of_casework = Some(takeable_anew(item.event, programme, bytes)?);
                    Decision::RecordedAnew
                }
                original => Decision::TakenIn(original?),
            }
        }
        Choice::LeaveOut => {
            if delivery.set_aside.is_taken_in(item.event) {
                return Err(SetAsideError::TakenIn);
            }
            Decision::LeftOut
        }
    };
    if matches!(standing, Standing::Agreed(head) if head.value == decision) {
        return Err(SetAsideError::NothingToChange);
    }
    let anew = match &decision {
        Decision::TakenIn(original) => recorded_anew(delivery, original),
        Decision::RecordedAnew => of_casework.map(|event| Draft {
            stream: event.stream,
            supersedes: event.supersedes,
            body: event.body,
        }),
        Decision::Open | Decision::LeftOut => None,
    };
    let decided = decided(delivery, programme, role, item.event, decision)?;
    Ok([decided].into_iter().chain(anew).collect())
}

/// What stands in the register of a record, for the way back once it is taken in; `None` where it counts
/// for good. A consent, an answer or a new person is evidence that nothing recorded later takes away.
pub fn what_stands(
    records: &Records,
    programme: ProgrammeId,
    original: &Original,
) -> Option<WayBack> {
    let delivery = records.delivery(programme)?;
    let mut again = stands_beside(delivery, &original.event.body)?.values;
    if again.is_empty() {
        again.push(nothing_stands(&original.event.body)?);
    }
    Some(WayBack {
        event: original.event.id,
        again,
    })
}

/// Takes a decision back. The record waits for a decision again; where it had been taken in, what stood
/// before stands once more, recorded by whoever takes it back. What was recorded in that register since
/// is replaced, because it was seen.
///
/// # Errors
/// See [`SetAsideError`].
pub fn take_decision_back(
    records: &Records,
    programme: ProgrammeId,
    role: Role,
    event: EventId,
    way_back: Option<&WayBack>,
) -> Result<Vec<Draft>, SetAsideError> {
    let delivery = records
        .delivery(programme)
        .ok_or(SetAsideError::NoProgramme)?;
    let standing = delivery.set_aside.standing(event);
    let mut open = standing.all().map(|head| head.value == Decision::Open);
    if open.all(|is_open| is_open) {
        return Err(SetAsideError::NothingToChange);
    }
    let mut drafts = vec![decided(delivery, programme, role, event, Decision::Open)?];
    if delivery.set_aside.is_taken_in(event) {
        let way_back = way_back
            .filter(|way_back| way_back.event == event)
            .ok_or(SetAsideError::NoWayBack)?;
        drafts.extend(put_back(delivery, programme, way_back));
    }
    Ok(drafts)
}

fn decided(
    delivery: &Delivery,
    programme: ProgrammeId,
    role: Role,
    event: EventId,
    decision: Decision,
) -> Result<Draft, SetAsideError> {
    let draft = Draft {
        stream: Stream::Delivery(programme),
        supersedes: delivery
            .set_aside
            .heads(event)
            .map(Heads::ids)
            .unwrap_or_default(),
        body: SetAsideSettled { event, decision }.into(),
    };
    if may_record(role, draft.stream, &draft.body) {
        Ok(draft)
    } else {
        Err(SetAsideError::NotAllowed)
    }
}

fn put_back(delivery: &Delivery, programme: ProgrammeId, way_back: &WayBack) -> Vec<Draft> {
    let beside = way_back.again.first();
    let Some(now) = beside.and_then(|body| stands_beside(delivery, body)) else {
        return Vec::new();
    };
    let unchanged = now.values.len() == way_back.again.len()
        && now.values.iter().all(|body| way_back.again.contains(body));
    if unchanged {
        return Vec::new();
    }
    let again = way_back.again.iter().cloned();
    again
        .map(|body| Draft {
            stream: Stream::Delivery(programme),
            supersedes: now.ids.clone(),
            body,
        })
        .collect()
}

/// The record once more, in place of what would stand beside it or instead of it; nothing where it
/// stands alone by itself, and for kinds of which every record counts.
fn recorded_anew(delivery: &Delivery, original: &Original) -> Option<Draft> {
    let event = &original.event;
    let supersedes = match &event.body {
        Body::AttendanceMarked(marked) => to_replace(
            delivery.attendance.heads(marked.session, marked.person),
            original,
            marked,
        ),
        Body::SessionNoted(noted) => to_replace(delivery.notes(noted.session), original, noted),
        Body::PersonRecorded(recorded) => {
            to_replace(delivery.person_heads(recorded.person), original, recorded)
        }
        _ => None,
    };
    Some(Draft {
        stream: event.stream,
        supersedes: supersedes?,
        body: event.body.clone(),
    })
}

/// What stands once the record is taken in, if that is anything but the record's own value.
fn to_replace<V: Clone + PartialEq>(
    heads: Option<&Heads<V>>,
    original: &Original,
    value: &V,
) -> Option<Vec<EventId>> {
    let mut after = heads.cloned().unwrap_or_default();
    after.insert(
        original.event.stamp(),
        &original.event.supersedes,
        value.clone(),
    );
    let alone = matches!(after.standing(), Standing::Agreed(head) if head.value == *value);
    (!alone).then(|| after.ids())
}

/// What stands in a register.
struct Stands {
    /// Every value once.
    values: Vec<Body>,
    /// Every event.
    ids: Vec<EventId>,
}

impl Stands {
    fn of<V: Clone + Into<Body>>(heads: Option<&Heads<V>>) -> Self {
        let mut values: Vec<Body> = Vec::new();
        for head in heads.map(Heads::heads).unwrap_or_default() {
            let value = head.value.clone().into();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Self {
            values,
            ids: heads.map(Heads::ids).unwrap_or_default(),
        }
    }
}

/// What stands in the register that a record lies in, for kinds of which a later record takes the place
/// of an earlier one.
fn stands_beside(delivery: &Delivery, body: &Body) -> Option<Stands> {
    match body {
        Body::AttendanceMarked(marked) => Some(Stands::of(
            delivery.attendance.heads(marked.session, marked.person),
        )),
        Body::SessionNoted(noted) => Some(Stands::of(delivery.notes(noted.session))),
        Body::PersonRecorded(recorded) => Some(Stands::of(delivery.person_heads(recorded.person))),
        _ => None,
    }
}

/// The record that says of a register that nothing stands there. A person who is on the register cannot
/// be taken off it.
fn nothing_stands(body: &Body) -> Option<Body> {
    match body {
        Body::AttendanceMarked(marked) => Some(
            AttendanceMarked {
                session: marked.session,
                person: marked.person,
                mark: Mark::Unmarked,
                note: None,
            }
            .into(),
        ),
        Body::SessionNoted(noted) => Some(
            SessionNoted {
                session: noted.session,
                text: None,
            }
            .into(),
        ),
        _ => None,
    }
}
