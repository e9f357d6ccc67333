//! The people of the sample: thirty-eight, all invented.
//!
//! Names are of the kinds that a community has: Welsh, English, Polish, South Asian, Arabic,
//! Ukrainian, one name only, an apostrophe, an initial, two of the same first name. Telephone
//! numbers are from the ranges that Ofcom keeps for fiction (01632 960000 to 960999 and 07700
//! 900000 to 900999). Nothing here names an illness: a facilitator needs to know what helps.

use wellfield_core::language::Language;
use wellfield_core::people::AccessNeed;

use AccessNeed::{
    AssistanceDog, Breaks, ClearSteps, Companion, Hearing, QuietSpace, Reading, Seating, Sight,
    StepFree, Toilet, Transport,
};

/// Somebody to call: name, who they are, number.
pub(super) type Call = (&'static str, &'static str, &'static str);

/// When somebody takes part. Sessions are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stay {
    /// From the first session to the last.
    Throughout,
    /// From this session on.
    JoinedAt(u16),
    /// This session was their last.
    LeftAfter(u16),
    /// Came to the gate at this session.
    WalkedInAt(u16),
}

/// How somebody attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Nearly always there.
    Steady,
    /// There as often as most.
    Usual,
    /// There now and then.
    Patchy,
    /// There, but arriving late as a rule.
    Late,
    /// There, but leaving early as a rule.
    Early,
}

/// What somebody said when they were asked for their consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Yes to most things; a few noes and gaps.
    Usual,
    /// Yes to everything.
    YesToAll,
    /// Yes, but no photos of any kind.
    NoPhotos,
    /// No to keeping support information: nothing of it is on record.
    NoSupportKept,
    /// Took the yes to keeping support information back: what was on record was cleared.
    SupportTakenBack,
    /// Took the yes to photos on social media and in the press back.
    SocialMediaTakenBack,
    /// First said no to evaluation, and yes after it was explained.
    EvaluationAfterAll,
    /// Asked only for what the place needs; the rest is still to ask.
    OnlyTheNeedful,
    /// Somebody with power of attorney decided.
    ByAttorney(&'static str),
    /// Not asked yet.
    NotYet,
}

/// One invented person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// What they want to be called.
    pub(super) name: &'static str,
    /// What helps.
    pub(super) access: &'static [AccessNeed],
    /// More about that; empty for nothing.
    pub(super) access_note: &'static str,
    /// The agreed support; empty for none.
    pub(super) support: &'static str,
    /// Whom to call in an emergency.
    pub(super) emergency: Option<Call>,
    /// Who holds responsibility for their care.
    pub(super) supporter: Option<Call>,
    /// When they take part.
    pub(super) stay: Stay,
    /// How they attend.
    pub(super) habit: Habit,
    /// Their consents.
    pub(super) asked: Asked,
    /// The language in which they are asked and answer.
    pub(super) language: Language,
}

const BETHAN: Option<Call> = Some((
    "Bethan Ellis",
    "link worker, Alder Street Surgery",
    "01632 960210",
));
const RASHID: Option<Call> = Some((
    "Rashid Anwar",
    "link worker, Riverside Practice",
    "01632 960221",
));
const MORAG: Option<Call> = Some((
    "Morag Finlay",
    "link worker, Hill Top Surgery",
    "01632 960232",
));
const JO: Option<Call> = Some((
    "Jo Castellane",
    "community nurse, Riverside Practice",
    "07700 900243",
));
const DELYTH: Option<Call> = Some((
    "Delyth Rowlands",
    "support worker, Open Door housing",
    "07700 900254",
));
const KWAME: Option<Call> = Some((
    "Kwame Asante",
    "occupational therapist, community team",
    "01632 960265",
));

/// What most rows have in common.
const MOST: Role = Role {
    name: "",
    access: &[],
    access_note: "",
    support: "",
    emergency: None,
    supporter: None,
    stay: Stay::Throughout,
    habit: Habit::Usual,
    asked: Asked::Usual,
    language: Language::English,
};

/// Everybody.
pub(super) const CAST: [Role; 38] = [
    Role {
        name: "Siân Prydderch",
        access: &[Seating, Breaks],
        access_note: "Hands get sore after half an hour of trowelling. Finds washing suits her better.",
        support: "Agreed with Bethan Ellis: a job that can be done sitting, every session. Siân says when she needs to stop; nobody needs to ask.",
        emergency: Some(("Huw Prydderch", "husband", "07700 900301")),
        supporter: BETHAN,
        habit: Habit::Steady,
        asked: Asked::YesToAll,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Dai M.",
        access: &[Hearing],
        access_note: "Wears two hearing aids. Face him, and do not shout over the generator.",
        emergency: Some(("Carys M.", "daughter", "07700 900302")),
        supporter: BETHAN,
        habit: Habit::Steady,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Dai P.",
        access: &[StepFree, Transport],
        access_note: "Uses a walking frame. Comes with the community bus, which is sometimes late.",
        support: "Agreed with Morag Finlay: one of us meets the bus at the gate and walks in with him.",
        emergency: Some(("Glenys P.", "neighbour", "01632 960303")),
        supporter: MORAG,
        habit: Habit::Late,
        ..MOST
    },
    Role {
        name: "Agnieszka Wójcik",
        access: &[AccessNeed::Language],
        access_note: "Speaks Polish at home and understands slow English. Likes written words with a picture.",
        emergency: Some(("Piotr Wójcik", "brother", "07700 900304")),
        supporter: RASHID,
        habit: Habit::Steady,
        ..MOST
    },
    Role {
        name: "Olena Kovalchuk",
        access: &[QuietSpace, AccessNeed::Language],
        access_note: "Tell her before a machine starts. Sudden bangs are hard for her.",
        support: "Agreed with Jo Castellane: if Olena steps away, leave her ten minutes, then a facilitator brings tea to the quiet room. Phone Jo if she goes home upset.",
        emergency: Some(("Iryna Kovalchuk", "sister", "07700 900305")),
        supporter: JO,
        asked: Asked::NoPhotos,
        ..MOST
    },
    Role {
        name: "Gurpreet Kaur Sandhu",
        access: &[Breaks],
        emergency: Some(("Harjit Singh Sandhu", "son", "07700 900306")),
        supporter: RASHID,
        habit: Habit::Early,
        ..MOST
    },
    Role {
        name: "Mohammed al-Khatib",
        access: &[Reading, AccessNeed::Language],
        access_note: "Reads Arabic well and English a little. Talk forms through with him.",
        support: "Agreed with Rashid Anwar: a volunteer reads the questions out. The quiet room is his for ten minutes at midday.",
        emergency: Some(("Layla al-Khatib", "wife", "07700 900307")),
        supporter: RASHID,
        habit: Habit::Steady,
        ..MOST
    },
    Role {
        name: "Suryani",
        access: &[Toilet],
        emergency: Some(("Dewi Lestari", "friend", "07700 900308")),
        supporter: MORAG,
        ..MOST
    },
    Role {
        name: "Niamh O'Donnell",
        access: &[QuietSpace, ClearSteps],
        access_note: "One thing at a time, and a warning before plans change.",
        support: "Agreed with Kwame Asante: same bench and same partner each time. Kwame comes along every third week.",
        emergency: Some(("Declan O'Donnell", "father", "01632 960309")),
        supporter: KWAME,
        habit: Habit::Steady,
        ..MOST
    },
    Role {
        name: "Tomos H",
        emergency: Some(("Rhian H", "mother", "07700 900310")),
        supporter: BETHAN,
        habit: Habit::Patchy,
        asked: Asked::SocialMediaTakenBack,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Bea Adeyemi",
        access: &[StepFree],
        access_note: "Uses a wheelchair outdoors. The mats reach trench 1; she works at its edge or at the table.",
        support: "Agreed with Morag Finlay: two of us move the mats before she arrives. Bea moves her own chair and says so if she wants a push.",
        emergency: Some(("Tunde Adeyemi", "husband", "07700 900311")),
        supporter: MORAG,
        habit: Habit::Steady,
        asked: Asked::YesToAll,
        ..MOST
    },
    Role {
        name: "Llŷr ap Rhisiart",
        access: &[Sight],
        access_note: "Sees best in daylight and large print. Sieving by touch is his favourite.",
        emergency: Some(("Rhisiart Owen", "father", "01632 960312")),
        supporter: BETHAN,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Margaret Thwaite",
        access: &[ClearSteps, Companion],
        access_note: "Her daughter Susan stays with her. Remind her where things are without making much of it.",
        support: "Agreed with Jo Castellane: Susan gives all personal care. We keep her in sight near the gate.",
        emergency: Some(("Susan Thwaite", "daughter", "07700 900313")),
        supporter: JO,
        habit: Habit::Steady,
        asked: Asked::ByAttorney("Susan Thwaite"),
        ..MOST
    },
    Role {
        name: "Kev Danby",
        support: "Agreed with Delyth Rowlands: if Kev arrives unwell he goes home with a lift, no questions, and Delyth phones him that evening.",
        emergency: Some(("Delyth Rowlands", "support worker", "07700 900254")),
        supporter: DELYTH,
        habit: Habit::Patchy,
        ..MOST
    },
    Role {
        name: "Farida Noorzai",
        access: &[AccessNeed::Language],
        access_note: "Speaks Dari. Her son can interpret by phone before noon. Prefers to work beside women.",
        emergency: Some(("Milad Noorzai", "son", "07700 900315")),
        supporter: RASHID,
        asked: Asked::NoPhotos,
        ..MOST
    },
    Role {
        name: "Nguyễn Thị Lan",
        access: &[Seating],
        emergency: Some(("Nguyễn Văn Minh", "husband", "07700 900316")),
        supporter: MORAG,
        habit: Habit::Steady,
        ..MOST
    },
    Role {
        name: "Ruth Abernethy",
        emergency: Some(("Colin Abernethy", "brother", "01632 960317")),
        habit: Habit::Steady,
        asked: Asked::YesToAll,
        ..MOST
    },
    Role {
        name: "Yusuf Demir",
        access: &[Breaks, Seating],
        access_note: "Needs to eat at 11:30. Keep a seat in the shade.",
        support: "Agreed with Jo Castellane: he carries what he needs in a red bag and manages it himself. If he seems muddled, give him the juice from the bag and phone Jo.",
        emergency: Some(("Elif Demir", "wife", "07700 900318")),
        supporter: JO,
        ..MOST
    },
    Role {
        name: "Ceridwen Pugh",
        access: &[AssistanceDog, Sight],
        access_note: "Assistance dog Mabli works with her: please do not stroke or feed.",
        emergency: Some(("Elin Pugh", "sister", "07700 900319")),
        supporter: BETHAN,
        habit: Habit::Steady,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Jakub Nowicki",
        emergency: Some(("Ewa Nowicka", "wife", "07700 900320")),
        supporter: RASHID,
        habit: Habit::Late,
        ..MOST
    },
    Role {
        name: "Priya Raman",
        access: &[QuietSpace],
        emergency: Some(("Anand Raman", "husband", "07700 900321")),
        supporter: MORAG,
        asked: Asked::EvaluationAfterAll,
        ..MOST
    },
    Role {
        name: "Imran Qureshi",
        access: &[Transport],
        access_note: "No car and no bus before 10:20.",
        emergency: Some(("Saima Qureshi", "sister", "07700 900322")),
        supporter: RASHID,
        habit: Habit::Late,
        ..MOST
    },
    Role {
        name: "Joyce Pennington",
        access: &[Seating, Toilet, Transport],
        access_note: "Ninety in March and proud of it. Comes with the community bus.",
        support: "Agreed with Morag Finlay: a steady arm on the grass, and lunch on her lap.",
        emergency: Some(("Keith Pennington", "son", "01632 960323")),
        supporter: MORAG,
        habit: Habit::Early,
        asked: Asked::YesToAll,
        ..MOST
    },
    Role {
        name: "Alun Bevan",
        emergency: Some(("Menna Bevan", "wife", "01632 960324")),
        supporter: BETHAN,
        stay: Stay::LeftAfter(5),
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Hana Sedláčková",
        access: &[Hearing],
        access_note: "Lip-reads. Stand where the light is on your face.",
        emergency: Some(("Marek Sedláček", "partner", "07700 900325")),
        supporter: KWAME,
        ..MOST
    },
    Role {
        name: "Marcus Okafor-Reid",
        access: &[Breaks],
        support: "Agreed with Kwame Asante: he may pace the field edge when he needs to. Let him; he comes back.",
        emergency: Some(("Paulette Reid", "mother", "07700 900326")),
        supporter: KWAME,
        habit: Habit::Patchy,
        ..MOST
    },
    Role {
        name: "Tesfay Gebremedhin",
        access: &[AccessNeed::Language],
        emergency: Some(("Selam Gebremedhin", "cousin", "07700 900327")),
        supporter: DELYTH,
        stay: Stay::JoinedAt(4),
        ..MOST
    },
    Role {
        name: "Pat Lowther",
        emergency: Some(("Lesley Lowther", "partner", "07700 900328")),
        asked: Asked::NoSupportKept,
        ..MOST
    },
    Role {
        name: "Eira Wynne",
        access: &[StepFree, Breaks],
        emergency: Some(("Gethin Wynne", "son", "07700 900329")),
        supporter: BETHAN,
        stay: Stay::JoinedAt(3),
        habit: Habit::Steady,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Sunita Devi",
        access: &[Seating, Reading],
        access_note: "Likes the questions read out. Her granddaughter comes in the holidays.",
        emergency: Some(("Rakesh Kumar", "son", "07700 900330")),
        supporter: RASHID,
        ..MOST
    },
    Role {
        name: "Graham Tuffnell",
        access: &[Breaks],
        access_note: "Stops for a rest every hour.",
        support: "Agreed with Jo Castellane: no lifting.",
        emergency: Some(("Wendy Tuffnell", "wife", "01632 960331")),
        supporter: JO,
        asked: Asked::SupportTakenBack,
        ..MOST
    },
    Role {
        name: "Zofia K.",
        access: &[QuietSpace],
        emergency: Some(("Marta K.", "friend", "07700 900332")),
        supporter: DELYTH,
        stay: Stay::LeftAfter(4),
        habit: Habit::Patchy,
        asked: Asked::OnlyTheNeedful,
        ..MOST
    },
    Role {
        name: "Ffion Madog",
        access: &[ClearSteps],
        emergency: Some(("Non Madog", "mother", "07700 900333")),
        supporter: BETHAN,
        habit: Habit::Steady,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Abdi Warsame",
        emergency: Some(("Hodan Warsame", "sister", "07700 900334")),
        supporter: DELYTH,
        stay: Stay::JoinedAt(6),
        asked: Asked::OnlyTheNeedful,
        ..MOST
    },
    Role {
        name: "Chloe Baptiste",
        access: &[Companion, QuietSpace],
        access_note: "Comes with Dee, her personal assistant. Ask Chloe, not Dee.",
        support: "Agreed with Kwame Asante: Dee gives all support on site.",
        emergency: Some(("Angela Baptiste", "mother", "07700 900335")),
        supporter: KWAME,
        ..MOST
    },
    Role {
        name: "Mair Elis",
        access: &[Hearing, Seating],
        emergency: Some(("Dafydd Elis", "nephew", "01632 960336")),
        supporter: BETHAN,
        habit: Habit::Steady,
        language: Language::Welsh,
        ..MOST
    },
    Role {
        name: "Robbie",
        stay: Stay::WalkedInAt(7),
        asked: Asked::NotYet,
        ..MOST
    },
    Role {
        name: "Shanice",
        emergency: Some(("Corinne", "friend", "07700 900338")),
        stay: Stay::WalkedInAt(8),
        habit: Habit::Steady,
        asked: Asked::NotYet,
        ..MOST
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nobody_shares_a_name() {
        let names: BTreeSet<_> = CAST.iter().map(|role| role.name).collect();
        assert_eq!(names.len(), CAST.len());
    }

    #[test]
    fn every_telephone_number_is_one_kept_for_fiction() {
        for (name, _, phone) in CAST
            .iter()
            .flat_map(|role| [role.emergency, role.supporter])
            .flatten()
        {
            let fictional = phone
                .strip_prefix("01632 960")
                .or_else(|| phone.strip_prefix("07700 900"))
                .is_some_and(|rest| rest.len() == 3 && rest.bytes().all(|b| b.is_ascii_digit()));
            assert!(fictional, "{name}: {phone}");
        }
    }

    #[test]
    fn who_keeps_nothing_on_record_has_nothing_on_record() {
        for role in CAST
            .iter()
            .filter(|role| matches!(role.asked, Asked::NoSupportKept | Asked::NotYet))
        {
            assert!(
                role.access.is_empty() && role.access_note.is_empty(),
                "{}",
                role.name
            );
            assert!(
                role.support.is_empty() && role.supporter.is_none(),
                "{}",
                role.name
            );
        }
    }
}
