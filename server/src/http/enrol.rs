//! `POST /v1/enrol`: a device joins with a code.

use std::sync::Arc;

use axum::extract::{Request, State};
use wellfield_core::sync::{EnrolReply, EnrolRequest, Problem};
use wellfield_core::text::Line;

use super::App;
use super::address::Neighbourhood;
use super::error::ApiError;
use super::message::{Reply, read_message};
use super::proof::is_key;
use crate::enrolment::{EnrolmentCode, Token};
use crate::storage::{EnrolRefused, Enrolment, StorageError};
use crate::unicode::nfc;

const BODY_BYTES_MAX: usize = 4 * 1024;

pub(super) async fn enrol(
    State(app): State<Arc<App>>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<EnrolReply>, ApiError> {
    let request: EnrolRequest = read_message(request, BODY_BYTES_MAX).await?;
    let device_name = Line::typed(&request.device_name, nfc).map_err(|_| Problem::BadForm)?;
    let staff_name = Line::typed(&request.staff_name, nfc).map_err(|_| Problem::BadForm)?;
    let public_key = request.public_key.filter(is_key);
    let public_key = public_key.ok_or(Problem::BadForm)?;
    take_try(&app, from)?;
    // What is not written like a code is a wrong one, and counts.
    let code = EnrolmentCode::parse(&request.code).ok_or(Problem::WrongCode)?;
    let token = Token::draw()?;
    let enrolment = Enrolment {
        code: code.hash(),
        device_name,
        staff_name,
        staff: request.staff,
        token: token.hash(),
        public_key,
        now: app.clock.now(),
    };
    let enrolled = app.storage.enrol(enrolment).await;
    if !matches!(
        enrolled,
        Err(StorageError::Refused(
            EnrolRefused::WrongCode | EnrolRefused::SpentCode
        ))
    ) {
        give_try_back(&app, from);
    }
    let enrolled = enrolled?;
    Ok(Reply::ok(EnrolReply {
        device: enrolled.device,
        token: token.0,
        role: enrolled.role,
        programmes: enrolled.programmes,
    }))
}

/// Takes a try before the code is looked at, so that many requests at once cannot try more often.
pub(super) fn take_try(app: &App, from: Neighbourhood) -> Result<(), ApiError> {
    let now = app.clock.now();
    app.limits
        .wrong_codes
        .take(from, now)
        .map_err(ApiError::too_many_tries)?;
    app.limits
        .wrong_codes_anywhere
        .take((), now)
        .map_err(|retry_after_s| {
            app.limits.wrong_codes.give_back(from);
            ApiError::too_many_tries(retry_after_s)
        })
}

pub(super) fn give_try_back(app: &App, from: Neighbourhood) {
    app.limits.wrong_codes.give_back(from);
    app.limits.wrong_codes_anywhere.give_back(());
}
