//! `wellfield complaint`: when complaints about data protection arrived, and until when each has to be
//! acknowledged.

use wellfield_core::audit::{Actor, Deed, NewEntry, decode_entry};
use wellfield_core::clock::Instant;
use wellfield_core::complaints::{Complaint, DayNumber, Standing, complaints, day_of_arrival};

use super::failure::Failure;
use super::place::{Data, note_end};
use super::{ComplaintCommand, say};
use crate::clock::{Clock, SystemClock, iso_utc};
use crate::storage::Storage;

pub(super) async fn complaint(command: ComplaintCommand) -> Result<(), Failure> {
    match command {
        ComplaintCommand::Received { on, data } => received(on, data).await,
        ComplaintCommand::Acknowledged { number, data } => {
            let deed = Deed::ComplaintAcknowledged { complaint: number };
            go_on(number, deed, data).await
        }
        ComplaintCommand::Answered { number, data } => {
            let deed = Deed::ComplaintAnswered { complaint: number };
            go_on(number, deed, data).await
        }
        ComplaintCommand::List { data } => list(data).await,
    }
}

async fn received(on: Option<String>, data: Data) -> Result<(), Failure> {
    let place = data.place()?;
    let now = SystemClock.now();
    let typed = on.unwrap_or_default();
    let received = day_of_arrival(&typed, DayNumber::of(now)).ok_or(Failure::NotADay(typed))?;
    let storage = place.open_existing().await?;
    let deed = Deed::ComplaintReceived { day: received.0 };
    enter(&*storage, now, deed).await?;
    note_end(&*storage, &place.keys).await;
    match all(&*storage).await?.last() {
        Some(complaint) => say(&line(complaint, now)),
        None => Ok(()),
    }
}

async fn go_on(number: u64, deed: Deed, data: Data) -> Result<(), Failure> {
    let place = data.place()?;
    let storage = place.open_existing().await?;
    let is_it = |complaint: &&Complaint| complaint.number == number;
    if !all(&*storage).await?.iter().any(|one| is_it(&one)) {
        return Err(Failure::NoComplaint(number));
    }
    let now = SystemClock.now();
    enter(&*storage, now, deed).await?;
    note_end(&*storage, &place.keys).await;
    match all(&*storage).await?.iter().find(is_it) {
        Some(complaint) => say(&line(complaint, now)),
        None => Ok(()),
    }
}

async fn list(data: Data) -> Result<(), Failure> {
    let storage = data.place()?.open_existing().await?;
    let now = SystemClock.now();
    let complaints = all(&*storage).await?;
    for complaint in &complaints {
        say(&line(complaint, now))?;
    }
    let overdue = |complaint: &&Complaint| {
        matches!(complaint.standing(DayNumber::of(now)), Standing::Overdue(_))
    };
    match complaints.iter().filter(overdue).count() {
        0 => Ok(()),
        overdue => Err(Failure::Overdue(overdue)),
    }
}

async fn enter(storage: &dyn Storage, at: Instant, deed: Deed) -> Result<(), Failure> {
    let actor = Actor::CommandLine;
    Ok(storage.enter(NewEntry { at, actor, deed }).await?)
}

/// Every complaint. An entry that this version cannot read is none.
async fn all(storage: &dyn Storage) -> Result<Vec<Complaint>, Failure> {
    let links = storage.audit().await?.links;
    let entries = links
        .iter()
        .filter_map(|link| decode_entry(&link.bytes).ok());
    Ok(complaints(entries.map(|entry| entry.entered)))
}

fn line(complaint: &Complaint, now: Instant) -> String {
    let day = |day: DayNumber| iso_utc(day.begins()).chars().take(10).collect::<String>();
    let standing = match complaint.standing(DayNumber::of(now)) {
        Standing::ToAcknowledge(days) => format!(
            "to acknowledge by {}, {days} days with today",
            day(complaint.due())
        ),
        Standing::Overdue(days) => format!(
            "OVERDUE: to acknowledge by {}, {days} days ago",
            day(complaint.due())
        ),
        Standing::ToAnswer => "acknowledged, to answer".to_owned(),
        Standing::Done => "answered".to_owned(),
    };
    let received = day(complaint.received);
    format!("{:>4}  arrived {received}  {standing}", complaint.number)
}
