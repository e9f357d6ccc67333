//! Key slots: the tablet's key, once for each secret that opens it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use minicbor::bytes::{ByteArray, ByteVec};
use zeroize::Zeroizing;

use super::keys::{DataKey, KEY_LEN, Secret, derived};
use super::passkey::{PasskeySecret, is_credential};
use super::recovery::RecoveryCode;
use super::stretching::{Stretched, Stretching};
use crate::ids::DeviceId;

const VERSION: u8 = 1;

/// The wrapped key and its tag.
const WRAPPED_LEN: usize = KEY_LEN + 16;

const WRAPPING: &[u8] = b"wellfield/vault/wrapping/1";

/// Kinds of secret on the disk.
const PASSPHRASE: u8 = 1;
const RECOVERY: u8 = 2;
const PASSKEY: u8 = 3;

/// How a slot is opened, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
enum How {
    Passphrase(Stretching),
    Recovery,
    /// The passkey of this name.
    Passkey(Vec<u8>),
}

/// A secret that somebody gave.
#[derive(Clone, Debug)]
pub enum SlotSecret {
    /// A facilitator's passphrase, stretched.
    Passphrase(Stretched),
    /// The code on the recovery sheet.
    Recovery(RecoveryCode),
    /// What a passkey gave out.
    Passkey(PasskeySecret),
}

/// The tablet's key, wrapped with one secret. Which facilitator it belongs to is not in it: a tablet that
/// was taken away does not tell who used it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySlot {
    device: DeviceId,
    how: How,
    salt: [u8; 16],
    nonce: [u8; 24],
    wrapped: Vec<u8>,
}

/// Why a slot does not open, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// The secret is another one, or the slot was changed.
    #[error("another secret")]
    WrongSecret,
    /// The slot asks for another kind of secret.
    #[error("another kind of secret")]
    OtherKind,
    /// The bytes are no slot of this version, or one with less stretching than this version takes.
    #[error("not a key slot")]
    NotASlot,
}

wire_map! {
    /// What a slot says of itself. It is bound into the wrapped key, so that nobody makes it say less.
    struct HeadV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        device: u32,
        #[n(2)]
        kind: u8,
        #[n(3)]
        salt: ByteArray<16>,
        #[n(4)]
        memory_kib: Option<u32>,
        #[n(5)]
        passes: Option<u32>,
        /// The name of a passkey.
        #[n(6)]
        credential: Option<ByteVec>,
    }
}

wire_map! {
    struct KeySlotV1 {
        #[n(0)]
        head: HeadV1,
        #[n(1)]
        nonce: ByteArray<24>,
        #[n(2)]
        wrapped: ByteVec,
    }
}

impl KeySlot {
    /// Wraps a tablet's key with a secret. `nonce` is random bytes drawn for this slot alone, and so is
    /// `salt`, which a stretched passphrase brings along itself.
    pub fn new(
        device: DeviceId,
        key: &DataKey,
        secret: &SlotSecret,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Self {
        let (how, salt) = match secret {
            SlotSecret::Passphrase(stretched) => {
                (How::Passphrase(stretched.stretching), stretched.salt)
            }
            SlotSecret::Recovery(_) => (How::Recovery, salt),
            SlotSecret::Passkey(passkey) => (How::Passkey(passkey.credential().to_vec()), salt),
        };
        let mut slot = Self {
            device,
            how,
            salt,
            nonce,
            wrapped: Vec::new(),
        };
        if let Ok(wrapping) = slot.wrapping_key(secret) {
            let payload = Payload {
                msg: &key.0.0,
                aad: &slot.bound(),
            };
            let wrapped = cipher(&wrapping).encrypt(&XNonce::from(nonce), payload);
            debug_assert!(wrapped.is_ok(), "32 bytes are not too many");
            slot.wrapped = wrapped.unwrap_or_default();
        }
        slot
    }

    /// With what a passphrase has to be stretched before it is tried; nothing where the slot asks for
    /// something else.
    pub const fn asks(&self) -> Option<(Stretching, [u8; 16])> {
        match self.how {
            How::Passphrase(stretching) => Some((stretching, self.salt)),
            How::Recovery | How::Passkey(_) => None,
        }
    }

    /// Whether it asks for the recovery sheet.
    pub const fn is_of_sheet(&self) -> bool {
        matches!(self.how, How::Recovery)
    }

    /// The name of the passkey that it asks for, if it asks for one.
    pub fn passkey(&self) -> Option<&[u8]> {
        match &self.how {
            How::Passkey(credential) => Some(credential),
            How::Passphrase(_) | How::Recovery => None,
        }
    }

    /// The tablet's key.
    ///
    /// # Errors
    /// [`SlotError::WrongSecret`], and [`SlotError::OtherKind`] also for a passphrase that was stretched
    /// otherwise than this slot asks for.
    pub fn open(&self, secret: &SlotSecret) -> Result<DataKey, SlotError> {
        let wrapping = self.wrapping_key(secret)?;
        let payload = Payload {
            msg: &self.wrapped,
            aad: &self.bound(),
        };
        let key = cipher(&wrapping)
            .decrypt(&XNonce::from(self.nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| SlotError::WrongSecret)?;
        let key: [u8; KEY_LEN] = key.as_slice().try_into().map_err(|_| SlotError::NotASlot)?;
        Ok(DataKey(Secret(key)))
    }

    /// The bytes on disk.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = KeySlotV1 {
            head: self.head(),
            nonce: self.nonce.into(),
            wrapped: self.wrapped.clone().into(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`SlotError::NotASlot`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SlotError> {
        let wire: KeySlotV1 = minicbor::decode(bytes).map_err(|_| SlotError::NotASlot)?;
        let head = wire.head;
        if head.version != VERSION || wire.wrapped.len() != WRAPPED_LEN {
            return Err(SlotError::NotASlot);
        }
        let how = match (head.kind, head.memory_kib, head.passes, head.credential) {
            (PASSPHRASE, Some(memory_kib), Some(passes), None) => {
                let stretching = Stretching::new(memory_kib, passes);
                How::Passphrase(stretching.map_err(|_| SlotError::NotASlot)?)
            }
            (RECOVERY, None, None, None) => How::Recovery,
            (PASSKEY, None, None, Some(credential)) if is_credential(&credential) => {
                How::Passkey(credential.into())
            }
            _ => return Err(SlotError::NotASlot),
        };
        Ok(Self {
            device: DeviceId(head.device),
            how,
            salt: head.salt.into(),
            nonce: wire.nonce.into(),
            wrapped: wire.wrapped.into(),
        })
    }

    fn head(&self) -> HeadV1 {
        let (kind, stretching) = match self.how {
            How::Passphrase(stretching) => (PASSPHRASE, Some(stretching)),
            How::Recovery => (RECOVERY, None),
            How::Passkey(_) => (PASSKEY, None),
        };
        HeadV1 {
            version: VERSION,
            device: self.device.0,
            kind,
            salt: self.salt.into(),
            memory_kib: stretching.map(Stretching::memory_kib),
            passes: stretching.map(Stretching::passes),
            credential: self.passkey().map(|name| name.to_vec().into()),
        }
    }

    fn bound(&self) -> Vec<u8> {
        minicbor::to_vec(self.head()).unwrap_or_default()
    }

    fn wrapping_key(&self, secret: &SlotSecret) -> Result<Secret, SlotError> {
        match (&self.how, secret) {
            (How::Passphrase(stretching), SlotSecret::Passphrase(stretched))
                if stretched.stretching == *stretching && stretched.salt == self.salt =>
            {
                Ok(derived(&stretched.secret.0, &self.salt, WRAPPING))
            }
            (How::Recovery, SlotSecret::Recovery(code)) => {
                Ok(derived(code.as_bytes(), &self.salt, WRAPPING))
            }
            (How::Passkey(credential), SlotSecret::Passkey(passkey))
                if passkey.credential() == credential =>
            {
                Ok(derived(&passkey.given.0, &self.salt, WRAPPING))
            }
            (How::Passphrase(_) | How::Recovery | How::Passkey(_), _) => Err(SlotError::OtherKind),
        }
    }
}

fn cipher(wrapping: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(wrapping.0))
}
