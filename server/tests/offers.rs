//! The public description of a programme: read from a file, published, and read by phones.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, Request, Server, pull_path};
use serde_json::{Value, json};
use wellfield_core::access::Role;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::offer::{OfferPublished, Offers, publish, read_published};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Problem, PullReply};
use wellfield_server::offer::read;

const EXAMPLE: &[u8] = include_bytes!("../../docs/offer-example.json");

/// What the phones' page asks for: it does not know the epoch.
const OF_A_PHONE: &str = "/v1/pull?stream=public&after=0&limit=2000";

fn example() -> Value {
    serde_json::from_slice(EXAMPLE).unwrap()
}

fn offer_of(programme: ProgrammeId) -> OfferPublished {
    read(EXAMPLE).unwrap().of(programme)
}

/// Everything that is said about a file that is wrong.
fn told(file: &[u8]) -> Vec<String> {
    let errors = read(file).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

fn told_of(file: &Value) -> Vec<String> {
    told(file.to_string().as_bytes())
}

#[test]
fn the_example_of_the_documents_is_an_offer_in_both_languages() {
    let offer = offer_of(PROGRAMME);
    let languages: Vec<_> = offer.texts.iter().map(|text| text.language).collect();
    assert_eq!(languages, [Language::English, Language::Welsh]);
    assert_eq!(offer.organisation.as_str(), "Larkenhope Heritage");
    assert_eq!(offer.phone.as_str(), "01632 960 100");
    for (text, written) in offer
        .texts
        .iter()
        .zip(example()["texts"].as_array().unwrap())
    {
        for (field, read) in [
            ("name", text.name.as_str()),
            ("what", text.what.as_str()),
            ("place", text.place.as_str()),
            ("when", text.when.as_str()),
            ("getting_there", text.getting_there.as_str()),
            ("cost", text.cost.as_str()),
            ("access", text.access.as_str()),
            ("expect", text.expect.as_str()),
        ] {
            assert_eq!(written[field], read, "{field}");
        }
    }
    let with_mark = [b"\xEF\xBB\xBF", EXAMPLE].concat();
    assert_eq!(read(&with_mark), read(EXAMPLE));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_place() {
    let mut file = example();
    file["web"] = json!("www.example.org");
    file["phone"] = json!(441_632_960_100_u64);
    file["organisation"] = json!("a".repeat(101));
    let texts = file["texts"].as_array_mut().unwrap();
    texts.push(texts[0].clone());
    texts[0]["cost"] = json!(" \n ");
    texts[0]["what"] = json!("a".repeat(2001));
    texts[0]["when"] = Value::Null;
    texts[0]["gettingthere"] = texts[0]["getting_there"].take();
    texts[0].as_object_mut().unwrap().remove("getting_there");
    texts[1]["name"] = json!("Clodd\u{202E}fa");
    texts.push(json!("Community dig"));
    texts.push(json!({ "language": "fr" }));
    let expected = [
        "web: is not known; the fields here are organisation, phone, texts",
        "organisation: is longer than 100 characters",
        "phone: has to be a text: \"…\"",
        "texts[0].gettingthere: is not known; the fields here are language, name, what, place, when, getting_there, cost, access, expect",
        "texts[0].getting_there: is missing",
        "texts[0].what: is longer than 2000 characters",
        "texts[0].when: has to be a text: \"…\"",
        "texts[0].cost: is empty",
        "texts[2].language: is \"en\", and so is that of texts[0]",
        "texts[3]: has to be an object: { … }",
        "texts[4].name: is missing",
        "texts[4].what: is missing",
        "texts[4].place: is missing",
        "texts[4].when: is missing",
        "texts[4].getting_there: is missing",
        "texts[4].cost: is missing",
        "texts[4].access: is missing",
        "texts[4].expect: is missing",
        "texts[4].language: has to be one of \"en\", \"cy\"",
    ];
    assert_eq!(told_of(&file), expected);
}

#[test]
fn a_file_without_a_text_or_that_is_something_else_is_refused() {
    let without = |texts: Value| {
        let mut file = example();
        file["texts"] = texts;
        told_of(&file)
    };
    assert_eq!(without(json!([])), ["texts: needs at least one text"]);
    assert_eq!(without(json!({})), ["texts: has to be a list: [ … ]"]);
    assert_eq!(told(b"[]"), ["the file: has to be an object: { … }"]);
    assert_eq!(
        told(b"{}"),
        [
            "organisation: is missing",
            "phone: is missing",
            "texts: is missing"
        ]
    );
    for file in [&b""[..], b"name,place", b"{\"phone\": \"\xFF\"}", b"{} {}"] {
        let told = told(file);
        assert!(
            told.len() == 1 && told[0].starts_with("the file: is not JSON: "),
            "{told:?}"
        );
    }
}

/// Most readers of JSON would drop the first of the two without a word.
#[test]
fn a_field_that_stands_there_twice_is_refused() {
    let text = example()["texts"][0].to_string();
    let twice = text.replacen('{', "{\"cost\": \"10 pounds\",", 1);
    let file = format!(
        "{{\"phone\": \"1\", \"organisation\": \"A\", \"phone\": \"2\", \"texts\": [{twice}]}}"
    );
    assert_eq!(
        told(file.as_bytes()),
        [
            "phone: stands there twice",
            "texts[0].cost: stands there twice"
        ]
    );
}

#[test]
fn a_field_name_of_somebody_else_steers_no_terminal() {
    let key = format!("\u{1B}[31m{}", "k".repeat(100));
    let mut file = example();
    file[&key] = json!(1);
    let told = told_of(&file);
    assert!(
        told[0].starts_with("?[31mkkk") && !told[0].contains('\u{1B}') && told[0].len() < 120,
        "{told:?}"
    );
}

#[test]
fn a_phone_reads_the_public_stream_without_knowing_its_epoch() {
    let server = Server::start();
    let ask = |path: &str| Request::get(path).send(server.address);
    let page = || ask(OF_A_PHONE).message::<PullReply>().unwrap();
    assert_eq!((page().epoch, page().head), (1, 0), "nothing is there yet");
    server.append(vec![
        publish(&Offers::default(), offer_of(PROGRAMME)).unwrap(),
    ]);
    server
        .database()
        .execute("UPDATE stream SET epoch = 3 WHERE id = 'public'", [])
        .unwrap();
    let page = page();
    assert_eq!(
        (page.stream, page.epoch, page.after, page.head),
        (Stream::Public, 3, 0, 1)
    );
    let (_, _, offer) = read_published(&page.events[0]).unwrap();
    assert_eq!(offer, offer_of(PROGRAMME));
    // Whoever names an epoch means it.
    let named = |epoch| ask(&pull_path(Stream::Public, epoch, 0, 10));
    assert_eq!(named(1).problem().problem, Problem::EpochChanged);
    assert_eq!(named(3).message::<PullReply>().unwrap(), page);
    assert_eq!(
        ask("/v1/pull?stream=public&epoch=&after=0")
            .problem()
            .problem,
        Problem::Malformed
    );
}

#[test]
fn every_other_stream_is_read_with_its_epoch_only() {
    let server = Server::start();
    let coordinator = server.device(Role::Coordinator);
    for stream in [
        Stream::Organisation,
        Stream::Delivery(PROGRAMME),
        Stream::Casework(PROGRAMME),
        Stream::Delivery(ProgrammeId(78)),
    ] {
        let path = format!("/v1/pull?stream={stream}&after=0&limit=2000");
        for refused in [
            coordinator.get(&path),
            Request::get(&path).send(server.address),
        ] {
            assert_eq!(
                (refused.status, refused.problem().problem),
                (400, Problem::Malformed),
                "{stream}"
            );
        }
    }
}
