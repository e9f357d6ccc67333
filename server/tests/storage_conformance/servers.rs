//! The binary over each engine, as people run it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

use wellfield_core::access::Role;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{EnrolReply, Message, Outcome};
use wellfield_server::storage::Storage;

use crate::common::enrol_request;
use crate::common::{Device, Request, hex, note};
use crate::place::Place;

/// `wellfield` with these words, told where the records are.
pub fn wellfield(place: &Place, words: &[&str]) -> Command {
    let mut command = bare_wellfield(words);
    command.args(place.arguments());
    command
}

/// `wellfield` with these words and nothing else, whatever the environment of the tests says.
pub fn bare_wellfield(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wellfield"));
    command.args(words).env_remove("WELLFIELD_DATABASE");
    command
}

pub fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A running server; what is left of it is killed with the value.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    pub fn serve(place: &Place) -> Self {
        Self::start(wellfield(place, &["serve", "--listen", "127.0.0.1:0"]))
    }

    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Somebody has to read what it says on standard error, or it waits for that at some point.
        let mut error = child.stderr.take().unwrap();
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            error.read_to_string(&mut text).map(|_| text)
        });
        let address = lines.map_while(Result::ok).find_map(|line| {
            let address = line.strip_prefix("listening on ")?;
            address.parse().ok()
        });
        match address {
            Some(address) => Self { child, address },
            None => panic!("it never listened: {:?}", complaints.join().unwrap()),
        }
    }

    /// As a power cut would end it.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn enrol(&self, code: &str) -> Device {
        let request = enrol_request(code);
        let reply = Request::post("/v1/enrol", request.to_bytes()).send(self.address);
        let reply: EnrolReply = reply.message().unwrap();
        Device {
            address: self.address,
            device: reply.device,
            key: hex(&reply.token),
            next_n: 1,
        }
    }

    /// An enrolled device, with a code that somebody made on the command line.
    pub fn device(&self, place: &Place) -> Device {
        let words = ["enrol", "--programme", "Larkenhope Dig"];
        let code = said(&wellfield(place, &words).output().unwrap());
        self.enrol(code.trim())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The device as it talks to another server.
pub fn at(device: &Device, server: &Running) -> Device {
    Device {
        address: server.address,
        ..device.clone()
    }
}

/// The delivery stream of the only programme.
fn delivery(place: &Place, storage: &dyn Storage) -> (ProgrammeId, Stream) {
    let overview = place.wait(storage.overview()).unwrap();
    let programme = overview.programmes[0].programme;
    (programme, Stream::Delivery(programme))
}

pub fn the_commands_work_beside_a_running_server(place: &Place) {
    let files = tempfile::tempdir().unwrap();
    let people = files.path().join("people.csv");
    let sessions = files.path().join("sessions.csv");
    std::fs::write(&people, "name\nSuryani\n").unwrap();
    std::fs::write(&sessions, "date,starts,ends\n11/05/2026,10:00,13:00\n").unwrap();
    let status = |words: &[&str]| wellfield(place, words).output().unwrap();
    let nothing_yet = status(&["status"]);
    assert!(!nothing_yet.status.success());
    let complaint = String::from_utf8_lossy(&nothing_yet.stderr).into_owned();
    assert!(complaint.contains("there are no records in"), "{complaint}");

    let server = Running::serve(place);
    let words = [
        "import",
        people.to_str().unwrap(),
        sessions.to_str().unwrap(),
    ];
    let name = ["--programme", "Larkenhope Dig"];
    said(&status(&[words.as_slice(), &name].concat()));
    let code = said(&status(&[["enrol"].as_slice(), &name].concat()));
    let mut device = server.enrol(code.trim());
    let storage = place.open();
    let (_, stream) = delivery(place, &*storage);
    let event = device.record(stream, note("Finds: three sherds"));
    let receipt = device.push(1, vec![event.clone()]).unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Stored]);
    let page = device.pull(stream, 0, 100).unwrap();
    assert_eq!(page.events.last().unwrap().bytes, event);
    let told: serde_json::Value =
        serde_json::from_str(&said(&status(&["status", "--json"]))).unwrap();
    assert_eq!(told["programmes"][0]["name"], "Larkenhope Dig");
    assert_eq!(told["devices"][0]["max_n"], 1);
    let export = said(&status(&[["export"].as_slice(), &name].concat()));
    assert!(export.contains("Suryani") && export.contains("three sherds"));
    let number = device.device.to_string();
    said(&status(&["revoke", "--device", &number]));
    let event = device.record(stream, note("Too late"));
    let receipt = device.push(2, vec![event]).unwrap();
    assert!(receipt.taken_out);
    assert_eq!(receipt.outcomes, [Outcome::NotAllowed]);
    let caller = place.wait(storage.overview()).unwrap().devices;
    assert_eq!(
        (caller[0].state.role, caller[0].state.revoked),
        (Role::Facilitator, true)
    );
}
