//! What was given out before, and what is being given out now.
//!
//! Whoever has two reports has their difference too. A mean over ten people and a month later one over
//! eleven tell what the eleventh said. So a report is made through an [`Issuing`], which holds every count
//! and figure against what earlier reports showed, and whatever is given out is kept as an [`Issue`].
//!
//! Three rules, one for each kind of figure. A **table** goes through [`Release`], cell by cell. A **count**
//! that stands alone is hidden where it differs by few from one that was shown. A **figure** about people, as
//! a mean, is shown anew only where nobody's part in it changed or that of enough people for a mean of their
//! own; otherwise it stays as it was given out.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Policy, Shown, Table, count, part};
use super::release::Release;

/// One person's part in a figure, as a number that changes when what they said does. It is compared and
/// never read. Two parts look alike once in four thousand million times, and then one change is not noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(pub u32);

impl Part {
    /// The part that these numbers make: who it is, and what they said. Reports that were given out hold
    /// such parts, so that this never changes.
    pub fn of(numbers: &[u64]) -> Self {
        // The finishing steps of SplitMix64 (Steele GL, Lea D, Flood CH (2014)), over one number after the
        // other.
        let mixed = numbers
            .iter()
            .fold(0x9e37_79b9_7f4a_7c15_u64, |mixed, number| {
                let mut z = (mixed.rotate_left(5) ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                z ^ (z >> 31)
            });
        Self((mixed >> 32) as u32)
    }
}

/// A table that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuedTable {
    /// What the columns of a table of one way are about; empty for a table of two.
    pub(super) keys: Vec<u64>,
    pub(super) release: Release,
}

/// A figure that was shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IssuedFigure {
    /// The parts of those whom it is about, in order.
    pub(super) parts: Vec<Part>,
    /// Its value, where it is one number.
    pub(super) value: Option<f64>,
}

/// Everything that a report showed of people, so that the next can be held against it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Issue {
    /// From how many people it showed something.
    pub(super) policy: Policy,
    pub(super) tables: BTreeMap<String, IssuedTable>,
    pub(super) counts: BTreeMap<String, u32>,
    pub(super) figures: BTreeMap<String, IssuedFigure>,
}

/// A report that is being made.
#[derive(Clone, Debug)]
pub struct Issuing<'e> {
    policy: Policy,
    earlier: Vec<&'e Issue>,
    now: Issue,
}

impl<'e> Issuing<'e> {
    /// A report that is held against these earlier ones, about the same people from the same day on.
    pub fn new(policy: Policy, earlier: Vec<&'e Issue>) -> Self {
        Self {
            policy,
            earlier,
            now: Issue {
                policy,
                ..Issue::default()
            },
        }
    }

    /// From how many people something is shown.
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// Everything that was shown.
    pub fn finish(self) -> Issue {
        self.now
    }

    /// Counts of people by one thing, and their total after the last. Each count has a key that says what it
    /// is about, the same in every report: what a report does not know yet, it counted nobody of.
    pub fn one_way(&mut self, name: &str, counts: &[(u64, usize)]) -> Vec<Shown> {
        let nothing = vec![Shown::Hidden; counts.len() + 1];
        let known: Vec<&IssuedTable> = self.tables(name).collect();
        let mut keys: Vec<u64> = counts.iter().map(|(key, _)| *key).collect();
        for key in known.iter().flat_map(|table| &table.keys) {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        let counted = counts.iter().map(|(_, count)| u32::try_from(*count).ok());
        let gone = core::iter::repeat_n(Some(0), keys.len() - counts.len());
        let counted: Option<Vec<u32>> = counted.chain(gone).collect();
        let Some(table) = counted.and_then(|counted| Table::one_way(&counted).ok()) else {
            return nothing;
        };
        let spread: Vec<Release> = known.iter().filter_map(|one| one.spread(&keys)).collect();
        let release = Release::new(self.policy, table, &spread.iter().collect::<Vec<_>>());
        let total = keys.len();
        let shown = (0..counts.len()).chain([total]);
        let shown = shown.map(|column| release.shown(0, column)).collect();
        self.keep(name, keys, release);
        shown
    }

    /// What the columns of a table were about in earlier reports; `None` where none of them had it. A table
    /// whose last column is "all the others" goes on with the same columns: what moves out of that one
    /// otherwise follows from both reports.
    pub fn known_keys(&self, name: &str) -> Option<BTreeSet<u64>> {
        let tables = self.tables(name);
        let keys: BTreeSet<u64> = tables
            .flat_map(|table| table.keys.iter().copied())
            .collect();
        (!keys.is_empty()).then_some(keys)
    }

    /// Counts of people by two things that are the same in every report.
    pub fn two_way(&mut self, name: &str, rows: &[Vec<u32>]) -> Option<Release> {
        let table = Table::two_way(rows).ok()?;
        let known: Vec<&Release> = self.tables(name).map(|one| &one.release).collect();
        let release = Release::new(self.policy, table, &known);
        self.keep(name, Vec::new(), release.clone());
        Some(release)
    }

    /// A count that stands alone.
    pub fn count(&mut self, name: &str, people: usize) -> Shown {
        self.alone(name, people, count)
    }

    /// A part of a number that is told as well.
    pub fn part(&mut self, name: &str, people: usize, whole: usize) -> Shown {
        let Ok(whole) = u32::try_from(whole) else {
            return Shown::Hidden;
        };
        self.alone(name, people, |policy, people| part(policy, people, whole))
    }

    fn alone(&mut self, name: &str, people: usize, show: impl Fn(Policy, u32) -> Shown) -> Shown {
        let Ok(people) = u32::try_from(people) else {
            return Shown::Hidden;
        };
        let mut before = self
            .earlier
            .iter()
            .filter_map(|issue| issue.counts.get(name));
        // Zero stays zero: it is about nobody.
        if people > 0 && before.any(|was| self.policy.is_small(was.abs_diff(people))) {
            return Shown::Hidden;
        }
        let shown = show(self.policy, people);
        if let Shown::Number(number) = shown {
            self.now.counts.insert(name.to_owned(), number);
        }
        shown
    }

    /// A figure about these people, if there is one; as it was given out before, where what has changed since
    /// is about too few.
    pub fn figure(&mut self, name: &str, parts: Vec<Part>, value: Option<f64>) -> Option<f64> {
        let parts = in_order(parts);
        let before = self.told_by(name, &parts).cloned();
        let issued = match before {
            Some(before) => before,
            None => IssuedFigure {
                parts,
                value: Some(value?),
            },
        };
        let value = issued.value;
        self.now.figures.insert(name.to_owned(), issued);
        value
    }

    /// Whether figures about these people may be shown. They may not where what has changed since they were
    /// given out is about too few.
    pub fn may_show(&mut self, name: &str, parts: Vec<Part>) -> bool {
        let parts = in_order(parts);
        if self.told_by(name, &parts).is_some() {
            return false;
        }
        let issued = IssuedFigure { parts, value: None };
        self.now.figures.insert(name.to_owned(), issued);
        true
    }

    /// The latest earlier figure from which, together with one about these people, it would follow what a
    /// few of them said.
    fn told_by(&self, name: &str, parts: &[Part]) -> Option<&'e IssuedFigure> {
        let figures = self.earlier.iter().rev();
        let mut figures = figures.filter_map(|issue| issue.figures.get(name));
        figures.find(|before| {
            let changed = changed(&before.parts, parts);
            0 < changed && changed < self.policy.mean_min()
        })
    }

    fn tables(&self, name: &str) -> impl Iterator<Item = &'e IssuedTable> {
        let tables: Vec<_> = self
            .earlier
            .iter()
            .filter_map(|issue| issue.tables.get(name))
            .collect();
        tables.into_iter()
    }

    fn keep(&mut self, name: &str, keys: Vec<u64>, release: Release) {
        if !release.is_withheld() {
            let issued = IssuedTable { keys, release };
            self.now.tables.insert(name.to_owned(), issued);
        }
    }
}

impl IssuedTable {
    /// The same publication over these columns, of which it may not know all: of those it counted nobody.
    fn spread(&self, keys: &[u64]) -> Option<Release> {
        let cells = self.release.table().cells();
        let place = |key: &u64| self.keys.iter().position(|known| known == key);
        let counts: Vec<u32> = keys
            .iter()
            .map(|key| place(key).and_then(|place| cells.get(place).copied()))
            .map(Option::unwrap_or_default)
            .collect();
        let hidden: Vec<usize> = self
            .release
            .hidden_places()
            .filter_map(|hidden| match self.keys.get(hidden) {
                Some(key) => keys.iter().position(|of| of == key),
                // Behind the last column stands the total.
                None => Some(keys.len()),
            })
            .collect();
        let table = Table::one_way(&counts).ok()?;
        Some(Release::kept(self.release.policy(), table, &hidden))
    }
}

/// Each part once, in order.
fn in_order(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Of how many people at least the part changed: those who came or went, and whoever said something else is
/// among both.
fn changed(before: &[Part], now: &[Part]) -> usize {
    let gone = before
        .iter()
        .filter(|part| now.binary_search(part).is_err())
        .count();
    let came = now
        .iter()
        .filter(|part| before.binary_search(part).is_err())
        .count();
    gone.max(came)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Shown::{Hidden, Number, Under};

    fn issuing(earlier: Vec<&Issue>) -> Issuing<'_> {
        Issuing::new(Policy::default(), earlier)
    }

    fn table(counts: &[(u64, usize)], earlier: Vec<&Issue>) -> (Vec<Shown>, Issue) {
        let mut issuing = issuing(earlier);
        let shown = issuing.one_way("table", counts);
        (shown, issuing.finish())
    }

    fn people(numbers: core::ops::Range<u64>) -> Vec<Part> {
        numbers.map(|number| Part::of(&[number])).collect()
    }

    #[test]
    fn a_table_that_grew_by_a_column_is_held_against_the_one_before() {
        let (_, first) = table(&[(7, 10), (8, 20)], vec![]);
        // Two more in a column that was shown: hidden, and with it another, or it would follow.
        let (shown, _) = table(&[(7, 12), (8, 20), (9, 11)], vec![&first]);
        assert_eq!(shown[0], Hidden);
        assert_eq!(shown.iter().filter(|one| **one == Hidden).count(), 2);
        // The columns may stand in another order.
        let (again, _) = table(&[(9, 11), (8, 20), (7, 10)], vec![&first]);
        assert_eq!(again, [Number(11), Number(20), Number(10), Number(41)]);
    }

    /// 3 of 23 came from a column that is 8 today: what was hidden follows from both months and is kept
    /// hidden.
    #[test]
    fn what_one_report_hid_does_not_come_out_beside_a_larger_table() {
        let (shown, first) = table(&[(1, 3), (2, 2), (3, 18)], vec![]);
        assert_eq!(shown, [Under(5), Under(5), Number(18), Number(23)]);
        let (later, _) = table(&[(1, 8), (2, 2), (3, 18), (4, 9)], vec![&first]);
        assert_eq!(later[0], Hidden, "{later:?}");
    }

    #[test]
    fn a_column_that_is_gone_is_counted_as_empty_and_not_shown() {
        let (_, first) = table(&[(1, 10), (2, 20)], vec![]);
        let (shown, kept) = table(&[(2, 20)], vec![&first]);
        assert_eq!(shown.len(), 2);
        let (back, _) = table(&[(1, 11), (2, 20)], vec![&first, &kept]);
        assert_eq!(back[0], Hidden, "it was ten before it was gone");
    }

    #[test]
    fn a_count_that_changed_by_few_is_not_told_again() {
        let told = |people, earlier: Vec<&Issue>| {
            let mut issuing = issuing(earlier);
            (issuing.count("reason", people), issuing.finish())
        };
        let (shown, first) = told(10, vec![]);
        assert_eq!(shown, Number(10));
        let (shown, second) = told(12, vec![&first]);
        assert_eq!(shown, Hidden);
        // It is held against what was shown, however long ago.
        assert_eq!(told(14, vec![&first, &second]).0, Hidden);
        assert_eq!(told(15, vec![&first, &second]).0, Number(15));
        assert_eq!(told(10, vec![&first, &second]).0, Number(10));
        assert_eq!(told(0, vec![&first]).0, Number(0));
    }

    #[test]
    fn a_part_is_held_against_its_whole_and_against_what_was_told_before() {
        let mut first = issuing(vec![]);
        assert_eq!(first.part("need", 9, 12), Hidden);
        assert_eq!(first.part("other", 6, 12), Number(6));
        let first = first.finish();
        let mut second = issuing(vec![&first]);
        assert_eq!(second.part("need", 10, 20), Number(10));
        assert_eq!(second.part("other", 7, 20), Hidden);
    }

    /// A mean over ten and one over eleven tell what the eleventh said.
    #[test]
    fn a_mean_stays_as_it_was_until_enough_people_are_in_it_for_one_of_their_own() {
        let mut first = issuing(vec![]);
        assert_eq!(first.figure("mean", people(0..10), Some(6.5)), Some(6.5));
        let first = first.finish();
        let later = |numbers, earlier| {
            let mut issuing = issuing(earlier);
            let shown = issuing.figure("mean", people(numbers), Some(7.0));
            (shown, issuing.finish())
        };
        let (shown, second) = later(0..11, vec![&first]);
        assert_eq!(shown, Some(6.5));
        // One went and one came: two people's answers would follow.
        assert_eq!(later(1..11, vec![&first]).0, Some(6.5));
        // Nothing changed.
        assert_eq!(later(0..10, vec![&first]).0, Some(7.0));
        // What stayed as it was is what the next is held against.
        assert_eq!(later(0..17, vec![&first, &second]).0, Some(6.5));
        assert_eq!(later(0..18, vec![&first, &second]).0, Some(7.0));
    }

    #[test]
    fn what_is_too_little_for_a_figure_is_none_and_says_nothing_later() {
        let mut first = issuing(vec![]);
        assert_eq!(first.figure("mean", people(0..3), None), None);
        let first = first.finish();
        let mut second = issuing(vec![&first]);
        assert_eq!(second.figure("mean", people(0..9), Some(5.0)), Some(5.0));
    }

    #[test]
    fn figures_that_are_more_than_a_number_are_held_back_whole() {
        let mut first = issuing(vec![]);
        assert!(first.may_show("scale", people(0..20)));
        let first = first.finish();
        let shown = |numbers| issuing(vec![&first]).may_show("scale", people(numbers));
        assert!(shown(0..20));
        assert!(!shown(0..21));
        assert!(!shown(7..20));
        assert!(shown(0..28));
        assert!(shown(8..20));
    }

    #[test]
    fn a_part_depends_on_who_and_on_what_they_said() {
        let one = Part::of(&[5, 320, 480]);
        assert_eq!(one, Part::of(&[5, 320, 480]));
        for other in [
            &[6, 320, 480][..],
            &[5, 480, 320],
            &[5, 320],
            &[5, 320, 480, 0],
        ] {
            assert_ne!(one, Part::of(other), "{other:?}");
        }
        // Reports that were given out hold it.
        assert_eq!(Part::of(&[1, 2, 3]), Part(0xbbbf_b9a1));
    }
}
