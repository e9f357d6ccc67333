//! `wellfield status`: what the server holds and who was in contact.

use std::fmt::Write;

use serde::Serialize;
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::sync::Outcome;

use super::failure::Failure;
use super::{Status, say};
use crate::clock::{Clock, SystemClock, iso_utc};
use crate::storage::{DeviceEntry, Overview};

#[derive(Serialize)]
struct StatusJson {
    server_time: String,
    organisation: Option<String>,
    programmes: Vec<ProgrammeJson>,
    devices: Vec<DeviceJson>,
    streams: Vec<StreamJson>,
    quarantine: Vec<QuarantinedJson>,
}

#[derive(Serialize)]
struct ProgrammeJson {
    programme: String,
    name: String,
}

#[derive(Serialize)]
struct DeviceJson {
    device: u32,
    name: String,
    staff_name: String,
    role: &'static str,
    programmes: Vec<String>,
    last_seen: Option<String>,
    max_n: u64,
    pending: u64,
    revoked: bool,
}

#[derive(Serialize)]
struct StreamJson {
    stream: String,
    epoch: u32,
    events: u64,
}

#[derive(Serialize)]
struct QuarantinedJson {
    device: u32,
    n: u64,
    reason: &'static str,
    explanation: &'static str,
    received_at: String,
}

pub(super) async fn status(command: Status) -> Result<(), Failure> {
    let overview = command
        .data
        .place()?
        .open_existing()
        .await?
        .overview()
        .await?;
    let status = StatusJson::new(overview, SystemClock.now());
    if command.json {
        say(&serde_json::to_string_pretty(&status)?)
    } else {
        say(status.for_people().trim_end())
    }
}

impl StatusJson {
    fn new(overview: Overview, now: Instant) -> Self {
        let quarantined = overview
            .quarantined
            .into_iter()
            .map(|event| QuarantinedJson {
                device: event.device.0,
                n: event.n,
                reason: event.outcome.name(),
                explanation: explanation(event.outcome),
                received_at: iso_utc(event.received_at),
            });
        let streams = overview.streams.into_iter().map(|head| StreamJson {
            stream: head.stream.to_string(),
            epoch: head.epoch,
            events: head.head,
        });
        let programmes = overview.programmes.into_iter().map(|entry| ProgrammeJson {
            programme: entry.programme.to_string(),
            name: entry.name,
        });
        Self {
            server_time: iso_utc(now),
            organisation: overview.organisation,
            programmes: programmes.collect(),
            devices: overview.devices.into_iter().map(Into::into).collect(),
            streams: streams.collect(),
            quarantine: quarantined.collect(),
        }
    }

    fn for_people(&self) -> String {
        let mut text = String::new();
        let mut line = |indented: String| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{indented}");
        };
        line(format!("Programmes: {}", self.programmes.len()));
        for programme in &self.programmes {
            line(format!("  {} ({})", programme.name, programme.programme));
        }
        line(format!("Devices: {}", self.devices.len()));
        for device in &self.devices {
            let seen = device.last_seen.as_deref().unwrap_or("never");
            let revoked = if device.revoked { ", shut out" } else { "" };
            line(format!(
                "  {} {} · {} ({}) · last seen {seen} · {} records here, {} unsent{revoked}",
                device.device,
                device.name,
                device.staff_name,
                device.role,
                device.max_n,
                device.pending
            ));
        }
        line(format!("Streams: {}", self.streams.len()));
        for stream in &self.streams {
            line(format!("  {} · {} records", stream.stream, stream.events));
        }
        line(format!(
            "Set aside for a person to look at: {}",
            self.quarantine.len()
        ));
        for event in &self.quarantine {
            line(format!(
                "  record {} of device {} · {} · arrived {}",
                event.n, event.device, event.explanation, event.received_at
            ));
        }
        text
    }
}

impl From<DeviceEntry> for DeviceJson {
    fn from(entry: DeviceEntry) -> Self {
        let state = entry.state;
        Self {
            device: state.device.0,
            name: state.name,
            staff_name: state.staff_name,
            role: state.role.name(),
            programmes: entry
                .programmes
                .iter()
                .map(ProgrammeId::to_string)
                .collect(),
            last_seen: state.last_seen.map(iso_utc),
            max_n: state.max_n,
            pending: state.pending,
            revoked: state.revoked,
        }
    }
}

const fn explanation(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stored | Outcome::Held => "it is stored",
        Outcome::Unreadable => "it cannot be read",
        Outcome::Misplaced => "it names another device or place than its own",
        Outcome::WrongStream => "records of this kind do not belong where it was put",
        Outcome::Content => "its content breaks the rules of its kind",
        Outcome::NotAllowed => "the device may not record this, or not there",
    }
}
