//! What can be wrong with a request, as the server says it and the device understands it.

coded_enum! {
    /// Why a request was not carried out. Nothing of the request was stored.
    pub enum Problem {
        /// The bytes are not the message that belongs here.
        Malformed = 1,
        /// More than one request may carry.
        TooLarge = 2,
        /// No such device, or a wrong key.
        UnknownDevice = 3,
        /// The device was revoked.
        Revoked = 4,
        /// Events before these are missing; `expected_n` says which the server wants next.
        Gap = 5,
        /// The server holds other bytes under one of these numbers: `n` says which.
        Fork = 6,
        /// The role does not reach here.
        Forbidden = 7,
        /// The stream has to be read again from its beginning.
        EpochChanged = 8,
        /// No such enrolment code.
        WrongCode = 9,
        /// The enrolment code was used or is too old.
        SpentCode = 10,
        /// Too many tries; wait.
        TooManyTries = 11,
        /// The server cannot store at the moment; try again.
        TryLater = 12,
        /// The form breaks the rules of its fields.
        BadForm = 13,
        /// There is nothing at this address.
        NotFound = 14,
        /// What a locked tablet sent does not open: it waits until somebody opens the tablet.
        StaysSealed = 15,
        /// A link to answer questions is too old, has brought all that it may, or its device was taken out of
        /// use.
        LinkOver = 16,
        /// The request is not signed by the device that it names, or over a challenge that is over, or was here
        /// before: sign it anew, over the challenge of this reply.
        Unproven = 17,
    }
}

/// A problem with what is needed to act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemReply {
    /// What is wrong.
    pub problem: Problem,
    /// For [`Problem::Gap`]: the number that the server wants next.
    pub expected_n: Option<u64>,
    /// For [`Problem::Fork`]: the number under which the bytes differ.
    pub n: Option<u64>,
    /// For [`Problem::TryLater`] and [`Problem::TooManyTries`]: seconds to wait.
    pub retry_after_s: Option<u32>,
}

impl From<Problem> for ProblemReply {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            expected_n: None,
            n: None,
            retry_after_s: None,
        }
    }
}

impl ProblemReply {
    /// The HTTP status that goes with it.
    pub const fn status(&self) -> u16 {
        match self.problem {
            Problem::Malformed | Problem::BadForm => 400,
            Problem::UnknownDevice | Problem::Unproven => 401,
            Problem::Forbidden | Problem::WrongCode => 403,
            Problem::NotFound => 404,
            Problem::Gap | Problem::Fork | Problem::EpochChanged => 409,
            Problem::Revoked | Problem::SpentCode | Problem::LinkOver => 410,
            Problem::TooLarge => 413,
            Problem::StaysSealed => 422,
            Problem::TooManyTries => 429,
            Problem::TryLater => 503,
        }
    }
}

wire_map! {
    pub(super) struct ProblemV1 {
        #[n(0)]
        code: u8,
        #[n(1)]
        expected_n: Option<u64>,
        #[n(2)]
        n: Option<u64>,
        #[n(3)]
        retry_after_s: Option<u32>,
    }
}

impl From<&ProblemReply> for ProblemV1 {
    fn from(reply: &ProblemReply) -> Self {
        Self {
            code: reply.problem.code(),
            expected_n: reply.expected_n,
            n: reply.n,
            retry_after_s: reply.retry_after_s,
        }
    }
}

impl TryFrom<ProblemV1> for ProblemReply {
    type Error = crate::event::NotOurs;

    fn try_from(wire: ProblemV1) -> Result<Self, Self::Error> {
        Ok(Self {
            problem: Problem::from_code(wire.code).ok_or(crate::event::NotOurs)?,
            expected_n: wire.expected_n,
            n: wire.n,
            retry_after_s: wire.retry_after_s,
        })
    }
}
