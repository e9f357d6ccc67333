//! How hard a passphrase is stretched before it opens anything.

use argon2::{Algorithm, Argon2, Params, Version};

use super::keys::{KEY_LEN, Secret};
use super::passphrase::Passphrase;

/// How long an unlock may take on the tablet, in milliseconds.
const UNLOCK_MS_MAX: u32 = 1_000;

/// How much work one guess at a passphrase costs (Argon2id, RFC 9106, one lane).
///
/// The parameters lie beside what they protect, and whoever changes the disk could make them cheap: so
/// nothing below the floor is ever taken, and they are bound into the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretching {
    memory_kib: u32,
    passes: u32,
}

/// Parameters outside what this software takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not as much stretching as this version asks for")]
pub struct TooWeak;

impl Stretching {
    /// The least: 32 MiB in three passes. Above what ASVS 5.0, appendix C, asks for with three passes
    /// (12 MiB).
    pub const FLOOR: Self = Self {
        memory_kib: 32 * 1024,
        passes: 3,
    };

    /// The most: 64 MiB in three passes. More would not fit beside a browser on an old tablet, and a
    /// slot that claims more is somebody's attempt to stop the tablet.
    pub const CEILING: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };

    /// Parameters as they were kept.
    ///
    /// # Errors
    /// [`TooWeak`] below the floor or above the ceiling.
    pub fn new(memory_kib: u32, passes: u32) -> Result<Self, TooWeak> {
        let (least, most) = (Self::FLOOR, Self::CEILING);
        let fits = (least.memory_kib..=most.memory_kib).contains(&memory_kib)
            && (least.passes..=most.passes).contains(&passes);
        if fits {
            Ok(Self { memory_kib, passes })
        } else {
            Err(TooWeak)
        }
    }

    /// As much as this tablet does within a second, given how many milliseconds it took for the floor.
    /// The work grows with the memory; a quarter is left for a tablet that does other things too.
    pub fn for_tablet(floor_took_ms: u32) -> Self {
        let within = UNLOCK_MS_MAX - UNLOCK_MS_MAX / 4;
        let memory =
            u64::from(Self::FLOOR.memory_kib) * u64::from(within) / u64::from(floor_took_ms.max(1));
        // In whole MiB, so that slots of one tablet look alike.
        let mib = (memory / 1024).clamp(
            u64::from(Self::FLOOR.memory_kib / 1024),
            u64::from(Self::CEILING.memory_kib / 1024),
        );
        Self {
            memory_kib: u32::try_from(mib * 1024).unwrap_or(Self::FLOOR.memory_kib),
            passes: Self::FLOOR.passes,
        }
    }

    /// The memory that one try takes, in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// How often the memory is gone through.
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// What a passphrase becomes. Takes up to a second of a tablet's processor: not to be called where a
    /// person waits for something else.
    pub fn stretch(self, passphrase: &Passphrase, salt: [u8; 16]) -> Stretched {
        let mut secret = Secret([0; KEY_LEN]);
        let params = Params::new(self.memory_kib, self.passes, 1, Some(KEY_LEN));
        // What `new` and `for_tablet` let through, Argon2 takes too.
        let done = params.and_then(|params| {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                passphrase.as_bytes(),
                &salt,
                &mut secret.0,
            )
        });
        debug_assert!(done.is_ok(), "{done:?}");
        Stretched {
            secret,
            stretching: self,
            salt,
        }
    }
}

/// A passphrase after the stretching, which is the slow part and is done where nobody waits: in a worker,
/// once for all slots of a tablet, because they share their salt.
#[derive(Clone, Debug)]
pub struct Stretched {
    pub(super) secret: Secret,
    /// With which parameters.
    pub(super) stretching: Stretching,
    /// With which salt.
    pub(super) salt: [u8; 16],
}

impl Stretched {
    /// What a worker made of a passphrase with these parameters and this salt.
    pub fn by_worker(secret: [u8; KEY_LEN], stretching: Stretching, salt: [u8; 16]) -> Self {
        Self {
            secret: Secret(secret),
            stretching,
            salt,
        }
    }

    /// With which parameters and which salt.
    pub const fn made_with(&self) -> (Stretching, [u8; 16]) {
        (self.stretching, self.salt)
    }

    /// The bytes that a worker hands back.
    pub fn for_tablet(&self) -> [u8; KEY_LEN] {
        self.secret.0
    }
}
