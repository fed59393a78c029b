//! The operator's confirmations, as both sides see them.

use potok_cms::{Content, Trust, UnixTime};
use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPostV2, ReceiptAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, formal, test_signed};

use crate::support::{Names, feed, is_finished};

fn letter(a: &Org, b: &Org, type_named_id: &str, function: &str) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = formal(DocumentAttachment {
        type_named_id: type_named_id.to_owned(),
        function: Some(function.to_owned()),
        ..Letter::document("a.xml", PAPER)
    });
    letter
}

async fn receipt(person: &Person, message: &str, document: &str) {
    let patch = MessagePatchToPostV2 {
        message_id: message.to_owned(),
        receipts: vec![ReceiptAttachment {
            parent_entity_id: document.to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    };
    person.patch(patch).await.unwrap();
}

/// Bytes of an entity of a box.
async fn bytes(person: &Person, message: &str, entity: &str) -> Vec<u8> {
    let query = EntityQuery::new(
        person.box_id,
        message.parse::<potok_types::MessageId>().unwrap(),
        entity.parse::<potok_types::EntityId>().unwrap(),
    );
    person.client.get_entity_content_v4(&query).await.unwrap().0.to_vec()
}

#[tokio::test]
async fn an_invoice_is_finished_when_the_receipt_is_confirmed_to_both() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&letter(&a, &b, "Invoice", "default")).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    assert!(!is_finished(&a.boss, &m, &d).await && !is_finished(&b.boss, &m, &d).await);
    receipt(&b.boss, &m, &d).await;
    assert!(!is_finished(&b.boss, &m, &d).await, "the recipient's confirmation is on its way");
    world.drain().await;
    assert!(is_finished(&a.boss, &m, &d).await && is_finished(&b.boss, &m, &d).await);

    let mut names = Names::with(&[(&m, "M"), (&d, "d1")]);
    assert_eq!(
        names.lines(&feed(&a.boss).await),
        [
            "Message M: [d1 Invoice, e1 Signature(d1)]",
            "Patch P1: [e2 InvoiceConfirmation(d1), e3 Signature(e2)] delivered=M whole",
            "Patch P2: [e4 InvoiceReceipt(d1), e5 Signature(e4), e6 InvoiceConfirmation(e4), e7 Signature(e6)]",
        ]
    );
    assert_eq!(
        names.lines(&feed(&b.boss).await),
        [
            "Message M: [d1 Invoice, e1 Signature(d1), e8 InvoiceConfirmation(d1), e9 Signature(e8)]",
            "Patch P2: [e4 InvoiceReceipt(d1), e5 Signature(e4)]",
            "Patch P3: [e10 InvoiceConfirmation(e4), e11 Signature(e10)] delivered=P2",
        ]
    );
    world.end().await;
}

#[tokio::test]
async fn a_transfer_document_is_confirmed_received_and_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&letter(&a, &b, "UniversalTransferDocument", "СЧФДОП")).await.unwrap();
    let (m, d) = (message.message_id.clone(), message.entities[0].entity_id.clone());
    world.drain().await;
    receipt(&b.boss, &m, &d).await;
    world.drain().await;
    assert!(!is_finished(&a.boss, &m, &d).await && !is_finished(&b.boss, &m, &d).await);
    let refusal = XmlSignatureRejectionAttachment {
        parent_entity_id: d.clone(),
        signed_content: test_signed(PAPER),
        labels: Vec::new(),
    };
    let patch = MessagePatchToPostV2 {
        message_id: m.clone(),
        xml_signature_rejections: vec![refusal],
        ..MessagePatchToPostV2::default()
    };
    b.boss.patch(patch).await.unwrap();
    assert!(!is_finished(&b.boss, &m, &d).await, "the refusal is not confirmed yet");
    world.drain().await;
    assert!(is_finished(&a.boss, &m, &d).await && is_finished(&b.boss, &m, &d).await);

    let (in_a, in_b) = (feed(&a.boss).await, feed(&b.boss).await);
    let mut names = Names::with(&[(&m, "M"), (&d, "d1")]);
    assert_eq!(
        names.lines(&in_a),
        [
            "Message M: [d1 UniversalTransferDocument, e1 Signature(d1)]",
            "Patch P1: [e2 InvoiceConfirmation(d1), e3 Signature(e2)] delivered=M whole",
            "Patch P2: [e4 InvoiceReceipt(d1), e5 Signature(e4), e6 InvoiceConfirmation(e4), e7 Signature(e6)]",
            "Patch P3: [e8 XmlSignatureRejection(d1), e9 Signature(e8), e10 InvoiceConfirmation(e8), e11 Signature(e10)]",
        ]
    );
    assert_eq!(
        names.lines(&in_b),
        [
            "Message M: [d1 UniversalTransferDocument, e1 Signature(d1), e12 InvoiceConfirmation(d1), e13 Signature(e12)]",
            "Patch P2: [e4 InvoiceReceipt(d1), e5 Signature(e4)]",
            "Patch P4: [e14 InvoiceConfirmation(e4), e15 Signature(e14)] delivered=P2",
            "Patch P3: [e8 XmlSignatureRejection(d1), e9 Signature(e8)]",
            "Patch P5: [e16 InvoiceConfirmation(e8), e17 Signature(e16)] delivered=P3",
        ]
    );

    // What the two files about the document say of themselves.
    let patch = in_a[1].patch.as_ref().unwrap();
    let received = (&a, &patch.entities[0], &patch.entities[1], "DP_PDPOL", "send_confirmation_133_01_03");
    let entities = &in_b[0].message.as_ref().unwrap().entities;
    let passed_on = (&b, &entities[2], &entities[3], "DP_PDOTPR", "delivery_confirmation_133_01_03");
    for (org, file, signature, family, content_type) in [received, passed_on] {
        let addressee = &org.organization.fns_participant_id;
        let name = file.file_name.as_deref().unwrap();
        assert!(name.starts_with(&format!("{family}_{addressee}_2BM_")), "{name}");
        assert!(name.ends_with(&format!("_{}.xml", file.entity_id)), "{name}");
        assert_eq!(file.content_type_id.as_deref(), Some(content_type));
        assert_eq!(file.author_user_id.as_deref().unwrap_or_default(), "");
        assert_eq!(signature.signer_box_id.as_deref(), Some("00000000000000000000000000000000@diadoc.ru"));
        let xml = bytes(&org.boss, &m, &file.entity_id).await;
        let id = name.trim_end_matches(".xml").as_bytes();
        assert!(xml.windows(id.len()).any(|window| window == id), "the file says its name");
        assert!(xml.starts_with(br#"<?xml version="1.0" encoding="windows-1251"?>"#));
        let signed = bytes(&org.boss, &m, &signature.entity_id).await;
        let at = UnixTime(i64::MAX);
        let check = potok_cms::verify(&signed, Content::Bytes(&xml), at, &Trust::default()).unwrap();
        assert!(check.is_signature_of_content());
        let certificate = check.first().certificate.clone().unwrap();
        assert_eq!(certificate.subject().legal_inn(), Some("9900000000"), "the operator's own");
    }
    world.end().await;
}

#[tokio::test]
async fn what_waits_over_a_restart_is_confirmed_once() {
    let mut world = World::start().await;
    let (a, b) = world.two_sides().await;
    a.boss.post(&letter(&a, &b, "Invoice", "default")).await.unwrap();
    world.restart().await;
    world.drain().await;
    world.drain().await;
    let a = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    let b = world.known_person(b.box_id(), b.boss.user_id, &b.boss.login).await;
    for (person, expected) in [(&a, 1), (&b, 1)] {
        let message = feed(person).await;
        let entities = message.iter().flat_map(|event| {
            let message = event.message.iter().flat_map(|message| &message.entities);
            message.chain(event.patch.iter().flat_map(|patch| &patch.entities))
        });
        let confirmations =
            entities.filter(|entity| format!("{:?}", entity.attachment_type()) == "InvoiceConfirmation");
        assert_eq!(confirmations.count(), expected);
    }
    world.end().await;
}
