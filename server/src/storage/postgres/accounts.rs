//! People who sign in on the server's pages, and the slips that say who and how.

use std::convert::Infallible;

use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::Row;
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::desk::Account;
use wellfield_core::ids::AccountId;

use super::failure::Failed;
use super::rows::{self, Columns};
use super::writer::Worked;
use super::{PostgresStorage, audit, settle};
use crate::storage::{
    AccountBy, AccountEntry, Accounts, Answer, CloseRefused, Closing, CredentialsChange, Decision,
    Invitation, InviteRefused, Slip, SlipHash, SlipKind, Unavailable,
};

const ACCOUNT: &str =
    "SELECT id, role, sign_in, name, contact, programmes, closed, credentials FROM account";

impl Accounts for PostgresStorage {
    fn invite(&self, invitation: Invitation) -> Decision<'_, (), InviteRefused> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let (key, invitation) = (key.clone(), invitation.clone());
                Box::pin(async move { invite(transaction, &key, &invitation).await })
            });
            settle(written.await)
        })
    }

    fn account(&self, by: AccountBy) -> Answer<'_, Option<AccountEntry>, Unavailable> {
        Box::pin(async move {
            let read = self.readers.ask(move |client| {
                let by = by.clone();
                Box::pin(async move { account(client, &by).await })
            });
            Ok(read.await?)
        })
    }

    fn accounts(&self) -> Answer<'_, Vec<AccountEntry>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .ask(|client| Box::pin(async move { accounts(client).await }));
            Ok(read.await?)
        })
    }

    fn change_credentials(&self, change: CredentialsChange) -> Answer<'_, bool, Unavailable> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let (key, change) = (key.clone(), change.clone());
                Box::pin(async move { change_credentials(transaction, &key, &change).await })
            });
            // What did not come about is undone, an invitation that was spent for it too.
            Ok(written.await?.is_ok())
        })
    }

    fn put_slip(&self, slip: Slip, now: Instant) -> Answer<'_, (), Unavailable> {
        Box::pin(async move {
            let written = self.transactions.write(move |transaction| {
                let slip = slip.clone();
                Box::pin(async move {
                    transaction
                        .execute(
                            "DELETE FROM slip WHERE expires_at <= $1",
                            &[&rows::instant(now)],
                        )
                        .await?;
                    put_slip(transaction, &slip).await.map(Ok::<(), Infallible>)
                })
            });
            let Ok(()) = written.await?;
            Ok(())
        })
    }

    fn slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable> {
        Box::pin(async move {
            let read = self
                .readers
                .ask(move |client| Box::pin(async move { slip(client, kind, hash, now).await }));
            Ok(read.await?)
        })
    }

    fn take_slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable> {
        Box::pin(async move {
            let written = self.transactions.write(move |transaction| {
                Box::pin(async move {
                    take_slip(transaction, kind, hash, now)
                        .await
                        .map(Ok::<_, Infallible>)
                })
            });
            let Ok(taken) = written.await?;
            Ok(taken)
        })
    }

    fn close_account(&self, closing: Closing) -> Decision<'_, (), CloseRefused> {
        Box::pin(async move {
            let key = self.key.clone();
            let written = self.transactions.write(move |transaction| {
                let key = key.clone();
                Box::pin(async move { close(transaction, &key, closing).await })
            });
            settle(written.await)
        })
    }
}

async fn invite(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    invitation: &Invitation,
) -> Worked<(), InviteRefused> {
    let account = &invitation.account;
    let id = rows::bits(account.account.0);
    // Two who invite with one address wait for each other here.
    transaction
        .execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('wellfield account ' || $1, 0))",
            &[&account.sign_in.as_str()],
        )
        .await?;
    let taken = transaction
        .query_opt(
            "SELECT id FROM account WHERE sign_in = $1 AND id <> $2",
            &[&account.sign_in.as_str(), &id],
        )
        .await?;
    if taken.is_some() {
        return Ok(Err(InviteRefused::AddressTaken));
    }
    transaction
        .execute(
            "INSERT INTO account (id, role, sign_in, name, contact, programmes, closed)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE)
             ON CONFLICT (id) DO UPDATE SET role = excluded.role, sign_in = excluded.sign_in,
               name = excluded.name, contact = excluded.contact, programmes = excluded.programmes,
               closed = FALSE",
            &[
                &id,
                &rows::desk_role(account.role),
                &account.sign_in.as_str(),
                &account.name.as_str(),
                &account.contact.as_str(),
                &rows::programmes(&account.programmes),
            ],
        )
        .await?;
    transaction
        .execute(
            "DELETE FROM slip WHERE account = $1 AND kind = $2",
            &[&id, &kind_of(SlipKind::Invitation)],
        )
        .await?;
    put_slip(transaction, &invitation.slip).await?;
    audit::append(transaction, key, invitation.entry())
        .await
        .map(Ok)
}

fn kind_of(kind: SlipKind) -> i16 {
    i16::from(kind.code())
}

fn entry(row: &Row) -> Result<AccountEntry, Failed> {
    let row = Columns(row);
    Ok(AccountEntry {
        account: Account {
            account: AccountId(row.bits(0)?),
            role: row.desk_role(1)?,
            sign_in: row.address(2)?,
            name: row.line(3)?,
            contact: row.line(4)?,
            programmes: row.programmes(5)?,
            closed: row.get(6)?,
        },
        credentials: row.get(7)?,
    })
}

async fn account(
    client: &impl GenericClient,
    by: &AccountBy,
) -> Result<Option<AccountEntry>, Failed> {
    let found = match by {
        AccountBy::Number(account) => {
            let id = rows::bits(account.0);
            let asked = format!("{ACCOUNT} WHERE id = $1");
            client.query_opt(&asked, &[&id]).await?
        }
        AccountBy::SignIn(sign_in) => {
            let asked = format!("{ACCOUNT} WHERE sign_in = $1");
            client.query_opt(&asked, &[&sign_in.as_str()]).await?
        }
    };
    found.as_ref().map(entry).transpose()
}

async fn accounts(client: &impl GenericClient) -> Result<Vec<AccountEntry>, Failed> {
    let asked = format!("{ACCOUNT} ORDER BY name, id");
    let found = client.query(&asked, &[]).await?;
    found.iter().map(entry).collect()
}

/// Refused stands for "not changed".
async fn change_credentials(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    change: &CredentialsChange,
) -> Worked<(), ()> {
    let account = rows::bits(change.account.0);
    if let Some(spent) = change.spends {
        let kind = SlipKind::Invitation;
        let taken = take_slip(transaction, kind, spent, change.entry.at).await?;
        if taken.is_none() {
            return Ok(Err(()));
        }
    }
    let changed = transaction
        .execute(
            "UPDATE account SET credentials = $2 WHERE id = $1 AND credentials = $3 AND NOT closed",
            &[&account, &change.to, &change.from],
        )
        .await?;
    if changed == 0 {
        return Ok(Err(()));
    }
    if change.spends.is_some() {
        transaction
            .execute("DELETE FROM slip WHERE account = $1", &[&account])
            .await?;
    }
    if let Some(session) = &change.session {
        put_slip(transaction, session).await?;
    }
    audit::append(transaction, key, change.entry).await.map(Ok)
}

async fn put_slip(transaction: &Transaction<'_>, slip: &Slip) -> Result<(), Failed> {
    transaction
        .execute(
            "INSERT INTO slip (hash, kind, account, value, expires_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
            &[
                &slip.hash.0.as_slice(),
                &kind_of(slip.kind),
                &slip.account.map(|account| rows::bits(account.0)),
                &slip.value,
                &rows::instant(slip.expires_at),
            ],
        )
        .await?;
    Ok(())
}

fn found_slip(row: &Row, kind: SlipKind, hash: SlipHash) -> Result<Slip, Failed> {
    let row = Columns(row);
    let account: Option<i64> = row.get(0)?;
    Ok(Slip {
        hash,
        kind,
        account: account.map(|account| AccountId(account.cast_unsigned())),
        value: row.get(1)?,
        expires_at: row.instant(2)?,
    })
}

async fn slip(
    client: &impl GenericClient,
    kind: SlipKind,
    hash: SlipHash,
    now: Instant,
) -> Result<Option<Slip>, Failed> {
    let found = client
        .query_opt(
            "SELECT account, value, expires_at FROM slip
             WHERE hash = $1 AND kind = $2 AND expires_at > $3",
            &[&hash.0.as_slice(), &kind_of(kind), &rows::instant(now)],
        )
        .await?;
    found.map(|row| found_slip(&row, kind, hash)).transpose()
}

/// Of two who take one slip the second waits for the first and finds it gone.
async fn take_slip(
    transaction: &Transaction<'_>,
    kind: SlipKind,
    hash: SlipHash,
    now: Instant,
) -> Result<Option<Slip>, Failed> {
    let taken = transaction
        .query_opt(
            "DELETE FROM slip WHERE hash = $1 AND kind = $2 RETURNING account, value, expires_at",
            &[&hash.0.as_slice(), &kind_of(kind)],
        )
        .await?;
    let taken = taken.map(|row| found_slip(&row, kind, hash)).transpose()?;
    Ok(taken.filter(|slip| slip.expires_at > now))
}

async fn close(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    closing: Closing,
) -> Worked<(), CloseRefused> {
    let account = rows::bits(closing.account.0);
    let closed = transaction
        .execute(
            "UPDATE account SET closed = TRUE, credentials = '' WHERE id = $1 AND NOT closed",
            &[&account],
        )
        .await?;
    if closed == 0 {
        return Ok(Err(CloseRefused::NoAccount));
    }
    transaction
        .execute("DELETE FROM slip WHERE account = $1", &[&account])
        .await?;
    audit::append(transaction, key, closing.entry())
        .await
        .map(Ok)
}

/// Nobody is signed in, or invited, who was when a backup was made.
pub(super) async fn forget_slips(transaction: &Transaction<'_>) -> Result<(), Failed> {
    transaction.execute("DELETE FROM slip", &[]).await?;
    Ok(())
}
