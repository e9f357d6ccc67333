//! What a locked tablet sends with: it can hand its log on and read none of it.
//!
//! While it is open, the tablet seals to its server what the server needs for that: the tablet's key of
//! access and the key of the log's rows. The sealed grant lies readable beside the lock, because whoever
//! has the disk can neither open it nor make a row that the log's key opens. All that it is good for is
//! to send the server rows that the tablet itself has sealed.

use zeroize::Zeroizing;

use super::keys::{RowKey, Secret};
use super::row::{NotOpened, Place};
use super::sealing::{NotAKey, OpeningKey, SealingKey};
use crate::ids::DeviceId;

/// What every grant is bound to, so that nothing else that is sealed to a server passes for one.
const PLACE: &[u8] = b"wellfield/vault/send/1";

/// The store of the own log, as its rows are bound to it.
const LOG_STORE: &str = "log";

/// The version of what is inside its rows.
const LOG_SCHEMA: u8 = 1;

/// Where a row of the own log lies. It is added once and never replaced, but where its record was erased.
fn own_place(device: DeviceId, key: &[u8; 8]) -> Place<'_> {
    Place {
        device,
        store: LOG_STORE,
        key,
        revision: 0,
        schema: LOG_SCHEMA,
    }
}

impl RowKey {
    /// Seals the event with this number of the tablet's own log. `nonce` is 24 random bytes that were
    /// never used before.
    pub fn seal_own(&self, device: DeviceId, n: u64, event: &[u8], nonce: [u8; 24]) -> Vec<u8> {
        self.seal(own_place(device, &n.to_be_bytes()), event, nonce)
    }

    /// Opens the row of the own log with this number.
    ///
    /// # Errors
    /// See [`NotOpened`].
    pub fn open_own(
        &self,
        device: DeviceId,
        n: u64,
        row: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        self.open(own_place(device, &n.to_be_bytes()), row)
    }

    /// What is left of a row of the own log that does not open, as [`Self::remains`].
    pub fn remains_of_own(
        &self,
        device: DeviceId,
        n: u64,
        row: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.remains(own_place(device, &n.to_be_bytes()), row)
    }
}

/// What a server needs to take in rows of a locked tablet as they lie there.
#[derive(Clone, Debug)]
pub struct SendGrant {
    /// The tablet.
    pub device: DeviceId,
    /// What it shows with every request when it is open.
    token: Secret,
    /// What opens its log.
    pub log: RowKey,
}

impl SendGrant {
    /// The grant of a tablet: `token` is what it shows with its requests.
    pub fn new(device: DeviceId, token: [u8; 32], log: RowKey) -> Self {
        Self {
            device,
            token: Secret(token),
            log,
        }
    }

    /// What the tablet shows with every request when it is open.
    pub const fn token(&self) -> &[u8; 32] {
        &self.token.0
    }

    /// Seals the grant to a server. `random` is 32 bytes drawn for it alone.
    ///
    /// # Errors
    /// [`NotAKey`] if nothing can be sealed with what was given.
    pub fn seal(&self, to: SealingKey, random: [u8; 32]) -> Result<Vec<u8>, NotAKey> {
        let device = self.device.0.to_be_bytes();
        // In one piece, so that nothing of it is left behind where it grew.
        let plain = [&device[..], &self.token.0, &self.log.0.0].concat();
        to.seal(PLACE, &Zeroizing::new(plain), random)
    }

    /// Opens a grant with the key that it was sealed to.
    ///
    /// # Errors
    /// [`NotOpened`] if it was sealed to somebody else, was changed, or is no grant.
    pub fn open(key: &OpeningKey, sealed: &[u8]) -> Result<Self, NotOpened> {
        let plain = key.open(PLACE, sealed)?;
        let (device, keys) = plain.split_first_chunk::<4>().ok_or(NotOpened)?;
        let (token, log) = keys.split_first_chunk::<32>().ok_or(NotOpened)?;
        let log: [u8; 32] = log.try_into().map_err(|_| NotOpened)?;
        Ok(Self {
            device: DeviceId(u32::from_be_bytes(*device)),
            token: Secret(*token),
            log: RowKey(Secret(log)),
        })
    }
}
