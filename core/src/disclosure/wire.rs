//! What a report showed, as it is kept: version 1.
//!
//! It is read when the next report is made and not before, so a record holds it as bytes.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;

use super::issue::{Issue, IssuedFigure, IssuedTable, Part};
use super::model::{Policy, Table};
use super::release::Release;
use crate::event::NotOurs;

const VERSION: u8 = 1;

/// At most this many bytes; far more than the largest report needs.
pub const ISSUE_BYTES_MAX: usize = 48 * 1024;

wire_map! {
    struct IssueV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        count_min: u32,
        #[n(2)]
        mean_min: u32,
        #[n(3)]
        tables: Vec<TableV1>,
        #[n(4)]
        counts: Vec<(String, u32)>,
        #[n(5)]
        figures: Vec<FigureV1>,
    }
}

wire_map! {
    struct TableV1 {
        #[n(0)]
        name: String,
        /// What the columns of a table of one way are about.
        #[n(1)]
        keys: Option<Vec<u64>>,
        /// The counts, row by row, without totals.
        #[n(2)]
        rows: Vec<Vec<u32>>,
        /// The places of the hidden cells, totals among them.
        #[n(3)]
        hidden: Vec<u32>,
    }
}

wire_map! {
    struct FigureV1 {
        #[n(0)]
        name: String,
        /// Four bytes for each part, in order.
        #[n(1)]
        parts: ByteVec,
        #[n(2)]
        value: Option<f64>,
    }
}

impl Issue {
    /// The bytes under which it is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tables = self.tables.iter();
        let figures = self.figures.iter();
        let wire = IssueV1 {
            version: VERSION,
            count_min: self.policy.count_min(),
            mean_min: u32::try_from(self.policy.mean_min()).unwrap_or(u32::MAX),
            tables: tables.map(|(name, table)| table.to_wire(name)).collect(),
            counts: self
                .counts
                .iter()
                .map(|(name, count)| (name.clone(), *count))
                .collect(),
            figures: figures.map(|(name, figure)| figure.to_wire(name)).collect(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`NotOurs`] if the bytes are something else, or of a version from the future.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        if bytes.len() > ISSUE_BYTES_MAX {
            return Err(NotOurs);
        }
        let wire: IssueV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        let mean_min = usize::try_from(wire.mean_min).map_err(|_| NotOurs)?;
        let policy = Policy::new(wire.count_min, mean_min).map_err(|_| NotOurs)?;
        if wire.version != VERSION {
            return Err(NotOurs);
        }
        let tables = wire.tables.into_iter();
        let figures = wire.figures.into_iter();
        Ok(Self {
            policy,
            tables: tables
                .map(|table| Ok((table.name.clone(), IssuedTable::from_wire(policy, table)?)))
                .collect::<Result<_, NotOurs>>()?,
            counts: wire.counts.into_iter().collect(),
            figures: figures
                .map(|figure| Ok((figure.name.clone(), IssuedFigure::from_wire(figure)?)))
                .collect::<Result<BTreeMap<_, _>, NotOurs>>()?,
        })
    }
}

impl IssuedTable {
    fn to_wire(&self, name: &str) -> TableV1 {
        let table = self.release.table();
        let hidden = self.release.hidden_places();
        TableV1 {
            name: name.to_owned(),
            keys: (!table.is_two_way()).then(|| self.keys.clone()),
            rows: table.without_totals(),
            hidden: hidden
                .filter_map(|place| u32::try_from(place).ok())
                .collect(),
        }
    }

    fn from_wire(policy: Policy, wire: TableV1) -> Result<Self, NotOurs> {
        let keys = wire.keys.unwrap_or_default();
        let table = match &wire.rows[..] {
            [row] if row.len() == keys.len() => Table::one_way(row),
            rows if keys.is_empty() => Table::two_way(rows),
            _ => return Err(NotOurs),
        };
        let table = table.map_err(|_| NotOurs)?;
        let hidden = wire.hidden.into_iter().map(usize::try_from);
        let hidden: Vec<usize> = hidden.collect::<Result<_, _>>().map_err(|_| NotOurs)?;
        let release = Release::kept(policy, table, &hidden);
        Ok(Self { keys, release })
    }
}

impl IssuedFigure {
    fn to_wire(&self, name: &str) -> FigureV1 {
        let parts = self.parts.iter().flat_map(|part| part.0.to_be_bytes());
        FigureV1 {
            name: name.to_owned(),
            parts: parts.collect::<Vec<u8>>().into(),
            value: self.value,
        }
    }

    fn from_wire(wire: FigureV1) -> Result<Self, NotOurs> {
        let (parts, rest) = wire.parts.as_chunks::<4>();
        let parts: Vec<_> = parts
            .iter()
            .map(|part| Part(u32::from_be_bytes(*part)))
            .collect();
        // Parts out of order would be overlooked, and a figure that is none be shown.
        let in_order = parts.is_sorted_by(|one, next| one < next);
        let is_number = wire.value.is_none_or(f64::is_finite);
        if !rest.is_empty() || !in_order || !is_number {
            return Err(NotOurs);
        }
        Ok(Self {
            parts,
            value: wire.value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Issuing;

    fn issue() -> Issue {
        let mut issuing = Issuing::new(Policy::default(), Vec::new());
        issuing.one_way("sessions", &[(900, 12), (901, 3), (902, 8)]);
        issuing.two_way("bands", &[vec![9, 0], vec![6, 12]]);
        issuing.count("reason", 7);
        let parts = (0..9).map(|number| Part::of(&[number, 320])).collect();
        issuing.figure("mean", parts, Some(6.25));
        issuing.may_show("scale", vec![Part::of(&[1])]);
        issuing.finish()
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let issue = issue();
        let bytes = issue.to_bytes();
        assert_eq!(Issue::from_bytes(&bytes), Ok(issue));
        assert_eq!(
            Issue::from_bytes(&Issue::default().to_bytes()),
            Ok(Issue::default())
        );
    }

    #[test]
    fn what_it_can_not_be_is_not_read() {
        let good = issue().to_bytes();
        assert_eq!(Issue::from_bytes(&[]), Err(NotOurs));
        assert_eq!(
            Issue::from_bytes(&vec![0; ISSUE_BYTES_MAX + 1]),
            Err(NotOurs)
        );
        // The version, and a policy that shows more than any may.
        for (place, wrong) in [(2, 2), (4, 4)] {
            let mut bytes = good.clone();
            bytes[place] = wrong;
            assert_eq!(Issue::from_bytes(&bytes), Err(NotOurs), "{place}");
        }
    }
}
