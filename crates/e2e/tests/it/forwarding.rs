//! Documents forwarded to a third organization: it reads them as they were then, and nothing else of the exchange.

use potok_testkit::app::admin::NewOrganization;
use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::{
    BoxQuery, DeleteQuery, DocumentQuery, ForwardedDocumentQuery, GetDocumentHistoryQuery, GetEventQuery,
    GetForwardedEntityContentQuery,
};
use potok_testkit::sdk::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use potok_testkit::sdk::proto::documents::document_history::document_history_item::EventType;
use potok_testkit::sdk::proto::events::{
    CustomDataPatch, CustomDataPatchOperation, MessagePatchToPostV2, ResolutionAttachment,
};
use potok_testkit::sdk::proto::forwarding::{
    ForwardDocumentRequest, ForwardedDocument, ForwardedDocumentId, GetForwardedDocumentEventsRequest,
    GetForwardedDocumentEventsResponse, GetForwardedDocumentsRequest,
};
use potok_testkit::sdk::proto::{DocumentId, SortDirection, TimeBasedFilter, Timestamp, TotalCountType};
use potok_testkit::sdk::{Client, Error};
use potok_testkit::{Letter, Org, Person, RawRequest, World, WorldOptions};
use potok_types::{BoxId, DepartmentId, EntityId, EventId, MessageId};

/// What letters of tests carry.
const CONTRACT: &[u8] = b"the text of a contract";
const NOBODY: &str = "00000000-0000-0000-0000-000000000001";

/// A letter from `a` that asks `b` for a signature.
async fn sent(world: &World, a: &Org, b: &Org, comment: &str) -> DocumentId {
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().comment(comment);
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    DocumentId { message_id: message.message_id, entity_id: message.entities[0].entity_id.clone() }
}

fn request(document: &DocumentId, to: BoxId) -> ForwardDocumentRequest {
    ForwardDocumentRequest { to_box_id: to.to_string(), document_id: document.clone() }
}

async fn forward(who: &Person, document: &DocumentId, to: BoxId) -> ForwardedDocumentId {
    let query = BoxQuery::new(who.box_id);
    let told = who.client.forward_document_v2(&query, request(document, to)).await.unwrap();
    told.forwarded_document_id.unwrap()
}

async fn documents(
    client: &Client,
    box_id: BoxId,
    ids: &[ForwardedDocumentId],
) -> Result<Vec<ForwardedDocument>, Error> {
    let asked = GetForwardedDocumentsRequest {
        forwarded_document_ids: ids.to_vec(),
        inject_entity_content: Some(true),
    };
    let told = client.get_forwarded_documents_v2(&BoxQuery::new(box_id), asked).await?;
    Ok(told.forwarded_documents)
}

/// The forwarded document, which is the same in both formats.
async fn document(who: &Person, id: &ForwardedDocumentId) -> ForwardedDocument {
    let ids = std::slice::from_ref(id);
    let told = documents(&who.client, who.box_id, ids).await.unwrap();
    assert_eq!(documents(&who.json, who.box_id, ids).await.unwrap(), told, "both formats");
    told.into_iter().next().unwrap()
}

async fn events(
    who: &Person,
    asked: &GetForwardedDocumentEventsRequest,
) -> GetForwardedDocumentEventsResponse {
    let query = BoxQuery::new(who.box_id);
    let told = who.client.get_forwarded_document_events_v2(&query, asked.clone()).await.unwrap();
    let json = who.json.get_forwarded_document_events_v2(&query, asked.clone()).await.unwrap();
    assert_eq!(json, told, "both formats");
    told
}

fn ids(told: &GetForwardedDocumentEventsResponse) -> Vec<&ForwardedDocumentId> {
    told.events.iter().map(|event| event.forwarded_document_id.as_ref().unwrap()).collect()
}

fn parts(id: &ForwardedDocumentId) -> (BoxId, MessageId, EntityId, EventId) {
    let document = id.document_id.as_ref().unwrap();
    (
        id.from_box_id().parse().unwrap(),
        document.message_id.parse().unwrap(),
        document.entity_id.parse().unwrap(),
        id.forward_event_id().parse().unwrap(),
    )
}

fn content_query(who: &Person, id: &ForwardedDocumentId, entity: &str) -> GetForwardedEntityContentQuery {
    let (from, message, document, event) = parts(id);
    let entity: EntityId = entity.parse().unwrap();
    GetForwardedEntityContentQuery::new(who.box_id, from, message, document, event, entity)
}

fn print_query(who: &Person, id: &ForwardedDocumentId) -> ForwardedDocumentQuery {
    let (from, message, document, event) = parts(id);
    ForwardedDocumentQuery::new(who.box_id, from, message, document, event)
}

fn status<T: std::fmt::Debug>(told: Result<T, Error>) -> Option<u16> {
    told.unwrap_err().status()
}

#[tokio::test]
async fn a_third_box_reads_the_document_as_it_was_then() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let id = sent(&world, &a, &b, "срочно").await;
    let approval = ResolutionAttachment {
        initial_document_id: id.entity_id.clone(),
        resolution_type: 1,
        comment: Some("только для своих".to_owned()),
        ..ResolutionAttachment::default()
    };
    let tag = CustomDataPatch {
        parent_entity_id: id.entity_id.clone(),
        operation: CustomDataPatchOperation::Set as i32,
        key: "erp".to_owned(),
        value: Some("внутренний".to_owned()),
    };
    let patch = MessagePatchToPostV2 {
        message_id: id.message_id.clone(),
        resolutions: vec![approval],
        custom_data_patches: vec![tag],
        ..MessagePatchToPostV2::default()
    };
    let inside = b.boss.patch(patch).await.unwrap();
    world.drain().await;

    // The recipient shows it to somebody else before it answers, and once more after it did.
    let first = forward(&b.boss, &id, c.box_id()).await;
    world.drain().await;
    let before = document(&c.boss, &first).await;
    b.boss.sign(&id.message_id, &id.entity_id).await.unwrap();
    world.drain().await;
    let second = forward(&b.boss, &id, c.box_id()).await;
    world.drain().await;
    assert_eq!(document(&c.boss, &first).await, before, "what came later is not told");
    let after = document(&c.boss, &second).await;
    let docflow = |told: &ForwardedDocument| {
        told.document_with_docflow.as_ref().unwrap().docflow.as_deref().unwrap().clone()
    };
    assert_eq!((docflow(&before).is_finished(), docflow(&after).is_finished()), (false, true));
    assert_eq!(before.forwarded_document_id.as_ref(), Some(&first));
    let shown = docflow(&before).document_attachment.unwrap().attachment.unwrap().entity.unwrap();
    assert_eq!(shown.content.unwrap().data.as_deref(), Some(CONTRACT));
    let text = format!("{before:?}");
    for inside in inside.entities.iter().map(|entity| &entity.entity_id) {
        assert!(!text.contains(inside.as_str()), "{inside} stays inside");
    }
    assert!(!text.contains("внутренний") && !text.contains("только для своих"), "{text}");
    assert!(
        !format!("{after:?}").contains(&c.box_id().to_string()),
        "nor is it told to whom it was forwarded"
    );

    // Bytes: of the document, and of nothing that stays inside or came later.
    let query = content_query(&c.boss, &first, &id.entity_id);
    let content = c.boss.client.get_forwarded_entity_content_v2(&query).await;
    assert_eq!(&content.unwrap().0[..], CONTRACT);
    let signed = b.boss.client.get_docflows_v2(&BoxQuery::new(b.box_id()), batch(&id)).await.unwrap();
    let signed = format!("{signed:?}");
    assert!(signed.contains("ForwardDocumentEvent {"), "the box that forwarded is told: {signed}");
    for hidden in [inside.entities[0].entity_id.as_str(), NOBODY] {
        let query = content_query(&c.boss, &first, hidden);
        assert_eq!(status(c.boss.client.get_forwarded_entity_content_v2(&query).await), Some(404));
    }

    // On paper.
    let form = c.boss.client.generate_forwarded_document_print_form(&print_query(&c.boss, &first)).await;
    let same = c.boss.json.generate_forwarded_document_print_form(&print_query(&c.boss, &first)).await;
    let form = form.unwrap();
    assert!(form.0.starts_with(b"%PDF-"));
    assert_eq!(form.0, same.unwrap().0, "the same bytes each time");
    let plain = DocumentQuery::new(b.box_id(), parts(&second).1, parts(&second).2);
    let whole = b.boss.client.generate_print_form(&plain).await.unwrap();
    let later = c.boss.client.generate_forwarded_document_print_form(&print_query(&c.boss, &second)).await;
    let later = later.unwrap();
    assert_eq!(later.0, whole.0, "what both see looks the same");
    assert_ne!(form.0, later.0, "a signature came in between");
    let mut protocols = Vec::new();
    for id in [&first, &second] {
        let query = print_query(&c.boss, id);
        let protocol = c.boss.client.generate_forwarded_document_protocol_v2(&query).await.unwrap();
        let json = c.boss.json.generate_forwarded_document_protocol_v2(&query).await.unwrap();
        assert_eq!(protocol.print_form, json.print_form, "both formats");
        assert!(protocol.print_form.starts_with(b"%PDF-") && !protocol.signature.is_empty());
        protocols.push(protocol.print_form);
    }
    assert_ne!(protocols[0], protocols[1]);
    world.end().await;
}

fn batch(id: &DocumentId) -> GetDocflowBatchRequest {
    let request = GetDocflowRequest { document_id: id.clone(), ..GetDocflowRequest::default() };
    GetDocflowBatchRequest { requests: vec![request] }
}

#[tokio::test]
async fn forwardings_come_in_their_order_and_are_read_in_pages() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut forwarded = Vec::new();
    for nth in 0..5 {
        world.clock().advance_seconds(1);
        let id = sent(&world, &a, &b, &format!("{nth}")).await;
        // Both sides may, and as often as they like.
        let who = if nth == 3 { &b.boss } else { &a.boss };
        forwarded.push(forward(who, &id, c.box_id()).await);
        if nth == 3 {
            world.drain().await;
        }
    }
    world.drain().await;
    let mut all = events(&c.boss, &GetForwardedDocumentEventsRequest::default()).await;
    assert_eq!((all.total_count(), all.total_count_type()), (5, TotalCountType::Equal));
    assert!(all.events.iter().all(|event| event.forwarded_document.is_none()), "only when asked for");
    assert_eq!(all.events.len(), 5);
    let of_a: Vec<_> =
        ids(&all).into_iter().filter(|id| id.from_box_id() == a.box_id().to_string()).collect();
    let mine: Vec<_> = forwarded.iter().filter(|id| id.from_box_id() == a.box_id().to_string()).collect();
    assert_eq!(of_a, mine, "those of one box come in their order");

    // Page by page, from either end, with documents.
    let keys: Vec<_> = all.events.iter().map(|event| event.index_key.clone().unwrap()).collect();
    let rest = GetForwardedDocumentEventsRequest {
        after_index_key: Some(keys[2].clone()),
        populate_forwarded_documents: Some(true),
        inject_entity_content: Some(true),
        ..GetForwardedDocumentEventsRequest::default()
    };
    let rest = events(&c.boss, &rest).await;
    assert_eq!(ids(&rest), ids(&all)[3..]);
    assert_eq!(rest.total_count(), 2);
    for event in &rest.events {
        let id = event.forwarded_document_id.as_ref().unwrap();
        assert_eq!(event.forwarded_document.as_deref(), Some(&document(&c.boss, id).await));
    }
    let backwards = |after: Option<bytes::Bytes>| GetForwardedDocumentEventsRequest {
        filter: TimeBasedFilter {
            sort_direction: Some(SortDirection::Descending as i32),
            ..TimeBasedFilter::default()
        },
        after_index_key: after,
        ..GetForwardedDocumentEventsRequest::default()
    };
    let newest = events(&c.boss, &backwards(Some(keys[1].clone()))).await;
    assert_eq!(ids(&newest), [ids(&all)[0]]);
    let at = |nth: usize| all.events[nth].timestamp;
    let filter = TimeBasedFilter { from_timestamp: at(1), to_timestamp: at(2), sort_direction: None };
    let some = GetForwardedDocumentEventsRequest { filter, ..GetForwardedDocumentEventsRequest::default() };
    assert_eq!(ids(&events(&c.boss, &some).await), ids(&all)[1..=2]);
    let newest = events(&c.boss, &backwards(None)).await;
    all.events.reverse();
    assert_eq!(ids(&newest), ids(&all));

    // Nobody else has them, nor do they stand in the ordinary feed of who does.
    let none = events(&b.boss, &GetForwardedDocumentEventsRequest::default()).await;
    assert_eq!((none.events.len(), none.total_count()), (0, 0));
    let asked = batch(forwarded[0].document_id.as_ref().unwrap());
    let asked = c.boss.client.get_docflows_v2(&BoxQuery::new(c.box_id()), asked).await;
    assert_eq!(status(asked), Some(404));
    world.end().await;
}

#[tokio::test]
async fn the_box_that_forwards_is_told_by_its_feed_and_history() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let id = sent(&world, &a, &b, "").await;
    let forwarded = forward(&a.boss, &id, c.box_id()).await;
    let event = forwarded.forward_event_id().parse::<EventId>().unwrap();
    let query = GetEventQuery::new(a.box_id(), event);
    let told = a.boss.client.get_event_v3(&query).await.unwrap();
    let patch = &told.patch.unwrap().entity_patches[0];
    assert_eq!((&patch.entity_id, patch.forwarded_to_box_id()), (&id.entity_id, &*c.box_id().to_string()));
    let (_, message, document, _) = parts(&forwarded);
    let history = async |who: &Person| {
        let query = GetDocumentHistoryQuery::new(who.box_id, message, document);
        who.client.get_document_history(&query).await.unwrap()
    };
    let theirs = history(&b.boss).await;
    let history = history(&a.boss).await;
    let item = history.items.iter().find(|item| item.r#type() == EventType::Forwarded).unwrap();
    let target = item.payload.as_ref().unwrap().forwarded.as_ref().unwrap().target_box_id();
    assert_eq!(target, c.box_id().to_string());
    let boxes = history.reference_data.unwrap().boxes;
    assert!(boxes.iter().any(|known| known.box_id == c.box_id().to_string()), "{boxes:?}");
    world.drain().await;
    // The other side of the exchange is told nothing.
    assert_eq!(status(b.boss.client.get_event_v3(&GetEventQuery::new(b.box_id(), event)).await), Some(404));
    assert!(theirs.items.iter().all(|item| item.r#type() != EventType::Forwarded));
    world.end().await;
}

#[tokio::test]
async fn a_forwarding_opens_one_document_to_one_box() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let (one, other) = (sent(&world, &a, &b, "1").await, sent(&world, &a, &b, "2").await);
    let id = forward(&a.boss, &one, c.box_id()).await;
    world.drain().await;
    let from = |box_id: BoxId| ForwardedDocumentId { from_box_id: Some(box_id.to_string()), ..id.clone() };
    let of =
        |document: &DocumentId| ForwardedDocumentId { document_id: Some(document.clone()), ..id.clone() };
    let by = |event: &str| ForwardedDocumentId { forward_event_id: Some(event.to_owned()), ..id.clone() };
    let mixed = DocumentId { entity_id: other.entity_id.clone(), ..one.clone() };
    let wrong = [from(b.box_id()), from(c.box_id()), of(&other), of(&mixed), by(NOBODY), by(&one.message_id)];
    for wrong in &wrong {
        let told = documents(&c.boss.client, c.box_id(), std::slice::from_ref(wrong)).await;
        assert_eq!(status(told), Some(404), "{wrong:?}");
        let content = content_query(&c.boss, wrong, &one.entity_id);
        assert_eq!(status(c.boss.client.get_forwarded_entity_content_v2(&content).await), Some(404));
        let query = print_query(&c.boss, wrong);
        assert_eq!(status(c.boss.client.generate_forwarded_document_print_form(&query).await), Some(404));
        assert_eq!(status(c.boss.client.generate_forwarded_document_protocol_v2(&query).await), Some(404));
    }
    // What is found is answered, whatever else was asked for.
    let told = documents(&c.boss.client, c.box_id(), &[wrong[0].clone(), id.clone()]).await.unwrap();
    assert_eq!(told.len(), 1);
    // Whoever forwarded did not get it, nor did anybody else.
    for who in [&a.boss, &b.boss] {
        assert_eq!(status(documents(&who.client, who.box_id, std::slice::from_ref(&id)).await), Some(404));
    }
    for count in [0, 101] {
        let ids = vec![id.clone(); count];
        assert_eq!(status(documents(&c.boss.client, c.box_id(), &ids).await), Some(400), "{count} ids");
    }
    world.end().await;
}

#[tokio::test]
async fn what_may_not_be_forwarded_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let id = sent(&world, &a, &b, "").await;
    let ask = async |who: &Person, document: &DocumentId, to: &str| {
        let asked = ForwardDocumentRequest { to_box_id: to.to_owned(), document_id: document.clone() };
        let query = BoxQuery::new(who.box_id);
        let told = who.client.forward_document_v2(&query, asked.clone()).await.unwrap_err();
        let json = who.json.forward_document_v2(&query, asked).await.unwrap_err();
        let text = |error: &Error| error.to_string().split(" (trace").next().unwrap_or_default().to_owned();
        assert_eq!((json.status(), text(&json)), (told.status(), text(&told)), "both formats");
        (told.status().unwrap(), text(&told))
    };
    let to = c.box_id().to_string();
    let missing = DocumentId { entity_id: NOBODY.to_owned(), ..id.clone() };
    let message = DocumentId { message_id: NOBODY.to_owned(), ..id.clone() };
    let delayed = {
        let mut letter = Letter::new(a.box_id(), b.box_id()).comment("later");
        letter.0.delay_send = Some(true);
        letter.0.document_attachments[0].signed_content.sign_with_test_signature = None;
        let message = a.boss.post(&letter).await.unwrap();
        DocumentId { message_id: message.message_id, entity_id: message.entities[0].entity_id.clone() }
    };
    let draft = a.boss.post(&Letter::new(a.box_id(), b.box_id()).comment("draft").draft()).await.unwrap();
    let draft = DocumentId { message_id: draft.message_id, entity_id: draft.entities[0].entity_id.clone() };
    let own = a.box_id().to_string();
    for (document, to, expected, words) in [
        (&missing, &*to, 404, NOBODY),
        (&message, &*to, 404, NOBODY),
        (&id, NOBODY, 404, "ToBoxId"),
        (&id, "x", 400, "box id"),
        (&id, &*own, 400, "ToBoxId"),
        (&delayed, &*to, 409, "не отправлен"),
        (&draft, &*to, 409, "draft"),
    ] {
        let (status, text) = ask(&a.boss, document, to).await;
        assert_eq!(status, expected, "{text}");
        assert!(text.contains(words), "{text}");
    }
    let foreign = BoxQuery::new(a.box_id());
    let stranger = c.boss.client.forward_document_v2(&foreign, request(&id, b.box_id())).await;
    assert_eq!(status(stranger), Some(403));
    let sales = world.department(&a, "Продажи", DepartmentId::ZERO).await;
    let narrow = Permissions {
        department: sales.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(a.box_id(), "clerk@a", narrow).await;
    assert_eq!(ask(&clerk, &id, &to).await.0, 403);

    let whole = DeleteQuery::new(a.box_id(), id.message_id.parse::<MessageId>().unwrap());
    a.boss.client.delete(&whole).await.unwrap();
    let (status, text) = ask(&a.boss, &id, &to).await;
    assert_eq!((status, text.contains("удален")), (409, true), "{text}");
    a.boss.client.restore(&whole).await.unwrap();
    let cautious = NewOrganization {
        name: "ООО «Ива»".to_owned(),
        inn: "7702345678".to_owned(),
        is_test: true,
        counteragents_only: true,
        ..NewOrganization::default()
    };
    let cautious = world.app().admin().create_organization(cautious).await.unwrap();
    let (status, text) = ask(&a.boss, &id, &cautious.box_id.to_string()).await;
    assert_eq!(status, 409, "who takes nothing from strangers: {text}");
    world.drain().await;
    let came = events(&c.boss, &GetForwardedDocumentEventsRequest::default()).await;
    assert_eq!(came.events, [], "nothing of what was refused came");

    let bad = |change: &dyn Fn(&mut GetForwardedDocumentEventsRequest)| {
        let mut asked = GetForwardedDocumentEventsRequest::default();
        change(&mut asked);
        asked
    };
    let timestamp = |ticks| Some(Timestamp { ticks });
    for asked in [
        bad(&|asked| asked.after_index_key = Some(bytes::Bytes::from_static(b"1"))),
        bad(&|asked| {
            asked.filter.from_timestamp = timestamp(2);
            asked.filter.to_timestamp = timestamp(1);
        }),
    ] {
        let told = c.boss.client.get_forwarded_document_events_v2(&BoxQuery::new(c.box_id()), asked).await;
        assert_eq!(told.unwrap_err().status(), Some(400));
    }
    world.end().await;
}

#[tokio::test]
async fn a_slow_queue_lets_forms_of_forwarded_documents_wait() {
    let options = WorldOptions {
        settings: Box::new(|settings| settings.app.print_wait_seconds = 2),
        ..WorldOptions::default()
    };
    let world = World::start_with(options).await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let id = forward(&a.boss, &sent(&world, &a, &b, "").await, c.box_id()).await;
    world.drain().await;
    let (from, message, document, event) = parts(&id);
    for method in ["/GenerateForwardedDocumentPrintForm", "/V2/GenerateForwardedDocumentProtocol"] {
        let path = format!(
            "{method}?boxId={}&fromBoxId={from}&messageId={message}&documentId={document}&forwardEventId={event}",
            c.box_id()
        );
        let ask = || world.raw(RawRequest::get(path.clone()).bearer(&c.boss.access_token));
        let working = ask().await;
        assert_eq!((working.status, working.header("retry-after")), (200, Some("1")), "{}", working.text());
        world.clock().advance_seconds(3);
        let ready = ask().await;
        assert_eq!((ready.status, ready.header("retry-after")), (200, None));
        assert!(ready.body.len() > 1000);
    }
    world.end().await;
}
