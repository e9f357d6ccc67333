//! Codes, and the devices that join with them.

use deadpool_postgres::Transaction;
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::{DeviceId, StaffId};
use wellfield_core::sync::DeviceProof;

use super::failure::Failed;
use super::programmes::has_programme;
use super::rows::{self, Columns};
use super::writer::Worked;
use super::{audit, proofs};
use crate::storage::{CodeRefused, EnrolRefused, Enrolled, Enrolment, NewCode};

/// Keeps an enrolment code.
pub(super) async fn create_code(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    code: NewCode,
) -> Worked<(), CodeRefused> {
    if !has_programme(transaction, code.programme).await? {
        return Ok(Err(CodeRefused::NoProgramme));
    }
    transaction
        .execute(
            "INSERT INTO enrolment_code (code_hash, role, programme, expires_at)
             VALUES ($1, $2, $3, $4)",
            &[
                &code.code.0.as_slice(),
                &rows::role(code.role),
                &code.programme.to_string(),
                &rows::instant(code.expires_at),
            ],
        )
        .await?;
    audit::append(transaction, key, code.entry()).await.map(Ok)
}

struct KnownCode {
    used_by: Option<i64>,
    expires_at: Instant,
    enrolled: Enrolled,
}

/// Lets a device join, or join again where the first answer was lost, and enters it in the audit.
pub(super) async fn enrol(
    transaction: &Transaction<'_>,
    key: &AuditKey,
    enrolment: Enrolment,
) -> Worked<Enrolled, EnrolRefused> {
    let joined = join(transaction, &enrolment).await?;
    if let Ok(enrolled) = &joined {
        audit::append(transaction, key, enrolment.entry(enrolled.device)).await?;
    }
    Ok(joined)
}

async fn join(
    transaction: &Transaction<'_>,
    enrolment: &Enrolment,
) -> Worked<Enrolled, EnrolRefused> {
    let Some(code) = lock_code(transaction, enrolment).await? else {
        return Ok(Err(EnrolRefused::WrongCode));
    };
    if enrolment.now >= code.expires_at {
        return Ok(Err(EnrolRefused::SpentCode));
    }
    match code.used_by {
        None => add_device(transaction, enrolment, code.enrolled)
            .await
            .map(Ok),
        Some(device) => {
            let renewed = renew_device(transaction, enrolment, device).await?;
            Ok(match renewed {
                Some(device) => Ok(Enrolled {
                    device,
                    ..code.enrolled
                }),
                None => Err(EnrolRefused::SpentCode),
            })
        }
    }
}

/// Finds the code and locks it, so that of two devices with one code the second finds it used.
async fn lock_code(
    transaction: &Transaction<'_>,
    enrolment: &Enrolment,
) -> Result<Option<KnownCode>, Failed> {
    let found = transaction
        .query_opt(
            "SELECT used_by, expires_at, role, programme FROM enrolment_code
             WHERE code_hash = $1 FOR UPDATE",
            &[&enrolment.code.0.as_slice()],
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let row = Columns(&row);
    Ok(Some(KnownCode {
        used_by: row.get(0)?,
        expires_at: row.instant(1)?,
        enrolled: Enrolled {
            device: DeviceId(0),
            role: row.role(2)?,
            programmes: vec![row.written(3)?],
        },
    }))
}

async fn add_device(
    transaction: &Transaction<'_>,
    enrolment: &Enrolment,
    enrolled: Enrolled,
) -> Result<Enrolled, Failed> {
    let row = transaction
        .query_one(
            "INSERT INTO device (name, staff, staff_name, role, programmes, token_hash, last_seen)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            &[
                &enrolment.device_name.as_str(),
                &rows::bits(enrolment.staff.0),
                &enrolment.staff_name.as_str(),
                &rows::role(enrolled.role),
                &rows::programmes(&enrolled.programmes),
                &enrolment.token.0.as_slice(),
                &rows::instant(enrolment.now),
            ],
        )
        .await?;
    let device = Columns(&row).device(0)?;
    transaction
        .execute(
            "UPDATE enrolment_code SET used_by = $2 WHERE code_hash = $1",
            &[&enrolment.code.0.as_slice(), &rows::device(device)],
        )
        .await?;
    begin(transaction, enrolment, device).await?;
    Ok(Enrolled { device, ..enrolled })
}

/// Keeps what the requests of the device will be known by.
async fn begin(
    transaction: &Transaction<'_>,
    enrolment: &Enrolment,
    device: DeviceId,
) -> Result<(), Failed> {
    let shown = KeyHash(enrolment.token.0);
    let proof = DeviceProof::begin(enrolment.public_key, shown, enrolment.now);
    proofs::put(transaction, device, &proof).await
}

/// Gives the new key to the device that used the code, if it is the same one asking and it has sent
/// nothing yet: a device that sends has the answer that it asks for again.
async fn renew_device(
    transaction: &Transaction<'_>,
    enrolment: &Enrolment,
    device: i64,
) -> Result<Option<DeviceId>, Failed> {
    let row = transaction
        .query_one(
            "SELECT id, staff, max_n, revoked FROM device WHERE id = $1 FOR UPDATE",
            &[&device],
        )
        .await?;
    let row = Columns(&row);
    let (id, staff) = (row.device(0)?, StaffId(row.bits(1)?));
    if staff != enrolment.staff || row.bits(2)? != 0 || row.get(3)? {
        return Ok(None);
    }
    transaction
        .execute(
            "UPDATE device SET token_hash = $2, name = $3, staff_name = $4, last_seen = $5
             WHERE id = $1",
            &[
                &device,
                &enrolment.token.0.as_slice(),
                &enrolment.device_name.as_str(),
                &enrolment.staff_name.as_str(),
                &rows::instant(enrolment.now),
            ],
        )
        .await?;
    begin(transaction, enrolment, id).await?;
    Ok(Some(id))
}
