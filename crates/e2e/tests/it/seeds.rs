//! The two pages the product was ordered from: `GetDocflows` (V2) and `GetEvent` (V2), as written there.

use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::docflow::{
    GetDocflowBatchRequest, GetDocflowBatchResponse, GetDocflowRequest,
};
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World};
use serde_json::{Value, json};

use crate::support::feed;

const NOWHERE: &str = "11111111-1111-1111-1111-111111111111";

/// Two letters from `a`, the first one signed by `b`: (message, document) of each.
async fn exchange(world: &World, a: &Org, b: &Org) -> [(String, String); 2] {
    let mut ids = Vec::new();
    for text in ["first", "second"] {
        let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
        letter.0.document_attachments[0].comment = Some(text.to_owned());
        let message = a.boss.post(&letter).await.unwrap();
        ids.push((message.message_id.clone(), message.entities[0].entity_id.clone()));
    }
    world.drain().await;
    b.boss.sign(&ids[0].0, &ids[0].1).await.unwrap();
    world.drain().await;
    ids.try_into().unwrap()
}

fn request((message, document): &(String, String)) -> GetDocflowRequest {
    GetDocflowRequest {
        document_id: DocumentId { message_id: message.clone(), entity_id: document.clone() },
        ..GetDocflowRequest::default()
    }
}

async fn docflows(person: &Person, requests: Vec<GetDocflowRequest>) -> Result<GetDocflowBatchResponse, u16> {
    let query = potok_testkit::sdk::api::methods::BoxQuery::new(person.box_id);
    let batch = || GetDocflowBatchRequest { requests: requests.clone() };
    let answer = person.client.get_docflows_v2(&query, batch()).await;
    let in_json = person.json.get_docflows_v2(&query, batch()).await;
    match (answer, in_json) {
        (Ok(answer), Ok(in_json)) => {
            assert_eq!(answer, in_json, "both formats say the same");
            Ok(answer)
        }
        (Err(error), Err(in_json)) => {
            assert_eq!(error.status(), in_json.status());
            Err(error.status().unwrap())
        }
        (answer, in_json) => panic!("the formats disagree: {answer:?} {in_json:?}"),
    }
}

#[tokio::test]
async fn two_documents_now_and_as_they_were() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let [first, second] = exchange(&world, &a, &b).await;
    let delivery = feed(&a.boss).await.into_iter().find(|event| {
        event.patch.as_ref().is_some_and(|patch| patch.message_id == first.0 && patch.entities.is_empty())
    });
    let now = GetDocflowRequest { inject_entity_content: Some(true), ..request(&first) };
    let before = GetDocflowRequest { last_event_id: Some(delivery.unwrap().event_id), ..request(&first) };
    let answer = docflows(&a.boss, vec![now, request(&second), before.clone()]).await.unwrap();
    let finished: Vec<bool> = answer
        .documents
        .iter()
        .map(|document| document.docflow.as_ref().unwrap().is_finished.unwrap_or_default())
        .collect();
    assert_eq!(finished, [true, false, false]);
    let data = |n: usize| {
        let docflow = answer.documents[n].docflow.as_ref().unwrap();
        let attachment = docflow.document_attachment.as_ref().unwrap().attachment.as_ref().unwrap();
        attachment.entity.as_ref().unwrap().content.as_ref().unwrap().data.clone()
    };
    assert_eq!(data(0).as_deref(), Some(&b"the text of a contract"[..]));
    assert_eq!(data(1), None);
    assert_eq!(answer.documents[2].last_event_id, before.last_event_id);

    // Partly found: the found ones, in the order of the request. A signature is no document.
    let unknown = (NOWHERE.to_owned(), NOWHERE.to_owned());
    let answer =
        docflows(&a.boss, vec![request(&unknown), request(&second), request(&second)]).await.unwrap();
    assert_eq!(answer.documents.len(), 2, "once for each element");
    let signature = feed(&a.boss).await[0].message.as_ref().unwrap().entities[2].entity_id.clone();
    assert_eq!(docflows(&a.boss, vec![request(&(first.0.clone(), signature))]).await, Err(404));
    assert_eq!(docflows(&a.boss, vec![request(&unknown)]).await, Err(404));
    assert_eq!(docflows(&a.boss, Vec::new()).await, Err(400));
    assert_eq!(docflows(&a.boss, vec![request(&first); 101]).await, Err(400));
    let foreign = GetDocflowRequest { last_event_id: Some(second.0.clone()), ..request(&first) };
    assert_eq!(docflows(&a.boss, vec![foreign]).await, Err(404), "an event of another message");
    let malformed = GetDocflowRequest { last_event_id: Some("x".to_owned()), ..request(&first) };
    assert_eq!(docflows(&a.boss, vec![malformed]).await, Err(400));
    world.end().await;
}

#[tokio::test]
async fn contents_keep_to_their_two_budgets() {
    const MEGABYTE: usize = 1_048_576;
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut requests = Vec::new();
    for size in [MEGABYTE - 10, 11, 10] {
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = Letter::document("x.bin", vec![7; size]);
        let message = a.boss.post(&letter).await.unwrap();
        let ids = (message.message_id.clone(), message.entities[0].entity_id.clone());
        requests.push(GetDocflowRequest { inject_entity_content: Some(true), ..request(&ids) });
    }
    world.drain().await;
    let answer = docflows(&b.boss, requests).await.unwrap();
    let sizes: Vec<Option<usize>> = answer
        .documents
        .iter()
        .map(|document| {
            let signed = document.docflow.as_ref().unwrap().document_attachment.as_ref().unwrap();
            let of = |entity: &potok_testkit::sdk::proto::docflow::Entity| {
                entity.content.as_ref().unwrap().data.as_ref().map(|data| data.len())
            };
            let signature = signed.signature.as_ref().unwrap().entity.as_ref().unwrap();
            assert!(of(signature).is_some(), "signatures have a budget of their own");
            of(signed.attachment.as_ref().unwrap().entity.as_ref().unwrap())
        })
        .collect();
    assert_eq!(
        sizes,
        [Some(MEGABYTE - 10), None, Some(10)],
        "what does not fit is skipped, exactly full is full"
    );
    world.end().await;
}

async fn get_event(world: &World, box_id: &str, event: &str, token: &str) -> RawAnswer {
    // The order of the C# client, and its Accept.
    let path = format!("/V2/GetEvent?eventId={event}&boxId={box_id}");
    let request = RawRequest::get(path).bearer(token).header("Accept", "application/json; charset=utf-8");
    world.raw(request).await
}

#[tokio::test]
async fn an_event_shows_all_there_is() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let [first, _] = exchange(&world, &a, &b).await;
    let events = feed(&a.boss).await;
    let answered = events.last().unwrap();
    let token = &a.boss.access_token;
    for box_id in
        [a.box_id().to_string(), a.box_id().guid(), a.box_id().guid().to_uppercase().replace('-', "")]
    {
        let answer = get_event(&world, &box_id, &answered.event_id, token).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let answer = get_event(&world, &a.box_id().guid(), &answered.event_id, token).await;
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(answer.header("content-length").is_some());
    assert_eq!(answer.header("x-kontur-trace-id").map(str::len), Some(32));
    assert!(
        answer.header("sunset").is_some() && answer.header("link").is_some(),
        "this version is to be removed"
    );
    let value: Value = serde_json::from_slice(&answer.body).unwrap();
    let signature = &value["Patch"]["Entities"][0];
    assert_eq!(value["EventId"], json!(answered.event_id));
    assert_eq!(value["IndexKey"].as_str().unwrap().len(), 11);
    assert_eq!(value["Patch"]["MessageId"], json!(first.0));
    assert_eq!(value["Patch"]["MessageType"], json!("Letter"));
    assert_eq!(value["Patch"]["MessageIsDelivered"], json!(false));
    assert_eq!(value["Patch"]["EntityPatches"], json!([]));
    assert!(value.get("Message").is_none());
    assert_eq!(signature["EntityType"], json!("Signature"));
    assert_eq!(signature["AttachmentType"], json!("Nonformalized"));
    assert_eq!(signature["ContentTypeId"], json!(""));
    assert_eq!(signature["Content"]["Size"], json!(-1));
    assert!(signature["Content"]["Data"].is_string());
    assert_eq!(signature["SignerBoxId"], json!(b.box_id().to_string()));
    assert!(signature.get("FileName").is_none());
    let keys: Vec<&String> = signature.as_object().unwrap().keys().collect();
    assert!(keys.is_sorted(), "{keys:?}");

    // The message's own event, with the document's bytes; and as V3.
    let message = get_event(&world, &a.box_id().guid(), &first.0, token).await;
    let value: Value = serde_json::from_slice(&message.body).unwrap();
    assert_eq!(value["Message"]["Entities"][0]["Content"]["Data"], json!("dGhlIHRleHQgb2YgYSBjb250cmFjdA=="));
    let query = potok_testkit::sdk::api::methods::GetEventQuery::new(
        a.box_id(),
        first.0.parse::<potok_types::EventId>().unwrap(),
    );
    let v3 = a.boss.client.get_event_v3(&query).await.unwrap();
    assert_eq!(v3.event_id, first.0);
    world.end().await;
}

#[tokio::test]
async fn every_documented_refusal() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let [first, _] = exchange(&world, &a, &b).await;
    let (box_id, token) = (a.box_id().guid(), &a.boss.access_token);
    let check = |answer: RawAnswer, status: u16, words: &[&str]| {
        let text = answer.text();
        assert_eq!(answer.status, status, "{text}");
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert!(answer.header("x-diadoc-errorcode").is_some());
        for word in words {
            assert!(text.contains(word), "{word} is not in: {text}");
        }
    };
    check(get_event(&world, &box_id, "not-an-id", token).await, 400, &["eventId"]);
    check(get_event(&world, &box_id, "", token).await, 400, &["eventId"]);
    check(get_event(&world, "not-a-box", &first.0, token).await, 400, &["boxId"]);
    check(get_event(&world, &box_id, &first.0, "bad").await, 401, &[]);
    check(world.raw(RawRequest::get(format!("/V2/GetEvent?boxId={box_id}"))).await, 401, &["Authorization"]);
    let foreign = get_event(&world, &b.box_id().guid(), &first.0, token).await;
    let unknown = get_event(&world, NOWHERE, &first.0, token).await;
    assert_eq!(
        foreign.text().replace(&b.box_id().guid(), NOWHERE),
        unknown.text(),
        "nothing tells whether the box exists"
    );
    check(foreign, 403, &["Access to Box", &b.box_id().guid()]);
    check(get_event(&world, &box_id, NOWHERE, token).await, 404, &[NOWHERE]);
    let wrong_verb =
        world.raw(RawRequest::post(format!("/V2/GetEvent?boxId={box_id}"), "").bearer(token)).await;
    assert!(wrong_verb.header("allow").unwrap().contains("GET"));
    check(wrong_verb, 405, &[]);
    let wrong_verb =
        world.raw(RawRequest::get(format!("/V2/GetDocflows?boxId={box_id}")).bearer(token)).await;
    assert!(wrong_verb.header("allow").unwrap().contains("POST"));
    check(wrong_verb, 405, &[]);
    let body = RawRequest::post(format!("/V2/GetDocflows?boxId={box_id}"), "{\"Requests\": 1}").bearer(token);
    check(
        world.raw(body.clone().header("Content-Type", "application/json")).await,
        400,
        &["Can't deserialize request body into type: GetDocflowBatchRequest"],
    );
    check(world.raw(body.header("Content-Type", "text/xml")).await, 415, &[]);

    world.app().admin().set_suspended(a.box_id(), true).await.unwrap();
    check(get_event(&world, &box_id, &first.0, token).await, 402, &["Необходима оплата тарифа АПИ"]);
    world.app().admin().set_suspended(a.box_id(), false).await.unwrap();
    assert_eq!(get_event(&world, &box_id, &first.0, token).await.status, 200);
    world.end().await;
}

#[tokio::test]
async fn a_version_can_be_switched_off() {
    let world = World::start_with(potok_testkit::WorldOptions {
        settings: Box::new(|settings| {
            settings.http.retire.insert("GetEvent V2".to_owned(), "2026-02-01".parse().unwrap());
        }),
        ..potok_testkit::WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let [first, _] = exchange(&world, &a, &b).await;
    let answer = get_event(&world, &a.box_id().guid(), &first.0, &a.boss.access_token).await;
    assert_eq!(answer.status, 200, "its last day");
    world.clock().advance_seconds(24 * 3600);
    // The tokens live on: they were issued for a day, so a new one is needed.
    let boss = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    let answer = get_event(&world, &a.box_id().guid(), &first.0, &boss.access_token).await;
    assert_eq!(answer.status, 410);
    assert!(answer.text().contains("GetEvent V3"), "{}", answer.text());
    world.end().await;
}
