use super::*;
use crate::records::testing::{FIRST, NOBODY, PROGRAMME, Tablet, meet, tablet, text, two_tablets};

fn write(tablet: &mut Tablet, typed: Option<&str>) -> Result<(), NoteError> {
    let draft = write_notes(&tablet.records, PROGRAMME, FIRST, typed.map(text))?;
    tablet.record(draft);
    Ok(())
}

fn standing(tablet: &Tablet) -> Option<String> {
    let head = tablet.delivery().notes(FIRST)?.latest()?;
    head.value.text.as_ref().map(ToString::to_string)
}

#[test]
fn notes_are_written_replaced_and_cleared() {
    let mut tablet = tablet();
    for typed in [Some("Rain at noon."), Some("Rain all day."), None] {
        assert_eq!(write(&mut tablet, typed), Ok(()));
        assert_eq!(standing(&tablet).as_deref(), typed);
        assert_eq!(write(&mut tablet, typed), Err(NoteError::NothingToChange));
    }
}

#[test]
fn notes_that_were_never_written_cannot_be_cleared() {
    let mut tablet = tablet();
    assert_eq!(write(&mut tablet, None), Err(NoteError::NothingToChange));
    let elsewhere = write_notes(&tablet.records, PROGRAMME, SessionId(NOBODY), None);
    assert_eq!(elsewhere, Err(NoteError::NoSession));
}

#[test]
fn two_who_wrote_at_once_both_stand_until_somebody_writes_again() {
    let (mut one, mut other) = two_tablets();
    write(&mut one, Some("Rain.")).unwrap();
    write(&mut other, Some("Found a coin.")).unwrap();
    meet(&mut one, &mut other);
    let heads = one.delivery().notes(FIRST).unwrap();
    assert!(heads.standing().needs_choice());
    let shown = standing(&one).unwrap();
    assert_eq!(
        write(&mut one, Some(&shown)),
        Ok(()),
        "keeping the shown one settles it"
    );
    meet(&mut one, &mut other);
    let heads = other.delivery().notes(FIRST).unwrap();
    assert!(!heads.standing().needs_choice());
}
