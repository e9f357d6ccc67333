//! The audit: entries at the end of a chain whose end is signed.

use rusqlite::{Connection, Row};
use wellfield_core::audit::{AuditKey, Head, Link, NewEntry, SignedHead};

use super::rows::Column;
use crate::storage::Audit;

/// Puts an entry at the end of the audit, in the transaction of what it tells of.
pub(super) fn append(
    connection: &Connection,
    key: &AuditKey,
    entry: NewEntry,
) -> rusqlite::Result<()> {
    let (head, _) = end(connection)?;
    let (link, head) = head.append(entry);
    connection
        .prepare_cached("INSERT INTO audit (seq, bytes, hash) VALUES (?1, ?2, ?3)")?
        .execute((Column(head.seq), link.bytes, link.hash))?;
    connection
        .prepare_cached("UPDATE audit_head SET seq = ?1, hash = ?2, tag = ?3")?
        .execute((Column(head.seq), head.hash, key.sign(head).tag))?;
    Ok(())
}

/// Where the audit ends, as the database has it, and the signature of that.
fn end(connection: &Connection) -> rusqlite::Result<(Head, Option<[u8; 32]>)> {
    let mut statement = connection.prepare_cached("SELECT seq, hash, tag FROM audit_head")?;
    statement.query_row([], |row| {
        let head = Head {
            seq: row.get::<_, Column<_>>(0)?.0,
            hash: row.get(1)?,
        };
        Ok((head, row.get(2)?))
    })
}

/// Where the audit ends, signed.
pub(super) fn signed_end(connection: &Connection) -> rusqlite::Result<Option<SignedHead>> {
    let (head, tag) = end(connection)?;
    Ok(tag.map(|tag| SignedHead { head, tag }))
}

/// The whole of it.
pub(super) fn whole(connection: &Connection) -> rusqlite::Result<Audit> {
    let mut statement = connection.prepare_cached("SELECT bytes, hash FROM audit ORDER BY seq")?;
    let link = |row: &Row<'_>| {
        Ok(Link {
            bytes: row.get(0)?,
            hash: row.get(1)?,
        })
    };
    let links: rusqlite::Result<_> = statement.query_map([], link)?.collect();
    Ok(Audit {
        links: links?,
        signed: signed_end(connection)?,
    })
}
