//! Disclosure control: what may be shown of small numbers of people, in one place, so that every screen,
//! print, file and feed agrees.
//!
//! A count of one to four is shown as "<5", and a mean or a share needs eight people; a funder may ask for
//! more (domain findings §5). In a table with totals a small count follows from the others, so a
//! [`Release`] hides further cells until none does, be it from the totals or from what was published
//! before. A table has two ways at most. Zero stays zero: it is about nobody.

mod exposure;
mod issue;
mod model;
mod release;
#[cfg(test)]
mod tests;
mod wire;

pub use issue::{Issue, Issuing, Part};
pub use model::{
    Detail, NotAPolicy, NotATable, Policy, Shown, Table, count, mean, part, quote_may_carry, share,
};
pub use release::Release;
pub use wire::ISSUE_BYTES_MAX;
