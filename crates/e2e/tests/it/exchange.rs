//! Whole exchanges, event by event in both boxes.

use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPost, MessagePatchToPostV2, MessageToPost, ReceiptAttachment,
    RequestedSignatureRejection, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, World, test_signed};

use crate::support::{Names, feed};

/// Both feeds in names: those of `names` are known, the others are numbered.
async fn feeds(a: &Org, b: &Org, names: &mut Names) -> (Vec<String>, Vec<String>) {
    (names.lines(&feed(&a.boss).await), names.lines(&feed(&b.boss).await))
}

#[tokio::test]
async fn a_requested_signature_comes_back() {
    a_requested_signature_comes_back_in(World::start().await).await;
}

pub(crate) async fn a_requested_signature_comes_back_in(world: World) {
    let (a, b) = world.two_sides().await;
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().comment("Просим подписать");
    let message = a.boss.post(&letter).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    assert_eq!(message.entities.len(), 3, "document, comment, signature");
    let missing = b.boss.client.get_message_v5(&query(&b, &m)).await.unwrap_err();
    assert_eq!(missing.status(), Some(404), "nothing is there before the delivery");

    world.drain().await;
    b.boss.sign(&m, &d).await.unwrap();
    world.drain().await;

    let mut names = Names::with(&[(&m, "M"), (&d, "d1")]);
    let (in_a, in_b) = feeds(&a, &b, &mut names).await;
    assert_eq!(
        in_a,
        [
            "Message M: [d1 Nonformalized, e1 AttachmentComment(d1), e2 Signature(d1)]",
            "Patch P1: [] delivered=M whole",
            "Patch P2: [e3 Signature(d1)]",
        ]
    );
    assert_eq!(
        in_b,
        [
            "Message M: [d1 Nonformalized, e1 AttachmentComment(d1), e2 Signature(d1)]",
            "Patch P2: [e3 Signature(d1)]",
            "Patch P3: [] delivered=P2",
        ]
    );
    let got = b.boss.client.get_message_v5(&query(&b, &m)).await.unwrap();
    assert_eq!(got.entities.len(), 4);
    assert!(got.entities.iter().all(|entity| entity.content.as_ref().is_none_or(|c| c.data.is_none())));
    world.end().await;
}

#[tokio::test]
async fn a_refusal_ends_the_wait_and_a_receipt_is_counted_apart() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let letter = Letter::new(a.box_id(), b.box_id()).wants_signature().wants_receipt();
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    let receipt = || ReceiptAttachment {
        parent_entity_id: d.clone(),
        signed_content: test_signed(PAPER),
        labels: vec!["first-label".to_owned()],
    };
    b.boss
        .patch(MessagePatchToPostV2 {
            message_id: m.clone(),
            receipts: vec![receipt()],
            xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
                parent_entity_id: d.clone(),
                signed_content: test_signed(PAPER),
                labels: Vec::new(),
            }],
            ..MessagePatchToPostV2::default()
        })
        .await
        .unwrap();
    world.drain().await;
    let mut names = Names::with(&[(&m, "M"), (&d, "d1")]);
    let (in_a, _) = feeds(&a, &b, &mut names).await;
    assert_eq!(
        in_a[2],
        "Patch P2: [e2 XmlSignatureRejection(d1), e3 Signature(e2), e4 Receipt(d1), e5 Signature(e4)]"
    );

    let again = b.boss.sign(&m, &d).await.unwrap_err();
    let refusal = again.refusal().unwrap();
    assert_eq!(refusal.status, 409);
    assert_eq!(refusal.code.as_deref(), Some("DocumentService.InvalidDocumentState"));
    assert!(
        refusal.text.contains("Текущее состояние документа не позволяет его подписать"),
        "{}",
        refusal.text
    );
    let second_receipt = b
        .boss
        .patch(MessagePatchToPostV2 {
            message_id: m.clone(),
            receipts: vec![ReceiptAttachment { labels: Vec::new(), ..receipt() }],
            ..MessagePatchToPostV2::default()
        })
        .await;
    assert_eq!(second_receipt.unwrap_err().status(), Some(409));
    world.end().await;
}

#[tokio::test]
async fn the_obsolete_refusal_must_be_text() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let refuse = |content: &'static [u8]| MessagePatchToPost {
        box_id: b.box_id().to_string(),
        message_id: message.message_id.clone(),
        requested_signature_rejections: vec![RequestedSignatureRejection {
            parent_entity_id: message.entities[0].entity_id.clone(),
            signed_content: test_signed(content),
            labels: Vec::new(),
        }],
        ..MessagePatchToPost::default()
    };
    let options = potok_testkit::sdk::api::methods::OperationQuery::new();
    let wrong = b.boss.client.post_message_patch_v3(&options, refuse(b"\xff\xfe")).await.unwrap_err();
    assert_eq!(wrong.status(), Some(400));
    assert!(wrong.to_string().contains("Content must be valid UTF8 string"), "{wrong}");
    let done = b.boss.client.post_message_patch_v3(&options, refuse("Не согласны".as_bytes())).await.unwrap();
    assert_eq!(done.entities.len(), 2);
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_bad_signature_is_reported_to_the_sender_and_to_nobody_else() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let good = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    world.drain().await;
    let signature = good.entities.iter().find(|entity| entity.entity_type() as i32 == 2).unwrap();
    let bytes = a
        .boss
        .client
        .get_entity_content_v4(&potok_testkit::sdk::api::methods::EntityQuery::new(
            a.box_id(),
            good.message_id.parse::<potok_types::MessageId>().unwrap(),
            signature.entity_id.parse::<potok_types::EntityId>().unwrap(),
        ))
        .await
        .unwrap();
    // The signature of one document on another one.
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0].signed_content.sign_with_test_signature = None;
    letter.0.document_attachments[0].signed_content.content =
        Some(bytes::Bytes::from_static(b"another text"));
    letter.0.document_attachments[0].signed_content.signature = Some(bytes.0);
    let bad = a.boss.post(&letter).await.unwrap();
    world.drain().await;

    let (m, d) = (bad.message_id.clone(), bad.entities[0].entity_id.clone());
    let s = bad.entities[1].entity_id.clone();
    let mut names = Names::with(&[(&m, "M"), (&d, "d1"), (&s, "s1")]);
    let in_a = names.lines(&feed(&a.boss).await[2..]);
    assert_eq!(
        in_a,
        [
            "Message M: [d1 Nonformalized, s1 Signature(d1)]",
            "Patch P1: [e1 SignatureVerificationReport(s1), e2 DeliveryFailureNotification] not-delivered=M",
        ]
    );
    assert_eq!(feed(&b.boss).await.len(), 1, "the good letter only");
    world.end().await;
}

#[tokio::test]
async fn several_documents_are_one_packet_and_an_internal_letter_is_one_event() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments = (0..40)
        .map(|n| DocumentAttachment {
            custom_document_id: Some(format!("own-{n}")),
            ..Letter::document(&format!("{n}.pdf"), format!("text {n}"))
        })
        .collect();
    let message = a.boss.post(&letter).await.unwrap();
    let packets: std::collections::BTreeSet<_> =
        message.entities.iter().filter_map(|entity| entity.packet_id.clone()).collect();
    assert_eq!(packets.len(), 1, "one packet");
    letter.0.document_attachments.push(Letter::document("one more.pdf", "text"));
    let too_many = a.boss.post(&letter).await.unwrap_err();
    assert_eq!(too_many.status(), Some(400), "{too_many}");
    world.drain().await;
    let received = feed(&b.boss).await;
    let infos =
        received[0].message.as_ref().unwrap().entities.iter().filter_map(|e| e.document_info.as_ref());
    assert!(infos.clone().all(|info| info.custom_document_id.as_deref().unwrap_or_default().is_empty()));
    assert_eq!(infos.count(), 40);

    let internal = Letter(MessageToPost {
        to_box_id: None,
        is_internal: Some(true),
        ..Letter::new(b.box_id(), b.box_id()).0
    });
    let internal = b.boss.post(&internal).await.unwrap();
    assert_eq!(internal.to_box_id.as_deref(), Some(b.box_id().to_string().as_str()));
    world.drain().await;
    assert_eq!(feed(&b.boss).await.len(), 2);
    world.end().await;
}

fn query(org: &Org, message: &str) -> potok_testkit::sdk::api::methods::GetMessageQuery {
    potok_testkit::sdk::api::methods::GetMessageQuery::new(
        org.box_id(),
        message.parse::<potok_types::MessageId>().unwrap(),
    )
}
