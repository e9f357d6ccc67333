//! A world of tablets, a server and a bad network, run from a seed.
//!
//! Everything that decides is the code of `wellfield_core`; this module only carries out, as the
//! browser and the server do, and makes it hard. One scheduler draws every step from the seed, so the
//! same seed gives the same history, step by step, on every machine.
//!
//! **One schedule** is one seed: two to four tablets with one or two tabs each, old and new software,
//! one server with pages of 3, 20 or 2,000 events; 100 steps drawn by weight while faults happen; then
//! the faults stop, and the world has eight rounds to come to rest. Most begin with tablets that were
//! set up in the office. `faults.rs` lists what goes wrong. Each world has its own mixture and lacks
//! some of it, because one fault can hide what another would show.
//!
//! **Faults.** Requests and replies are dropped, repeated, overtaken, held back and cut off; a reply is
//! lost after the server did it; a captive portal, a gateway or a busy server answers. Tablets crash
//! before and after each commit; disks refuse or are full; a part of what was received is damaged or
//! gone; the browser wipes everything, or a tablet is put back to an older image of itself. Clocks, the server's too, are off by minutes, days or ten
//! years and go backwards. The server is restored from a backup; epochs change; roles change and
//! devices are shut out while they sync; software goes back and forth.
//!
//! **Promises** are in `invariants/`, safety and liveness apart. **Flaws** (`flaw.rs`) are known ways to
//! do it wrong; the tests show that each is found, and by the promise that it breaks.
//!
//! What a tablet is allowed to lose: what it had not sent when the browser wiped it or an image was
//! restored over it (and what a server that was restored had held for it alone). The server still tells
//! how many events it last said that it held unsent; after an image was restored, the next contact
//! writes over that. Where tablet and server hold different records under one number, sending halts and
//! says so, reading goes on, and everything stays on the tablet: there is no way out in the rules yet.
//!
//! **Taken for granted**: a reply reaches the tab that asked or none; late ones are handed on where they
//! say what they answer, and refusals do not. No reply outlives a restore of the server.
//!
//! People are erased while tablets record about them, go on to after that, and are restored from images from
//! before; a server that is restored erases again whom the ledger names.
//!
//! **Not here**, because the rules have none of it: compaction (I10); safeguarding records (I6). The server's own database and its commits are tested
//! with the server; here a crash of the server is a request or a reply that is lost.

mod bootstrap;
mod credulous;
mod disk;
mod faults;
mod flaw;
mod handing_out;
mod invariants;
mod lanes;
mod mending;
mod network;
mod people;
pub(crate) mod random;
mod server;
mod steps;
mod tablet;
mod world;

pub use faults::{Fault, Happened};
pub use flaw::Flaw;
pub use invariants::{Broken, Invariant};

use random::Random;
use world::World;

/// How large a world is, and what is wrong with it on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// At most this many tablets; at least two.
    pub tablets: u64,
    /// Steps with faults.
    pub steps: u64,
    /// Whether what tablets received can be damaged, and is mended. Seeds that were kept from before
    /// this was drawn run without it, so that they stay the histories that they were kept for.
    pub repairs: bool,
    /// Whether people answer surveys and are erased. Seeds that were kept from before run without it.
    pub erasures: bool,
    /// Something that is known to be wrong, to show that it is found.
    pub flaw: Option<Flaw>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            tablets: 4,
            steps: 100,
            repairs: true,
            erasures: true,
            flaw: None,
        }
    }
}

/// A seed that broke an invariant.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The world that it was in.
    pub plan: Plan,
    /// What broke.
    pub broken: Broken,
    /// Everything that the seed expanded to, up to where it was seen.
    pub trace: Vec<String>,
}

impl Failure {
    /// The line that runs the same history again.
    pub fn replay(&self) -> String {
        let Plan {
            steps,
            tablets,
            repairs,
            erasures,
            flaw,
        } = self.plan;
        let seed = self.seed;
        let flaw = flaw.map_or(String::new(), |flaw| format!(" --flaw {flaw:?}"));
        let repairs = if repairs { "" } else { " --without-repairs" };
        let erasures = if erasures { "" } else { " --without-erasures" };
        format!(
            "cargo xtask simulate --from {seed} --seeds 1 --steps {steps} --tablets {tablets}{repairs}{erasures}{flaw}"
        )
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "seed {}: {}", self.seed, self.broken)?;
        for line in &self.trace {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "seed {}: {}", self.seed, self.broken)?;
        write!(f, "replay: {}", self.replay())
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
        (Err(first), _) => {
            // The same seed again, this time writing down what it does.
            let (result, world) = attempt(true);
            let again = result.err();
            let same = again.as_ref().map(|broken| &broken.what) == Some(&first.what);
            let broken = again.filter(|_| same).unwrap_or_else(|| {
                let what = format!("the seed ran differently a second time; at first {first}");
                Broken::new(Invariant::Determinism, what)
            });
            Err(Box::new(Failure {
                seed,
                plan,
                broken,
                trace: world.trace.unwrap_or_default(),
            }))
        }
    }
}

/// Runs one seed and writes down everything that it expands to.
pub fn trace(seed: u64, plan: Plan) -> Vec<String> {
    let mut world = World::new(Random::new(seed), plan, true);
    let end = world.run();
    let mut lines = world.trace.unwrap_or_default();
    lines.push(match end {
        Ok(()) => "every promise holds".to_owned(),
        Err(broken) => broken.to_string(),
    });
    lines
}
