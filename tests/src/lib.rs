//! Shared parts of the cross-crate tests.

pub mod decoders;
pub mod fault_proxy;
pub mod simulation;
