use proptest::prelude::*;

use super::*;
use crate::access::Role;
use crate::clock::Instant;
use crate::ids::{DeviceId, ProgrammeId};

const KEY: AuditKey = AuditKey([7; 32]);

/// One of each deed, by one of each actor.
fn entries() -> Vec<NewEntry> {
    let (device, programme) = (DeviceId(2), ProgrammeId(u64::MAX));
    let deeds = [
        Deed::CodeMade {
            programme,
            role: Role::Coordinator,
        },
        Deed::DeviceEnrolled { device },
        Deed::Exported {
            programme,
            records: 0,
        },
        Deed::SafetyCopyTakenIn { device, records: 3 },
        Deed::SetAsideRead { records: u64::MAX },
        Deed::ConcernsRead { records: 2 },
        Deed::DeviceRevoked { device },
        Deed::BackedUp,
        Deed::Restored { erased: 0 },
        Deed::KeyChanged,
    ];
    let actors = [Actor::CommandLine, Actor::Device(device), Actor::Nobody];
    (0..)
        .zip(deeds)
        .zip(actors.into_iter().cycle())
        .map(|((at, deed), actor)| NewEntry {
            at: Instant(1_750_000_000_000 + at),
            actor,
            deed,
        })
        .collect()
}

fn chain(entries: &[NewEntry]) -> (Vec<Link>, SignedHead) {
    let mut head = Head::START;
    let mut links = Vec::new();
    for entry in entries {
        let (link, next) = head.append(*entry);
        links.push(link);
        head = next;
    }
    (links, KEY.sign(head))
}

#[test]
fn an_entry_reads_back_and_whatever_else_its_bytes_could_say_does_not() {
    for (entered, seq) in entries().into_iter().zip(1..) {
        let entry = Entry { seq, entered };
        let bytes = encode_entry(&entry);
        assert_eq!(decode_entry(&bytes), Ok(entry));
        for end in 0..bytes.len() {
            assert_eq!(decode_entry(&bytes[..end]), Err(Unreadable::NotOurs));
        }
        assert_eq!(
            decode_entry(&[bytes.as_slice(), &[0]].concat()),
            Err(Unreadable::NotOurs)
        );
    }
}

#[test]
fn a_chain_that_nobody_touched_is_whole() {
    let (links, signed) = chain(&entries());
    assert_eq!(judge(&links, Some(&signed), &KEY, None), Ok(signed.head));
    for seen in 0..=entries().len() {
        let (_, seen) = chain(&entries()[..seen]);
        assert!(judge(&links, Some(&signed), &KEY, Some(&seen)).is_ok());
    }
    assert_eq!(judge(&[], None, &KEY, None), Ok(Head::START));
}

#[test]
fn every_bit_that_changes_is_found_where_it_is() {
    let (links, _) = chain(&entries());
    for place in 0..links.len() {
        let length = links[place].bytes.len();
        for bit in 0..8 * (length + 32) {
            let mut changed = links.clone();
            let (byte, mask) = (bit / 8, 1 << (bit % 8));
            match changed[place].bytes.get_mut(byte) {
                Some(of_entry) => *of_entry ^= mask,
                None => changed[place].hash[byte - length] ^= mask,
            }
            let broken = verify(&changed).unwrap_err();
            assert_eq!(broken.at, place as u64 + 1, "bit {bit}");
        }
    }
}

#[test]
fn every_entry_taken_out_put_in_moved_or_cut_off_is_found() {
    let (links, signed) = chain(&entries());
    let whole = |links: &[Link]| judge(links, Some(&signed), &KEY, None);
    for place in 0..links.len() {
        let mut fewer = links.clone();
        fewer.remove(place);
        assert!(whole(&fewer).is_err());
        let cut = whole(&links[..place]);
        assert_eq!(
            cut,
            Err(Untrue::OtherEnd {
                entries: place as u64,
                signed: links.len() as u64
            })
        );
        for other in 0..links.len() {
            let mut more = links.clone();
            more.insert(place, links[other].clone());
            assert!(whole(&more).is_err());
            if other != place {
                let mut moved = links.clone();
                moved.swap(place, other);
                assert_eq!(
                    verify(&moved).unwrap_err().at,
                    place.min(other) as u64 + 1,
                    "the first of the two"
                );
            }
        }
    }
}

#[test]
fn whoever_has_no_key_can_chain_but_not_sign() {
    let (links, signed) = chain(&entries());
    let mut forged = entries();
    forged[3].actor = Actor::Nobody;
    let (rewritten, end) = chain(&forged);
    assert!(verify(&rewritten).is_ok(), "the chain alone holds together");
    // The signature that was there does not fit, and a new one cannot be made.
    assert_eq!(
        judge(&rewritten, Some(&signed), &KEY, None),
        Err(Untrue::OtherEnd {
            entries: 10,
            signed: 10
        })
    );
    let by_another = AuditKey([8; 32]).sign(end.head);
    assert_eq!(
        judge(&rewritten, Some(&by_another), &KEY, None),
        Err(Untrue::OtherKey)
    );
    assert_eq!(
        judge(&links, None, &KEY, None),
        Err(Untrue::NotSigned { entries: 10 })
    );
    for bit in 0..256 {
        let mut other = signed;
        other.tag[bit / 8] ^= 1 << (bit % 8);
        assert!(!KEY.signed(&other));
    }
}

#[test]
fn an_older_copy_with_its_older_signature_is_found_by_what_was_seen() {
    let (links, seen) = chain(&entries());
    for older in 0..links.len() {
        let (shorter, signed) = chain(&entries()[..older]);
        assert_eq!(shorter, links[..older]);
        assert!(judge(&shorter, Some(&signed), &KEY, None).is_ok());
        assert_eq!(
            judge(&shorter, Some(&signed), &KEY, Some(&seen)),
            Err(Untrue::NotAsSeen { at: 10 })
        );
    }
    assert_eq!(
        judge(&[], None, &KEY, Some(&seen)),
        Err(Untrue::NotAsSeen { at: 10 }),
        "everything was taken away"
    );
    let nobodys = AuditKey([1; 32]).sign(seen.head);
    assert_eq!(
        judge(&links, Some(&seen), &KEY, Some(&nobodys)),
        Err(Untrue::OtherKey)
    );
}

#[test]
fn a_signed_head_reads_back_from_its_text_and_nothing_else_does() {
    let (_, signed) = chain(&entries());
    let text = signed.to_string();
    assert_eq!(read_signed_head(&text), Ok(signed));
    for wrong in [
        "",
        "wellfield-audit-head 2 0",
        &text[..text.len() - 1],
        &format!("{text} more"),
        &text.replacen(" 1 10 ", " 1 -10 ", 1),
        &text.replace('a', "é"),
    ] {
        assert_eq!(read_signed_head(wrong), Err(NotAHead), "{wrong}");
    }
}

#[test]
fn a_key_is_not_in_its_debug_output() {
    assert_eq!(format!("{KEY:?}"), "AuditKey");
}

/// Something done to a stored chain.
#[derive(Clone, Debug)]
enum Tampering {
    Flip(prop::sample::Index, prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>, [u8; 32]),
    Swap(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
    Rehash(prop::sample::Index, Vec<u8>),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    use prop::sample::Index;
    let bytes = || prop::collection::vec(any::<u8>(), 1..40);
    prop_oneof![
        (any::<Index>(), any::<Index>(), 0..8_u8).prop_map(|(a, b, c)| Tampering::Flip(a, b, c)),
        any::<Index>().prop_map(Tampering::Remove),
        (any::<Index>(), bytes(), any::<[u8; 32]>())
            .prop_map(|(a, b, c)| Tampering::Insert(a, b, c)),
        any::<(Index, Index)>().prop_map(|(a, b)| Tampering::Swap(a, b)),
        any::<Index>().prop_map(Tampering::Cut),
        (any::<Index>(), bytes()).prop_map(|(a, b)| Tampering::Rehash(a, b)),
    ]
}

fn tamper(links: &mut Vec<Link>, how: &Tampering) {
    if links.is_empty() {
        return;
    }
    match how {
        Tampering::Flip(place, byte, bit) => {
            let at = place.index(links.len());
            let bytes = &mut links[at].bytes;
            let byte = byte.index(bytes.len());
            bytes[byte] ^= 1 << bit;
        }
        Tampering::Remove(place) => drop(links.remove(place.index(links.len()))),
        Tampering::Insert(place, bytes, hash) => {
            let (bytes, hash) = (bytes.clone(), *hash);
            links.insert(place.index(links.len() + 1), Link { bytes, hash });
        }
        Tampering::Swap(a, b) => {
            let length = links.len();
            links.swap(a.index(length), b.index(length));
        }
        Tampering::Cut(place) => links.truncate(place.index(links.len())),
        // Somebody who knows how the chain is made puts other bytes in and chains all that follow anew.
        Tampering::Rehash(place, bytes) => {
            let at = place.index(links.len());
            links[at].bytes.clone_from(bytes);
            for place in at..links.len() {
                let before = place.checked_sub(1).map_or([0; 32], |at| links[at].hash);
                links[place].hash = chain::chained(&links[place].bytes, &before);
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_done_to_the_stored_chain_is_found(
        times in prop::collection::vec(any::<u64>(), 1..12),
        done in prop::collection::vec(tampering(), 1..4),
    ) {
        let entries: Vec<_> = times
            .into_iter()
            .zip(entries().into_iter().cycle())
            .map(|(at, entry)| NewEntry { at: Instant(at), ..entry })
            .collect();
        let (links, signed) = chain(&entries);
        let mut tampered = links.clone();
        done.iter().for_each(|how| tamper(&mut tampered, how));
        let judged = judge(&tampered, Some(&signed), &KEY, None);
        prop_assert_eq!(judged.is_ok(), tampered == links);
    }
}
