//! `wellfield retention`: about whom nothing was recorded for as long as records are kept, and erasing those
//! whom a person approves.

use wellfield_core::erasure::Subject;
use wellfield_core::retention::{Ages, Periods, Proposal};

use super::erase::carry_out;
use super::failure::Failure;
use super::subject::find;
use super::{Retention, say};
use crate::clock::{Clock, SystemClock, iso_utc};
use crate::storage::Storage;

pub(super) async fn retention(command: Retention) -> Result<(), Failure> {
    let place = command.data.place()?;
    let ledger = place.ledger(command.erasures);
    let storage = place.open_existing().await?;
    let periods = Periods {
        people: command.people_days,
        referrals: command.referrals_days,
    };
    let proposals = ages(&*storage).await?.proposals(periods, SystemClock.now());
    if command.approve.is_empty() {
        return list(&proposals);
    }
    // All of them are looked at before anybody is erased: a number that is wrong stops the whole.
    let mut approved = Vec::new();
    for typed in &command.approve {
        let is_meant = |proposal: &&Proposal| number(proposal.subject) == *typed;
        let found = proposals.iter().find(is_meant);
        approved.push(found.ok_or_else(|| Failure::NotProposed(typed.clone()))?);
    }
    for proposal in approved {
        let about = find(&*storage, proposal.subject).await?;
        say(&number(proposal.subject))?;
        carry_out(&place, &ledger, &*storage, &about).await?;
    }
    Ok(())
}

fn number(subject: Subject) -> String {
    match subject {
        Subject::Person(person) => person.to_string(),
        Subject::Referral(referral) => referral.to_string(),
    }
}

async fn ages(storage: &dyn Storage) -> Result<Ages, Failure> {
    let mut ages = Ages::default();
    for head in storage.overview().await?.streams {
        for pulled in storage.events(vec![head.stream]).await? {
            if let Ok(event) = pulled.event() {
                ages.take(&event, pulled.received_at);
            }
        }
    }
    Ok(ages)
}

fn list(proposals: &[Proposal]) -> Result<(), Failure> {
    for proposal in proposals {
        let kind = match proposal.subject {
            Subject::Person(_) => "person  ",
            Subject::Referral(_) => "referral",
        };
        say(&format!(
            "{kind}  {}  {} records, the last {}",
            number(proposal.subject),
            proposal.records,
            iso_utc(proposal.last)
        ))?;
    }
    if proposals.is_empty() {
        return say("Nobody: about everybody something was recorded within the time.");
    }
    say(
        "Nobody was erased. Look at each with `wellfield subject-access`, ask the safeguarding lead, then give --approve ID for each.",
    )
}
