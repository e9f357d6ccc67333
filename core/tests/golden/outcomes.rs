//! Needs that were met, what came of feedback, where people moved on to, their own words, what a programme
//! sets out to change and how well it works.

use wellfield_core::accidents::{self, AccidentReported, Affected, Care, Followed};
use wellfield_core::clock::{Date, Month, TimeOfDay};
use wellfield_core::consent::WithdrawalSeenTo;
use wellfield_core::disclosure::{Issue, Issuing, Part as Share, Policy};
use wellfield_core::evaluation::Period;
use wellfield_core::event::Body;
use wellfield_core::feedback::{FeedbackActedOn, Progress};
use wellfield_core::ids::{
    AccidentId, ChangeId, DeviceId, EventId, PersonId, ReportId, ScoreId, StoryId,
};
use wellfield_core::measures::{Moment, Score};
use wellfield_core::monitoring::{Characteristic, Choice, District, MonitoringAnswered};
use wellfield_core::onward::{MovedOn, Onward};
use wellfield_core::people::{AccessNeed, Met, NeedSeenTo};
use wellfield_core::planning::{Part, Principle, QualityReviewed, Rating, StoryOfChangeWritten};
use wellfield_core::reporting::{KeptIssue, ReportGivenOut};
use wellfield_core::scored_elsewhere::ScoredElsewhere;
use wellfield_core::stories::{Form, WordsShared};
use wellfield_core::text::Text;

const PERSON: PersonId = PersonId(0xFEDC_BA98_7654_3210);

/// The least of each.
pub(crate) fn bare() -> Vec<(&'static str, Body)> {
    vec![
        ("bare", need(AccessNeed::StepFree, Met::Yes).into()),
        ("bare", change(Progress::Done, false).into()),
        ("bare", moved(vec![Onward::NothingYet], None).into()),
        ("bare-taken-back", words(Form::Quote, None).into()),
        ("bare", monitoring(&[], None).into()),
        ("bare", near_miss().into()),
        ("bare", seen_to(None).into()),
        ("bare", given_out(None).into()),
        ("bare", scored(Moment::Baseline, false).into()),
        ("bare", StoryOfChangeWritten::default().into()),
        (
            "bare",
            reviewed(Principle::PersonCentred, Rating::NotYet, None).into(),
        ),
    ]
}

/// The fullest of each.
pub(crate) fn full() -> Vec<(&'static str, Body)> {
    let to = vec![
        Onward::NextProgramme,
        Onward::Volunteering,
        Onward::AnotherGroup,
        Onward::Heritage,
        Onward::Learning,
        Onward::PaidWork,
        Onward::Support,
    ];
    vec![
        ("full", need(AccessNeed::Transport, Met::No).into()),
        ("full", accident().into()),
        ("full", seen_to(Some("Dau lun o’r wefan.")).into()),
        ("full", given_out(Some("Ymddiriedolaeth Larkenhope")).into()),
        ("full", scored(Moment::SixMonths, true).into()),
        ("full-dropped", change(Progress::NotPossible, true).into()),
        (
            "full",
            moved(to, Some("The history society, on Tuesdays.")).into(),
        ),
        (
            "full",
            words(
                Form::Story,
                Some("Deuthum i, er fy mod bron â pheidio.\nRŵan dw i’n dod bob wythnos."),
            )
            .into(),
        ),
        (
            "full",
            monitoring(
                &[
                    (Characteristic::Age, Choice::From75),
                    (Characteristic::Gender, Choice::NonBinary),
                    (Characteristic::Ethnicity, Choice::PreferNotToSay),
                    (Characteristic::Disability, Choice::LimitedALittle),
                ],
                Some("SW1A"),
            )
            .into(),
        ),
        ("full", story().into()),
        (
            "full",
            reviewed(
                Principle::Sustainable,
                Rating::Fully,
                Some("Two groups meet without us."),
            )
            .into(),
        ),
    ]
}

fn monitoring(said: &[(Characteristic, Choice)], district: Option<&str>) -> MonitoringAnswered {
    MonitoringAnswered {
        person: PERSON,
        said: said.iter().copied().collect(),
        district: district.map(|district| District::parse(district).unwrap()),
        day: day(),
    }
}

fn story() -> StoryOfChangeWritten {
    let parts = Part::ALL.iter().map(|part| {
        let text = format!("{} of the dig.\nCloddio i bawb.", part.name());
        (*part, Text::parse(&text).unwrap())
    });
    StoryOfChangeWritten {
        parts: parts.collect(),
    }
}

fn reviewed(principle: Principle, rating: Rating, evidence: Option<&str>) -> QualityReviewed {
    QualityReviewed {
        principle,
        rating,
        evidence: evidence.map(|evidence| Text::parse(evidence).unwrap()),
        day: day(),
    }
}

fn day() -> Date {
    Date::from_calendar_date(2026, Month::July, 31).unwrap()
}

fn need(need: AccessNeed, met: Met) -> NeedSeenTo {
    NeedSeenTo {
        person: PERSON,
        need,
        met,
    }
}

fn change(progress: Progress, dropped: bool) -> FeedbackActedOn {
    FeedbackActedOn {
        change: ChangeId(0x0BAD_CAFE),
        said: Text::parse("More chairs.").unwrap(),
        did: Text::parse("Six came.").unwrap(),
        progress,
        day: day(),
        dropped,
    }
}

fn near_miss() -> AccidentReported {
    AccidentReported {
        accident: AccidentId(0x0BAD_CAFE),
        event: accidents::Event::NearMiss,
        affected: Affected::Nobody,
        person: None,
        name: None,
        day: day(),
        time: TimeOfDay::from_minutes(0).unwrap(),
        place: Text::parse("Trench 2").unwrap(),
        what: Text::parse("A plank slid.").unwrap(),
        injury: None,
        care: Care::Nothing,
        care_by: None,
        action: None,
        followed: None,
    }
}

fn accident() -> AccidentReported {
    AccidentReported {
        event: accidents::Event::Accident,
        affected: Affected::Participant,
        person: Some(PERSON),
        time: TimeOfDay::from_minutes(24 * 60 - 1).unwrap(),
        injury: Some(Text::parse("Llaw wedi’i chrafu").unwrap()),
        care: Care::Hospital,
        care_by: Some(Text::parse("Siân").unwrap()),
        action: Some(Text::parse("The plank is nailed down.").unwrap()),
        followed: Some(Followed {
            done: Text::parse("Every plank is nailed down.").unwrap(),
            reported: Some(Text::parse("HSE 2026/0815").unwrap()),
            day: day(),
        }),
        ..near_miss()
    }
}

fn seen_to(note: Option<&str>) -> WithdrawalSeenTo {
    WithdrawalSeenTo {
        person: PERSON,
        withdrawal: EventId {
            device: DeviceId(u32::MAX),
            n: u64::MAX,
        },
        note: note.map(|note| Text::parse(note).unwrap()),
        day: day(),
    }
}

fn scored(moment: Moment, is_taken_out: bool) -> ScoredElsewhere {
    ScoredElsewhere {
        score: ScoreId(u64::MAX),
        person: PERSON,
        tool: Text::parse("Well-being Star").unwrap(),
        area: Text::parse("Ffordd o fyw").unwrap(),
        figure: Score(-125),
        range: (Score(-1_000_000), Score::points(5)),
        moment,
        day: day(),
        licence_holder: Text::parse("Siân").unwrap(),
        is_taken_out,
    }
}

/// Something of every kind that a report shows.
pub(crate) fn shown() -> Issue {
    let mut issuing = Issuing::new(Policy::default(), Vec::new());
    issuing.one_way("sessions", &[(u64::MAX, 12), (901, 3), (902, 8)]);
    issuing.two_way("bands", &[vec![9, 0], vec![6, 12]]);
    issuing.count("left-out/twice", 7);
    let parts = (0..9).map(|number| Share::of(&[number, 320])).collect();
    issuing.figure("hours", parts, Some(6.25));
    issuing.may_show("scale/ons4/satisfied/change", vec![Share::of(&[1])]);
    issuing.finish()
}

/// With a reader, a report that shows something of every kind.
fn given_out(to_whom: Option<&str>) -> ReportGivenOut {
    ReportGivenOut {
        report: ReportId(u64::MAX),
        period: Period {
            from: day(),
            to: day(),
        },
        day: day(),
        to_whom: to_whom.map(|name| Text::parse(name).unwrap()),
        shown: to_whom.map(|_| KeptIssue::of(&shown())),
    }
}

fn moved(to: Vec<Onward>, note: Option<&str>) -> MovedOn {
    MovedOn {
        person: PERSON,
        to,
        note: note.map(|note| Text::parse(note).unwrap()),
        day: day(),
    }
}

fn words(form: Form, text: Option<&str>) -> WordsShared {
    WordsShared {
        story: StoryId(u64::MAX),
        person: PERSON,
        form,
        day: day(),
        text: text.map(|text| Text::parse(text).unwrap()),
    }
}
