//! The server of Wellfield and its tools.
//!
//! [`http`] speaks the protocol of `wellfield_core::sync`, [`storage`] keeps what arrives, [`cli`] is
//! what people type. The rules are in `wellfield_core`; this crate gives them a network, a disk, a
//! clock and randomness.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod assets;
pub mod backup;
pub mod cli;
pub mod clock;
mod desk;
pub mod enrolment;
pub mod entropy;
pub mod erasures;
pub mod evaluate;
pub mod export;
pub mod http;
pub mod import;
mod invitations;
pub mod keys;
mod loss;
mod markup;
pub mod offer;
pub mod report;
pub mod safety_copy;
pub mod sample;
pub mod snapshots;
pub mod storage;
mod unicode;
