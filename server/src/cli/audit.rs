//! `wellfield audit`: who did what with other people's records, and whether somebody changed that.

use serde::Serialize;
use wellfield_core::audit::{
    Actor, Deed, Entry, Link, NewEntry, Unreadable, decode_entry, judge, read_signed_head,
};
use wellfield_core::audit::{Untrue, verify as verify_chain};

use super::failure::{Failure, read_file};
use super::{AuditList, AuditNewKey, AuditVerify, say};
use crate::clock::{Clock, SystemClock, iso_utc};
use crate::keys::Keys;

/// Checks the audit, and notes how far it goes.
pub(super) async fn verify(command: AuditVerify) -> Result<(), Failure> {
    let place = command.data.place()?;
    let known = place.keys.read()?;
    // Keys that sign nothing: what other keys signed is found to be so.
    let keys = known.map_or_else(Keys::draw, Ok)?;
    let storage = place.open_with(&keys).await?;
    let audit = storage.audit().await?;
    let here = place.keys.seen()?;
    let elsewhere = match command.seen {
        Some(path) => {
            let text = String::from_utf8_lossy(&read_file(&path)?).into_owned();
            Some(read_signed_head(text.trim()).map_err(|_| Failure::NotAHead(path))?)
        }
        None => None,
    };
    let untrue = |untrue: Untrue| Failure::Audit { untrue };
    let signed = audit.signed.as_ref();
    for seen in [here, elsewhere] {
        judge(&audit.links, signed, &keys.audit, seen.as_ref()).map_err(untrue)?;
    }
    let Some(end) = audit.signed else {
        return say("The audit is empty: nothing was entered yet.");
    };
    place.keys.note(&end)?;
    say(&format!("The audit is whole: {} entries.", end.head.seq))?;
    say(&end.to_string())
}

/// Goes on with the keys that are here, where others signed the audit.
pub(super) async fn new_key(command: AuditNewKey) -> Result<(), Failure> {
    let place = command.data.place()?;
    let keys = match place.keys.read()? {
        Some(keys) => keys,
        None => place.keys.keep(&Keys::draw()?)?,
    };
    let storage = place.open_with(&keys).await?;
    let audit = storage.audit().await?;
    if audit.signed.is_none_or(|end| keys.audit.signed(&end)) {
        return Err(Failure::SameKeys);
    }
    verify_chain(&audit.links).map_err(|broken| Failure::Audit {
        untrue: broken.into(),
    })?;
    storage
        .enter(NewEntry {
            at: SystemClock.now(),
            actor: Actor::CommandLine,
            deed: Deed::KeyChanged,
        })
        .await?;
    if let Some(end) = storage.audit_end().await? {
        place.keys.note_instead(&end)?;
    }
    say(&format!(
        "The audit goes on with the keys in {}. Nothing proves who wrote the {} entries before.",
        place.keys.path().display(),
        audit.links.len()
    ))
}

#[derive(Default, Serialize)]
struct EntryJson {
    seq: u64,
    at: Option<String>,
    actor: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_device: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_account: Option<String>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    programme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

/// Shows every entry, whether or not the audit is whole.
pub(super) async fn list(command: AuditList) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    let links = storage.audit().await?.links;
    let shown = |(link, seq): (&Link, u64)| match decode_entry(&link.bytes) {
        Ok(entry) => EntryJson::from(entry),
        Err(unreadable) => EntryJson::unread(seq, unreadable),
    };
    let entries: Vec<_> = links.iter().zip(1..).map(shown).collect();
    if command.json {
        return say(&serde_json::to_string_pretty(&entries)?);
    }
    for entry in entries {
        say(&entry.for_people())?;
    }
    Ok(())
}

impl EntryJson {
    fn unread(seq: u64, unreadable: Unreadable) -> Self {
        Self {
            seq,
            actor: "unknown",
            action: match unreadable {
                Unreadable::NotOurs => "damaged",
                Unreadable::Newer => "of-a-newer-version",
            },
            ..Self::default()
        }
    }

    fn for_people(&self) -> String {
        let at = self.at.as_deref().unwrap_or("at an unknown time");
        let mut line = format!("{:>6}  {at}  {}", self.seq, self.actor);
        if let Some(device) = self.by_device {
            line += &format!(" {device}");
        }
        if let Some(account) = &self.by_account {
            line += &format!(" {account}");
        }
        line += &format!("  {}", self.action);
        if let Some(account) = &self.account {
            line += &format!(" · account {account}");
        }
        if let Some(device) = self.device {
            line += &format!(" · device {device}");
        }
        if let Some(programme) = &self.programme {
            line += &format!(" · programme {programme}");
        }
        if let Some(role) = self.role {
            line += &format!(" · {role}");
        }
        if let Some(count) = self.count {
            line += &format!(" · {count}");
        }
        line
    }
}

impl From<Entry> for EntryJson {
    fn from(entry: Entry) -> Self {
        let NewEntry { at, actor, deed } = entry.entered;
        let (actor, by_device, by_account) = match actor {
            Actor::Nobody => ("nobody", None, None),
            Actor::CommandLine => ("command-line", None, None),
            Actor::Device(device) => ("device", Some(device.0), None),
            Actor::Account(account) => ("account", None, Some(account.to_string())),
        };
        let said = Self {
            seq: entry.seq,
            at: Some(iso_utc(at)),
            actor,
            by_device,
            by_account,
            action: deed.name(),
            ..Self::default()
        };
        match deed {
            Deed::DeviceEnrolled { device }
            | Deed::DeviceRevoked { device }
            | Deed::OldKeyShown { device } => Self {
                device: Some(device.0),
                ..said
            },
            Deed::CodeMade { programme, role } => Self {
                programme: Some(programme.to_string()),
                role: Some(role.name()),
                ..said
            },
            Deed::Exported { programme, records } => Self {
                programme: Some(programme.to_string()),
                count: Some(records),
                ..said
            },
            Deed::SafetyCopyTakenIn { device, records } => Self {
                device: Some(device.0),
                count: Some(records),
                ..said
            },
            Deed::SetAsideRead { records: count }
            | Deed::ConcernsRead { records: count }
            | Deed::Erased { records: count }
            | Deed::SubjectAccess { records: count }
            | Deed::ComplaintReceived { day: count }
            | Deed::ComplaintAcknowledged { complaint: count }
            | Deed::ComplaintAnswered { complaint: count }
            | Deed::Restored { erased: count } => Self {
                count: Some(count),
                ..said
            },
            Deed::AccountInvited { account }
            | Deed::SignInSetUp { account }
            | Deed::SignedIn { account }
            | Deed::AccountClosed { account } => Self {
                account: Some(account.to_string()),
                ..said
            },
            Deed::BackedUp | Deed::KeyChanged => said,
        }
    }
}
