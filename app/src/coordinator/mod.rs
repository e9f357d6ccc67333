//! What a coordinator sees: sessions, referrals, answers with flags, devices.

mod answers;
mod devices;
mod overview;
mod referrals;

pub use answers::Answers;
pub use devices::Devices;
pub use overview::Overview;
pub use referrals::ReferralsReceived;
