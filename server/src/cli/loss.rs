//! `wellfield loss`: whom the loss of a device may harm, as a page to print and go through.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::erasure::Subject;
use wellfield_core::ids::{DeviceId, ProgrammeId};
use wellfield_core::loss::{Held, Loss, PersonHeld};

use super::failure::Failure;
use super::place::{Data, note_end};
use super::say;
use crate::clock::{Clock, SystemClock};
use crate::export::rfc3339;
use crate::keys::write_private;
use crate::loss::{enter_handed_out, loss_of};
use crate::markup::escaped;
use crate::storage::Overview;

/// Whose loss, and where it is written down.
#[derive(Args)]
pub(super) struct LossList {
    /// The number of the device, as `status` shows it.
    #[arg(long, value_name = "N")]
    device: u32,
    /// Where to write the page. Nothing is replaced.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    data: Data,
}

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.3rem .5rem;text-align:start}\
tr{break-inside:avoid}";

pub(super) async fn loss(command: LossList) -> Result<(), Failure> {
    let place = command.data.place()?;
    let storage = place.open_existing().await?;
    let device = DeviceId(command.device);
    let nobody = || Failure::NoDevice(command.device);
    let key = storage.key_of(device).await?.ok_or_else(nobody)?;
    let caller = storage.caller(key).await?.ok_or_else(nobody)?;
    let loss = loss_of(&*storage, &caller).await?;
    let programmes = &caller.standing.programmes;
    let now = SystemClock.now();
    enter_handed_out(&*storage, &loss, programmes, Actor::CommandLine, now).await?;
    note_end(&*storage, &place.keys).await;
    let overview = storage.overview().await?;
    let held: Vec<_> = programmes
        .iter()
        .map(|programme| (*programme, loss.people(*programme)))
        .collect();
    let page = page(&loss, &held, &overview, device, now);
    write_private(&command.out, page.as_bytes()).map_err(|source| Failure::Write {
        path: command.out.clone(),
        source,
    })?;
    let people: usize = held.iter().map(|(_, people)| people.len()).sum();
    say(&format!(
        "{people} people: {}, to print. It has names in it; keep it with the breach log.",
        command.out.display()
    ))
}

/// What is said of something that was held.
const fn words(held: Held) -> &'static str {
    match held {
        Held::Details => "name",
        Held::Contacts => "contact in an emergency or supporter",
        Held::Needs => "access needs or support (health)",
        Held::Attendance => "attendance",
        Held::Consents => "consents",
        Held::Answers => "answers, or that they were asked (health)",
        Held::Referral => "self-referral: how to reach them",
        Held::Casework => "casework: monitoring, stories, what came next",
    }
}

fn page(
    loss: &Loss<'_>,
    held: &[(ProgrammeId, Vec<PersonHeld>)],
    overview: &Overview,
    device: DeviceId,
    now: Instant,
) -> String {
    let known = overview
        .devices
        .iter()
        .find(|entry| entry.state.device == device);
    let title = format!("What device {device} held");
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n"
    );
    let moment = |at: Option<Instant>| at.and_then(rfc3339).unwrap_or_else(|| "never".to_owned());
    // Writing to a string cannot fail.
    let _ = writeln!(page, "<p>Made on {}.</p>", moment(Some(now)));
    if let Some(entry) = known {
        let state = &entry.state;
        let shut = if state.revoked {
            "It was shut out."
        } else {
            "<strong>It is not shut out yet.</strong>"
        };
        let _ = writeln!(
            page,
            "<p>{} ({}, {:?}). Last contact: {}. It said then that it held {} records that were not sent. \
             {shut}</p>",
            escaped(&state.name),
            escaped(&state.staff_name),
            state.role,
            moment(state.last_seen),
            state.pending,
        );
    }
    page += "<p>This is the most that it can have held: what it could read and had received by its last \
             contact, and what was recorded on it and sent. Records that were not sent are not here. \
             Locked, nobody can read any of it without the five words or the sheet.</p>\n";
    let _ = writeln!(
        page,
        "<p>Notes of sessions, in which anybody may be named: {}. Safeguarding concerns, sealed: {}.</p>",
        loss.notes(),
        loss.concerns()
    );
    for (programme, people) in held.iter().filter(|(_, people)| !people.is_empty()) {
        let entry = overview
            .programmes
            .iter()
            .find(|entry| entry.programme == *programme);
        let name = entry.map_or("", |entry| &entry.name);
        let _ = writeln!(page, "<h2>{}</h2>", escaped(name));
        page += &table(people);
    }
    page + "</html>\n"
}

fn table(people: &[PersonHeld]) -> String {
    let mut table = String::from(
        "<table>\n<tr><th>Name</th><th>Number</th><th>What was held</th><th>Harm?</th><th>Told on</th></tr>\n",
    );
    for one in people {
        let number = match one.subject {
            Subject::Person(person) => person.to_string(),
            Subject::Referral(referral) => referral.to_string(),
        };
        let held: Vec<_> = one.held.iter().map(|held| words(*held)).collect();
        let _ = writeln!(
            table,
            "<tr><td><bdi>{}</bdi></td><td>{number}</td><td>{}</td><td></td><td></td></tr>",
            escaped(&one.name),
            held.join("; ")
        );
    }
    table + "</table>\n"
}
