//! Whether a hidden cell can be worked out from a table's totals.
//!
//! Rows and columns with their totals are equations, each hidden cell stands in one of a row and one of
//! a column, and that makes it an edge between two nodes of a network. What else the cells could be are
//! flows in it, and two whole-numbered flows differ by cycles. So a hidden cell has a second possible
//! value exactly if a cycle goes through it along which every other cell can go up by one and those
//! between down by one, within what is known of each (Cox LH (1980), Journal of the American Statistical
//! Association 75:377-385; Ahuja RK et al. (1993), Network Flows, §3.5).
//!
//! It is taken as known that a cell shown as "<5" lies from one to four and one that is shown as hidden
//! does not, so that the reader may know how this works.

use super::model::Table;

/// By how far a hidden cell could be other than it is, as far as a cycle's one step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slack {
    /// Whether it could be one more.
    pub(super) up: bool,
    /// Whether it could be one less.
    pub(super) down: bool,
}

/// The hidden cells as a network.
pub(super) struct Network {
    nodes: usize,
    /// From, to and cell of every step that is possible: up along the cell, or down against it.
    steps: Vec<Vec<(usize, usize)>>,
    /// The two nodes of each cell.
    ends: Vec<(usize, usize)>,
}

impl Network {
    /// The network of the cells for which `slack` says something.
    pub(super) fn new(table: &Table, slack: impl Fn(usize) -> Option<Slack>) -> Self {
        // Node 0 takes what no equation binds: the columns of a table of one way.
        let nodes = 1 + table.rows() + table.columns();
        let mut network = Self {
            nodes,
            steps: vec![Vec::new(); nodes],
            ends: Vec::with_capacity(table.cells().len()),
        };
        for cell in 0..table.cells().len() {
            let (row, column) = table.place(cell);
            let from = 1 + row;
            let to = if table.is_two_way() {
                1 + table.rows() + column
            } else {
                0
            };
            network.ends.push((from, to));
            let Some(slack) = slack(cell) else { continue };
            // A total stands on the other side of its equation, so its steps go the other way.
            let turned = if table.is_two_way() {
                table.is_margin(cell)
            } else {
                table.is_grand_total(cell)
            };
            let (along, against) = if turned {
                (slack.down, slack.up)
            } else {
                (slack.up, slack.down)
            };
            if along {
                network.steps[from].push((to, cell));
            }
            if against {
                network.steps[to].push((from, cell));
            }
        }
        network
    }

    /// Whether the cell could have another value.
    pub(super) fn is_open(&self, cell: usize) -> bool {
        let Some(&(from, to)) = self.ends.get(cell) else {
            return false;
        };
        // One step along the cell, and back another way; or one step against it.
        let steps = |node: usize, other: usize| {
            self.steps[node]
                .iter()
                .any(|(next, by)| *next == other && *by == cell)
        };
        (steps(from, to) && self.leads(to, from, cell))
            || (steps(to, from) && self.leads(from, to, cell))
    }

    /// Whether steps lead from one node to another without this cell.
    fn leads(&self, from: usize, to: usize, without: usize) -> bool {
        let mut seen = vec![false; self.nodes];
        let mut waiting = vec![from];
        seen[from] = true;
        while let Some(node) = waiting.pop() {
            if node == to {
                return true;
            }
            for &(next, cell) in &self.steps[node] {
                if cell != without && !seen[next] {
                    seen[next] = true;
                    waiting.push(next);
                }
            }
        }
        false
    }
}
