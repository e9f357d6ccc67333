//! `wellfield enrol` and `wellfield revoke`.

use std::sync::Arc;

use wellfield_core::access::Role;
use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::ids::{DeviceId, ProgrammeId};

use super::failure::Failure;
use super::{Enrol, Revoke, say};
use crate::clock::{Clock, SystemClock};
use crate::enrolment::EnrolmentCode;
use crate::storage::{NewCode, Revocation, Storage};

pub(super) async fn enrol(command: Enrol) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    let programme = find_programme(&storage, &command.programme).await?;
    let code = make_code(&storage, programme, command.role.into(), command.minutes).await?;
    say(&code.to_string())
}

pub(super) async fn revoke(command: Revoke) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    let revoked = storage
        .revoke(Revocation {
            device: DeviceId(command.device),
            by: Actor::CommandLine,
            now: SystemClock.now(),
        })
        .await;
    revoked.map_err(|error| Failure::of_revoking(error, command.device))?;
    say(&format!("Device {0} is shut out.", command.device))?;
    say(&format!(
        "If it was lost: `wellfield loss --device {0} --out FILE.html` writes down whom that may harm.",
        command.device
    ))
}

/// Draws a code and keeps its fingerprint.
pub(super) async fn make_code(
    storage: &Arc<dyn Storage>,
    programme: ProgrammeId,
    role: Role,
    minutes: u32,
) -> Result<EnrolmentCode, Failure> {
    let code = EnrolmentCode::draw()?;
    let now = SystemClock.now();
    let expires_at = Instant(now.0 + u64::from(minutes) * 60_000);
    storage
        .create_code(NewCode {
            code: code.hash(),
            role,
            programme,
            expires_at,
            by: Actor::CommandLine,
            now,
        })
        .await?;
    Ok(code)
}

/// The programme of a name, in whatever case it is typed.
pub(super) async fn find_programme(
    storage: &Arc<dyn Storage>,
    name: &str,
) -> Result<ProgrammeId, Failure> {
    let programmes = storage.overview().await?.programmes;
    match programmes.iter().find(|entry| entry.is_called(name)) {
        Some(entry) => Ok(entry.programme),
        None => Err(Failure::NoProgramme {
            name: name.to_owned(),
            known: programmes.into_iter().map(|entry| entry.name).collect(),
        }),
    }
}
