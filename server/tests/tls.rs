//! TLS by certificate files.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::io::Write;
use std::net::TcpStream as PlainStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::{AUDIT_KEY, PROGRAMME, START, opened};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use wellfield_core::clock::Instant;
use wellfield_server::clock::Clock;
use wellfield_server::http::{Settings, Tls, TlsError, serve_tls};
use wellfield_server::keys::SealingKeys;
use wellfield_server::storage::sqlite::SqliteStorage;
use wellfield_server::storage::{OwnRecords, Storage};

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Instant {
        START
    }
}

/// Makes a certificate for `localhost` that nobody but itself vouches for.
fn make_certificate(folder: &Path) {
    let request = "[req]\ndistinguished_name=name\nx509_extensions=use\nprompt=no\n[name]\nCN=localhost\n\
        [use]\nsubjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n";
    std::fs::write(folder.join("request"), request).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-new", "-x509", "-days", "2", "-nodes", "-config"])
        .arg(folder.join("request"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
}

async fn ask(address: std::net::SocketAddr, config: Arc<ClientConfig>, path: &str) -> String {
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(config)
        .connect(name, stream)
        .await
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    // Who closes at once may leave the farewell out.
    let _ = stream.read_to_end(&mut reply).await;
    String::from_utf8_lossy(&reply).into_owned()
}

fn trusting(certificate: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(certificate).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_speaks_tls_by_itself_and_who_speaks_none_keeps_nobody_waiting() {
    let folder = TempDir::new().unwrap();
    make_certificate(folder.path());
    let certificate = folder.path().join("certificate.pem");
    let tls = Tls::from_files(&certificate, &folder.path().join("key.pem")).unwrap();
    let data = folder.path().join("data");
    let storage: Arc<dyn Storage> =
        Arc::new(SqliteStorage::open(&data, Duration::from_millis(200), AUDIT_KEY).unwrap());
    let programme = OwnRecords::made_now(vec![opened(PROGRAMME, "Larkenhope Dig")], START);
    storage.append(programme).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let settings = Settings {
        behind_tls_proxy: false,
        ..Settings::default()
    };
    let served = tokio::spawn(serve_tls(
        listener,
        tls,
        storage,
        Arc::new(Stopped),
        SealingKeys::of([]),
        settings,
        async { drop(stopped.await) },
    ));
    // One says nothing, one something else.
    let _silent = PlainStream::connect(address).unwrap();
    let mut plain = PlainStream::connect(address).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let config = trusting(&certificate);
    let healthy = ask(address, Arc::clone(&config), "/healthz").await;
    assert!(healthy.starts_with("HTTP/1.1 200"), "{healthy}");
    assert!(healthy.contains("strict-transport-security: max-age=63072000"));
    // The address of whoever connects is known, or the limits of forms would count nobody.
    let offers = ask(address, config, "/v1/pull?stream=public&after=0").await;
    assert!(offers.starts_with("HTTP/1.1 200"), "{offers}");
    drop(stop);
    served.await.unwrap().unwrap();
}

#[test]
fn files_that_are_no_certificate_and_key_are_named() {
    let folder = TempDir::new().unwrap();
    make_certificate(folder.path());
    let [certificate, key, nothing] =
        ["certificate.pem", "key.pem", "request"].map(|name| folder.path().join(name));
    let missing = folder.path().join("missing.pem");
    for wrong in [&nothing, &missing, &key] {
        let refused = Tls::from_files(wrong, &key).err();
        assert!(matches!(refused, Some(TlsError::Certificate(path)) if path == *wrong));
    }
    for wrong in [&nothing, &missing, &certificate] {
        let refused = Tls::from_files(&certificate, wrong).err();
        assert!(matches!(refused, Some(TlsError::Key(path)) if path == *wrong));
    }
    let other = TempDir::new().unwrap();
    make_certificate(other.path());
    let refused = Tls::from_files(&certificate, &other.path().join("key.pem")).err();
    assert!(matches!(refused, Some(TlsError::Pair(_))));
}
