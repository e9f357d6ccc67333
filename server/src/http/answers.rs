//! `POST /v1/answers`: what somebody answered on their own phone, by a link that a device gave out. It needs
//! no key: the link is one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use wellfield_core::device_key::KeyHash;
use wellfield_core::own_phone::{Link, PhoneAnswers, SealedAnswers, answers_place, decode_answers};
use wellfield_core::sync::server::answered;
use wellfield_core::sync::{AnswersReply, Problem};

use super::App;
use super::address::Neighbourhood;
use super::error::ApiError;
use super::message::{Reply, read_body};
use crate::storage::PhoneSubmission;

const BODY_BYTES_MAX: usize = 24 * 1024;

/// What is sealed is filled up to one of a few lengths.
const SEALED_BYTES_MAX: usize = 30 * 1024;

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<AnswersReply>, ApiError> {
    take_in(&app, from, (request, BODY_BYTES_MAX), |body| {
        decode_answers(body).ok()
    })
    .await
}

/// `POST /v1/sealed-answers`: the same of answers that waited on the phone, sealed.
pub(super) async fn answer_sealed(
    State(app): State<Arc<App>>,
    from: Neighbourhood,
    request: Request,
) -> Result<Reply<AnswersReply>, ApiError> {
    let open = |body: &[u8]| {
        let sealed = SealedAnswers::from_bytes(body).ok()?;
        let place = answers_place(&sealed.link);
        let opened = app.sealing.open_text(&place, &sealed.sealed).ok()?;
        sealed.read(&opened).ok()
    };
    take_in(&app, from, (request, SEALED_BYTES_MAX), open).await
}

async fn take_in(
    app: &App,
    from: Neighbourhood,
    (request, bytes_max): (Request, usize),
    read: impl FnOnce(&[u8]) -> Option<PhoneAnswers> + Send,
) -> Result<Reply<AnswersReply>, ApiError> {
    let body = read_body(request, bytes_max).await?;
    let answers = read(&body).ok_or(Problem::BadForm)?;
    let taken = store(app, &answers).await;
    if let Err(ApiError(problem)) = &taken
        && problem.problem == Problem::Forbidden
    {
        // Whoever guesses at links has to wait. Those whose links are good go on, from the same address too.
        let now = app.clock.now();
        let guesses = app.limits.wrong_links.take(from, now);
        guesses.map_err(ApiError::too_many_tries)?;
    }
    taken
}

async fn store(app: &App, answers: &PhoneAnswers) -> Result<Reply<AnswersReply>, ApiError> {
    let now = app.clock.now();
    let today = now.utc_day().ok_or_else(ApiError::try_later)?;
    let link = answers.link.claims();
    let person = match link {
        Link::Survey(link) => Some(link.person),
        Link::Pulse(_) => None,
    };
    // For a device that there is not, the answer is that for a link with a wrong tag.
    let key = app.storage.key_of(link.device()).await?;
    let key = key.ok_or(Problem::Forbidden)?;
    let device = app.storage.caller(key).await?.ok_or(Problem::Forbidden)?;
    let records = answered(answers, &KeyHash(key.0), &device.standing, today)?;
    let tag = answers.link.tag();
    app.storage
        .answer(PhoneSubmission {
            programme: link.programme(),
            person,
            link: tag,
            set: answers.set(),
            records,
            now,
        })
        .await?;
    Ok(Reply(StatusCode::ACCEPTED, AnswersReply { link: tag }))
}
