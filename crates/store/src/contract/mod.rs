//! What every backend has to do, as tests. Each case is a function over a way to open a fresh store;
//! [`store_contract!`](crate::store_contract) makes a test of each.
//!
//! ```ignore
//! async fn open(clock: Arc<dyn Clock>) -> Arc<dyn Store> { … }
//! potok_store::store_contract!(open);
//! ```
//!
//! The cases check what the doc comments of the traits promise and nothing else, so that stores do not drift apart.

mod agreement;
mod certificates;
mod contents;
mod counteragents;
mod credentials;
mod directory;
mod documents;
mod erasures;
mod feed_concurrent;
mod feed_filters;
mod feed_pages;
mod fixture;
mod journal;
mod journal_beside;
mod journal_transactions;
mod outbox;
mod read_models;
mod registers;
mod shelf;
mod sign_in;
mod signings;
mod stream_feed;
mod streams;
mod webhooks;

pub use agreement::Twins;
pub use certificates::*;
pub use contents::*;
pub use counteragents::*;
pub use credentials::*;
pub use directory::*;
pub use documents::*;
pub use erasures::*;
pub use feed_concurrent::*;
pub use feed_filters::*;
pub use feed_pages::*;
pub use fixture::{Open, TurnableClock};
pub use journal::*;
pub use journal_beside::*;
pub use journal_transactions::*;
pub use outbox::*;
pub use read_models::*;
pub use registers::*;
pub use shelf::*;
pub use sign_in::*;
pub use signings::*;
pub use stream_feed::*;
pub use streams::*;
pub use webhooks::*;

/// Makes a test of each case of the contract. `$open` is an `async fn(Arc<dyn Clock>) -> Arc<dyn Store>` that makes a
/// fresh store; the calling crate needs `tokio` with its macros and the multi-thread runtime.
#[macro_export]
macro_rules! store_contract {
    ($open:path) => {
        $crate::store_contract!(@cases $open:
            append_then_read
            only_the_wanted_part_of_a_stream_is_read
            an_event_out_of_place_is_refused
            stale_append_is_refused_and_writes_nothing
            racing_appends_to_one_message_lose_nothing
            repeated_operation_is_named_and_writes_nothing
            repeated_is_found_before_stale
            operations_of_other_boxes_and_methods_are_strangers
            an_append_without_events_writes_the_rest
            keys_rise_while_the_clock_stands_still
            keys_rise_when_the_clock_goes_back
            keys_follow_the_clock
            boxes_do_not_see_each_other
            an_append_writes_all_its_streams
            one_stale_stream_refuses_the_whole_append
            a_repeated_operation_over_streams_writes_nothing
            a_stream_named_twice_is_refused
            a_stream_of_another_kind_is_a_stream_of_its_own
            streams_of_all_kinds_are_appended_under_the_same_rules
            streams_of_a_kind_are_listed_in_order
            deliveries_of_all_kinds_stand_in_one_queue
            small_contents_are_kept_once_per_box
            referrers_are_found_from_their_bases
            counteragents_are_listed_newest_first
            pages_of_counteragents_make_the_whole_list
            counteragents_are_found_by_groups
            events_of_a_kind_are_read_in_order
            a_place_in_the_list_without_an_event_is_refused
            wrong_places_of_counteragents_are_put_right
            tasks_are_kept_and_forgotten
            an_empty_feed_is_an_empty_page
            pages_of_any_size_make_the_whole_feed
            any_bookmark_is_a_position
            a_page_ends_by_its_bytes
            the_total_counts_what_is_behind_the_bookmark
            an_event_is_found_by_its_id
            readers_see_growing_prefixes_while_writers_write
            the_last_event_of_a_moving_feed_is_a_bookmark
            filters_agree_with_a_naive_reading
            one_document_has_to_satisfy_all_conditions
            time_bounds_hold_when_times_and_keys_differ
            rare_events_are_found_in_a_long_feed
            documents_are_counted_with_their_events
            lists_agree_with_a_naive_reading
            pages_of_documents_make_the_whole_list
            rows_are_replaced_and_stay_at_home
            searches_agree_with_a_naive_reading
            packets_are_read_in_pages
            custom_ids_are_found
            deliveries_of_a_message_go_one_at_a_time_in_order
            deliveries_of_different_messages_go_together
            oldest_deliveries_go_first
            boxes_share_the_hands_of_a_worker
            a_lease_is_renewed_by_its_holder
            leases_of_the_dead_are_freed
            a_lease_holds_until_its_end
            an_expired_lease_is_taken_again_and_the_old_one_is_refused
            a_delivery_given_back_waits_for_its_time
            settling_is_part_of_the_append
            an_append_with_a_lost_lease_writes_nothing
            a_refused_append_settles_nothing
            racing_workers_never_share_a_delivery
            what_was_written_is_what_should_be
            what_differs_is_told_and_put_right
            a_message_that_moved_is_left_alone
            links_are_listed_and_taken_away
            the_place_of_a_rebuild_is_remembered
            old_messages_are_found_by_their_last_event
            erased_messages_are_gone_for_all_readers
            what_moved_is_not_erased
            an_erased_message_takes_no_more_events
            contents_of_erased_messages_go_unless_they_are_named
            organizations_come_back_as_they_were_put
            organizations_are_found_by_every_name
            departments_are_added_and_replaced
            logins_are_unique_in_any_case_of_any_alphabet
            users_are_replaced_with_their_passwords
            users_lose_their_tokens_with_their_password_and_when_blocked
            employees_come_back_with_their_organizations
            employees_are_listed_and_taken_out
            departments_know_who_uses_them
            the_directory_has_a_history
            routes_of_approval_come_back_in_order
            powers_of_employees_come_and_go
            certificates_belong_to_one_account_each
            certificates_of_employees_are_listed
            a_challenge_is_taken_once
            challenges_are_bounded_in_number_and_life
            api_clients_come_back_as_they_were_put
            clients_are_blocked_and_get_other_secrets
            tokens_are_kept_for_who_can_still_prove_it
            tokens_live_and_are_forgotten
            tokens_are_listed_and_revoked_by_what_they_are
            refresh_tokens_follow_each_other
            registrations_come_back_as_they_were_put
            a_code_is_used_once
            a_device_is_answered_once
            what_would_become_tokens_goes_with_them
            consents_are_kept_by_user_and_client
            signing_keys_stand_in_order
            keys_that_are_held_come_and_go
            signings_are_changed_one_step_at_a_time
            signings_are_done_by_one_worker_at_a_time
            webhooks_are_kept_by_box_and_changed_one_turn_at_a_time
            webhooks_wait_when_their_box_has_events
            webhooks_are_sent_for_by_one_worker_at_a_time
            the_last_attempts_of_a_webhook_are_kept
            outside_names_lead_to_users
            the_world_outside_comes_back_as_it_was_put
            values_stand_by_their_keys
            signers_are_told_of_by_box_and_title
            contents_are_named_by_events_and_shelves
            what_a_user_has_on_the_shelf_is_counted
            a_file_is_complete_when_every_part_is_there
            a_part_that_differs_starts_a_complete_file_over
            a_part_of_a_begun_file_needs_one_that_waits
            files_expire
            files_of_users_are_private
        );
    };
    (@cases $open:path: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                $crate::contract::$case($open).await;
            }
        )*
    };
}
