//! The public pages at `/r/`: what a programme is, and "Refer myself".
//!
//! A bundle of its own, small, without a router: the page in view stands after the `#` of the address,
//! so that Back works and nothing personal is in it.

mod app;
mod offer;
mod refer;
mod send;
mod steps;

pub use app::PublicApp;
