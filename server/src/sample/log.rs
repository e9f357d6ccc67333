//! The drafts with their days. They are added part by part and come out day by day, so that one can name
//! another by the place that it will have.

use std::collections::BTreeMap;

use wellfield_core::clock::{Date, Instant};
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::stream::Stream;
use wellfield_core::sync::server::Dated;

use super::sessions::at;

/// The sample as it grows.
#[derive(Debug)]
pub(super) struct Log {
    programme: ProgrammeId,
    first_n: u64,
    today: Date,
    day: Date,
    drafts: Vec<(Date, Draft)>,
}

impl Log {
    /// An empty log whose first draft will become the server's event `first_n`.
    pub(super) fn new(programme: ProgrammeId, first_n: u64, today: Date) -> Self {
        Self {
            programme,
            first_n,
            today,
            day: today,
            drafts: Vec::new(),
        }
    }

    /// What is added from here on happened on this day; nothing happens after today.
    pub(super) fn on(&mut self, day: Date) {
        self.day = day.min(self.today);
    }

    /// So many days later, or earlier.
    pub(super) fn on_days_from(&mut self, day: Date, days: i32) {
        self.on(Date::from_julian_day(day.to_julian_day() + days).unwrap_or(day));
    }

    /// Adds a draft and tells by which name others can name it before all are in order.
    pub(super) fn add(
        &mut self,
        stream: Stream,
        supersedes: Vec<EventId>,
        body: impl Into<Body>,
    ) -> EventId {
        let id = EventId {
            device: DeviceId::SERVER,
            n: self.first_n + self.drafts.len() as u64,
        };
        let draft = Draft {
            stream,
            supersedes,
            body: body.into(),
        };
        self.drafts.push((self.day, draft));
        id
    }

    /// Adds a draft to the room for the day.
    pub(super) fn delivery(&mut self, supersedes: Vec<EventId>, body: impl Into<Body>) -> EventId {
        self.add(Stream::Delivery(self.programme), supersedes, body)
    }

    /// Adds a draft to the coordinator's room.
    pub(super) fn casework(&mut self, body: impl Into<Body>) -> EventId {
        self.add(Stream::Casework(self.programme), Vec::new(), body)
    }

    /// Adds a draft to the coordinator's room, over an earlier one.
    pub(super) fn casework_over(&mut self, before: EventId, body: impl Into<Body>) -> EventId {
        self.add(Stream::Casework(self.programme), vec![before], body)
    }

    /// The drafts day by day, and within a day as they were added.
    pub(super) fn into_drafts(self) -> Vec<Dated> {
        let mut in_order: Vec<_> = (self.first_n..).zip(self.drafts).collect();
        in_order.sort_by_key(|(_, (day, _))| *day);
        let places: BTreeMap<u64, u64> = in_order
            .iter()
            .map(|(added, _)| *added)
            .zip(self.first_n..)
            .collect();
        let dated = in_order.into_iter().map(|(_, (day, mut draft))| {
            for named in &mut draft.supersedes {
                named.n = places.get(&named.n).copied().unwrap_or(named.n);
            }
            Dated {
                draft,
                at: Instant::utc(day, at(11, 0)),
            }
        });
        dated.collect()
    }
}
