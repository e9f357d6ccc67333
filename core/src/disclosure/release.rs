//! A table as it is published: which cells are hidden so that nothing small follows from the others.

use super::exposure::{Network, Slack};
use super::model::{Policy, Shown, Table};

/// A table as it is published. It knows what it hides, so that the next publication can be held against
/// it; what leaves the house is [`Release::shown`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    table: Table,
    policy: Policy,
    /// The hidden cells, in the order of the table.
    hidden: Vec<bool>,
    /// Whether nothing at all is shown.
    withheld: bool,
}

impl Release {
    /// Hides what has to be hidden.
    ///
    /// With earlier publications of the same table, counts that can only have grown since: nothing that
    /// either hides follows from this one and any of them together, and a cell that changed by a small count
    /// since one of them showed it is hidden, because the difference is about the few who came. The total of
    /// everything may change by few. A publication of another shape says nothing about this one.
    pub fn new(policy: Policy, table: Table, earlier: &[&Self]) -> Self {
        let earlier: Vec<&Self> = earlier
            .iter()
            .filter(|before| !before.withheld && before.table.same_shape(&table))
            .copied()
            .collect();
        let hidden = table
            .cells()
            .iter()
            .enumerate()
            .map(|(cell, count)| {
                let few_came = *count > 0
                    && !table.is_grand_total(cell)
                    && earlier
                        .iter()
                        .filter_map(|before| before.number(cell))
                        .any(|was| policy.is_small(was.abs_diff(*count)));
                policy.is_small(*count) || few_came
            })
            .collect();
        let mut release = Self {
            table,
            policy,
            hidden,
            withheld: false,
        };
        release.hide_until_nothing_follows(&earlier);
        release
    }

    /// The number that is shown of a cell, if any is.
    fn number(&self, cell: usize) -> Option<u32> {
        let is_hidden = *self.hidden.get(cell)?;
        (!is_hidden && !self.withheld)
            .then(|| self.table.cells().get(cell).copied())
            .flatten()
    }

    /// Whether nothing at all is shown.
    pub(super) const fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// From how many people something is shown in it.
    pub(super) const fn policy(&self) -> Policy {
        self.policy
    }

    /// The counts behind it, with their totals.
    pub(super) const fn table(&self) -> &Table {
        &self.table
    }

    /// The places of the hidden cells, totals among them.
    pub(super) fn hidden_places(&self) -> impl Iterator<Item = usize> {
        let all = self.hidden.iter().enumerate();
        all.filter(|(_, hidden)| **hidden).map(|(place, _)| place)
    }

    /// A publication as it was kept: with these cells hidden and the others shown.
    pub(super) fn kept(policy: Policy, table: Table, hidden: &[usize]) -> Self {
        let places = 0..table.cells().len();
        Self {
            hidden: places.map(|place| hidden.contains(&place)).collect(),
            table,
            policy,
            withheld: false,
        }
    }

    /// What may be shown of a cell; totals stand in the last row and the last column.
    pub fn shown(&self, row: usize, column: usize) -> Shown {
        let Some(count) = self.table.count(row, column).filter(|_| !self.withheld) else {
            return Shown::Hidden;
        };
        if !self.hidden[row * self.table.columns() + column] {
            Shown::Number(count)
        } else if self.policy.is_small(count) {
            Shown::Under(self.policy.count_min())
        } else {
            Shown::Hidden
        }
    }

    /// Rows, with the row of totals where there is one.
    pub const fn rows(&self) -> usize {
        self.table.rows()
    }

    /// Columns, with the column of totals.
    pub const fn columns(&self) -> usize {
        self.table.columns()
    }

    fn hide_until_nothing_follows(&mut self, earlier: &[&Self]) {
        let against: Vec<Option<&Self>> = if earlier.is_empty() {
            vec![None]
        } else {
            earlier.iter().copied().map(Some).collect()
        };
        while let Some((before, exposed)) = against
            .iter()
            .find_map(|before| Some((*before, self.exposed(*before)?)))
        {
            let as_before = before.is_some_and(|before| self.hide_as_before(before, exposed));
            if !as_before && !self.hide_more(exposed) {
                self.withheld = true;
                return;
            }
        }
    }

    /// Hides what was hidden before, where that has to do with the exposed cell. Says whether there was
    /// anything to hide: what stays hidden the same way is as safe as it was.
    fn hide_as_before(&mut self, before: &Self, exposed: usize) -> bool {
        if !before.hidden[exposed] {
            return false;
        }
        let cells = 0..self.table.cells().len();
        let more: Vec<_> = cells
            .filter(|cell| before.hidden[*cell] && self.may_be_hidden(*cell))
            .collect();
        for cell in &more {
            self.hidden[*cell] = true;
        }
        !more.is_empty()
    }

    /// A cell that follows from what is shown, here or in the publication before.
    fn exposed(&self, before: Option<&Self>) -> Option<usize> {
        let cells = 0..self.table.cells().len();
        let least = |cell: usize| before.map_or(0, |before| before.table.cells()[cell]);
        // This publication alone: the cells are at least what they were before.
        let now = Network::new(&self.table, |cell| {
            let slack = self.slack(cell)?;
            Some(Slack {
                down: slack.down && self.table.cells()[cell] > least(cell),
                ..slack
            })
        });
        let Some(before) = before else {
            return cells
                .into_iter()
                .find(|cell| self.hidden[*cell] && !now.is_open(*cell));
        };
        // The publication before alone: the cells were at most what they are.
        let then = Network::new(&self.table, |cell| {
            let slack = before.slack(cell)?;
            Some(Slack {
                up: slack.up && before.table.cells()[cell] < self.table.cells()[cell],
                ..slack
            })
        });
        // Both moved together.
        let both = Network::new(&self.table, |cell| {
            let (was, is) = (before.slack(cell)?, self.slack(cell)?);
            Some(Slack {
                up: was.up && is.up,
                down: was.down && is.down,
            })
        });
        cells.into_iter().find(|&cell| {
            let open_now = !self.hidden[cell] || now.is_open(cell) || both.is_open(cell);
            let open_then = !before.hidden[cell] || then.is_open(cell) || both.is_open(cell);
            !(open_now && open_then)
        })
    }

    /// By how much a hidden cell could be other than it is, by what is known of it alone.
    fn slack(&self, cell: usize) -> Option<Slack> {
        let count = self.table.cells()[cell];
        let least = self.policy.count_min();
        self.hidden[cell].then(|| {
            if self.policy.is_small(count) {
                Slack {
                    up: count + 1 < least,
                    down: count > 1,
                }
            } else {
                Slack {
                    up: true,
                    down: count > least,
                }
            }
        })
    }

    /// Hides one or more cells for the sake of an exposed one: the three other corners of a rectangle, as
    /// few people in them as possible, or the smallest cell nearby. Says whether there was any to hide.
    fn hide_more(&mut self, exposed: usize) -> bool {
        let corners = self.cheapest_rectangle(exposed);
        if !corners.is_empty() {
            for corner in corners {
                self.hidden[corner] = true;
            }
            return true;
        }
        let (row, column) = self.table.place(exposed);
        let next = (0..self.table.cells().len())
            .filter(|&cell| self.may_be_hidden(cell))
            .min_by_key(|&cell| {
                let place = self.table.place(cell);
                let near = place.0 == row || (self.table.is_two_way() && place.1 == column);
                (!near, self.table.cells()[cell], cell)
            });
        if let Some(cell) = next {
            self.hidden[cell] = true;
        }
        next.is_some()
    }

    /// Whether a cell is shown and could be hidden. Zero stays zero.
    fn may_be_hidden(&self, cell: usize) -> bool {
        !self.hidden[cell] && self.table.cells()[cell] > 0
    }

    /// The corners still to be hidden of the rectangle with the fewest people in them.
    fn cheapest_rectangle(&self, exposed: usize) -> Vec<usize> {
        if !self.table.is_two_way() {
            return Vec::new();
        }
        let columns = self.table.columns();
        let (row, column) = self.table.place(exposed);
        let mut best: Option<(u64, Vec<usize>)> = None;
        for other_row in (0..self.table.rows()).filter(|other| *other != row) {
            for other_column in (0..columns).filter(|other| *other != column) {
                let corners = [
                    row * columns + other_column,
                    other_row * columns + column,
                    other_row * columns + other_column,
                ];
                let usable = |cell: &usize| self.hidden[*cell] || self.may_be_hidden(*cell);
                let new: Vec<_> = corners
                    .into_iter()
                    .filter(|cell| self.may_be_hidden(*cell))
                    .collect();
                if new.is_empty() || !corners.iter().all(usable) {
                    continue;
                }
                let cost = new
                    .iter()
                    .map(|cell| u64::from(self.table.cells()[*cell]))
                    .sum();
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, new));
                }
            }
        }
        best.map(|(_, corners)| corners).unwrap_or_default()
    }
}
