//! The binary, run as people run it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use wellfield_core::sync::{EnrolReply, Message};

use super::enrol_request;
use super::{Device, Request, hex};

pub fn wellfield(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellfield"));
    command.args(arguments);
    command
}

/// Where the records are. The keys lie in the folder too, so that they go with the test.
pub fn records_in(data: &Path) -> [std::ffi::OsString; 4] {
    let keys = data.join("keys");
    ["--data".into(), data.into(), "--keys".into(), keys.into()]
}

pub fn output(arguments: &[&str], data: &Path) -> Output {
    wellfield(arguments)
        .args(records_in(data))
        .output()
        .unwrap()
}

pub fn standard_output(arguments: &[&str], data: &Path) -> String {
    let output = output(arguments, data);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A running server; what is left of it is killed with the value.
pub struct Running {
    pub child: Child,
    pub address: SocketAddr,
    pub lines: Vec<String>,
}

impl Running {
    pub fn start(mode: &str, data: &Path) -> Self {
        let mut command = wellfield(&[mode, "--listen", "127.0.0.1:0"]);
        command
            .args(records_in(data))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self {
            child,
            address: ([0, 0, 0, 0], 0).into(),
            lines: Vec::new(),
        };
        for line in output.lines() {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("listening on ") {
                running.address = address.parse().unwrap();
                return running;
            }
            running.lines.push(line);
        }
        panic!("the server never listened: {:?}", running.lines);
    }

    pub fn after(&self, label: &str) -> &str {
        self.lines
            .iter()
            .find_map(|line| line.strip_prefix(label))
            .unwrap()
    }

    pub fn enrol(&self, code: &str) -> (Device, EnrolReply) {
        let request = enrol_request(code);
        let reply = Request::post("/v1/enrol", request.to_bytes()).send(self.address);
        let reply: EnrolReply = reply.message().unwrap();
        let key = hex(&reply.token);
        (
            Device {
                address: self.address,
                device: reply.device,
                key,
                next_n: 1,
            },
            reply,
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}
