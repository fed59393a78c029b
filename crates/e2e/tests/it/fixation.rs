//! `GenerateTtGisFixationCancellationRequest`: the sender of marked goods cancels what the state was told of them.

use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{DocumentQuery, GetDocumentHistoryQuery, OperationQuery};
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPost, MessagePatchToPostV2, TtGisFixationCancellationRequestAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, formal, marked, test_signed};
use potok_types::{EntityId, MessageId};
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};
use crate::support::refused_with;

/// Letters of which nothing but `name` differs would be taken for one.
async fn post(a: &Org, b: &Org, make: fn(DocumentAttachment) -> DocumentAttachment, name: &str) -> Value {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = make(DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("ДОП".to_owned()),
        ..Letter::document("a.xml", PAPER)
    });
    ids(&a.boss.post(&letter.comment(name)).await.unwrap()).remove(0)
}

fn query(who: &Person, document: &Value) -> DocumentQuery {
    let (message, entity) = (text(&document["MessageId"]), text(&document["EntityId"]));
    DocumentQuery::new(who.box_id, message.parse::<MessageId>().unwrap(), entity.parse::<EntityId>().unwrap())
}

fn attached(document: &Value, file: &Raw) -> Vec<TtGisFixationCancellationRequestAttachment> {
    vec![TtGisFixationCancellationRequestAttachment {
        document_id: text(&document["EntityId"]).to_owned(),
        signed_content: test_signed(file.0.clone()),
    }]
}

fn patch(who: &Person, document: &Value, file: &Raw) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        box_id: who.box_id.to_string(),
        message_id: text(&document["MessageId"]).to_owned(),
        tt_gis_fixation_cancellation_requests: attached(document, file),
        ..MessagePatchToPostV2::default()
    }
}

#[tokio::test]
async fn the_request_is_made_posted_and_shown_to_both_sides() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (client, is_newer) in [(&a.boss.client, true), (&a.boss.json, false)] {
        let document = post(&a, &b, marked, if is_newer { "V4" } else { "V3" }).await;
        world.drain().await;
        let none = json!("TtGisFixationCancellationStatusNone");
        assert_eq!(shown(&world, &a.boss, 3, &document).await["TtGisFixation"], Value::Null);
        assert_eq!(listed(&world, &a.boss, &document).await, none);
        let file =
            client.generate_tt_gis_fixation_cancellation_request(&query(&a.boss, &document)).await.unwrap();
        let said: Value = serde_json::from_slice(&file.0).unwrap();
        assert_eq!(said["inn"], json!(a.organization.inn));
        let name = text(&said["fixation_document_id"]);
        assert!(name.starts_with("FIX_ON_NSCHFDOPPR_") && name.ends_with("_0_1_0_0_0_00"), "{name}");

        let event = if is_newer {
            client.post_message_patch_v4(&OperationQuery::new(), patch(&a.boss, &document, &file)).await
        } else {
            let older = MessagePatchToPost {
                box_id: a.box_id().to_string(),
                message_id: text(&document["MessageId"]).to_owned(),
                tt_gis_fixation_cancellation_requests: attached(&document, &file),
                ..MessagePatchToPost::default()
            };
            client.post_message_patch_v3(&OperationQuery::new(), older).await
        };
        let event = event.unwrap();
        assert_eq!(event.entities[0].attachment_type, Some(87));
        world.drain().await;
        for person in [&a.boss, &b.boss] {
            for version in [3, 4, 5] {
                let fixation = shown(&world, person, version, &document).await["TtGisFixation"].take();
                assert_eq!(fixation["CancellationStatus"], json!("TtGisFixationCancellationRequestSigned"));
                assert_eq!(
                    fixation["Cancellation"]["Entity"]["EntityId"],
                    json!(event.entities[0].entity_id)
                );
                assert_eq!(fixation["Cancellation"]["Signature"]["IsValid"], json!(true), "V{version}");
            }
            let signed = json!("TtGisFixationCancellationRequestSigned");
            assert_eq!(listed(&world, person, &document).await, signed);
            assert_eq!(told(!is_newer, person, &document).await, event.entities[0].entity_id);
        }
        let again = client.generate_tt_gis_fixation_cancellation_request(&query(&a.boss, &document)).await;
        refused_with(again, 409, "сведения уже отменены");
    }
    world.end().await;
}

/// The file of the cancellation that the history tells of.
async fn told(is_json: bool, who: &Person, document: &Value) -> String {
    let ids = query(who, document);
    let query = GetDocumentHistoryQuery::new(who.box_id, ids.message_id, ids.document_id);
    let client = if is_json { &who.json } else { &who.client };
    let history = client.get_document_history(&query).await.unwrap();
    let mut told =
        history.items.into_iter().filter_map(|item| item.payload?.tt_gis_fixation_cancellation_signed);
    let cancelled = told.next().unwrap();
    assert!(cancelled.signature.is_some());
    cancelled.cancellation_request_entity.unwrap().entity_id.unwrap()
}

async fn shown(world: &World, who: &Person, version: u32, document: &Value) -> Value {
    let body = json!({ "Requests": [{ "DocumentId": document }] });
    ok(world, who, &format!("/V{version}/GetDocflows"), &body).await["Documents"][0]["Docflow"].take()
}

async fn listed(world: &World, who: &Person, document: &Value) -> Value {
    let path = format!(
        "/V3/GetDocument?boxId={}&messageId={}&entityId={}",
        who.box_id,
        text(&document["MessageId"]),
        text(&document["EntityId"])
    );
    let request = potok_testkit::RawRequest::get(path).bearer(&who.access_token);
    let answer = world.raw(request.header("Accept", "application/json")).await;
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    document["TtGisFixationCancellationStatus"].clone()
}

#[tokio::test]
async fn only_the_sender_of_marked_goods_cancels_and_only_with_the_right_file() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let document = post(&a, &b, marked, "marked").await;
    let others = post(&a, &b, formal, "others").await;
    world.drain().await;
    let made = query(&a.boss, &document);
    let file = a.boss.client.generate_tt_gis_fixation_cancellation_request(&made).await.unwrap();
    for (of_a, of_b) in [(&a.boss.client, &b.boss.client), (&a.boss.json, &b.boss.json)] {
        let by_recipient =
            of_b.generate_tt_gis_fixation_cancellation_request(&query(&b.boss, &document)).await;
        refused_with(by_recipient, 400, "Only sender can cancel TtGis fixation");
        let unmarked = of_a.generate_tt_gis_fixation_cancellation_request(&query(&a.boss, &others)).await;
        refused_with(unmarked, 409, "не говорит о маркированных товарах");
        let nobody = "11111111-2222-4333-8444-555555555555";
        let elsewhere = DocumentQuery { message_id: nobody.parse().unwrap(), ..made.clone() };
        refused_with(of_a.generate_tt_gis_fixation_cancellation_request(&elsewhere).await, 404, nobody);
        let nothing = DocumentQuery { document_id: nobody.parse().unwrap(), ..made.clone() };
        refused_with(of_a.generate_tt_gis_fixation_cancellation_request(&nothing).await, 404, nobody);
        for wrong in ["{}", "<a/>", &String::from_utf8_lossy(&file.0).replace("_0_1_", "_1_1_")] {
            let patch = patch(&a.boss, &document, &Raw(wrong.to_owned().into()));
            let posted = of_a.post_message_patch_v4(&OperationQuery::new(), patch).await;
            refused_with(posted, 400, "fixation_document_id");
        }
        let patch = patch(&b.boss, &document, &file);
        let posted = of_b.post_message_patch_v4(&OperationQuery::new(), patch).await;
        refused_with(posted, 400, "Only sender can cancel TtGis fixation");
    }
    world.end().await;
}
