//! `cargo xtask dist`: the one file that is installed on a server.

use crate::client;
use crate::digest;
use crate::failure::Failure;
use crate::files;
use crate::server::{self, Profile};

/// Builds the release server with the client in it into `dist-release/`, beside its SHA-256.
pub(crate) fn dist() -> Result<(), Failure> {
    client::build()?;
    let binary = server::build(Profile::Release)?;
    let directory = files::root().join("dist-release");
    files::remove(&directory)?;
    files::create_directory(&directory)?;
    // The folder keeps itself out of the repository.
    files::write(&directory.join(".gitignore"), "*\n")?;
    let name = format!("wellfield{}", std::env::consts::EXE_SUFFIX);
    files::copy(&binary, &directory.join(&name))?;
    let content = files::read(&binary)?;
    // In the form that `sha256sum --check` reads.
    files::write(
        &directory.join("SHA256SUMS"),
        format!("{}  {name}\n", digest::digest(&content)),
    )?;
    println!(
        "dist-release/{name}: {} KB, with the client in it.",
        content.len() / 1_000
    );
    Ok(())
}
