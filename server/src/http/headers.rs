//! Headers that every reply carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::App;

/// Nothing but our own files, no inline script or style, WebAssembly allowed to compile, in nobody's
/// frame.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// No text becomes markup or a script but through the policy `default`, which `public/boot.js` makes and
/// which lets through only what Leptos needs. Leptos writes the fixed parts of its views by `innerHTML`
/// of a template, so browsers cannot be told to refuse that altogether.
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'; trusted-types default";

/// Under this name browsers refuse what breaks [`TRUSTED_TYPES`]. Under
/// `content-security-policy-report-only` they would do it and say so in their console.
const TRUSTED_TYPES_NAME: HeaderName = CONTENT_SECURITY_POLICY;

/// The camera scans enrolment codes; passkeys unlock. Nothing else of the device is used.
const PERMISSIONS: &str = "camera=(self), publickey-credentials-get=(self), accelerometer=(), autoplay=(), \
    bluetooth=(), browsing-topics=(), display-capture=(), encrypted-media=(), fullscreen=(self), \
    geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), serial=(), usb=(), xr-spatial-tracking=()";

const EVERYWHERE: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Only where TLS is certain: a browser that saw this refuses plain HTTP for two years.
const TLS_ONLY: &str = "max-age=63072000; includeSubDomains; preload";

pub(super) async fn everywhere(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in EVERYWHERE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Beside the policy above: what several policies say holds together.
    headers.append(TRUSTED_TYPES_NAME, HeaderValue::from_static(TRUSTED_TYPES));
    if app.is_tls {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TLS_ONLY),
        );
    }
    response
}

/// Replies of the API are personal and stay nowhere on the way.
pub(super) async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
