use super::*;
use crate::access::Role;
use crate::clock::{Hlc, Instant};
use crate::event::{Draft, Event, Invalid, check, encode_event};
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
    let plan = plan_push(&standing, request, &Default::default(), &Default::default()).unwrap();
    assert_eq!(plan.outcomes, [Outcome::Stored, Outcome::NotAllowed]);
}

/// Takes a draft in as the event of this number.
fn take(records: &mut Records, n: u64, draft: Draft) -> EventId {
    let id = EventId {
        device: DeviceId::SERVER,
        n,
    };
    let event = draft.place(id, Hlc::ZERO.tick(Instant(n)), None);
    assert_eq!(check(&event), Ok(()));
    records.apply(&event);
    id
}

#[test]
fn an_offer_replaces_whatever_stands_of_its_programme_and_only_if_it_differs() {
    let of = |programme, name| offer(programme, vec![in_language(Language::English, name)]);
    let mut records = Records::default();
    let first = publish(&records.offers, of(PROGRAMME, "First")).unwrap();
    assert_eq!((first.stream, first.supersedes.len()), (Stream::Public, 0));
    let first = take(&mut records, 1, first);
    let again = publish(&records.offers, of(PROGRAMME, "First"));
    assert_eq!(again, Err(OfferError::NothingToChange));
    let elsewhere = publish(&records.offers, of(ProgrammeId(8), "First")).unwrap();
    assert_eq!(elsewhere.supersedes, []);
    take(&mut records, 2, elsewhere);
    // Somebody published another one without knowing of the first.
    let other = publish(&Offers::default(), of(PROGRAMME, "Other")).unwrap();
    let second = take(&mut records, 3, other);
    // Both stand, so either one has to be said again before it alone does.
    for name in ["First", "Other"] {
        let draft = publish(&records.offers, of(PROGRAMME, name)).unwrap();
        assert_eq!(draft.supersedes, [first, second]);
    }
    let settled = publish(&records.offers, of(PROGRAMME, "Other")).unwrap();
    take(&mut records, 4, settled);
    let again = publish(&records.offers, of(PROGRAMME, "Other"));
    assert_eq!(again, Err(OfferError::NothingToChange));
    let shown = records.offers.get(PROGRAMME);
    assert_eq!(shown, Some(&of(PROGRAMME, "Other")));
    assert_eq!(records.offers.all().count(), 2);
}

#[test]
fn more_offers_than_one_record_can_name_are_replaced_bit_by_bit() {
    let of = |name| offer(PROGRAMME, vec![in_language(Language::English, name)]);
    let mut records = Records::default();
    for n in 1..=70 {
        let draft = publish(&Offers::default(), of("First")).unwrap();
        take(&mut records, n, draft);
    }
    for (n, named) in [(71, 64), (72, 7)] {
        let draft = publish(&records.offers, of("Other")).unwrap();
        assert_eq!(draft.supersedes.len(), named);
        take(&mut records, n, draft);
    }
    let again = publish(&records.offers, of("Other"));
    assert_eq!(again, Err(OfferError::NothingToChange));
}

#[test]
fn the_only_offer_is_shown_at_once_and_of_several_the_one_that_is_named() {
    let of = |programme| offer(ProgrammeId(programme), vec![]);
    let [first, second] = [of(1), of(2)];
    let named = |programme| Some(ProgrammeId(programme));
    let one = [first.clone()];
    let several = [first.clone(), second.clone()];
    assert_eq!(choice(&[], None), Choice::Nothing);
    assert_eq!(choice(&[], named(1)), Choice::Nothing);
    assert_eq!(choice(&one, None), Choice::One(&first));
    assert_eq!(choice(&several, None), Choice::Several);
    assert_eq!(choice(&several, named(2)), Choice::One(&second));
}

#[test]
fn an_offer_that_is_named_and_gone_is_not_replaced_by_another() {
    let only = [offer(ProgrammeId(1), vec![])];
    assert_eq!(choice(&only, Some(ProgrammeId(2))), Choice::Several);
}

#[test]
fn offers_are_listed_by_name_in_the_language_that_is_read() {
    let of = |programme, english, welsh| {
        let texts = vec![
            in_language(Language::English, english),
            in_language(Language::Welsh, welsh),
        ];
        offer(ProgrammeId(programme), texts)
    };
    let offers = [
        of(1, "walks", "Archaeoleg"),
        of(2, "Digging", "Cerdded"),
        offer(ProgrammeId(3), vec![]),
    ];
    let listed = |language| -> Vec<_> {
        in_order(&offers, language)
            .iter()
            .map(|(offer, text)| (offer.programme.0, text.name.to_string()))
            .collect()
    };
    assert_eq!(
        listed(Language::English),
        [(2, "Digging".to_owned()), (1, "walks".to_owned())]
    );
    assert_eq!(
        listed(Language::Welsh),
        [(1, "Archaeoleg".to_owned()), (2, "Cerdded".to_owned())]
    );
}
