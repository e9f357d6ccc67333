//! Published tables under attack.
//!
//! The attacker knows every total, every rule, and that "<5" is one to four and "*" is not. The first
//! attack solves the equations by Gaussian elimination in exact fractions, and looks for hidden cells
//! that have one solution. The second goes on with what is known of each cell's size and tries every
//! whole number. Both find a great deal in a table in which only small counts are hidden, so that they
//! would find it here.

use proptest::prelude::*;
use wellfield_core::disclosure::{Issue, Issuing, Policy, Release, Shown, Table};

use super::history::config;

/// What the attacker sees: for each cell what is shown, totals last.
#[derive(Clone, Debug)]
struct Published {
    cells: Vec<Vec<Shown>>,
}

impl Published {
    fn of(release: &Release) -> Self {
        Self {
            cells: (0..release.rows())
                .map(|row| {
                    (0..release.columns())
                        .map(|column| release.shown(row, column))
                        .collect()
                })
                .collect(),
        }
    }

    /// The same table with nothing hidden but what is small: the known mistake.
    fn naively(table: &Table, policy: Policy) -> Self {
        let shown = |row, column| {
            let count = table.count(row, column).unwrap();
            wellfield_core::disclosure::count(policy, count)
        };
        Self {
            cells: (0..table.rows())
                .map(|row| {
                    (0..table.columns())
                        .map(|column| shown(row, column))
                        .collect()
                })
                .collect(),
        }
    }

    fn hidden(&self) -> Vec<(usize, usize)> {
        let mut hidden = Vec::new();
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, shown) in cells.iter().enumerate() {
                if !matches!(shown, Shown::Number(_)) {
                    hidden.push((row, column));
                }
            }
        }
        hidden
    }

    /// Every equation as (cells with their signs, everything adding up to nothing).
    fn equations(&self) -> Equations {
        let (rows, columns) = (self.cells.len(), self.cells[0].len());
        let sign = |place: usize, length: usize| if place + 1 == length { -1 } else { 1 };
        let mut equations = Vec::new();
        for row in 0..rows {
            equations.push(
                (0..columns)
                    .map(|column| ((row, column), sign(column, columns)))
                    .collect(),
            );
        }
        if rows > 1 {
            for column in 0..columns {
                equations.push(
                    (0..rows)
                        .map(|row| ((row, column), sign(row, rows)))
                        .collect(),
                );
            }
        }
        equations
    }
}

/// Equations as [`Published::equations`] has them.
type Equations = Vec<Vec<((usize, usize), i64)>>;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    const NONE: Self = Self(0, 1);

    fn new(above: i128, below: i128) -> Self {
        fn divisor(a: i128, b: i128) -> i128 {
            if b == 0 { a.abs() } else { divisor(b, a % b) }
        }
        let by = divisor(above, below).max(1) * below.signum();
        Self(above / by, below / by)
    }

    fn less(self, factor: Self, other: Self) -> Self {
        Self::new(
            self.0 * factor.1 * other.1 - factor.0 * other.0 * self.1,
            self.1 * factor.1 * other.1,
        )
    }

    fn over(self, other: Self) -> Self {
        Self::new(self.0 * other.1, self.1 * other.0)
    }
}

/// The hidden cells that the equations determine: after full elimination, those whose row has no other.
fn solved(equations: &Equations, unknowns: &[(usize, usize)]) -> Vec<usize> {
    let mut matrix: Vec<Vec<Fraction>> = equations
        .iter()
        .map(|equation| {
            unknowns
                .iter()
                .map(|unknown| {
                    let found = equation.iter().find(|(cell, _)| cell == unknown);
                    Fraction::new(i128::from(found.map_or(0, |(_, sign)| *sign)), 1)
                })
                .collect()
        })
        .collect();
    let mut next = 0;
    for column in 0..unknowns.len() {
        let Some(pivot) = (next..matrix.len()).find(|row| matrix[*row][column] != Fraction::NONE)
        else {
            continue;
        };
        matrix.swap(next, pivot);
        let by = matrix[next][column];
        for value in &mut matrix[next] {
            *value = value.over(by);
        }
        let pivot = matrix[next].clone();
        for (place, row) in matrix.iter_mut().enumerate() {
            let factor = row[column];
            if place != next && factor != Fraction::NONE {
                for (value, above) in row.iter_mut().zip(&pivot) {
                    *value = value.less(factor, *above);
                }
            }
        }
        next += 1;
    }
    matrix
        .iter()
        .filter_map(|row| {
            let mut unknown = (0..row.len()).filter(|place| row[*place] != Fraction::NONE);
            let first = unknown.next()?;
            unknown.next().is_none().then_some(first)
        })
        .collect()
}

/// Whether a cell may hold a number, from what is shown of it.
fn may_be(shown: Shown, number: i64) -> bool {
    match shown {
        Shown::Number(shown) => i64::from(shown) == number,
        Shown::Under(least) => (1..i64::from(least)).contains(&number),
        Shown::Hidden => number >= 5,
    }
}

/// Every table of whole numbers that fits what is shown, up to a largest number, until every hidden cell
/// had two values. Returns those that had one.
fn only_one_value(published: &Published, most: i64) -> Vec<(usize, usize)> {
    let (rows, columns) = (published.cells.len(), published.cells[0].len());
    let inner_rows = if rows > 1 { rows - 1 } else { 1 };
    let mut search = Search {
        published,
        inner_rows,
        columns,
        most,
        table: vec![vec![0; columns]; rows],
        seen: vec![vec![None; columns]; rows],
        second: vec![vec![false; columns]; rows],
        every: None,
    };
    search.from(0, 0);
    published
        .hidden()
        .into_iter()
        .filter(|(row, column)| !search.second[*row][*column])
        .collect()
}

/// Every table of whole numbers that fits what is shown, up to a largest number, as its cells in order.
fn every_table(published: &Published, most: i64) -> Vec<Vec<i64>> {
    let (rows, columns) = (published.cells.len(), published.cells[0].len());
    let mut search = Search {
        published,
        inner_rows: if rows > 1 { rows - 1 } else { 1 },
        columns,
        most,
        table: vec![vec![0; columns]; rows],
        seen: Vec::new(),
        second: Vec::new(),
        every: Some(Vec::new()),
    };
    search.from(0, 0);
    search.every.unwrap_or_default()
}

struct Search<'p> {
    published: &'p Published,
    inner_rows: usize,
    columns: usize,
    most: i64,
    table: Vec<Vec<i64>>,
    seen: Vec<Vec<Option<i64>>>,
    second: Vec<Vec<bool>>,
    /// Every table that fits, where all are asked for.
    every: Option<Vec<Vec<i64>>>,
}

impl Search<'_> {
    /// Fills the inner cells from here on; true once every hidden cell had two values.
    fn from(&mut self, row: usize, column: usize) -> bool {
        if row == self.inner_rows {
            return self.complete();
        }
        if column + 1 == self.columns {
            let total = self.table[row][..column].iter().sum();
            if !may_be(self.published.cells[row][column], total) {
                return false;
            }
            self.table[row][column] = total;
            return self.from(row + 1, 0);
        }
        let shown = self.published.cells[row][column];
        let numbers = match shown {
            Shown::Number(number) => i64::from(number)..=i64::from(number),
            Shown::Under(least) => 1..=i64::from(least) - 1,
            Shown::Hidden => 5..=self.most,
        };
        for number in numbers {
            self.table[row][column] = number;
            if self.from(row, column + 1) {
                return true;
            }
        }
        false
    }

    fn complete(&mut self) -> bool {
        let rows = self.table.len();
        if rows > 1 {
            for column in 0..self.columns {
                let total = (0..rows - 1).map(|row| self.table[row][column]).sum();
                if !may_be(self.published.cells[rows - 1][column], total) {
                    return false;
                }
                self.table[rows - 1][column] = total;
            }
        }
        if let Some(every) = &mut self.every {
            every.push(self.table.concat());
            return false;
        }
        let mut all = true;
        for (row, cells) in self.table.iter().enumerate() {
            for (column, number) in cells.iter().enumerate() {
                let seen = self.seen[row][column].get_or_insert(*number);
                self.second[row][column] |= *seen != *number;
                let shown = self.published.cells[row][column];
                all &= matches!(shown, Shown::Number(_)) || self.second[row][column];
            }
        }
        all
    }
}

/// What is known of several months together, with each month's rows after those of the one before: their
/// equations, and what did not change between any two of them. Where a total did not grow, neither did any of
/// its cells, so each of these is one unknown for both months.
fn joined(months: &[Published]) -> (Equations, Vec<(usize, usize)>) {
    let (mut equations, mut unknowns) = (Vec::new(), Vec::new());
    let offset =
        |month: usize| -> usize { months[..month].iter().map(|one| one.cells.len()).sum() };
    for (month, published) in months.iter().enumerate() {
        let down = offset(month);
        for equation in published.equations() {
            let moved = equation
                .into_iter()
                .map(|((row, column), sign)| ((row + down, column), sign));
            equations.push(moved.collect());
        }
        let hidden = published.hidden().into_iter();
        unknowns.extend(hidden.map(|(row, column)| (row + down, column)));
    }
    for (later, two) in months.iter().enumerate() {
        for (sooner, one) in months[..later].iter().enumerate() {
            for equation in one.equations() {
                let ((row, column), _) = *equation.last().unwrap();
                let same = matches!(
                    (one.cells[row][column], two.cells[row][column]),
                    (Shown::Number(was), Shown::Number(is)) if was == is
                );
                if same {
                    for ((row, column), _) in equation {
                        equations.push(vec![
                            ((row + offset(sooner), column), 1),
                            ((row + offset(later), column), -1),
                        ]);
                    }
                }
            }
        }
    }
    (equations, unknowns)
}

/// Reports of a table that grows by columns and by counts, each held against all before, as they are shown;
/// what a report did not know yet is known to have been nobody.
fn grown(first: &[u32], growth: &[Vec<u32>], is_held: bool) -> Vec<Published> {
    let policy = Policy::default();
    let columns = first.len() + growth.len();
    let mut counts = first.to_vec();
    let mut issues: Vec<Issue> = Vec::new();
    let mut months = Vec::new();
    for month in 0..=growth.len() {
        if let Some(more) = month.checked_sub(1).map(|before| &growth[before]) {
            counts.push(0);
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
        }
        let mut issuing = Issuing::new(policy, issues.iter().filter(|_| is_held).collect());
        // A report puts its columns into whatever order it likes.
        let keyed: Vec<_> = counts
            .iter()
            .enumerate()
            .rev()
            .map(|(key, count)| (key as u64, *count as usize))
            .collect();
        let mut shown = issuing.one_way("table", &keyed);
        let issue = issuing.finish();
        issues.push(issue);
        let total = shown.pop().unwrap();
        shown.reverse();
        shown.resize(columns, Shown::Number(0));
        shown.push(total);
        months.push(Published { cells: vec![shown] });
    }
    months
}

fn counts(rows: usize, columns: usize, most: u32) -> impl Strategy<Value = Vec<Vec<u32>>> {
    // Small counts and zeros are what it is about.
    let cell = prop_oneof![2 => Just(0), 4 => 1..5u32, 6 => 5..=most];
    prop::collection::vec(prop::collection::vec(cell, columns), rows)
}

fn table(rows: &[Vec<u32>]) -> Table {
    if rows.len() == 1 {
        Table::one_way(&rows[0]).unwrap()
    } else {
        Table::two_way(rows).unwrap()
    }
}

fn shapes(rows: usize, columns: usize, most: u32) -> impl Strategy<Value = Vec<Vec<u32>>> {
    (1..=rows, 2..=columns).prop_flat_map(move |(rows, columns)| counts(rows, columns, most))
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn no_hidden_cell_follows_from_the_totals(rows in shapes(7, 8, 60)) {
        let release = Release::new(Policy::default(), table(&rows), &[]);
        let published = Published::of(&release);
        let hidden = published.hidden();
        prop_assert_eq!(solved(&published.equations(), &hidden), Vec::<usize>::new());
        // What is small is hidden, and zero stays zero unless nothing is shown.
        for (row, cells) in rows.iter().enumerate() {
            for (column, count) in cells.iter().enumerate() {
                let shown = published.cells[row][column];
                if (1..5).contains(count) {
                    prop_assert!(matches!(shown, Shown::Under(5) | Shown::Hidden));
                }
            }
        }
    }

    #[test]
    fn no_hidden_cell_follows_from_what_is_known_of_its_size(rows in shapes(3, 3, 9)) {
        let release = Release::new(Policy::default(), table(&rows), &[]);
        let published = Published::of(&release);
        if published.cells.iter().flatten().all(|shown| *shown == Shown::Hidden) {
            // Nothing is shown at all.
            return Ok(());
        }
        prop_assert_eq!(only_one_value(&published, 14), Vec::new(), "{:?}", published);
    }

    #[test]
    fn nothing_follows_from_two_months_together(
        rows in shapes(5, 6, 40),
        more in counts(5, 6, 12),
        nobody in prop::collection::vec(any::<bool>(), 30),
    ) {
        let before = Release::new(Policy::default(), table(&rows), &[]);
        let mut later = rows.clone();
        for (row, cells) in later.iter_mut().enumerate() {
            for (column, count) in cells.iter_mut().enumerate() {
                if !nobody[row * 6 + column] {
                    *count += more[row][column];
                }
            }
        }
        let after = Release::new(Policy::default(), table(&later), &[&before]);
        let (one, two) = (Published::of(&before), Published::of(&after));
        let (equations, unknowns) = joined(&[one.clone(), two.clone()]);
        prop_assert_eq!(solved(&equations, &unknowns), Vec::<usize>::new(), "{:?} {:?}", one, two);
        // And nobody reads how a few changed a cell, unless it is how many there are altogether.
        for (row, cells) in two.cells.iter().enumerate() {
            for (column, shown) in cells.iter().enumerate() {
                let total = row + 1 == two.cells.len() && column + 1 == cells.len();
                if let (Shown::Number(was), Shown::Number(is)) = (one.cells[row][column], *shown) {
                    prop_assert!(total || !(1..5).contains(&is.abs_diff(was)));
                }
            }
        }
    }
}

/// The control: the same attacks find what they look for where nobody held one report against the other. Of
/// ten in two columns, one of under five, one more came to the first: it was four.
#[test]
fn reports_that_are_not_held_against_each_other_fall() {
    let found = |is_held| {
        let months = grown(&[4, 6, 20], &[vec![1, 0, 0, 9]], is_held);
        by_size(&months[0], &months[1]).len()
    };
    assert!(found(false) > 0);
    assert_eq!(found(true), 0);
}

proptest! {
    #![proptest_config(config(1_000))]

    /// A session is held each month, and late marks come for earlier ones: three reports together.
    #[test]
    fn nothing_follows_from_a_table_that_grew_month_by_month(
        first in prop::collection::vec(prop_oneof![1 => Just(0), 3 => 1..5u32, 5 => 5..30u32], 1..5),
        growth in prop::collection::vec(
            prop::collection::vec(prop_oneof![4 => Just(0), 3 => 1..5u32, 4 => 5..30u32], 7),
            1..3,
        ),
    ) {
        let months = grown(&first, &growth, true);
        let (equations, unknowns) = joined(&months);
        prop_assert_eq!(solved(&equations, &unknowns), Vec::<usize>::new(), "{:?}", months);
        for (later, two) in months.iter().enumerate() {
            for one in &months[..later] {
                let cells = one.cells[0].iter().zip(&two.cells[0]);
                for (was, is) in cells.take(two.cells[0].len() - 1) {
                    if let (Shown::Number(was), Shown::Number(is)) = (was, is) {
                        prop_assert!(!(1..5).contains(&is.abs_diff(*was)), "{:?}", months);
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config(250))]

    /// Both months together, every whole number tried, by somebody who knows that nobody left.
    #[test]
    fn nothing_follows_from_two_months_by_size_either(
        rows in shapes(2, 2, 8),
        more in counts(2, 2, 6),
        came in prop::collection::vec(any::<bool>(), 4),
    ) {
        let before = Release::new(Policy::default(), table(&rows), &[]);
        let mut later = rows.clone();
        for (row, cells) in later.iter_mut().enumerate() {
            for (column, count) in cells.iter_mut().enumerate() {
                *count += more[row][column] * u32::from(came[row * 2 + column]);
            }
        }
        let after = Release::new(Policy::default(), table(&later), &[&before]);
        let (one, two) = (Published::of(&before), Published::of(&after));
        prop_assert_eq!(by_size(&one, &two), Vec::<usize>::new(), "{:?} {:?}", one, two);
    }

    /// The same of a table that grew by a column.
    #[test]
    fn nothing_follows_by_size_from_a_table_that_grew(
        first in prop::collection::vec(prop_oneof![1 => Just(0), 6 => 1..9u32], 2..4),
        growth in prop::collection::vec(prop_oneof![3 => Just(0), 4 => 1..9u32], 4),
    ) {
        let months = grown(&first, &[growth], true);
        prop_assert_eq!(by_size(&months[0], &months[1]), Vec::<usize>::new(), "{:?}", months);
    }
}

/// The hidden cells of two months that have one value, for somebody who knows that nobody left and tries
/// every whole number. Where a month shows nothing at all there is nothing to try.
fn by_size(one: &Published, two: &Published) -> Vec<usize> {
    let nothing = |published: &Published| {
        let mut cells = published.cells.iter().flatten();
        cells.all(|shown| matches!(shown, Shown::Hidden | Shown::Number(0)))
    };
    if nothing(one) || nothing(two) {
        return Vec::new();
    }
    let (then, now) = (every_table(one, 20), every_table(two, 20));
    let length = one.cells.concat().len();
    let mut values = vec![std::collections::BTreeSet::new(); 2 * length];
    for was in &then {
        for is in now
            .iter()
            .filter(|is| was.iter().zip(*is).all(|(was, is)| was <= is))
        {
            for (place, value) in was.iter().chain(is).enumerate() {
                values[place].insert(*value);
            }
        }
    }
    let shown = [one.cells.concat(), two.cells.concat()].concat();
    let cells = shown.iter().zip(&values).enumerate();
    cells
        .filter(|(_, (shown, values))| !matches!(shown, Shown::Number(_)) && values.len() <= 1)
        .map(|(place, _)| place)
        .collect()
}

/// The attacks find something where there is something to find.
#[test]
fn a_table_with_only_its_small_counts_hidden_falls_to_both_attacks() {
    let rows = vec![vec![12, 3, 20], vec![7, 9, 30], vec![15, 25, 40]];
    let naive = Published::naively(&table(&rows), Policy::default());
    assert_eq!(solved(&naive.equations(), &naive.hidden()), [0]);
    let rows = vec![vec![4, 4, 20]];
    let naive = Published::naively(&table(&rows), Policy::default());
    assert_eq!(
        solved(&naive.equations(), &naive.hidden()),
        [] as [usize; 0]
    );
    assert_eq!(only_one_value(&naive, 14), [(0, 0), (0, 1)]);
}
