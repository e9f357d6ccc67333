//! How a session was, by one code for everybody who was there.
//!
//! At the end of a session a dozen people are about to leave, and a tablet that goes round takes half an
//! hour. So there is one code for all of them, and whoever scans it answers without their name. That a link
//! can be passed on is answered for by three bounds: it ends a week after the session, it brings
//! [`PULSES_MAX`] sets of answers at most, and nothing that it brings is taken for anybody's.

#[cfg(test)]
mod tests;

use super::{AskedBy, numbered_by};
use crate::clock::Date;
use crate::ids::{DeviceId, ProgrammeId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::Mode;
use crate::pulse::Asking;
use crate::records::Delivery;

/// How many days after its session a link for it can be answered by.
pub const PULSE_DAYS: u16 = 7;

/// How many sets of answers one link brings at most. A group has fifteen people at most as a rule; an open
/// day has more.
pub const PULSES_MAX: u32 = 60;

/// What a link to the questions about a session says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulseLink {
    /// The device that gave it out.
    pub device: DeviceId,
    /// The programme.
    pub programme: ProgrammeId,
    /// The session.
    pub session: SessionId,
    /// The last day on which it can be answered by.
    pub until: Date,
    /// Who asks.
    pub asked_by: Option<AskedBy>,
}

/// The link for a session: the same however often it is made. `None` where its time is over, or where the
/// session is not known.
pub fn pulse_link(
    delivery: &Delivery,
    (programme, device): (ProgrammeId, DeviceId),
    session: SessionId,
    today: Date,
) -> Option<PulseLink> {
    let plan = delivery.session(session)?;
    let until = plan.date.to_julian_day() + i32::from(PULSE_DAYS);
    let link = PulseLink {
        device,
        programme,
        session,
        until: Date::from_julian_day(until).ok()?,
        asked_by: AskedBy::of(delivery),
    };
    (today <= link.until).then_some(link)
}

impl PulseLink {
    /// The questions from the beginning, for one phone.
    pub(super) fn begin(&self, mode: Mode, language: Language, drawn: ResponseId) -> Asking {
        Asking {
            mode: Some(mode),
            ..Asking::begin(drawn, self.session, None, language)
        }
    }

    /// Answers with the number that they have by this link; `None` where they are about another session, or
    /// name somebody.
    pub(super) fn numbered(&self, asking: &Asking, tag: [u8; 16]) -> Option<Asking> {
        let is_asked = asking.session == self.session && asking.person.is_none();
        is_asked.then(|| Asking {
            response: numbered_by(&[&tag, &asking.response.0.to_be_bytes()]),
            ..asking.clone()
        })
    }
}
