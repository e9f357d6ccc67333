//! Storage in one SQLite file.
//!
//! One thread writes (`writer`); reading goes on beside it (`readers`). The operations are plain
//! functions of a connection that is inside a transaction.

mod accounts;
mod audit;
mod copy;
mod devices;
mod enrol;
mod erase;
mod events;
mod open;
mod own;
mod programmes;
mod proofs;
mod push;
mod readers;
mod renew;
mod rows;
mod writer;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use wellfield_core::audit::{AuditKey, NewEntry, SignedHead};
use wellfield_core::clock::Instant;
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::referral::ChallengeKey;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    OwnErased, ProblemReply, PullReply, PulledEvent, PushReply, StreamHead,
};

pub use copy::{CopyError, copy_into, examine, settle};
pub use open::{OpenError, database_path};

use self::readers::Readers;
use self::writer::Writer;
use super::{
    Answer, AppendRefused, Audit, Caller, CodeRefused, CredentialChange, Decision, EnrolRefused,
    Enrolled, Enrolment, Erasing, NewCode, OriginalsWanted, Overview, OwnRecords, PageRefused,
    PageWanted, PhoneSubmission, Push, RenewRefused, Restoration, Revocation, RevokeRefused,
    Showing, Storage, StorageError, Submission, SubmitRefused, Unavailable, unrefused,
};
use crate::enrolment::TokenHash;

/// How long to wait for another process that writes to the file.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The records of one organisation, in one SQLite file.
pub struct SqliteStorage {
    writer: Writer,
    readers: Readers,
    key: AuditKey,
}

impl SqliteStorage {
    /// Whether there are records in a directory.
    pub fn exists(directory: &Path) -> bool {
        open::database_path(directory).exists()
    }

    /// Opens the file of a data directory, and makes both where there are none. `key` signs the audit.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        directory: &Path,
        busy_timeout: Duration,
        key: AuditKey,
    ) -> Result<Self, OpenError> {
        open::make_directory(directory)?;
        let path = open::database_path(directory);
        let connection = open::open_writer(&path, busy_timeout)?;
        Ok(Self {
            writer: Writer::start(connection).map_err(OpenError::Thread)?,
            readers: Readers::new(path, busy_timeout),
            key,
        })
    }
}

impl SqliteStorage {
    /// Writes what nothing can be refused of.
    fn always(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    ) -> Answer<'_, (), Unavailable> {
        let written = self
            .writer
            .write(move |connection| work(connection).map(Ok::<(), Infallible>));
        Box::pin(async {
            written.await.map_err(|error| match error {
                StorageError::Refused(never) => match never {},
                StorageError::Unavailable(unavailable) => unavailable,
            })
        })
    }
}

impl Storage for SqliteStorage {
    fn push(&self, push: Push) -> Decision<'_, PushReply, ProblemReply> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| push::push(connection, &key, push)),
        )
    }

    fn showing(&self, shown: TokenHash) -> Answer<'_, Option<Showing>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| proofs::showing(connection, shown)),
        )
    }

    fn change_credential(&self, change: CredentialChange) -> Decision<'_, (), RenewRefused> {
        Box::pin(
            self.writer
                .write(move |connection| proofs::renew(connection, &change)),
        )
    }

    fn turn_over(
        &self,
        device: DeviceId,
        next: TokenHash,
        now: Instant,
    ) -> Answer<'_, (), Unavailable> {
        self.always(move |connection| proofs::turn_over(connection, device, next, now))
    }

    fn note_old(&self, device: DeviceId, now: Instant) -> Answer<'_, (), Unavailable> {
        let key = self.key.clone();
        self.always(move |connection| proofs::note_old(connection, &key, device, now))
    }

    fn caller(&self, token: TokenHash) -> Answer<'_, Option<Caller>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| devices::by_token(connection, token)),
        )
    }

    fn key_of(&self, device: DeviceId) -> Answer<'_, Option<TokenHash>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| devices::key_of(connection, device)),
        )
    }

    fn saw(&self, device: DeviceId, pending: u64, now: Instant) {
        let queued = self.writer.write_unattended(move |connection| {
            devices::record_contact(connection, device, pending, now).map(Ok)
        });
        if let Err(error) = queued {
            tracing::warn!(%error, "a contact was not noted");
        }
    }

    fn heads(&self, streams: Vec<Stream>) -> Answer<'_, Vec<StreamHead>, Unavailable> {
        Box::pin(self.readers.read(move |connection| {
            streams
                .into_iter()
                .map(|stream| events::head(connection, stream))
                .collect()
        }))
    }

    fn own_erased(&self, device: DeviceId, after: u64) -> Answer<'_, OwnErased, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| erase::own_erased(connection, device, after)),
        )
    }

    fn page(&self, wanted: PageWanted) -> Decision<'_, PullReply, PageRefused> {
        let page = self
            .readers
            .read(move |connection| events::page(connection, &wanted));
        Box::pin(async { page.await?.map_err(StorageError::Refused) })
    }

    fn create_code(&self, code: NewCode) -> Decision<'_, (), CodeRefused> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| enrol::create_code(connection, &key, code)),
        )
    }

    fn enrol(&self, enrolment: Enrolment) -> Decision<'_, Enrolled, EnrolRefused> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| enrol::enrol(connection, &key, &enrolment)),
        )
    }

    fn submit(&self, submission: Submission) -> Decision<'_, (), SubmitRefused> {
        Box::pin(
            self.writer
                .write(|connection| own::submit(connection, submission)),
        )
    }

    fn answer(&self, submission: PhoneSubmission) -> Decision<'_, (), SubmitRefused> {
        Box::pin(
            self.writer
                .write(|connection| own::answer(connection, submission)),
        )
    }

    fn challenge_key(&self, drawn: ChallengeKey) -> Answer<'_, ChallengeKey, Unavailable> {
        let kept = self
            .writer
            .write(move |connection| own::challenge_key(connection, drawn));
        Box::pin(async { kept.await.map_err(unrefused) })
    }

    fn append(&self, records: OwnRecords) -> Decision<'_, (), AppendRefused> {
        Box::pin(
            self.writer
                .write(|connection| own::append(connection, records)),
        )
    }

    fn erase(&self, erasing: Erasing) -> Answer<'_, u64, Unavailable> {
        let key = self.key.clone();
        let erased = self
            .writer
            .write(move |connection| erase::erase(connection, &key, &erasing).map(Ok));
        Box::pin(async {
            let records = erased.await.map_err(unrefused)?;
            // Nobody sees any more what was erased; whoever looks at the bytes of the file still could.
            if let Err(error) = self.readers.rewrite().await {
                tracing::warn!(%error, "parts of what was erased are still in the file; stop the server and run VACUUM");
            }
            Ok(records)
        })
    }

    fn revoke(&self, revocation: Revocation) -> Decision<'_, (), RevokeRefused> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| devices::revoke(connection, &key, revocation)),
        )
    }

    fn events(&self, streams: Vec<Stream>) -> Answer<'_, Vec<PulledEvent>, Unavailable> {
        Box::pin(self.readers.read(move |connection| {
            let mut events = Vec::new();
            for stream in streams {
                events.extend(events::whole(connection, stream)?);
            }
            Ok(events)
        }))
    }

    fn originals(
        &self,
        wanted: OriginalsWanted,
    ) -> Answer<'_, BTreeMap<EventId, Vec<u8>>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| push::originals(connection, &wanted)),
        )
    }

    fn enter(&self, entry: NewEntry) -> Answer<'_, (), Unavailable> {
        let key = self.key.clone();
        self.always(move |connection| audit::append(connection, &key, entry))
    }

    fn audit(&self) -> Answer<'_, Audit, Unavailable> {
        Box::pin(self.readers.read(audit::whole))
    }

    fn audit_end(&self) -> Answer<'_, Option<SignedHead>, Unavailable> {
        Box::pin(self.readers.read(audit::signed_end))
    }

    fn renew(&self, restoration: Restoration) -> Answer<'_, (), Unavailable> {
        let key = self.key.clone();
        self.always(move |connection| {
            renew::renew(connection, restoration.renewal)?;
            accounts::forget_slips(connection)?;
            audit::append(connection, &key, restoration.entry)
        })
    }

    fn overview(&self) -> Answer<'_, Overview, Unavailable> {
        Box::pin(self.readers.read(|connection| {
            Ok(Overview {
                organisation: programmes::organisation(connection)?,
                programmes: programmes::programmes(connection)?,
                devices: devices::all(connection)?,
                quarantined: push::quarantined(connection)?,
                streams: events::heads(connection)?,
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::audit::Actor;
    use wellfield_core::event::{Draft, encode_event};
    use wellfield_core::ids::{EventId, ProgrammeId, SessionId, StaffId};
    use wellfield_core::notes::SessionNoted;
    use wellfield_core::sync::{Outcome, PushRequest};
    use wellfield_core::text::Text;

    use crate::enrolment::CodeHash;
    use crate::storage::Carrier;
    use wellfield_core::access::Role;

    const PROGRAMME: ProgrammeId = ProgrammeId(7);
    const STREAM: Stream = Stream::Delivery(PROGRAMME);
    const TOKEN: TokenHash = TokenHash([1; 32]);
    const NOW: Instant = Instant(1_750_000_000_000);

    fn note(n: u64, text: &str) -> Vec<u8> {
        let body = SessionNoted {
            session: SessionId(1),
            text: Some(Text::parse(text).unwrap()),
        };
        let draft = Draft {
            stream: STREAM,
            supersedes: Vec::new(),
            body: body.into(),
        };
        let id = EventId {
            device: DeviceId(2),
            n,
        };
        encode_event(&draft.place(id, wellfield_core::clock::Hlc::ZERO, None))
    }

    fn push(first_n: u64, texts: &[&str]) -> Push {
        let events: Vec<_> = (first_n..)
            .zip(texts)
            .map(|(n, text)| note(n, text))
            .collect();
        let request = PushRequest {
            device: DeviceId(2),
            first_n,
            pending: events.len() as u64,
            events,
        };
        Push {
            carrier: Carrier::Device,
            token: TOKEN,
            request,
            now: NOW,
        }
    }

    async fn with_a_device(directory: &Path) -> SqliteStorage {
        let storage =
            SqliteStorage::open(directory, Duration::from_millis(100), AuditKey([1; 32])).unwrap();
        let known = storage.writer.write(|connection| {
            connection.execute(
                "INSERT INTO programme (id, name) VALUES (?1, 'Dig')",
                [PROGRAMME.to_string()],
            )?;
            Ok(Ok::<(), ()>(()))
        });
        known.await.unwrap();
        let code = CodeHash([2; 32]);
        let expires_at = Instant(NOW.0 + 1);
        storage
            .create_code(NewCode {
                code,
                role: Role::Facilitator,
                programme: PROGRAMME,
                expires_at,
                by: Actor::CommandLine,
                now: NOW,
            })
            .await
            .unwrap();
        let enrolment = Enrolment {
            code,
            device_name: Text::parse("Tablet").unwrap(),
            staff_name: Text::parse("Ann").unwrap(),
            staff: StaffId(1),
            token: TOKEN,
            public_key: [4; 65],
            now: NOW,
        };
        storage.enrol(enrolment).await.unwrap();
        storage
    }

    async fn limit_pages(storage: &SqliteStorage, more: i64) {
        let limited = storage.writer.write(move |connection| {
            let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            connection.pragma_update_and_check(None, "max_page_count", pages + more, |_| Ok(()))?;
            Ok(Ok::<(), ()>(()))
        });
        limited.await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_refuses_a_push_whole_keeps_what_was_acknowledged_and_recovers() {
        let directory = tempfile::tempdir().unwrap();
        let storage = with_a_device(directory.path()).await;
        storage.push(push(1, &["kept"])).await.unwrap();
        limit_pages(&storage, 3).await;
        let long = "a".repeat(2000);
        let large = vec![long.as_str(); 100];
        let refused = storage.push(push(2, &large)).await;
        assert!(
            matches!(refused, Err(StorageError::Unavailable(_))),
            "{refused:?}"
        );
        let held: Vec<_> = storage
            .events(vec![STREAM])
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.bytes)
            .collect();
        assert_eq!(held, [note(1, "kept")]);
        limit_pages(&storage, 1_000_000).await;
        let receipt = storage.push(push(2, &large)).await.unwrap();
        assert_eq!(
            (receipt.max_n, receipt.outcomes),
            (101, vec![Outcome::Stored; 100])
        );
        let seqs: Vec<_> = storage
            .events(vec![STREAM])
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.seq)
            .collect();
        assert_eq!(seqs, (1..=101).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_fails_on_a_full_disk_leaves_room_for_what_is_smaller() {
        let directory = tempfile::tempdir().unwrap();
        let storage = with_a_device(directory.path()).await;
        limit_pages(&storage, 3).await;
        let long = "a".repeat(2000);
        let large = vec![long.as_str(); 100];
        assert!(storage.push(push(1, &large)).await.is_err());
        assert_eq!(
            storage.push(push(1, &["small"])).await.unwrap().outcomes,
            [Outcome::Stored]
        );
    }
}
