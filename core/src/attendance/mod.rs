//! The register: who was here, who was not, since when and why.
//!
//! One register value for each person and session. Two tablets that marked the same person
//! differently without knowing of each other both show "Check this"; a choice settles it everywhere,
//! because the choice names both (design §2).

mod commands;
mod model;
mod rules;
#[cfg(test)]
mod tests;
mod wire;

pub use commands::{MarkError, mark, mark_the_rest, settle, take_choice_back, tap, undo};
pub use model::{Absence, AttendanceMarked, Mark, Presence};
pub use rules::{
    AttendanceRegister, Row, Summary, Tally, is_expected, on_site, register_rows, summary, tally,
};
