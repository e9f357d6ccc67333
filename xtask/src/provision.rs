//! Provides what a build or a test needs and the machine lacks. Every step does nothing, and says
//! nothing, when its tool is there; what it cannot provide it names, with the command that does.
//!
//! Which versions and why: docs/decisions/0001-toolchain-pinning.md.

use crate::failure::Failure;
use crate::files;
use crate::process;
use std::path::{Path, PathBuf};

/// What the client compiles to.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The newest Trunk that the pinned Rust compiles.
const TRUNK_VERSION: &str = "0.21.14";
/// What cuts the client into parts; it has to understand what the library of the lock file marks.
const WASM_SPLIT_VERSION: &str = "0.2.4";
const NODE_MAJOR_MIN: u32 = 20;
const CHROMIUM_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What builds the client.
pub(crate) struct ClientTools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) wasm_bindgen_directory: PathBuf,
    pub(crate) wasm_bindgen_version: String,
    pub(crate) wasm_split: PathBuf,
    /// All versions in one line, for the stamp of what was built.
    pub(crate) versions: String,
}

/// What drives the client in a browser.
pub(crate) struct BrowserTools {
    pub(crate) node: PathBuf,
    pub(crate) chromium: PathBuf,
}

/// Everything any task needs.
pub(crate) fn everything() -> Result<(), Failure> {
    client_tools()?;
    server_tools()?;
    database_tools()?;
    browser_tools()?;
    Ok(())
}

/// Provides the WebAssembly target, Trunk and the wasm-bindgen of the lock file.
pub(crate) fn client_tools() -> Result<ClientTools, Failure> {
    provide_wasm_target()?;
    let wasm_bindgen_version = locked_version("wasm-bindgen")?;
    let wasm_bindgen = provide_wasm_bindgen(&wasm_bindgen_version)?;
    let (trunk, trunk_version) = provide_trunk()?;
    let rustc = process::output(&mut process::program("rustc", &["--version"]))
        .ok_or_else(|| Failure::new("rustc is not on PATH. Install Rust with rustup"))?;
    Ok(ClientTools {
        trunk,
        wasm_bindgen_directory: directory_of(&wasm_bindgen),
        wasm_bindgen,
        wasm_split: provide_wasm_split()?,
        versions: format!(
            "{} trunk {trunk_version} wasm-bindgen {wasm_bindgen_version} wasm-split {WASM_SPLIT_VERSION}",
            rustc.trim()
        ),
        wasm_bindgen_version,
    })
}

/// SQLite comes as C and is compiled into the server, and so does the cryptography of its TLS.
pub(crate) fn server_tools() -> Result<(), Failure> {
    // On Windows the compiler is not on PATH; the build finds it by itself or says what it misses.
    let named = std::env::var_os("CC").is_some() || cfg!(windows);
    if named
        || ["cc", "gcc", "clang"]
            .into_iter()
            .any(|name| process::find(name).is_some())
    {
        return Ok(());
    }
    install_packages(
        &["gcc", "libc6-dev"],
        "a C compiler (`cc`), which SQLite needs",
    )
}

/// Provides PostgreSQL, of which the server's tests start one of their own.
pub(crate) fn database_tools() -> Result<(), Failure> {
    if has_postgres() {
        return Ok(());
    }
    install_packages(
        &["postgresql"],
        "PostgreSQL (`initdb`), which the server's tests start one of",
    )?;
    if has_postgres() {
        return Ok(());
    }
    Err(Failure::new(
        "PostgreSQL's initdb is still not found after its installation. Name its folder in PG_BIN",
    ))
}

/// Looks where the tests look (server/tests/common/cluster.rs): Debian keeps initdb off the path.
fn has_postgres() -> bool {
    let has_initdb = |folder: PathBuf| folder.join("initdb").is_file();
    let named = std::env::var_os("PG_BIN").map(PathBuf::from);
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let mut installed = versions.into_iter().flatten().flatten();
    named.is_some_and(has_initdb)
        || installed.any(|version| has_initdb(version.path().join("bin")))
        || process::find("initdb").is_some()
        || process::output(&mut process::program("pg_config", &["--bindir"]))
            .is_some_and(|folder| has_initdb(folder.trim().into()))
}

/// Provides Node.js with npm, and Chromium.
pub(crate) fn browser_tools() -> Result<BrowserTools, Failure> {
    if process::find("node").is_none() || process::find("npm").is_none() {
        install_packages(
            &["nodejs", "npm"],
            &format!("Node.js {NODE_MAJOR_MIN} or newer, with npm"),
        )?;
    }
    let node = process::find("node")
        .ok_or_else(|| Failure::new("Node.js is still not on PATH after its installation"))?;
    let version = process::output(&mut process::program(&node, &["--version"])).unwrap_or_default();
    let major = numbers(&version).first().copied().unwrap_or(0);
    if major < NODE_MAJOR_MIN {
        return Err(Failure::new(format!(
            "Node.js {NODE_MAJOR_MIN} or newer is needed and {} is {}. Install a newer one from your system's packages or from the makers of Node.js",
            node.display(),
            version.trim()
        )));
    }
    if find_chromium().is_none() {
        install_packages(&["chromium"], "Chromium, which the browser tests drive")?;
    }
    let chromium = find_chromium().ok_or_else(|| {
        Failure::new("Chromium is still not on PATH after its installation. Name it in CHROMIUM")
    })?;
    Ok(BrowserTools { node, chromium })
}

fn provide_wasm_target() -> Result<(), Failure> {
    // Asked of the compiler, which also holds where there is no rustup.
    let sysroot = process::output(&mut process::program(
        "rustc",
        &["--print", "target-libdir", "--target", WASM_TARGET],
    ));
    if sysroot.is_some_and(|directory| Path::new(directory.trim()).is_dir()) {
        return Ok(());
    }
    println!("Adding the target {WASM_TARGET} to the Rust toolchain.");
    process::run(&mut process::program(
        "rustup",
        &["target", "add", WASM_TARGET],
    ))
    .map_err(|failure| {
        Failure::new(format!(
            "{failure}. The client needs it: `rustup target add {WASM_TARGET}`"
        ))
    })
}

fn provide_trunk() -> Result<(PathBuf, String), Failure> {
    let fits = |path: &Path| version_of(path).filter(|version| is_fitting_trunk(version));
    if let Some(path) = process::find("trunk")
        && let Some(version) = fits(&path)
    {
        return Ok((path, version));
    }
    let root = tool_root("trunk", TRUNK_VERSION)?;
    let path = binary_in(&root, "trunk");
    if fits(&path).is_none() {
        install_crate("trunk", TRUNK_VERSION, &[], &root)?;
    }
    let version =
        fits(&path).ok_or_else(|| Failure::new("Trunk was installed and does not start"))?;
    Ok((path, version))
}

/// Any other version than the library's refuses the module.
fn provide_wasm_bindgen(version: &str) -> Result<PathBuf, Failure> {
    let fits = |path: &Path| version_of(path).is_some_and(|found| found == version);
    if let Some(path) = process::find("wasm-bindgen").filter(|path| fits(path)) {
        return Ok(path);
    }
    let root = tool_root("wasm-bindgen", version)?;
    let path = binary_in(&root, "wasm-bindgen");
    if !fits(&path) {
        install_crate("wasm-bindgen-cli", version, &[], &root)?;
    }
    Ok(path)
}

/// The splitter tells nobody its version, so only the one in the tool cache is known to be right.
fn provide_wasm_split() -> Result<PathBuf, Failure> {
    const CRATE: &str = "wasm_split_cli_support";
    let root = tool_root(CRATE, WASM_SPLIT_VERSION)?;
    let path = binary_in(&root, "wasm-split-cli");
    if !path.is_file() {
        install_crate(
            CRATE,
            WASM_SPLIT_VERSION,
            &["--features", "build-binary"],
            &root,
        )?;
    }
    Ok(path)
}

/// Installs into a folder of the tool's own, per name and version, so that nothing of the person's
/// is replaced and an older checkout still finds its version.
fn install_crate(name: &str, version: &str, features: &[&str], root: &Path) -> Result<(), Failure> {
    println!("Installing {name} {version} into the tool cache (once; some minutes).");
    let install = |lock: &[&str]| {
        let mut command = process::cargo(&["install", name, "--version"]);
        command
            .arg(format!("={version}"))
            // Unoptimised: the tools take a second longer at each use and minutes less to install.
            .args(["--debug", "--force", "--quiet", "--root"])
            .arg(root)
            .args(features)
            .args(lock)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            // The repository's own target folder is not for other people's tools.
            .env_remove("CARGO_TARGET_DIR");
        process::run(&mut command)
    };
    // Its makers' lock file first. A registry that lacks one of the versions named there, because it
    // was withdrawn or has not arrived, still has others that fit.
    install(&["--locked"])
        .or_else(|_| {
            println!("Its own lock file did not work here; trying the newest versions that fit.");
            install(&[])
        })
        .map_err(|failure| {
            Failure::new(format!(
                "{failure}. Install it yourself: `cargo install {name} --version ={version}`"
            ))
        })
}

/// `$WELLFIELD_TOOLS`, or a folder in the person's cache.
fn tool_root(name: &str, version: &str) -> Result<PathBuf, Failure> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let tools = variable("WELLFIELD_TOOLS")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("wellfield/tools")))
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache/wellfield/tools")))
        .ok_or_else(|| {
            Failure::new(
                "there is no home folder for the tool cache. Name a folder in WELLFIELD_TOOLS",
            )
        })?;
    // An absolute path, because tools are started from other folders.
    Ok(files::root().join(tools).join(format!("{name}-{version}")))
}

fn binary_in(root: &Path, name: &str) -> PathBuf {
    root.join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn directory_of(binary: &Path) -> PathBuf {
    binary.parent().unwrap_or(binary).to_path_buf()
}

/// The last word of what a tool answers to `--version`.
fn version_of(path: &Path) -> Option<String> {
    let answer = process::output(&mut process::program(path, &["--version"]))?;
    answer.split_whitespace().nth(1).map(str::to_owned)
}

fn is_fitting_trunk(version: &str) -> bool {
    let version = numbers(version);
    version.as_slice() >= [0, 21, 14].as_slice() && version.as_slice() < [0, 23].as_slice()
}

/// The numbers of a version as `v20.1.0` or `0.21.14`; what is no number ends it.
fn numbers(version: &str) -> Vec<u32> {
    version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

fn locked_version(package: &str) -> Result<String, Failure> {
    let lock = files::read_text(&files::root().join("Cargo.lock"))?;
    version_in_lock(&lock, package)
        .ok_or_else(|| Failure::new(format!("Cargo.lock names no {package}")))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"').map(str::to_owned)
}

fn find_chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    named.or_else(|| CHROMIUM_NAMES.into_iter().find_map(process::find))
}

/// Installs system packages where this tool may: as root, with apt. Elsewhere it asks the person.
fn install_packages(packages: &[&str], purpose: &str) -> Result<(), Failure> {
    let list = packages.join(" ");
    let is_root =
        process::output(&mut process::program("id", &["-u"])).is_some_and(|id| id.trim() == "0");
    if !is_root || process::find("apt-get").is_none() {
        return Err(Failure::new(format!(
            "{purpose}, is missing. On Debian or Ubuntu: `sudo apt-get install {list}`; elsewhere install the same with your system's packages"
        )));
    }
    println!("Installing {list} with apt-get.");
    let apt = |arguments: &[&str]| {
        process::run(
            process::program("apt-get", arguments).env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    // A stale list of packages names versions that are gone, so it is always renewed first.
    apt(&["update", "--quiet=2"])?;
    apt(&[
        &["install", "--yes", "--quiet=2", "--no-install-recommends"],
        packages,
    ]
    .concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_of_the_package_named_and_no_other() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn trunk_fits_from_0_21_14_to_before_0_23() {
        for (version, fits) in [
            ("0.21.13", false),
            ("0.21.14", true),
            ("0.22.1", true),
            ("0.23.0", false),
            ("1.0.0", false),
            ("", false),
        ] {
            assert_eq!(is_fitting_trunk(version), fits, "{version}");
        }
    }

    #[test]
    fn numbers_of_a_version() {
        assert_eq!(numbers("v20.20.2\n"), [20, 20, 2]);
        assert_eq!(numbers("nothing"), [] as [u32; 0]);
    }
}
