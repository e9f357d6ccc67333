//! The sample's public offer, in English and Welsh that a child of ten can read.
//!
//! Farm, bus and village are invented, and so is the telephone number.

use wellfield_core::clock::{Date, Month, Weekday};
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::offer::{OfferPublished, OfferText};
use wellfield_core::programme::SessionPlanned;

use super::{ORGANISATION, fixed, sessions};

/// The programme's name in English, which is also its name in the records.
pub(super) const NAME: &str = "Dig for Wellbeing at Larkenhope Farm";
const NAME_WELSH: &str = "Cloddio er Lles ar Fferm Larkenhope";

/// From the numbers that Ofcom keeps for fiction.
const PHONE: &str = "01632 960 100";

/// The offer.
pub(super) fn offer(
    programme: ProgrammeId,
    today: Date,
    sessions: &[SessionPlanned],
) -> OfferPublished {
    let first = sessions.first().map_or(today, |session| session.date);
    let last = sessions.last().map_or(today, |session| session.date);
    let days = sessions::weekdays(today);
    OfferPublished {
        programme,
        organisation: fixed(ORGANISATION),
        phone: fixed(PHONE),
        texts: vec![english(days, first, last), welsh(days, first, last)],
    }
}

fn english(days: [Weekday; 2], first: Date, last: Date) -> OfferText {
    let when = format!(
        "{}s and {}s, 10am to 1pm, for nine weeks, from {} to {}. You can come once or twice a week. You can still join now.",
        days[0],
        days[1],
        day_english(first, first.year() != last.year()),
        day_english(last, true),
    );
    OfferText {
        language: Language::English,
        name: fixed(NAME),
        what: fixed(
            "Come and help on a real dig. We look for signs of the people who lived on this farm long ago. You can dig, wash what we find, draw or just watch. You go at your own pace, in a small and friendly group. You do not need to know anything about history. It is for adults who feel low, worried or lonely, or who want to get out and meet people.",
        ),
        place: fixed(
            "Larkenhope Farm is a working farm with a field, a barn and a warm room with a kettle. We meet in the barn.",
        ),
        when: fixed(&when),
        getting_there: fixed(
            "Bus 14 stops at the farm gate. From there it is five minutes on a flat path. Parking is free. Two spaces next to the barn are for people with a Blue Badge. If it is hard for you to get here, phone us. We can help with a lift or the bus fare.",
        ),
        cost: fixed(
            "It is free. Tools, gloves, tea and a light lunch are free too. We can pay your bus fare.",
        ),
        access: fixed(
            "There are no steps into the barn, into the toilet or on the path to the dig. You can work at a table or sit on a chair. There is an accessible toilet by the barn, and a quiet room. The field is grass and can be muddy, but firm mats go as far as the first trench. Assistance dogs are welcome. You can bring somebody with you. Tell us what would help you and we will do our best.",
        ),
        expect: fixed(
            "On your first day somebody meets you at the gate and shows you round. We ask what you like to be called and what helps you. You choose what to do. We stop for tea at 11. You can take a break or go home when you want. Wear old clothes and strong shoes. We have coats and boots to lend. If it rains hard, we work in the barn.",
        ),
    }
}

fn welsh(days: [Weekday; 2], first: Date, last: Date) -> OfferText {
    let when = format!(
        "Bob {} a {}, 10 y bore tan 1 y prynhawn, am naw wythnos, o {} tan {}. Cewch ddod unwaith neu ddwywaith yr wythnos. Mae’n dal yn bosibl ymuno nawr.",
        weekday_welsh(days[0]),
        weekday_welsh(days[1]),
        day_welsh(first, first.year() != last.year()),
        day_welsh(last, true),
    );
    OfferText {
        language: Language::Welsh,
        name: fixed(NAME_WELSH),
        what: fixed(
            "Dewch i helpu ar gloddfa go iawn. Rydym yn chwilio am olion y bobl oedd yn byw ar y fferm hon amser maith yn ôl. Cewch gloddio, golchi’r pethau a ddaw o’r pridd, tynnu llun â phensil neu wylio. Cewch fynd wrth eich pwysau, mewn grŵp bach cyfeillgar. Does dim angen gwybod dim am hanes. Mae hwn i oedolion sy’n teimlo’n isel, yn bryderus neu’n unig, neu sydd am fynd allan a chwrdd â phobl.",
        ),
        place: fixed(
            "Fferm weithiol yw Fferm Larkenhope, gyda chae, ysgubor ac ystafell gynnes lle mae paned i’w chael. Rydym yn cwrdd yn yr ysgubor.",
        ),
        when: fixed(&when),
        getting_there: fixed(
            "Mae bws 14 yn stopio wrth giât y fferm. Oddi yno mae’n bum munud ar hyd llwybr gwastad. Mae parcio am ddim. Mae dau le wrth ymyl yr ysgubor i bobl sydd â Bathodyn Glas. Os yw’n anodd i chi gyrraedd yma, ffoniwch ni. Gallwn helpu gyda lifft neu gost y bws.",
        ),
        cost: fixed(
            "Mae’n rhad ac am ddim. Mae’r offer, y menig, y te a chinio ysgafn am ddim hefyd. Gallwn dalu am eich bws.",
        ),
        access: fixed(
            "Does dim grisiau i’r ysgubor, i’r toiled nac ar y llwybr i’r gloddfa. Cewch weithio wrth fwrdd neu eistedd ar gadair. Mae toiled hygyrch wrth yr ysgubor, ac ystafell dawel. Glaswellt yw’r cae a gall fod yn fwdlyd, ond mae matiau cadarn hyd at y ffos gyntaf. Mae croeso i gŵn cymorth. Cewch ddod â rhywun gyda chi. Dywedwch wrthym beth fyddai’n eich helpu a byddwn yn gwneud ein gorau.",
        ),
        expect: fixed(
            "Ar eich diwrnod cyntaf bydd rhywun yn cwrdd â chi wrth y giât ac yn dangos y lle i chi. Byddwn yn gofyn pa enw yr hoffech i ni ei ddefnyddio a beth sy’n eich helpu. Chi sy’n dewis beth i’w wneud. Cawn baned am 11. Cewch gymryd egwyl neu fynd adref pryd bynnag y mynnwch. Gwisgwch hen ddillad ac esgidiau cryf. Mae gennym gotiau ac esgidiau glaw i’w benthyg. Os bydd hi’n bwrw glaw yn drwm, byddwn yn gweithio yn yr ysgubor.",
        ),
    }
}

fn day_english(day: Date, with_year: bool) -> String {
    written(day, &day.month().to_string(), with_year)
}

fn day_welsh(day: Date, with_year: bool) -> String {
    let month = match day.month() {
        Month::January => "Ionawr",
        Month::February => "Chwefror",
        Month::March => "Mawrth",
        Month::April => "Ebrill",
        Month::May => "Mai",
        Month::June => "Mehefin",
        Month::July => "Gorffennaf",
        Month::August => "Awst",
        Month::September => "Medi",
        Month::October => "Hydref",
        Month::November => "Tachwedd",
        Month::December => "Rhagfyr",
    };
    written(day, month, with_year)
}

fn written(day: Date, month: &str, with_year: bool) -> String {
    if with_year {
        format!("{} {month} {}", day.day(), day.year())
    } else {
        format!("{} {month}", day.day())
    }
}

const fn weekday_welsh(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "dydd Llun",
        Weekday::Tuesday => "dydd Mawrth",
        Weekday::Wednesday => "dydd Mercher",
        Weekday::Thursday => "dydd Iau",
        Weekday::Friday => "dydd Gwener",
        Weekday::Saturday => "dydd Sadwrn",
        Weekday::Sunday => "dydd Sul",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfield_core::clock::parse_iso_date;

    fn when(today: &str, language: Language) -> String {
        let today = parse_iso_date(today).unwrap();
        let offer = offer(ProgrammeId(1), today, &sessions::sessions(today, 1, 4));
        offer.text(language).unwrap().when.to_string()
    }

    #[test]
    fn both_languages_name_the_days() {
        let english = when("2026-06-11", Language::English);
        assert!(
            english.starts_with(
                "Mondays and Thursdays, 10am to 1pm, for nine weeks, from 11 May to 9 July 2026."
            ),
            "{english}"
        );
        let welsh = when("2026-06-11", Language::Welsh);
        assert!(
            welsh.starts_with(
                "Bob dydd Llun a dydd Iau, 10 y bore tan 1 y prynhawn, am naw wythnos, o 11 Mai tan 9 Gorffennaf 2026."
            ),
            "{welsh}"
        );
    }

    #[test]
    fn a_programme_over_new_year_names_both_years() {
        let english = when("2026-12-29", Language::English);
        assert!(
            english.contains("from 1 December 2026 to 29 January 2027"),
            "{english}"
        );
    }
}
