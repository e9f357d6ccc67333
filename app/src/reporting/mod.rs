//! The report of the programme on a coordinator's screen, and printed from it.

mod chart;
mod page;

pub use page::ReportPage;
