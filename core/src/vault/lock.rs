//! What lies readable on a locked tablet: which secrets open it, and nothing about anybody.

use minicbor::bytes::{ByteArray, ByteVec};

use super::keys::DataKey;
use super::slot::{KeySlot, SlotError, SlotSecret};
use super::stretching::Stretching;
use crate::ids::DeviceId;

const VERSION: u8 = 1;

/// So many slots a tablet has at most: more people than ever share one.
pub const SLOTS_MAX: usize = 32;

/// Which slot: a random number, under which lies, sealed, whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlotId(pub u64);

/// The lock of a tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The tablet's number.
    pub device: DeviceId,
    /// The salt with which every passphrase is stretched, so that one stretching tries them all and the
    /// screen asks nobody's name.
    pub salt: [u8; 16],
    /// How hard.
    pub stretching: Stretching,
    slots: Vec<Held>,
}

/// A slot of the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    id: SlotId,
    slot: KeySlot,
    /// For a passkey: the slot of the passphrase that it stands in for.
    owner: Option<SlotId>,
}

/// A passkey that opens a tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passkey<'l> {
    /// Its slot.
    pub id: SlotId,
    /// The slot of whoever it is of.
    pub owner: SlotId,
    /// The name that browsers know it by.
    pub credential: &'l [u8],
}

/// Bytes that are no lock of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the lock of a tablet")]
pub struct NotALock;

/// There is no room for one more slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many slots")]
pub struct TooManySlots;

wire_map! {
    struct LockV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        device: u32,
        #[n(2)]
        salt: ByteArray<16>,
        #[n(3)]
        memory_kib: u32,
        #[n(4)]
        passes: u32,
        #[n(5)]
        slots: Vec<SlotV1>,
    }
}

wire_map! {
    struct SlotV1 {
        #[n(0)]
        id: u64,
        #[n(1)]
        slot: ByteVec,
        #[n(2)]
        owner: Option<u64>,
    }
}

impl Lock {
    /// A lock that nothing opens yet.
    pub const fn new(device: DeviceId, salt: [u8; 16], stretching: Stretching) -> Self {
        Self {
            device,
            salt,
            stretching,
            slots: Vec::new(),
        }
    }

    /// Adds a slot, in the place of one with the same number.
    ///
    /// # Errors
    /// [`TooManySlots`]; then nothing changed.
    pub fn put(&mut self, id: SlotId, slot: KeySlot) -> Result<(), TooManySlots> {
        self.hold(Held {
            id,
            slot,
            owner: None,
        })
    }

    /// Adds a passkey that stands in for somebody's passphrase. It goes with them.
    ///
    /// # Errors
    /// [`TooManySlots`]; then nothing changed.
    pub fn put_passkey(
        &mut self,
        id: SlotId,
        slot: KeySlot,
        owner: SlotId,
    ) -> Result<(), TooManySlots> {
        self.hold(Held {
            id,
            slot,
            owner: Some(owner),
        })
    }

    fn hold(&mut self, held: Held) -> Result<(), TooManySlots> {
        let others = self.slots.iter().filter(|other| other.id != held.id);
        if others.count() >= SLOTS_MAX {
            return Err(TooManySlots);
        }
        self.slots.retain(|other| other.id != held.id);
        self.slots.push(held);
        Ok(())
    }

    /// Takes a slot away: its secret opens nothing any more, nor does a passkey that stands in for it.
    pub fn remove(&mut self, id: SlotId) {
        self.slots
            .retain(|held| held.id != id && held.owner != Some(id));
    }

    /// The slots of passphrases.
    pub fn people(&self) -> impl Iterator<Item = SlotId> {
        let people = self.slots.iter().filter(|held| held.slot.asks().is_some());
        people.map(|held| held.id)
    }

    /// The passkeys that open the tablet.
    pub fn passkeys(&self) -> impl Iterator<Item = Passkey<'_>> {
        self.slots.iter().filter_map(|held| {
            Some(Passkey {
                id: held.id,
                owner: held.owner?,
                credential: held.slot.passkey()?,
            })
        })
    }

    /// Whether the tablet can be opened with a sheet.
    pub fn has_sheet(&self) -> bool {
        self.slots.iter().any(|held| held.slot.is_of_sheet())
    }

    /// The tablet's key, and the slot of whoever it was opened by: for a passkey, the one that it stands in
    /// for.
    ///
    /// # Errors
    /// [`SlotError::WrongSecret`] if it opens none of them.
    pub fn open(&self, secret: &SlotSecret) -> Result<(SlotId, DataKey), SlotError> {
        let mut opened = self.slots.iter().filter_map(|held| {
            let key = held.slot.open(secret).ok()?;
            Some((held.owner.unwrap_or(held.id), key))
        });
        opened.next().ok_or(SlotError::WrongSecret)
    }

    /// The bytes on disk.
    pub fn to_bytes(&self) -> Vec<u8> {
        let slots = self.slots.iter().map(|held| SlotV1 {
            id: held.id.0,
            slot: held.slot.to_bytes().into(),
            owner: held.owner.map(|owner| owner.0),
        });
        let wire = LockV1 {
            version: VERSION,
            device: self.device.0,
            salt: self.salt.into(),
            memory_kib: self.stretching.memory_kib(),
            passes: self.stretching.passes(),
            slots: slots.collect(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads what [`Self::to_bytes`] wrote. A slot that cannot be read is left out: the others still open.
    ///
    /// # Errors
    /// [`NotALock`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotALock> {
        let wire: LockV1 = minicbor::decode(bytes).map_err(|_| NotALock)?;
        if wire.version != VERSION || wire.slots.len() > SLOTS_MAX {
            return Err(NotALock);
        }
        let slots = wire.slots.into_iter();
        Ok(Self {
            device: DeviceId(wire.device),
            salt: wire.salt.into(),
            stretching: Stretching::new(wire.memory_kib, wire.passes).map_err(|_| NotALock)?,
            slots: slots
                .filter_map(|slot| {
                    Some(Held {
                        id: SlotId(slot.id),
                        slot: KeySlot::from_bytes(&slot.slot).ok()?,
                        owner: slot.owner.map(SlotId),
                    })
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PasskeySecret, Passphrase, RecoveryCode};
    use super::*;

    const DEVICE: DeviceId = DeviceId(7);

    fn lock(people: &[&str]) -> Lock {
        let key = DataKey::new([5; 32]);
        let mut lock = Lock::new(DEVICE, [3; 16], Stretching::FLOOR);
        for (id, words) in (1..).zip(people) {
            let slot = KeySlot::new(DEVICE, &key, &secret(words), [0; 16], [9; 24]);
            lock.put(SlotId(id), slot).unwrap();
        }
        let sheet = SlotSecret::Recovery(RecoveryCode::new([1; 16]));
        let slot = KeySlot::new(DEVICE, &key, &sheet, [4; 16], [8; 24]);
        lock.put(SlotId(99), slot).unwrap();
        lock
    }

    fn secret(words: &str) -> SlotSecret {
        let words = Passphrase::typed(words);
        SlotSecret::Passphrase(Stretching::FLOOR.stretch(&words, [3; 16]))
    }

    #[test]
    fn each_of_several_people_opens_the_tablet_and_so_does_the_sheet() {
        let lock = Lock::from_bytes(&lock(&["one", "two"]).to_bytes()).unwrap();
        let opened = |secret| lock.open(&secret).map(|(id, _)| id);
        assert_eq!(opened(secret("two")), Ok(SlotId(2)));
        assert_eq!(opened(secret("one")), Ok(SlotId(1)));
        assert_eq!(opened(secret("three")), Err(SlotError::WrongSecret));
        let sheet = |byte| SlotSecret::Recovery(RecoveryCode::new([byte; 16]));
        assert_eq!(opened(sheet(1)), Ok(SlotId(99)));
        assert_eq!(opened(sheet(2)), Err(SlotError::WrongSecret));
        assert_eq!(lock.people().collect::<Vec<_>>(), [SlotId(1), SlotId(2)]);
        assert!(lock.has_sheet());
    }

    #[test]
    fn a_slot_that_was_taken_away_opens_nothing_and_the_others_do() {
        let mut lock = lock(&["one", "two"]);
        lock.remove(SlotId(1));
        assert!(lock.open(&secret("one")).is_err());
        assert!(lock.open(&secret("two")).is_ok());
    }

    fn passkey(name: u8, given: u8) -> SlotSecret {
        SlotSecret::Passkey(PasskeySecret::new(vec![name; 20], [given; 32]).unwrap())
    }

    #[test]
    fn a_passkey_opens_the_tablet_for_whoever_it_stands_in_for_and_goes_with_them() {
        let mut lock = lock(&["one", "two"]);
        let key = DataKey::new([5; 32]);
        for (id, owner) in [(11, 1), (12, 2)] {
            let slot = KeySlot::new(DEVICE, &key, &passkey(id, id), [6; 16], [7; 24]);
            let put = lock.put_passkey(SlotId(id.into()), slot, SlotId(owner));
            assert_eq!(put, Ok(()));
        }
        let mut lock = Lock::from_bytes(&lock.to_bytes()).unwrap();
        let opened = |lock: &Lock, secret| lock.open(&secret).map(|(id, _)| id);
        assert_eq!(opened(&lock, passkey(11, 11)), Ok(SlotId(1)));
        assert_eq!(opened(&lock, passkey(12, 12)), Ok(SlotId(2)));
        for other in [passkey(11, 12), passkey(13, 11)] {
            assert_eq!(opened(&lock, other), Err(SlotError::WrongSecret));
        }
        let names: Vec<_> = lock.passkeys().map(|one| (one.id, one.owner)).collect();
        assert_eq!(names, [(SlotId(11), SlotId(1)), (SlotId(12), SlotId(2))]);
        assert_eq!(lock.passkeys().next().unwrap().credential, [11; 20]);
        assert_eq!(lock.people().count(), 2, "it is nobody of its own");
        // New words leave it; whoever is taken away takes it along.
        let slot = KeySlot::new(DEVICE, &key, &secret("anew"), [0; 16], [3; 24]);
        lock.put(SlotId(1), slot).unwrap();
        assert_eq!(opened(&lock, passkey(11, 11)), Ok(SlotId(1)));
        lock.remove(SlotId(1));
        assert!(opened(&lock, passkey(11, 11)).is_err());
        lock.remove(SlotId(12));
        assert!(opened(&lock, passkey(12, 12)).is_err());
        assert!(opened(&lock, secret("two")).is_ok());
        assert!(lock.has_sheet());
    }

    #[test]
    fn a_tablet_without_a_sheet_has_none_for_having_a_passkey() {
        let mut lock = Lock::new(DEVICE, [3; 16], Stretching::FLOOR);
        let key = DataKey::new([5; 32]);
        let slot = KeySlot::new(DEVICE, &key, &passkey(1, 1), [6; 16], [7; 24]);
        lock.put_passkey(SlotId(1), slot, SlotId(2)).unwrap();
        assert!(!lock.has_sheet());
    }

    #[test]
    fn a_damaged_slot_leaves_the_others() {
        let mut lock = lock(&["one", "two"]);
        lock.slots[0].slot = KeySlot::from_bytes(&{
            let mut bytes = lock.slots[0].slot.to_bytes();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            bytes
        })
        .unwrap();
        let lock = Lock::from_bytes(&lock.to_bytes()).unwrap();
        assert!(lock.open(&secret("one")).is_err());
        assert!(lock.open(&secret("two")).is_ok());
    }

    #[test]
    fn there_is_an_end_to_the_slots() {
        let mut lock = lock(&["one"]);
        let slot = lock.slots[0].slot.clone();
        for id in 100..100 + SLOTS_MAX as u64 - 2 {
            assert_eq!(lock.put(SlotId(id), slot.clone()), Ok(()));
        }
        assert_eq!(lock.put(SlotId(7), slot.clone()), Err(TooManySlots));
        assert_eq!(lock.put(SlotId(1), slot), Ok(()), "in the place of another");
        assert!(Lock::from_bytes(b"nonsense").is_err());
        let full = lock.to_bytes();
        assert_eq!(Lock::from_bytes(&full).unwrap().slots.len(), SLOTS_MAX);
        let one_more = lock.slots[1].clone();
        lock.slots.push(one_more);
        assert!(Lock::from_bytes(&lock.to_bytes()).is_err());
    }

    #[test]
    fn a_lock_of_another_version_is_none() {
        let bytes = lock(&["one"]).to_bytes();
        let place = bytes.iter().position(|byte| *byte == VERSION).unwrap();
        let mut other = bytes.clone();
        other[place] += 1;
        assert!(Lock::from_bytes(&bytes).is_ok());
        assert!(Lock::from_bytes(&other).is_err());
    }
}
