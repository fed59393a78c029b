//! Letters through an intermediate recipient, over HTTP: three boxes, what each gets and when, and what every method says.

use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPostV2, ReceiptAttachment, RecipientTitleAttachment,
    SignatureVerification, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, RawRequest, World, formal, test_signed};
use serde_json::{Value, json};

use crate::support::{Names, feed};

async fn get(world: &World, who: &Person, path: &str) -> (u16, Value) {
    let request = RawRequest::get(path).bearer(&who.access_token).header("Accept", "application/json");
    let answer = world.raw(request).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::String(answer.text())))
}

/// The document in one version of the docflow methods.
async fn docflow(world: &World, who: &Person, version: u32, m: &str, d: &str) -> Value {
    let body = json!({"Requests": [{"DocumentId": {"MessageId": m, "EntityId": d}}]});
    let request = RawRequest::post(format!("/V{version}/GetDocflows?boxId={}", who.box_id), body.to_string())
        .bearer(&who.access_token)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Accept", "application/json");
    let answer = world.raw(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut answer: Value = serde_json::from_slice(&answer.body).unwrap();
    answer["Documents"][0]["Docflow"].take()
}

/// In one line, what all versions say: finished, status, and the steps of version 3.
async fn state(world: &World, who: &Person, m: &str, d: &str) -> String {
    let v2 = docflow(world, who, 2, m, d).await;
    let v3 = docflow(world, who, 3, m, d).await;
    let v4 = docflow(world, who, 4, m, d).await;
    let v5 = docflow(world, who, 5, m, d).await;
    let (_, document) =
        get(world, who, &format!("/V3/GetDocument?boxId={}&messageId={m}&entityId={d}", who.box_id)).await;
    let text = |shown: &Value| shown["PrimaryStatus"]["StatusText"].as_str().unwrap().to_owned();
    let status = text(&v2["DocflowStatus"]);
    for shown in [&v3, &v4, &v5, &document] {
        assert_eq!(text(&shown["DocflowStatus"]), status);
    }
    format!(
        "{} «{status}» {} {}",
        v2["IsFinished"], document["ProxySignatureStatus"], document["RecipientResponseStatus"]
    )
    .replace('"', "")
}

fn refusal(m: &str, d: &str) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        message_id: m.to_owned(),
        xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
            parent_entity_id: d.to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    }
}

async fn three_sides(world: &World) -> (Org, Org, Org) {
    let (a, b) = world.two_sides().await;
    (a, world.third_side().await, b)
}

#[tokio::test]
async fn three_sign_one_after_the_other() {
    let world = World::start().await;
    let (a, c, b) = three_sides(&world).await;
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().through(c.box_id());
    let message = a.boss.post(&letter).await.unwrap();
    assert_eq!((message.is_proxified, message.proxy_title.as_deref()), (Some(true), Some("ЗАО «Клевер»")));
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    let missing = get(&world, &b.boss, &format!("/V5/GetMessage?boxId={}&messageId={m}", b.box_id())).await;
    assert_eq!(missing.0, 404, "the recipient has nothing yet");
    assert_eq!(
        state(&world, &a.boss, &m, &d).await,
        "false «Ожидается промежуточная подпись» WaitingForProxySignature WaitingForRecipientSignature"
    );
    assert_eq!(
        state(&world, &c.boss, &m, &d).await,
        "false «Требуется подпись» WaitingForProxySignature WaitingForRecipientSignature"
    );
    let (_, listed) = get(
        &world,
        &c.boss,
        &format!("/V3/GetDocuments?boxId={}&filterCategory=Any.ProxyRequestsMySignature", c.box_id()),
    )
    .await;
    assert_eq!(listed["TotalCount"], 1, "{listed}");

    c.boss.sign(&m, &d).await.unwrap();
    world.drain().await;
    assert_eq!(
        state(&world, &b.boss, &m, &d).await,
        "false «Требуется подпись» WithProxySignature WaitingForRecipientSignature"
    );
    b.boss.sign(&m, &d).await.unwrap();
    world.drain().await;
    assert_eq!(
        state(&world, &a.boss, &m, &d).await,
        "true «Подписан всеми получателями» WithProxySignature WithRecipientSignature"
    );
    for who in [&c.boss, &b.boss] {
        assert_eq!(
            state(&world, who, &m, &d).await,
            "true «Подписан» WithProxySignature WithRecipientSignature"
        );
    }

    let mut names = Names::with(&[(&m, "M"), (&d, "d1")]);
    let mut lines = Vec::new();
    for who in [&a.boss, &c.boss, &b.boss] {
        lines.push(names.lines(&feed(who).await));
    }
    assert_eq!(
        lines[0],
        [
            "Message M: [d1 Nonformalized, e1 Signature(d1)]",
            "Patch P1: [] delivered=M whole",
            "Patch P2: [e2 Signature(d1)]",
            "Patch P3: [] delivered=M whole",
            "Patch P4: [e3 Signature(d1)]",
        ]
    );
    assert_eq!(
        lines[1],
        [
            "Message M: [d1 Nonformalized, e1 Signature(d1)]",
            "Patch P2: [e2 Signature(d1)]",
            "Patch P5: [] delivered=P2",
            "Patch P4: [e3 Signature(d1)]",
        ]
    );
    assert_eq!(
        lines[2],
        [
            "Message M: [d1 Nonformalized, e1 Signature(d1), e2 Signature(d1)]",
            "Patch P4: [e3 Signature(d1)]",
            "Patch P6: [] delivered=P4",
        ]
    );
    world.end().await;
}

#[tokio::test]
async fn what_the_intermediate_recipient_refuses_never_arrives() {
    let world = World::start().await;
    let (a, c, b) = three_sides(&world).await;
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().through(c.box_id());
    let message = a.boss.post(&letter).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    c.boss.patch(refusal(&m, &d)).await.unwrap();
    world.drain().await;
    assert_eq!(
        state(&world, &a.boss, &m, &d).await,
        "true «Контрагент отказал в подписи» ProxySignatureRejected WaitingForRecipientSignature"
    );
    assert_eq!(
        state(&world, &c.boss, &m, &d).await,
        "true «Отказано в подписи» ProxySignatureRejected WaitingForRecipientSignature"
    );
    assert!(feed(&b.boss).await.is_empty());
    let late = c.boss.sign(&m, &d).await.unwrap_err();
    assert_eq!(late.refusal().unwrap().code.as_deref(), Some("DocumentService.InvalidDocumentState"));
    let receipt = MessagePatchToPostV2 {
        message_id: m.clone(),
        receipts: vec![ReceiptAttachment {
            parent_entity_id: d.clone(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    };
    assert_eq!(c.boss.patch(receipt).await.unwrap_err().status(), Some(409));
    world.end().await;
}

#[tokio::test]
async fn three_titles_are_written_in_order() {
    let world = World::start().await;
    let (a, c, b) = three_sides(&world).await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).through(c.box_id());
    letter.0.document_attachments = vec![formal(DocumentAttachment {
        signed_content: test_signed(PAPER),
        type_named_id: "PerformedWorkAcceptanceCertificate".to_owned(),
        workflow_id: Some(13),
        ..DocumentAttachment::default()
    })];
    let message = a.boss.post(&letter).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    let title = |index: i32| MessagePatchToPostV2 {
        message_id: m.clone(),
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: d.clone(),
            signed_content: test_signed(PAPER),
            title_index: Some(index),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let wrong = c.boss.patch(title(2)).await.unwrap_err();
    assert!(wrong.refusal().unwrap().text.contains("the next title"), "{wrong}");
    c.boss.patch(title(1)).await.unwrap();
    world.drain().await;
    b.boss.patch(title(2)).await.unwrap();
    world.drain().await;
    for who in [&a.boss, &c.boss, &b.boss] {
        let v5 = docflow(&world, who, 5, &m, &d).await;
        let titles = v5["Titles"].as_array().unwrap();
        let authors: Vec<_> = titles.iter().map(|title| title["Author"]["Type"].as_str().unwrap()).collect();
        assert_eq!(authors, ["Sender", "Proxy", "Recipient"]);
        for title in titles {
            assert_eq!(title["AuthorSigning"]["Status"], "TitleAuthorStatusSigned", "{title}");
            assert_eq!(title["ParticipantDocflows"].as_array().unwrap().len(), 2);
        }
        let v3 = docflow(&world, who, 3, &m, &d).await;
        assert!(v3["ProxyResponse"]["Title"].is_object() && v3["RecipientResponse"]["Title"].is_object());
    }
    world.end().await;
}

fn found(m: &str, d: &str, is_valid: bool) -> MessagePatchToPostV2 {
    let error_message = (!is_valid).then(|| "не сходится".to_owned());
    let report = SignatureVerification {
        initial_document_id: d.to_owned(),
        is_valid,
        error_message,
        labels: Vec::new(),
    };
    MessagePatchToPostV2 {
        message_id: m.to_owned(),
        signature_verifications: vec![report],
        ..MessagePatchToPostV2::default()
    }
}

#[tokio::test]
async fn who_passes_on_what_is_encrypted_hears_what_the_recipient_found() {
    let world = World::start().await;
    let (a, c, b) = three_sides(&world).await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature().through(c.box_id());
    let document = &mut letter.0.document_attachments[0];
    document.is_encrypted = Some(true);
    (document.function, document.version) = (Some("default".to_owned()), Some("v1".to_owned()));
    let message = a.boss.post(&letter).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    let told = async |who: &Person| {
        let path = format!("/V3/GetDocument?boxId={}&messageId={m}&entityId={d}", who.box_id);
        let (_, document) = get(&world, who, &path).await;
        assert_eq!(document["IsEncryptedContent"], true);
        let finished = docflow(&world, who, 2, &m, &d).await["IsFinished"].take();
        format!("{} {finished}", document["SenderSignatureStatus"].as_str().unwrap())
    };
    assert_eq!(told(&c.boss).await, "SenderSignatureUnchecked false");
    let refused = c.boss.patch(found(&m, &d, true)).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().code.as_deref(), Some("DocumentService.InvalidDocumentState"));
    c.boss.sign(&m, &d).await.unwrap();
    world.drain().await;

    b.boss.patch(found(&m, &d, false)).await.unwrap();
    world.drain().await;
    for who in [&a.boss, &c.boss, &b.boss] {
        assert_eq!(told(who).await, "SenderSignatureCheckedAndInvalid false");
    }
    // The sender signs again, and now it is well.
    a.boss.sign(&m, &d).await.unwrap();
    world.drain().await;
    for who in [&c.boss, &b.boss] {
        assert_eq!(told(who).await, "SenderSignatureUnchecked false");
    }
    b.boss.patch(found(&m, &d, true)).await.unwrap();
    b.boss.sign(&m, &d).await.unwrap();
    world.drain().await;
    for who in [&a.boss, &c.boss, &b.boss] {
        assert_eq!(told(who).await, "SenderSignatureCheckedAndValid true");
    }
    let text = format!("{:?}", feed(&c.boss).await);
    assert!(!text.contains("SignatureVerificationReport"), "the report is between the other two: {text}");
    world.end().await;
}
