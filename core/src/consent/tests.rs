use super::wording::{Wording, sha256};
use super::*;
use crate::ids::{EventId, PersonId};
use crate::language::Language;
use crate::records::testing::{
    ANN, BEA, NOBODY, PROGRAMME, Tablet, meet, tablet, text, two_tablets,
};

const PHOTO: Purpose = Purpose::PhotoWebsite;

fn answer(yes: bool) -> Answer {
    Answer {
        yes,
        language: Language::English,
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    }
}

fn say(tablet: &mut Tablet, yes: bool) -> EventId {
    let draft = record(&tablet.records, PROGRAMME, ANN, PHOTO, answer(yes)).unwrap();
    tablet.record(draft)
}

/// A decision as some other software might write it.
fn recorded(decision: Decision) -> ConsentRecorded {
    ConsentRecorded {
        person: ANN,
        purpose: PHOTO,
        decision,
        wording: WordingRef {
            version: 1,
            language: Language::English,
            sha256: [0; 32],
        },
        method: Method::Spoken,
        given_by: GivenBy::Themselves,
        giver_name: None,
    }
}

fn entry(tablet: &mut Tablet, decision: Decision, supersedes: &[EventId]) -> EventId {
    tablet.record_body(supersedes, recorded(decision))
}

fn status(tablet: &Tablet) -> Status<'_> {
    tablet.delivery().consent.status(ANN, PHOTO)
}

fn decisions(tablet: &Tablet) -> Vec<Decision> {
    let history = tablet.delivery().consent.history(ANN, PHOTO);
    history.iter().map(|head| head.value.decision).collect()
}

#[test]
fn what_an_answer_is_follows_from_what_stands() {
    use Decision::{Given, GivenAgain, Refused, Withdrawn};
    for (answers, expected) in [
        (vec![true], vec![Given]),
        (vec![false], vec![Refused]),
        (vec![true, true], vec![Given, Given]),
        (vec![true, false], vec![Given, Withdrawn]),
        (vec![false, true], vec![Refused, GivenAgain]),
        (vec![false, false], vec![Refused, Refused]),
        (vec![true, false, false], vec![Given, Withdrawn, Withdrawn]),
        (vec![true, false, true], vec![Given, Withdrawn, GivenAgain]),
        (
            vec![true, false, true, false],
            vec![Given, Withdrawn, GivenAgain, Withdrawn],
        ),
    ] {
        let mut tablet = tablet();
        for yes in &answers {
            say(&mut tablet, *yes);
            assert_eq!(status(&tablet).permits(), *yes, "{answers:?}");
        }
        assert_eq!(decisions(&tablet), expected);
    }
}

#[test]
fn nobody_asked_permits_nothing() {
    let tablet = tablet();
    assert_eq!(status(&tablet), Status::NotAsked);
    assert!(!status(&tablet).permits());
    assert!(status(&tablet).entry().is_none());
}

#[test]
fn a_withdrawal_beats_a_concurrent_consent_whatever_the_clocks_say() {
    for (withdrawing_clock, consenting_clock) in [(0, 0), (0, 1 << 40), (1 << 40, 0)] {
        let (mut one, mut other) = two_tablets();
        say(&mut one, true);
        other.hear(&one);
        one.now += withdrawing_clock;
        other.now += consenting_clock;
        say(&mut one, false);
        say(&mut other, true);
        meet(&mut one, &mut other);
        assert!(matches!(status(&one), Status::Withdrawn(_)));
        assert!(matches!(status(&other), Status::Withdrawn(_)));
    }
}

#[test]
fn a_refusal_beats_a_concurrent_consent() {
    let (mut one, mut other) = two_tablets();
    say(&mut one, false);
    say(&mut other, true);
    meet(&mut one, &mut other);
    assert!(matches!(status(&one), Status::Refused(_)));
}

#[test]
fn a_withdrawal_is_shown_before_a_refusal_whatever_the_clocks_say() {
    for refusing_clock in [0, 1 << 40] {
        let (mut one, mut other) = two_tablets();
        say(&mut one, true);
        say(&mut one, false);
        other.now += refusing_clock;
        say(&mut other, false);
        meet(&mut one, &mut other);
        assert!(matches!(status(&one), Status::Withdrawn(_)));
    }
}

#[test]
fn two_withdrawals_need_a_consent_that_names_both() {
    let (mut one, mut other) = two_tablets();
    let given = say(&mut one, true);
    other.hear(&one);
    let first = entry(&mut one, Decision::Withdrawn, &[given]);
    let second = entry(&mut other, Decision::Withdrawn, &[given]);
    one.hear(&other);
    entry(&mut one, Decision::GivenAgain, &[first]);
    assert!(!status(&one).permits(), "one withdrawal is unanswered");
    entry(&mut one, Decision::GivenAgain, &[second]);
    assert!(status(&one).permits());
}

#[test]
fn a_withdrawal_that_was_answered_on_one_tablet_stands_against_one_made_elsewhere() {
    let (mut one, mut other) = two_tablets();
    say(&mut one, true);
    other.hear(&one);
    say(&mut one, false);
    say(&mut one, true);
    assert!(status(&one).permits());
    say(&mut other, false);
    meet(&mut one, &mut other);
    assert!(matches!(status(&one), Status::Withdrawn(_)));
    say(&mut one, true);
    meet(&mut one, &mut other);
    assert!(status(&other).permits(), "a consent that knew of all of it");
}

#[test]
fn a_plain_consent_does_not_undo_the_withdrawal_that_it_names() {
    let mut tablet = tablet();
    let withdrawn = entry(&mut tablet, Decision::Withdrawn, &[]);
    let plain = entry(&mut tablet, Decision::Given, &[withdrawn]);
    assert!(!status(&tablet).permits());
    entry(&mut tablet, Decision::GivenAgain, &[plain]);
    assert!(
        !status(&tablet).permits(),
        "it names the consent and not the withdrawal"
    );
    entry(&mut tablet, Decision::GivenAgain, &[withdrawn]);
    assert!(status(&tablet).permits());
}

#[test]
fn a_consent_given_again_that_names_nothing_is_no_record() {
    let tablet = tablet();
    let draft = record(&tablet.records, PROGRAMME, ANN, PHOTO, answer(true)).unwrap();
    let crate::event::Body::ConsentRecorded(given) = draft.body.clone() else {
        panic!("a consent");
    };
    let again = crate::event::Draft {
        body: ConsentRecorded {
            decision: Decision::GivenAgain,
            ..given
        }
        .into(),
        ..draft
    };
    let id = EventId {
        device: crate::ids::DeviceId(2),
        n: 1,
    };
    let event = again.place(id, crate::clock::Hlc::ZERO, None);
    assert_eq!(
        crate::event::check(&event),
        Err(crate::event::Invalid::Content)
    );
}

#[test]
fn entries_that_answer_each_other_in_a_circle_permit_nothing() {
    let mut tablet = tablet();
    let id = |n| EventId {
        device: crate::ids::DeviceId(2),
        n,
    };
    entry(&mut tablet, Decision::Withdrawn, &[id(2)]);
    entry(&mut tablet, Decision::Withdrawn, &[id(1)]);
    assert!(!status(&tablet).permits());
    assert_ne!(status(&tablet), Status::NotAsked);
}

#[test]
fn an_entry_that_names_itself_still_counts() {
    let mut tablet = tablet();
    let own = EventId {
        device: crate::ids::DeviceId(2),
        n: 1,
    };
    assert_eq!(entry(&mut tablet, Decision::Withdrawn, &[own]), own);
    assert!(matches!(status(&tablet), Status::Withdrawn(_)));
}

#[test]
fn the_whole_history_is_kept_with_who_when_and_what() {
    let (mut one, mut other) = two_tablets();
    let mut ids = vec![say(&mut one, true)];
    ids.push(say(&mut one, false));
    ids.push(say(&mut one, true));
    meet(&mut one, &mut other);
    let history = other.delivery().consent.history(ANN, PHOTO);
    let kept: Vec<_> = history.iter().map(|head| head.stamp.id).collect();
    assert_eq!(kept, ids);
    assert_eq!(other.delivery().consent.all().count(), 3);
    assert!(other.delivery().consent.history(BEA, PHOTO).is_empty());
}

#[test]
fn one_purpose_says_nothing_about_another_or_about_another_person() {
    let mut tablet = tablet();
    say(&mut tablet, true);
    let ledger = &tablet.delivery().consent;
    for purpose in Purpose::ALL.iter().filter(|purpose| **purpose != PHOTO) {
        assert_eq!(ledger.status(ANN, *purpose), Status::NotAsked);
    }
    assert_eq!(ledger.status(BEA, PHOTO), Status::NotAsked);
}

#[test]
fn somebody_else_who_decides_has_to_be_named() {
    let tablet = tablet();
    for given_by in GivenBy::ALL {
        for name in [None, Some(text("Rhian Price"))] {
            let expected = if *given_by == GivenBy::Themselves || name.is_some() {
                Ok(())
            } else {
                Err(ConsentError::GiverNameMissing)
            };
            let decided = Answer {
                given_by: *given_by,
                giver_name: name,
                ..answer(true)
            };
            let result = record(&tablet.records, PROGRAMME, ANN, PHOTO, decided).map(drop);
            assert_eq!(result, expected, "{given_by:?}");
        }
    }
    let nobody = record(
        &tablet.records,
        PROGRAMME,
        PersonId(NOBODY),
        PHOTO,
        answer(true),
    );
    assert_eq!(nobody, Err(ConsentError::NoPerson));
}

#[test]
fn the_register_row_sums_up_the_photo_purposes() {
    use PhotoPermission::{All, For, No, NotAsked};
    let photos = Purpose::PHOTOS.to_vec();
    let (own, web) = (Purpose::PhotoOwnRecords, Purpose::PhotoWebsite);
    for (yes, no, expected) in [
        (vec![], vec![], NotAsked),
        (vec![Purpose::Quote], vec![], NotAsked),
        (vec![], vec![web], No),
        (vec![], photos.clone(), No),
        (vec![web], vec![], For(vec![web])),
        (
            vec![web, own],
            vec![Purpose::PhotoPress],
            For(vec![own, web]),
        ),
        (photos, vec![], All),
    ] {
        let mut tablet = tablet();
        let asked = yes
            .iter()
            .map(|p| (p, true))
            .chain(no.iter().map(|p| (p, false)));
        for (purpose, yes) in asked {
            let draft = record(&tablet.records, PROGRAMME, ANN, *purpose, answer(yes)).unwrap();
            tablet.record(draft);
        }
        let permission = photo_permission(&tablet.delivery().consent, ANN);
        assert_eq!(permission, expected, "yes to {yes:?}, no to {no:?}");
    }
}

#[test]
fn an_entry_holds_the_fingerprint_of_the_text_that_was_on_screen() {
    let mut tablet = tablet();
    say(&mut tablet, true);
    let shown = Wording::current(PHOTO, Language::English).text("Wellfield");
    let Status::Given(head) = status(&tablet) else {
        panic!("given");
    };
    assert_eq!(head.value.wording.sha256, sha256(&shown));
    assert_eq!(head.value.wording.version, wording::CURRENT_VERSION);
}

#[test]
fn every_wording_names_the_organisation_and_that_one_can_change_ones_mind() {
    for purpose in Purpose::ALL {
        for (language, change) in [
            (Language::English, "You can change your mind at any time"),
            (Language::Welsh, "Gallwch newid eich meddwl unrhyw bryd"),
        ] {
            let text = Wording::current(*purpose, language).text("Ymddiriedolaeth Môn");
            assert!(text.contains("Ymddiriedolaeth Môn"), "{text}");
            assert_eq!(text.matches(change).count(), 1, "{text}");
            assert!(!text.contains(['{', '}']), "{text}");
        }
    }
}

/// The fingerprint of every wording that was ever in use, for an organisation called "Wellfield". A line
/// here never changes: a new text is a new version and new lines.
const FINGERPRINTS: &[(Purpose, Language, u16, &str)] = &[
    (
        Purpose::HoldSupport,
        Language::English,
        1,
        "cd6c10da653a52e609a0d147eef11aaf726bbfff304fd4938564436e41a54ce6",
    ),
    (
        Purpose::HoldSupport,
        Language::Welsh,
        1,
        "c239de419cad1d5dc661d46c5ecb9f7377ee2dcaeeff37e0e10d62f761af40c3",
    ),
    (
        Purpose::TalkToReferrer,
        Language::English,
        1,
        "0cd3de26d40f7193d917d23d8e3fdb05b03affb9b2972b1f298ddb692e387d9b",
    ),
    (
        Purpose::TalkToReferrer,
        Language::Welsh,
        1,
        "7d504eea9f363506d6342766270ce8de40a4062bdc9027735cd88c3219a37b39",
    ),
    (
        Purpose::Evaluation,
        Language::English,
        1,
        "624729a6c6aec317af688a2d1193152afcb09d36b4e263f521bbe28eed562d88",
    ),
    (
        Purpose::Evaluation,
        Language::Welsh,
        1,
        "e42be56891f5d73716b1fd8c97dbc3952c21893ea5834f6924b42b4da64edca5",
    ),
    (
        Purpose::Quote,
        Language::English,
        1,
        "7d5faee4eff36b20d9c295401d19ab44e2d815d1675a5dcb49ee5a12b27b9692",
    ),
    (
        Purpose::Quote,
        Language::Welsh,
        1,
        "8043a8a6786a65324fe64617f5a5890bf0790cf10a8aa7c15043c6abfda6303f",
    ),
    (
        Purpose::PhotoOwnRecords,
        Language::English,
        1,
        "6d642ea8f23adf4ca152e15d8431306a4640364fbfbef13f7f87bbe71988c26f",
    ),
    (
        Purpose::PhotoOwnRecords,
        Language::Welsh,
        1,
        "843fc5ae995397672105d34c62a165763b8e1cb90d80b396cf1607733f313f7c",
    ),
    (
        Purpose::PhotoReports,
        Language::English,
        1,
        "911801e769935121825fb89049dfd6708df9c551428ff4eed7826fbbad983c2a",
    ),
    (
        Purpose::PhotoReports,
        Language::Welsh,
        1,
        "6fd55908fbc8758c8d641a512612e6a7fccd48c64f98d4611c8549864c4a6f3d",
    ),
    (
        Purpose::PhotoWebsite,
        Language::English,
        1,
        "b252bdda95f80556b031be9734342f2cab532b1cf2830e508071341fd03d4815",
    ),
    (
        Purpose::PhotoWebsite,
        Language::Welsh,
        1,
        "5d6e4fc72c26cab2c48001ac3e015c016935c285fd8c89fa0965ca9873fbe181",
    ),
    (
        Purpose::PhotoSocialMedia,
        Language::English,
        1,
        "c9c0a371679c21a752b6b78479053c30718b86ef466902d76a7e8a2bf5d6ef58",
    ),
    (
        Purpose::PhotoSocialMedia,
        Language::Welsh,
        1,
        "755c3ed12b3000f8320ca46d8683f9f8e6f82d615c449d9d6857f2f141d1d2c1",
    ),
    (
        Purpose::PhotoPress,
        Language::English,
        1,
        "4cf26d02f9772290b2df0983a6caba703858b0cafd554d993e5592ea4b7e92be",
    ),
    (
        Purpose::PhotoPress,
        Language::Welsh,
        1,
        "2f8aa13f3014bb1982fec356e91008303021a58ba2f036d13d2f093f381721ab",
    ),
    (
        Purpose::ContactLater,
        Language::English,
        1,
        "203d72d5d71d7818aa89e49703def60fbff85d79c47b71bedffaac946eacad01",
    ),
    (
        Purpose::ContactLater,
        Language::Welsh,
        1,
        "6f7cabc81e434f675606d0086f54437e8fa631e1d201aba74c9fe0ba2d684d06",
    ),
];

/// The same for the agreement of the self-referral form.
const AGREEMENT_FINGERPRINTS: &[(Language, u16, &str)] = &[
    (
        Language::English,
        1,
        "a181961dddd210f743a207fec10ed4c6e1c4de302c9b96ee33086cac8e22e47e",
    ),
    (
        Language::Welsh,
        1,
        "75df57d96e4adfb71ca5397296230cd26cb199e7f9f67c6c8d03c13bbb93dcde",
    ),
];

#[test]
fn the_agreement_of_the_referral_form_does_not_change_without_a_new_version() {
    use crate::referral::wording::{CURRENT_VERSION, agreement};
    for (language, version, expected) in AGREEMENT_FINGERPRINTS {
        if *version == CURRENT_VERSION {
            let fingerprint = hex(sha256(&agreement(*language, "Wellfield")));
            assert_eq!(fingerprint, *expected, "{language:?}");
        }
    }
    let current = AGREEMENT_FINGERPRINTS
        .iter()
        .filter(|row| row.1 == CURRENT_VERSION);
    assert_eq!(current.count(), Language::ALL.len());
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_wording_changes_without_a_new_version() {
    let mut current = Vec::new();
    for purpose in Purpose::ALL {
        for language in Language::ALL {
            let text = Wording::current(*purpose, *language).text("Wellfield");
            let version = wording::CURRENT_VERSION;
            current.push((*purpose, *language, version, hex(sha256(&text))));
        }
    }
    let recorded: Vec<_> = FINGERPRINTS
        .iter()
        .filter(|(_, _, version, _)| *version == wording::CURRENT_VERSION)
        .map(|(purpose, language, version, hash)| {
            (*purpose, *language, *version, (*hash).to_owned())
        })
        .collect();
    assert_eq!(current, recorded);
}

/// A tablet restored from an image gives a number out a second time. The server refuses the second
/// record, but the tablet itself knows both.
#[test]
fn of_two_records_under_one_number_the_no_counts_whichever_came_first() {
    use Decision::{Given, Refused, Withdrawn};
    for (one, other, stands) in [
        (Given, Withdrawn, Withdrawn),
        (Given, Refused, Refused),
        (Refused, Withdrawn, Withdrawn),
    ] {
        for order in [[one, other], [other, one]] {
            let stamp = crate::heads::Stamp {
                id: EventId {
                    device: crate::ids::DeviceId(2),
                    n: 9,
                },
                at: crate::clock::Hlc(9),
                by: None,
            };
            let mut ledger = ConsentLedger::default();
            for decision in order {
                ledger.insert(stamp, &[], recorded(decision));
            }
            let status = ledger.status(ANN, PHOTO);
            let decided = status.entry().map(|head| head.value.decision);
            assert_eq!(decided, Some(stands), "{order:?}");
        }
    }
}

#[test]
fn of_two_records_under_one_number_that_weigh_alike_the_first_stays() {
    let mut tablet = tablet();
    let id = entry(&mut tablet, Decision::Refused, &[]);
    let other = ConsentRecorded {
        giver_name: Some(text("Somebody else")),
        ..recorded(Decision::Refused)
    };
    let head = |tablet: &Tablet| tablet.delivery().consent.history(ANN, PHOTO)[0].clone();
    let first = head(&tablet);
    let mut ledger = tablet.delivery().consent.clone();
    ledger.insert(first.stamp, &[], other);
    assert_eq!(ledger.history(ANN, PHOTO)[0].value, first.value);
    assert_eq!(first.stamp.id, id);
}

#[test]
fn a_consent_that_another_took_the_place_of_is_not_shown_whatever_the_clocks_say() {
    let mut tablet = tablet();
    tablet.now += 1 << 40;
    let first = entry(&mut tablet, Decision::Given, &[]);
    tablet.now -= 1 << 40;
    let second = entry(&mut tablet, Decision::Given, &[first]);
    assert_eq!(
        status(&tablet).entry().map(|head| head.stamp.id),
        Some(second)
    );
}

#[test]
fn a_form_that_was_open_while_something_else_was_decided_records_nothing() {
    let mut tablet = tablet();
    let seen = tablet.delivery().consent.standing_ids(ANN, PHOTO);
    let knowing = |tablet: &Tablet, seen: &[EventId]| {
        record_knowing(&tablet.records, PROGRAMME, ANN, PHOTO, answer(true), seen).map(|_| ())
    };
    assert_eq!(knowing(&tablet, &seen), Ok(()));
    say(&mut tablet, false);
    assert_eq!(knowing(&tablet, &seen), Err(ConsentError::ChangedMeanwhile));
    let seen = tablet.delivery().consent.standing_ids(ANN, PHOTO);
    assert_eq!(knowing(&tablet, &seen), Ok(()));
}
