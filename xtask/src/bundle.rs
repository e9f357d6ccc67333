//! One bundle of the client: what Trunk built of it, named by content, listed, compressed, weighed.

use crate::compress::{self, Sent};
use crate::digest;
use crate::failure::Failure;
use crate::files;
use crate::parts;
use crate::wasm;
use crate::worker;
use crate::workers::{self, SEALING, STRETCHING, Worker};
use std::path::{Path, PathBuf};

/// A page, the binary that fills it and the address both are served at.
pub(crate) struct Bundle {
    /// The folder below `dist/`.
    pub(crate) name: &'static str,
    /// The HTML file, seen from the root.
    pub(crate) page: &'static str,
    /// The address it is served at, and the scope of its service worker.
    pub(crate) scope: &'static str,
    /// How much a browser that has nothing yet may have to load, in bytes after Brotli.
    pub(crate) first_load_max: usize,
    /// Whether it opens without a network.
    pub(crate) offline: bool,
    /// The workers beside it ([`crate::workers`]).
    pub(crate) workers: &'static [Worker],
    /// The binary, if only what its first screen needs is loaded at first ([`crate::parts`]).
    pub(crate) cut: Option<Cut>,
}

/// A bundle that comes in parts.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    /// The binary.
    pub(crate) binary: &'static str,
    /// The part that a first visit shows, which is fetched before anything is seen.
    pub(crate) first_visit: &'static str,
}

/// The staff client, the public pages, the questions of a link and the desk. The budgets are those of the design, in kilobytes of 1,000.
pub(crate) const BUNDLES: [Bundle; 4] = [
    Bundle {
        name: "app",
        page: "app/index.html",
        scope: "/app/",
        first_load_max: 450_000,
        offline: true,
        workers: &[STRETCHING],
        cut: Some(Cut {
            binary: "staff",
            first_visit: "join",
        }),
    },
    Bundle {
        name: "r",
        page: "app/public.html",
        scope: "/r/",
        first_load_max: 180_000,
        offline: true,
        workers: &[SEALING],
        cut: None,
    },
    // A page of its own, because both together would be too much for a phone with little signal.
    Bundle {
        name: "a",
        page: "app/answers.html",
        scope: "/a/",
        first_load_max: 180_000,
        offline: true,
        workers: &[SEALING],
        cut: None,
    },
    // What is around the pages that the server writes, and the module of passkeys.
    Bundle {
        name: "desk",
        page: "app/desk.html",
        scope: "/desk/",
        first_load_max: 60_000,
        offline: false,
        workers: &[],
        cut: None,
    },
];

impl Bundle {
    /// Where Trunk builds it. A finished bundle is moved from here to `dist/` in one step, so that
    /// nobody embeds or serves half of one.
    pub(crate) fn staging(&self) -> PathBuf {
        files::root().join("target/client").join(self.name)
    }

    /// Makes what Trunk left in the staging folder into what is served, and returns its weight.
    pub(crate) fn finish(&self) -> Result<FirstLoad, Failure> {
        let staging = self.staging();
        name_by_content(&staging, self.scope)?;
        if self.offline {
            worker::write(&staging, self.scope)?;
        }
        let sent = compress::write_siblings(&staging)?;
        FirstLoad::of(self, &sent)
    }
}

/// What a first visit loads before the first screen is complete.
pub(crate) struct FirstLoad {
    scope: &'static str,
    len: usize,
    len_max: usize,
    largest: Vec<(String, usize)>,
    /// What comes after the first screen.
    later: usize,
}

impl FirstLoad {
    /// Counts every file but the icons and the manifest, which the browser fetches for an installed
    /// app, and the service worker and the later parts, which are fetched after the first screen. The part
    /// that is the first screen of a first visit counts.
    fn of(bundle: &Bundle, sent: &[Sent]) -> Result<Self, Failure> {
        let staging = bundle.staging();
        let first_visit = match bundle.cut {
            Some(cut) => parts::fetched_with(&staging, cut.first_visit)?,
            None => Vec::new(),
        };
        let (later, at_first): (Vec<_>, Vec<_>) = sent
            .iter()
            .map(|file| (files::relative_url(&file.path, &staging), file.len))
            .partition(|(path, _)| {
                let is_later = parts::is_later(path) && !first_visit.contains(path);
                is_later || workers::is_of_worker(path)
            });
        let mut largest: Vec<(String, usize)> = at_first
            .into_iter()
            .filter(|(path, _)| {
                !path.starts_with("icons/") && path != "manifest.webmanifest" && path != "sw.js"
            })
            .collect();
        largest.sort_by_key(|(_, len)| std::cmp::Reverse(*len));
        Ok(Self {
            scope: bundle.scope,
            len: largest.iter().map(|(_, len)| len).sum(),
            len_max: bundle.first_load_max,
            largest,
            later: later.iter().map(|(_, len)| len).sum(),
        })
    }

    /// Prints the weight beside its budget; above the budget is a failure.
    pub(crate) fn judge(&self) -> Result<(), Failure> {
        let parts: Vec<_> = self
            .largest
            .iter()
            .map(|(path, len)| format!("{path} {}", kilobytes(*len)))
            .collect();
        let (len, len_max) = (kilobytes(self.len), kilobytes(self.len_max));
        println!(
            "First load of {}: {len} of {len_max} KB after Brotli",
            self.scope
        );
        println!("  {}", parts.join(", "));
        if self.later > 0 {
            println!("  after the first screen: {}", kilobytes(self.later));
        }
        if self.len <= self.len_max {
            return Ok(());
        }
        Err(Failure::new(format!(
            "the first load of {} is {len} KB after Brotli; its budget is {len_max} KB",
            self.scope
        )))
    }
}

fn kilobytes(len: usize) -> String {
    format!("{}.{}", len / 1_000, len % 1_000 / 100)
}

/// Renames the WebAssembly, its glue and the styles after the SHA-256 of their contents, so that the
/// server can call them immutable. The WebAssembly goes first, because the glue names it and the
/// glue's own name depends on its text.
fn name_by_content(bundle: &Path, scope: &str) -> Result<(), Failure> {
    let page_path = bundle.join("index.html");
    let mut page = files::read_text(&page_path)?;
    let mut wasm_renamed: Option<(String, String)> = None;
    for extension in ["wasm", "js", "css"] {
        for path in files::walk(bundle)? {
            let name = files::relative_url(&path, bundle);
            // The boot script keeps its name: it is what brings people from one version to the next.
            // Folders hold what is named by other means (icons, snippets).
            if !name.ends_with(&format!(".{extension}")) || name.contains('/') || name == "boot.js"
            {
                continue;
            }
            let content = finished(&path, extension, wasm_renamed.as_ref())?;
            files::write(&path, &content)?;
            let stem = name.trim_end_matches(extension).trim_end_matches('.');
            let new = format!(
                "{stem}-{}.{extension}",
                digest::short(&digest::digest(&content))
            );
            let (old_url, new_url) = (format!("{scope}{name}"), format!("{scope}{new}"));
            if !page.contains(&old_url) {
                return Err(Failure::new(format!(
                    "{} does not use {old_url}",
                    page_path.display()
                )));
            }
            page = page.replace(&old_url, &new_url);
            files::rename(&path, &bundle.join(&new))?;
            if extension == "js" {
                parts::name_glue(bundle, &name, &new)?;
            }
            if extension == "wasm" {
                wasm_renamed = Some((name, new));
            }
        }
    }
    files::write(&page_path, page)
}

/// The content of a file as it is served.
fn finished(
    path: &Path,
    extension: &str,
    wasm_renamed: Option<&(String, String)>,
) -> Result<Vec<u8>, Failure> {
    match (extension, wasm_renamed) {
        ("wasm", _) => wasm::without_custom_sections(&files::read(path)?),
        ("js", Some((old, new))) => Ok(lean(&files::read_text(path)?)
            .replace(old, new)
            .into_bytes()),
        _ => files::read(path),
    }
}

/// The glue without what only its reader would need, which no minifier here manages: comments on lines of their
/// own, and indentation. The ends of lines stay, because a statement may end there. A text over several lines keeps
/// its blanks.
fn lean(glue: &str) -> String {
    let mut lean = String::with_capacity(glue.len());
    let (mut is_comment, mut is_text) = (false, false);
    for line in glue.lines() {
        let bare = if is_text { line } else { line.trim() };
        is_comment |= !is_text && bare.starts_with("/*");
        if is_comment {
            is_comment = !bare.ends_with("*/");
            continue;
        }
        if !is_text && (bare.is_empty() || bare.starts_with("//")) {
            continue;
        }
        is_text ^= bare.matches('`').count() % 2 == 1;
        lean.push_str(bare);
        lean.push('\n');
    }
    lean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let directory =
            std::env::temp_dir().join(format!("wellfield-{name}-{}", std::process::id()));
        files::remove(&directory).unwrap();
        files::create_directory(&directory).unwrap();
        directory
    }

    #[test]
    fn the_glue_loses_what_its_reader_would_need_and_nothing_that_runs() {
        let glue = "/**\n * About it.\n */\nexport function one() {\n    // Why.\n    const two = `a\n      b`;\n\n    return two // so\n}\n/* whole */\nlast()\n";
        let lean_glue =
            "export function one() {\nconst two = `a\n      b`;\nreturn two // so\n}\nlast()\n";
        assert_eq!(lean(glue), lean_glue);
    }

    #[test]
    fn names_follow_content_all_the_way_to_the_page() {
        let bundle = scratch("names");
        let build = |section: &[u8]| {
            let wasm = [b"\0asm\x01\0\0\0", section].concat();
            files::remove(&bundle).unwrap();
            files::create_directory(&bundle).unwrap();
            files::write(&bundle.join("staff_bg.wasm"), wasm).unwrap();
            files::write(&bundle.join("staff.js"), "new URL('staff_bg.wasm')").unwrap();
            files::write(&bundle.join("boot.js"), "boot").unwrap();
            files::write(
                &bundle.join("index.html"),
                "/x/staff.js /x/staff_bg.wasm /x/boot.js",
            )
            .unwrap();
            name_by_content(&bundle, "/x/").unwrap();
            files::read_text(&bundle.join("index.html")).unwrap()
        };
        let first = build(&[1, 1, 1]);
        let second = build(&[1, 1, 2]);
        let names: Vec<_> = second.split(' ').collect();
        for name in &names {
            assert!(
                bundle.join(name.trim_start_matches("/x/")).exists(),
                "{name}"
            );
        }
        // The glue's name changes with the WebAssembly, although only a name inside it changed.
        assert_ne!(first.split(' ').next(), second.split(' ').next());
        assert_eq!(names[2], "/x/boot.js");
        files::remove(&bundle).unwrap();
    }

    #[test]
    fn a_file_that_the_page_does_not_use_is_refused() {
        let bundle = scratch("unused");
        files::write(&bundle.join("index.html"), "").unwrap();
        files::write(&bundle.join("staff.css"), "").unwrap();
        assert!(name_by_content(&bundle, "/x/").is_err());
        files::remove(&bundle).unwrap();
    }

    #[test]
    fn the_budget_is_a_limit_not_a_target() {
        let load = |len| FirstLoad {
            scope: "/x/",
            len,
            len_max: 180_000,
            largest: Vec::new(),
            later: 0,
        };
        assert!(load(180_000).judge().is_ok());
        assert!(load(180_001).judge().is_err());
    }
}
