//! Small tables, and what an attacker makes of them.

use super::*;
use crate::measures::statistics::summary;

fn policy() -> Policy {
    Policy::default()
}

fn release(rows: &[&[u32]]) -> Release {
    let rows: Vec<_> = rows.iter().map(|row| row.to_vec()).collect();
    Release::new(policy(), Table::two_way(&rows).unwrap(), &[])
}

/// A release as it would be printed, a line for each row.
fn printed(release: &Release) -> Vec<String> {
    (0..release.rows())
        .map(|row| {
            let cells: Vec<_> = (0..release.columns())
                .map(|column| release.shown(row, column).to_string())
                .collect();
            cells.join(" ")
        })
        .collect()
}

#[test]
fn a_count_that_stands_alone_is_shown_from_five() {
    let shown: Vec<_> = [0, 1, 4, 5, 12]
        .map(|one| count(policy(), one).to_string())
        .to_vec();
    assert_eq!(shown, ["0", "<5", "<5", "5", "12"]);
    let strict = Policy::new(10, 10).unwrap();
    assert_eq!(count(strict, 9), Shown::Under(10));
}

#[test]
fn a_policy_may_be_stricter_and_never_laxer() {
    assert!(Policy::new(5, 8).is_ok());
    assert!(Policy::new(100, 100).is_ok());
    for (counts, means) in [(4, 8), (0, 8), (5, 7), (101, 8), (5, 101)] {
        assert_eq!(Policy::new(counts, means), Err(NotAPolicy));
    }
}

#[test]
fn means_need_eight_people_and_shares_must_not_be_small_counts_either() {
    let of = |n: i32| summary((0..n).map(|_| 300)).unwrap();
    assert_eq!(mean(policy(), of(7)), None);
    assert_eq!(mean(policy(), of(8)), Some(3.0));
    assert_eq!(share(policy(), 5, 7), None);
    assert_eq!(share(policy(), 4, 40), None);
    assert_eq!(share(policy(), 37, 40), None);
    assert_eq!(share(policy(), 10, 40), Some(0.25));
    assert_eq!(share(policy(), 0, 40), Some(0.0));
    assert_eq!(share(policy(), 41, 40), None);
}

#[test]
fn words_never_stand_beside_age_gender_and_site() {
    use Detail::{Age, Gender, Site};
    assert!(quote_may_carry(&[]));
    assert!(quote_may_carry(&[Age, Site]));
    assert!(quote_may_carry(&[Gender, Gender, Site]));
    assert!(!quote_may_carry(&[Site, Age, Gender]));
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(Table::one_way(&[]), Err(NotATable::Ragged));
    assert_eq!(
        Table::two_way(&[vec![1, 2], vec![3]]),
        Err(NotATable::Ragged)
    );
    assert_eq!(Table::one_way(&[1; 601]), Err(NotATable::TooLarge));
    assert_eq!(
        Table::one_way(&[u32::MAX / 2, u32::MAX / 2]),
        Err(NotATable::TooMany)
    );
}

#[test]
fn a_table_without_small_counts_is_shown_whole() {
    assert_eq!(
        printed(&release(&[&[12, 0], &[7, 5]])),
        ["12 0 12", "7 5 12", "19 5 24"]
    );
}

#[test]
fn a_small_count_takes_three_others_with_it() {
    let shown = printed(&release(&[&[12, 3, 20], &[7, 9, 30], &[15, 25, 40]]));
    assert_eq!(
        shown,
        ["* <5 20 35", "* * 30 46", "15 25 40 80", "34 37 90 161"]
    );
}

/// 4 and 4 are the only two counts under five that add up to eight.
#[test]
fn two_small_counts_that_follow_from_their_sum_do_not_stay_alone() {
    let table = Table::one_way(&[4, 4, 20]).unwrap();
    let release = Release::new(policy(), table, &[]);
    assert_eq!(printed(&release), ["<5 <5 * 28"]);
    // 3 and 4 could be 4 and 3.
    let table = Table::one_way(&[3, 4, 20]).unwrap();
    let release = Release::new(policy(), table, &[]);
    assert_eq!(printed(&release), ["<5 <5 20 27"]);
}

#[test]
fn a_table_of_one_way_hides_the_total_where_nothing_else_is_left() {
    let table = Table::one_way(&[3, 0, 0]).unwrap();
    assert_eq!(printed(&Release::new(policy(), table, &[])), ["<5 0 0 <5"]);
    let table = Table::one_way(&[3, 0, 9]).unwrap();
    assert_eq!(printed(&Release::new(policy(), table, &[])), ["<5 0 * 12"]);
}

#[test]
fn what_was_hidden_last_month_does_not_come_out_this_month() {
    let before = release(&[&[12, 3, 20], &[7, 9, 30], &[15, 25, 40]]);
    // Nobody came: the same figures, of which none must come out.
    let table = [vec![12, 3, 20], vec![7, 9, 30], vec![15, 25, 40]];
    let again = Release::new(policy(), Table::two_way(&table).unwrap(), &[&before]);
    assert_eq!(printed(&again), printed(&before));
    // Many came, and nothing is small any more. What was 3 is now 10, which tells nothing of the 3.
    let table = [vec![30, 10, 40], vec![20, 30, 50], vec![40, 50, 60]];
    let later = Release::new(policy(), Table::two_way(&table).unwrap(), &[&before]);
    assert!(
        printed(&later)
            .iter()
            .all(|row| !row.contains('*') && !row.contains('<'))
    );
}

#[test]
fn a_cell_that_hardly_changed_since_it_was_shown_is_hidden() {
    let first = Release::new(policy(), Table::one_way(&[10, 20, 30]).unwrap(), &[]);
    assert_eq!(printed(&first), ["10 20 30 60"]);
    let second = Release::new(policy(), Table::one_way(&[12, 20, 36]).unwrap(), &[&first]);
    assert_eq!(printed(&second)[0].split(' ').next(), Some("*"));
    // Six more than when it was last shown.
    let third = Release::new(policy(), Table::one_way(&[16, 30, 46]).unwrap(), &[&second]);
    assert_eq!(printed(&third), ["16 30 46 92"]);
}

#[test]
fn a_publication_of_another_shape_says_nothing() {
    let first = Release::new(policy(), Table::one_way(&[10, 20]).unwrap(), &[]);
    let second = Release::new(policy(), Table::one_way(&[11, 21, 30]).unwrap(), &[&first]);
    assert_eq!(printed(&second), ["11 21 30 62"]);
}

#[test]
fn outside_a_table_there_is_nothing() {
    let release = release(&[&[12, 6], &[7, 5]]);
    assert_eq!(release.shown(0, 9), Shown::Hidden);
    assert_eq!(release.shown(9, 0), Shown::Hidden);
}

/// The largest table that there is, with the most to hide in it, is done while somebody waits.
#[test]
fn the_largest_table_is_dealt_with() {
    let rows: Vec<Vec<u32>> = (0..24u32)
        .map(|row| {
            (0..25u32)
                .map(|column| (row * 7 + column * 11) % 13)
                .collect()
        })
        .collect();
    let release = Release::new(policy(), Table::two_way(&rows).unwrap(), &[]);
    let shown = printed(&release).concat();
    assert!(shown.contains('<') && shown.chars().any(|c| c.is_ascii_digit()));
}

#[test]
fn a_part_of_a_known_number_is_hidden_where_the_rest_is_small() {
    let policy = Policy::default();
    for (count, whole, shown) in [
        (9, 12, Shown::Hidden),
        (3, 12, Shown::Under(5)),
        (3, 5, Shown::Under(5)),
        (12, 12, Shown::Number(12)),
        (0, 12, Shown::Number(0)),
        (6, 12, Shown::Number(6)),
    ] {
        assert_eq!(part(policy, count, whole), shown, "{count} of {whole}");
    }
}
