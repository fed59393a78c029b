//! What methods cost: how often the store is read, which no machine and no moment changes.

use potok_testkit::sdk::proto::events::{MessagePatchToPostV2, ReceiptAttachment};
use potok_testkit::{Letter, Org, PAPER, Person, RawRequest, World, test_signed};
use serde_json::{Value, json};

/// Readings of the store during one call, and its answer.
async fn cost(world: &World, who: &Person, path: &str, body: &Value) -> (u64, Value) {
    let request = RawRequest::post(format!("{path}?boxId={}", who.box_id), body.to_string())
        .bearer(&who.access_token)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Accept", "application/json");
    // Who calls is read once, and not again as long as nothing about it changes.
    let known = RawRequest::get(format!("/V2/GetLastEvent?boxId={}", who.box_id)).bearer(&who.access_token);
    world.raw(known).await;
    let before = world.readings();
    let answer = world.raw(request).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    (world.readings() - before, serde_json::from_slice(&answer.body).unwrap())
}

/// `count` letters, each with a receipt, so that every document has a past.
async fn letters(world: &World, a: &Org, b: &Org, count: usize) -> Vec<Value> {
    let mut documents = Vec::new();
    for number in 0..count {
        // The same body twice would be one letter.
        let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().wants_receipt();
        let letter = letter.comment(&number.to_string());
        let message = a.boss.post(&letter).await.unwrap();
        documents.push(json!({
            "MessageId": message.message_id,
            "EntityId": message.entities[0].entity_id,
        }));
    }
    world.drain().await;
    for document in &documents {
        let receipt = ReceiptAttachment {
            parent_entity_id: document["EntityId"].as_str().unwrap().to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        };
        let patch = MessagePatchToPostV2 {
            message_id: document["MessageId"].as_str().unwrap().to_owned(),
            receipts: vec![receipt],
            ..MessagePatchToPostV2::default()
        };
        b.boss.patch(patch).await.unwrap();
    }
    world.drain().await;
    documents
}

#[tokio::test]
async fn many_documents_cost_as_many_readings_as_few() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let documents = letters(&world, &a, &b, 24).await;
    for version in [2, 3, 4, 5] {
        let docflows = |count: usize, is_old: bool| {
            let requests = documents[..count].iter().map(|document| {
                // In the box of the recipient the first event of a message has its id.
                let event = is_old.then(|| &document["MessageId"]);
                json!({"DocumentId": document, "LastEventId": event, "InjectEntityContent": true})
            });
            json!({"Requests": requests.collect::<Vec<_>>()})
        };
        let search =
            |count: usize, _| json!({"QueryString": "Ромашка", "Count": count, "InjectEntityContent": true});
        let events = |count: usize, _| {
            json!({
                "Filter": {}, "Limit": count, "PopulateDocuments": true, "PopulatePreviousDocumentStates": true,
                "InjectEntityContent": true,
            })
        };
        type Body<'a> = &'a dyn Fn(usize, bool) -> Value;
        // How often the store is read when everything is new, and when the messages are known, or the answer as a whole is.
        let cases: [(&str, Body<'_>, bool, &str, [u64; 2]); 4] = [
            ("GetDocflows", &docflows, false, "/Documents", [3, 0]),
            ("GetDocflows", &docflows, true, "/Documents", [4, 0]),
            ("SearchDocflows", &search, false, "/Documents", [4, 3]),
            ("GetDocflowEvents", &events, false, "/Events", [4, 0]),
        ];
        for (method, body, is_old, list, most) in cases {
            let path = format!("/V{version}/{method}");
            let mut costs = Vec::new();
            for count in [2, 24] {
                let body = body(count, is_old);
                let (first, answer) = cost(&world, &b.boss, &path, &body).await;
                let found = answer.pointer(list).unwrap().as_array().unwrap();
                assert_eq!(found.len(), count, "{path}");
                let (second, again) = cost(&world, &b.boss, &path, &body).await;
                assert_eq!(answer, again);
                costs.push((first, second));
            }
            let [few, many] = costs[..] else { unreachable!() };
            // What was seen before is remembered, so the first call may read once more than the others.
            assert_eq!(few.1, many.1, "{path}, old: {is_old}");
            assert!(
                few.0 <= most[0] && many.0 <= most[0] && many.1 <= most[1],
                "{path}, old: {is_old}: {few:?} {many:?}"
            );
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_past_state_is_made_once() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let documents = letters(&world, &a, &b, 3).await;
    let body = |is_old: bool| {
        let requests = documents.iter().map(|document| {
            let event = is_old.then(|| &document["MessageId"]);
            json!({"DocumentId": document, "LastEventId": event})
        });
        json!({"Requests": requests.collect::<Vec<_>>()})
    };
    let (now, _) = cost(&world, &b.boss, "/V5/GetDocflows", &body(false)).await;
    let old = body(true);
    let (first, answer) = cost(&world, &b.boss, "/V5/GetDocflows", &old).await;
    // The same documents in another version are the same states.
    let (second, _) = cost(&world, &b.boss, "/V3/GetDocflows", &old).await;
    assert_eq!((now, first, second), (2, 2, 1));
    for (document, found) in documents.iter().zip(answer["Documents"].as_array().unwrap()) {
        assert_eq!(found["LastEvent"]["EventId"], document["MessageId"]);
    }
    world.end().await;
}

#[tokio::test]
async fn a_packet_costs_as_much_with_many_documents_as_with_few() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    for number in 0..20 {
        letter.0.document_attachments.push(Letter::document(&format!("{number}.pdf"), number.to_string()));
    }
    let posted = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let packet = posted.entities[0].packet_id.as_ref().unwrap();
    let mut costs = Vec::new();
    for count in [2, 21] {
        let body = json!({"PacketId": packet, "Count": count, "InjectEntityContent": true});
        let (cost, answer) = cost(&world, &b.boss, "/V5/GetDocflowsByPacketId", &body).await;
        assert_eq!(answer["Documents"].as_array().unwrap().len(), count);
        costs.push(cost);
    }
    assert_eq!(costs, [3, 3]);
    world.end().await;
}

#[tokio::test]
async fn a_post_to_a_known_addressee_reads_nothing() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let mut posted = 0;
    let mut post = async |is_draft: bool| {
        posted += 1;
        // The same body twice would be one letter.
        let letter = Letter::new(a.box_id(), b.box_id()).comment(&posted.to_string());
        let letter = if is_draft { letter.draft() } else { letter };
        let before = world.readings();
        a.boss.post(&letter).await.unwrap();
        let post = world.readings() - before;
        world.drain().await;
        (post, world.readings() - before - post)
    };
    let (first, _) = post(false).await;
    assert!(first > 0, "who the addressee is has to be read once");
    // The first letter may have made them partners.
    post(false).await;
    for is_draft in [true, true, false, true, false] {
        assert_eq!(post(is_draft).await.0, 0);
    }
    let (_, delivery) = post(false).await;
    assert!(delivery <= 4, "a delivery reads what is new of its message: {delivery}");
    world.end().await;
}
