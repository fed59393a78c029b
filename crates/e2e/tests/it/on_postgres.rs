//! Some of the stories with everything kept in PostgreSQL, by one server and by two nodes that take turns with the requests.
//! `make postgres` and `make nodes` tell all of them there.

use potok_testkit::{World, WorldOptions};

use crate::asked_lists::who_was_asked_finds_the_document_in_every_list_in;
use crate::exchange::a_requested_signature_comes_back_in;
use crate::idempotency::the_first_answer_is_given_again_in;
use crate::paging::pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in;
use crate::search::words_tags_and_scopes_find_what_they_name_in;

async fn world(nodes: usize) -> World {
    World::start_with(WorldOptions { on_postgres: true, nodes, ..WorldOptions::default() }).await
}

/// Tells a story on one server and on two nodes.
macro_rules! told {
    ($($story:ident: $on_one:ident, $on_two:ident;)+) => {$(
        #[tokio::test]
        async fn $on_one() {
            $story(world(1).await).await;
        }

        #[tokio::test]
        async fn $on_two() {
            $story(world(2).await).await;
        }
    )+};
}

told! {
    a_requested_signature_comes_back_in: a_letter_is_signed_on_postgres, a_letter_is_signed_on_two_nodes;
    the_first_answer_is_given_again_in:
        a_call_is_repeated_on_postgres_also_after_a_restart, a_call_is_repeated_on_two_nodes_also_after_a_restart;
    who_was_asked_finds_the_document_in_every_list_in:
        who_was_asked_finds_the_document_on_postgres, who_was_asked_finds_the_document_on_two_nodes;
    words_tags_and_scopes_find_what_they_name_in: documents_are_found_on_postgres, documents_are_found_on_two_nodes;
    pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in:
        a_feed_is_read_on_postgres_while_many_write, a_feed_is_read_on_two_nodes_while_many_write;
}
