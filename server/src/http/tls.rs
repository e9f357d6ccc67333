//! TLS by certificate files, for those who run no proxy.
//!
//! Each handshake is a task of its own: somebody who connects and says nothing keeps nobody waiting. A
//! handshake that takes too long is given up, and so many at once are the most.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A handshake that takes longer is given up.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// At most so many handshakes at the same time.
const HANDSHAKES_MAX: usize = 256;

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of the certificate cannot be read, or has none.
    #[error("{} has no certificate that can be read", .0.display())]
    Certificate(PathBuf),
    /// The file of the key cannot be read, or has none.
    #[error("{} has no private key that can be read", .0.display())]
    Key(PathBuf),
    /// Certificate and key do not belong together, or are of a kind that is not known.
    #[error("the certificate and the key cannot be used together")]
    Pair(#[source] rustls::Error),
}

/// What the server shows to those who connect.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Reads a certificate, with those that lead to it, and its key: files in PEM.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let no_certificate = || TlsError::Certificate(certificate.to_owned());
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|_| no_certificate())?;
        if chain.is_empty() {
            return Err(no_certificate());
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|_| TlsError::Key(key.to_owned()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Pair)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(TlsError::Pair)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }
}

/// Connections whose handshake is done.
pub(super) struct TlsListener {
    local: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Begins to take connections. Dropping the listener ends it.
    pub(super) fn start(listener: TcpListener, tls: Tls) -> io::Result<Self> {
        let local = listener.local_addr()?;
        let (done, ready) = mpsc::channel(1);
        tokio::spawn(take_connections(listener, TlsAcceptor::from(tls.0), done));
        Ok(Self { local, ready })
    }
}

async fn take_connections(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    done: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let turns = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let accepted = async {
            let turn = Arc::clone(&turns).acquire_owned().await;
            (turn, Listener::accept(&mut listener).await)
        };
        let (turn, (stream, peer)) = tokio::select! {
            accepted = accepted => accepted,
            () = done.closed() => return,
        };
        // A reply waits for nothing: it is written whole.
        let _ = stream.set_nodelay(true);
        let handshake = acceptor.accept(stream);
        let done = done.clone();
        tokio::spawn(async move {
            // Who speaks no TLS, or not in time, is gone; there is nothing to answer.
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIME, handshake).await {
                drop(turn);
                let _ = done.send((stream, peer)).await;
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // Nobody takes connections any more, because the runtime ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}
