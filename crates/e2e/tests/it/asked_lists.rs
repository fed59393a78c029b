//! Whoever was asked about a document finds it wherever documents are listed, though it lies where that one sees nothing.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{BoxQuery, GetDocumentQuery, GetDocumentsQuery, GetNewEventsQuery};
use potok_testkit::sdk::proto::events::{
    BoxEvent, Entity, MessagePatchToPostV2, MetadataItem, ResolutionRequestAttachment,
};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::{DepartmentId, EntityId, MessageId};
use serde_json::{Value, json};

use crate::actions::{cancellation, request, resolution};
use crate::docflows::{ok, text};

/// A document of the box of its readers.
struct Sent {
    message: String,
    document: String,
    packet: Value,
}

/// Letters to the sales department: each is found by its own number.
async fn sent(world: &World, from: &Org, to: &Org, department: DepartmentId, number: &str) -> Sent {
    let mut letter = Letter::new(from.box_id(), to.box_id());
    letter.0.to_department_id = Some(department.to_string());
    let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
    letter.0.document_attachments[0].metadata =
        vec![item("FileName", &format!("{number}.pdf")), item("DocumentNumber", number)];
    letter.0.document_attachments[0].comment = Some(number.to_owned());
    let posted = from.boss.post(&letter).await.unwrap();
    world.drain().await;
    let (message, document) = (posted.message_id.clone(), posted.entities[0].entity_id.clone());
    let asked = json!({"Requests": [{"DocumentId": {"MessageId": message, "EntityId": document}}]});
    let shown = ok(world, &to.boss, "/V4/GetDocflows", &asked).await;
    let packet = shown["Documents"][0]["DocumentInfo"]["PacketInfo"]["PacketId"].clone();
    assert!(packet.is_string(), "{shown}");
    Sent { message, document, packet }
}

/// What the event shows.
fn shown(event: &BoxEvent) -> impl Iterator<Item = &Entity> {
    let message = event.message.iter().flat_map(|message| &message.entities);
    message.chain(event.patch.iter().flat_map(|patch| &patch.entities))
}

/// The event shows something of the document.
fn tells_of(event: &BoxEvent, document: &str) -> bool {
    shown(event).any(|it| it.entity_id == document || it.parent_entity_id.as_deref() == Some(document))
}

/// Whether the person sees the document, which is the same by its id and in every list.
async fn sees(world: &World, person: &Person, own: DepartmentId, sent: &Sent, number: &str) -> bool {
    let box_id = person.box_id;
    let by_id = GetDocumentQuery::new(
        box_id,
        sent.message.parse::<MessageId>().unwrap(),
        sent.document.parse::<EntityId>().unwrap(),
    );
    let is_seen = person.client.get_document_v3(&by_id).await.is_ok();
    let is_it = |id: &Value| text(id) == sent.document;

    for client in [&person.client, &person.json] {
        let list = client.get_documents_v3(&GetDocumentsQuery::new(box_id, "Any.Inbound")).await.unwrap();
        let listed = list.documents.iter().filter(|it| it.entity_id == sent.document).count();
        assert_eq!(listed, usize::from(is_seen), "once");
        assert_eq!(list.total_count as usize, list.documents.len());
        // A department that is named stands for what lies there.
        let there =
            GetDocumentsQuery { department_id: Some(own), ..GetDocumentsQuery::new(box_id, "Any.Inbound") };
        assert!(client.get_documents_v3(&there).await.unwrap().documents.is_empty());
        let feed = client.get_new_events_v8(&GetNewEventsQuery::new(box_id)).await.unwrap();
        assert_eq!(feed.events.iter().any(|it| tells_of(it, &sent.document)), is_seen, "the feed");
        let named = GetNewEventsQuery { department_id: Some(own), ..GetNewEventsQuery::new(box_id) };
        let named = client.get_new_events_v7(&named).await.unwrap();
        assert_eq!(named.events.iter().any(|it| tells_of(it, &sent.document)), is_seen, "the own department");
        let last = client.get_last_event_v2(&BoxQuery::new(box_id)).await.unwrap().0;
        // What is told of a document that is not seen any more is left out.
        assert_eq!(last.is_some_and(|it| shown(&it).next().is_some()), is_seen, "the last event");
    }
    let found = ok(world, person, "/V3/SearchDocflows", &json!({"QueryString": number})).await;
    let found = found["Documents"].as_array().unwrap();
    assert_eq!(found.iter().any(|it| is_it(&it["DocumentId"]["EntityId"])), is_seen, "the search");
    let packet = ok(world, person, "/V4/GetDocflowsByPacketId", &json!({"PacketId": sent.packet})).await;
    let mut in_packet = packet["Documents"].as_array().unwrap().iter();
    let in_packet = in_packet.any(|it| is_it(&it["Document"]["DocumentId"]["EntityId"]));
    assert_eq!(in_packet, is_seen, "the packet");
    let events = json!({"Filter": {}, "DepartmentId": own.to_string(), "PopulateDocuments": true});
    let events = ok(world, person, "/V4/GetDocflowEvents", &events).await;
    let is_shown = |it: &&Value| is_it(&it["DocumentId"]["EntityId"]) && it.get("Document").is_some();
    assert_eq!(
        events["Events"].as_array().unwrap().iter().any(|it| is_shown(&it)),
        is_seen,
        "docflow events"
    );
    is_seen
}

#[tokio::test]
async fn who_was_asked_finds_the_document_in_every_list() {
    who_was_asked_finds_the_document_in_every_list_in(World::start().await).await;
}

pub(crate) async fn who_was_asked_finds_the_document_in_every_list_in(world: World) {
    let (a, b) = world.two_sides().await;
    let store = world.department(&b, "Склад", DepartmentId::ZERO).await.id;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await.id;
    let clerk = Permissions { department: store, can_add_resolutions: true, ..Permissions::none() };
    let asked = world.person(b.box_id(), "asked@b", clerk.clone()).await;
    let other = world.person(b.box_id(), "other@b", clerk).await;
    let (it, _hidden) =
        (sent(&world, &a, &b, sales, "8801").await, sent(&world, &a, &b, sales, "8802").await);
    let both = async || {
        (sees(&world, &asked, store, &it, "8801").await, sees(&world, &other, store, &it, "8801").await)
    };
    let patch = async |patch: MessagePatchToPostV2| {
        let patch = MessagePatchToPostV2 { message_id: it.message.clone(), ..patch };
        b.boss.patch(patch).await.unwrap().entities[0].entity_id.clone()
    };
    let asks = |requests: Vec<ResolutionRequestAttachment>| MessagePatchToPostV2 {
        resolution_requests: requests,
        ..MessagePatchToPostV2::default()
    };
    let takes_back = |made: &str| MessagePatchToPostV2 {
        resolution_request_cancellations: cancellation(made),
        ..MessagePatchToPostV2::default()
    };
    assert_eq!(both().await, (false, false));
    let made = patch(asks(request(&it.document, 0, &asked))).await;
    assert_eq!(both().await, (true, false));
    patch(takes_back(&made)).await;
    assert_eq!(both().await, (false, false), "from the next call on");

    // A department is asked: everybody who works there, and who was asked too sees it once.
    let of_department = vec![ResolutionRequestAttachment {
        initial_document_id: it.document.clone(),
        r#type: 0,
        target_department_id: Some(store.to_string()),
        ..ResolutionRequestAttachment::default()
    }];
    let of_department = patch(asks(of_department)).await;
    assert_eq!(both().await, (true, true));
    // Another kind of request: the same body would be answered from the first call.
    patch(asks(request(&it.document, 2, &asked))).await;
    assert_eq!(both().await, (true, true));
    patch(takes_back(&of_department)).await;
    assert_eq!(both().await, (true, false));

    // What has its answer is still seen, and so is what is moved.
    let resolved = MessagePatchToPostV2 {
        message_id: it.message.clone(),
        resolutions: resolution(&it.document, 1),
        ..MessagePatchToPostV2::default()
    };
    asked.patch(resolved).await.unwrap();
    assert_eq!(both().await, (true, false));

    // Who works in another department now was asked as a person, not as one of the old department.
    let moved =
        Permissions { department: sales, access: AccessLevel::SelectedDepartments, ..Permissions::none() };
    world.app().admin().put_employee(b.box_id(), other.user_id, "", moved).await.unwrap();
    let list = GetDocumentsQuery::new(b.box_id(), "Any.Inbound");
    assert!(other.client.get_documents_v3(&list).await.unwrap().documents.is_empty());
    world.end().await;
}
