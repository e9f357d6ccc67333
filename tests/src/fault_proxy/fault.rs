//! What can go wrong with one request.

/// A fault. Each strikes a whole request or a whole reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The request waits, and goes its way.
    Delay,
    /// The connection is cut, and the server never hears of the request.
    CutBefore,
    /// The server answers, and the connection is cut before its reply.
    CutAfter,
    /// Half of the reply comes under the length of the whole, and the connection is cut.
    Truncate,
    /// Half of the reply comes as if it were the whole.
    Shorten,
    /// The server gets the request twice, and its second reply comes.
    Duplicate,
    /// The sign-in page of a public wifi answers with 200, and the server never hears of the request.
    Login,
    /// The request waits until it is released, before the server hears of it. It goes on its way even if
    /// nobody waits for the reply any more, as a packet does that was under way for long.
    HoldBefore,
    /// The server answers, and its reply waits until it is released.
    HoldAfter,
}

impl Fault {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Delay,
        Self::CutBefore,
        Self::CutAfter,
        Self::Truncate,
        Self::Shorten,
        Self::Duplicate,
        Self::Login,
        Self::HoldBefore,
        Self::HoldAfter,
    ];

    /// Its name in commands and reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::CutBefore => "cut_before",
            Self::CutAfter => "cut_after",
            Self::Truncate => "truncate",
            Self::Shorten => "shorten",
            Self::Duplicate => "duplicate",
            Self::Login => "login",
            Self::HoldBefore => "hold_before",
            Self::HoldAfter => "hold_after",
        }
    }

    /// The one of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}
