//! Test signatures count in test organizations and nowhere else; signatures are kept as they came.

use potok_testkit::sdk::proto::events::{DocumentSignature, Message, MessagePatchToPostV2, SignedContent};
use potok_testkit::{Letter, Org};

use crate::signatures::{DOCUMENT, content, pki, post, signature, world};
use crate::support::feed;

/// The document, signed by the server.
fn letter_with_test_signature(from: &Org, to: &Org) -> Letter {
    let mut letter = Letter::new(from.box_id(), to.box_id()).wants_signature();
    letter.0.document_attachments[0].signed_content = SignedContent {
        content: Some(DOCUMENT.into()),
        sign_with_test_signature: Some(true),
        ..SignedContent::default()
    };
    letter
}

/// What the sender was told last, besides that it posted.
async fn notice(of: &Org, message: &Message) -> String {
    let told = feed(&of.boss).await.pop().unwrap().patch.unwrap();
    let notice = told.entities.last().unwrap();
    String::from_utf8(content(of, &message.message_id, notice).await).unwrap()
}

/// With trust configured and test signatures asked for: neither a call nor bytes of a test signature make one count.
#[tokio::test]
async fn no_road_leads_a_test_signature_into_an_organization_that_is_no_test() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let real = world.real_organization("ООО «Ромашка»", "9612345678").await;
    let other = world.real_organization("АО «Лютик»", "9687654321").await;
    let test = world.organization("ЗАО «Клевер»", "7701234567").await;

    // A test organization may, also towards one that is none, and everybody sees that it is a test.
    let posted = test.boss.post(&letter_with_test_signature(&test, &real)).await.unwrap();
    world.drain().await;
    let seen = feed(&real.boss).await[0].message.clone().unwrap();
    assert_eq!(seen.message_id, posted.message_id);
    assert_eq!((posted.is_test, seen.is_test), (Some(true), Some(true)));
    let document = &seen.entities[0];
    assert_eq!(document.document_info.as_ref().unwrap().is_test, Some(true));
    let bytes = content(&test, &posted.message_id, &posted.entities[1]).await;

    // The call, in a letter and in an answer.
    let error = real.boss.post(&letter_with_test_signature(&real, &other)).await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert!(error.to_string().contains("test signatures are for test organizations"), "{error}");
    let error = real.boss.sign(&posted.message_id, &document.entity_id).await.unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");

    // The bytes.
    let message = post(&real, &other, bytes.clone()).await.unwrap();
    world.drain().await;
    assert!(feed(&other.boss).await.is_empty(), "nothing is delivered");
    let told = notice(&real, &message).await;
    assert!(told.contains("тестовая подпись") && told.contains("не была доставлена"), "{told}");

    // A real one arrives, and its answer must be real too.
    let good = signature(&pki.people[0][0], DOCUMENT);
    let message = post(&real, &other, good).await.unwrap();
    world.drain().await;
    assert_ne!(feed(&other.boss).await[0].message.as_ref().unwrap().is_test, Some(true));
    let answer = MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        signatures: vec![DocumentSignature {
            parent_entity_id: message.entities[0].entity_id.clone(),
            signature: Some(bytes.into()),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let before = feed(&real.boss).await.len();
    other.boss.patch(answer).await.unwrap();
    world.drain().await;
    assert_eq!(feed(&real.boss).await.len(), before, "the answer is not delivered");
    assert!(notice(&other, &message).await.contains("тестовая подпись"));
    world.end().await;
}

/// Programs that do not know the length in advance write BER without it.
#[tokio::test]
async fn a_signature_is_kept_byte_for_byte_in_both_boxes() {
    let folder = tempfile::tempdir().unwrap();
    let pki = pki(folder.path());
    let world = world(folder.path()).await;
    let (a, b) = world.two_sides().await;
    let der = signature(&pki.people[0][0], DOCUMENT);
    assert_eq!(der[1], 0x82);
    let ber = [&[0x30, 0x80][..], &der[4..], &[0, 0]].concat();
    let message = post(&a, &b, ber.clone()).await.unwrap();
    world.drain().await;
    for org in [&a, &b] {
        assert_eq!(content(org, &message.message_id, &message.entities[1]).await, ber);
    }
    assert_eq!(feed(&b.boss).await.len(), 1, "it is good, and delivered");
    world.end().await;
}
