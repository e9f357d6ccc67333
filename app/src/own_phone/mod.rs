//! The questions of a link, on somebody's own phone: `/a/#` and the link.
//!
//! A bundle of its own, small, without a router and without anything of a tablet. The link stands after the
//! `#`, so it is sent to nobody; what it asks stands in it, so the page needs no server to ask it.

mod answering;
mod pages;

pub use pages::AnswerApp;
