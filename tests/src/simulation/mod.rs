//! A world of tablets, a server and a bad network, run from a seed.
//!
//! Everything that decides is the code of `wellfield_core`; this module only carries out, as the
//! browser and the server do, and makes it hard: requests and replies are dropped, repeated, held
//! back, overtaken, cut off or answered by a captive portal; tablets crash before and after each
//! commit and have wrong clocks and two tabs open; the server is restored from a backup. After the
//! faults the world is healed and run until it is quiet, and the [`invariants`] are checked. The same
//! seed gives the same history, step by step, on every machine.

mod disk;
mod faults;
mod flaw;
mod invariants;
mod lanes;
mod network;
mod people;
mod random;
mod server;
mod tablet;
mod world;

pub use faults::{Fault, Happened};
pub use flaw::Flaw;
pub use invariants::{Broken, Invariant};

use random::Random;
use world::World;

/// How large a world is, and what is wrong with it on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// At most this many tablets; at least two.
    pub tablets: u64,
    /// Steps with faults.
    pub steps: u64,
    /// Something that is known to be wrong, to show that it is found.
    pub flaw: Option<Flaw>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            tablets: 4,
            steps: 250,
            flaw: None,
        }
    }
}

/// A seed that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What broke.
    pub broken: Broken,
    /// The last steps before it was seen.
    pub trace: Vec<String>,
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.broken)?;
        for line in &self.trace {
            writeln!(f, "  {line}")?;
        }
        let seed = self.seed;
        write!(
            f,
            "replay: SEED={seed} cargo test -p wellfield-tests --test simulation"
        )
    }
}

/// Runs one seed and tells what happened in it.
///
/// # Errors
/// The invariant that did not hold, with the steps that led there.
pub fn run(seed: u64, plan: Plan) -> Result<Happened, Box<Failure>> {
    let attempt = |traced| {
        let mut world = World::new(Random::new(seed), plan, traced);
        let result = world.run();
        (result, world)
    };
    match attempt(false) {
        (Ok(()), world) => Ok(world.happened),
        (Err(_), _) => {
            // The same seed again, this time writing down what it does.
            let (result, world) = attempt(true);
            let broken = result.err().unwrap_or_else(|| {
                Broken::new(
                    Invariant::Determinism,
                    "the second run of the seed went well",
                )
            });
            Err(Box::new(Failure {
                seed,
                broken,
                trace: world.trace.into_lines(),
            }))
        }
    }
}
