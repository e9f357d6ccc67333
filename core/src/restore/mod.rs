//! What has to change when records are put back out of a backup.
//!
//! Devices remember what the lost database told them: how far they read each stream, whose number is
//! whose, and which records name which. Nothing that the restored server gives out from here on may be
//! taken for something that the lost one gave out. What it gives out is therefore moved to numbers that
//! were never used ([`Renewal`]), and what was erased after the backup is erased again ([`ledger`]).
//!
//! The server's part alone.

pub mod ledger;

/// The lowest epoch that is drawn. Those below were counted from 1, or were minutes of the clock, as long
/// as this was done by hand.
const EPOCH_MIN: u32 = 1 << 31;

/// At least so many numbers of devices are left out: more than may have joined after the backup.
const DEVICES_MIN: u32 = 1_000;

/// Fewer than so many are left out, because there are only some thousand million.
const DEVICES_MAX: u32 = 1_000_000;

/// At least so many places in the server's own log are left out.
const PLACES_MIN: u64 = 1 << 20;

/// The numbers from which a restored server goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The epoch of every stream, of those too that are opened later. Devices read a stream of another
    /// epoch afresh.
    pub epoch: u32,
    /// So many numbers of devices are left out: those of devices that joined after the backup, whose
    /// records other devices' records may name.
    pub devices_left_out: u32,
    /// So many places in the server's own log are left out: those of referrals that arrived after the
    /// backup, which somebody's device may have answered.
    pub places_left_out: u64,
}

impl Renewal {
    /// Takes the numbers out of randomness. Chance and not the clock, because a clock can be put back and
    /// one backup can be restored twice; `None` in one case of two thousand million for each epoch that is
    /// in use, and then other randomness serves.
    pub fn draw(random: [u8; 16], epochs_in_use: &[u32]) -> Option<Self> {
        let [first, second] = [0, 8].map(|at| {
            let mut half = [0; 8];
            half.copy_from_slice(&random[at..at + 8]);
            u64::from_be_bytes(half)
        });
        let epoch = EPOCH_MIN | low_bits(first);
        let devices = low_bits(first >> 32) % (DEVICES_MAX - DEVICES_MIN);
        let renewal = Self {
            epoch,
            devices_left_out: DEVICES_MIN + devices,
            places_left_out: PLACES_MIN + (second >> 33),
        };
        (!epochs_in_use.contains(&epoch)).then_some(renewal)
    }
}

/// The low 32 bits.
const fn low_bits(bits: u64) -> u32 {
    (bits & 0xffff_ffff) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_beyond_what_was_ever_counted_and_fits() {
        for random in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let renewal = Renewal::draw(random, &[1, 29_000_000]).unwrap();
            assert!(renewal.epoch >= 1 << 31);
            assert!((DEVICES_MIN..DEVICES_MAX).contains(&renewal.devices_left_out));
            assert!((PLACES_MIN..1 << 32).contains(&renewal.places_left_out));
        }
    }

    #[test]
    fn an_epoch_in_use_is_not_drawn_again() {
        let drawn = Renewal::draw([3; 16], &[]).unwrap();
        assert_eq!(Renewal::draw([3; 16], &[1, drawn.epoch]), None);
    }

    #[test]
    fn every_byte_counts() {
        let drawn: Vec<_> = (0..16)
            .map(|at| {
                let mut random = [0x11; 16];
                random[at] ^= 0x44;
                Renewal::draw(random, &[]).unwrap()
            })
            .collect();
        for (at, one) in drawn.iter().enumerate() {
            let same = drawn[at + 1..].iter().filter(|other| *other == one).count();
            // The last four bytes are left over.
            assert!(at >= 12 || same == 0, "byte {at} changes nothing");
        }
    }
}
