//! What is around the screens: header, preferences, updates, and the page for an address of no screen.

mod brand;
mod footer;
mod header;
mod not_found;
mod preferences;
mod update;
mod waiting;

pub use brand::BrandHeader;
pub use footer::Footer;
pub use header::Header;
pub use not_found::NotFound;
pub use preferences::{Preferences, TextSize, Theme};
pub use update::{Update, UpdateOffer};
pub use waiting::{NoStorage, Opening, PartMissing};
