//! What is wrong on purpose, so that the tests show that they would find it.

/// A mistake that real systems made (sync findings §1, §2 and §7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The last word by the clocks decides consent.
    LatestConsentWins,
    /// Any reply with status 200 counts as the server's receipt.
    BelievesAny200,
    /// The cursor is committed before the page that it stands for.
    CursorBeforeData,
    /// The server stores what it is sent, as often as it is sent.
    StoresEveryPush,
    /// A tab saves a page without looking whether the other tab has moved the cursor since.
    PageWithoutLook,
    /// A tab numbers events from memory and not in the transaction that stores them.
    NumbersFromMemory,
    /// A server restored from a backup keeps its epochs.
    RestoreKeepsEpoch,
    /// A receipt for events that are held already does not say which of them were set aside.
    SilentAboutSetAside,
}

impl Flaw {
    /// Every flaw.
    pub const ALL: [Self; 8] = [
        Self::LatestConsentWins,
        Self::BelievesAny200,
        Self::CursorBeforeData,
        Self::StoresEveryPush,
        Self::PageWithoutLook,
        Self::NumbersFromMemory,
        Self::RestoreKeepsEpoch,
        Self::SilentAboutSetAside,
    ];
}
