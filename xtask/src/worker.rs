//! Fills the service worker's template (`public/sw.js`) with what one bundle consists of.

use crate::digest::{self, Digester};
use crate::failure::Failure;
use crate::files;
use std::path::Path;

/// One line of the precache list.
struct Entry {
    path: String,
    digest: String,
}

/// Writes `sw.js` into `bundle`, which is served at `scope`. Must come after every other file of the
/// bundle is final.
pub(crate) fn write(bundle: &Path, scope: &str) -> Result<(), Failure> {
    let template = files::read_text(&files::root().join("public/sw.js"))?;
    let worker = fill(&template, scope, &entries(bundle, scope)?)?;
    files::write(&bundle.join("sw.js"), worker)
}

fn entries(bundle: &Path, scope: &str) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for file in files::walk(bundle)? {
        let relative = files::relative_url(&file, bundle);
        // The page is kept under the address that people open.
        let name = if relative == "index.html" {
            ""
        } else {
            &relative
        };
        entries.push(Entry {
            path: format!("{scope}{name}"),
            digest: digest::digest(&files::read(&file)?),
        });
    }
    Ok(entries)
}

/// The version covers the template too: two different workers must never share a cache, because the
/// one that installs would write into the cache that the other one answers from.
fn fill(template: &str, scope: &str, entries: &[Entry]) -> Result<String, Failure> {
    let mut version = Digester::new();
    version.add(scope, template.as_bytes());
    let mut list = String::from("\n");
    for Entry { path, digest } in entries {
        version.add(path, digest.as_bytes());
        list.push_str(&format!("  [\"{path}\", \"{digest}\"],\n"));
    }
    let version = version.finish();
    let mut worker = template.to_owned();
    for (mark, value) in [
        ("/*scope*/", scope),
        ("/*version*/", digest::short(&version)),
        ("/*precache*/", &list),
    ] {
        if worker.matches(mark).count() != 1 {
            return Err(Failure::new(format!(
                "public/sw.js must hold {mark} exactly once"
            )));
        }
        worker = worker.replace(mark, value);
    }
    Ok(worker)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"S("/*scope*/", "/*version*/", [/*precache*/]);"#;

    fn filled(template: &str, digest: &str) -> String {
        let entries = [Entry {
            path: "/app/".into(),
            digest: digest.into(),
        }];
        fill(template, "/app/", &entries).unwrap()
    }

    #[test]
    fn lists_every_file_with_its_digest() {
        let worker = filled(TEMPLATE, "d1");
        assert!(worker.starts_with(r#"S("/app/", ""#));
        assert!(worker.contains(r#"["/app/", "d1"],"#));
        assert!(!worker.contains("/*"));
    }

    #[test]
    fn the_version_changes_with_the_list_and_with_the_template() {
        let version = |worker: &str| worker.split('"').nth(3).unwrap().to_owned();
        let first = version(&filled(TEMPLATE, "d1"));
        assert_ne!(first, version(&filled(TEMPLATE, "d2")));
        assert_ne!(first, version(&filled(&format!("{TEMPLATE}//"), "d1")));
        assert_eq!(first, version(&filled(TEMPLATE, "d1")));
    }

    #[test]
    fn refuses_a_template_without_a_mark() {
        assert!(fill("/*scope*/ /*version*/", "/app/", &[]).is_err());
    }
}
