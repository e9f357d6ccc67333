//! Who this device is, as it lies on disk: version 1, a CBOR map with integer keys.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use wellfield_core::access::Role;
use wellfield_core::handover::PinLatch;
use wellfield_core::ids::{DeviceId, ProgrammeId, StaffId};

use super::StoreError;

/// Who this device is and who uses it.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its number.
    pub device: DeviceId,
    /// Its key, shown to the server with every request.
    pub token: [u8; 32],
    /// What its user does.
    pub role: Role,
    /// The programmes that it belongs to.
    pub programmes: Vec<ProgrammeId>,
    /// What it is called.
    pub device_name: String,
    /// Who uses it.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// The code that ends a hand-over.
    pub pin: PinLatch,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct IdentityV1 {
    #[n(0)]
    device: u32,
    #[n(1)]
    token: ByteArray<32>,
    #[n(2)]
    role: u8,
    #[n(3)]
    programmes: Vec<u64>,
    #[n(4)]
    device_name: String,
    #[n(5)]
    staff: u64,
    #[n(6)]
    staff_name: String,
    #[n(7)]
    pin: ByteVec,
}

impl Identity {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let wire = IdentityV1 {
            device: self.device.0,
            token: self.token.into(),
            role: self.role.code(),
            programmes: self
                .programmes
                .iter()
                .map(|programme| programme.0)
                .collect(),
            device_name: self.device_name.clone(),
            staff: self.staff.0,
            staff_name: self.staff_name.clone(),
            pin: self.pin.to_bytes().into(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let wire: IdentityV1 = minicbor::decode(bytes).map_err(|_| StoreError::Unreadable)?;
        Ok(Self {
            device: DeviceId(wire.device),
            token: wire.token.into(),
            role: Role::from_code(wire.role).ok_or(StoreError::Unreadable)?,
            programmes: wire.programmes.into_iter().map(ProgrammeId).collect(),
            device_name: wire.device_name,
            staff: StaffId(wire.staff),
            staff_name: wire.staff_name,
            pin: PinLatch::from_bytes(&wire.pin).ok_or(StoreError::Unreadable)?,
        })
    }
}
