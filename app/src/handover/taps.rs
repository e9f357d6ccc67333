//! What a participant does on a question, taken into the form that they have in hand.

use leptos::prelude::*;
use wellfield_core::evaluation::{SurveyError, SurveyTap};
use wellfield_core::handover::Form;
use wellfield_core::pulse::{Tap, TapError};

/// Takes in what was done on a question, all of it or nothing. Where it is refused, it calls what it is
/// given.
pub type TakeTaps<T, E> = Callback<(Vec<T>, Callback<E>)>;

/// Takes taps on a question of the survey in, and says whether it took them.
pub fn taken_by_survey(
    form: &mut Form,
    taps: Vec<SurveyTap>,
    refused: Callback<SurveyError>,
) -> bool {
    let Form::Survey(survey) = form else {
        return false;
    };
    let catalogue = survey.catalogue();
    let mut taps = taps.into_iter();
    let taken = taps.try_for_each(|tap| survey.tap(tap, &catalogue));
    taken.map_err(|error| refused.run(error)).is_ok()
}

/// Takes taps on a question of the pulse in, and says whether it took them.
pub fn taken_by_pulse(form: &mut Form, taps: Vec<Tap>, refused: Callback<TapError>) -> bool {
    let Form::Pulse(asking) = form else {
        return false;
    };
    let taken = taps.into_iter().try_for_each(|tap| asking.tap(tap));
    taken.map_err(|error| refused.run(error)).is_ok()
}
