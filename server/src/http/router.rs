//! Which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use wellfield_core::sync::Problem;

use super::error::ApiError;
use super::{
    App, answers, client, codes, credential, desk, devices, digests, enrol, headers, health, log,
    losses, proof, pull, push, referral, safety_copies, snapshots, streams,
};

/// Every address of the server.
pub(super) fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/push", post(push::push))
        .route("/sealed-push", post(push::sealed_push))
        .route("/streams", get(streams::streams))
        .route("/pull", get(pull::pull))
        .route("/digests", get(digests::digests))
        .route("/snapshot", get(snapshots::snapshot))
        .route("/snapshots/{name}", get(snapshots::bytes))
        .route("/front", get(snapshots::front))
        .route("/enrol", post(enrol::enrol))
        .route("/answers", post(answers::answer))
        .route("/sealed-answers", post(answers::answer_sealed))
        .route("/referrals", post(referral::submit))
        .route("/referrals/challenge", get(referral::challenge))
        .route("/sealed-referrals", post(referral::submit_sealed))
        .route("/sealing-key", get(referral::sealing_key))
        .route("/challenge", get(proof::challenge))
        .route("/credential", post(credential::renew))
        .route("/devices", get(devices::devices))
        .route("/devices/shut-out", post(losses::shut_out))
        .route("/devices/loss", get(losses::loss))
        .route("/safety-copies", post(safety_copies::take_in_copy))
        .route("/enrolment-codes", post(codes::create))
        .fallback(no_such_address)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn(headers::no_store))
        .layer(from_fn_with_state(Arc::clone(&app), proof::tell_challenge));
    Router::new()
        .nest("/v1", api)
        .route("/healthz", get(health::health))
        .route("/", get(client::to_public_pages))
        .route("/app", get(client::to_staff_app))
        .route("/r", get(client::to_public_bundle))
        .route("/a", get(client::to_answers))
        .route("/app/", get(client::file))
        .route("/app/{*path}", get(client::file))
        .route("/r/", get(client::file))
        .route("/a/", get(client::file))
        .route("/a/{*path}", get(client::file))
        .route("/desk", get(client::to_desk))
        .merge(desk::routes())
        .route("/r/{*path}", get(client::file))
        .fallback(client::not_found)
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(&app), headers::everywhere))
        .layer(from_fn(log::log))
        .with_state(app)
}

async fn no_such_address() -> ApiError {
    Problem::NotFound.into()
}

async fn no_such_method() -> Response {
    let mut response = ApiError::from(Problem::NotFound).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
