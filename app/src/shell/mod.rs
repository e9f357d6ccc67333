//! The staff app around its screens: start, header, routes, preferences, updates.

mod app;
mod header;
mod preferences;
mod update;

pub use app::StaffApp;
pub(crate) use update::UpdateOffer;
pub use preferences::{Preferences, TextSize, Theme};
