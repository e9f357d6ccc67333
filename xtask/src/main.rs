//! What a person does with this repository.
fn main() {}
