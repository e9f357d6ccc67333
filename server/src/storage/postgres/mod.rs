//! Storage in a PostgreSQL database, which several servers may share.
//!
//! The server keeps nothing of its own beside it. `writer` carries out what writes and lets pushes share
//! transactions; reading goes on beside it (`readers`). The operations are functions of a transaction,
//! and each has the name and the file of its counterpart for SQLite.

mod accounts;
mod audit;
mod devices;
mod enrol;
mod erase;
mod events;
mod failure;
mod open;
mod own;
mod programmes;
mod proofs;
mod push;
mod readers;
mod renew;
mod rows;
mod tls;
mod url;
mod writer;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use wellfield_core::audit::{AuditKey, NewEntry, SignedHead};
use wellfield_core::clock::Instant;
use wellfield_core::ids::{DeviceId, EventId};
use wellfield_core::referral::ChallengeKey;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    OwnErased, ProblemReply, PullReply, PulledEvent, PushReply, StreamHead,
};

pub use open::OpenError;
pub use tls::TlsError;
pub use url::{DatabaseUrl, UrlError};

use self::devices::Contact;
use self::open::Pools;
use self::readers::Readers;
use self::writer::{Transactions, Writer};
use super::{
    Answer, AppendRefused, Audit, Caller, CodeRefused, CredentialChange, Decision, EnrolRefused,
    Enrolled, Enrolment, Erasing, NewCode, OriginalsWanted, Overview, OwnRecords, PageRefused,
    PageWanted, PhoneSubmission, Push, RenewRefused, Restoration, Revocation, RevokeRefused,
    Showing, Storage, StorageError, Submission, SubmitRefused, Unavailable, unrefused,
};
use crate::enrolment::TokenHash;

/// How long to wait for a connection, or for what another transaction has locked.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// An erasure looks at every record, and takes as long as that takes.
const ERASING_MAX: Duration = Duration::from_secs(30 * 60);

/// The records of one organisation, in a PostgreSQL database.
pub struct PostgresStorage {
    writer: Writer,
    transactions: Transactions,
    patient: Transactions,
    readers: Readers,
    /// On connections that read nothing until they are told for whom.
    device_readers: Readers,
    key: AuditKey,
}

impl PostgresStorage {
    /// Whether there are records in a database.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn exists(url: &DatabaseUrl, patience: Duration) -> Result<bool, OpenError> {
        open::exists(url, patience).await
    }

    /// Opens a database and brings it to the schema of this version. Servers that do so at the same
    /// time wait for each other. Has to be called on the runtime that the storage is used on. `key` signs
    /// the audit.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(
        url: &DatabaseUrl,
        patience: Duration,
        key: AuditKey,
    ) -> Result<Self, OpenError> {
        let Pools { server, devices } = open::open(url, patience).await?;
        let time_limit = open::time_limit(patience);
        let transactions = Transactions::new(server.clone(), time_limit);
        Ok(Self {
            writer: Writer::start(&transactions, &key),
            patient: Transactions::new(server.clone(), ERASING_MAX),
            transactions,
            readers: Readers::new(server, time_limit),
            device_readers: Readers::new(devices, time_limit),
            key,
        })
    }
}

/// What was done or refused, or why the database could not.
fn settle<T, R>(worked: writer::Worked<T, R>) -> Result<T, StorageError<R>> {
    worked?.map_err(StorageError::Refused)
}

impl Storage for PostgresStorage {
    fn push(&self, push: Push) -> Decision<'_, PushReply, ProblemReply> {
        Box::pin(self.writer.push(push))
    }

    fn showing(&self, shown: TokenHash) -> Answer<'_, Option<Showing>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .ask(move |client| Box::pin(proofs::showing(client, shown)));
            Ok(read.await?)
        })
    }

    fn change_credential(&self, change: CredentialChange) -> Decision<'_, (), RenewRefused> {
        Box::pin(async move {
            let written = self.transactions.write(move |transaction| {
                Box::pin(async move { proofs::renew(transaction, &change).await })
            });
            settle(written.await)
        })
    }

    fn turn_over(
        &self,
        device: DeviceId,
        next: TokenHash,
        now: Instant,
    ) -> Answer<'_, (), Unavailable> {
        Box::pin(async move {
            let written = self.transactions.write(move |transaction| {
                Box::pin(async move {
                    let turned = proofs::turn_over(transaction, device, next, now).await;
                    turned.map(Ok::<(), Infallible>)
                })
            });
            let Ok(()) = written.await?;
            Ok(())
        })
    }

    fn note_old(&self, device: DeviceId, now: Instant) -> Answer<'_, (), Unavailable> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move {
                    let noted = proofs::note_old(transaction, &key, device, now).await;
                    noted.map(Ok::<(), Infallible>)
                })
            });
            let Ok(()) = written.await?;
            Ok(())
        })
    }

    fn caller(&self, token: TokenHash) -> Answer<'_, Option<Caller>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .ask(move |client| Box::pin(devices::by_token(client, token)));
            Ok(read.await?)
        })
    }

    fn key_of(&self, device: DeviceId) -> Answer<'_, Option<TokenHash>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .ask(move |client| Box::pin(devices::key_of(client, device)));
            Ok(read.await?)
        })
    }

    fn saw(&self, device: DeviceId, pending: u64, now: Instant) {
        self.writer.saw(device, Contact { pending, now });
    }

    fn heads(&self, streams: Vec<Stream>) -> Answer<'_, Vec<StreamHead>, Unavailable> {
        Box::pin(async move {
            let read = self.readers.ask(move |client| {
                let streams = streams.clone();
                Box::pin(async move { events::heads_of(client, &streams).await })
            });
            Ok(read.await?)
        })
    }

    fn own_erased(&self, device: DeviceId, after: u64) -> Answer<'_, OwnErased, Unavailable> {
        Box::pin(async move {
            let read = self.readers.ask(move |client| {
                Box::pin(async move { erase::own_erased(client, device, after).await })
            });
            Ok(read.await?)
        })
    }

    fn page(&self, wanted: PageWanted) -> Decision<'_, PullReply, PageRefused> {
        Box::pin(async move {
            let read = self.device_readers.ask(move |client| {
                let wanted = wanted.clone();
                Box::pin(async move { events::page(client, &wanted).await })
            });
            settle(read.await)
        })
    }

    fn create_code(&self, code: NewCode) -> Decision<'_, (), CodeRefused> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move { enrol::create_code(transaction, &key, code).await })
            });
            settle(written.await)
        })
    }

    fn enrol(&self, enrolment: Enrolment) -> Decision<'_, Enrolled, EnrolRefused> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let (key, enrolment) = (key.clone(), enrolment.clone());
                Box::pin(async move { enrol::enrol(transaction, &key, enrolment).await })
            });
            settle(written.await)
        })
    }

    fn submit(&self, submission: Submission) -> Decision<'_, (), SubmitRefused> {
        Box::pin(async move {
            let written = self
                .transactions
                .write(move |transaction| Box::pin(own::submit(transaction, submission.clone())));
            settle(written.await)
        })
    }

    fn answer(&self, submission: PhoneSubmission) -> Decision<'_, (), SubmitRefused> {
        Box::pin(async move {
            let written = self
                .transactions
                .write(move |transaction| Box::pin(own::answer(transaction, submission.clone())));
            settle(written.await)
        })
    }

    fn challenge_key(&self, drawn: ChallengeKey) -> Answer<'_, ChallengeKey, Unavailable> {
        Box::pin(async move {
            let kept = self
                .transactions
                .write(move |transaction| Box::pin(own::challenge_key(transaction, drawn)));
            settle(kept.await).map_err(unrefused)
        })
    }

    fn append(&self, records: OwnRecords) -> Decision<'_, (), AppendRefused> {
        Box::pin(async move {
            let written = self
                .transactions
                .write(move |transaction| Box::pin(own::append(transaction, records.clone())));
            settle(written.await)
        })
    }

    fn erase(&self, erasing: Erasing) -> Answer<'_, u64, Unavailable> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.patient.write(move |transaction| {
                let (key, erasing) = (key.clone(), erasing.clone());
                Box::pin(async move {
                    erase::erase(transaction, &key, &erasing)
                        .await
                        .map(Ok::<u64, Infallible>)
                })
            });
            let Ok(records) = written.await?;
            Ok(records)
        })
    }

    fn revoke(&self, revocation: Revocation) -> Decision<'_, (), RevokeRefused> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move { devices::revoke(transaction, &key, revocation).await })
            });
            settle(written.await)
        })
    }

    fn events(&self, streams: Vec<Stream>) -> Answer<'_, Vec<PulledEvent>, Unavailable> {
        Box::pin(async move {
            let read = self.readers.read_everything(move |transaction| {
                let streams = streams.clone();
                Box::pin(async move { events::whole(transaction, &streams).await })
            });
            Ok(read.await?)
        })
    }

    fn originals(
        &self,
        wanted: OriginalsWanted,
    ) -> Answer<'_, BTreeMap<EventId, Vec<u8>>, Unavailable> {
        Box::pin(async move {
            let read = self.readers.read(move |transaction| {
                let wanted = wanted.clone();
                Box::pin(async move { push::originals(transaction, &wanted).await })
            });
            Ok(read.await?)
        })
    }

    fn enter(&self, entry: NewEntry) -> Answer<'_, (), Unavailable> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move {
                    audit::append(transaction, &key, entry)
                        .await
                        .map(Ok::<(), Infallible>)
                })
            });
            let Ok(()) = written.await?;
            Ok(())
        })
    }

    fn audit(&self) -> Answer<'_, Audit, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .read_everything(|transaction| Box::pin(audit::whole(transaction)));
            Ok(read.await?)
        })
    }

    fn audit_end(&self) -> Answer<'_, Option<SignedHead>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .read(|transaction| Box::pin(audit::signed_end(transaction)));
            Ok(read.await?)
        })
    }

    fn renew(&self, restoration: Restoration) -> Answer<'_, (), Unavailable> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move {
                    renew::renew(transaction, restoration.renewal).await?;
                    accounts::forget_slips(transaction).await?;
                    audit::append(transaction, &key, restoration.entry)
                        .await
                        .map(Ok::<(), Infallible>)
                })
            });
            let Ok(()) = written.await?;
            Ok(())
        })
    }

    fn overview(&self) -> Answer<'_, Overview, Unavailable> {
        Box::pin(async move {
            let read = self.readers.read(|transaction| {
                Box::pin(async move {
                    Ok(Overview {
                        organisation: programmes::organisation(transaction).await?,
                        programmes: programmes::programmes(transaction).await?,
                        devices: devices::all(transaction).await?,
                        quarantined: push::quarantined(transaction).await?,
                        streams: events::heads(transaction).await?,
                    })
                })
            });
            Ok(read.await?)
        })
    }
}
