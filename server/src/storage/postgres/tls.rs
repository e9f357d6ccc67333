//! TLS towards the database.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::url::Verify;

/// Why TLS cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of certificates cannot be read, or has none.
    #[error("{} has no certificates that can be read", .0.display())]
    File(PathBuf),
    /// The machine trusts nobody.
    #[error("this machine has no certificates of authorities; name a file of them in sslrootcert")]
    Machine,
    /// The cryptography does not fit.
    #[error("TLS cannot be prepared")]
    Tls(#[from] rustls::Error),
}

/// How to speak TLS to a database.
pub(super) fn connector(verify: &Verify) -> Result<MakeRustlsConnect, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = match verify {
        Verify::Nothing => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider))),
        Verify::Machine => builder.with_root_certificates(of_machine()?),
        Verify::File(path) => builder.with_root_certificates(of_file(path)?),
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}

fn of_machine() -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    // Some may be unreadable; the rest may do.
    let (added, _) =
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        return Err(TlsError::Machine);
    }
    Ok(roots)
}

fn of_file(path: &PathBuf) -> Result<RootCertStore, TlsError> {
    let unreadable = || TlsError::File(path.clone());
    let certificates = CertificateDer::pem_file_iter(path).map_err(|_| unreadable())?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        let certificate = certificate.map_err(|_| unreadable())?;
        roots.add(certificate).map_err(|_| unreadable())?;
    }
    if roots.is_empty() {
        return Err(unreadable());
    }
    Ok(roots)
}

/// Takes whatever certificate the database shows, as PostgreSQL's own tools do unless they are told to
/// verify it. Whoever listens cannot read; whoever stands between could be anybody.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _others: &[CertificateDer<'_>],
        _host: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
