//! The thresholds, single figures, and tables as they are before anything is hidden.

use core::fmt;

use crate::measures::statistics::Summary;

/// The least count that is shown, unless a policy asks for more.
const COUNT_MIN: u32 = 5;
/// The least number of people for a mean or a share, unless a policy asks for more (NHS Digital: means
/// of fewer than eight are not shown).
const MEAN_MIN: usize = 8;
/// No policy hides more than this.
const POLICY_MAX: u32 = 100;

/// From how many people something is shown. A policy may be stricter than the default and never laxer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    count_min: u32,
    mean_min: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            count_min: COUNT_MIN,
            mean_min: MEAN_MIN,
        }
    }
}

/// Thresholds that show too much or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("counts are shown from 5 to 100 people on, means from 8 to 100")]
pub struct NotAPolicy;

impl Policy {
    /// Counts are shown from `count_min` people on, means and shares from `mean_min`.
    ///
    /// # Errors
    /// Where a threshold is below the default or above a hundred.
    pub fn new(count_min: u32, mean_min: usize) -> Result<Self, NotAPolicy> {
        let means = MEAN_MIN..=POLICY_MAX as usize;
        if (COUNT_MIN..=POLICY_MAX).contains(&count_min) && means.contains(&mean_min) {
            Ok(Self {
                count_min,
                mean_min,
            })
        } else {
            Err(NotAPolicy)
        }
    }

    /// The least count that is shown.
    pub const fn count_min(&self) -> u32 {
        self.count_min
    }

    /// The least number of people for a mean or a share.
    pub const fn mean_min(&self) -> usize {
        self.mean_min
    }

    /// Whether a count is small: above zero and too small to be shown.
    pub const fn is_small(&self, count: u32) -> bool {
        0 < count && count < self.count_min
    }
}

/// A count as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// The count.
    Number(u32),
    /// Above zero and under this.
    Under(u32),
    /// Not shown, because a small count would follow from it.
    Hidden,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Under(least) => write!(f, "<{least}"),
            Self::Hidden => f.write_str("*"),
        }
    }
}

/// A count that stands alone. Counts that add up to one another belong into a [`super::Release`].
pub const fn count(policy: Policy, count: u32) -> Shown {
    if policy.is_small(count) {
        Shown::Under(policy.count_min)
    } else {
        Shown::Number(count)
    }
}

/// A part of a number that is known: a small count of those who are not in it follows from both, so then
/// the part is hidden.
pub const fn part(policy: Policy, part: u32, whole: u32) -> Shown {
    if policy.is_small(whole.saturating_sub(part)) && !policy.is_small(part) {
        Shown::Hidden
    } else {
        count(policy, part)
    }
}

/// A mean, where enough people are behind it.
pub fn mean(policy: Policy, summary: Summary) -> Option<f64> {
    (summary.n >= policy.mean_min).then_some(summary.mean)
}

/// A share from 0 to 1, where enough people are behind it and neither those in it nor those outside it
/// are a small count: a share of a known number is a count.
pub fn share(policy: Policy, part: u32, whole: u32) -> Option<f64> {
    let rest = whole.checked_sub(part)?;
    let enough = usize::try_from(whole).is_ok_and(|whole| whole >= policy.mean_min);
    (enough && !policy.is_small(part) && !policy.is_small(rest))
        .then(|| f64::from(part) / f64::from(whole))
}

/// What may stand beside somebody's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// Their age, or its band.
    Age,
    /// Their gender.
    Gender,
    /// Where they took part.
    Site,
}

/// Whether these may stand beside somebody's words: never age, gender and site together, because at a
/// small site they are a name.
pub fn quote_may_carry(details: &[Detail]) -> bool {
    let all = [Detail::Age, Detail::Gender, Detail::Site];
    !all.iter().all(|detail| details.contains(detail))
}

/// Counts of people by one or two things, as they are. There is no table of three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: usize,
    columns: usize,
    /// Row by row, with the totals: a further column, and in a table of two ways a further row.
    cells: Vec<u32>,
}

/// Counts that are no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotATable {
    /// Nothing, or rows of different lengths.
    #[error("the rows of a table are as long as each other and hold something")]
    Ragged,
    /// More cells than are ever shown together.
    #[error("a table has at most {TABLE_CELLS_MAX} cells")]
    TooLarge,
    /// The counts add up to more than there are people.
    #[error("the counts are too large")]
    TooMany,
}

fn total<'c>(mut counts: impl Iterator<Item = &'c u32>) -> Result<u32, NotATable> {
    counts
        .try_fold(0u32, |sum, count| sum.checked_add(*count))
        .filter(|sum| *sum < u32::MAX / 2)
        .ok_or(NotATable::TooMany)
}

/// The most cells of a table, without totals.
pub const TABLE_CELLS_MAX: usize = 600;

impl Table {
    /// Counts by one thing, with their total.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn one_way(counts: &[u32]) -> Result<Self, NotATable> {
        Self::with_totals(&[counts.to_vec()], false)
    }

    /// Counts by two things, with the totals of rows and columns.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn two_way(rows: &[Vec<u32>]) -> Result<Self, NotATable> {
        Self::with_totals(rows, true)
    }

    fn with_totals(rows: &[Vec<u32>], total_row: bool) -> Result<Self, NotATable> {
        let columns = rows.first().map_or(0, Vec::len);
        if columns == 0 || rows.iter().any(|row| row.len() != columns) {
            return Err(NotATable::Ragged);
        }
        if rows.len().saturating_mul(columns) > TABLE_CELLS_MAX {
            return Err(NotATable::TooLarge);
        }
        let mut cells = Vec::with_capacity((rows.len() + 1) * (columns + 1));
        for row in rows {
            cells.extend(row);
            cells.push(total(row.iter())?);
        }
        if total_row {
            for column in 0..=columns {
                let of_column = cells.iter().skip(column).step_by(columns + 1);
                let total = total(of_column.take(rows.len()))?;
                cells.push(total);
            }
        }
        Ok(Self {
            rows: rows.len() + usize::from(total_row),
            columns: columns + 1,
            cells,
        })
    }

    /// Rows, with the row of totals where there is one.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Columns, with the column of totals.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Whether there is a row of totals.
    pub const fn is_two_way(&self) -> bool {
        self.rows > 1
    }

    pub(super) fn cells(&self) -> &[u32] {
        &self.cells
    }

    /// The counts, row by row, without totals.
    pub(super) fn without_totals(&self) -> Vec<Vec<u32>> {
        let rows = self.rows - usize::from(self.is_two_way());
        let each = self.cells.chunks(self.columns).take(rows);
        each.map(|row| row[..self.columns - 1].to_vec()).collect()
    }

    /// A count; totals stand in the last row and the last column.
    pub fn count(&self, row: usize, column: usize) -> Option<u32> {
        (column < self.columns)
            .then(|| self.cells.get(row * self.columns + column).copied())
            .flatten()
    }

    /// The row and column of a cell.
    pub(super) const fn place(&self, cell: usize) -> (usize, usize) {
        (cell / self.columns, cell % self.columns)
    }

    /// Whether a cell is the total of a row or column, and not the total of everything.
    pub(super) const fn is_margin(&self, cell: usize) -> bool {
        let (row, column) = self.place(cell);
        let last_row = self.is_two_way() && row + 1 == self.rows;
        last_row != (column + 1 == self.columns)
    }

    /// Whether a cell is the total of everything.
    pub(super) const fn is_grand_total(&self, cell: usize) -> bool {
        cell + 1 == self.rows * self.columns
    }

    /// Whether two tables have the same shape.
    pub(super) const fn same_shape(&self, other: &Self) -> bool {
        self.rows == other.rows && self.columns == other.columns
    }
}
