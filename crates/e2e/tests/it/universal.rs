//! Universal messages: newer methods show them, and older ones never heard of them.

use bytes::Bytes;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{
    BoxQuery, GetEventQuery, GetMessageQuery, GetNewEventsQuery, GetNewEventsV4Query, GetNewEventsV6Query,
};
use potok_testkit::sdk::proto::events::{
    BoxEvent, BoxEventList, Entity, MessagePatchToPostV2, UniversalMessageAttachment, UnsignedContent,
};
use potok_testkit::{Letter, Person, World};
use potok_types::{EventId, MessageId};

/// `UniversalMessage` among the attachment types.
const UNIVERSAL: i32 = 79;

fn has_universal(entities: &[Entity]) -> bool {
    entities.iter().any(|entity| entity.attachment_type == Some(UNIVERSAL))
}

fn shows(event: &BoxEvent) -> bool {
    let of_message = event.message.as_ref().is_some_and(|message| has_universal(&message.entities));
    of_message || event.patch.as_ref().is_some_and(|patch| has_universal(&patch.entities))
}

/// A feed, of which both formats tell the same.
async fn feed<F: Future<Output = Result<BoxEventList, Error>>>(
    who: &Person,
    call: impl Fn(potok_testkit::sdk::Client) -> F,
) -> Vec<BoxEvent> {
    let list = call(who.client.clone()).await.unwrap();
    let json = call(who.json.clone()).await.unwrap();
    // JSON says what is left out in protobuf, so not every field is the same.
    let told = |list: &BoxEventList| -> Vec<_> {
        list.events
            .iter()
            .map(|event| (event.event_id.clone(), event.index_key.clone(), shows(event)))
            .collect()
    };
    assert_eq!(told(&list), told(&json));
    list.events
}

#[tokio::test]
async fn feeds_of_older_methods_do_not_show_them() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let message = UniversalMessageAttachment {
        parent_entity_id: posted.entities[0].entity_id.clone(),
        code_group: Some(4),
        universal_message_content: UnsignedContent {
            content: Some(Bytes::from_static(b"<a/>")),
            ..UnsignedContent::default()
        },
        ..UniversalMessageAttachment::default()
    };
    let patch = MessagePatchToPostV2 {
        message_id: posted.message_id.clone(),
        universal_messages: vec![message],
        ..MessagePatchToPostV2::default()
    };
    let event = b.boss.patch(patch).await.unwrap().patch_id.parse::<EventId>().unwrap();
    world.drain().await;
    b.boss.sign(&posted.message_id, &posted.entities[0].entity_id).await.unwrap();
    world.drain().await;
    let message = posted.message_id.parse::<MessageId>().unwrap();
    for who in [&a.boss, &b.boss] {
        let box_id = who.box_id;
        let v8 =
            feed(
                who,
                |client| async move { client.get_new_events_v8(&GetNewEventsQuery::new(box_id)).await },
            );
        let v8 = v8.await;
        assert_eq!(v8.iter().filter(|event| shows(event)).count(), 1);
        let older =
            [
                feed(who, |client| async move {
                    client.get_new_events_v4(&GetNewEventsV4Query::new(box_id)).await
                })
                .await,
                feed(who, |client| async move {
                    client.get_new_events_v5(&GetNewEventsV4Query::new(box_id)).await
                })
                .await,
                feed(who, |client| async move {
                    client.get_new_events_v6(&GetNewEventsV6Query::new(box_id)).await
                })
                .await,
                feed(
                    who,
                    |client| async move { client.get_new_events_v7(&GetNewEventsQuery::new(box_id)).await },
                )
                .await,
            ];
        for (version, older) in (4..).zip(older) {
            assert_eq!(older.len(), v8.len(), "the event stays, V{version}");
            for (older, newer) in older.iter().zip(&v8) {
                assert!(!shows(older), "V{version}");
                assert_eq!((&older.event_id, &older.index_key), (&newer.event_id, &newer.index_key));
                assert_eq!(older == newer, !shows(newer), "V{version}: everything else is as it was");
            }
        }

        let query = GetEventQuery::new(box_id, event);
        assert!(shows(&who.client.get_event_v3(&query).await.unwrap()));
        assert!(!shows(&who.client.get_event_v2(&query).await.unwrap()));
        let query = GetMessageQuery::new(box_id, message);
        assert!(has_universal(&who.client.get_message_v6(&query).await.unwrap().entities));
        assert!(!has_universal(&who.json.get_message_v5(&query).await.unwrap().entities));
        let query = BoxQuery::new(box_id);
        let (first, second) = (
            who.client.get_last_event(&query).await.unwrap(),
            who.client.get_last_event_v2(&query).await.unwrap(),
        );
        assert_eq!(first.0.map(|event| event.event_id), second.0.map(|event| event.event_id));
    }
    world.end().await;
}
