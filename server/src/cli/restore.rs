//! `wellfield restore`: a backup is put back, or was put back by other means.

use std::path::PathBuf;

use super::failure::{Failure, read_file};
use super::place::{Place, Records};
use super::{Restore, say};
use crate::backup::{self, GoOn, Opener, Restored, go_on};
use crate::clock::{Clock, SystemClock};
use crate::keys::Keys;

pub(super) async fn restore(command: Restore) -> Result<(), Failure> {
    let place = command.data.place()?;
    // Before anything is done: a restore that cannot erase again is none.
    let ledger = place.ledger(command.erasures);
    let replay = ledger.replay().map_err(|source| Failure::Ledger {
        path: ledger.path().to_owned(),
        source,
    })?;
    let known = place.keys.read()?;
    let keys = known.clone().map_or_else(Keys::draw, Ok)?;
    let with = GoOn {
        key: keys.audit.clone(),
        replay,
        now: SystemClock.now(),
    };
    let restored = match (&command.file, &place.records) {
        (None, _) => {
            let storage = place.open_with(&keys).await?;
            go_on(&*storage, &with).await?
        }
        (Some(_), Records::Database(_)) => return Err(Failure::DatabaseRestore),
        (Some(file), Records::Folder(folder)) => {
            let opener = opener(command.identity, command.passphrase_file)?;
            backup::restore(file, folder, &opener, with).await?
        }
    };
    if known.is_none() && place.keys.keep(&keys)?.audit != keys.audit {
        // Somebody made others meanwhile, and nothing is signed by them.
        return Err(Failure::OtherKeys {
            path: place.keys.path().to_owned(),
            there: true,
        });
    }
    if let Some(end) = &restored.end {
        place.keys.note_instead(end)?;
    }
    tell(&place, &restored)
}

fn opener(identity: Option<PathBuf>, passphrase: Option<PathBuf>) -> Result<Opener, Failure> {
    match (identity, passphrase) {
        (Some(path), _) => Opener::identities(&read_file(&path)?)
            .map_err(|source| Failure::Identity { path, source }),
        (None, Some(path)) => {
            let text = String::from_utf8_lossy(&read_file(&path)?).into_owned();
            Opener::passphrase(&text).ok_or(Failure::NoPassphrase(path))
        }
        (None, None) => Err(Failure::NoOpener),
    }
}

fn tell(place: &Place, restored: &Restored) -> Result<(), Failure> {
    say(&format!(
        "Restored: {place}. Every device reads its streams afresh and sends again what is missing of its own."
    ))?;
    match &restored.audit {
        Ok(head) => say(&format!(
            "The audit was whole up to the backup: {} entries. It goes on, and says that this was restored.",
            head.seq
        ))?,
        Err(untrue) => say(&format!(
            "The audit in the backup proves nothing: {untrue}. It goes on with the keys in {}.",
            place.keys.path().display()
        ))?,
    }
    if restored.erased > 0 {
        say(&format!(
            "{} records about people who were erased after the backup were erased again.",
            restored.erased
        ))?;
    }
    say(
        "What to do again is in docs/running.md: devices that were shut out or joined after the backup.",
    )
}
