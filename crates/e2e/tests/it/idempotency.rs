//! A call that is repeated is done once.

use potok_testkit::sdk::api::methods::OperationQuery;
use potok_testkit::{Letter, World};

use crate::support::feed;

fn operation(id: &str) -> OperationQuery {
    let mut query = OperationQuery::new();
    query.operation_id = Some(id.to_owned());
    query
}

#[tokio::test]
async fn the_first_answer_is_given_again() {
    the_first_answer_is_given_again_in(World::start().await).await;
}

pub(crate) async fn the_first_answer_is_given_again_in(mut world: World) {
    let (a, b) = world.two_sides().await;
    let letter = Letter::new(a.box_id(), b.box_id());
    let first = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    assert_eq!(a.boss.post(&letter).await.unwrap(), first, "the same body is the same operation");
    let other = a.boss.client.post_message_v3(&operation("Второй"), letter.0.clone()).await.unwrap();
    assert_ne!(other.message_id, first.message_id);
    let mut changed = letter.0.clone();
    changed.document_attachments[0].comment = Some("changed".to_owned());
    let repeated = a.boss.client.post_message_v3(&operation("ВТОРОЙ"), changed).await.unwrap();
    assert_eq!(repeated, other, "whatever its body, and in any case");
    world.drain().await;

    world.restart().await;
    let again = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    assert_eq!(again.post(&letter).await.unwrap(), first, "also after a restart");
    world.drain().await;
    assert_eq!(feed(&again).await.len(), 4, "two letters and two deliveries");
    world.end().await;
}

#[tokio::test]
async fn many_at_once_are_one() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let letter = Letter::new(a.box_id(), b.box_id());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (boss, letter) = (a.boss.clone(), letter.0.clone());
        calls.spawn(async move {
            boss.client.post_message_v3(&operation("one"), letter).await.unwrap().message_id
        });
    }
    let ids: std::collections::BTreeSet<String> = calls.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    world.drain().await;
    assert_eq!(feed(&b.boss).await.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_failed_call_does_not_use_up_its_id() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut broken = Letter::new(a.box_id(), b.box_id()).0;
    broken.document_attachments[0].type_named_id = "NoSuchType".to_owned();
    let refused = a.boss.client.post_message_v3(&operation("id"), broken).await.unwrap_err();
    assert_eq!(refused.status(), Some(400));
    assert!(refused.to_string().contains("DocumentAttachments[0]"), "{refused}");
    let whole = Letter::new(a.box_id(), b.box_id()).0;
    a.boss.client.post_message_v3(&operation("id"), whole).await.unwrap();
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_patch_is_done_once_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let sign = || b.boss.sign(&message.message_id, &message.entities[0].entity_id);
    let first = sign().await.unwrap();
    assert_eq!(sign().await.unwrap(), first);
    world.drain().await;
    assert_eq!(sign().await.unwrap(), first);
    world.end().await;
}
