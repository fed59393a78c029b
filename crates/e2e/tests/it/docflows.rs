//! The docflow methods in every version: what they find, and that they all tell one history.

use potok_testkit::sdk::proto::events::{
    DocumentAttachment, Message, MessagePatchToPostV2, ReceiptAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, RawRequest, World, test_signed};
use serde_json::{Value, json};

const VERSIONS: [u32; 4] = [2, 3, 4, 5];

/// Calls a docflow method in JSON.
pub(crate) async fn call(world: &World, who: &Person, path: &str, body: &Value) -> (u16, Value) {
    let request = RawRequest::post(format!("{path}?boxId={}", who.box_id), body.to_string())
        .bearer(&who.access_token)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Accept", "application/json");
    let answer = world.raw(request).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::String(answer.text())))
}

pub(crate) async fn ok(world: &World, who: &Person, path: &str, body: &Value) -> Value {
    let (status, answer) = call(world, who, path, body).await;
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// A document now, or as it was after an event.
async fn docflow(world: &World, who: &Person, version: u32, document: &Value, at: Option<&str>) -> Value {
    let mut request = json!({ "DocumentId": document });
    if let Some(event) = at {
        request["LastEventId"] = json!(event);
    }
    let body = json!({ "Requests": [request] });
    let mut answer = ok(world, who, &format!("/V{version}/GetDocflows"), &body).await;
    answer["Documents"][0].take()
}

/// The event after which a document is shown.
fn last_event(version: u32, shown: &Value) -> String {
    let event = if version == 2 { &shown["LastEventId"] } else { &shown["LastEvent"]["EventId"] };
    event.as_str().unwrap().to_owned()
}

pub(crate) fn ids(message: &Message) -> Vec<Value> {
    let documents = message.entities.iter().filter(|entity| entity.parent_entity_id.is_none());
    documents.map(|entity| json!({"MessageId": message.message_id, "EntityId": entity.entity_id})).collect()
}

fn letter(a: &Org, b: &Org) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature().wants_receipt();
    let second = Letter::document("second.pdf", b"another contract".to_vec());
    letter.0.document_attachments.push(DocumentAttachment { need_receipt: Some(true), ..second });
    letter
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn receipt(document: &Value) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        message_id: text(&document["MessageId"]).to_owned(),
        receipts: vec![ReceiptAttachment {
            parent_entity_id: text(&document["EntityId"]).to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    }
}

fn refusal(document: &Value) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        message_id: text(&document["MessageId"]).to_owned(),
        xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
            parent_entity_id: text(&document["EntityId"]).to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    }
}

/// What was seen of a document right after an event.
struct Sight {
    version: u32,
    document: Value,
    shown: Value,
}

/// Looks at every document in every version, as it is now.
async fn look(world: &World, who: &Person, documents: &[Value], sights: &mut Vec<Sight>) {
    for version in VERSIONS {
        for document in documents {
            let body = json!({ "Requests": [{ "DocumentId": document }] });
            let (status, mut answer) = call(world, who, &format!("/V{version}/GetDocflows"), &body).await;
            // Before the delivery there is nothing to see.
            if status == 200 {
                let shown = answer["Documents"][0].take();
                sights.push(Sight { version, document: document.clone(), shown });
            } else {
                assert_eq!(status, 404, "{answer}");
            }
        }
    }
}

/// A history with two messages and three documents; what both sides saw after each step.
async fn history(world: &World, a: &Org, b: &Org) -> [Vec<Sight>; 2] {
    let mut sights = [Vec::new(), Vec::new()];
    let first = ids(&a.boss.post(&letter(a, b)).await.unwrap());
    let second = ids(&a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap());
    let all = [first.clone(), second.clone()].concat();
    macro_rules! look {
        () => {
            look(world, &a.boss, &all, &mut sights[0]).await;
            look(world, &b.boss, &all, &mut sights[1]).await;
        };
    }
    look!();
    world.drain().await;
    look!();
    b.boss.patch(receipt(&first[0])).await.unwrap();
    look!();
    b.boss.sign(text(&first[0]["MessageId"]), text(&first[0]["EntityId"])).await.unwrap();
    look!();
    world.drain().await;
    look!();
    b.boss.patch(refusal(&second[0])).await.unwrap();
    b.boss.patch(receipt(&first[1])).await.unwrap();
    look!();
    world.drain().await;
    look!();
    sights
}

#[tokio::test]
async fn a_document_at_an_event_is_what_was_seen_right_after_it() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sights = history(&world, &a, &b).await;
    for (who, sights) in [&a.boss, &b.boss].into_iter().zip(&sights) {
        assert!(sights.len() > 30);
        for Sight { version, document, shown } in sights {
            let event = last_event(*version, shown);
            assert_eq!(&docflow(&world, who, *version, document, Some(&event)).await, shown, "V{version}");
        }
    }
    world.end().await;
}

/// All events, page by page.
async fn events(world: &World, who: &Person, version: u32, direction: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let mut body = json!({
            "Filter": { "SortDirection": direction },
            "PopulateDocuments": true,
            "PopulatePreviousDocumentStates": true,
            "Limit": 3,
        });
        if let Some(last) = all.last() {
            body["AfterIndexKey"] = last["IndexKey"].clone();
        }
        let mut page = ok(world, who, &format!("/V{version}/GetDocflowEvents"), &body).await;
        let events = page["Events"].as_array_mut().unwrap().split_off(0);
        let is_last = events.len() < 3;
        assert_eq!(page["TotalCountType"], "Equal");
        if all.is_empty() {
            assert!(page["TotalCount"].as_i64().unwrap() >= 3);
        }
        all.extend(events);
        if is_last {
            return all;
        }
    }
}

#[tokio::test]
async fn events_with_their_documents_are_the_history_replayed() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    history(&world, &a, &b).await;
    for who in [&a.boss, &b.boss] {
        for version in VERSIONS {
            let all = events(&world, who, version, "Ascending").await;
            let mut backwards = events(&world, who, version, "Descending").await;
            backwards.reverse();
            assert_eq!(all, backwards);
            assert!(all.len() > 6);
            for (position, event) in all.iter().enumerate() {
                let (id, document) = (text(&event["EventId"]), &event["DocumentId"]);
                assert_eq!(event["Document"], docflow(&world, who, version, document, Some(id)).await);
                let before = all[..position].iter().rev().find(|earlier| earlier["DocumentId"] == *document);
                assert_eq!(event.get("PreviousEventId"), before.map(|before| &before["EventId"]));
                assert_eq!(event.get("PreviousDocumentState"), before.map(|before| &before["Document"]));
            }
            let keys: Vec<&str> = all.iter().map(|event| text(&event["IndexKey"])).collect();
            assert!(keys.iter().all(|key| keys.iter().filter(|other| *other == key).count() == 1));
        }
    }
    world.end().await;
}

#[tokio::test]
async fn events_are_filtered() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    history(&world, &a, &b).await;
    let count = async |filter: Value| {
        let page = ok(&world, &a.boss, "/V5/GetDocflowEvents", &filter).await;
        let events = page["Events"].as_array().unwrap();
        assert!(events.iter().all(|event| event.get("Document").is_none()));
        events.len()
    };
    let all = count(json!({"Filter": {}})).await;
    assert!(all > 6);
    assert_eq!(count(json!({"Filter": {}, "DocumentDirections": ["Outbound"]})).await, all);
    assert_eq!(count(json!({"Filter": {}, "DocumentDirections": ["Inbound"]})).await, 0);
    assert_eq!(count(json!({"Filter": {}, "MessageTypes": ["Draft"]})).await, 0);
    assert_eq!(count(json!({"Filter": {}, "TypeNamedIds": ["Nonformalized"]})).await, all);
    assert_eq!(count(json!({"Filter": {}, "TypeNamedIds": ["Invoice"]})).await, 0);
    assert_eq!(count(json!({"Filter": {}, "CounteragentBoxId": b.box_id().to_string()})).await, all);
    assert_eq!(count(json!({"Filter": {}, "CounteragentBoxId": a.box_id().to_string()})).await, 0);
    assert_eq!(count(json!({"Filter": {"ToTimestamp": {"Ticks": 1}}})).await, 0);
    let zero = "00000000-0000-0000-0000-000000000000";
    assert_eq!(count(json!({"Filter": {}, "DepartmentId": zero})).await, all);
    for (body, words) in [
        (json!({"Filter": {}, "Limit": 101}), "Limit"),
        (json!({"Filter": {}, "Limit": 0}), "Limit"),
        (json!({"Filter": {}, "MessageTypes": ["Parcel"]}), "MessageTypes"),
        (json!({"Filter": {}, "AfterIndexKey": "AAAA"}), "AfterIndexKey"),
        (json!({}), "Filter"),
    ] {
        let (status, answer) = call(&world, &a.boss, "/V5/GetDocflowEvents", &body).await;
        assert_eq!(status, 400, "{body}");
        assert!(answer.to_string().contains(words), "{answer}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_packet_is_read_page_by_page() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let documents = ids(&a.boss.post(&letter(&a, &b)).await.unwrap());
    world.drain().await;
    for version in VERSIONS {
        let shown = docflow(&world, &b.boss, version, &documents[0], None).await;
        let packet = match version {
            2 => &shown["Docflow"]["PacketId"],
            _ => &shown["DocumentInfo"]["PacketInfo"]["PacketId"],
        };
        let path = format!("/V{version}/GetDocflowsByPacketId");
        let whole = ok(&world, &b.boss, &path, &json!({"PacketId": packet})).await;
        let found = whole["Documents"].as_array().unwrap();
        assert_eq!(found.len(), 2);
        assert!(whole.get("NextPageIndexKey").is_none());
        // They joined at the same moment, so their ids say which is the first.
        for document in &documents {
            let shown = docflow(&world, &b.boss, version, document, None).await;
            assert!(found.iter().any(|found| found["Document"] == shown), "V{version}: {document}");
        }
        let first = ok(&world, &b.boss, &path, &json!({"PacketId": packet, "Count": 1})).await;
        assert_eq!(first["Documents"].as_array().unwrap()[..], found[..1]);
        let next = &first["NextPageIndexKey"];
        assert_eq!(next, &found[0]["IndexKey"]);
        let second =
            ok(&world, &b.boss, &path, &json!({"PacketId": packet, "Count": 1, "AfterIndexKey": next})).await;
        assert_eq!(second["Documents"].as_array().unwrap()[..], found[1..]);
        assert!(second.get("NextPageIndexKey").is_none());
    }
    let unknown = json!({"PacketId": "9a000000-0000-4000-8000-000000000001"});
    let empty = ok(&world, &b.boss, "/V5/GetDocflowsByPacketId", &unknown).await;
    assert_eq!(empty, json!({"Documents": []}));
    for body in [json!({"PacketId": "x"}), json!({"PacketId": unknown["PacketId"], "Count": 0})] {
        assert_eq!(call(&world, &b.boss, "/V5/GetDocflowsByPacketId", &body).await.0, 400);
    }
    world.end().await;
}

#[tokio::test]
async fn documents_are_found_by_words_in_every_version() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let documents = ids(&a.boss.post(&letter(&a, &b)).await.unwrap());
    world.drain().await;
    for (version, path) in [(2, "/SearchDocflows".to_owned())]
        .into_iter()
        .chain(VERSIONS.map(|version| (version, format!("/V{version}/SearchDocflows"))))
    {
        let found = ok(&world, &b.boss, &path, &json!({"QueryString": "second.pdf"})).await;
        assert_eq!(found["HaveMoreDocuments"], json!(false));
        assert_eq!(found["Documents"], json!([docflow(&world, &b.boss, version, &documents[1], None).await]));
        let page = json!({"QueryString": "Ромашка", "Count": 1, "Scope": "SearchScopeIncoming"});
        let found = ok(&world, &b.boss, &path, &page).await;
        assert_eq!(found["HaveMoreDocuments"], json!(true));
        assert_eq!(found["Documents"].as_array().unwrap().len(), 1);
        let none = json!({"QueryString": "Ромашка", "Scope": "SearchScopeDeleted"});
        let none = ok(&world, &b.boss, &path, &none).await;
        assert_eq!(none, json!({"Documents": [], "HaveMoreDocuments": false}));
        assert_eq!(call(&world, &b.boss, &path, &json!({"QueryString": " "})).await.0, 400);
    }
    world.end().await;
}

#[tokio::test]
async fn bytes_are_put_in_place_when_they_are_asked_for() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let documents = ids(&a.boss.post(&letter(&a, &b)).await.unwrap());
    world.drain().await;
    for (version, pointer) in [
        (2, "/Docflow/DocumentAttachment/Attachment/Entity/Content/Data"),
        (3, "/Docflow/SenderTitle/Attachment/Attachment/Entity/Content/Data"),
        (4, "/Docflow/SenderTitle/Attachment/Attachment/Entity/Content/Data"),
        (5, "/Docflow/Titles/0/AuthorSigning/Title/Attachment/Entity/Content/Data"),
    ] {
        for inject in [true, false] {
            let data = inject.then(|| json!("YW5vdGhlciBjb250cmFjdA=="));
            let search = json!({"QueryString": "second.pdf", "InjectEntityContent": inject});
            let found = ok(&world, &b.boss, &format!("/V{version}/SearchDocflows"), &search).await;
            assert_eq!(found["Documents"][0].pointer(pointer), data.as_ref(), "V{version}");
            let batch = json!({"Requests": [{"DocumentId": documents[1], "InjectEntityContent": inject}]});
            let found = ok(&world, &b.boss, &format!("/V{version}/GetDocflows"), &batch).await;
            assert_eq!(found["Documents"][0].pointer(pointer), data.as_ref(), "V{version}");
            let events = json!({"Filter": {}, "PopulateDocuments": true, "InjectEntityContent": inject});
            let found = ok(&world, &b.boss, &format!("/V{version}/GetDocflowEvents"), &events).await;
            assert_eq!(found["Events"][1]["Document"].pointer(pointer), data.as_ref(), "V{version}");
        }
    }
    world.end().await;
}
