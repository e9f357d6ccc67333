use super::*;
use crate::records::testing::{PROGRAMME, Tablet, june, meet, tablet, text, two_tablets};

fn story(parts: &[(Part, &str)]) -> StoryOfChangeWritten {
    let parts = parts.iter().map(|(part, words)| (*part, text(words)));
    StoryOfChangeWritten {
        parts: parts.collect(),
    }
}

fn reviewed(rating: Rating, evidence: Option<&str>) -> QualityReviewed {
    QualityReviewed {
        principle: Principle::Equitable,
        rating,
        evidence: evidence.map(text),
        day: june(4),
    }
}

fn review(tablet: &mut Tablet, reviewed: QualityReviewed) -> Result<(), PlanningError> {
    let draft = review_quality(&tablet.records, PROGRAMME, reviewed, &[])?;
    tablet.record(draft);
    Ok(())
}

fn write(tablet: &mut Tablet, story: StoryOfChangeWritten) -> Result<(), PlanningError> {
    let draft = write_story(&tablet.records, PROGRAMME, story)?;
    tablet.record(draft);
    Ok(())
}

#[test]
fn a_story_is_written_rewritten_and_emptied() {
    let mut tablet = tablet();
    assert!(tablet.delivery().planning.story().is_none());
    let nothing = StoryOfChangeWritten::default();
    assert_eq!(
        write(&mut tablet, nothing.clone()),
        Err(PlanningError::NothingToChange)
    );
    let first = story(&[(Part::Outcomes, "People know somebody.")]);
    write(&mut tablet, first.clone()).unwrap();
    assert_eq!(tablet.delivery().planning.story().unwrap().value, first);
    assert_eq!(
        write(&mut tablet, first),
        Err(PlanningError::NothingToChange)
    );
    write(&mut tablet, nothing).unwrap();
    assert!(tablet.delivery().planning.story().is_none());
}

#[test]
fn a_story_is_told_in_its_order_whatever_was_typed_first() {
    let story = story(&[(Part::Outcomes, "Later."), (Part::Need, "First.")]);
    let order: Vec<_> = story.parts.keys().copied().collect();
    assert_eq!(order, [Part::Need, Part::Outcomes]);
}

#[test]
fn a_good_rating_says_how_one_knows() {
    let mut tablet = tablet();
    for rating in [Rating::Mostly, Rating::Fully] {
        let wish = reviewed(rating, None);
        assert_eq!(review(&mut tablet, wish), Err(PlanningError::NoEvidence));
    }
    for rating in [Rating::NotYet, Rating::Partly] {
        assert_eq!(review(&mut tablet, reviewed(rating, None)), Ok(()));
    }
    let kept = reviewed(Rating::Mostly, Some("The bus is paid for."));
    review(&mut tablet, kept.clone()).unwrap();
    assert_eq!(
        review(&mut tablet, kept.clone()),
        Err(PlanningError::NothingToChange)
    );
    // Whoever looks again on another day and finds the same has looked again.
    let again = QualityReviewed {
        day: june(30),
        ..kept
    };
    review(&mut tablet, again.clone()).unwrap();
    let planning = &tablet.delivery().planning;
    assert_eq!(planning.review(Principle::Equitable).unwrap().value, again);
    assert!(planning.review(Principle::Safe).is_none());
    assert_eq!(planning.reviews().count(), 1);
}

#[test]
fn evidence_that_names_somebody_is_pointed_at() {
    let tablet = tablet();
    let named = reviewed(Rating::Partly, Some("Ann had no bus."));
    let refused = review_quality(&tablet.records, PROGRAMME, named.clone(), &[]);
    let ann = vec!["Ann".to_owned()];
    assert_eq!(refused.err(), Some(PlanningError::Telling(ann.clone())));
    assert!(review_quality(&tablet.records, PROGRAMME, named, &ann).is_ok());
}

#[test]
fn two_who_wrote_without_knowing_of_each_other_are_both_kept_and_the_later_shown() {
    let (mut one, mut other) = two_tablets();
    write(&mut one, story(&[(Part::Need, "One.")])).unwrap();
    review(&mut one, reviewed(Rating::NotYet, None)).unwrap();
    other.now += 1_000;
    let later = story(&[(Part::Need, "Other.")]);
    write(&mut other, later.clone()).unwrap();
    review(&mut other, reviewed(Rating::Partly, None)).unwrap();
    meet(&mut one, &mut other);
    let planning = &one.delivery().planning;
    assert_eq!(planning.story().unwrap().value, later);
    let review = planning.review(Principle::Equitable).unwrap();
    assert_eq!(review.value.rating, Rating::Partly);
    // Whoever writes next settles it.
    let draft = write_story(&one.records, PROGRAMME, StoryOfChangeWritten::default());
    assert_eq!(draft.unwrap().supersedes.len(), 2);
}
