//! The audit: entries at the end of a chain whose end is signed.

use deadpool_postgres::Transaction;
use wellfield_core::audit::{AuditKey, Head, Link, NewEntry, SignedHead};

use super::failure::Failed;
use super::rows::{self, Columns};
use crate::storage::Audit;

/// Puts an entry at the end of the audit, in the transaction of what it tells of. The end is locked until
/// that transaction ends, and is taken last, after the counters of streams, so that two transactions
/// cannot wait for each other in a circle.
pub(super) async fn append(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    entry: NewEntry,
) -> Result<(), Failed> {
    let statement = transaction
        .prepare_cached("SELECT seq, hash FROM audit_head FOR UPDATE")
        .await?;
    let row = transaction.query_one(&statement, &[]).await?;
    let head = Head {
        seq: Columns(&row).bits(0)?,
        hash: Columns(&row).hash(1)?,
    };
    let (link, head) = head.append(entry);
    let statement = transaction
        .prepare_cached("INSERT INTO audit (seq, bytes, hash) VALUES ($1, $2, $3)")
        .await?;
    let seq = rows::bits(head.seq);
    transaction
        .execute(&statement, &[&seq, &link.bytes, &link.hash.as_slice()])
        .await?;
    let statement = transaction
        .prepare_cached("UPDATE audit_head SET seq = $1, hash = $2, tag = $3")
        .await?;
    let tag = key.sign(head).tag;
    transaction
        .execute(&statement, &[&seq, &head.hash.as_slice(), &tag.as_slice()])
        .await?;
    Ok(())
}

/// Where the audit ends, signed.
pub(super) async fn signed_end(
    transaction: &Transaction<'_>,
) -> Result<Option<SignedHead>, Failed> {
    let statement = transaction
        .prepare_cached("SELECT seq, hash, tag FROM audit_head WHERE tag IS NOT NULL")
        .await?;
    let found = transaction.query_opt(&statement, &[]).await?;
    found
        .map(|row| {
            let row = Columns(&row);
            let (seq, hash) = (row.bits(0)?, row.hash(1)?);
            Ok(SignedHead {
                head: Head { seq, hash },
                tag: row.hash(2)?,
            })
        })
        .transpose()
}

/// The whole of it.
pub(super) async fn whole(transaction: &Transaction<'_>) -> Result<Audit, Failed> {
    let statement = transaction
        .prepare_cached("SELECT bytes, hash FROM audit ORDER BY seq")
        .await?;
    let rows = transaction.query(&statement, &[]).await?;
    let links: Result<_, Failed> = rows
        .iter()
        .map(|row| {
            Ok(Link {
                bytes: Columns(row).get(0)?,
                hash: Columns(row).hash(1)?,
            })
        })
        .collect();
    Ok(Audit {
        links: links?,
        signed: signed_end(transaction).await?,
    })
}
