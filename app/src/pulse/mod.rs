//! How a session was, as participants are asked and as it reads.

mod phones;
mod question;

pub use phones::CodeForPhones;
pub use question::Question;
