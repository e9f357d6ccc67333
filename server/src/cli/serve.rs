//! `wellfield serve`, and what `demo` shares with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::failure::Failure;
use super::place::{Place, note_end};
use super::{Network, Serve, say};
use crate::clock::SystemClock;
use crate::http::{self, Settings};
use crate::storage::Storage;

/// How long after the last time it is noted beside the keys where the audit ends.
const NOTING: Duration = Duration::from_secs(15 * 60);

pub(super) async fn serve(command: Serve) -> Result<(), Failure> {
    let place = command.data.place()?;
    let storage = place.open().await?;
    let listener = listen(&command.network).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    for line in addresses(address, command.network.tls_cert.is_some()) {
        say(&line)?;
    }
    run(listener, storage, &place, &command.network).await
}

pub(super) async fn listen(network: &Network) -> Result<TcpListener, Failure> {
    let address = network.listen;
    TcpListener::bind(address)
        .await
        .map_err(|source| Failure::Listen { address, source })
}

/// Where a browser on this machine finds the server.
fn here(address: SocketAddr, tls: bool) -> String {
    let ip = address.ip();
    // A browser treats localhost as a secure place, which the client needs; 0.0.0.0 is nowhere to go.
    let host = if ip.is_loopback() || ip.is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    };
    let scheme = if tls { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// Where to go in a browser.
pub(super) fn addresses(address: SocketAddr, tls: bool) -> [String; 3] {
    let here = here(address, tls);
    [
        format!("Staff app: {here}/app/"),
        format!("Public pages: {here}/r/"),
        format!("Link workers and the office: {here}/desk/"),
    ]
}

/// The address that people are told, or where browsers find the server on this machine.
fn origin(address: SocketAddr, network: &Network) -> String {
    let told = network.origin.clone();
    told.unwrap_or_else(|| here(address, network.tls_cert.is_some()))
}

/// Answers requests until somebody stops the server.
pub(super) async fn run(
    listener: TcpListener,
    storage: Arc<dyn Storage>,
    place: &Place,
    network: &Network,
) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let tls = network.tls()?;
    let settings = Settings {
        behind_tls_proxy: network.behind_tls_proxy,
        origin: Some(origin(address, network)),
    };
    let stop = stop_signal().map_err(Failure::Serve)?;
    // Other programs wait for this line.
    say(&format!("listening on {address}"))?;
    let clock = Arc::new(SystemClock);
    let sealing = place.keys.sealing()?;
    let shared = Arc::clone(&storage);
    let served = async {
        match tls {
            Some(tls) => {
                http::serve_tls(listener, tls, shared, clock, sealing, settings, stop).await
            }
            None => http::serve(listener, shared, clock, sealing, settings, stop).await,
        }
    };
    let served = tokio::select! {
        served = served => served,
        () = keep_noting(&*storage, place) => Ok(()),
    };
    note_end(&*storage, &place.keys).await;
    served.map_err(Failure::Serve)
}

/// Notes from time to time where the audit ends, for as long as it is waited for.
async fn keep_noting(storage: &dyn Storage, place: &Place) {
    loop {
        tokio::time::sleep(NOTING).await;
        note_end(storage, &place.keys).await;
    }
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_ones_that_a_browser_can_go_to() {
        let staff = |address: &str| addresses(address.parse().unwrap(), false)[0].clone();
        assert_eq!(
            staff("127.0.0.1:8080"),
            "Staff app: http://localhost:8080/app/"
        );
        assert_eq!(staff("0.0.0.0:80"), "Staff app: http://localhost:80/app/");
        assert_eq!(staff("[::1]:9"), "Staff app: http://localhost:9/app/");
        assert_eq!(
            staff("192.0.2.1:8080"),
            "Staff app: http://192.0.2.1:8080/app/"
        );
        let [staff, ..] = addresses("192.0.2.1:443".parse().unwrap(), true);
        assert_eq!(staff, "Staff app: https://192.0.2.1:443/app/");
    }
}
