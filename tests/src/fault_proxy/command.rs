//! The language in which the proxy is told what to do, one line an order:
//!
//! ```text
//! rates /v1/ delay=100 cut_after=50   of a thousand requests under /v1/; `rates /` ends them
//! delays 20 400                       a delay takes so many milliseconds, at least and at most
//! next POST /v1/push cut_after 2      for the next two requests of that kind; without a number for one
//! release                             lets go of everything that is held
//! clear                               from here on nothing goes wrong
//! counts                              changes nothing
//! ```

use super::fault::Fault;
use super::plan::{Order, Plan, Rates};

/// A line that says nothing that the proxy knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood(String);

impl std::fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not understood: {}", self.0)
    }
}

impl std::error::Error for NotUnderstood {}

/// Does what a line says.
pub(super) fn obey(plan: &Plan, line: &str) -> Result<(), NotUnderstood> {
    let not_understood = || NotUnderstood(line.to_owned());
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["rates", under, list @ ..] => {
            let permille: Option<Vec<_>> = list.iter().map(|word| rate(word)).collect();
            let permille = permille.ok_or_else(not_understood)?;
            let total: u64 = permille.iter().map(|(permille, _)| permille).sum();
            if total > 1000 {
                return Err(not_understood());
            }
            plan.set_rates(Rates {
                under: (*under).to_owned(),
                permille,
            });
        }
        ["delays", least, most] => {
            let (least, most) = number(least).zip(number(most)).ok_or_else(not_understood)?;
            if least > most {
                return Err(not_understood());
            }
            plan.set_delays(least..=most);
        }
        ["next", method, path, fault, times @ ..] => {
            let times = match times {
                [] => Some(1),
                [times] => number(times).filter(|times| *times > 0),
                _ => None,
            };
            let (fault, times) = Fault::named(fault).zip(times).ok_or_else(not_understood)?;
            plan.add_order(Order {
                method: (*method).to_owned(),
                path: (*path).to_owned(),
                fault,
                times,
            });
        }
        ["release"] => plan.release(),
        ["clear"] => plan.clear(),
        ["counts"] => {}
        _ => return Err(not_understood()),
    }
    Ok(())
}

/// `delay=100`.
fn rate(word: &str) -> Option<(u64, Fault)> {
    let (name, permille) = word.split_once('=')?;
    Some((number(permille)?, Fault::named(name)?))
}

/// No number here is larger than a day in milliseconds.
fn number(word: &str) -> Option<u64> {
    word.parse().ok().filter(|number| *number <= 86_400_000)
}
