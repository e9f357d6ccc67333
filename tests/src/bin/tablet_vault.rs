//! Opens the rows of a tablet in the browser tests and measurements, with its words, as its owner could.
//!
//! The tests and measurements run in Node and see the rows as they lie on disk. What they need to know
//! of the inside is asked here, line by line, so that the sealing stands in `core` alone:
//!
//! | line                     | answer                                                   |
//! |--------------------------|----------------------------------------------------------|
//! | `lock HEX WORDS`         | the tablet's number; the lines below are about it        |
//! | `manifest HEX`           | `ok`; says which version of each row counts              |
//! | `open STORE KEY HEX`     | the plain bytes of a row that is replaced                |
//! | `own N HEX`              | the plain bytes of a row of the tablet's own log         |
//! | `seal N HEX`             | a sealed row of the log                                  |
//!
//! Bytes are in hexadecimal. What does not open is answered with `closed`.

use std::io::{BufRead, Write, stdin, stdout};

use wellfield_core::ids::DeviceId;
use wellfield_core::vault::{Lock, Manifest, Passphrase, Place, SlotSecret, VaultKeys};

/// The version of what is inside rows (app/src/storage/vault.rs).
const SCHEMA: u8 = 1;
const META: &str = "meta";
const MANIFEST: &str = "manifest";

/// An opened tablet.
struct Opened {
    device: DeviceId,
    keys: VaultKeys,
    manifest: Manifest,
}

fn main() -> std::io::Result<()> {
    let mut opened = None;
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let answer = answer(&mut opened, &line?).unwrap_or_else(|| "closed".to_owned());
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(opened: &mut Option<Opened>, line: &str) -> Option<String> {
    let (verb, rest) = line.split_once(' ')?;
    if verb == "lock" {
        let (lock, words) = rest.split_once(' ')?;
        let tablet = opened.insert(open(&bytes(lock)?, words)?);
        return Some(tablet.device.0.to_string());
    }
    let tablet = opened.as_mut()?;
    let fields: Vec<&str> = rest.split(' ').collect();
    match (verb, fields.as_slice()) {
        ("manifest", [row]) => {
            let plain = tablet.row(META, MANIFEST, 0, &bytes(row)?)?;
            tablet.manifest = Manifest::from_bytes(&plain).ok()?;
            Some("ok".to_owned())
        }
        ("open", [store, key, row]) => {
            let revision = tablet.manifest.revision(tablet.keys.blind(store, key));
            let plain = tablet.row(store, key, revision, &bytes(row)?)?;
            Some(hex(&plain))
        }
        ("own", [n, row]) => {
            let n = n.parse().ok()?;
            let opened = tablet.keys.log.open_own(tablet.device, n, &bytes(row)?);
            Some(hex(&opened.ok()?))
        }
        ("seal", [n, plain]) => {
            let n: u64 = n.parse().ok()?;
            // A number never comes twice, so neither does a nonce.
            let mut nonce = [0; 24];
            nonce[..8].copy_from_slice(&n.to_be_bytes());
            let row = tablet
                .keys
                .log
                .seal_own(tablet.device, n, &bytes(plain)?, nonce);
            Some(hex(&row))
        }
        _ => None,
    }
}

fn open(lock: &[u8], words: &str) -> Option<Opened> {
    let lock = Lock::from_bytes(lock).ok()?;
    let words = Passphrase::typed(words);
    let secret = SlotSecret::Passphrase(lock.stretching.stretch(&words, lock.salt));
    let (_, key) = lock.open(&secret).ok()?;
    Some(Opened {
        device: lock.device,
        keys: key.keys(),
        manifest: Manifest::default(),
    })
}

impl Opened {
    fn place<'a>(&self, store: &'a str, key: &'a [u8], revision: u64) -> Place<'a> {
        Place {
            device: self.device,
            store,
            key,
            revision,
            schema: SCHEMA,
        }
    }

    fn row(&self, store: &str, key: &str, revision: u64, row: &[u8]) -> Option<Vec<u8>> {
        let place = self.place(store, key.as_bytes(), revision);
        Some(self.keys.records.open(place, row).ok()?.to_vec())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
