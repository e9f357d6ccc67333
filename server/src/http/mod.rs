//! The server over HTTP. Each resource has a file of its own; docs/PROTOCOL.md describes them.

mod address;
mod answers;
mod auth;
mod client;
mod codes;
mod concerns;
mod credential;
mod desk;
mod devices;
mod digests;
mod enrol;
mod error;
mod headers;
mod health;
mod limits;
mod log;
mod losses;
mod message;
mod proof;
mod pull;
mod push;
mod referral;
mod router;
mod safety_copies;
mod snapshots;
mod streams;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::{Listener, ListenerExt, TapIo};
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::keys::SealingKeys;
use crate::snapshots::Snapshots;
use crate::storage::Storage;
use limits::Limits;

pub use tls::{Tls, TlsError};

/// After the signal to stop, requests under way get this long.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// What the server is told at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether a proxy stands in front that speaks TLS to the outside and appends the client's address
    /// to `X-Forwarded-For`. Without one that header is anybody's word and is ignored.
    pub behind_tls_proxy: bool,
    /// The address at which people reach the server, as `https://dig.example.org`. Passkeys are for it alone;
    /// without it nobody is offered any.
    pub origin: Option<String>,
}

/// What every request can reach.
struct App {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    desk: referral::Desk,
    seen: proof::Seen,
    staff_desk: desk::Desk,
    snapshots: Snapshots,
    sealing: SealingKeys,
    settings: Settings,
    /// Whether whoever sends a request speaks TLS, to us or to the proxy in front.
    is_tls: bool,
}

/// Answers requests until `stop` is done, and then those that are under way. `sealing` opens what locked
/// tablets send.
///
/// # Errors
/// If the listener breaks.
pub async fn serve(
    listener: TcpListener,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    sealing: SealingKeys,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let is_tls = settings.behind_tls_proxy;
    let app = app(storage, clock, sealing, settings, is_tls);
    // A reply waits for nothing: it is written whole.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    answer(listener, app, stop).await
}

/// As [`serve`], speaking TLS with a certificate of its own.
///
/// # Errors
/// If the listener breaks.
pub async fn serve_tls(
    listener: TcpListener,
    tls: Tls,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    sealing: SealingKeys,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = app(storage, clock, sealing, settings, true);
    let listener = tls::TlsListener::start(listener, tls)?.tap_io(|_| {});
    answer(listener, app, stop).await
}

fn app(
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    sealing: SealingKeys,
    settings: Settings,
    is_tls: bool,
) -> App {
    App {
        storage,
        clock,
        limits: Limits::default(),
        desk: referral::Desk::default(),
        seen: proof::Seen::default(),
        staff_desk: desk::Desk::new(settings.origin.as_deref()),
        snapshots: Snapshots::default(),
        sealing,
        settings,
        is_tls,
    }
}

async fn answer<L, F>(
    listener: TapIo<L, F>,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    F: FnMut(&mut L::Io) + Send + 'static,
{
    let service = router::router(Arc::new(app)).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let served = axum::serve(listener, service).with_graceful_shutdown(async {
        stop.await;
        // Nobody listens any more if serving has ended by itself.
        let _ = stopping.send(());
    });
    let out_of_time = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(DRAIN_TIME).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = served => served,
        () = out_of_time => Ok(()),
    }
}
