//! People who sign in on the server's pages, and the slips that say who and how.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::desk::Account;
use wellfield_core::ids::AccountId;
use wellfield_core::text::Line;

use super::rows::{Address, Column, Programmes};
use super::writer::Worked;
use super::{SqliteStorage, audit};
use crate::storage::{
    AccountBy, AccountEntry, Accounts, Answer, CloseRefused, Closing, CredentialsChange, Decision,
    Invitation, InviteRefused, Slip, SlipHash, SlipKind, StorageError, Unavailable, unrefused,
};

const ACCOUNT: &str =
    "SELECT id, role, sign_in, name, contact, programmes, closed, credentials FROM account";

impl Accounts for SqliteStorage {
    fn invite(&self, invitation: Invitation) -> Decision<'_, (), InviteRefused> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| invite(connection, &key, &invitation)),
        )
    }

    fn account(&self, by: AccountBy) -> Answer<'_, Option<AccountEntry>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| account(connection, &by)),
        )
    }

    fn accounts(&self) -> Answer<'_, Vec<AccountEntry>, Unavailable> {
        Box::pin(self.readers.read(accounts))
    }

    fn change_credentials(&self, change: CredentialsChange) -> Answer<'_, bool, Unavailable> {
        let key = self.key.clone();
        let changed = self
            .writer
            .write(move |connection| change_credentials(connection, &key, &change));
        // What did not come about is undone, an invitation that was spent for it too.
        Box::pin(async {
            match changed.await {
                Ok(()) => Ok(true),
                Err(StorageError::Refused(())) => Ok(false),
                Err(StorageError::Unavailable(unavailable)) => Err(unavailable),
            }
        })
    }

    fn put_slip(&self, slip: Slip, now: Instant) -> Answer<'_, (), Unavailable> {
        self.always(move |connection| {
            forget_spent(connection, now)?;
            put_slip(connection, &slip)
        })
    }

    fn slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable> {
        Box::pin(
            self.readers
                .read(move |connection| slip(connection, kind, hash, now)),
        )
    }

    fn take_slip(
        &self,
        kind: SlipKind,
        hash: SlipHash,
        now: Instant,
    ) -> Answer<'_, Option<Slip>, Unavailable> {
        let taken = self
            .writer
            .write(move |connection| take_slip(connection, kind, hash, now).map(Ok));
        Box::pin(async { taken.await.map_err(unrefused) })
    }

    fn close_account(&self, closing: Closing) -> Decision<'_, (), CloseRefused> {
        let key = self.key.clone();
        Box::pin(
            self.writer
                .write(move |connection| close(connection, &key, closing)),
        )
    }
}

fn invite(
    connection: &Connection,
    key: &AuditKey,
    invitation: &Invitation,
) -> Worked<(), InviteRefused> {
    let account = &invitation.account;
    let taken: Option<AccountId> = connection
        .query_row(
            "SELECT id FROM account WHERE sign_in = ?1",
            [account.sign_in.as_str()],
            |row| Ok(AccountId(row.get::<_, Column<u64>>(0)?.0)),
        )
        .optional()?;
    if taken.is_some_and(|taken| taken != account.account) {
        return Ok(Err(InviteRefused::AddressTaken));
    }
    connection.execute(
        "INSERT INTO account (id, role, sign_in, name, contact, programmes, closed)
         VALUES (:id, :role, :sign_in, :name, :contact, :programmes, 0)
         ON CONFLICT (id) DO UPDATE SET role = excluded.role, sign_in = excluded.sign_in,
           name = excluded.name, contact = excluded.contact, programmes = excluded.programmes, closed = 0",
        named_params! {
            ":id": Column(account.account.0),
            ":role": Column(account.role),
            ":sign_in": account.sign_in.as_str(),
            ":name": account.name.as_str(),
            ":contact": account.contact.as_str(),
            ":programmes": Programmes(account.programmes.clone()),
        },
    )?;
    connection.execute(
        "DELETE FROM slip WHERE account = ?1 AND kind = ?2",
        (Column(account.account.0), SlipKind::Invitation.code()),
    )?;
    put_slip(connection, &invitation.slip)?;
    audit::append(connection, key, invitation.entry()).map(Ok)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<AccountEntry> {
    Ok(AccountEntry {
        account: Account {
            account: AccountId(row.get::<_, Column<u64>>(0)?.0),
            role: row.get::<_, Column<_>>(1)?.0,
            sign_in: row.get::<_, Address>(2)?.0,
            name: row.get::<_, Column<Line>>(3)?.0,
            contact: row.get::<_, Column<Line>>(4)?.0,
            programmes: row.get::<_, Programmes>(5)?.0,
            closed: row.get(6)?,
        },
        credentials: row.get(7)?,
    })
}

fn account(connection: &Connection, by: &AccountBy) -> rusqlite::Result<Option<AccountEntry>> {
    match by {
        AccountBy::Number(account) => connection
            .prepare_cached(&format!("{ACCOUNT} WHERE id = ?1"))?
            .query_row([Column(account.0)], entry),
        AccountBy::SignIn(sign_in) => connection
            .prepare_cached(&format!("{ACCOUNT} WHERE sign_in = ?1"))?
            .query_row([sign_in.as_str()], entry),
    }
    .optional()
}

fn accounts(connection: &Connection) -> rusqlite::Result<Vec<AccountEntry>> {
    connection
        .prepare_cached(&format!("{ACCOUNT} ORDER BY name, id"))?
        .query_map([], entry)?
        .collect()
}

/// Refused stands for "not changed".
fn change_credentials(
    connection: &Connection,
    key: &AuditKey,
    change: &CredentialsChange,
) -> Worked<(), ()> {
    let account = Column(change.account.0);
    if let Some(spent) = change.spends {
        let kind = SlipKind::Invitation;
        if take_slip(connection, kind, spent, change.entry.at)?.is_none() {
            return Ok(Err(()));
        }
    }
    let changed = connection.execute(
        "UPDATE account SET credentials = ?2 WHERE id = ?1 AND credentials = ?3 AND closed = 0",
        (&account, &change.to, &change.from),
    )?;
    if changed == 0 {
        return Ok(Err(()));
    }
    if change.spends.is_some() {
        connection.execute("DELETE FROM slip WHERE account = ?1", [&account])?;
    }
    if let Some(session) = &change.session {
        put_slip(connection, session)?;
    }
    audit::append(connection, key, change.entry).map(Ok)
}

fn put_slip(connection: &Connection, slip: &Slip) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO slip (hash, kind, account, value, expires_at)
         VALUES (:hash, :kind, :account, :value, :expires_at)
         ON CONFLICT (hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
    )?;
    statement.execute(named_params! {
        ":hash": slip.hash.0,
        ":kind": slip.kind.code(),
        ":account": slip.account.map(|account| Column(account.0)),
        ":value": slip.value,
        ":expires_at": Column(slip.expires_at),
    })?;
    Ok(())
}

fn forget_spent(connection: &Connection, now: Instant) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM slip WHERE expires_at <= ?1")?
        .execute([Column(now)])?;
    Ok(())
}

fn slip(
    connection: &Connection,
    kind: SlipKind,
    hash: SlipHash,
    now: Instant,
) -> rusqlite::Result<Option<Slip>> {
    let mut statement = connection.prepare_cached(
        "SELECT account, value, expires_at FROM slip WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3",
    )?;
    let found = |row: &Row<'_>| {
        Ok(Slip {
            hash,
            kind,
            account: row
                .get::<_, Option<Column<u64>>>(0)?
                .map(|Column(account)| AccountId(account)),
            value: row.get(1)?,
            expires_at: row.get::<_, Column<_>>(2)?.0,
        })
    };
    statement
        .query_row((hash.0, kind.code(), Column(now)), found)
        .optional()
}

fn take_slip(
    connection: &Connection,
    kind: SlipKind,
    hash: SlipHash,
    now: Instant,
) -> rusqlite::Result<Option<Slip>> {
    let taken = slip(connection, kind, hash, now)?;
    connection.execute(
        "DELETE FROM slip WHERE hash = ?1 AND kind = ?2",
        (hash.0, kind.code()),
    )?;
    Ok(taken)
}

fn close(connection: &Connection, key: &AuditKey, closing: Closing) -> Worked<(), CloseRefused> {
    let account = Column(closing.account.0);
    let closed = connection.execute(
        "UPDATE account SET closed = 1, credentials = x'' WHERE id = ?1 AND closed = 0",
        [&account],
    )?;
    if closed == 0 {
        return Ok(Err(CloseRefused::NoAccount));
    }
    connection.execute("DELETE FROM slip WHERE account = ?1", [&account])?;
    audit::append(connection, key, closing.entry()).map(Ok)
}

/// Nobody is signed in, or invited, who was when a backup was made.
pub(super) fn forget_slips(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM slip", [])?;
    Ok(())
}
