//! `GET /healthz`: whether the database answers.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use wellfield_core::stream::Stream;

use super::App;

pub(super) async fn health(State(app): State<Arc<App>>) -> impl IntoResponse {
    let (status, text) = match app.storage.heads(vec![Stream::Public]).await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "the server is not well");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer",
            )
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}
