//! The client of Wellfield: the staff app at `/app/` and the public pages at `/r/`.
//!
//! Screens show what `wellfield_core` says and report what people do; no rule stands here. `storage`
//! is the only room that knows IndexedDB, `sync` the only one that knows the network, `platform` the
//! only one that knows the time.

pub mod accidents;
pub mod attendance;
pub mod check;
pub mod consent;
pub mod coordinator;
pub mod enrol;
pub mod evaluation;
pub mod feedback;
pub mod handover;
pub mod history;
pub mod monitoring;
pub mod notes;
pub mod own_phone;
pub mod people;
pub mod planning;
pub mod platform;
pub mod public;
pub mod pulse;
pub mod reporting;
pub mod safeguarding;
pub mod screen;
pub mod sealing;
pub mod sent;
pub mod settings;
pub mod shell;
pub mod signing;
pub mod storage;
pub mod stretching;
mod subjects;
pub mod sync;
pub mod tablet;
pub mod today;
pub mod ui;
pub mod unlock;
pub mod wording;
pub mod working;
