//! Letters that were made of templates: made once, and what becomes of them is told where the template lies.

use potok_testkit::World;
use potok_testkit::sdk::api::methods::{GetMessageQuery, OperationQuery};
use potok_testkit::sdk::proto::TemplateTransformationChangeType;
use potok_testkit::sdk::proto::events::{AttachmentType, BoxEvent, Entity, MessagePatchToPostV2};
use potok_types::MessageId;
use serde_json::json;

use crate::actions::rejection;
use crate::docflows::ok;
use crate::support::feed;
use crate::templates::{documents, keep, of, template, transform};

/// What the last event of the feed added, if that is one thing.
fn added(events: &[BoxEvent]) -> Option<&Entity> {
    match events.last()?.patch.as_ref()?.entities.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

#[tokio::test]
async fn both_sides_of_a_template_hear_when_its_letter_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut posted = template(a.box_id(), b.box_id(), &["счет"]);
    posted.message_to_box_id = c.box_id().to_string();
    posted.is_reusable = Some(true);
    posted.document_attachments[0].need_recipient_signature = Some(true);
    let kept = keep(&a.boss.client, &posted).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    world.drain().await;
    let made = transform(&b.boss.client, of(&b.boss, t, &all)).await.unwrap();
    assert!(made.is_reusable(), "others may be made of the same template");
    let document = &made.entities[0].entity_id;
    b.boss.sign(&made.message_id, document).await.unwrap();
    world.drain().await;
    let message_id = made.message_id.clone();
    let xml_signature_rejections = rejection(document);
    let patch =
        MessagePatchToPostV2 { message_id, xml_signature_rejections, ..MessagePatchToPostV2::default() };
    c.boss.patch(patch).await.unwrap();
    world.drain().await;

    for side in [&a, &b] {
        let events = feed(&side.boss).await;
        let of_template = events.iter().filter(|event| {
            let patch = event.patch.as_ref();
            patch.is_some_and(|patch| patch.message_id == *t && patch.delivered_patch_id.is_none())
        });
        let of_template: Vec<BoxEvent> = of_template.cloned().collect();
        let told = added(&of_template).expect("the template was told one thing last");
        assert_eq!(told.attachment_type(), AttachmentType::TemplateTransformationChange);
        assert_eq!(told.parent_entity_id(), all[0]);
        assert!(told.content.as_ref().is_none_or(|content| content.data.is_none()));
        let info = told.template_transformation_change_info.as_ref().unwrap();
        assert_eq!(info.change_type(), TemplateTransformationChangeType::SignatureRejection);
        assert_eq!(info.change_initiator_box_id(), c.box_id().to_string());
    }
    let asked = json!({"Requests": [{"DocumentId": {"MessageId": t, "EntityId": all[0]}}]});
    let flow = ok(&world, &b.boss, "/V4/GetDocflows", &asked).await;
    let made_of = &flow["Documents"][0]["DocumentInfo"]["TemplateInfo"]["TemplateTransformationInfos"][0];
    assert_eq!(made_of["TransformedToDocumentId"]["EntityId"], json!(document));
    assert_eq!(made_of["Changes"][0]["ChangeType"], json!("SignatureRejection"));
    assert_eq!(made_of["Changes"][0]["ChangeInitiatorBoxId"], json!(c.box_id().to_string()));
    let flow = ok(&world, &a.boss, "/V4/GetDocflows", &asked).await;
    let info = &flow["Documents"][0]["DocumentInfo"]["TemplateInfo"];
    assert_eq!(info["TemplateTransformationInfos"], json!([]), "what is made is the maker's business");
    world.end().await;
}

#[tokio::test]
async fn many_calls_at_once_make_one_letter() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let kept = keep(&a.boss.client, &template(a.box_id(), b.box_id(), &["заявка"])).await.unwrap();
    let (t, all) = (&kept.message_id, documents(&kept.entities));
    world.drain().await;
    // The same operation is one call, whoever waits for it; others find the template used.
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..24 {
        let (boss, given) = (b.boss.clone(), of(&b.boss, t, &all));
        calls.spawn(async move {
            let mut query = OperationQuery::new();
            query.operation_id = Some(format!("operation {}", n % 3));
            boss.client.transform_template_to_message(&query, given).await
        });
    }
    let (made, refused): (Vec<_>, Vec<_>) = calls.join_all().await.into_iter().partition(Result::is_ok);
    let letters: std::collections::BTreeSet<String> =
        made.into_iter().map(|made| made.unwrap().message_id).collect();
    assert_eq!(letters.len(), 1);
    assert!(refused.into_iter().all(|refused| refused.unwrap_err().status() == Some(409)));
    let opened = feed(&b.boss).await.into_iter().filter_map(|event| event.message);
    assert_eq!(opened.count(), 2, "the template and one letter");
    let letter: MessageId = letters.first().unwrap().parse().unwrap();
    let query = GetMessageQuery::new(b.box_id(), letter);
    let letter = b.boss.json.get_message_v6(&query).await.unwrap();
    assert!(!letter.is_reusable(), "nothing else is made of the same template");
    world.drain().await;
    world.end().await;
}
