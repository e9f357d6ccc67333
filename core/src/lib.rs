//! The rules of Wellfield.
//!
//! Everything that happened is an [`event::Event`]; [`records::Records`] folds events into what
//! screens and reports show. Each feature (`attendance`, `consent`, `people`, …) owns its types,
//! its rules, its commands and its wire form. `sync` holds both ends of the protocol as state
//! machines. Nothing here performs I/O, reads a clock or draws a random number: time and
//! randomness are arguments, so that every rule can be run natively, replayed and simulated.

#![cfg_attr(test, allow(clippy::unwrap_used))]

#[macro_use]
mod coded;
#[macro_use]
mod wire_map;

pub mod access;
pub mod accidents;
pub mod attendance;
pub mod audit;
pub mod clock;
pub mod complaints;
pub mod consent;
pub mod desk;
pub mod device_key;
pub mod disclosure;
pub mod erasure;
pub mod evaluation;
pub mod event;
pub mod feedback;
pub mod handover;
pub mod heads;
pub mod ids;
pub mod language;
pub mod loss;
pub mod measures;
pub mod monitoring;
pub mod notes;
pub mod offer;
pub mod onward;
pub mod own_phone;
pub mod people;
pub mod planning;
pub mod programme;
pub mod pulse;
pub mod records;
pub mod referral;
pub mod reporting;
pub mod restore;
pub mod retention;
pub mod safeguarding;
pub mod scored_elsewhere;
pub mod set_aside;
pub mod staff;
pub mod start;
pub mod stories;
pub mod stream;
pub mod sync;
pub mod text;
pub mod vault;
