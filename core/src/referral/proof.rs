//! A sum that a phone does before it sends a form, so that sending ten thousand costs something.
//!
//! The server hands out a [`Challenge`]; the phone looks for [`PUZZLES`] numbers by trying
//! ([`Solver`]), and sends them beside the form as a [`Proof`]. Checking takes one SHA-256 a puzzle.
//! Many small puzzles in place of a large one, because the time for one alone varies too much: one
//! phone in a hundred would wait five times as long as the others.
//!
//! The server keeps no list of challenges. It recognises its own by a tag over every part, each with its
//! length before it, so that no part can be made to look like another (CVE-2025-68113 was that). And a
//! proof is one for a single form, whose number is in every puzzle: shown again it shows the same form,
//! which storage knows, and with another form it is worth nothing. So nothing has to be remembered until
//! it expires, and any of several servers can check what another handed out.
//!
//! SHA-256 and not a function that needs memory, because that would not fit into the public pages; who
//! has the right machine is a thousand times faster than a phone. A proof is a reason to believe, among
//! others ([`super::weigh`]), and no wall (docs/decisions/0018).

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::clock::Instant;
use crate::ids::{ProgrammeId, ReferralId};

/// So many puzzles in a challenge.
pub const PUZZLES: usize = 16;

/// The cost while few forms arrive: tries for each puzzle on average. Sixteen times as many are half a
/// second's work for a slow phone.
pub const COST_MIN: u32 = 4_096;

/// The cost at its highest. Eight times as much is what a slow phone can still do while somebody waits.
pub const COST_MAX: u32 = 8 * COST_MIN;

/// So many forms in [`super::CROWD_WINDOW_MS`] make the cost go up; twice as many double it again.
const FORMS_AT_COST_MIN: u32 = 60;

/// A challenge is good for ten minutes, in milliseconds.
pub const CHALLENGE_MS: u64 = 10 * 60 * 1_000;

/// A phone that has not found the answer after so many milliseconds sends without it.
pub const SOLVING_MS_MAX: u64 = 30_000;

/// What the tag of a challenge is about, so that a key signs nothing else by mistake.
const ACTION: &[u8] = b"wellfield referral";

/// The version of the puzzles.
const VERSION: u8 = 1;

/// What a server's challenges are signed with.
pub type ChallengeKey = [u8; 32];

/// The cost of a challenge, given how many forms arrived lately.
pub const fn cost(recent_forms: u32) -> u32 {
    let mut cost = COST_MIN;
    let mut more_than = FORMS_AT_COST_MIN;
    while recent_forms > more_than && cost < COST_MAX {
        cost *= 2;
        more_than *= 2;
    }
    cost
}

/// What a phone is to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The programme that the form is for.
    pub programme: ProgrammeId,
    /// What makes it unlike every other.
    pub salt: [u8; 16],
    /// Tries for each puzzle, on average.
    pub cost: u32,
    /// The first moment at which it is no longer good, by the server's clock.
    pub expires_at: Instant,
    /// By which the server knows that it made it.
    pub tag: [u8; 32],
}

impl Challenge {
    /// A challenge, signed. `salt` is sixteen random bytes.
    pub fn new(
        key: &ChallengeKey,
        programme: ProgrammeId,
        salt: [u8; 16],
        cost: u32,
        now: Instant,
    ) -> Self {
        let expires_at = Instant(now.0.saturating_add(CHALLENGE_MS));
        let mut challenge = Self {
            programme,
            salt,
            cost,
            expires_at,
            tag: [0; 32],
        };
        if let Some(mac) = challenge.mac(key) {
            challenge.tag = mac.finalize().into_bytes().into();
        }
        challenge
    }

    fn is_signed_with(&self, key: &ChallengeKey) -> bool {
        // Compared in a time that does not depend on where the tags differ.
        self.mac(key)
            .is_some_and(|mac| mac.verify_slice(&self.tag).is_ok())
    }

    fn mac(&self, key: &ChallengeKey) -> Option<Hmac<Sha256>> {
        // HMAC takes a key of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        let parts: [&[u8]; 6] = [
            &[VERSION],
            ACTION,
            &self.programme.0.to_be_bytes(),
            &self.salt,
            &self.cost.to_be_bytes(),
            &self.expires_at.0.to_be_bytes(),
        ];
        for part in parts {
            mac.update(&(part.len() as u32).to_be_bytes());
            mac.update(part);
        }
        Some(mac)
    }

    /// Whether a number solves a puzzle of this challenge for one form.
    fn is_solved_by(&self, form: ReferralId, puzzle: usize, number: u32) -> bool {
        let mut hash = Sha256::new();
        hash.update(self.tag);
        hash.update(form.0.to_be_bytes());
        hash.update([puzzle as u8]);
        hash.update(number.to_be_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(first) < u64::MAX / u64::from(self.cost.max(1))
    }
}

/// A challenge with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What was asked.
    pub challenge: Challenge,
    /// A number for each puzzle.
    pub numbers: [u32; PUZZLES],
}

impl Proof {
    /// Whether this proves work on one form, by a challenge that a server with this key handed out for
    /// this programme and that is good yet.
    pub fn holds(
        &self,
        key: &ChallengeKey,
        programme: ProgrammeId,
        form: ReferralId,
        now: Instant,
    ) -> bool {
        self.challenge.programme == programme
            && now < self.challenge.expires_at
            && self.challenge.is_signed_with(key)
            && self
                .numbers
                .iter()
                .enumerate()
                .all(|(puzzle, number)| self.challenge.is_solved_by(form, puzzle, *number))
    }
}

/// A challenge being worked on, a few tries at a time, so that the page stays alive.
#[derive(Clone, Debug)]
pub struct Solver {
    challenge: Challenge,
    form: ReferralId,
    numbers: [u32; PUZZLES],
    puzzle: usize,
    next: u32,
}

impl Solver {
    /// Begins to work; `None` where more is asked for than any server of ours asks.
    pub fn begin(challenge: Challenge, form: ReferralId) -> Option<Self> {
        (challenge.cost <= COST_MAX).then_some(Self {
            challenge,
            form,
            numbers: [0; PUZZLES],
            puzzle: 0,
            next: 0,
        })
    }

    /// Tries so many numbers more. Answers once every puzzle is solved.
    pub fn step(&mut self, tries: u32) -> Option<Proof> {
        for _ in 0..tries {
            let Some(number) = self.numbers.get_mut(self.puzzle) else {
                break;
            };
            if self
                .challenge
                .is_solved_by(self.form, self.puzzle, self.next)
            {
                *number = self.next;
                self.puzzle += 1;
                self.next = 0;
            } else {
                self.next = self.next.wrapping_add(1);
            }
        }
        (self.puzzle == PUZZLES).then_some(Proof {
            challenge: self.challenge,
            numbers: self.numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: ChallengeKey = [9; 32];
    const PROGRAMME: ProgrammeId = ProgrammeId(77);
    const FORM: ReferralId = ReferralId(5);
    const NOW: Instant = Instant(1_780_000_000_000);

    fn challenge() -> Challenge {
        Challenge::new(&KEY, PROGRAMME, [3; 16], 64, NOW)
    }

    fn solved(challenge: Challenge, form: ReferralId) -> (Proof, u32) {
        let mut solver = Solver::begin(challenge, form).unwrap();
        for tries in 1.. {
            if let Some(proof) = solver.step(1) {
                return (proof, tries);
            }
        }
        unreachable!("every puzzle has an answer")
    }

    #[test]
    fn what_a_solver_finds_holds_for_its_form_and_programme_until_it_expires() {
        let (proof, _) = solved(challenge(), FORM);
        let holds = |programme, form, now| proof.holds(&KEY, programme, form, Instant(now));
        assert!(holds(PROGRAMME, FORM, NOW.0));
        assert!(holds(PROGRAMME, FORM, NOW.0 + CHALLENGE_MS - 1));
        assert!(!holds(PROGRAMME, FORM, NOW.0 + CHALLENGE_MS));
        assert!(
            !holds(PROGRAMME, ReferralId(6), NOW.0),
            "one proof, one form"
        );
        assert!(!holds(ProgrammeId(78), FORM, NOW.0));
        assert!(!proof.holds(&[8; 32], PROGRAMME, FORM, NOW));
    }

    #[test]
    fn no_part_of_a_challenge_can_be_changed() {
        let cheaper = |change: fn(&mut Challenge)| {
            let mut changed = challenge();
            change(&mut changed);
            let (proof, _) = solved(changed, FORM);
            proof.holds(&KEY, changed.programme, FORM, NOW)
        };
        assert!(cheaper(|_| {}));
        assert!(!cheaper(|challenge| challenge.cost = 1));
        assert!(!cheaper(|challenge| challenge.expires_at.0 += 1));
        assert!(!cheaper(|challenge| challenge.salt[0] ^= 1));
        assert!(!cheaper(|challenge| challenge.programme.0 += 1));
        assert!(!cheaper(|challenge| challenge.tag[31] ^= 1));
    }

    #[test]
    fn one_wrong_number_is_no_proof() {
        let (proof, _) = solved(challenge(), FORM);
        for puzzle in 0..PUZZLES {
            let mut wrong = proof;
            while wrong
                .challenge
                .is_solved_by(FORM, puzzle, wrong.numbers[puzzle])
            {
                wrong.numbers[puzzle] += 1;
            }
            assert!(!wrong.holds(&KEY, PROGRAMME, FORM, NOW));
        }
    }

    #[test]
    fn the_work_is_what_was_asked_for_and_varies_little() {
        let tries: Vec<u32> = (0..50)
            .map(|form| solved(challenge(), ReferralId(form)).1)
            .collect();
        let mean = tries.iter().sum::<u32>() / 50;
        let asked = 64 * PUZZLES as u32;
        assert!((asked * 9 / 10..asked * 11 / 10).contains(&mean), "{mean}");
        assert!(tries.iter().all(|tries| *tries < asked * 2), "{tries:?}");
    }

    #[test]
    fn the_cost_goes_up_by_itself_and_no_further_than_a_phone_can_bear() {
        assert_eq!(cost(0), COST_MIN);
        assert_eq!(cost(60), COST_MIN);
        assert_eq!(cost(61), 2 * COST_MIN);
        assert_eq!(cost(121), 4 * COST_MIN);
        assert_eq!(cost(241), COST_MAX);
        assert_eq!(cost(u32::MAX), COST_MAX);
        let dear = Challenge {
            cost: COST_MAX + 1,
            ..challenge()
        };
        assert!(Solver::begin(dear, FORM).is_none(), "nobody works for ever");
    }
}
