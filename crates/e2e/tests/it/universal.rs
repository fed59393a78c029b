//! Universal messages: newer methods show them, and older ones never heard of them.

use bytes::Bytes;
use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    AttachmentQuery, BoxQuery, GetEventQuery, GetMessageQuery, GetNewEventsQuery, GetNewEventsV4Query,
    GetNewEventsV6Query,
};
use potok_testkit::sdk::proto::events::{
    BoxEvent, BoxEventList, DocumentAttachment, Entity, MessagePatchToPostV2, UniversalMessageAttachment,
    UnsignedContent,
};
use potok_testkit::{Letter, Person, World, formal};
use potok_types::{EntityId, EventId, MessageId};

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

const CONTRACT: &str = "<UniversalMessage><UniversalMessageInfos>\
    <UniversalMessageInfo StatusCode=\"CODE\"><PlainText>Сумма не та</PlainText></UniversalMessageInfo>\
    </UniversalMessageInfos><Sender UseDefaultPersonInfo=\"true\"><Contacts OtherContactInfo=\"окно 3\"/></Sender>\
    </UniversalMessage>";

fn contract(code: u32) -> Raw {
    Raw(CONTRACT.replace("CODE", &code.to_string()).into())
}

/// Made of data, posted, read by the other side: what was said is what is told.
#[tokio::test]
async fn a_message_is_made_of_data_and_read_by_the_other_side() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (is_json, code) in [(false, 2999), (true, 4002)] {
        let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature().comment(&code.to_string());
        letter.0.document_attachments[0] = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("СЧФДОП".to_owned()),
            ..std::mem::take(&mut letter.0.document_attachments[0])
        });
        let posted = a.boss.post(&letter).await.unwrap();
        world.drain().await;
        let message: MessageId = posted.message_id.parse().unwrap();
        let document: EntityId = posted.entities[0].entity_id.parse().unwrap();
        let client = |who: &Person| if is_json { who.json.clone() } else { who.client.clone() };
        let query = AttachmentQuery::new(b.box_id(), message, document);
        let made = client(&b.boss).generate_universal_message(&query, contract(code)).await.unwrap();
        let said = UniversalMessageAttachment {
            parent_entity_id: document.to_string(),
            universal_message_content: UnsignedContent {
                content: Some(made.0.clone()),
                ..UnsignedContent::default()
            },
            ..UniversalMessageAttachment::default()
        };
        let patch = MessagePatchToPostV2 {
            message_id: posted.message_id.clone(),
            universal_messages: vec![said],
            ..MessagePatchToPostV2::default()
        };
        let sent = b.boss.patch(patch).await.unwrap();
        world.drain().await;
        let universal: EntityId = sent.entities[0].entity_id.parse().unwrap();
        let told = AttachmentQuery::new(a.box_id(), message, universal);
        let told = client(&a.boss).parse_universal_message(&told).await.unwrap();
        let same = client(&a.boss).parse_universal_message_xml(made).await.unwrap();
        assert_eq!(told.0, same.0);
        let text = std::str::from_utf8(&told.0).unwrap();
        for words in [&*format!("StatusCode=\"{code}\""), "Сумма не та", "LastName=\"Иванов\"", "окно 3"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    world.end().await;
}

#[tokio::test]
async fn data_and_files_that_are_no_universal_messages_are_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let message: MessageId = posted.message_id.parse().unwrap();
    let document: EntityId = posted.entities[0].entity_id.parse().unwrap();
    let about = |entity: EntityId| AttachmentQuery::new(b.box_id(), message, entity);
    let (binary, json) = (&b.boss.client, &b.boss.json);
    for client in [binary, json] {
        let status = |told: Result<Raw, Error>| {
            let told = told.unwrap_err();
            (told.status().unwrap(), told.to_string())
        };
        let (bad, text) =
            status(client.generate_universal_message(&about(document), Raw("<a/>".into())).await);
        assert_eq!((bad, text.contains("UniversalMessage")), (400, true), "{text}");
        let nothing = about(EntityId::ZERO);
        assert_eq!(status(client.generate_universal_message(&nothing, contract(4002)).await).0, 404);
        assert_eq!(status(client.parse_universal_message(&nothing).await).0, 404);
        assert_eq!(status(client.parse_universal_message(&about(document)).await).0, 400);
        let (bad, text) = status(client.parse_universal_message_xml(Raw("<a/>".into())).await);
        assert_eq!((bad, text.contains("СтатусУС")), (400, true), "{text}");
    }
    // What could not be posted is not made.
    b.boss.sign(&posted.message_id, &posted.entities[0].entity_id).await.unwrap();
    world.drain().await;
    let made = binary.generate_universal_message(&about(document), contract(3999)).await;
    assert!(
        made.is_ok(),
        "a refusal that comes too late means nothing to the flow, and is a message all the same"
    );
    let delayed = {
        let mut letter = Letter::new(a.box_id(), b.box_id()).comment("later");
        letter.0.delay_send = Some(true);
        letter.0.document_attachments[0].signed_content.sign_with_test_signature = None;
        a.boss.post(&letter).await.unwrap()
    };
    let query = AttachmentQuery::new(
        a.box_id(),
        delayed.message_id.parse::<MessageId>().unwrap(),
        delayed.entities[0].entity_id.parse::<EntityId>().unwrap(),
    );
    let unsent = a.boss.client.generate_universal_message(&query, contract(4002)).await.unwrap_err();
    assert_eq!(unsent.status(), Some(409), "{unsent}");
    world.end().await;
}
