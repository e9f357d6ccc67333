//! Shared parts of the cross-crate tests.

pub mod simulation;
