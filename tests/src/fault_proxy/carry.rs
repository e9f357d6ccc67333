//! Carries one request to the server and its reply back, or does to them what the plan says.

use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

use super::fault::Fault;
use super::http::{Reply, Request};
use super::plan::Plan;

/// What comes of the connection on which a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    KeepOpen,
    Cut,
}

const LOGIN_PAGE: &str =
    "<!doctype html><title>Wifi</title><h1>Sign in to the wifi</h1><form><input name=room></form>";

/// Answers a request of the client, with what strikes it.
///
/// # Errors
/// One of the two ended the connection; the other one is to be cut as well.
pub(super) fn carry(
    plan: &Plan,
    server: SocketAddr,
    request: &Request,
    client: &mut impl Write,
) -> io::Result<Next> {
    let Some(fault) = plan.next_fault(request) else {
        forward(server, request)?.write(client)?;
        return Ok(Next::KeepOpen);
    };
    match fault {
        Fault::Delay => {
            plan.strikes(fault, request);
            std::thread::sleep(plan.a_delay());
            forward(server, request)?.write(client)?;
        }
        Fault::CutBefore => {
            plan.strikes(fault, request);
            return Ok(Next::Cut);
        }
        Fault::CutAfter => {
            forward(server, request)?;
            plan.strikes(fault, request);
            return Ok(Next::Cut);
        }
        Fault::Truncate | Fault::Shorten => {
            let reply = forward(server, request)?;
            // Without a body there is nothing to take half of.
            if reply.body.is_empty() {
                reply.write(client)?;
            } else {
                plan.strikes(fault, request);
                return halve(fault, reply, client);
            }
        }
        Fault::Duplicate => {
            forward(server, request)?;
            plan.strikes(fault, request);
            forward(server, request)?.write(client)?;
        }
        Fault::Login => {
            plan.strikes(fault, request);
            Reply::page(LOGIN_PAGE).write(client)?;
        }
        Fault::HoldBefore => {
            plan.hold(fault, request);
            forward(server, request)?.write(client)?;
        }
        Fault::HoldAfter => {
            let reply = forward(server, request)?;
            plan.hold(fault, request);
            reply.write(client)?;
        }
    }
    Ok(Next::KeepOpen)
}

/// Sends half of a reply, as a broken one or as a whole one.
fn halve(fault: Fault, mut reply: Reply, client: &mut impl Write) -> io::Result<Next> {
    let half = reply.body.len() / 2;
    if fault == Fault::Truncate {
        reply.write_first(half, client)?;
        return Ok(Next::Cut);
    }
    reply.body.truncate(half);
    reply.write(client)?;
    Ok(Next::KeepOpen)
}

/// The server's reply.
fn forward(server: SocketAddr, request: &Request) -> io::Result<Reply> {
    let mut connection = TcpStream::connect(server)?;
    request.write(&mut connection)?;
    Reply::read(&mut BufReader::new(connection), request)
}
