//! What the server keeps, whatever keeps it.
//!
//! [`Storage`] says what every engine has to do; [`sqlite`] does it in a file, [`postgres`] in a database
//! that several servers share. Each operation is one
//! transaction. What it promises is durable when it answers, and an operation that does not answer
//! with success has stored nothing. The decisions are those of `wellfield_core`: an engine carries
//! them out.

mod accounts;
pub mod postgres;
mod showing;
pub mod sqlite;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

pub use showing::{CredentialChange, Showing};
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed, Link, NewEntry, SignedHead};
use wellfield_core::clock::Instant;
use wellfield_core::erasure::ErasedSubjects;
use wellfield_core::event::Draft;
use wellfield_core::ids::{DeviceId, EventId, PersonId, ProgrammeId, ResponseId, StaffId};
use wellfield_core::own_phone::PULSES_MAX;
use wellfield_core::programme::is_called;
use wellfield_core::referral::{ChallengeKey, ReferralReceived};
use wellfield_core::restore::Renewal;
use wellfield_core::stream::Stream;
pub use wellfield_core::sync::RenewRefused;
pub use wellfield_core::sync::server::OwnRefused as AppendRefused;
use wellfield_core::sync::server::{Dated, DeviceStanding};
use wellfield_core::sync::{
    DeviceState, OwnErased, ProblemReply, PublicKey, PullReply, PulledEvent, PushReply,
    PushRequest, QuarantinedEvent, StreamHead,
};
use wellfield_core::text::Line;

use crate::enrolment::{CodeHash, TokenHash};
pub use accounts::{
    AccountBy, AccountEntry, Accounts, CloseRefused, Closing, CredentialsChange, Invitation,
    InviteRefused, Slip, SlipHash, SlipKind,
};

/// The engine cannot answer at the moment: locked, full, broken or overloaded. Nothing was stored.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the database cannot answer: {reason}")]
pub struct Unavailable {
    /// What the engine says. It names tables and files, never what is in them.
    pub reason: String,
}

/// Why an operation did not happen: `R` says what it was refused for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError<R> {
    /// What was asked for breaks a rule.
    #[error("refused: {0}")]
    Refused(R),
    /// The engine cannot answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// The failure of an operation that is never refused.
fn unrefused(error: StorageError<Infallible>) -> Unavailable {
    match error {
        StorageError::Refused(never) => match never {},
        StorageError::Unavailable(unavailable) => unavailable,
    }
}

/// What an operation will answer.
pub type Answer<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// What an operation that can be refused will answer.
pub type Decision<'a, T, R> = Answer<'a, T, StorageError<R>>;

/// Who brings the records of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// The device itself.
    Device,
    /// Somebody who brings its safety copy.
    SafetyCopy(Actor),
}

/// A push, and whose it is.
#[derive(Clone, Debug)]
pub struct Push {
    /// Who brings it.
    pub carrier: Carrier,
    /// The key that the device showed.
    pub token: TokenHash,
    /// What it sent.
    pub request: PushRequest,
    /// When it arrived.
    pub now: Instant,
}

impl Push {
    /// What the audit says of it, once it is carried out: that somebody brought what is another's.
    fn entry(&self, device: DeviceId) -> Option<NewEntry> {
        match self.carrier {
            Carrier::Device => None,
            Carrier::SafetyCopy(actor) => Some(NewEntry {
                at: self.now,
                actor,
                deed: Deed::SafetyCopyTakenIn {
                    device,
                    records: self.request.events.len() as u64,
                },
            }),
        }
    }
}

impl NewCode {
    /// What the audit says of it.
    fn entry(&self) -> NewEntry {
        let (programme, role) = (self.programme, self.role);
        NewEntry {
            at: self.now,
            actor: self.by,
            deed: Deed::CodeMade { programme, role },
        }
    }
}

impl Enrolment {
    /// What the audit says of it, once the device has its number.
    fn entry(&self, device: DeviceId) -> NewEntry {
        NewEntry {
            at: self.now,
            actor: Actor::Device(device),
            deed: Deed::DeviceEnrolled { device },
        }
    }
}

impl Revocation {
    /// What the audit says of it.
    fn entry(&self) -> NewEntry {
        NewEntry {
            at: self.now,
            actor: self.by,
            deed: Deed::DeviceRevoked {
                device: self.device,
            },
        }
    }
}

/// A device that makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What it may do.
    pub standing: DeviceStanding,
    /// How many events it said it held unsent.
    pub pending: u64,
    /// When it was last in contact.
    pub last_seen: Option<Instant>,
}

/// For whom records are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// For the server itself, which works something out of them.
    Server,
    /// For somebody who may read these streams and no others, whatever is asked for. They are what
    /// `core/src/access.rs` decides for whoever asks, and not what was asked for.
    Of(Vec<Stream>),
}

impl Reader {
    /// Whether they may read a stream.
    pub fn may_read(&self, stream: Stream) -> bool {
        match self {
            Self::Server => true,
            Self::Of(streams) => streams.contains(&stream),
        }
    }
}

/// A part of a stream that is wanted.
#[derive(Clone, Debug)]
pub struct PageWanted {
    /// For whom.
    pub reader: Reader,
    /// The stream.
    pub stream: Stream,
    /// The epoch that was read so far; `None` for whichever it is now.
    pub epoch: Option<u32>,
    /// The events after this one.
    pub after: u64,
    /// Events at most.
    pub limit: usize,
}

/// Why a page was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageRefused {
    /// The stream has to be read again from its beginning.
    #[error("the stream has another epoch")]
    EpochChanged,
    /// Whoever it is for may not read the stream.
    #[error("not for this reader")]
    NotForReader,
}

/// An enrolment code to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewCode {
    /// Its fingerprint.
    pub code: CodeHash,
    /// What whoever uses it may do.
    pub role: Role,
    /// Where.
    pub programme: ProgrammeId,
    /// The first moment at which it is no longer valid.
    pub expires_at: Instant,
    /// Who made it.
    pub by: Actor,
    /// When.
    pub now: Instant,
}

/// Why a code was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// There is no such programme.
    #[error("no such programme")]
    NoProgramme,
}

/// A device that wants to join.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The fingerprint of the code that was typed.
    pub code: CodeHash,
    /// What the device is called.
    pub device_name: Line,
    /// Who uses it.
    pub staff_name: Line,
    /// Their number, drawn by the device.
    pub staff: StaffId,
    /// The fingerprint of the key that the device will get.
    pub token: TokenHash,
    /// With what the device signs its requests.
    pub public_key: PublicKey,
    /// When it asked.
    pub now: Instant,
}

/// A device that joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Its number.
    pub device: DeviceId,
    /// What its user may do.
    pub role: Role,
    /// Where.
    pub programmes: Vec<ProgrammeId>,
}

/// Why a device did not join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolRefused {
    /// There is no such code.
    #[error("no such code")]
    WrongCode,
    /// The code was used or is too old.
    #[error("the code was used or is too old")]
    SpentCode,
}

/// A referral that arrived.
#[derive(Clone, Debug)]
pub struct Submission {
    /// To which programme.
    pub programme: ProgrammeId,
    /// What the person wrote, or their link worker.
    pub received: ReferralReceived,
    /// When it arrived.
    pub now: Instant,
}

/// What somebody answered on their own phone.
#[derive(Clone, Debug)]
pub struct PhoneSubmission {
    /// In which programme.
    pub programme: ProgrammeId,
    /// Who is asked by the link; `None` where it is for everybody of a session.
    pub person: Option<PersonId>,
    /// The tag of the link, by which it is known again.
    pub link: [u8; 16],
    /// Which of the sets of answers that the link may bring; `None` where it brings one.
    pub set: Option<ResponseId>,
    /// What is recorded.
    pub records: Vec<Draft>,
    /// When it arrived.
    pub now: Instant,
}

impl PhoneSubmission {
    /// What these answers are known again by: the tag of their link, then which of its sets they are.
    pub(crate) fn known_by(&self) -> Vec<u8> {
        let set = self.set.map(|set| set.0.to_be_bytes());
        let set = set.as_ref().map_or(&[][..], <[u8; 8]>::as_slice);
        [&self.link, set].concat()
    }

    /// What every set of answers of the link is known by: this, and what comes before the second.
    pub(crate) fn sets_of_link(&self) -> (Vec<u8>, Vec<u8>) {
        let from = [self.link.as_slice(), &u64::MIN.to_be_bytes()].concat();
        let to = [self.link.as_slice(), &u64::MAX.to_be_bytes()].concat();
        (from, to)
    }

    /// Whether the link, which brought so many sets of answers, brings no more.
    pub(crate) fn is_over(&self, brought: u64) -> bool {
        self.set.is_some() && brought >= u64::from(PULSES_MAX)
    }
}

/// Why a self-referral, or answers, were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitRefused {
    /// There is no such programme.
    #[error("no such programme")]
    NoProgramme,
    /// The link has brought as many sets of answers as it may.
    #[error("the link has brought all that it may")]
    LinkSpent,
}

/// The server's own records: what was imported, published or made up as a sample.
#[derive(Clone, Debug)]
pub struct OwnRecords {
    /// The records, in order, each with when it was made.
    pub drafts: Vec<Dated>,
    /// The place in the server's log that the first of them has to get, where they name each other.
    pub first_n: Option<u64>,
    /// When they were added.
    pub now: Instant,
}

impl OwnRecords {
    /// Records that are made now and do not name each other.
    pub fn made_now(drafts: Vec<Draft>, now: Instant) -> Self {
        Self {
            drafts: Dated::now(drafts, now),
            first_n: None,
            now,
        }
    }
}

/// A device that is to be shut out.
#[derive(Clone, Copy, Debug)]
pub struct Revocation {
    /// The device.
    pub device: DeviceId,
    /// Who shuts it out.
    pub by: Actor,
    /// When.
    pub now: Instant,
}

/// Why a device was not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevokeRefused {
    /// There is no such device.
    #[error("no such device")]
    NoDevice,
}

/// A programme as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeEntry {
    /// The programme.
    pub programme: ProgrammeId,
    /// Its name, as last recorded.
    pub name: String,
}

impl ProgrammeEntry {
    /// What the rules need to know of it.
    pub(crate) fn known(&self) -> (ProgrammeId, &str) {
        (self.programme, &self.name)
    }

    /// Whether people who type `name` mean this programme.
    pub fn is_called(&self, name: &str) -> bool {
        is_called(&self.name, name)
    }
}

/// A device with what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceEntry {
    /// The device.
    pub state: DeviceState,
    /// Its programmes.
    pub programmes: Vec<ProgrammeId>,
}

/// What is to be known about the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Who runs the programmes, once one was set up.
    pub organisation: Option<String>,
    /// The programmes, by name.
    pub programmes: Vec<ProgrammeEntry>,
    /// The devices, in the order in which they joined.
    pub devices: Vec<DeviceEntry>,
    /// What was set aside, latest first.
    pub quarantined: Vec<QuarantinedEvent>,
    /// Where the streams stand.
    pub streams: Vec<StreamHead>,
}

/// Records were put back out of a backup.
#[derive(Clone, Copy, Debug)]
pub struct Restoration {
    /// From where the server goes on.
    pub renewal: Renewal,
    /// What the audit says of it.
    pub entry: NewEntry,
}

/// Somebody is to be erased.
#[derive(Clone, Debug)]
pub struct Erasing {
    /// Who. Those who were erased before may be among them.
    pub subjects: ErasedSubjects,
    /// The epoch that streams get in which something was erased. It must never have been used.
    pub epoch: u32,
    /// Who erases.
    pub by: Actor,
    /// When.
    pub now: Instant,
}

impl Erasing {
    /// What the audit says of it, once it is known how many records there were.
    fn entry(&self, records: u64) -> NewEntry {
        NewEntry {
            at: self.now,
            actor: self.by,
            deed: Deed::Erased { records },
        }
    }
}

/// The audit as it is stored: whether it is whole is for the rules to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// The entries, in order.
    pub links: Vec<Link>,
    /// The signed end; `None` before anything was entered.
    pub signed: Option<SignedHead>,
}

/// The bytes of events that were set aside, as they are wanted.
#[derive(Clone, Debug)]
pub struct OriginalsWanted {
    /// The events.
    pub events: Vec<EventId>,
    /// Nothing of an event that has more bytes than this.
    pub each_max: usize,
    /// No more bytes than this of all of them together.
    pub bytes_max: usize,
}

impl OriginalsWanted {
    /// Which of the events are read, given how many bytes each has: in the order in which they are
    /// wanted, as many as there is room for. One for which there is none leaves it to those after it.
    fn fitting(&self, lengths: &BTreeMap<EventId, usize>) -> Vec<EventId> {
        let mut room = self.bytes_max;
        let fits = |event: &&EventId| {
            let Some(length) = lengths.get(event) else {
                return false;
            };
            let fits = *length <= self.each_max && *length <= room;
            room -= if fits { *length } else { 0 };
            fits
        };
        self.events.iter().filter(fits).copied().collect()
    }
}

/// What every engine has to do.
pub trait Storage: Accounts + Send + Sync {
    /// Stores a push as `wellfield_core::sync::server::plan_push` decides.
    fn push(&self, push: Push) -> Decision<'_, PushReply, ProblemReply>;

    /// The device that shows this, in use or not, and what is kept of what it shows.
    fn showing(&self, shown: TokenHash) -> Answer<'_, Option<Showing>, Unavailable>;

    /// Keeps what a device will show from now on, as `wellfield_core::sync::DeviceProof::renewed` decides.
    fn change_credential(&self, change: CredentialChange) -> Decision<'_, (), RenewRefused>;

    /// What a device asked to show is shown, so it takes the place of the other.
    fn turn_over(
        &self,
        device: DeviceId,
        next: TokenHash,
        now: Instant,
    ) -> Answer<'_, (), Unavailable>;

    /// Enters in the audit, once for each, that somebody showed what a device had shown before.
    fn note_old(&self, device: DeviceId, now: Instant) -> Answer<'_, (), Unavailable>;

    /// The device whose key this is, revoked or not.
    fn caller(&self, token: TokenHash) -> Answer<'_, Option<Caller>, Unavailable>;

    /// The fingerprint of a device's key, by which a safety copy is proven to be its own; `None` for a
    /// device that there is not, and for the server itself.
    fn key_of(&self, device: DeviceId) -> Answer<'_, Option<TokenHash>, Unavailable>;

    /// Notes that a device was in contact and what it holds unsent. Nobody waits for it, and where it
    /// fails the next contact makes up for it.
    fn saw(&self, device: DeviceId, pending: u64, now: Instant);

    /// Where streams stand, in the order asked for.
    fn heads(&self, streams: Vec<Stream>) -> Answer<'_, Vec<StreamHead>, Unavailable>;

    /// A part of a stream; less than was asked for where that would be too many bytes at once.
    fn page(&self, wanted: PageWanted) -> Decision<'_, PullReply, PageRefused>;

    /// Keeps an enrolment code.
    fn create_code(&self, code: NewCode) -> Decision<'_, (), CodeRefused>;

    /// Lets a device join. The same device asking again gets the new key in place of the old one,
    /// while the code is valid and the device has sent nothing yet.
    fn enrol(&self, enrolment: Enrolment) -> Decision<'_, Enrolled, EnrolRefused>;

    /// Takes a self-referral in, once, however often it arrives.
    fn submit(&self, submission: Submission) -> Decision<'_, (), SubmitRefused>;

    /// Takes in what somebody answered on their own phone, once for each link, or each set of answers of a
    /// link that may bring several, however often it arrives.
    /// What is said of somebody who was erased is acknowledged and not kept.
    fn answer(&self, submission: PhoneSubmission) -> Decision<'_, (), SubmitRefused>;

    /// What challenges are signed with: the key that is kept, or this one, which is kept from now on.
    /// Every server over one database gets the same.
    fn challenge_key(&self, drawn: ChallengeKey) -> Answer<'_, ChallengeKey, Unavailable>;

    /// Adds the server's own records, all or none.
    fn append(&self, records: OwnRecords) -> Decision<'_, (), AppendRefused>;

    /// Puts records that say nothing in the place of those that are about somebody, remembers who that was,
    /// so that nothing about them is kept that arrives later, and gives the streams in which there was
    /// something another epoch. Answers how many records there were.
    fn erase(&self, erasing: Erasing) -> Answer<'_, u64, Unavailable>;

    /// Records of a device's own log that were erased, the next after a place.
    fn own_erased(&self, device: DeviceId, after: u64) -> Answer<'_, OwnErased, Unavailable>;

    /// Shuts a device out for good.
    fn revoke(&self, revocation: Revocation) -> Decision<'_, (), RevokeRefused>;

    /// Every event of some streams, in order, for an export.
    fn events(&self, streams: Vec<Stream>) -> Answer<'_, Vec<PulledEvent>, Unavailable>;

    /// The bytes of events that were set aside, byte for byte as they came; without those that are not
    /// there and those for which there is no room.
    fn originals(
        &self,
        wanted: OriginalsWanted,
    ) -> Answer<'_, BTreeMap<EventId, Vec<u8>>, Unavailable>;

    /// Enters something in the audit that is not entered by what does it: what is about to be shown or
    /// handed out. What an operation here does and belongs there, it enters itself.
    fn enter(&self, entry: NewEntry) -> Answer<'_, (), Unavailable>;

    /// The audit at one moment.
    fn audit(&self) -> Answer<'_, Audit, Unavailable>;

    /// Goes on from numbers that were never used, because what is here was put back out of a backup.
    fn renew(&self, restoration: Restoration) -> Answer<'_, (), Unavailable>;

    /// Where the audit ends, signed; `None` before anything was entered.
    fn audit_end(&self) -> Answer<'_, Option<SignedHead>, Unavailable>;

    /// The whole at one moment, without the bytes of what was set aside.
    fn overview(&self) -> Answer<'_, Overview, Unavailable>;
}
