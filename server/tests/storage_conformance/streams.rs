//! Where streams stand, and reading them.

use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::StreamHead;
use wellfield_server::storage::{PageRefused, PageWanted, Reader, Storage, StorageError};

use crate::common::{PROGRAMME, note};
use crate::place::{DELIVERY, OTHER_PROGRAMME, Place};

fn head(stream: Stream, epoch: u32, head: u64) -> StreamHead {
    StreamHead {
        stream,
        epoch,
        head,
    }
}

fn wanted(after: u64, limit: usize) -> PageWanted {
    PageWanted {
        reader: Reader::Of(vec![DELIVERY, Stream::Casework(PROGRAMME)]),
        stream: DELIVERY,
        epoch: Some(1),
        after,
        limit,
    }
}

fn seqs(place: &Place, storage: &dyn Storage, wanted: PageWanted) -> Vec<u64> {
    let page = place.wait(storage.page(wanted.clone())).unwrap();
    assert_eq!((page.stream, page.after), (wanted.stream, wanted.after));
    page.events.into_iter().map(|event| event.seq).collect()
}

pub fn a_stream_without_events_stands_at_its_beginning(place: &Place) {
    let storage = place.with_programme();
    let casework = Stream::Casework(PROGRAMME);
    let asked = vec![casework, DELIVERY, Stream::Public, DELIVERY];
    let heads = place.wait(storage.heads(asked)).unwrap();
    let expected = [
        head(casework, 1, 0),
        head(DELIVERY, 1, 1),
        head(Stream::Public, 1, 0),
        head(DELIVERY, 1, 1),
    ];
    assert_eq!(heads, expected, "in the order asked for");
    let page = place.wait(storage.page(PageWanted {
        stream: casework,
        ..wanted(0, 10)
    }));
    let page = page.unwrap();
    assert_eq!(
        (page.epoch, page.head, page.events.len()),
        (1, 0, 0),
        "and has an empty page"
    );
    assert_eq!(place.wait(storage.heads(Vec::new())).unwrap(), []);
}

pub fn a_stream_is_read_page_by_page(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(9);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let read = |after, limit| seqs(place, &*storage, wanted(after, limit));
    assert_eq!(read(0, 4), [1, 2, 3, 4]);
    assert_eq!(read(4, 4), [5, 6, 7, 8]);
    assert_eq!(read(8, 4), [9, 10]);
    assert_eq!(read(10, 4), [] as [u64; 0]);
    assert_eq!(read(u64::MAX, 4), [] as [u64; 0], "a cursor beyond all");
    assert_eq!(read(0, usize::MAX).len(), 10);
    let page = place.wait(storage.page(wanted(8, 1))).unwrap();
    assert_eq!((page.head, page.epoch), (10, 1), "however short the page");
}

pub fn a_page_ends_after_a_megabyte_but_never_before_its_first_event(place: &Place) {
    let storage = place.with_programme();
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let long = note(&"a".repeat(2000));
    let mut n = 1;
    for _ in 0..3 {
        let events: Vec<_> = (0..400)
            .map(|_| tablet.record(DELIVERY, long.clone()))
            .collect();
        place.push(&*storage, &tablet, n, &events).unwrap();
        n += 400;
    }
    let page = place.wait(storage.page(wanted(0, 2000))).unwrap();
    let bytes: usize = page.events.iter().map(|event| event.bytes.len()).sum();
    let last = page.events.last().unwrap().bytes.len();
    assert!(bytes >= 1024 * 1024, "{bytes}");
    assert!(bytes - last < 1024 * 1024, "{bytes}");
    assert!(page.events.len() < 1201);
    assert_eq!(page.head, 1201);
    // Read on from there, nothing is missing.
    assert_eq!(place.read(&*storage, DELIVERY).len(), 1201);
}

pub fn another_epoch_is_told_and_not_read_over(place: &Place) {
    let storage = place.with_programme();
    place.sql("UPDATE stream SET epoch = epoch + 1 WHERE id <> 'public'");
    let refused = place.wait(storage.page(wanted(0, 10)));
    assert!(matches!(
        refused,
        Err(StorageError::Refused(PageRefused::EpochChanged))
    ));
    let any = PageWanted {
        epoch: None,
        ..wanted(0, 10)
    };
    let page = place.wait(storage.page(any)).unwrap();
    assert_eq!((page.epoch, page.events.len()), (2, 1));
    let heads = place.wait(storage.heads(vec![DELIVERY])).unwrap();
    assert_eq!(heads, [head(DELIVERY, 2, 1)]);
    // What was never stored in has its first epoch, and another one is another one.
    let casework = PageWanted {
        stream: Stream::Casework(PROGRAMME),
        epoch: Some(2),
        ..wanted(0, 10)
    };
    assert!(place.wait(storage.page(casework)).is_err());
}

pub fn an_export_reads_streams_one_after_the_other(place: &Place) {
    let storage = place.with_programme();
    let other = crate::common::opened(OTHER_PROGRAMME, "Another dig");
    place.append(&*storage, vec![other]);
    let mut tablet = place.tablet(&*storage, Role::Facilitator);
    let events = tablet.notes(2);
    place.push(&*storage, &tablet, 1, &events).unwrap();
    let asked = vec![
        Stream::Delivery(OTHER_PROGRAMME),
        Stream::Safeguarding,
        DELIVERY,
    ];
    let read = place.wait(storage.events(asked)).unwrap();
    let seqs: Vec<_> = read.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [1, 1, 2, 3]);
    assert_eq!(read[3].bytes, events[1]);
}

pub fn nobody_gets_a_stream_that_is_not_theirs(place: &Place) {
    let storage = place.with_programme();
    for reader in [
        Reader::Of(Vec::new()),
        Reader::Of(vec![Stream::Casework(PROGRAMME), Stream::Public]),
        Reader::Of(vec![Stream::Delivery(OTHER_PROGRAMME)]),
    ] {
        let refused = place.wait(storage.page(PageWanted {
            reader,
            ..wanted(0, 10)
        }));
        assert!(matches!(
            refused,
            Err(StorageError::Refused(PageRefused::NotForReader))
        ));
    }
    let server = PageWanted {
        reader: Reader::Server,
        ..wanted(0, 10)
    };
    assert_eq!(seqs(place, &*storage, server), [1]);
}
