//! A small generator of repeatable numbers for invented data.
//!
//! SplitMix64 (Steele, Lea and Flood, 2014): one addition and two multiplications a number. It is
//! here so that a sample is the same on every machine and in every version of every library; it
//! guards no secret.

/// The generator.
#[derive(Clone, Debug)]
pub(super) struct Generator {
    state: u64,
}

/// The parts of a sample. Each draws from its own generator, so that a change to one part leaves
/// the others as they were.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Programme = 1,
    Sessions = 2,
    People = 3,
    Consents = 4,
    Attendance = 5,
    Pulses = 6,
    Referrals = 7,
    Surveys = 8,
    Outcomes = 9,
    Changes = 10,
    Onward = 11,
    Words = 12,
    Monitoring = 13,
    Accidents = 14,
    Feelings = 15,
}

impl Generator {
    /// The generator of one part of the sample that `seed` stands for.
    pub(super) fn new(seed: u64, part: Part) -> Self {
        let mut parent = Self { state: seed };
        let state = (0..part as u8).fold(0, |_, _| parent.next());
        Self { state }
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where `bound` is 0. The tiny bias of a multiplication does not
    /// matter here.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let scaled = u128::from(self.next()) * bound as u128;
        (scaled >> 64) as usize
    }

    /// True in `percent` of cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several things.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, things: &[T; N]) -> T {
        things[self.below(N)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers_come_out() {
        let mut generator = Generator { state: 0 };
        assert_eq!(
            [generator.next(), generator.next(), generator.next()],
            [
                0xE220_A839_7B1D_CDAF,
                0x6E78_9E6A_A1B9_65F4,
                0x06C4_5D18_8009_454F
            ]
        );
    }

    #[test]
    fn a_number_stays_below_its_bound_and_reaches_all_of_it() {
        let mut generator = Generator { state: 7 };
        let mut seen = [false; 5];
        for _ in 0..200 {
            seen[generator.below(5)] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(generator.below(0), 0);
    }
}
