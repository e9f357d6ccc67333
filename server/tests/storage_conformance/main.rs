//! One suite over every engine: what `Storage` promises holds in an SQLite file and in a PostgreSQL
//! database alike.
//!
//! A case is written once, as a function of a [`Place`]. `CONTRIBUTING.md` tells what it needs.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]
#![allow(clippy::print_stdout, reason = "the kills are counted")]

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod audit;
mod erasing;
mod joining;
mod kills;
mod looking;
mod own;
mod place;
mod policies;
mod postgres_alone;
mod pushes;
mod servers;
mod showing;
mod skipped_rows;
mod streams;

use place::{Engine, Place};

/// Runs each case once on each engine.
macro_rules! on_every_engine {
    ($( $module:ident: $( $case:ident ),+ ; )+) => {
        mod sqlite {
            $( $(
                #[test]
                fn $case() {
                    super::$module::$case(&super::Place::new(super::Engine::Sqlite));
                }
            )+ )+
        }
        mod postgres {
            $( $(
                #[test]
                fn $case() {
                    super::$module::$case(&super::Place::new(super::Engine::Postgres));
                }
            )+ )+
        }
    };
}

on_every_engine! {
    showing:
        what_a_device_shows_changes_when_the_next_is_used,
        a_device_keeps_the_key_that_it_brought,
        an_old_one_that_is_shown_is_entered_once,
        a_device_that_joins_again_shows_its_new_key;
    pushes:
        a_push_is_stored_once_however_often_it_arrives,
        a_push_that_overlaps_what_is_held_stores_the_rest,
        a_gap_is_refused_and_nothing_is_stored,
        other_bytes_under_a_held_number_are_a_fork_and_nothing_is_stored,
        what_is_wrong_is_set_aside_byte_for_byte_and_the_rest_goes_on,
        of_a_device_that_is_revoked_or_unknown_nothing_is_stored,
        a_safety_copy_of_a_device_that_is_revoked_is_set_aside,
        what_was_set_aside_is_read_byte_for_byte_as_far_as_there_is_room,
        each_stream_of_a_push_is_numbered_on_its_own,
        pushes_that_arrive_together_are_answered_each_for_itself,
        pushes_of_one_device_at_two_servers_at_once_are_stored_once,
        what_a_device_holds_unsent_is_what_it_did_not_send,
        every_number_of_sixty_four_bits_comes_back;
    streams:
        a_stream_without_events_stands_at_its_beginning,
        a_stream_is_read_page_by_page,
        a_page_ends_after_a_megabyte_but_never_before_its_first_event,
        another_epoch_is_told_and_not_read_over,
        nobody_gets_a_stream_that_is_not_theirs,
        an_export_reads_streams_one_after_the_other;
    joining:
        a_code_lets_one_device_in_until_it_is_too_old,
        the_same_device_may_ask_again_until_it_has_sent_something,
        two_devices_with_one_code_at_once_and_one_is_let_in,
        a_code_needs_a_programme,
        only_a_device_that_is_there_can_be_revoked,
        the_key_of_a_device_is_found_by_its_number;
    own:
        a_self_referral_is_taken_once_however_often_it_arrives,
        a_self_referral_needs_a_programme,
        what_is_doubted_of_a_self_referral_lies_in_its_record,
        what_a_link_brings_is_taken_in_once_however_often_it_arrives,
        a_link_for_many_brings_each_set_once_and_no_more_than_it_may,
        every_server_signs_challenges_with_the_key_that_came_first,
        own_records_are_added_all_or_none,
        of_two_that_open_one_programme_at_once_one_does,
        own_records_that_name_each_other_get_the_places_they_name;
    looking:
        the_overview_tells_everything_in_its_order,
        a_contact_is_noted_and_a_caller_is_known_by_its_key,
        what_was_kept_is_there_when_the_records_are_opened_again;
    accounts:
        somebody_who_is_invited_is_found_and_may_be_invited_anew_with_other_words,
        two_people_do_not_sign_in_with_one_address,
        an_invitation_sets_up_one_way_to_sign_in_and_ends_what_was_open,
        of_two_who_change_how_they_sign_in_at_once_one_does,
        a_slip_counts_for_its_kind_until_its_time_and_is_taken_once,
        a_slip_is_kept_anew_and_those_that_are_over_go,
        an_account_that_is_closed_signs_nobody_in_and_can_be_opened_by_inviting;
    audit:
        what_concerns_others_is_entered_with_who_did_it,
        what_is_refused_is_not_entered_and_what_is_not_entered_is_not_done,
        two_servers_that_enter_at_once_keep_one_chain,
        what_was_changed_in_the_database_is_found,
        what_was_put_back_by_other_means_is_made_ready_on_the_command_line,
        after_a_restore_no_number_is_given_out_that_was_given_out_before;
    erasing:
        who_was_erased_leaves_places_that_say_nothing,
        of_much_that_was_erased_nothing_is_left_in_the_files,
        what_arrives_late_about_who_was_erased_is_acknowledged_and_not_kept,
        a_form_that_was_erased_is_not_taken_again,
        the_command_erases_and_the_ledger_does_it_again,
        whose_time_is_over_is_proposed_and_goes_when_a_person_approves,
        a_complaint_has_thirty_days_from_the_day_on_which_it_arrived;
    skipped_rows:
        a_reader_that_follows_sixteen_slow_writers_misses_nothing;
    servers:
        the_commands_work_beside_a_running_server;
    kills:
        nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_under_load;
}
