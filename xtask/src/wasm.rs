//! Takes out of a WebAssembly module what no browser reads.
//!
//! Custom sections hold the names of functions, the compiler's version and its features. A browser
//! skips them, and the names alone are two fifths of a small module. A panic still says its message,
//! file and line, which are data of the program.

use crate::failure::Failure;

/// The magic number and the version of the format.
const HEADER_LEN: usize = 8;
const CUSTOM_SECTION: u8 = 0;

/// `module` without its custom sections.
pub(crate) fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let cut_short = || Failure::new("the WebAssembly module is cut short");
    let (header, mut rest) = module.split_at_checked(HEADER_LEN).ok_or_else(cut_short)?;
    if !header.starts_with(b"\0asm") {
        return Err(Failure::new("this is no WebAssembly module"));
    }
    let mut kept = header.to_vec();
    while let Some((&id, after_id)) = rest.split_first() {
        let (content_len, len_len) = leb128(after_id).ok_or_else(cut_short)?;
        let section_len = 1 + len_len + content_len;
        let (section, after) = rest.split_at_checked(section_len).ok_or_else(cut_short)?;
        if id != CUSTOM_SECTION {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(kept)
}

/// An unsigned number of at most 32 bits in LEB128, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn custom_sections_go_and_others_stay_as_they_are() {
        let types = [1, 2, 7, 7];
        // A length in two bytes, as compilers write it.
        let memory = [5, 0x81, 0x00, 9];
        let names = [0, 5, 4, b'n', b'a', b'm', b'e'];
        let module = [HEADER, &types, &names, &memory, &names].concat();
        assert_eq!(
            without_custom_sections(&module).unwrap(),
            [HEADER, &types, &memory].concat()
        );
    }

    #[test]
    fn a_module_cut_short_is_refused() {
        for module in [
            &HEADER[..7],
            &[HEADER, &[1, 9, 0]].concat(),
            &[HEADER, &[1, 0x80]].concat(),
        ] {
            assert!(without_custom_sections(module).is_err());
        }
        assert!(without_custom_sections(b"<!DOCTYPE html>").is_err());
    }
}
