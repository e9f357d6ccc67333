//! The rules under random histories: several devices, wrong clocks, any order, any repetition.

#![allow(clippy::unwrap_used)]

mod attendance;
mod consent;
mod history;
mod records;
