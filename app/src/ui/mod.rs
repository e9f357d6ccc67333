//! Parts that screens are made of: GOV.UK Frontend markup and the classes of `style/README.md`.

mod fields;
mod icon;
mod marks;
mod page;
mod phone;
mod square;
mod summary;
mod typed;
mod written;

pub use fields::{
    Checkboxes, ErrorMessage, ErrorSummary, FieldError, FieldErrors, Radios, TextArea, TextField,
    described_by, error_of,
};
pub use icon::Icon;
pub use marks::{CustodyMark, PhotoTag, access_word};
pub use page::{Page, StoreNotice, focus_heading, store_error_text};
pub use phone::{CallButton, RingLink, unbroken};
pub use square::Square;
pub use summary::{SummaryList, SummaryRow};
pub use typed::{needed, optional};
pub use written::{WrittenRow, WrittenTable};
