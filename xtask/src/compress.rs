//! Brotli siblings: `staff.wasm.br` beside `staff.wasm`, so that the server compresses nothing.

use crate::failure::Failure;
use crate::files;
use std::path::{Path, PathBuf};

/// Kinds of file that shrink; images and fonts are compressed already.
const COMPRESSIBLE: [&str; 8] = [
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];

/// Bytes of a file as sent to a browser that accepts Brotli.
pub(crate) struct Sent {
    pub(crate) path: PathBuf,
    pub(crate) len: usize,
}

/// Writes a sibling for every file below `directory` that gets smaller, and says what each costs.
pub(crate) fn write_siblings(directory: &Path) -> Result<Vec<Sent>, Failure> {
    files::walk(directory)?
        .into_iter()
        .map(write_sibling)
        .collect()
}

fn write_sibling(path: PathBuf) -> Result<Sent, Failure> {
    let content = files::read(&path)?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    if !extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension)) {
        return Ok(Sent {
            len: content.len(),
            path,
        });
    }
    let compressed =
        compress(&content).map_err(|source| Failure::on_path("compress", &path, &source))?;
    if compressed.len() >= content.len() {
        return Ok(Sent {
            len: content.len(),
            path,
        });
    }
    let mut sibling = path.clone().into_os_string();
    sibling.push(".br");
    files::write(Path::new(&sibling), &compressed)?;
    Ok(Sent {
        len: compressed.len(),
        path,
    })
}

fn compress(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}
