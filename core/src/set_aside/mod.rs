//! What the server set aside, and what a coordinator decided about it.
//!
//! The server refuses no field data: an event that is not its device's to make, or that it cannot place
//! or read, is kept byte for byte and reaches nobody. A coordinator looks at it beside what the register
//! says, and takes it in or leaves it out. Whoever takes it in hands on the original bytes inside the
//! decision, so that every device sees who recorded it, when, on which device and what it replaced. What
//! belongs to casework is recorded once more there, because decisions are for everybody of the programme.
//!
//! A decision never rewrites an event and never lends a stranger's record more than a coordinator may
//! record: [`takeable`] says what may be taken in, and it is asked before a decision is made, by the
//! server that stores it, and once more by whoever folds it.

mod commands;
mod model;
mod rules;
#[cfg(test)]
mod tests;
mod wire;

pub use commands::{
    Choice, Item, SetAsideError, WayBack, settle_set_aside, take_decision_back, what_stands,
};
pub use model::{Decision, ORIGINAL_BYTES_MAX, Original, SetAsideSettled};
pub use rules::{NotTakeable, Row, SetAsides, may_be_taken_in, rows, takeable, takeable_anew};
