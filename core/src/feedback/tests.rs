use super::*;
use crate::records::testing::{PROGRAMME, Tablet, june, meet, tablet, text, two_tablets};

fn change(day: u8, did: &str) -> FeedbackActedOn {
    FeedbackActedOn {
        change: ChangeId(3),
        said: text("More chairs."),
        did: text(did),
        progress: Progress::Planned,
        day: june(day),
        dropped: false,
    }
}

fn write(tablet: &mut Tablet, acted: FeedbackActedOn) -> Result<(), FeedbackError> {
    let draft = act_on_feedback(&tablet.records, PROGRAMME, acted, &[])?;
    tablet.record(draft);
    Ok(())
}

#[test]
fn a_change_is_written_rewritten_and_dropped() {
    let mut tablet = tablet();
    let planned = change(2, "We ask for six.");
    assert_eq!(write(&mut tablet, planned.clone()), Ok(()));
    assert_eq!(
        write(&mut tablet, planned),
        Err(FeedbackError::NothingToChange)
    );
    let done = FeedbackActedOn {
        progress: Progress::Done,
        ..change(4, "Six came.")
    };
    write(&mut tablet, done.clone()).unwrap();
    let period = Period {
        from: june(3),
        to: june(30),
    };
    assert_eq!(
        acted_on(tablet.delivery(), period),
        std::slice::from_ref(&done)
    );
    let dropped = FeedbackActedOn {
        dropped: true,
        ..done
    };
    write(&mut tablet, dropped).unwrap();
    assert!(tablet.delivery().feedback.all().is_empty());
}

#[test]
fn a_name_is_pointed_at() {
    let tablet = tablet();
    let named = change(2, "Ann brought six.");
    let refused = act_on_feedback(&tablet.records, PROGRAMME, named.clone(), &[]);
    let ann = vec!["Ann".to_owned()];
    assert_eq!(refused.err(), Some(FeedbackError::Telling(ann.clone())));
    assert!(act_on_feedback(&tablet.records, PROGRAMME, named, &ann).is_ok());
}

#[test]
fn two_who_wrote_without_knowing_of_each_other_are_both_kept_and_the_later_shown() {
    let (mut one, mut other) = two_tablets();
    write(&mut one, change(2, "We ask for six.")).unwrap();
    other.now += 1_000;
    write(&mut other, change(4, "Six came.")).unwrap();
    meet(&mut one, &mut other);
    let all = one.delivery().feedback.all();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].value.did.as_str(), "Six came.");
}
