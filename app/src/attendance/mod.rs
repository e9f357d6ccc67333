//! The register on screen.

mod add;
mod more;
mod on_site;
mod register;
mod row;

pub use add::AddWalkIn;
pub use more::{MarkMore, text_error};
pub use on_site::OnSite;
pub use register::{NoSession, RegisterPage};
pub use row::mark_words;
