//! Where the records are, as people say it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use crate::erasures::LedgerFile;
use crate::keys::{Keys, KeysFile};
use crate::storage::Storage;
use crate::storage::postgres::{self, DatabaseUrl, PATIENCE, PostgresStorage};
use crate::storage::sqlite::{self, BUSY_TIMEOUT, SqliteStorage};

/// The variable that names the database where no option does. What is in it is in no list of processes.
const DATABASE_VARIABLE: &str = "WELLFIELD_DATABASE";

/// The variable that names the file of the keys where no option does.
const KEYS_VARIABLE: &str = "WELLFIELD_KEYS";

/// The keys for a database, where nothing else is named.
const KEYS: &str = "wellfield.keys";

/// The ledger of erasures of a database, where nothing else is named.
const ERASURES: &str = "wellfield.erasures";

/// The folder where nothing else is named.
const FOLDER: &str = "wellfield-data";

/// Where the records are.
#[derive(Args)]
pub(super) struct Data {
    /// The folder that holds the records, in an SQLite file. Where neither this nor a database is named,
    /// it is wellfield-data.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub(super) data: Option<PathBuf>,
    /// The PostgreSQL database that holds the records instead: postgres://USER@HOST/DATABASE. Where
    /// neither option is given, the environment variable WELLFIELD_DATABASE names it; an address with a
    /// password belongs there, because everybody on the machine can read the options of a command.
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
    /// The file that holds the server's keys; it is made where there is none. Without this or the
    /// environment variable WELLFIELD_KEYS it lies beside the folder, as DIR.keys, or for a database is
    /// wellfield.keys.
    #[arg(long, value_name = "FILE")]
    pub(super) keys: Option<PathBuf>,
}

/// What holds the records.
#[derive(Clone, Debug)]
pub(super) enum Records {
    /// A folder.
    Folder(PathBuf),
    /// A PostgreSQL database.
    Database(DatabaseUrl),
}

/// Where the records and the keys are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) records: Records,
    pub(super) keys: KeysFile,
}

impl Data {
    /// The place. An option counts more than the environment.
    pub(super) fn place(self) -> Result<Place, Failure> {
        let database = std::env::var(DATABASE_VARIABLE).ok();
        let keys = std::env::var_os(KEYS_VARIABLE);
        self.place_with(database, keys)
    }

    fn place_with(
        self,
        database: Option<String>,
        keys: Option<OsString>,
    ) -> Result<Place, Failure> {
        let variable = database.filter(|text| !text.is_empty());
        let records = match (self.database, self.data, variable) {
            (Some(url), _, _) | (None, None, Some(url)) => Records::database(&url)?,
            (None, Some(folder), _) => Records::Folder(folder),
            (None, None, None) => Records::Folder(FOLDER.into()),
        };
        let named = keys.filter(|path| !path.is_empty()).map(PathBuf::from);
        Ok(Place::new(records, self.keys.or(named)))
    }
}

impl Records {
    pub(super) fn database(url: &str) -> Result<Self, Failure> {
        Ok(Self::Database(DatabaseUrl::parse(url)?))
    }
}

impl Place {
    /// The place of these records. Keys that nobody named lie beside the folder and never in it, because
    /// whoever copies the folder must not copy them with it.
    pub(super) fn new(records: Records, keys: Option<PathBuf>) -> Self {
        let keys = keys.unwrap_or_else(|| match &records {
            Records::Folder(folder) => beside(folder, "keys"),
            Records::Database(_) => KEYS.into(),
        });
        Self {
            records,
            keys: KeysFile::new(keys),
        }
    }

    /// The ledger of erasures: beside the folder and never in it, because it must outlive what is in it.
    pub(super) fn ledger(&self, named: Option<PathBuf>) -> LedgerFile {
        LedgerFile::new(named.unwrap_or_else(|| match &self.records {
            Records::Folder(folder) => beside(folder, "erasures"),
            Records::Database(_) => ERASURES.into(),
        }))
    }

    /// Opens the records, and makes them and the keys where there are none.
    pub(super) async fn open(&self) -> Result<Arc<dyn Storage>, Failure> {
        let known = self.keys.read()?;
        let drawn = known.is_none();
        let mut keys = known.map_or_else(Keys::draw, Ok)?;
        let mut storage = self.storage(&keys).await?;
        let end = storage.audit_end().await?;
        if end.is_some_and(|end| !keys.audit.signed(&end)) {
            return Err(Failure::OtherKeys {
                path: self.keys.path().to_owned(),
                there: !drawn,
            });
        }
        if drawn {
            let kept = self.keys.keep(&keys)?;
            // Another process may have been first.
            if kept.audit != keys.audit {
                keys = kept;
                storage = self.storage(&keys).await?;
            }
        }
        note_end(&*storage, &self.keys).await;
        Ok(storage)
    }

    /// Opens records that must be there: looking must not make a place that then looks empty.
    pub(super) async fn open_existing(&self) -> Result<Arc<dyn Storage>, Failure> {
        self.must_exist().await?;
        self.open().await
    }

    /// Opens records that must be there, to look at an audit that other keys may have signed.
    pub(super) async fn open_with(&self, keys: &Keys) -> Result<Arc<dyn Storage>, Failure> {
        self.must_exist().await?;
        self.storage(keys).await
    }

    async fn must_exist(&self) -> Result<(), Failure> {
        match &self.records {
            Records::Folder(folder) if !SqliteStorage::exists(folder) => {
                let path = folder.clone();
                Err(sqlite::OpenError::Missing { path }.into())
            }
            Records::Database(url) if !PostgresStorage::exists(url, PATIENCE).await? => {
                let place = url.clone();
                Err(postgres::OpenError::Missing { place }.into())
            }
            Records::Folder(_) | Records::Database(_) => Ok(()),
        }
    }

    async fn storage(&self, keys: &Keys) -> Result<Arc<dyn Storage>, Failure> {
        let key = keys.audit.clone();
        Ok(match &self.records {
            Records::Folder(folder) => Arc::new(SqliteStorage::open(folder, BUSY_TIMEOUT, key)?),
            Records::Database(url) => Arc::new(PostgresStorage::open(url, PATIENCE, key).await?),
        })
    }
}

/// A name beside a folder: its own, with an ending.
fn beside(folder: &Path, ending: &str) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut name = whole
        .file_name()
        .map_or_else(|| "wellfield".into(), OsString::from);
    name.push(".");
    name.push(ending);
    whole.with_file_name(name)
}

/// Notes beside the keys where the audit ends, so that a database that somebody put back is found. Where
/// it cannot be noted, the work goes on: the records matter more.
pub(super) async fn note_end(storage: &dyn Storage, keys: &KeysFile) {
    match storage.audit_end().await {
        Ok(Some(end)) => {
            if let Err(error) = keys.note(&end) {
                tracing::warn!(%error, "where the audit ends was not noted");
            }
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "where the audit ends was not noted"),
    }
}

/// What an operator needs to find the records; of a database without user and password.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.records {
            Records::Folder(folder) => write!(f, "{}", folder.display()),
            Records::Database(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(data: Option<&str>, database: Option<&str>, variable: Option<&str>) -> String {
        let data = Data {
            data: data.map(PathBuf::from),
            database: database.map(str::to_owned),
            keys: None,
        };
        let place = data.place_with(variable.map(str::to_owned), None);
        place.map_or_else(|failure| failure.to_string(), |place| place.to_string())
    }

    #[test]
    fn what_is_typed_counts_more_than_the_environment_and_that_more_than_nothing() {
        let (typed, variable) = (Some("postgres://a@one/x"), Some("postgres://a@two/y"));
        assert_eq!(place(None, None, None), FOLDER);
        assert_eq!(place(None, None, Some("")), FOLDER);
        assert_eq!(place(None, None, variable), "postgres://two:5432/y");
        assert_eq!(place(Some("here"), None, variable), "here");
        assert_eq!(place(None, typed, variable), "postgres://one:5432/x");
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_shown() {
        let shown = place(None, Some("postgres//ann:hunter2@db/x"), None);
        assert!(shown.contains("postgres://USER@HOST/DATABASE"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn keys_lie_beside_the_folder_and_never_in_it() {
        let keys = |data: &str, keys: Option<&str>, variable: Option<&str>| {
            let data = Data {
                data: Some(data.into()),
                database: None,
                keys: keys.map(PathBuf::from),
            };
            let place = data.place_with(None, variable.map(OsString::from)).unwrap();
            place.keys.path().to_owned()
        };
        let here = std::path::absolute(".").unwrap();
        assert_eq!(
            keys("/srv/records/", None, None),
            Path::new("/srv/records.keys")
        );
        assert_eq!(keys("records", None, None), here.join("records.keys"));
        assert!(!keys(".", None, None).starts_with(&here));
        assert_eq!(keys("x", None, Some("/etc/k")), Path::new("/etc/k"));
        assert_eq!(
            keys("x", Some("/run/k"), Some("/etc/k")),
            Path::new("/run/k")
        );
    }
}
