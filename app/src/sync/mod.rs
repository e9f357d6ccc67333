//! Sending and receiving, as the machines of `core` say. This room knows the network and decides
//! nothing: it carries out effects and reports what happened.

mod as_device;
mod bootstrap;
mod compress;
mod driver;
mod locked;
mod mend;
mod renew;
mod tabs;
mod transport;

pub use as_device::{Asked, as_device};
pub use bootstrap::{Bootstrapping, bootstrap_with};
pub use driver::{Driver, Fed, Progress, Sink};
pub use locked::{LockedSender, LockedSending};
pub use mend::{Errand, Mend, mend_with};
pub use tabs::{Tabs, hear_that_it_was_taken_out};
pub use transport::{NoReply, get, post};
