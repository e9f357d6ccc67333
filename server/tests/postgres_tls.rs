//! TLS towards the database, as far as the address asks for it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use common::AUDIT_KEY;
use common::cluster::{Cluster, Database};
use wellfield_server::storage::postgres::{DatabaseUrl, PostgresStorage};

const SOON: Duration = Duration::from_secs(5);

#[test]
fn tls_is_used_and_the_certificate_verified_as_the_address_says() {
    let (cluster, port) = Cluster::with_tls();
    let strangers = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other = Database {
        url: format!("postgres://wellfield@127.0.0.1:{port}/postgres?sslmode=disable"),
    };
    let names = AtomicU32::new(0);
    // Whether the connection is encrypted, which the database tells, or why there is none.
    let at = |host: &str, query: &str| {
        let name = format!("attempt_{}", names.fetch_add(1, Ordering::SeqCst));
        let url =
            format!("postgres://wellfield@{host}:{port}/postgres?application_name={name}&{query}");
        let url = DatabaseUrl::parse(&url).unwrap();
        let opened = runtime.block_on(PostgresStorage::open(&url, SOON, AUDIT_KEY));
        let _storage = opened.map_err(|error| error.to_string())?;
        let encrypted = other.value(&format!(
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
             WHERE application_name = '{name}'"
        ));
        Ok::<_, String>(encrypted == "t")
    };
    let root = |path: &Path| {
        let path = path.to_str().unwrap().replace('/', "%2F");
        format!("sslmode=verify-full&sslrootcert={path}")
    };
    let own = root(&cluster.certificate());
    assert_eq!(at("localhost", "sslmode=disable"), Ok(false));
    assert_eq!(
        at("localhost", ""),
        Ok(true),
        "preferred where there is TLS"
    );
    assert_eq!(at("localhost", "sslmode=require"), Ok(true));
    assert_eq!(at("127.0.0.1", "sslmode=require"), Ok(true));
    assert_eq!(at("localhost", &own), Ok(true));
    // The certificate is of localhost, and of nobody whom the machine trusts.
    for (host, query) in [
        ("127.0.0.1", own.as_str()),
        ("localhost", "sslmode=verify-full"),
        ("localhost", &root(&strangers.path().join("none.pem"))),
    ] {
        let refused = at(host, query);
        assert!(refused.is_err(), "{host} {query}: {refused:?}");
    }
}
