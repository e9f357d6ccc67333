//! Problems as replies.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wellfield_core::sync::{MEDIA_TYPE, Message, Problem, ProblemReply, SafetyCopyError};

use crate::entropy::{NoEntropy, random};
use crate::safety_copy::NotTakenIn;
use crate::storage::{
    CodeRefused, EnrolRefused, PageRefused, StorageError, SubmitRefused, Unavailable,
};

/// When to come back while the database cannot answer, in seconds.
const TRY_LATER_S: u32 = 5;

/// A request that was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ApiError(pub(super) ProblemReply);

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem.into())
    }
}

impl ApiError {
    /// Come back in so many seconds, or up to a quarter more: those who were refused together should not
    /// all come back together.
    pub(super) fn too_many_tries(wait_s: u32) -> Self {
        // Where there is no randomness they do; that is no reason to fail.
        let more = random().map_or(0, u32::from_be_bytes) % (wait_s / 4).saturating_add(1);
        Self(ProblemReply {
            retry_after_s: Some(wait_s.saturating_add(more)),
            ..Problem::TooManyTries.into()
        })
    }

    pub(super) fn try_later() -> Self {
        Self(ProblemReply {
            retry_after_s: Some(TRY_LATER_S),
            ..Problem::TryLater.into()
        })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status =
            StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response =
            (status, [(CONTENT_TYPE, MEDIA_TYPE)], problem.to_bytes()).into_response();
        if let Some(seconds) = problem.retry_after_s {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Unavailable> for ApiError {
    fn from(error: Unavailable) -> Self {
        tracing::error!(%error, "a request could not be carried out");
        Self::try_later()
    }
}

impl From<NoEntropy> for ApiError {
    fn from(error: NoEntropy) -> Self {
        tracing::error!(%error, "a request could not be carried out");
        Self::try_later()
    }
}

impl<R: Into<ApiError>> From<StorageError<R>> for ApiError {
    fn from(error: StorageError<R>) -> Self {
        match error {
            StorageError::Refused(refused) => refused.into(),
            StorageError::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl From<ProblemReply> for ApiError {
    fn from(problem: ProblemReply) -> Self {
        Self(problem)
    }
}

impl From<NotTakenIn> for ApiError {
    fn from(error: NotTakenIn) -> Self {
        match error {
            NotTakenIn::File(SafetyCopyError::NotOurs | SafetyCopyError::Newer) => {
                Problem::Malformed.into()
            }
            NotTakenIn::File(SafetyCopyError::Forged) => Problem::Forbidden.into(),
            NotTakenIn::Refused(problem) => problem.into(),
            NotTakenIn::Unavailable(unavailable) => unavailable.into(),
        }
    }
}

impl From<PageRefused> for ApiError {
    fn from(refused: PageRefused) -> Self {
        match refused {
            PageRefused::EpochChanged => Problem::EpochChanged.into(),
            PageRefused::NotForReader => Problem::Forbidden.into(),
        }
    }
}

impl From<EnrolRefused> for ApiError {
    fn from(refused: EnrolRefused) -> Self {
        match refused {
            EnrolRefused::WrongCode => Problem::WrongCode.into(),
            EnrolRefused::SpentCode => Problem::SpentCode.into(),
        }
    }
}

impl From<SubmitRefused> for ApiError {
    fn from(refused: SubmitRefused) -> Self {
        match refused {
            SubmitRefused::NoProgramme => Problem::NotFound.into(),
            SubmitRefused::LinkSpent => Problem::LinkOver.into(),
        }
    }
}

impl From<CodeRefused> for ApiError {
    fn from(refused: CodeRefused) -> Self {
        match refused {
            CodeRefused::NoProgramme => Problem::NotFound.into(),
        }
    }
}
