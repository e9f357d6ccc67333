use super::*;
use crate::access::Role;
use crate::clock::{Hlc, Instant};
use crate::event::{Event, Invalid, check, encode_event};
use crate::ids::DeviceId;
use crate::records::Records;
use crate::records::testing::{PROGRAMME, text};
use crate::stream::Stream;
use crate::sync::server::{DeviceStanding, plan_push};
use crate::sync::{Outcome, PushRequest};

fn in_language(language: Language, name: &str) -> OfferText {
    OfferText {
        language,
        name: text(name),
        what: text("A dig for everybody."),
        place: text("Cae’r Castell"),
        when: text("Tuesdays"),
        getting_there: text("Bus 14."),
        cost: text("Free."),
        access: text("Level ground."),
        expect: text("Tea first."),
    }
}

fn offer(programme: ProgrammeId, texts: Vec<OfferText>) -> OfferPublished {
    OfferPublished {
        programme,
        organisation: text("Wellfield"),
        phone: text("01632 960 100"),
        texts,
    }
}

fn published(n: u64, supersedes: Vec<EventId>, offer: OfferPublished) -> Event {
    Event {
        id: EventId {
            device: DeviceId(2),
            n,
        },
        at: Hlc::ZERO.tick(Instant(n)),
        stream: Stream::Public,
        by: None,
        supersedes,
        body: offer.into(),
    }
}

#[test]
fn an_offer_is_read_in_the_language_asked_for_or_else_in_the_first() {
    let (english, welsh) = (
        in_language(Language::English, "Castle Dig"),
        in_language(Language::Welsh, "Cloddio’r Castell"),
    );
    for (texts, asked, found) in [
        (
            vec![english.clone(), welsh.clone()],
            Language::Welsh,
            Some(&welsh),
        ),
        (
            vec![english.clone(), welsh.clone()],
            Language::English,
            Some(&english),
        ),
        (vec![welsh.clone()], Language::English, Some(&welsh)),
        (vec![], Language::English, None),
    ] {
        assert_eq!(offer(PROGRAMME, texts).text(asked), found);
    }
}

#[test]
fn an_offer_without_a_text_is_no_record() {
    let event = published(1, vec![], offer(PROGRAMME, vec![]));
    assert_eq!(check(&event), Err(Invalid::Content));
}

#[test]
fn a_new_offer_replaces_the_old_one_of_its_programme_and_no_other() {
    let text = |name| vec![in_language(Language::English, name)];
    let other = ProgrammeId(8);
    let old = published(1, vec![], offer(PROGRAMME, text("Old")));
    let elsewhere = published(2, vec![], offer(other, text("Elsewhere")));
    let new = published(3, vec![old.id], offer(PROGRAMME, text("New")));
    let mut records = Records::default();
    for event in [&new, &elsewhere, &old] {
        records.apply(event);
    }
    let name = |programme| {
        let offer = records.offers.get(programme)?;
        Some(offer.text(Language::English)?.name.to_string())
    };
    assert_eq!(name(PROGRAMME).as_deref(), Some("New"));
    assert_eq!(name(other).as_deref(), Some("Elsewhere"));
    assert_eq!(records.offers.all().count(), 2);
}

#[test]
fn an_offer_of_a_programme_that_is_not_ones_own_is_set_aside() {
    let standing = DeviceStanding {
        device: DeviceId(2),
        role: Role::Coordinator,
        programmes: vec![PROGRAMME],
        max_n: 0,
        revoked: false,
    };
    let text = vec![in_language(Language::English, "Dig")];
    let events = [PROGRAMME, ProgrammeId(8)];
    let events = events
        .into_iter()
        .zip(1..)
        .map(|(programme, n)| encode_event(&published(n, vec![], offer(programme, text.clone()))));
    let request = PushRequest {
        device: DeviceId(2),
        first_n: 1,
        events: events.collect(),
        pending: 2,
    };
    let plan = plan_push(
        &standing,
        request,
        &std::collections::BTreeMap::<u64, [u8; 32]>::new(),
    )
    .unwrap();
    assert_eq!(plan.outcomes, [Outcome::Stored, Outcome::NotAllowed]);
}
