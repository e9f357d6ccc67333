//! `wellfield restore`: a backup is put back, or was put back by other means.

use std::io;
use std::path::{Path, PathBuf};

use wellfield_core::restore::ledger::{Replay, plan_replay, read_ledger};

use super::failure::{Failure, read_file};
use super::place::{Place, Records, beside};
use super::{Restore, say};
use crate::backup::{self, GoOn, Opener, Restored, go_on};
use crate::clock::{Clock, SystemClock};
use crate::keys::Keys;

/// The ledger of erasures of a database, where nothing else is named.
const ERASURES: &str = "wellfield.erasures";

pub(super) async fn restore(command: Restore) -> Result<(), Failure> {
    let place = command.data.place()?;
    // Before anything is done: a restore that cannot erase again is none.
    let replay = replay(&place, command.erasures)?;
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

/// What of the ledger of erasures is carried out again. There need be no ledger.
fn replay(place: &Place, named: Option<PathBuf>) -> Result<Replay, Failure> {
    let path = named.unwrap_or_else(|| match &place.records {
        Records::Folder(folder) => beside(folder, "erasures"),
        Records::Database(_) => ERASURES.into(),
    });
    let bytes = read_if_there(&path)?;
    let ledger = read_ledger(&bytes).map_err(|source| Failure::Ledger {
        path: path.clone(),
        source,
    })?;
    plan_replay(&ledger).map_err(|source| Failure::NotErasedAgain { path, source })
}

fn read_if_there(path: &Path) -> Result<Vec<u8>, Failure> {
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(|source| Failure::Read {
            path: path.to_owned(),
            source,
        }),
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
    say(
        "What to do again is in docs/running.md: devices that were shut out or joined after the backup.",
    )
}
