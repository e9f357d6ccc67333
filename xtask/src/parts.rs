//! Cuts a bundle's WebAssembly into the part that the first screen needs and the parts that come after
//! it, along the functions that the client marks (`app/src/bin/staff/later.rs`).
//!
//! The cut has to come between Cargo and wasm-bindgen, where Trunk lets nobody in. So Trunk builds the
//! page with the whole module, and what it left of the module and its glue is replaced here. Why, and
//! why with this tool: docs/decisions/0016-parts.md.

use crate::digest::{self, Digester};
use crate::failure::Failure;
use crate::files;
use crate::process;
use crate::provision::{ClientTools, WASM_TARGET};
use crate::wasm;
use std::path::{Path, PathBuf};

/// What joins the parts again: the splitter's own name for it, which the first part imports.
const LINK: &str = "__wasm_split.js";

/// Where the parts are served, below the bundle. What lies here has its final name, but for the name
/// of the glue inside [`link_of`].
const FOLDER: &str = "parts";

/// Replaces the one module of `binary` in `staging` by its parts. The first part and its glue keep the
/// names that the page knows; they are named by content later, with everything else of the page.
pub(crate) fn cut(binary: &str, staging: &Path, tools: &ClientTools) -> Result<(), Failure> {
    let whole = files::root()
        .join("target")
        .join(WASM_TARGET)
        .join("wasm-release")
        .join(format!("{binary}.wasm"));
    let parts = files::root().join("target/client/parts").join(binary);
    files::remove(&parts)?;
    files::create_directory(&parts)?;
    let mut split = process::program(
        &tools.wasm_split,
        &["--target", "web", "--out-name", binary],
    );
    process::run(split.arg(&whole).arg(&parts))?;
    let first = format!("{binary}.wasm");
    bind(binary, &parts.join(&first), staging, tools)?;
    publish(binary, &parts, &first, staging)
}

/// Makes the glue of the first part, with what the other parts need of it.
fn bind(binary: &str, first: &Path, staging: &Path, tools: &ClientTools) -> Result<(), Failure> {
    let mut bind = process::program(
        &tools.wasm_bindgen,
        &[
            "--target",
            "web",
            "--no-typescript",
            "--keep-lld-exports",
            "--no-demangle",
            "--out-name",
            binary,
        ],
    );
    process::run(bind.arg("--out-dir").arg(staging).arg(first))
}

/// Names the later parts after their contents and puts them, and what joins them, where they are served.
fn publish(binary: &str, parts: &Path, first: &str, staging: &Path) -> Result<(), Failure> {
    files::create_directory(&staging.join(FOLDER))?;
    let mut link = files::read_text(&parts.join(LINK))?;
    for path in files::walk(parts)? {
        let name = files::relative_url(&path, parts);
        if name == LINK || name == first {
            continue;
        }
        let module = wasm::without_custom_sections(&files::read(&path)?)?;
        let stem = name.trim_end_matches(".wasm");
        let named = format!("{stem}-{}.wasm", digest::short(&digest::digest(&module)));
        link = replaced(&link, &format!("./{name}"), &format!("./{named}"))?;
        files::write(&staging.join(FOLDER).join(named), module)?;
    }
    let glue_name = format!("{binary}.js");
    link = replaced(&link, &format!("./{glue_name}"), &format!("../{glue_name}"))?;
    // The glue and the link name each other, so the link is named after everything that both are made
    // of, and before the glue, whose name covers it.
    let glue_path = staging.join(&glue_name);
    let glue = files::read_text(&glue_path)?;
    let mut both = Digester::new();
    both.add("link", link.as_bytes());
    both.add("glue", glue.as_bytes());
    both.add("first", &files::read(&parts.join(first))?);
    let named = format!("link-{}.js", digest::short(&both.finish()));
    // Only where it is fetched from: the module calls its imports by the splitter's name.
    let glue = replaced(
        &glue,
        &format!("from \"./{LINK}\""),
        &format!("from \"./{FOLDER}/{named}\""),
    )?;
    files::write(&glue_path, glue)?;
    files::write(&staging.join(FOLDER).join(named), link)
}

/// Tells the link what the glue is called in the end.
pub(crate) fn name_glue(staging: &Path, old: &str, new: &str) -> Result<(), Failure> {
    let Some(link) = link_of(staging)? else {
        return Ok(());
    };
    let text = files::read_text(&link)?;
    files::write(
        &link,
        replaced(&text, &format!("../{old}"), &format!("../{new}"))?,
    )
}

/// Whether a file of a bundle comes after the first screen.
pub(crate) fn is_later(name: &str) -> bool {
    name.starts_with(FOLDER) && name.ends_with(".wasm")
}

/// The files that are fetched together with a part: its own and those that it shares with others. The
/// splitter writes above each shared one which parts share it.
pub(crate) fn fetched_with(staging: &Path, part: &str) -> Result<Vec<String>, Failure> {
    let Some(link) = link_of(staging)? else {
        return Ok(Vec::new());
    };
    let files = fetched_by(&files::read_text(&link)?, part);
    if files.is_empty() {
        return Err(Failure::new(format!(
            "what joins the parts names no file of {part}"
        )));
    }
    Ok(files)
}

fn fetched_by(link: &str, part: &str) -> Vec<String> {
    let own = format!("./split_{part}-");
    let mut shared = false;
    let mut found = Vec::new();
    for line in link.lines() {
        let comment = line
            .strip_prefix("/* ")
            .and_then(|line| line.strip_suffix(" */"));
        if let Some(sharing) = comment {
            shared = sharing.split(", ").any(|one| one == part);
        }
        let Some((_, from)) = line.split_once("new URL(\"") else {
            continue;
        };
        let name = from.split('"').next().unwrap_or_default();
        let is_shared = name.starts_with("./chunk_") && shared;
        if is_shared || name.starts_with(&own) {
            found.push(format!("{FOLDER}/{}", name.trim_start_matches("./")));
        }
    }
    found
}

/// The script that joins the parts of a bundle, if it has any.
fn link_of(staging: &Path) -> Result<Option<PathBuf>, Failure> {
    let folder = staging.join(FOLDER);
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut files = files::walk(&folder)?.into_iter();
    Ok(files.find(|path| path.extension().is_some_and(|extension| extension == "js")))
}

/// `text` with `old` replaced, which must be there: a tool of another version may write it otherwise.
fn replaced(text: &str, old: &str, new: &str) -> Result<String, Failure> {
    if !text.contains(old) {
        return Err(Failure::new(format!(
            "what joins the parts does not name {old}"
        )));
    }
    Ok(text.replace(old, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fetched_with_a_part_is_its_own_file_and_what_it_shares() {
        let link = "/* field, join */\n\
            const src = fetch(new URL(\"./chunk_4-aa.wasm\", import.meta.url));\n\
            /* field, office */\n\
            const src = fetch(new URL(\"./chunk_6-bb.wasm\", import.meta.url));\n\
            const src = fetch(new URL(\"./split_join-cc.wasm\", import.meta.url));\n\
            const src = fetch(new URL(\"./split_field-dd.wasm\", import.meta.url));\n";
        assert_eq!(
            fetched_by(link, "join"),
            ["parts/chunk_4-aa.wasm", "parts/split_join-cc.wasm"]
        );
        assert!(fetched_by(link, "none").is_empty());
    }

    const WASM: &[u8] = b"\0asm\x01\0\0\0";

    struct Scratch {
        parts: PathBuf,
        staging: PathBuf,
    }

    /// What the tools leave: the parts, what joins them, and the glue.
    fn scratch(name: &str, glue: &str) -> Scratch {
        let root =
            std::env::temp_dir().join(format!("wellfield-parts-{name}-{}", std::process::id()));
        files::remove(&root).unwrap();
        let (parts, staging) = (root.join("parts"), root.join("staging"));
        for folder in [&parts, &staging] {
            files::create_directory(folder).unwrap();
        }
        files::write(&parts.join("staff.wasm"), WASM).unwrap();
        files::write(&parts.join("split_office.wasm"), WASM).unwrap();
        let link = r#"import { initSync } from "./staff.js"; fetch("./split_office.wasm")"#;
        files::write(&parts.join(LINK), link).unwrap();
        files::write(&staging.join("staff.js"), glue).unwrap();
        Scratch { parts, staging }
    }

    fn link_text(scratch: &Scratch) -> (PathBuf, String) {
        let link = link_of(&scratch.staging).unwrap().unwrap();
        let text = files::read_text(&link).unwrap();
        (link, text)
    }

    #[test]
    fn the_glue_and_what_joins_the_parts_name_each_other_and_every_part() {
        let scratch = scratch(
            "names",
            r#"import * as i from "./__wasm_split.js"; ({ "./__wasm_split.js": i })"#,
        );
        publish("staff", &scratch.parts, "staff.wasm", &scratch.staging).unwrap();
        name_glue(&scratch.staging, "staff.js", "staff-0123.js").unwrap();
        let (link, text) = link_text(&scratch);
        assert!(text.contains(r#""../staff-0123.js""#), "{text}");
        let glue = files::read_text(&scratch.staging.join("staff.js")).unwrap();
        let name = link.file_name().unwrap().to_str().unwrap();
        let imports = format!(r#"import * as i from "./parts/{name}""#);
        assert_eq!(
            glue,
            format!(r#"{imports}; ({{ "./__wasm_split.js": i }})"#)
        );
        let part = text.split('"').nth(3).unwrap().trim_start_matches("./");
        assert!(scratch.staging.join(FOLDER).join(part).is_file(), "{part}");
        assert!(is_later(&format!("{FOLDER}/{part}")));
        assert!(
            !is_later(&format!("{FOLDER}/{name}")),
            "the first screen needs it"
        );
    }

    #[test]
    fn another_glue_gives_what_joins_the_parts_another_name() {
        let named = ["a", "b"].map(|glue| {
            let scratch = scratch(
                glue,
                &format!(r#"import * as i from "./__wasm_split.js";{glue}"#),
            );
            publish("staff", &scratch.parts, "staff.wasm", &scratch.staging).unwrap();
            link_text(&scratch).0.file_name().unwrap().to_owned()
        });
        assert_ne!(named[0], named[1]);
    }

    #[test]
    fn a_splitter_that_writes_otherwise_is_noticed() {
        let scratch = scratch("otherwise", "no import");
        assert!(publish("staff", &scratch.parts, "staff.wasm", &scratch.staging).is_err());
    }
}
