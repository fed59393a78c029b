//! Drafts: kept, sent as letters, thrown away.

use potok_testkit::sdk::api::methods::{
    DeleteQuery, GetMessageQuery, GetNewEventsQuery, OperationQuery, RecycleDraftQuery,
};
use potok_testkit::sdk::proto::LockMode;
use potok_testkit::sdk::proto::events::{
    DocumentSenderSignature, DocumentSignature, DraftToSend, Message, MessagePatchToPostV2,
};
use potok_testkit::sdk::{Client, Error};
use potok_testkit::{Letter, Org, PAPER, Person, World, formal};
use potok_types::MessageId;
use serde_json::json;

use crate::docflows::ok;
use crate::support::{Names, feed, says};

fn id(text: &str) -> MessageId {
    text.parse().unwrap()
}

/// What sends `draft` with a test signature under each of its documents.
pub(crate) fn sending(who: &Person, draft: &Message) -> DraftToSend {
    let documents = draft.entities.iter().filter(|entity| entity.document_info.is_some());
    DraftToSend {
        box_id: who.box_id.to_string(),
        draft_id: draft.message_id.clone(),
        document_signatures: documents
            .map(|entity| DocumentSenderSignature {
                parent_entity_id: entity.entity_id.clone(),
                sign_with_test_signature: Some(true),
                ..DocumentSenderSignature::default()
            })
            .collect(),
        ..DraftToSend::default()
    }
}

pub(crate) async fn send(client: &Client, given: DraftToSend) -> Result<Message, Error> {
    client.send_draft(&OperationQuery::new(), given).await
}

async fn recycle(who: &Person, draft: &str) -> Result<(), Error> {
    who.client.recycle_draft(&RecycleDraftQuery::new(who.box_id, id(draft))).await.map(drop)
}

async fn shown(who: &Person, message: &str) -> Message {
    who.json.get_message_v6(&GetMessageQuery::new(who.box_id, id(message))).await.unwrap()
}

fn two_documents(a: &Org, b: &Org) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature().comment("прошу подписать");
    let mut second = Letter::document("2.pdf", "второй");
    second.custom_document_id = Some("second".to_owned());
    letter.0.document_attachments.push(second);
    letter
}

#[tokio::test]
async fn a_draft_becomes_a_letter_and_is_done_with() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let draft = a.boss.post(&two_documents(&a, &b).draft()).await.unwrap();
    let (d, ids) = (&draft.message_id, ["1", "2"]);
    assert_eq!((draft.is_draft(), draft.draft_is_locked(), draft.draft_is_recycled()), (true, false, false));
    world.drain().await;
    assert!(feed(&b.boss).await.is_empty(), "nobody gets a draft");
    let document = &draft.entities[0].document_info.as_ref().unwrap();
    assert_eq!(document.department_id(), "");
    assert_eq!(document.docflow_status.primary_status.status_text(), "Черновик");

    let letter = send(&a.boss.json, sending(&a.boss, &draft)).await.unwrap();
    let m = &letter.message_id;
    assert_eq!((letter.is_draft(), letter.created_from_draft_id()), (false, d.as_str()));
    let again = send(&a.boss.json, sending(&a.boss, &draft)).await.unwrap();
    assert_eq!(again.message_id, *m, "the same call again has the same result");
    world.drain().await;

    let mut names = Names::with(&[(d, "D"), (m, "M"), (&draft.entities[0].entity_id, "d1")]);
    let in_a = names.lines(&feed(&a.boss).await);
    let in_b = names.lines(&feed(&b.boss).await);
    assert_eq!(in_a.len(), 4, "{in_a:?}");
    assert!(in_a[0].starts_with("Message D: [d1 Nonformalized"), "{in_a:?}");
    assert!(in_a[2].starts_with("Message M: [d1 Nonformalized"), "{in_a:?}");
    assert!(in_b.len() == 1 && in_b[0].starts_with("Message M: [d1 Nonformalized"), "{in_b:?}");
    let patch = feed(&a.boss).await[1].patch.clone().unwrap();
    assert_eq!((patch.for_draft(), patch.draft_is_recycled()), (true, true));
    assert_eq!(patch.draft_is_transformed_to_message_id_list, std::slice::from_ref(m));

    let now = shown(&a.boss, d).await;
    assert!(now.draft_is_recycled() && now.is_draft());
    assert_eq!(now.draft_is_transformed_to_message_id_list, std::slice::from_ref(m));
    let arrived = shown(&b.boss, m).await;
    assert_eq!(arrived.created_from_draft_id(), "", "where it comes from is the sender's own business");
    let documents = |message: &Message| -> Vec<String> {
        let found = message.entities.iter().filter(|entity| entity.document_info.is_some());
        found.map(|entity| entity.entity_id.clone()).collect()
    };
    assert_eq!(documents(&draft), documents(&arrived), "documents keep their ids");
    assert_eq!(documents(&draft).len(), ids.len());
    let origin = letter.entities[0].document_info.as_ref().unwrap().origin.clone().unwrap();
    assert_eq!((origin.message_type, origin.message_id.as_str()), (2, d.as_str()));

    let asked = |message: &str, entity: &str| json!({"Requests": [{"DocumentId": {"MessageId": message, "EntityId": entity}}]});
    let flow = ok(&world, &a.boss, "/V4/GetDocflows", &asked(d, &documents(&draft)[0])).await;
    let info = &flow["Documents"][0]["DocumentInfo"];
    assert_eq!(info["DraftInfo"]["IsRecycled"], json!(true));
    assert_eq!(info["DraftInfo"]["TransformedToLetterIds"], json!([m]));
    let flow = ok(&world, &a.boss, "/V4/GetDocflows", &asked(m, &documents(&draft)[0])).await;
    assert_eq!(flow["Documents"][0]["DocumentInfo"]["Origin"]["MessageId"], json!(d));
    world.end().await;
}

#[tokio::test]
async fn what_was_done_with_a_draft_is_not_done_twice() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let draft = a.boss.post(&two_documents(&a, &b).draft()).await.unwrap();
    recycle(&a.boss, &draft.message_id).await.unwrap();
    let told = feed(&a.boss).await.pop().unwrap().patch.unwrap();
    assert!(told.for_draft() && told.draft_is_recycled());
    assert!(told.draft_is_transformed_to_message_id_list.is_empty());
    says(&recycle(&a.boss, &draft.message_id).await.unwrap_err(), 409, "sent or thrown away before");
    let late = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap_err();
    says(&late, 409, "sent or thrown away before");
    says(&recycle(&a.boss, &MessageId::ZERO.to_string()).await.unwrap_err(), 404, "");
    let letter = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    says(&recycle(&a.boss, &letter.message_id).await.unwrap_err(), 409, "is no draft");
    let patch = MessagePatchToPostV2 {
        message_id: draft.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: draft.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    says(&a.boss.patch(patch).await.unwrap_err(), 409, "is a draft or a template");
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_draft_is_sent_whole_and_to_somebody() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut open = two_documents(&a, &b).draft();
    open.0.to_box_id = None;
    let draft = a.boss.post(&open).await.unwrap();
    assert_eq!(draft.to_box_id, None);
    let whole = sending(&a.boss, &draft);

    let mut partly = whole.clone();
    partly.to_box_id = Some(b.box_id().to_string());
    partly.document_signatures.pop();
    says(&send(&a.boss.client, partly).await.unwrap_err(), 400, "DraftToSend.DocumentSignatures");
    let mut twice = whole.clone();
    twice.document_signatures.push(whole.document_signatures[0].clone());
    says(&send(&a.boss.client, twice).await.unwrap_err(), 409, "DocumentSignatures[2]");
    let mut strange = whole.clone();
    strange.document_signatures[1].parent_entity_id = MessageId::ZERO.to_string();
    says(&send(&a.boss.client, strange).await.unwrap_err(), 400, "DocumentSignatures[1].ParentEntityId");
    let mut bare = whole.clone();
    bare.document_signatures[0].sign_with_test_signature = None;
    says(&send(&a.boss.client, bare).await.unwrap_err(), 400, "DocumentSignatures[0].Signature");
    says(&send(&a.boss.client, whole.clone()).await.unwrap_err(), 400, "DraftToSend.ToBoxId");
    let mut nowhere = whole.clone();
    nowhere.draft_id = MessageId::ZERO.to_string();
    says(&send(&a.boss.client, nowhere).await.unwrap_err(), 400, "DraftToSend.DraftId");

    let mut to_c = whole;
    to_c.to_box_id = Some(c.box_id().to_string());
    send(&a.boss.client, to_c).await.unwrap();
    world.drain().await;
    assert_eq!((feed(&b.boss).await.len(), feed(&c.boss).await.len()), (0, 1));
    world.end().await;
}

#[tokio::test]
async fn a_locked_draft_takes_signatures_and_nothing_else() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut locked = two_documents(&a, &b).draft();
    locked.0.lock_draft = Some(true);
    locked.0.lock_mode = Some(LockMode::Full as i32);
    let draft = a.boss.post(&locked).await.unwrap();
    assert!(draft.draft_is_locked());
    let mut other = sending(&a.boss, &draft);
    other.to_box_id = Some(c.box_id().to_string());
    says(&send(&a.boss.client, other).await.unwrap_err(), 409, "DraftToSend.ToBoxId");
    let query = DeleteQuery::new(a.box_id(), id(&draft.message_id));
    a.boss.client.delete(&query).await.unwrap();
    let deleted = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap_err();
    says(&deleted, 409, "сначала восстановите");
    a.boss.client.restore(&query).await.unwrap();
    let letter = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap();
    assert!(letter.packet_is_locked());
    world.drain().await;
    assert_eq!(feed(&b.boss).await.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_loose_draft_is_looked_at_when_it_is_sent() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).draft();
    letter.0.document_attachments[0].type_named_id = "UniversalTransferDocument".to_owned();
    letter.0.document_attachments[0].function = Some("СЧФДОП".to_owned());
    letter.0.document_attachments[0].metadata.clear();
    letter.0.document_attachments[0].signed_content.content = Some(PAPER.into());
    let strict = a.boss.post(&letter).await.unwrap_err();
    assert_eq!(strict.status(), Some(400), "{strict}");
    letter.0.strict_draft_validation = Some(false);
    let draft = a.boss.post(&letter).await.unwrap();
    let late = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap_err();
    assert_eq!(late.status(), Some(400), "{late}");

    // What says all of itself is read again when it is sent.
    let document = letter.0.document_attachments.pop().unwrap();
    letter.0.document_attachments.push(formal(document));
    letter.0.strict_draft_validation = None;
    let draft = a.boss.post(&letter).await.unwrap();
    let sent = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap();
    let number =
        |message: &Message| message.entities[0].document_info.as_ref().unwrap().document_number().to_owned();
    assert_eq!((number(&draft), number(&sent)), ("7".to_owned(), "7".to_owned()));
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_signature_has_no_place_in_a_draft() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut signed = Letter::new(a.box_id(), b.box_id());
    signed.0.is_draft = Some(true);
    says(&a.boss.post(&signed).await.unwrap_err(), 400, "DocumentAttachments[0].SignedContent.Signature");
    let mut both = Letter::new(a.box_id(), b.box_id()).draft();
    both.0.delay_send = Some(true);
    says(&a.boss.post(&both).await.unwrap_err(), 400, "MessageToPost.DelaySend");
    let mut query = GetNewEventsQuery::new(a.box_id());
    query.message_type = vec!["Draft".to_owned()];
    assert!(a.boss.client.get_new_events_v8(&query).await.unwrap().events.is_empty());
    world.end().await;
}

#[tokio::test]
async fn an_internal_draft_and_a_chain_of_links_are_sent_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let base = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    let mut inside = two_documents(&a, &b).draft();
    inside.0.to_box_id = None;
    inside.0.is_internal = Some(true);
    inside.0.document_attachments[0].initial_document_ids = vec![
        potok_testkit::sdk::proto::DocumentId { message_id: String::new(), entity_id: "second".to_owned() },
        potok_testkit::sdk::proto::DocumentId {
            message_id: base.message_id.clone(),
            entity_id: base.entities[0].entity_id.clone(),
        },
    ];
    let draft = a.boss.post(&inside).await.unwrap();
    let subordinate = async || {
        let body = json!({"Requests": [{"DocumentId": {"MessageId": base.message_id,
            "EntityId": base.entities[0].entity_id}}]});
        let flow = ok(&world, &a.boss, "/V4/GetDocflows", &body).await;
        let links = &flow["Documents"][0]["DocumentInfo"]["DocumentLinks"];
        links["SubordinateIds"].as_array().unwrap().clone()
    };
    assert!(subordinate().await.is_empty(), "a draft is nobody's business yet");
    let letter = send(&a.boss.client, sending(&a.boss, &draft)).await.unwrap();
    assert!(letter.is_internal());
    assert_eq!(subordinate().await.len(), 1);
    let links = &letter.entities[0].document_info.as_ref().unwrap().initial_document_ids;
    assert_eq!(links.len(), 2);
    assert!(links.iter().any(|link| link.message_id == letter.message_id), "{links:?}");
    world.drain().await;
    world.end().await;
}
