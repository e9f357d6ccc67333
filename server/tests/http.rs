//! What every reply carries, and what unknown addresses get.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::sync::Arc;

use common::{PROGRAMME, Request, Server, pull_path, signing};
use tempfile::TempDir;
use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{MEDIA_TYPE, Problem};
use wellfield_server::assets;
use wellfield_server::http::Settings;

#[test]
fn every_reply_carries_the_security_headers() {
    let server = Server::start();
    for path in [
        "/",
        "/app/",
        "/r/",
        "/healthz",
        "/v1/push",
        "/v1/pull?stream=public&epoch=1&after=0",
        "/nowhere",
        "/v1/nowhere",
    ] {
        let reply = Request::get(path).send(server.address);
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
            "{path}"
        );
        assert!(
            !policy.contains("unsafe-inline") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        let policies: Vec<_> = reply
            .headers
            .get_all("content-security-policy")
            .iter()
            .map(|policy| policy.to_str().unwrap())
            .collect();
        assert_eq!(
            policies[1..],
            ["require-trusted-types-for 'script'; trusted-types default"],
            "{path}"
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            reply.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            reply.header("cross-origin-embedder-policy"),
            "require-corp",
            "{path}"
        );
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            reply
                .header("permissions-policy")
                .contains("geolocation=()"),
            "{path}"
        );
        assert_eq!(
            reply.header("strict-transport-security"),
            "",
            "not without TLS: {path}"
        );
    }
}

#[test]
fn behind_a_proxy_that_speaks_tls_browsers_are_told_to_insist_on_it() {
    let settings = Settings {
        behind_tls_proxy: true,
        ..Settings::default()
    };
    let server = Server::start_with(Arc::new(TempDir::new().unwrap()), settings);
    let reply = Request::get("/healthz").send(server.address);
    assert!(
        reply
            .header("strict-transport-security")
            .starts_with("max-age=63072000")
    );
}

#[test]
fn behind_a_proxy_limits_count_by_the_address_that_the_proxy_saw() {
    let settings = Settings {
        behind_tls_proxy: true,
        ..Settings::default()
    };
    let server = Server::start_with(Arc::new(TempDir::new().unwrap()), settings);
    let status = |forwarded: &str| {
        let query = format!("/v1/referrals?programme={PROGRAMME}");
        Request::post(&query, vec![])
            .header("x-forwarded-for", forwarded)
            .send(server.address)
            .status
    };
    for _ in 0..30 {
        assert_eq!(status("203.0.113.7, 192.0.2.1"), 400);
    }
    assert_eq!(
        status("198.51.100.9, 192.0.2.1"),
        429,
        "what the client itself claims does not count"
    );
    assert_eq!(status("203.0.113.7, 192.0.2.2"), 400);
}

#[test]
fn replies_of_the_api_stay_nowhere_on_the_way() {
    let server = Server::start();
    for path in [
        "/v1/pull?stream=public&epoch=1&after=0",
        "/v1/devices",
        "/v1/nowhere",
        "/healthz",
    ] {
        assert_eq!(
            Request::get(path)
                .send(server.address)
                .header("cache-control"),
            "no-store",
            "{path}"
        );
    }
}

#[test]
fn an_unknown_address_of_the_api_is_a_problem_and_any_other_is_plain() {
    let server = Server::start();
    for path in ["/v1/nowhere", "/v1/pull/more"] {
        let reply = Request::get(path).send(server.address);
        assert_eq!(
            (reply.status, reply.problem().problem),
            (404, Problem::NotFound),
            "{path}"
        );
    }
    let wrong_method = Request::get("/v1/push").send(server.address);
    assert_eq!(
        (wrong_method.status, wrong_method.header("content-type")),
        (405, MEDIA_TYPE)
    );
    let plain = Request::get("/nowhere").send(server.address);
    assert_eq!(plain.status, 404);
    assert!(plain.header("content-type").starts_with("text/plain"));
}

#[test]
fn the_short_addresses_lead_to_the_pages() {
    let server = Server::start();
    for (path, location) in [("/", "/r/"), ("/app", "/app/"), ("/r", "/r/")] {
        let reply = Request::get(path).send(server.address);
        assert!((300..400).contains(&reply.status), "{path}");
        assert_eq!(reply.header("location"), location, "{path}");
    }
}

#[test]
fn the_client_is_served_with_its_types_and_is_asked_for_each_time_unless_named_by_content() {
    let server = Server::start();
    let page = Request::get("/app/people/7").send(server.address);
    if !assets::is_built() {
        assert_eq!(
            (page.status, page.body.as_slice()),
            (404, assets::NOT_BUILT.as_bytes())
        );
        return;
    }
    assert_eq!(
        (page.status, page.header("cache-control")),
        (200, "no-cache")
    );
    assert!(page.header("content-type").starts_with("text/html"));
    let worker = Request::get("/app/sw.js")
        .header("accept-encoding", "br")
        .send(server.address);
    assert_eq!(
        (worker.status, worker.header("cache-control")),
        (200, "no-cache")
    );
    assert_eq!(worker.header("content-encoding"), "br");
    assert_eq!(
        Request::get("/app/gone.js").send(server.address).status,
        404
    );
}

#[test]
fn pages_of_a_stream_are_compressed_for_those_who_take_it() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(200);
    device.push(1, events).unwrap();
    let path = pull_path(Stream::Delivery(PROGRAMME), 1, 0, 2000);
    let plain = Request::get(&path)
        .key(&device.key)
        .header("accept-encoding", "identity")
        .send(server.address);
    assert_eq!(plain.header("content-encoding"), "");
    let (compressed, encoding) = raw_get(&server, &path, &device.key);
    assert!(encoding, "gzip");
    assert!(
        compressed * 2 < plain.body.len(),
        "{compressed} of {}",
        plain.body.len()
    );
    assert_eq!(device.get(&path).body, plain.body, "and read the same");
}

/// The bytes of a compressed reply on the wire, headers included, and whether it says gzip.
fn raw_get(server: &Server, path: &str, key: &str) -> (usize, bool) {
    use std::io::{Read, Write};
    let mut connection = std::net::TcpStream::connect(server.address).unwrap();
    let shown = format!("Bearer {key}");
    let challenge = signing::challenge(server.address);
    let proof = signing::proof("GET", path, &shown, &[], challenge);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {shown}\r\n\
         Wellfield-Proof: {proof}\r\nAccept-Encoding: gzip\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    connection.read_to_end(&mut reply).unwrap();
    let says_gzip = String::from_utf8_lossy(&reply)
        .to_lowercase()
        .contains("content-encoding: gzip");
    (reply.len(), says_gzip)
}
