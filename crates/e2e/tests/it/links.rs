//! Documents of several messages that belong together: linked ones join packets, corrections name what they correct.

use potok_testkit::sdk::proto::events::{DocumentAttachment, MetadataItem};
use potok_testkit::{Letter, Org, Person, RawRequest, World, formal, test_signed};
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};
use crate::support::feed;

async fn shown(world: &World, who: &Person, document: &Value) -> Value {
    let path = format!(
        "/V3/GetDocument?boxId={}&messageId={}&entityId={}",
        who.box_id,
        text(&document["MessageId"]),
        text(&document["EntityId"])
    );
    let request = RawRequest::get(path).bearer(&who.access_token).header("Accept", "application/json");
    serde_json::from_slice(&world.raw(request).await.body).unwrap()
}

async fn packet(world: &World, who: &Person, document: &Value) -> String {
    text(&shown(world, who, document).await["PacketId"]).to_owned()
}

/// A letter whose document is linked to `bases`.
fn linked(a: &Org, b: &Org, bases: &[&Value]) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let id = |base: &&Value| potok_testkit::sdk::proto::DocumentId {
        message_id: text(&base["MessageId"]).to_owned(),
        entity_id: text(&base["EntityId"]).to_owned(),
    };
    letter.0.document_attachments[0].initial_document_ids = bases.iter().map(id).collect();
    // Equal bodies would be one message.
    letter.0.document_attachments[0].comment = Some(format!("к {}", bases.len()));
    letter
}

fn numbered(a: &Org, b: &Org, type_named_id: &str, items: &[(&str, &str)]) -> Letter {
    let item = |(key, value): &(&str, &str)| MetadataItem { key: (*key).into(), value: (*value).into() };
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let document = DocumentAttachment {
        signed_content: test_signed(format!("{type_named_id} {items:?}")),
        type_named_id: type_named_id.to_owned(),
        metadata: items.iter().map(item).collect(),
        ..DocumentAttachment::default()
    };
    letter.0.document_attachments =
        vec![if type_named_id == "Nonformalized" { document } else { formal(document) }];
    letter
}

#[tokio::test]
async fn linked_documents_are_one_packet() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let first = ids(&a.boss.post(&linked(&a, &b, &[])).await.unwrap()).remove(0);
    let apart = Letter::new(a.box_id(), b.box_id()).wants_receipt();
    let second = ids(&a.boss.post(&apart).await.unwrap()).remove(0);
    world.drain().await;
    let before = packet(&world, &a.boss, &first).await;
    assert_ne!(before, packet(&world, &a.boss, &second).await);
    let events = feed(&a.boss).await.len();

    let third = ids(&a.boss.post(&linked(&a, &b, &[&first, &second])).await.unwrap()).remove(0);
    let merged = packet(&world, &a.boss, &third).await;
    assert_ne!(merged, before, "the packets merge under a new id");
    for document in [&first, &second] {
        assert_eq!(packet(&world, &a.boss, document).await, merged);
    }
    assert_eq!(feed(&a.boss).await.len(), events + 3, "the letter, and a change of each of the others");
    let listed = ok(&world, &a.boss, "/V5/GetDocflowsByPacketId", &json!({"PacketId": merged})).await;
    assert_eq!(listed["Documents"].as_array().unwrap().len(), 3);

    // In the other box the new document joins what it is linked to, and nothing else moves.
    let theirs = packet(&world, &b.boss, &first).await;
    world.drain().await;
    assert_eq!(packet(&world, &b.boss, &first).await, theirs);
    assert_eq!(packet(&world, &b.boss, &third).await, theirs);
    let base = shown(&world, &b.boss, &first).await;
    assert_eq!(base["SubordinateDocumentIds"][0]["EntityId"], third["EntityId"]);

    let mut locked = linked(&a, &b, &[&first]);
    locked.0.lock_packet = Some(true);
    let locked = ids(&a.boss.post(&locked).await.unwrap()).remove(0);
    assert_ne!(packet(&world, &a.boss, &locked).await, merged, "a locked packet takes nobody along");
    let after = ids(&a.boss.post(&linked(&a, &b, &[&locked, &locked, &locked])).await.unwrap()).remove(0);
    let alone = packet(&world, &a.boss, &after).await;
    assert_ne!(alone, packet(&world, &a.boss, &locked).await, "and takes nobody in");
    assert_eq!(packet(&world, &a.boss, &first).await, merged);
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn corrections_and_revisions_are_known_by_number_and_date() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let invoice = [("DocumentNumber", "С-5"), ("DocumentDate", "03.02.2026")];
    let posted = a.boss.post(&numbered(&a, &b, "Invoice", &invoice)).await.unwrap();
    let invoice_id = ids(&posted).remove(0);
    world.drain().await;
    let original = [
        ("DocumentNumber", "К-1"),
        ("DocumentDate", "05.02.2026"),
        ("OriginalInvoiceNumber", "С-5"),
        ("OriginalInvoiceDate", "03.02.2026"),
    ];
    let strange = [original[0], original[1], original[2], ("OriginalInvoiceDate", "04.02.2026")];
    let flags = async |who: &Person| {
        let shown = shown(&world, who, &invoice_id).await;
        assert_eq!(shown["SubordinateDocumentIds"], json!([]), "nobody linked them");
        shown["AmendmentRequestMetadata"]["AmendmentFlags"].as_i64().unwrap()
    };
    for (type_named_id, items, expected) in [
        ("InvoiceCorrection", &strange[..], 0),
        ("Nonformalized", &[("FileName", "a.pdf"), invoice[0], invoice[1]], 0),
        ("InvoiceCorrection", &original, 4),
        ("InvoiceRevision", &invoice, 6),
    ] {
        a.boss.post(&numbered(&a, &b, type_named_id, items)).await.unwrap();
        world.drain().await;
        for who in [&a.boss, &b.boss] {
            assert_eq!(flags(who).await, expected, "{type_named_id} {items:?}");
        }
    }
    let docflow = json!({"Requests": [{"DocumentId": invoice_id}]});
    let flow = ok(&world, &b.boss, "/V2/GetDocflows", &docflow).await;
    let flow = &flow["Documents"][0]["Docflow"]["InboundInvoiceDocflow"];
    assert_eq!((flow["IsRevised"].as_bool(), flow["IsCorrected"].as_bool()), (Some(true), Some(true)));

    // The other side's own invoice of that number is another one.
    let theirs = ids(&b.boss.post(&numbered(&b, &a, "Invoice", &invoice)).await.unwrap()).remove(0);
    world.drain().await;
    let shown = shown(&world, &a.boss, &theirs).await;
    assert_eq!(shown["AmendmentRequestMetadata"]["AmendmentFlags"], 0);
    world.end().await;
}

/// Letters overtake each other on their way, and programs send them in any order.
#[tokio::test]
async fn an_original_that_comes_after_what_names_it_is_found_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let invoice = [("DocumentNumber", "С-5 "), ("DocumentDate", "03.02.2026")];
    let correction = [
        ("DocumentNumber", "К-1"),
        ("DocumentDate", "05.02.2026"),
        ("OriginalInvoiceNumber", "С-5"),
        ("OriginalInvoiceDate", "03.02.2026"),
    ];
    let other_day = [correction[0], correction[1], correction[2], ("OriginalInvoiceDate", "04.02.2026")];
    let other_number = [correction[0], correction[1], ("OriginalInvoiceNumber", "С-6"), correction[3]];
    // What names another one, to another one, or is not sent, means nothing to it.
    a.boss.post(&numbered(&a, &b, "InvoiceCorrection", &other_day)).await.unwrap();
    a.boss.post(&numbered(&a, &b, "InvoiceCorrection", &other_number)).await.unwrap();
    a.boss.post(&numbered(&a, &c, "InvoiceCorrection", &correction)).await.unwrap();
    b.boss.post(&numbered(&b, &a, "InvoiceCorrection", &correction)).await.unwrap();
    let mut draft = numbered(&a, &b, "InvoiceRevision", &invoice).draft();
    draft.0.document_attachments[0].signed_content.sign_with_test_signature = None;
    a.boss.post(&draft).await.unwrap();
    world.drain().await;
    let flags = async |who: &Person, document: &Value| {
        let shown = shown(&world, who, document).await;
        assert_eq!(shown["SubordinateDocumentIds"], json!([]), "nobody linked them");
        shown["AmendmentRequestMetadata"]["AmendmentFlags"].as_i64().unwrap()
    };
    let first = ids(&a.boss.post(&numbered(&a, &b, "Invoice", &invoice)).await.unwrap()).remove(0);
    world.drain().await;
    for who in [&a.boss, &b.boss] {
        assert_eq!(flags(who, &first).await, 0);
    }

    let invoice = [("DocumentNumber", "С-7"), ("DocumentDate", "03.02.2026")];
    let correction = [correction[0], correction[1], ("OriginalInvoiceNumber", "С-7"), correction[3]];
    a.boss.post(&numbered(&a, &b, "InvoiceCorrection", &correction)).await.unwrap();
    world.drain().await;
    let mut expected = 4;
    for _ in 0..2 {
        let original = ids(&a.boss.post(&numbered(&a, &b, "Invoice", &invoice)).await.unwrap()).remove(0);
        world.drain().await;
        for who in [&a.boss, &b.boss] {
            assert_eq!(flags(who, &original).await, expected);
        }
        let docflow = json!({"Requests": [{"DocumentId": original}]});
        let flow = ok(&world, &b.boss, "/V2/GetDocflows", &docflow).await;
        let flow = &flow["Documents"][0]["Docflow"]["InboundInvoiceDocflow"];
        assert_eq!(flow["IsCorrected"].as_bool(), Some(true));
        // The next one comes after a revision, too.
        a.boss.post(&numbered(&a, &b, "InvoiceRevision", &invoice)).await.unwrap();
        world.drain().await;
        expected = 6;
    }
    let found = ok(&world, &a.boss, "/V5/SearchDocflows", &json!({"QueryString": "03.02.2026"})).await;
    assert!(!found.to_string().contains("К-1"), "by what a document names it is not found in a search");
    world.end().await;
}
