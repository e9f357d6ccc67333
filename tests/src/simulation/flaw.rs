//! What is wrong on purpose, so that the tests show that they would find it.

use super::invariants::Invariant::{self, *};

macro_rules! flaws {
    ($( $(#[$meta:meta])+ $name:ident => $($by:ident)|+ ),+ $(,)?) => {
        /// A mistake that real systems made, or that somebody could make here (sync findings §1, §2 and
        /// §7.4).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Flaw {
            $( $(#[$meta])+ $name, )+
        }

        impl Flaw {
            /// Every flaw.
            pub const ALL: [Self; [$( Self::$name ),+].len()] = [$( Self::$name ),+];

            /// The promises that it breaks. Whatever else it disturbs, one of these has to find it.
            pub const fn breaks(self) -> &'static [Invariant] {
                match self {
                    $( Self::$name => &[$( $by ),+], )+
                }
            }

            /// The flaw of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|flaw| format!("{flaw:?}") == name)
            }
        }
    };
}

flaws! {
    /// The last word by the clocks decides consent.
    LatestConsentWins => WithdrawalStands,
    /// The last mark by the clocks is shown and the other dropped.
    LatestMarkWins => DifferenceShown,
    /// Any reply with status 200 counts as the server's receipt.
    BelievesAny200 => SentIsTrue,
    /// What was sent is acknowledged before anybody judges the reply, whatever it is.
    AckBeforeJudging => SentIsTrue,
    /// A receipt counts whatever device and whatever part of the log it is for.
    BelievesOthersReceipt => SentIsTrue,
    /// Records are flagged as sent when they are sent.
    AckedOnSending => SentIsTrue,
    /// What was set aside stays on the screen until the next start.
    SetAsideStillShown => Convergence,
    /// A tab keeps a receipt without looking whether another tab has gone back since.
    AckWithoutLook => SentIsTrue,
    /// What a restored server once set aside counts as set aside for ever.
    AsideForEver => SentIsTrue,
    /// The device takes the server's word for more of its log than it sent.
    AdoptsMaxN => SentIsTrue,
    /// A receipt for events that are held already does not say which of them were set aside.
    SilentAboutSetAside => SentIsTrue,
    /// What comes again is judged by the role of today, not told what became of it.
    RepeatExaminedAnew => SentIsTrue,
    /// What was taken for sending is tried again from memory only.
    RetryInMemory => ComesToRest,
    /// A device whose clock is off does not sync.
    WrongClockStopsSync => ComesToRest,
    /// A device whose clock went backwards takes no record.
    BackwardClockStopsWrite => ClockBlocksNothing,
    /// Receiving waits until everything is sent.
    PullWaitsForPush => ComesToRest,
    /// A batch with a record that has to be set aside is refused as a whole.
    PoisonBlocks => ComesToRest,
    /// An aborted transaction is shown as saved.
    QuotaShownAsSaved => SavedIsTrue,
    /// A tab numbers events from memory and not in the transaction that stores them.
    NumbersFromMemory => SavedIsTrue,
    /// What got no reply is recorded once more and sent under a new number.
    RetriesUnderNewNumbers => OnceEach,
    /// The server stores what it is sent, as often as it is sent.
    StoresEveryPush => OnceEach,
    /// The server stores a part of a batch and acknowledges the whole.
    HalfABatchStored => SentIsTrue,
    /// The server takes what comes after a gap.
    GapAccepted => OnceEach,
    /// The server puts other bytes in the place of those that it holds.
    ForkOverwritten => HeldStays,
    /// Forgetting a stream also drops what was not sent.
    ForgetDropsOutbox => NothingLost,
    /// A tablet that was taken out of use deletes everything without looking whether another tab has saved
    /// something since.
    WipesWithoutLook => NothingLost,
    /// A tablet that was taken out of use deletes everything as soon as it is told.
    WipesBeforeItSent => NothingLost,
    /// The server no longer tells what a silent device said it held unsent.
    PendingForgotten => LossIsTold,
    /// The cursor is committed before the page that it stands for.
    CursorBeforeData => CursorNeverSkips,
    /// A tab saves a page without looking whether the other tab has moved the cursor since.
    PageWithoutLook => CursorNeverSkips,
    /// The cursor goes to the head that a page names, also if the page was cut short.
    CutPageCounts => CursorNeverSkips,
    /// A page counts whatever stream, epoch and place it is of.
    BelievesOthersPage => CursorNeverSkips,
    /// What was read of a snapshot counts as the whole stream.
    SnapshotCountsAsAll => CursorNeverSkips,
    /// A tablet takes over what the server says that it holds, and does not sum it up itself.
    AdoptsDigests => ComesToRest,
    /// The server gives numbers before it commits, so that a reader skips what commits later.
    SequenceCursor => CursorNeverSkips,
    /// A server restored from a backup keeps its epochs.
    RestoreKeepsEpoch => CursorNeverSkips,
    /// A stream is deleted when its replacement begins, not when it is whole.
    ForgetsBeforeReplacement => NothingVanishes,
    /// The first page of a replacement takes the place of the whole stream.
    HalfReplacementShown => NothingVanishes,
    /// A device that was shut out goes on reading.
    RevokedStillServed => NothingBeyondRole,
    /// A device goes on reading what its role no longer reaches.
    FormerRoleStillServed => NothingBeyondRole,
    /// A tablet keeps what it was told to forget.
    IgnoresForget => NothingBeyondRole,
    /// A tablet keeps what it recorded about somebody who was erased: it does not read where it wrote that.
    KeepsOwnErased => ErasedIsGone,
    /// A tablet erases under a number what it was told of another record of that number: it was put back to an
    /// image of itself and has recorded something else since.
    ErasesUnderNumbers => SentIsTrue | NothingLost,
    /// A tablet counts as told of what it could not erase yet, because the receipt was lost.
    ForgetsUnacknowledgedErased => ErasedIsGone,
    /// A server that was restored does not look into the ledger of erasures.
    RestoreForgetsErased => ErasedIsGone,
    /// What arrives late about somebody who was erased is stored.
    LateIsStored => ErasedIsGone,
    /// A tablet with older software drops the kinds that it does not know.
    DropsUnknownKinds => UnknownIsKept,
    /// A tablet with older software writes down what it understood of a record.
    RewritesUnknownKinds => UnknownIsKept,
    /// A server with older software sets the kinds aside that it does not know.
    UnknownKindsSetAside => OnlyPoisonSetAside,
}
