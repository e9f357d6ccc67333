//! What the source may not come to contain, because somebody would only notice later.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a crate without I/O, clock and randomness has no use for.
const NOT_IN_CORE: &[&str] = &[
    "async-std",
    "axum",
    "fastrand",
    "getrandom",
    "gloo",
    "http",
    "hyper",
    "indexed_db_futures",
    "js-sys",
    "leptos",
    "log",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "socket2",
    "sqlx",
    "tempfile",
    "tokio",
    "tokio-postgres",
    "tracing",
    "ureq",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "web-time",
];

/// More than this and a file holds more than one thing.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("tests/ lies in the workspace")
        .to_path_buf()
}

/// The project's own files under a folder with one of these endings. What was generated, built or
/// taken over from elsewhere does not count.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    const NOT_OURS: &[&str] = &["target", "dist", "node_modules", "vendor", "golden", ".git"];
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry of a folder").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path.strip_prefix(root()).expect("in the project");
                let shown = shown.to_string_lossy().into_owned();
                found.push((shown, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    assert!(
        !found.is_empty(),
        "no {endings:?} in {folder}: this test looks at nothing"
    );
    found
}

/// A file of source without its tests.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {")
        .map_or(text, |start| &text[..start])
}

/// The source of the rules, without tests.
fn core_source() -> Vec<(String, String)> {
    let mut source = files("core/src", &[".rs"]);
    source.retain(|(name, _)| !name.ends_with("/tests.rs") && !name.ends_with("/testing.rs"));
    for (_, text) in &mut source {
        *text = without_tests(text).to_owned();
    }
    source
}

/// Every line with one of these words in it, as `file:line: text`.
fn lines_with(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files {
        for (line, number) in text.lines().zip(1..) {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    found
}

fn assert_none(found: &[String], why: &str) {
    assert!(found.is_empty(), "{why}\n{}", found.join("\n"));
}

/// The crates that a package is built from, by name, wherever it runs. What only its tests use is not
/// among them, and neither is what tests switch on in a crate that both use.
fn built_from(package: &str) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "--package", package])
        .args(["--edges", "normal,no-proc-macro", "--target", "all"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {says}");
    let tree = String::from_utf8_lossy(&output.stdout);
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_rules_are_built_from_nothing_that_does_io_or_reads_a_clock() {
    let used = built_from("wellfield-core");
    assert!(
        used.contains("minicbor"),
        "looks at the right tree: {used:?}"
    );
    let wrong: Vec<_> = NOT_IN_CORE
        .iter()
        .filter(|name| used.contains(**name))
        .collect();
    assert!(wrong.is_empty(), "wellfield-core is built from {wrong:?}");
}

/// The server is built from some of what the rules are not, so the test above can fail.
#[test]
fn the_list_of_what_the_rules_may_not_use_names_real_crates() {
    let used = built_from("wellfield-server");
    assert!(
        NOT_IN_CORE.iter().any(|name| used.contains(*name)),
        "{used:?}"
    );
}

#[test]
fn the_rules_read_no_clock_no_file_and_no_environment() {
    let found = lines_with(
        &core_source(),
        &[
            "SystemTime::now",
            "time::Instant",
            "Instant::now",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
        ],
    );
    assert_none(
        &found,
        "time, files and settings are passed in to the rules:",
    );
}

#[test]
fn the_rules_never_panic_on_purpose() {
    let found = lines_with(
        &core_source(),
        &[
            "unwrap()",
            ".expect(",
            "panic!(",
            "unreachable!(",
            "todo!(",
            "unimplemented!(",
        ],
    );
    assert_none(&found, "a rule that cannot go on says so in its result:");
}

/// A name that one keyboard writes in other bytes than another would be two names.
#[test]
fn what_people_type_is_normalised_where_it_comes_in() {
    let mut sources = files("app/src", &[".rs"]);
    sources.extend(files("server/src", &[".rs"]));
    // What is made up for the sample was typed by nobody.
    sources.retain(|(name, _)| {
        !name.starts_with("server/src/sample/") && !name.ends_with("/tests.rs")
    });
    for (_, text) in &mut sources {
        *text = without_tests(text).to_owned();
    }
    let parsed = ["Line::parse", "Paragraph::parse", "Text::parse"];
    assert_none(
        &lines_with(&sources, &parsed),
        "what is typed goes through `typed` or `typed_optional`:",
    );
}

#[test]
fn the_client_sets_no_markup_from_text_and_no_inline_style() {
    let found = lines_with(
        &files("app/src", &[".rs"]),
        &["inner_html", "style=", "style ="],
    );
    assert_none(
        &found,
        "the content security policy forbids inline styles; markup is not text:",
    );
}

#[test]
fn no_file_holds_more_than_one_can_take_in() {
    let mut sources = Vec::new();
    for folder in ["app", "core", "fuzz", "public", "server", "tests", "xtask"] {
        sources.extend(files(
            folder,
            &[".rs", ".js", ".mjs", ".ts", ".css", ".sql"],
        ));
    }
    let long: Vec<_> = sources
        .iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert_none(&long, "cut these by what they are for:");
}

#[test]
fn every_dependency_of_the_workspace_is_pinned() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let start = manifest
        .find("[workspace.dependencies]")
        .expect("the list of dependencies");
    let list = &manifest[start..];
    let end = list
        .find("\n[workspace.lints")
        .expect("the end of the list");
    let loose: Vec<_> = list[..end]
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.contains("path ="))
        .filter(|line| !line.contains("\"="))
        .map(str::to_owned)
        .collect();
    assert_none(&loose, "a build next year has to be the build of today:");
}

/// The functions of the wording crate are public, so the compiler does not miss one that nobody calls.
#[test]
fn every_text_is_said_somewhere() {
    let mut source = String::new();
    for folder in ["app", "server"] {
        for (_, text) in files(folder, &[".rs"]) {
            source.push_str(&text);
        }
    }
    let wording = fs::read_to_string(root().join("app/wording/en.toml")).expect("the texts");
    let mut section = "";
    let mut unsaid = Vec::new();
    for line in wording.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ") {
            let function = format!("{section}_{key}(");
            if !source.contains(&function) {
                unsaid.push(function);
            }
        }
    }
    assert_none(&unsaid, "nobody says these texts");
}
