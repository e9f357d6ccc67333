//! Has the server compiled again whenever the client it embeds (`../dist`, see `src/assets.rs`) changes.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    // Without the folder there is nothing to watch, and Cargo would run this script, and compile the
    // server, every time. Where the folder cannot be made that is all that is lost.
    if std::fs::create_dir_all(&dist).is_err() {
        println!("cargo::warning=dist/ cannot be created; the server is built without the client");
    }
    println!("cargo::rerun-if-changed=../dist");
}
