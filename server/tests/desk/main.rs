//! The pages on which people sign in: over HTTP, with a browser's cookies, on both engines where it is about
//! who may do what.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

#[path = "../common/mod.rs"]
mod common;

mod browser;
mod office;
mod referring;
mod signing_in;
