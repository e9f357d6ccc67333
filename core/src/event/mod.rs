//! Events: what happened, small, typed and never changed.
//!
//! A correction is a new event that supersedes; the history is the audit trail. The bytes of an
//! event are frozen when the device commits it, and exactly those bytes are sent, stored and handed
//! on, so that a reader that does not know a kind yet keeps what it cannot read (design §2).

mod salvage;
mod wire;

use crate::accidents::AccidentReported;
use crate::attendance::AttendanceMarked;
use crate::clock::Hlc;
use crate::consent::{ConsentRecorded, WithdrawalSeenTo};
use crate::erasure::Erased;
use crate::evaluation::{EvaluationPlanned, MeasureAnswered, MeasuresAsked};
use crate::feedback::FeedbackActedOn;
use crate::heads::Stamp;
use crate::ids::{EventId, PersonId, StaffId};
use crate::monitoring::MonitoringAnswered;
use crate::notes::SessionNoted;
use crate::offer::OfferPublished;
use crate::onward::MovedOn;
use crate::people::{NeedSeenTo, PersonRecorded};
use crate::planning::{QualityReviewed, StoryOfChangeWritten};
use crate::programme::{ProgrammeOpened, SessionPlanned};
use crate::pulse::{PulseAnswered, PulseFlagSeen};
use crate::referral::{ReferralAnswered, ReferralReceived, ReferralSorted};
use crate::reporting::ReportGivenOut;
use crate::safeguarding::{ConcernFollowed, ConcernRaised, LeadNamed};
use crate::scored_elsewhere::ScoredElsewhere;
use crate::set_aside::SetAsideSettled;
use crate::staff::DeviceEnrolled;
use crate::stories::WordsShared;
use crate::stream::{Room, Stream};

pub use salvage::{Remains, remains};
pub use wire::{EnvelopeError, decode_event, encode_event};
pub(crate) use wire::{SUPERSEDES_MAX, decode_only, kind_of};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who recorded it, and in which place of their log.
    pub id: EventId,
    /// When, by the clock of the device.
    pub at: Hlc,
    /// The room it lies in.
    pub stream: Stream,
    /// The person who recorded it, where a person did.
    pub by: Option<StaffId>,
    /// The events that it replaces in its register.
    pub supersedes: Vec<EventId>,
    /// What happened.
    pub body: Body,
}

impl Event {
    /// What registers keep beside a value.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            id: self.id,
            at: self.at,
            by: self.by,
        }
    }
}

/// An event before the device has given it its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The room it will lie in.
    pub stream: Stream,
    /// The events that it will replace.
    pub supersedes: Vec<EventId>,
    /// What happened.
    pub body: Body,
}

impl Draft {
    /// The draft of somebody who saw these records and no others: it replaces what they saw. What came
    /// in while a form was open stands beside it, as two people who did not know of each other.
    #[must_use]
    pub fn knowing(mut self, seen: &[EventId]) -> Self {
        self.supersedes.retain(|id| seen.contains(id));
        self
    }

    /// The event that this draft becomes at a place of a log.
    pub fn place(self, id: EventId, at: Hlc, by: Option<StaffId>) -> Event {
        Event {
            id,
            at,
            stream: self.stream,
            by,
            supersedes: self.supersedes,
            body: self.body,
        }
    }
}

/// The number of a kind of event on the wire. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

/// Why a body was kept unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// This version of the software knows no such kind, or no such version of it.
    Newer,
    /// The kind is known and the content breaks its rules.
    Invalid,
}

/// A body that this version cannot read, kept byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadBody {
    /// Its kind.
    pub kind: Kind,
    /// The version of its kind.
    pub version: u8,
    /// The person it is about, as the envelope says.
    pub subject: Option<PersonId>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Why it was not read.
    pub why: Unread,
}

/// A body whose wire form is known.
pub(crate) trait Recorded: Sized {
    /// The version written.
    const VERSION: u8;

    /// The bytes of the body.
    fn to_bytes(&self) -> Vec<u8>;

    /// Reads a body of a version that this software knows.
    fn from_bytes(version: u8, bytes: &[u8]) -> Result<Self, Unread>;

    /// The person whom the record is about.
    fn subject(&self) -> Option<PersonId> {
        None
    }

    /// Whether the record keeps the rules that concern what it supersedes.
    fn keeps_rules(&self, _supersedes: &[EventId]) -> bool {
        true
    }
}

/// A body whose number is known.
pub(crate) trait OfKind {
    /// The number of its kind.
    const KIND: Kind;
}

/// Implements [`Recorded`] for a body through its wire struct of version 1.
macro_rules! recorded_v1 {
    ($body:ty, $wire:ty $(, subject: $subject:expr)? $(, rules: $rules:expr)?) => {
        impl $crate::event::Recorded for $body {
            const VERSION: u8 = 1;

            fn to_bytes(&self) -> Vec<u8> {
                let wire: $wire = self.into();
                // Writing to a vector cannot fail.
                minicbor::to_vec(&wire).unwrap_or_default()
            }

            fn from_bytes(version: u8, bytes: &[u8]) -> Result<Self, $crate::event::Unread> {
                if version != Self::VERSION {
                    return Err($crate::event::Unread::Newer);
                }
                let wire: $wire = minicbor::decode(bytes).map_err(|_| $crate::event::Unread::Invalid)?;
                wire.try_into().map_err(|_| $crate::event::Unread::Invalid)
            }

            $(fn subject(&self) -> Option<$crate::ids::PersonId> {
                let subject: fn(&Self) -> Option<$crate::ids::PersonId> = $subject;
                subject(self)
            })?

            $(fn keeps_rules(&self, supersedes: &[$crate::ids::EventId]) -> bool {
                let rules: fn(&Self, &[$crate::ids::EventId]) -> bool = $rules;
                rules(self, supersedes)
            })?
        }
    };
}
pub(crate) use recorded_v1;

/// A wire value that stands for nothing in this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value that this version does not know")]
pub struct NotOurs;

macro_rules! bodies {
    ($( $(#[$meta:meta])* $kind:literal $(in $room:ident)?: $name:ident ),+ $(,)?) => {
        /// What happened. One variant for each kind of event.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body {
            $( $(#[$meta])* $name($name), )+
            /// A kind, version or content that this software cannot read.
            Unread(UnreadBody),
        }

        impl Body {
            /// The number of the kind.
            pub fn kind(&self) -> Kind {
                match self {
                    $( Self::$name(_) => Kind($kind), )+
                    Self::Unread(body) => body.kind,
                }
            }

            /// The version of the kind's wire form.
            pub fn version(&self) -> u8 {
                match self {
                    $( Self::$name(_) => <$name as Recorded>::VERSION, )+
                    Self::Unread(body) => body.version,
                }
            }

            /// The person whom the record is about.
            pub fn subject(&self) -> Option<PersonId> {
                match self {
                    $( Self::$name(body) => body.subject(), )+
                    Self::Unread(body) => body.subject,
                }
            }

            /// The room that records of this kind lie in; `None` for a kind not known here, and for one that
            /// lies in any.
            pub fn room(&self) -> Option<Room> {
                match self {
                    $( Self::$name(_) => [$( Room::$room )?].first().copied(), )+
                    Self::Unread(_) => None,
                }
            }

            fn keeps_rules(&self, supersedes: &[EventId]) -> bool {
                match self {
                    $( Self::$name(body) => body.keeps_rules(supersedes), )+
                    Self::Unread(body) => body.why == Unread::Newer,
                }
            }

            pub(crate) fn to_bytes(&self) -> Vec<u8> {
                match self {
                    $( Self::$name(body) => body.to_bytes(), )+
                    Self::Unread(body) => body.bytes.clone(),
                }
            }

            pub(crate) fn from_bytes(kind: Kind, version: u8, subject: Option<PersonId>, bytes: &[u8]) -> Self {
                let read = match kind.0 {
                    $( $kind => <$name as Recorded>::from_bytes(version, bytes).map(Self::$name), )+
                    _ => Err(Unread::Newer),
                };
                // The envelope says whom the record is about; a body about somebody else would escape
                // whatever is done with that person's records.
                let read = read.and_then(|body| {
                    if body.subject() == subject { Ok(body) } else { Err(Unread::Invalid) }
                });
                read.unwrap_or_else(|why| {
                    Self::Unread(UnreadBody { kind, version, subject, bytes: bytes.to_vec(), why })
                })
            }
        }

        impl Kind {
            /// A stable name for lists; of a kind that is not known here, only that.
            pub const fn name(self) -> &'static str {
                match self.0 {
                    $( $kind => stringify!($name), )+
                    _ => "OfANewerVersion",
                }
            }
        }

        $( impl OfKind for $name {
            const KIND: Kind = Kind($kind);
        } )+

        $( impl From<$name> for Body {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        } )+
    };
}

bodies! {
    /// A record that was erased stood here.
    1: Erased,
    /// A programme was set up.
    10 in Delivery: ProgrammeOpened,
    /// A session was planned or its plan changed.
    11 in Delivery: SessionPlanned,
    /// A coordinator chose what is evaluated.
    12 in Delivery: EvaluationPlanned,
    /// A coordinator wrote down what the programme sets out to change.
    13 in Delivery: StoryOfChangeWritten,
    /// A coordinator reviewed how far a principle of good work is kept.
    14 in Delivery: QualityReviewed,
    /// A person's day-to-day details were recorded or changed.
    20 in Delivery: PersonRecorded,
    /// Somebody said whether what a person needs is there.
    21 in Delivery: NeedSeenTo,
    /// Somebody was marked on a register.
    30 in Delivery: AttendanceMarked,
    /// The notes of a session were written.
    31 in Delivery: SessionNoted,
    /// A consent was given, refused or withdrawn.
    40 in Delivery: ConsentRecorded,
    /// A participant said how a session was.
    50 in Delivery: PulseAnswered,
    /// A coordinator dealt with what an answer raised.
    51 in Delivery: PulseFlagSeen,
    /// A participant was asked the questions of a moment of their course.
    52 in Delivery: MeasuresAsked,
    /// A coordinator said what came of what people said.
    53 in Delivery: FeedbackActedOn,
    /// A device and the person using it joined.
    60 in Delivery: DeviceEnrolled,
    /// A coordinator decided about an event that was set aside.
    61 in Delivery: SetAsideSettled,
    /// Somebody became the safeguarding lead.
    62 in Delivery: LeadNamed,
    /// A referral arrived.
    70 in Casework: ReferralReceived,
    /// A coordinator said where a referral belongs that may not be from a person.
    71 in Casework: ReferralSorted,
    /// A participant answered an instrument.
    72 in Casework: MeasureAnswered,
    /// Where somebody went after their course was asked.
    73 in Casework: MovedOn,
    /// Words of a participant were shared for reports.
    74 in Casework: WordsShared,
    /// What somebody said for equality monitoring.
    75 in Casework: MonitoringAnswered,
    /// An accident or a near miss was reported, or what came of it.
    76 in Casework: AccidentReported,
    /// A coordinator did what a withdrawal asks for.
    77 in Casework: WithdrawalSeenTo,
    /// A report was given out, or was not after all.
    78 in Casework: ReportGivenOut,
    /// A score from elsewhere was written down, or was taken out again.
    79 in Casework: ScoredElsewhere,
    /// The public description of a programme was published.
    80 in Public: OfferPublished,
    /// A safeguarding concern was raised.
    90 in Safeguarding: ConcernRaised,
    /// The safeguarding lead added to a concern.
    91 in Safeguarding: ConcernFollowed,
    /// A coordinator answered a referral.
    100 in Casework: ReferralAnswered,
}

/// Why a well-formed event is set aside for a person to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The content breaks the rules of its kind.
    #[error("content breaks the rules of its kind")]
    Content,
    /// Records of this kind do not lie in this stream.
    #[error("wrong stream for this kind")]
    WrongStream,
}

/// Checks what an event's content and place can be checked for without knowing any other event.
///
/// A kind or version that is not known here passes: a newer tablet may know it.
///
/// # Errors
/// See [`Invalid`].
pub fn check(event: &Event) -> Result<(), Invalid> {
    if event
        .body
        .room()
        .is_some_and(|room| room != event.stream.room())
    {
        return Err(Invalid::WrongStream);
    }
    // A programme describes itself in its own stream.
    let names_other_programme = matches!(&event.body, Body::ProgrammeOpened(opened)
        if event.stream.programme() != Some(opened.programme));
    // What is taken in lies where the decision lies.
    let takes_in_from_elsewhere = matches!(&event.body, Body::SetAsideSettled(settled)
        if !settled.may_lie_in(event.stream));
    let in_place = !names_other_programme && !takes_in_from_elsewhere;
    if event.body.keeps_rules(&event.supersedes) && in_place {
        Ok(())
    } else {
        Err(Invalid::Content)
    }
}
