//! What lies in the browser: IndexedDB, behind functions that say what they keep.
//!
//! House rules of every transaction: await reads only, build all writes, commit last; nothing but its
//! own requests is awaited while it is open. What a person was told is saved was committed with
//! strict durability. The handle is disposable: browsers drop it in the background.

mod answers;
mod connection;
mod error;
mod identity;
mod log;
mod public;
mod rows;
mod tablet;
mod vault;

pub use answers::AnswerStore;
pub use error::StoreError;
pub use identity::Identity;
pub use log::Also;
pub use public::{PublicStore, QueuedReferral};
pub use tablet::{Loaded, Since, TabletStore};
