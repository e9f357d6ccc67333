//! The report of the programme on a coordinator's screen, and printed from it.

mod chart;
mod given_out;
mod leaflet;
mod page;

pub use leaflet::LeafletPage;
pub use page::ReportPage;
