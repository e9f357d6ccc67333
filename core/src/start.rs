//! What a tablet needs before its first screen.
//!
//! A tablet holds years of registers, and a person in a field waits for today's. So the tablet keeps a
//! copy of what the first screens read: everything but the histories of sessions, and those of the
//! sessions around the day on which the copy was made. What came after is read from where it lies. The
//! rest follows while the person is already working.
//!
//! The copy holds events, not values: folding it is the same as folding all, with nothing said of
//! sessions that are far away. It is a copy in every sense: where it is missing, damaged or too old,
//! everything is read at once, as it is without it.

use std::collections::BTreeSet;

use minicbor::bytes::ByteVec;

use crate::clock::{Date, Instant};
use crate::event::{Body, Event, decode_event};
use crate::ids::SessionId;
use crate::records::Records;
use crate::set_aside::Decision;
use crate::sync::{
    BLOCK_EVENTS_MAX, Cursor, CursorV1, PulledEvent, each_event, each_pulled, encode_block,
};

/// The histories of sessions within so many days of the day of the copy are in it.
pub const NEAR_DAYS: u16 = 8;

/// A copy serves the first screens on the day it was made and so many days around it: fewer than
/// [`NEAR_DAYS`], so that the days next to today are always in it.
const SERVES_DAYS: u16 = 5;

/// When own events arrived, for the copy: never, so that they count with their own time.
const NOT_ARRIVED: Instant = Instant((1 << 48) - 1);

const VERSION: u8 = 1;

/// The copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCopy {
    /// The day around which sessions are near.
    pub day: Date,
    /// What was received up to here is covered by the copy.
    pub cursors: Vec<Cursor>,
    /// The own log is covered up to here.
    pub log_n: u64,
    blocks: Vec<Vec<u8>>,
}

wire_map! {
    struct StartCopyV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        day: i32,
        #[n(2)]
        cursors: Vec<CursorV1>,
        #[n(3)]
        log_n: u64,
        #[n(4)]
        blocks: Vec<ByteVec>,
    }
}

/// Whether the history of a session on this day is in a copy of that day.
pub fn is_near(session: Date, day: Date) -> bool {
    (session - day).whole_days().unsigned_abs() <= u64::from(NEAR_DAYS)
}

impl StartCopy {
    /// Whether the first screens of this day can be made from the copy, given how far the streams are
    /// read now. A stream that was read afresh since, or is gone, is not what was copied. One that stands
    /// for what is still on its way serves on any day: there is nothing else.
    pub fn serves(&self, today: Date, cursors: &[Cursor]) -> bool {
        let days = (today - self.day).whole_days().unsigned_abs();
        let follows = |copied: &Cursor| {
            cursors.iter().any(|now| {
                now.stream == copied.stream
                    && now.epoch == copied.epoch
                    && now.after >= copied.after
            })
        };
        self.is_front() || days <= u64::from(SERVES_DAYS) && self.cursors.iter().all(follows)
    }

    /// Whether it stands for streams whose histories are still on their way: it covers nothing, so that
    /// all of them is read once they are here.
    pub fn is_front(&self) -> bool {
        self.cursors.is_empty()
    }

    /// This one together with another that covers nothing either, as that of another stream.
    #[must_use]
    pub fn joined(mut self, other: Option<Self>) -> Self {
        if let Some(other) = other.filter(|other| other.is_front() && self.is_front()) {
            let others = other.blocks.into_iter();
            let new: Vec<_> = others
                .filter(|block| !self.blocks.contains(block))
                .collect();
            self.blocks.extend(new);
        }
        self
    }

    /// How far a stream is covered.
    pub fn covers(&self, cursor: &Cursor) -> u64 {
        let same =
            |copied: &&Cursor| copied.stream == cursor.stream && copied.epoch == cursor.epoch;
        self.cursors
            .iter()
            .find(same)
            .map_or(0, |copied| copied.after)
    }

    /// How many records it holds.
    ///
    /// # Errors
    /// [`Damaged`] where it cannot be read.
    pub fn records(&self) -> Result<u64, Damaged> {
        let mut count = 0;
        for block in &self.blocks {
            each_event(block, |_| count += 1).map_err(|_| Damaged)?;
        }
        Ok(count)
    }

    /// Folds the copy.
    ///
    /// # Errors
    /// [`Damaged`]; then some of it may have been folded.
    pub fn fold_into(&self, records: &mut Records) -> Result<(), Damaged> {
        for block in &self.blocks {
            each_event(block, |event| records.apply(&event)).map_err(|_| Damaged)?;
        }
        Ok(())
    }

    /// The bytes of the copy.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = StartCopyV1 {
            version: VERSION,
            day: self.day.to_julian_day(),
            cursors: self.cursors.iter().copied().map(Into::into).collect(),
            log_n: self.log_n,
            blocks: self.blocks.iter().cloned().map(Into::into).collect(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads a copy.
    ///
    /// # Errors
    /// [`Damaged`] if the bytes are no copy of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let wire: StartCopyV1 = minicbor::decode(bytes).map_err(|_| Damaged)?;
        if wire.version != VERSION {
            return Err(Damaged);
        }
        Ok(Self {
            day: Date::from_julian_day(wire.day).map_err(|_| Damaged)?,
            cursors: wire.cursors.into_iter().map(Into::into).collect(),
            log_n: wire.log_n,
            blocks: wire.blocks.into_iter().map(Into::into).collect(),
        })
    }
}

/// Bytes that are no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a copy for the start")]
pub struct Damaged;

/// Picks what belongs into a copy, a block or a row at a time: a tablet with much on it does this in
/// many small pieces while nobody waits.
#[derive(Clone, Debug)]
pub struct StartPicker {
    day: Date,
    near: BTreeSet<SessionId>,
    picked: Vec<PulledEvent>,
    log_n: u64,
}

impl StartPicker {
    /// A picker for a day, given everything that the tablet knows.
    pub fn new(records: &Records, day: Date) -> Self {
        let sessions = records
            .programmes()
            .flat_map(|(_, delivery)| delivery.sessions());
        Self {
            day,
            near: sessions
                .filter(|session| is_near(session.date, day))
                .map(|session| session.session)
                .collect(),
            picked: Vec::new(),
            log_n: 0,
        }
    }

    /// Looks through a block of received events. One that cannot be read is left out, as everywhere.
    pub fn take_block(&mut self, block: &[u8]) {
        let mut picked = Vec::new();
        let read = each_pulled(block, |pulled| {
            // Most of a long history is far away, and none of that is copied to look at it.
            if pulled.event().is_ok_and(|event| self.wants(&event)) {
                picked.push(pulled.into());
            }
        });
        if read.is_ok() {
            self.picked.append(&mut picked);
        }
    }

    /// Looks at a row of the own log. One that cannot be read is not covered by the copy, and neither is
    /// what follows only it.
    pub fn take_row(&mut self, row: &[u8]) {
        let Ok(event) = decode_event(row) else {
            return;
        };
        self.log_n = self.log_n.max(event.id.n);
        if self.wants(&event) {
            self.picked.push(PulledEvent {
                seq: 0,
                received_at: NOT_ARRIVED,
                bytes: row.to_vec(),
            });
        }
    }

    fn wants(&self, event: &Event) -> bool {
        self.wants_body(&event.body)
    }

    fn wants_body(&self, body: &Body) -> bool {
        match body {
            Body::AttendanceMarked(marked) => self.near.contains(&marked.session),
            Body::SessionNoted(noted) => self.near.contains(&noted.session),
            Body::PulseAnswered(answered) => self.near.contains(&answered.session),
            // What was taken in belongs to the day that it is about. Whoever decides waits for the whole.
            Body::SetAsideSettled(settled) => match &settled.decision {
                Decision::TakenIn(original) => self.wants_body(&original.event().body),
                Decision::Open | Decision::LeftOut | Decision::RecordedAnew => true,
            },
            // No first screen reads what was answered to instruments, or what a coordinator made of answers.
            Body::MeasureAnswered(_)
            | Body::MovedOn(_)
            | Body::WordsShared(_)
            | Body::MonitoringAnswered(_)
            | Body::AccidentReported(_)
            | Body::WithdrawalSeenTo(_)
            | Body::ReportGivenOut(_)
            | Body::ScoredElsewhere(_)
            | Body::FeedbackActedOn(_)
            | Body::StoryOfChangeWritten(_)
            | Body::QualityReviewed(_)
            | Body::Erased(_)
            | Body::Unread(_) => false,
            Body::ProgrammeOpened(_)
            | Body::SessionPlanned(_)
            | Body::PersonRecorded(_)
            | Body::NeedSeenTo(_)
            | Body::EvaluationPlanned(_)
            | Body::MeasuresAsked(_)
            | Body::ConsentRecorded(_)
            | Body::PulseFlagSeen(_)
            | Body::DeviceEnrolled(_)
            | Body::ReferralReceived(_)
            | Body::ReferralSorted(_)
            | Body::ReferralAnswered(_)
            | Body::LeadNamed(_)
            | Body::OfferPublished(_)
            | Body::ConcernRaised(_)
            | Body::ConcernFollowed(_) => true,
        }
    }

    /// The copy, which covers the streams up to here, and the rows that were looked at.
    pub fn finish(self, cursors: Vec<Cursor>) -> StartCopy {
        let blocks = self.picked.chunks(BLOCK_EVENTS_MAX).map(encode_block);
        StartCopy {
            day: self.day,
            cursors,
            log_n: self.log_n,
            blocks: blocks.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
