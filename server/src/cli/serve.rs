//! `wellfield serve`, and what `demo` shares with it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::failure::Failure;
use super::{Network, Serve, say};
use crate::clock::SystemClock;
use crate::http::{self, Settings};
use crate::storage::Storage;

pub(super) async fn serve(command: Serve) -> Result<(), Failure> {
    let storage = command.data.place()?.open().await?;
    let listener = listen(&command.network).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    for line in addresses(address, command.network.tls_cert.is_some()) {
        say(&line)?;
    }
    run(listener, storage, &command.network).await
}

pub(super) async fn listen(network: &Network) -> Result<TcpListener, Failure> {
    let address = network.listen;
    TcpListener::bind(address)
        .await
        .map_err(|source| Failure::Listen { address, source })
}

/// Where to go in a browser.
pub(super) fn addresses(address: SocketAddr, tls: bool) -> [String; 2] {
    let ip = address.ip();
    // A browser treats localhost as a secure place, which the client needs; 0.0.0.0 is nowhere to go.
    let host = if ip.is_loopback() || ip.is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    };
    let scheme = if tls { "https" } else { "http" };
    [
        format!("Staff app: {scheme}://{host}/app/"),
        format!("Public pages: {scheme}://{host}/r/"),
    ]
}

/// Answers requests until somebody stops the server.
pub(super) async fn run(
    listener: TcpListener,
    storage: Arc<dyn Storage>,
    network: &Network,
) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let tls = network.tls()?;
    let settings = Settings {
        behind_tls_proxy: network.behind_tls_proxy,
    };
    let stop = stop_signal().map_err(Failure::Serve)?;
    // Other programs wait for this line.
    say(&format!("listening on {address}"))?;
    let clock = Arc::new(SystemClock);
    let served = match tls {
        Some(tls) => http::serve_tls(listener, tls, storage, clock, settings, stop).await,
        None => http::serve(listener, storage, clock, settings, stop).await,
    };
    served.map_err(Failure::Serve)
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
        let [staff, _] = addresses("192.0.2.1:443".parse().unwrap(), true);
        assert_eq!(staff, "Staff app: https://192.0.2.1:443/app/");
    }
}
