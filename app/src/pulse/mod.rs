//! How a session was, as participants are asked and as it reads.

mod question;

pub use question::Question;
