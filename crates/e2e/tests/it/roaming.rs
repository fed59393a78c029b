//! `PostRoamingNotification`: another operator, which calls as a box here, says what became of what it got.

use potok_testkit::domain::directory::RoamingOperator;
use potok_testkit::sdk::api::methods::GetMessageQuery;
use potok_testkit::sdk::proto::events::{
    AttachmentType, Message, MessagePatchToPostV2, RevocationRequestAttachment, RoamingNotificationToPost,
    UniversalMessageAttachment, UnsignedContent,
};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::MessageId;
use serde_json::{Value, json};

use crate::docflows::{ids, ok};
use crate::support::refused_with;

const NOBODY: &str = "11111111-2222-4333-8444-555555555555";
/// `RoamingNotification` among the attachment types.
const NOTIFICATION: i32 = 39;

async fn told(world: &World, of: &Org, is_active: bool) {
    let operator = RoamingOperator {
        fns_id: "2AE".to_owned(),
        name: "Другой оператор".to_owned(),
        is_active,
        features: Vec::new(),
        box_id: Some(of.box_id()),
    };
    world.app().admin().put_outside(&[operator], &[]).await.unwrap();
}

fn report(of: &Org, message: &Message, is_success: bool) -> RoamingNotificationToPost {
    RoamingNotificationToPost {
        box_id: of.box_id().to_string(),
        event_id: message.message_id.clone(),
        success: is_success,
        description: Some("Получатель не найден".to_owned()).filter(|_| !is_success),
        ..RoamingNotificationToPost::default()
    }
}

async fn shown(world: &World, who: &Person, version: u32, document: &Value) -> Value {
    let body = json!({ "Requests": [{ "DocumentId": document }] });
    let mut answer = ok(world, who, &format!("/V{version}/GetDocflows"), &body).await;
    let mut flow = answer["Documents"][0]["Docflow"].take();
    match version {
        2 => flow["RoamingNotification"].take(),
        5 => flow["Titles"][0]["ParticipantDocflows"][0]["TitleDelivery"]["RoamingNotification"].take(),
        _ => flow["SenderTitle"]["RoamingNotification"].take(),
    }
}

async fn entities(who: &Person, message: &str) -> usize {
    let query = GetMessageQuery::new(who.box_id, message.parse::<MessageId>().unwrap());
    let message = who.client.get_message_v6(&query).await.unwrap();
    message.entities.iter().filter(|entity| entity.attachment_type == Some(NOTIFICATION)).count()
}

#[tokio::test]
async fn the_sender_learns_what_another_operator_says() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    told(&world, &b, true).await;
    for (client, name) in [(&b.boss.client, "protobuf"), (&b.boss.json, "JSON")] {
        let sent = a.boss.post(&Letter::new(a.box_id(), b.box_id()).comment(name)).await.unwrap();
        world.drain().await;
        let document = ids(&sent).remove(0);
        for version in [2, 3, 4, 5] {
            assert_eq!(shown(&world, &a.boss, version, &document).await, Value::Null, "V{version}");
        }
        for (is_success, status) in [(false, 3), (true, 2)] {
            client.post_roaming_notification(report(&b, &sent, is_success)).await.unwrap();
            world.drain().await;
            for version in [2, 3, 4, 5] {
                let said = shown(&world, &a.boss, version, &document).await;
                assert_eq!(said["IsSuccess"], json!(is_success), "V{version}: {said}");
            }
            let query = GetMessageQuery::new(a.box_id(), sent.message_id.parse::<MessageId>().unwrap());
            let message = a.boss.client.get_message_v6(&query).await.unwrap();
            let info = message.entities[0].document_info.as_ref().unwrap();
            assert_eq!(info.roaming_notification_status, Some(status));
            let words = (!is_success).then_some("Получатель не найден");
            assert_eq!(info.roaming_notification_status_description.as_deref(), words);
        }
        assert_eq!(entities(&a.boss, &sent.message_id).await, 2);
        assert_eq!(entities(&b.boss, &sent.message_id).await, 0, "it is the sender's own");
    }
    world.end().await;
}

#[tokio::test]
async fn only_other_operators_report_and_only_what_came_to_them() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sent = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    let other = a.boss.post(&Letter::new(a.box_id(), b.box_id()).comment("другое")).await.unwrap();
    world.drain().await;
    let good = report(&b, &sent, true);
    for client in [&b.boss.client, &b.boss.json] {
        told(&world, &a, true).await;
        refused_with(
            client.post_roaming_notification(good.clone()).await,
            403,
            "is not that of another operator",
        );
        told(&world, &b, false).await;
        refused_with(
            client.post_roaming_notification(good.clone()).await,
            403,
            "is not that of another operator",
        );
        told(&world, &b, true).await;
        refused_with(client.post_roaming_notification(report(&a, &sent, true)).await, 403, "Access to Box");
        for (wrong, words) in [
            (RoamingNotificationToPost { event_id: NOBODY.to_owned(), ..good.clone() }, "EventId"),
            (RoamingNotificationToPost { event_id: "x".to_owned(), ..good.clone() }, "EventId"),
            (
                RoamingNotificationToPost { message_id: Some(other.message_id.clone()), ..good.clone() },
                "MessageId",
            ),
            (
                RoamingNotificationToPost {
                    notifiable_entity_ids: vec![other.entities[0].entity_id.clone()],
                    ..good.clone()
                },
                "NotifiableEntityIds[0]",
            ),
        ] {
            refused_with(client.post_roaming_notification(wrong).await, 400, words);
        }
        let about = vec![sent.entities[0].entity_id.clone()];
        let named = RoamingNotificationToPost {
            message_id: Some(sent.message_id.clone()),
            notifiable_entity_ids: about,
            ..good.clone()
        };
        client.post_roaming_notification(named).await.unwrap();
    }
    assert_eq!(entities(&a.boss, &sent.message_id).await, 2);
    world.end().await;
}

/// Without `NotifiableEntityIds` a note is about what its event brought: requests to revoke and universal messages too.
#[tokio::test]
async fn revocations_and_universal_messages_are_noted_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    told(&world, &b, true).await;
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
    let sent = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let document = &sent.entities[0].entity_id;
    b.boss.sign(&sent.message_id, document).await.unwrap();
    world.drain().await;
    let information = MessagePatchToPostV2 {
        message_id: sent.message_id.clone(),
        universal_messages: vec![UniversalMessageAttachment {
            parent_entity_id: document.clone(),
            code_group: Some(4),
            universal_message_content: UnsignedContent {
                content: Some("<a/>".into()),
                ..UnsignedContent::default()
            },
            ..UniversalMessageAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let revocation = MessagePatchToPostV2 {
        message_id: sent.message_id.clone(),
        revocation_requests: vec![RevocationRequestAttachment {
            parent_entity_id: document.clone(),
            signed_content: a.boss.revocation(&sent.message_id, document, "Ошибка").await,
            ..RevocationRequestAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    for (patch, kind, is_success) in [
        (information, AttachmentType::UniversalMessage, true),
        (revocation, AttachmentType::RevocationRequest, false),
    ] {
        let event = a.boss.patch(patch).await.unwrap();
        world.drain().await;
        let note =
            RoamingNotificationToPost { event_id: event.patch_id.clone(), ..report(&b, &sent, is_success) };
        b.boss.json.post_roaming_notification(note).await.unwrap();
        let query = GetMessageQuery::new(a.box_id(), sent.message_id.parse::<MessageId>().unwrap());
        let now = a.boss.client.get_message_v6(&query).await.unwrap();
        let about = now.entities.iter().rfind(|entity| entity.attachment_type == Some(NOTIFICATION));
        let parent = about.and_then(|note| note.parent_entity_id.clone());
        let parent = now.entities.iter().find(|entity| Some(&entity.entity_id) == parent.as_ref());
        assert_eq!(parent.map(|parent| parent.attachment_type()), Some(kind));
    }
    for version in [3, 4, 5] {
        let body = json!({ "Requests": [{ "DocumentId": ids(&sent).remove(0) }] });
        let mut answer = ok(&world, &a.boss, &format!("/V{version}/GetDocflows"), &body).await;
        let said =
            answer["Documents"][0]["Docflow"]["Revocation"]["RevocationRequest"]["RoamingNotification"]
                .take();
        assert_eq!(said["IsSuccess"], json!(false), "V{version}: {answer}");
    }
    world.end().await;
}
