//! Measures: what people say of how they are, before and after, and what may be concluded from it.
//!
//! [`catalogue`] has the instruments as data. An [`Answer`] is one answer to one item, kept whatever it
//! says. [`evaluate`] sorts out which answers count and why the others do not, puts each person's two
//! scores together, and works out the figures of those who have both. It never compares the mean of
//! everybody at the beginning with the mean of everybody at the end: they are not the same people.
//!
//! What may be shown to whom is decided by [`crate::disclosure`]. Each rule stands with its source in
//! `docs/measures.md`.

pub mod answer;
mod around;
pub mod catalogue;
mod counts;
mod finding;
pub mod instrument;
mod pairing;
mod participant;
mod report;
mod score;
mod sitting;
mod sorting;
pub mod statistics;
#[cfg(test)]
mod tests;
pub mod wellby;

pub use answer::{Answer, Mode, Moment, Reply, When};
pub use around::{AroundSessions, evaluate_around_sessions};
pub use catalogue::{
    Catalogue, InstrumentNo, OWN_KEY, OwnQuestion, Question, own_outcome, own_questions,
    pulse_replies,
};
pub use counts::{BandTable, ReliableCount, band_table, reliable_count};
pub use finding::{
    Basis, Caveat, EffectSize, Finding, INFERENTIAL_FROM, Movement, Strength, strength,
};
pub use instrument::{Instrument, Scale, Score};
pub use pairing::{Comparison, Windows, months_after};
pub use participant::{Consent, Journey, Participant, People};
pub use report::{Compared, Counts, Figures, Plan, Report, ScaleReport, evaluate};
pub use score::score;
pub use sorting::{LeftOut, Reason, count_reasons, left_out_of};
