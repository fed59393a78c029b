//! Some of the stories with everything kept in PostgreSQL. `make postgres` tells all of them there.

use potok_testkit::{World, WorldOptions};

use crate::asked_lists::who_was_asked_finds_the_document_in_every_list_in;
use crate::exchange::a_requested_signature_comes_back_in;
use crate::idempotency::the_first_answer_is_given_again_in;
use crate::paging::pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in;
use crate::search::words_tags_and_scopes_find_what_they_name_in;

async fn world() -> World {
    World::start_with(WorldOptions { on_postgres: true, ..WorldOptions::default() }).await
}

#[tokio::test]
async fn a_letter_is_signed_on_postgres() {
    a_requested_signature_comes_back_in(world().await).await;
}

#[tokio::test]
async fn a_call_is_repeated_on_postgres_also_after_a_restart() {
    the_first_answer_is_given_again_in(world().await).await;
}

#[tokio::test]
async fn who_was_asked_finds_the_document_on_postgres() {
    who_was_asked_finds_the_document_in_every_list_in(world().await).await;
}

#[tokio::test]
async fn documents_are_found_on_postgres() {
    words_tags_and_scopes_find_what_they_name_in(world().await).await;
}

#[tokio::test]
async fn a_feed_is_read_on_postgres_while_many_write() {
    pages_of_seven_find_what_twenty_senders_wrote_meanwhile_in(world().await).await;
}
