//! Nobody learns by a repeat, a move or a packet what a plain call does not tell.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{GetNewEventsQuery, OperationQuery};
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::documents::DocumentsMoveOperation;
use potok_testkit::sdk::proto::events::{
    CustomDataPatch, CustomDataPatchOperation, EditDocumentPacketCommand, Message, MessagePatchToPostV2,
    MessageToPost,
};
use potok_testkit::{Letter, Org, Person, RawRequest, World};
use potok_types::DepartmentId;
use serde_json::{Value, json};

use crate::docflows::{call, ids, ok};
use crate::support::draft_of;

fn operation(id: &str) -> OperationQuery {
    let mut query = OperationQuery::new();
    query.operation_id = Some(id.to_owned());
    query
}

/// Somebody who may do everything with documents of one department.
async fn clerk_of(world: &World, org: &Org, login: &str, department: DepartmentId) -> Person {
    let narrow = Permissions {
        department,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    world.person(org.box_id(), login, narrow).await
}

fn tagged(message: &Message, value: &str) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        custom_data_patches: vec![CustomDataPatch {
            parent_entity_id: message.entities[0].entity_id.clone(),
            operation: CustomDataPatchOperation::Set as i32,
            key: "erp".to_owned(),
            value: Some(value.to_owned()),
        }],
        ..MessagePatchToPostV2::default()
    }
}

#[tokio::test]
async fn a_repeat_is_checked_like_a_first_call() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &a, "clerk@a", sales).await;
    let secret = Letter::new(a.box_id(), b.box_id()).comment("тайна");
    let first = a.boss.client.post_message_v3(&operation("one"), secret.0.clone()).await.unwrap();
    // Any body under the same name, and the same body without one.
    let mut other = Letter::new(a.box_id(), b.box_id()).0;
    other.from_department_id = Some(sales.to_string());
    let denied = clerk.client.post_message_v3(&operation("one"), other.clone()).await.unwrap_err();
    assert_eq!(denied.status(), Some(403), "{denied}");
    assert!(!denied.to_string().contains("тайна"));
    let plain = Letter::new(a.box_id(), b.box_id()).comment("тайна вторая");
    a.boss.post(&plain).await.unwrap();
    assert_eq!(clerk.post(&plain).await.unwrap_err().status(), Some(403));
    // Who may not post is told so, and who may and sees it gets the first answer.
    let reader = Permissions { can_create_documents: false, ..Permissions::full() };
    let reader = world.person(a.box_id(), "reader@a", reader).await;
    let denied = reader.client.post_message_v3(&operation("one"), secret.0.clone()).await.unwrap_err();
    assert!(denied.to_string().contains("CreateDocuments"), "{denied}");
    let unsigning = Permissions { can_sign_documents: false, ..Permissions::full() };
    let unsigning = world.person(a.box_id(), "unsigning@a", unsigning).await;
    let denied = unsigning.client.post_message_v3(&operation("one"), secret.0.clone()).await.unwrap_err();
    assert!(denied.to_string().contains("SignDocuments"), "{denied}");
    let equal = world.person(a.box_id(), "equal@a", Permissions::full()).await;
    assert_eq!(equal.client.post_message_v3(&operation("one"), secret.0).await.unwrap(), first);

    // Patches: the documents, the rights, and the message.
    let patch =
        |patch: MessagePatchToPostV2| MessagePatchToPostV2 { box_id: a.box_id().to_string(), ..patch };
    let tag = patch(tagged(&first, "1"));
    let done = a.boss.client.post_message_patch_v4(&operation("tag"), tag.clone()).await.unwrap();
    let own = clerk.client.post_message_v3(&operation("own"), other).await.unwrap();
    for (who, id, asked) in [
        (&clerk, "tag", tag.clone()),
        (&clerk, "tag", patch(tagged(&own, "2"))),
        (&reader, "tag", tag.clone()),
        (&equal, "tag", patch(tagged(&own, "3"))),
    ] {
        let refused = who.client.post_message_patch_v4(&operation(id), asked).await.unwrap_err();
        let expected =
            if std::ptr::eq(who, &equal) || refused.to_string().contains("operationId") { 400 } else { 403 };
        assert_eq!(refused.status(), Some(expected), "{refused}");
    }
    let unknown = MessagePatchToPostV2 {
        message_id: "4c422f4e-7ecd-492d-a652-3aa45007da1b".to_owned(),
        ..patch(tagged(&first, "1"))
    };
    let missing = equal.client.post_message_patch_v4(&operation("tag"), unknown).await.unwrap_err();
    assert_eq!(missing.status(), Some(404), "{missing}");
    assert_eq!(equal.client.post_message_patch_v4(&operation("tag"), tag).await.unwrap(), done);
    world.drain().await;
    world.end().await;
}

/// The answer of a post names what its documents are linked to.
#[tokio::test]
async fn a_repeat_tells_of_no_link_that_is_not_seen() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &a, "clerk@a", sales).await;
    let original = ids(&a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap());
    let of_sales = |comment: &str, initial: &[Value]| {
        let mut letter = Letter::new(a.box_id(), b.box_id()).comment(comment).0;
        letter.from_department_id = Some(sales.to_string());
        letter.document_attachments[0].initial_document_ids = initial.iter().map(document_id).collect();
        letter
    };
    let linked = of_sales("со ссылкой", &original);
    let first = a.boss.client.post_message_v3(&operation("linked"), linked).await.unwrap();
    let plain = of_sales("без ссылок", &[]);
    let refused = clerk.client.post_message_v3(&operation("linked"), plain.clone()).await.unwrap_err();
    assert_eq!(refused.status(), Some(403), "{refused}");
    a.boss.client.move_documents(moving(&a.boss, &original, sales)).await.unwrap();
    assert_eq!(clerk.client.post_message_v3(&operation("linked"), plain).await.unwrap(), first);
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_name_on_a_shelf_is_the_callers_own_also_in_a_repeat() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let equal = world.person(a.box_id(), "equal@a", Permissions::full()).await;
    let put = RawRequest::post("/ShelfUpload?nameOnShelf=__userId__/big.bin&isLastPart=1", "file")
        .bearer(&a.boss.access_token);
    assert_eq!(world.raw(put).await.status, 200);
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let signed = &mut letter.0.document_attachments[0].signed_content;
    signed.content = None;
    signed.name_on_shelf = Some("big.bin".to_owned());
    let first = a.boss.post(&letter).await.unwrap();
    assert_eq!(a.boss.post(&letter).await.unwrap(), first);
    let refused = equal.post(&letter).await.unwrap_err();
    assert_eq!(refused.status(), Some(400));
    assert!(refused.to_string().contains("not found in temporary file storage"), "{refused}");
    world.drain().await;
    world.end().await;
}

/// A letter of three documents to a department.
async fn arrived(world: &World, a: &Org, b: &Org, department: DepartmentId) -> Vec<Value> {
    let mut letter = MessageToPost {
        to_department_id: Some(department.to_string()),
        ..Letter::new(a.box_id(), b.box_id()).0
    };
    letter.document_attachments =
        ["1.pdf", "2.pdf", "3.pdf"].map(|name| Letter::document(name, name.as_bytes().to_vec())).to_vec();
    let posted = a.boss.post(&Letter(letter)).await.unwrap();
    world.drain().await;
    ids(&posted)
}

fn document_id(document: &Value) -> DocumentId {
    let text = |field: &str| document[field].as_str().unwrap().to_owned();
    DocumentId { message_id: text("MessageId"), entity_id: text("EntityId") }
}

fn moving(who: &Person, documents: &[Value], to: DepartmentId) -> DocumentsMoveOperation {
    DocumentsMoveOperation {
        box_id: who.box_id.to_string(),
        document_ids: documents.iter().map(document_id).collect(),
        to_department_id: Some(to.to_string()),
    }
}

#[tokio::test]
async fn moved_documents_are_seen_where_they_lie_now() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let legal = world.department(&b, "Юристы", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &b, "clerk@b", sales).await;
    let documents = arrived(&world, &a, &b, sales).await;
    b.boss.client.move_documents(moving(&b.boss, &documents[..1], legal)).await.unwrap();
    let asked = json!({
        "DepartmentId": sales.to_string(),
        "Filter": {},
        "PopulateDocuments": true,
        "PopulatePreviousDocumentStates": true,
        "InjectEntityContent": true,
    });
    for version in [2, 3, 4, 5] {
        let shown = ok(&world, &clerk, &format!("/V{version}/GetDocflowEvents"), &asked).await;
        let events = shown["Events"].as_array().unwrap();
        assert!(!events.is_empty());
        for event in events {
            let is_moved = event["DocumentId"] == documents[0];
            assert_eq!(event["Document"].is_null(), is_moved, "V{version}: {event}");
            assert!(!is_moved || event["PreviousDocumentState"].is_null(), "V{version}: {event}");
        }
        let boss = ok(&world, &b.boss, &format!("/V{version}/GetDocflowEvents"), &asked).await;
        let events = boss["Events"].as_array().unwrap();
        assert!(events.iter().all(|event| !event["Document"].is_null()), "who sees all is shown all");
    }
    world.end().await;
}

#[tokio::test]
async fn packets_change_only_over_documents_that_are_seen() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &b, "clerk@b", sales).await;
    let documents = arrived(&world, &a, &b, DepartmentId::ZERO).await;
    b.boss.client.move_documents(moving(&b.boss, &documents[..1], sales)).await.unwrap();
    let (seen, hidden) = (document_id(&documents[0]), document_id(&documents[1]));
    let packet = |add: Vec<DocumentId>, remove: Vec<DocumentId>| MessagePatchToPostV2 {
        message_id: seen.message_id.clone(),
        edit_document_packet_commands: vec![EditDocumentPacketCommand {
            document_id: seen.entity_id.clone(),
            add_documents_to_packet: add,
            remove_documents_from_packet: remove,
        }],
        ..MessagePatchToPostV2::default()
    };
    for patch in [packet(vec![], vec![hidden.clone()]), packet(vec![hidden.clone()], vec![])] {
        let denied = clerk.patch(patch.clone()).await.unwrap_err();
        assert_eq!(denied.status(), Some(403), "{denied}");
        b.boss.patch(patch).await.unwrap();
    }
    world.end().await;
}

#[tokio::test]
async fn moving_needs_its_right_and_a_target_that_is_seen() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &b, "clerk@b", sales).await;
    let documents = arrived(&world, &a, &b, sales).await;
    let denied =
        clerk.client.move_documents(moving(&clerk, &documents, DepartmentId::ZERO)).await.unwrap_err();
    assert_eq!(denied.status(), Some(403));
    assert!(denied.to_string().contains("ToDepartmentId"), "{denied}");
    let idle = Permissions { can_create_documents: false, ..Permissions::full() };
    let idle = world.person(b.box_id(), "idle@b", idle).await;
    let denied = idle.client.move_documents(moving(&idle, &documents, DepartmentId::ZERO)).await.unwrap_err();
    assert!(denied.to_string().contains("CreateDocuments"), "{denied}");
    world.end().await;
}

#[tokio::test]
async fn who_asks_for_drafts_and_sees_none_is_shown_none() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &b, "clerk@b", sales).await;
    arrived(&world, &a, &b, sales).await;
    let draft = draft_of(&b, &a, sales).await;
    let mut feed = GetNewEventsQuery::new(b.box_id());
    feed.message_type = vec!["Draft".to_owned()];
    let events = clerk.client.get_new_events_v8(&feed).await.unwrap();
    assert_eq!((events.events.len(), events.total_count()), (0, 0));
    let of_boss = b.boss.client.get_new_events_v8(&feed).await.unwrap().events;
    assert_eq!(of_boss.iter().map(|event| &event.event_id).collect::<Vec<_>>(), [&draft]);
    let asked = json!({"DepartmentId": sales.to_string(), "Filter": {}, "MessageTypes": ["Draft"]});
    let (status, shown) = call(&world, &clerk, "/V4/GetDocflowEvents", &asked).await;
    assert_eq!((status, shown["Events"].as_array().map(Vec::len)), (200, Some(0)), "{shown}");
    world.end().await;
}

/// A document of the sales department between two that lie elsewhere: one that it refers to, and one that refers to it.
#[tokio::test]
async fn links_name_no_document_that_is_not_seen() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = clerk_of(&world, &b, "clerk@b", sales).await;
    let mut chain: Vec<Value> = Vec::new();
    for department in [DepartmentId::ZERO, sales, DepartmentId::ZERO, sales] {
        let mut letter = MessageToPost {
            to_department_id: Some(department.to_string()),
            ..Letter::new(a.box_id(), b.box_id()).comment(&chain.len().to_string()).0
        };
        letter.document_attachments[0].initial_document_ids =
            chain.last().map(document_id).into_iter().collect();
        letter.document_attachments[0].custom_document_id = Some(format!("link {}", chain.len()));
        chain.extend(ids(&a.boss.post(&Letter(letter)).await.unwrap()));
        world.drain().await;
    }
    let id = |at: usize, field: &str| chain[at][field].as_str().unwrap().to_owned();
    let (message, document) = (id(1, "MessageId"), id(1, "EntityId"));
    let of_document = format!("messageId={message}&entityId={document}");
    let asked = json!({ "Requests": [{ "DocumentId": chain[1] }] });
    let shown = ok(&world, &b.boss, "/V4/GetDocflows", &asked).await;
    let packet = &shown["Documents"][0]["DocumentInfo"]["PacketInfo"]["PacketId"];
    let mut answers: Vec<(String, [String; 2])> = Vec::new();
    let mut ask = async |path: String, body: Option<Value>| {
        let mut told = Vec::new();
        for who in [&clerk, &b.boss] {
            let join = if path.contains('?') { '&' } else { '?' };
            let whole = format!("{path}{join}boxId={}", who.box_id);
            let request = match &body {
                Some(body) => RawRequest::post(whole, body.to_string()),
                None => RawRequest::get(whole),
            };
            let request = request.bearer(&who.access_token).header("Accept", "application/json");
            let answer = world.raw(request.header("Content-Type", "application/json")).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            told.push(answer.text());
        }
        answers.push((path, told.try_into().unwrap()));
    };
    for version in [5, 6] {
        ask(format!("/V{version}/GetMessage?{of_document}"), None).await;
        ask(format!("/V{version}/GetMessage?messageId={message}"), None).await;
    }
    for version in [5, 6] {
        ask(format!("/V{version}/GetNewEvents?departmentId={sales}"), None).await;
    }
    for version in [7, 8] {
        ask(format!("/V{version}/GetNewEvents"), None).await;
    }
    ask("/GetLastEvent".to_owned(), None).await;
    ask("/V2/GetLastEvent".to_owned(), None).await;
    ask(format!("/V3/GetDocument?{of_document}"), None).await;
    ask("/V3/GetDocuments?filterCategory=Any.Inbound".to_owned(), None).await;
    ask(format!("/GetDocumentsByMessageId?messageId={message}"), None).await;
    ask(format!("/GetDocumentHistory?{of_document}"), None).await;
    for version in [2, 3, 4, 5] {
        let search = json!({ "QueryString": "contract", "Count": 10 });
        ask(format!("/V{version}/SearchDocflows"), Some(search)).await;
        let events = json!({
            "Filter": {}, "DepartmentId": sales.to_string(), "PopulateDocuments": true,
            "PopulatePreviousDocumentStates": true,
        });
        ask(format!("/V{version}/GetDocflowEvents"), Some(events)).await;
        let packet = json!({ "PacketId": packet, "Count": 10 });
        ask(format!("/V{version}/GetDocflowsByPacketId"), Some(packet)).await;
    }
    let hidden = [0, 2].map(|at| id(at, "EntityId"));
    let mut links = 0;
    for (path, [of_clerk, of_boss]) in &answers {
        for hidden in &hidden {
            assert!(!of_clerk.contains(hidden), "{path} tells of a document that is not seen: {of_clerk}");
        }
        links += usize::from(hidden.iter().any(|hidden| of_boss.contains(hidden)));
    }
    assert!(
        links * 10 >= answers.len() * 8,
        "who sees everything is told of links: {links} of {}",
        answers.len()
    );
    world.end().await;
}
