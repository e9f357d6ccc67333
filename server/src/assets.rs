//! The client, embedded in the binary: what `cargo xtask` left in `dist/` when the server was built.
//!
//! [`find`] answers a path with a file, or with the page of the bundle when the path is one of the
//! client's own addresses. It knows nothing of HTTP beyond paths and media types. A server built
//! without the client has no assets, and [`is_built`] says so.

use rust_embed::Embed;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What the server says instead of a page when it was built without the client.
pub const NOT_BUILT: &str = "The client is not built. Run `cargo xtask run`.";

/// The folders of `dist/` that are served, each at the address of its name.
const BUNDLES: [&str; 4] = ["app", "r", "a", "desk"];

#[derive(Embed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// A file of the client, as it is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The bytes; compressed if [`Asset::brotli`].
    pub body: Cow<'static, [u8]>,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// Whether `Content-Encoding: br` is to be sent.
    pub brotli: bool,
    /// Whether the name stands for this content for ever, so that browsers need not ask again.
    /// Everything else must be asked for each time (`no-cache`).
    pub immutable: bool,
}

/// Whether this server carries the client.
pub fn is_built() -> bool {
    BUNDLES
        .iter()
        .all(|bundle| is_embedded(&format!("{bundle}/index.html")))
}

/// Finds what to answer to a GET of `path`, as `/app/people/7`.
///
/// A path that names no file and has no extension is an address inside the client and gets its page.
/// A missing file stays missing: HTML in its place would be taken for the file. `/app` and `/r`
/// without the slash are not part of the client; redirect them.
pub fn find(path: &str, accepts_brotli: bool) -> Option<Asset> {
    let name = resolve(path, is_embedded)?;
    let compressed = accepts_brotli
        .then(|| Dist::get(&format!("{name}.br")))
        .flatten();
    let brotli = compressed.is_some();
    let file = compressed.or_else(|| Dist::get(&name))?;
    Some(Asset {
        body: file.data,
        content_type: content_type(&name),
        brotli,
        immutable: is_named_by_content(&name),
    })
}

/// What stands in the page of the desk where the server puts the language, the window's title and the content.
const DESK_MARKS: [&str; 3] = ["{language}", "{title}", "{content}"];

/// A page of the desk for a server that was built without the client: it works, and looks like nothing.
const BARE_DESK: &str = "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{title}</title><body>{content}</body></html>";

/// A page of the desk: what was built of it, with these in their places. `title` and `content` are markup.
pub fn desk_page(language: &str, title: &str, content: &str) -> String {
    static AROUND: LazyLock<String> = LazyLock::new(|| {
        let built = Dist::get("desk/index.html");
        let built = built.and_then(|file| String::from_utf8(file.data.into_owned()).ok());
        built.unwrap_or_else(|| BARE_DESK.to_owned())
    });
    let mut page = AROUND.clone();
    // The content comes last, so that nothing in it is taken for a mark.
    for (mark, with) in DESK_MARKS.into_iter().zip([language, title, content]) {
        page = page.replacen(mark, with, 1);
    }
    page
}

fn is_embedded(name: &str) -> bool {
    // Asked of the names alone: `Dist::get` also builds the file's metadata.
    Dist::iter().any(|embedded| embedded == name)
}

/// The name in `dist/` of what answers `path`.
fn resolve(path: &str, exists: impl Fn(&str) -> bool) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let (bundle, rest) = path.split_once('/')?;
    if !BUNDLES.contains(&bundle) {
        return None;
    }
    match extension(rest) {
        // The compressed siblings have no address of their own.
        Some("br") => None,
        Some(_) => Some(path.to_owned()),
        None => Some(format!("{bundle}/index.html")),
    }
    .filter(|name| exists(name))
}

/// What follows the last dot of the last part of a path.
pub(crate) fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// Whether the name ends in the digest that `cargo xtask` puts there: `staff-0123456789abcdef.js`.
fn is_named_by_content(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, digest)| {
        digest.len() == 16
            && digest
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn content_type(name: &str) -> &'static str {
    match extension(name).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(path: &str) -> Option<String> {
        let files = [
            "app/index.html",
            "app/sw.js",
            "app/sw.js.br",
            "app/icons/icon-192.png",
            "r/index.html",
            "desk/index.html",
            ".stamp",
        ];
        resolve(path, |name| files.contains(&name))
    }

    #[test]
    fn addresses_inside_a_bundle_get_its_page() {
        for path in ["/app/", "/app/index.html", "/app/people/7", "/app/people/"] {
            assert_eq!(resolved(path).as_deref(), Some("app/index.html"), "{path}");
        }
        assert_eq!(resolved("/r/refer").as_deref(), Some("r/index.html"));
    }

    #[test]
    fn files_are_found_and_missing_files_stay_missing() {
        assert_eq!(resolved("/app/sw.js").as_deref(), Some("app/sw.js"));
        assert_eq!(
            resolved("/app/icons/icon-192.png").as_deref(),
            Some("app/icons/icon-192.png")
        );
        for path in ["/app/gone.js", "/app/sw.js.br", "/r/sw.js"] {
            assert_eq!(resolved(path), None, "{path}");
        }
    }

    #[test]
    fn nothing_outside_the_bundles_is_served() {
        for path in [
            "",
            "/",
            "/app",
            "/r",
            "/.stamp",
            "/api/push",
            "/app/../.stamp",
            "app/",
            "/other/index.html",
        ] {
            assert_eq!(resolved(path), None, "{path}");
        }
    }

    #[test]
    fn only_names_with_a_digest_are_immutable() {
        assert!(is_named_by_content("app/staff_bg-0123456789abcdef.wasm"));
        for name in [
            "app/index.html",
            "app/sw.js",
            "app/boot.js",
            "app/icons/icon-512-maskable.png",
            "app/manifest.webmanifest",
        ] {
            assert!(!is_named_by_content(name), "{name}");
        }
    }

    #[test]
    fn every_embedded_file_has_a_type_and_the_page_is_never_immutable() {
        for name in Dist::iter().filter(|name| !name.ends_with(".br") && !name.starts_with('.')) {
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
        }
        if is_built() {
            let page = find("/app/today", false).unwrap();
            assert!(!page.immutable && !page.brotli);
            assert!(
                page.body.starts_with(b"<!DOCTYPE html>")
                    || page.body.starts_with(b"<!doctype html>")
            );
            assert!(find("/app/today", true).unwrap().brotli);
        } else {
            assert_eq!(find("/app/today", true), None);
        }
    }
}
