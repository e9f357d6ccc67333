//! The staff app around its screens: start, header, routes, preferences, updates.

mod app;
mod header;
mod preferences;
mod update;

pub use app::{NotFound, StaffApp};
pub use preferences::{Preferences, TextSize, Theme};
pub(crate) use update::UpdateOffer;
