//! The rules under random histories: several devices, wrong clocks, any order, any repetition.

#![allow(clippy::unwrap_used)]

mod attendance;
mod consent;
mod disclosure;
mod history;
mod measures;
mod records;
