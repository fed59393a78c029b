//! Letters that are stored first and sent later.

use potok_testkit::sdk::proto::events::{DocumentSignature, MessagePatchToPostV2, SignedContent};
use potok_testkit::{Letter, World};

use crate::support::{Names, feed};

fn unsent(mut letter: Letter, documents: usize) -> Letter {
    letter.0.delay_send = Some(true);
    letter.0.document_attachments = (0..documents)
        .map(|n| {
            let mut document = Letter::document(&format!("{n}.pdf"), format!("text {n}"));
            document.signed_content =
                SignedContent { content: document.signed_content.content, ..SignedContent::default() };
            document
        })
        .collect();
    letter
}

#[tokio::test]
async fn documents_signed_one_by_one_arrive_one_by_one() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let message = a.boss.post(&unsent(Letter::new(a.box_id(), b.box_id()), 2)).await.unwrap();
    let m = message.message_id.clone();
    let ids: Vec<String> = message.entities.iter().map(|entity| entity.entity_id.clone()).collect();
    assert_eq!(ids.len(), 2, "no signatures");
    world.drain().await;
    assert!(feed(&b.boss).await.is_empty(), "nothing was sent");
    for id in &ids {
        a.boss.sign(&m, id).await.unwrap();
        world.drain().await;
    }
    let mut names = Names::with(&[(&m, "M"), (&ids[0], "d1"), (&ids[1], "d2")]);
    let in_a = names.lines(&feed(&a.boss).await);
    let in_b = names.lines(&feed(&b.boss).await);
    assert_eq!(
        in_a,
        [
            "Message M: [d1 Nonformalized, d2 Nonformalized]",
            "Patch P1: [e1 Signature(d1)]",
            "Patch P2: [] delivered=P1 whole",
            "Patch P3: [e2 Signature(d2)]",
            "Patch P4: [] delivered=P3",
        ]
    );
    assert_eq!(
        in_b,
        ["Message M: [d1 Nonformalized, e1 Signature(d1)]", "Patch P3: [d2 Nonformalized, e2 Signature(d2)]",]
    );
    world.end().await;
}

#[tokio::test]
async fn a_locked_packet_is_signed_whole_or_not_at_all() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = unsent(Letter::new(a.box_id(), b.box_id()), 2);
    letter.0.lock_packet = Some(true);
    let message = a.boss.post(&letter).await.unwrap();
    let partly = a.boss.sign(&message.message_id, &message.entities[0].entity_id).await.unwrap_err();
    let refusal = partly.refusal().unwrap();
    assert_eq!(refusal.status, 409);
    assert_eq!(refusal.code.as_deref(), Some("DocumentService.PleaseSignAllDocumentsInLockedPacket"));
    assert!(refusal.text.contains("Необходимо подписать все документы в пакете"), "{}", refusal.text);
    assert_eq!(feed(&a.boss).await.len(), 1, "no event");
    a.boss
        .patch(MessagePatchToPostV2 {
            message_id: message.message_id.clone(),
            signatures: message
                .entities
                .iter()
                .map(|entity| DocumentSignature {
                    parent_entity_id: entity.entity_id.clone(),
                    sign_with_test_signature: Some(true),
                    ..DocumentSignature::default()
                })
                .collect(),
            ..MessagePatchToPostV2::default()
        })
        .await
        .unwrap();
    world.drain().await;
    assert_eq!(feed(&b.boss).await.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn an_unsent_letter_carries_no_signature_and_a_sent_one_must() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut with = Letter::new(a.box_id(), b.box_id());
    with.0.delay_send = Some(true);
    let mut without = unsent(Letter::new(a.box_id(), b.box_id()), 1);
    without.0.delay_send = None;
    for letter in [with, without] {
        let refused = a.boss.post(&letter).await.unwrap_err();
        assert_eq!(refused.status(), Some(400));
        assert!(refused.to_string().contains("DocumentAttachments[0]"), "{refused}");
    }
    assert!(feed(&a.boss).await.is_empty(), "a refused letter leaves nothing behind");
    world.end().await;
}
