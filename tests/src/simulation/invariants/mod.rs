//! What has to hold, whatever happened. The numbers are those of the sync findings, §7.3.
//!
//! Two kinds, apart. *Safety* is looked at whenever something could break it ([`every_step`]), because a
//! later step may hide what was broken; what is too dear for that is looked at once more when the world
//! has come to rest ([`at_rest`]). *Liveness* is that it comes to rest at all.
//!
//! Not here, because there is nothing yet that could keep or break them: I6 (no role reaches
//! safeguarding records, and there is no kind for them; they are kept byte for byte as every unknown
//! kind is, see [`Invariant::UnknownIsKept`]) and I10 (nothing is compacted).

pub(super) mod at_rest;
pub(super) mod every_step;

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: every tablet shows what the server's records of its streams add up to.
    Convergence,
    /// I1: of two who did not know of each other neither is dropped.
    DifferenceShown,
    /// I2: what the screen calls saved is on the disk, and what was there stays.
    SavedIsTrue,
    /// I2: every event that was made durable on a tablet is at the server, byte for byte, or still on a
    /// tablet that says why it cannot be sent.
    NothingLost,
    /// I2: what a tablet calls sent, the server has held, and not set aside.
    SentIsTrue,
    /// I2: a coordinator reads how much a tablet that is gone said that it held unsent.
    LossIsTold,
    /// I3: the server holds no number of a device twice and leaves none out, and nothing that nobody
    /// recorded.
    OnceEach,
    /// I3: what the server holds stays as it is.
    HeldStays,
    /// I4: what a tablet pulled is the beginning of the stream, without a gap, up to its cursor.
    CursorNeverSkips,
    /// I4: a register that was once on screen does not vanish while the tablet may hold it.
    NothingVanishes,
    /// I5: a refusal or withdrawal that nothing answered permits nothing, on any replica.
    WithdrawalStands,
    /// I7: a tablet holds nothing beyond what its role ever reached, and after contact nothing beyond
    /// what it reaches now.
    NothingBeyondRole,
    /// I8: after contact nothing about somebody who was erased is anywhere but on a tablet that says why it
    /// cannot send.
    ErasedIsGone,
    /// I9: once the faults stop, everything comes to rest within a few rounds: nothing is unsent, but
    /// where a tablet says that sending needs a person.
    ComesToRest,
    /// I9: no clock keeps anybody from recording.
    ClockBlocksNothing,
    /// I9: a broken record is set aside for a person, with its reason, and no other record is.
    OnlyPoisonSetAside,
    /// I11: a record that a software does not know is kept byte for byte.
    UnknownIsKept,
    /// The same seed gives the same history.
    Determinism,
}

impl Invariant {
    /// Every promise.
    pub const ALL: [Self; 18] = [
        Self::Convergence,
        Self::DifferenceShown,
        Self::SavedIsTrue,
        Self::NothingLost,
        Self::SentIsTrue,
        Self::LossIsTold,
        Self::OnceEach,
        Self::HeldStays,
        Self::CursorNeverSkips,
        Self::NothingVanishes,
        Self::WithdrawalStands,
        Self::NothingBeyondRole,
        Self::ErasedIsGone,
        Self::ComesToRest,
        Self::ClockBlocksNothing,
        Self::OnlyPoisonSetAside,
        Self::UnknownIsKept,
        Self::Determinism,
    ];

    /// Its number and name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Convergence => "I1 convergence",
            Self::DifferenceShown => "I1 a difference is shown",
            Self::SavedIsTrue => "I2 \"Saved\" is true",
            Self::NothingLost => "I2 nothing lost",
            Self::SentIsTrue => "I2 \"Sent\" is true",
            Self::LossIsTold => "I2 a loss is told",
            Self::OnceEach => "I3 once each, without gaps",
            Self::HeldStays => "I3 what is held stays",
            Self::CursorNeverSkips => "I4 the cursor never skips",
            Self::NothingVanishes => "I4 no register vanishes",
            Self::WithdrawalStands => "I5 an unanswered withdrawal stands",
            Self::NothingBeyondRole => "I7 nothing beyond the role",
            Self::ErasedIsGone => "I8 who was erased is gone",
            Self::ComesToRest => "I9 comes to rest with nothing unsent",
            Self::ClockBlocksNothing => "I9 no clock blocks a record",
            Self::OnlyPoisonSetAside => "I9 poison is set aside and delays nothing",
            Self::UnknownIsKept => "I11 what is unknown is kept",
            Self::Determinism => "determinism",
        }
    }
}

/// A promise that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// By what.
    pub what: String,
}

impl Broken {
    pub(super) fn new(invariant: Invariant, what: impl Into<String>) -> Self {
        Self {
            invariant,
            what: what.into(),
        }
    }
}

impl core::fmt::Display for Broken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.invariant.name(), self.what)
    }
}

type Held = Result<(), Broken>;

/// Fails with what is said unless the promise holds.
fn hold(holds: bool, invariant: Invariant, what: impl FnOnce() -> String) -> Held {
    if holds {
        Ok(())
    } else {
        Err(Broken::new(invariant, what()))
    }
}
