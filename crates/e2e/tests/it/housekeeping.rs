//! Deleting, restoring and moving documents in the own box.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::DeleteQuery;
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::documents::DocumentsMoveOperation;
use potok_testkit::sdk::proto::events::{DocumentAttachment, MessagePatch};
use potok_testkit::{Letter, Person, World};
use potok_types::{DepartmentId, EntityId, MessageId};
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};
use crate::support::feed;

fn query(who: &Person, document: &Value, is_whole: bool) -> DeleteQuery {
    let mut query = DeleteQuery::new(who.box_id, text(&document["MessageId"]).parse::<MessageId>().unwrap());
    if !is_whole {
        query.document_id = Some(text(&document["EntityId"]).parse::<EntityId>().unwrap());
    }
    query
}

/// The numbers of the listed documents of a category.
async fn listed(world: &World, who: &Person, class: &str, statuses: &[&str]) -> Vec<String> {
    let body = json!({"DocumentCategory": class, "DocumentStatuses": statuses});
    let answer = ok(world, who, "/V4/GetDocuments", &body).await;
    let documents = answer["Documents"].as_array().unwrap();
    documents.iter().map(|document| text(&document["FileName"]).to_owned()).collect()
}

fn two_documents(a: &Person, b: &Person) -> Letter {
    let mut letter = Letter::new(a.box_id, b.box_id);
    letter.0.document_attachments =
        ["1.pdf", "2.pdf"].map(|name| Letter::document(name, name.as_bytes().to_vec())).to_vec();
    letter
}

async fn newest_patch(who: &Person) -> MessagePatch {
    feed(who).await.pop().unwrap().patch.unwrap()
}

#[tokio::test]
async fn what_is_deleted_in_one_box_is_there_in_the_other() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (a, b) = (&a.boss, &b.boss);
    let documents = ids(&a.post(&two_documents(a, b)).await.unwrap());
    world.drain().await;
    b.client.delete(&query(b, &documents[0], false)).await.unwrap();
    let told = newest_patch(b).await;
    assert_eq!(told.entity_patches.len(), 1);
    assert_eq!(told.entity_patches[0].document_is_deleted, Some(true));
    assert!(!told.message_is_deleted());
    assert_eq!(listed(&world, b, "Inbound", &[]).await, ["2.pdf"]);
    assert_eq!(listed(&world, b, "Inbound", &["Deleted"]).await, ["1.pdf"]);
    assert_eq!(listed(&world, a, "Outbound", &[]).await.len(), 2, "the other side keeps its own");

    let again = b.client.delete(&query(b, &documents[0], false)).await.unwrap_err();
    assert_eq!(again.status(), Some(409));
    assert!(again.to_string().contains("не позволяет его удалить"), "{again}");
    // All of the message is what is left of it.
    b.client.delete(&query(b, &documents[0], true)).await.unwrap();
    let told = newest_patch(b).await;
    assert!(told.message_is_deleted());
    assert_eq!(told.entity_patches.len(), 1);
    assert_eq!(b.client.delete(&query(b, &documents[0], true)).await.unwrap_err().status(), Some(409));

    b.client.restore(&query(b, &documents[1], false)).await.unwrap();
    let told = newest_patch(b).await;
    assert!(told.message_is_restored());
    assert_eq!(told.entity_patches[0].document_is_restored, Some(true));
    assert_eq!(told.entities.len(), 1, "a record of the restoration");
    assert_eq!(b.client.restore(&query(b, &documents[1], false)).await.unwrap_err().status(), Some(409));
    b.client.restore(&query(b, &documents[1], true)).await.unwrap();
    assert_eq!(listed(&world, b, "Inbound", &[]).await.len(), 2);
    world.drain().await;
    assert_eq!(feed(a).await.len(), 2, "the other side hears nothing");

    let mut unknown = query(b, &documents[0], false);
    unknown.document_id = Some(EntityId::ZERO);
    assert_eq!(b.client.delete(&unknown).await.unwrap_err().status(), Some(404));
    unknown.message_id = MessageId::ZERO;
    assert_eq!(b.client.delete(&unknown).await.unwrap_err().status(), Some(404));
    let clerk = Permissions { can_delete_restore_documents: false, ..Permissions::full() };
    let clerk = world.person(b.box_id, "clerk@b", clerk).await;
    let denied = clerk.client.delete(&query(&clerk, &documents[0], false)).await.unwrap_err();
    assert_eq!(denied.status(), Some(403));
    assert!(denied.to_string().contains("DeleteRestoreDocuments"), "{denied}");
    world.end().await;
}

#[tokio::test]
async fn a_locked_packet_is_handled_as_one() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (a, b) = (&a.boss, &b.boss);
    let mut letter = two_documents(a, b);
    letter.0.lock_packet = Some(true);
    let documents = ids(&a.post(&letter).await.unwrap());
    world.drain().await;
    let refused = b.client.delete(&query(b, &documents[0], false)).await.unwrap_err();
    let refusal = refused.refusal().unwrap();
    assert_eq!(
        (refusal.status, refusal.code.as_deref()),
        (409, Some("DocumentService.NotAllowedForLockedPacket"))
    );
    b.client.delete(&query(b, &documents[0], true)).await.unwrap();
    assert_eq!(listed(&world, b, "Inbound", &["Deleted"]).await.len(), 2);
    b.client.restore(&query(b, &documents[0], true)).await.unwrap();
    assert_eq!(newest_patch(b).await.entities.len(), 2, "a record for each document");
    world.end().await;
}

fn operation(who: &Person, documents: &[Value], to: Option<DepartmentId>) -> DocumentsMoveOperation {
    let id = |document: &Value| DocumentId {
        message_id: text(&document["MessageId"]).to_owned(),
        entity_id: text(&document["EntityId"]).to_owned(),
    };
    DocumentsMoveOperation {
        box_id: who.box_id.to_string(),
        to_department_id: to.map(|to| to.to_string()),
        document_ids: documents.iter().map(id).collect(),
    }
}

#[tokio::test]
async fn documents_move_to_where_they_are_worked_on() {
    let world = World::start().await;
    let (a, b_side) = world.two_sides().await;
    let (a, b) = (&a.boss, &b_side.boss);
    let store = world.department(&b_side, "Склад", DepartmentId::ZERO).await.id;
    let only_store = |access| Permissions { department: store, access, ..Permissions::full() };
    let storeman = world.person(b.box_id, "store@b", only_store(AccessLevel::DepartmentOnly)).await;
    let mut documents = ids(&a.post(&two_documents(a, b)).await.unwrap());
    documents.extend(ids(&a.post(&Letter::new(a.box_id, b.box_id)).await.unwrap()));
    world.drain().await;
    let before = feed(b).await.len();
    assert!(listed(&world, &storeman, "Inbound", &[]).await.is_empty());
    let denied = storeman.client.move_documents(operation(&storeman, &documents, Some(store))).await;
    assert_eq!(denied.unwrap_err().status(), Some(403), "they lie where the storeman does not see them");

    b.client.move_documents(operation(b, &documents[1..], Some(store))).await.unwrap();
    assert_eq!(feed(b).await.len(), before + 2, "one event for each message");
    let told = newest_patch(b).await;
    assert_eq!(told.entity_patches[0].moved_to_department, Some(store.to_string()));
    let info = told.entities[0].move_document_info.as_ref().unwrap();
    assert_eq!(info.moved_from_department, DepartmentId::ZERO.to_string());
    assert_eq!(info.moved_to_department, store.to_string());
    let mut seen = listed(&world, &storeman, "Inbound", &[]).await;
    seen.sort();
    assert_eq!(seen, ["2.pdf", "contract.pdf"]);

    // Where they lie already, nothing happens; and without a department they go to the head.
    b.client.move_documents(operation(b, &documents[1..], Some(store))).await.unwrap();
    assert_eq!(feed(b).await.len(), before + 2);
    let out_of_sight = storeman.client.move_documents(operation(&storeman, &documents[1..], None)).await;
    assert_eq!(out_of_sight.unwrap_err().status(), Some(403), "the head is none of the storeman's");
    b.client.move_documents(operation(b, &documents[1..], None)).await.unwrap();
    assert!(listed(&world, &storeman, "Inbound", &[]).await.is_empty());

    let nowhere: DepartmentId = "4c422f4e-7ecd-492d-a652-3aa45007da1b".parse().unwrap();
    let refused = b.client.move_documents(operation(b, &documents, Some(nowhere))).await.unwrap_err();
    assert_eq!(refused.status(), Some(404));
    assert!(refused.to_string().contains("Department wasn't found"), "{refused}");
    let strange = json!({"MessageId": documents[0]["MessageId"], "EntityId": nowhere.to_string()});
    let refused = b.client.move_documents(operation(b, &[strange], Some(store))).await.unwrap_err();
    assert_eq!(refused.status(), Some(400), "{refused}");
    let none = b.client.move_documents(operation(b, &[], Some(store))).await.unwrap_err();
    assert_eq!(none.status(), Some(400));
    world.end().await;
}

#[tokio::test]
async fn an_unsent_document_is_deleted() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.delay_send = Some(true);
    letter.0.document_attachments = vec![DocumentAttachment {
        signed_content: potok_testkit::sdk::proto::events::SignedContent {
            sign_with_test_signature: None,
            ..letter.0.document_attachments[0].signed_content.clone()
        },
        ..letter.0.document_attachments[0].clone()
    }];
    let documents = ids(&a.boss.post(&letter).await.unwrap());
    a.boss.client.delete(&query(&a.boss, &documents[0], true)).await.unwrap();
    assert_eq!(listed(&world, &a.boss, "Outbound", &["Deleted"]).await, ["contract.pdf"]);
    world.end().await;
}
