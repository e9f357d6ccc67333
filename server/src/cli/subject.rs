//! Somebody whom a command is about, and what there is about them.

use clap::Args;
use wellfield_core::erasure::{Findings, Subject, one_somebody};
use wellfield_core::event::decode_event;
use wellfield_core::ids::{EventId, PersonId, ReferralId};
use wellfield_core::records::Records;

use super::failure::Failure;
use crate::storage::{OriginalsWanted, Storage};

/// Whom a command is about.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Whom {
    /// Somebody on a programme's list of people: the number that `export` tells.
    #[arg(long, value_name = "ID")]
    person: Option<PersonId>,
    /// Somebody who filled in the form: the number that `export` tells.
    #[arg(long, value_name = "ID")]
    referral: Option<ReferralId>,
}

impl Whom {
    /// Who that is. Exactly one of the two options is there.
    pub(super) fn subject(&self) -> Option<Subject> {
        let person = self.person.map(Subject::Person);
        person.or(self.referral.map(Subject::Referral))
    }

    /// Their number, as it was typed.
    pub(super) fn number(&self) -> String {
        let person = self.person.map(|person| person.to_string());
        let referral = self.referral.map(|referral| referral.to_string());
        person.or(referral).unwrap_or_default()
    }
}

/// What there is about somebody.
pub(super) struct About {
    /// They themselves, and the forms by which they came.
    pub(super) subjects: Vec<Subject>,
    /// The records, those among them that were set aside too.
    pub(super) findings: Findings,
    /// So many records were set aside that nobody can read but a person.
    pub(super) unreadable: u64,
    /// Everything, for the names of whom and what the records name.
    pub(super) records: Records,
    /// The epochs that are in use.
    pub(super) epochs: Vec<u32>,
}

/// Looks at every record.
pub(super) async fn find(storage: &dyn Storage, subject: Subject) -> Result<About, Failure> {
    let overview = storage.overview().await?;
    // First everything, because a record tells by which form somebody came onto the list.
    let mut records = Records::default();
    for head in &overview.streams {
        for pulled in storage.events(vec![head.stream]).await? {
            if let Ok(event) = pulled.event() {
                records.apply(&event);
            }
        }
    }
    let subjects = one_somebody(&records, subject);
    let mut about = About {
        findings: Findings::about(subjects.iter().copied().collect()),
        subjects,
        unreadable: 0,
        records,
        epochs: overview.streams.iter().map(|head| head.epoch).collect(),
    };
    // A stream at a time, so that there is never more of it in memory.
    for head in &overview.streams {
        for pulled in storage.events(vec![head.stream]).await? {
            if let Ok(event) = pulled.event() {
                about.findings.take(event);
            }
        }
    }
    let place = |device, n| EventId { device, n };
    let aside = overview.quarantined.iter();
    let wanted = OriginalsWanted {
        events: aside.map(|event| place(event.device, event.n)).collect(),
        each_max: usize::MAX,
        bytes_max: usize::MAX,
    };
    for bytes in storage.originals(wanted).await?.into_values() {
        match decode_event(&bytes) {
            Ok(event) => about.findings.take(event),
            Err(_) => about.unreadable += 1,
        }
    }
    Ok(about)
}
