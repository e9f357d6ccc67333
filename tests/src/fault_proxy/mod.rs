//! A proxy between browsers and the server, in which things go wrong on purpose.
//!
//! It reads whole requests and whole replies, so that a fault can strike one request: the reply to a
//! push that is lost after the server took it in is another thing than a push that never arrived. What
//! strikes is drawn from a seed at given rates, or ordered for the next request to an address.
//!
//! Towards the browser a connection is kept open as a server keeps it, because a browser sends a
//! request again by itself when a connection that it had used before is cut. Towards the server every
//! request has a connection of its own.
//!
//! It understands as much HTTP/1.1 as browsers and this project's server speak, holds each message in
//! memory, and is for tests only.

mod carry;
mod command;
mod fault;
mod http;
mod plan;
#[cfg(test)]
mod tests;

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use carry::Next;
use http::Request;
use plan::Plan;

pub use command::NotUnderstood;

/// A proxy that runs until its process ends.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    plan: Arc<Plan>,
}

impl FaultProxy {
    /// Listens at an address, with port 0 at any, for the server at another.
    ///
    /// # Errors
    /// The address is taken.
    pub fn start(listen: SocketAddr, server: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let address = listener.local_addr()?;
        let plan = Arc::new(Plan::new(seed));
        let shared = Arc::clone(&plan);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let plan = Arc::clone(&shared);
                std::thread::spawn(move || serve(&plan, server, client));
            }
        });
        Ok(Self { address, plan })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does what a line says, and tells as JSON what has struck so far. `command.rs` has the language.
    ///
    /// # Errors
    /// The line says nothing that it knows; then nothing changes.
    pub fn obey(&self, line: &str) -> Result<String, NotUnderstood> {
        command::obey(&self.plan, line)?;
        Ok(self.plan.report())
    }
}

/// Answers one connection of a browser until one of the two ends it. There is nobody to tell about a
/// connection that broke: that is what this is for.
fn serve(plan: &Plan, server: SocketAddr, client: TcpStream) {
    let Ok(mut replies) = client.try_clone() else {
        return;
    };
    let mut requests = BufReader::new(client);
    while let Ok(Some(request)) = Request::read(&mut requests) {
        match carry::carry(plan, server, &request, &mut replies) {
            Ok(Next::KeepOpen) if !request.asks_to_close() => {}
            _ => break,
        }
    }
    // The reading half has a handle of its own, so that dropping this one would not end anything yet.
    let _ = replies.shutdown(std::net::Shutdown::Both);
}
