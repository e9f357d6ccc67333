//! Codes, and the devices that join with them.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use wellfield_core::audit::AuditKey;
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::ids::{DeviceId, ProgrammeId, StaffId};
use wellfield_core::sync::DeviceProof;

use super::programmes::has_programme;
use super::rows::{Column, Programmes, Written};
use super::writer::Worked;
use super::{audit, proofs};
use crate::storage::{CodeRefused, EnrolRefused, Enrolled, Enrolment, NewCode};

/// Keeps an enrolment code.
pub(super) fn create_code(
    connection: &Connection,
    key: &AuditKey,
    code: NewCode,
) -> Worked<(), CodeRefused> {
    if !has_programme(connection, code.programme)? {
        return Ok(Err(CodeRefused::NoProgramme));
    }
    connection.execute(
        "INSERT INTO enrolment_code (code_hash, role, programme, expires_at)
         VALUES (:code, :role, :programme, :expires_at)",
        named_params! {
            ":code": code.code.0,
            ":role": Column(code.role),
            ":programme": Written(code.programme),
            ":expires_at": Column(code.expires_at),
        },
    )?;
    audit::append(connection, key, code.entry()).map(Ok)
}

struct KnownCode {
    used_by: Option<u32>,
    expires_at: Instant,
    enrolled: Enrolled,
}

/// Lets a device join, or join again where the first answer was lost, and enters it in the audit.
pub(super) fn enrol(
    connection: &Connection,
    key: &AuditKey,
    enrolment: &Enrolment,
) -> Worked<Enrolled, EnrolRefused> {
    let joined = join(connection, enrolment)?;
    if let Ok(enrolled) = &joined {
        audit::append(connection, key, enrolment.entry(enrolled.device))?;
    }
    Ok(joined)
}

fn join(connection: &Connection, enrolment: &Enrolment) -> Worked<Enrolled, EnrolRefused> {
    let Some(code) = find_code(connection, enrolment)? else {
        return Ok(Err(EnrolRefused::WrongCode));
    };
    if enrolment.now >= code.expires_at {
        return Ok(Err(EnrolRefused::SpentCode));
    }
    match code.used_by {
        None => add_device(connection, enrolment, code.enrolled).map(Ok),
        Some(device) => {
            let renewed = renew_device(connection, enrolment, device)?;
            let enrolled = Enrolled {
                device: DeviceId(device),
                ..code.enrolled
            };
            Ok(if renewed {
                Ok(enrolled)
            } else {
                Err(EnrolRefused::SpentCode)
            })
        }
    }
}

fn find_code(
    connection: &Connection,
    enrolment: &Enrolment,
) -> rusqlite::Result<Option<KnownCode>> {
    let mut statement = connection.prepare_cached(
        "SELECT used_by, expires_at, role, programme FROM enrolment_code WHERE code_hash = ?1",
    )?;
    let known = |row: &Row<'_>| {
        Ok(KnownCode {
            used_by: row.get(0)?,
            expires_at: row.get::<_, Column<_>>(1)?.0,
            enrolled: Enrolled {
                device: DeviceId(0),
                role: row.get::<_, Column<_>>(2)?.0,
                programmes: vec![row.get::<_, Written<ProgrammeId>>(3)?.0],
            },
        })
    };
    statement.query_row([enrolment.code.0], known).optional()
}

fn add_device(
    connection: &Connection,
    enrolment: &Enrolment,
    enrolled: Enrolled,
) -> rusqlite::Result<Enrolled> {
    let device: u32 = connection.query_row(
        "INSERT INTO device (name, staff, staff_name, role, programmes, token_hash, last_seen)
         VALUES (:name, :staff, :staff_name, :role, :programmes, :token, :now) RETURNING id",
        named_params! {
            ":name": enrolment.device_name.as_str(),
            ":staff": Column(enrolment.staff.0),
            ":staff_name": enrolment.staff_name.as_str(),
            ":role": Column(enrolled.role),
            ":programmes": Programmes(enrolled.programmes.clone()),
            ":token": enrolment.token.0,
            ":now": Column(enrolment.now),
        },
        |row| row.get(0),
    )?;
    connection.execute(
        "UPDATE enrolment_code SET used_by = ?2 WHERE code_hash = ?1",
        (enrolment.code.0, device),
    )?;
    begin(connection, enrolment, DeviceId(device))?;
    Ok(Enrolled {
        device: DeviceId(device),
        ..enrolled
    })
}

/// Keeps what the requests of the device will be known by.
fn begin(connection: &Connection, enrolment: &Enrolment, device: DeviceId) -> rusqlite::Result<()> {
    let shown = KeyHash(enrolment.token.0);
    let proof = DeviceProof::begin(enrolment.public_key, shown, enrolment.now);
    proofs::put(connection, device, &proof)
}

/// Gives the new key to the device that used the code, if it is the same one asking and it has sent
/// nothing yet: a device that sends has the answer that it asks for again.
fn renew_device(
    connection: &Connection,
    enrolment: &Enrolment,
    device: u32,
) -> rusqlite::Result<bool> {
    let (staff, max_n, revoked) = connection.query_row(
        "SELECT staff, max_n, revoked FROM device WHERE id = ?1",
        [device],
        |row| {
            Ok((
                StaffId(row.get::<_, Column<_>>(0)?.0),
                row.get::<_, Column<u64>>(1)?.0,
                row.get::<_, bool>(2)?,
            ))
        },
    )?;
    if staff != enrolment.staff || max_n != 0 || revoked {
        return Ok(false);
    }
    connection.execute(
        "UPDATE device SET token_hash = :token, name = :name, staff_name = :staff_name, last_seen = :now
         WHERE id = :device",
        named_params! {
            ":device": device,
            ":token": enrolment.token.0,
            ":name": enrolment.device_name.as_str(),
            ":staff_name": enrolment.staff_name.as_str(),
            ":now": Column(enrolment.now),
        },
    )?;
    begin(connection, enrolment, DeviceId(device))?;
    Ok(true)
}
