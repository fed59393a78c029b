//! What posted files say: formats, functions, numbers and words are read when a file is posted, and shown to both sides.

use bytes::Bytes;
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, DocumentAttachment, MessagePatchToPostV2, RecipientTitleAttachment,
    RevocationRequestAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, Person, World, test_signed};
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};

const TITLE_0: &[u8] = include_bytes!("../../../fns/testdata/utd970_title0.xml");
const TITLE_1: &[u8] = include_bytes!("../../../fns/testdata/utd970_title1.xml");
const REJECTION: &[u8] = include_bytes!("../../../fns/testdata/uvutoch_1.03_rejection.xml");
const AMENDMENT: &[u8] = include_bytes!("../../../fns/testdata/uvutoch_1.03_amendment.xml");
const REVOCATION: &[u8] = include_bytes!("../../../fns/testdata/prannul_1.02.xml");

fn document(type_named_id: &str, content: &'static [u8]) -> DocumentAttachment {
    DocumentAttachment {
        signed_content: test_signed(content),
        type_named_id: type_named_id.to_owned(),
        ..DocumentAttachment::default()
    }
}

fn letter(a: &Org, b: &Org, document: DocumentAttachment) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments = vec![document];
    letter
}

async fn shown(world: &World, who: &Person, version: u32, document: &Value) -> Value {
    let body = json!({ "Requests": [{ "DocumentId": document }] });
    ok(world, who, &format!("/V{version}/GetDocflows"), &body).await["Documents"][0].take()
}

fn titles(document: &Value, content: &'static [u8]) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        message_id: text(&document["MessageId"]).to_owned(),
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: text(&document["EntityId"]).to_owned(),
            signed_content: test_signed(content),
            need_receipt: false,
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    }
}

#[tokio::test]
async fn a_formalized_document_is_what_its_file_says() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&letter(&a, &b, document("UniversalTransferDocument", TITLE_0))).await.unwrap();
    world.drain().await;
    let document = ids(&posted).remove(0);
    for who in [&a.boss, &b.boss] {
        let info = shown(&world, who, 3, &document).await["DocumentInfo"].take();
        assert_eq!(
            info["FullVersion"],
            json!({"TypeNamedId": "UniversalTransferDocument", "Function": "СЧФДОП", "Version": "utd970_05_02_01"})
        );
        let metadata = info["Metadata"].as_array().unwrap();
        let value =
            |key: &str| metadata.iter().find(|item| item["Key"] == key).map(|item| text(&item["Value"]));
        assert_eq!(value("DocumentNumber"), Some("КБ-1042"));
        assert_eq!(value("DocumentDate"), Some("20.11.2026"));
        assert_eq!(value("TotalSum"), Some("3400.00"));
        assert!(value("FileName").unwrap().starts_with("ON_NSCHFDOPPR_"), "{metadata:?}");
    }

    let wrong = b.boss.patch(titles(&document, TITLE_0)).await.unwrap_err();
    assert_eq!(wrong.status(), Some(400));
    assert!(wrong.to_string().contains("the file is title 0, and title 1 is awaited"), "{wrong}");
    b.boss.patch(titles(&document, TITLE_1)).await.unwrap();
    world.drain().await;
    for (who, status) in [(&a.boss, "Подписан с разногласиями"), (&b.boss, "Подписан с разногласиями")]
    {
        let flow = shown(&world, who, 3, &document).await["Docflow"].take();
        assert_eq!(flow["RecipientResponse"]["ResponseStatus"], "WithRecipientPartiallySignature");
        let said = text(&flow["DocflowStatus"]["PrimaryStatus"]["StatusText"]);
        assert!(said.starts_with(status), "{said}");
        let titles = shown(&world, who, 5, &document).await["Docflow"]["Titles"].take();
        assert_eq!(
            titles[1]["AuthorSigning"]["OperationResult"]["WellKnown"],
            "WellKnownTitleOperationResultPartiallySigned"
        );
    }
    world.end().await;
}

#[tokio::test]
async fn a_file_that_is_something_else_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let with = |function: Option<&str>, version: Option<&str>| DocumentAttachment {
        function: function.map(str::to_owned),
        version: version.map(str::to_owned),
        ..document("UniversalTransferDocument", TITLE_0)
    };
    for (attachment, expected) in [
        (
            document("Invoice", TITLE_0),
            "TypeNamedId: the file can be sent as UniversalTransferDocument, not as Invoice",
        ),
        (with(Some("ДОП"), None), "Function: the file has the function СЧФДОП"),
        (with(Some("СЧФДОП"), Some("utd820_05_01_01")), "Version: the file is of version utd970_05_02_01"),
        (document("UniversalTransferDocument", TITLE_1), "SignedContent.Content: the file is title 1"),
    ] {
        let refused = a.boss.post(&letter(&a, &b, attachment)).await.unwrap_err();
        assert_eq!(refused.status(), Some(400), "{expected}: {refused}");
        let text = refused.to_string();
        assert!(text.contains(&format!("MessageToPost.DocumentAttachments[0].{expected}")), "{text}");
    }
    // A file of an official format may always be sent as a file.
    let plain = DocumentAttachment {
        signed_content: test_signed(TITLE_0),
        ..Letter::document("any.xml", Bytes::new())
    };
    a.boss.post(&letter(&a, &b, plain)).await.unwrap();
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn words_of_refusals_and_requests_are_shown_to_both_sides() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id()).wants_signature()).await.unwrap();
    world.drain().await;
    let document = ids(&posted).remove(0);
    let (message_id, parent) =
        (text(&document["MessageId"]).to_owned(), text(&document["EntityId"]).to_owned());
    let patch = MessagePatchToPostV2 { message_id: message_id.clone(), ..MessagePatchToPostV2::default() };
    b.boss
        .patch(MessagePatchToPostV2 {
            correction_requests: vec![CorrectionRequestAttachment {
                parent_entity_id: parent.clone(),
                signed_content: test_signed(AMENDMENT),
                labels: Vec::new(),
            }],
            xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
                parent_entity_id: parent.clone(),
                signed_content: test_signed(REJECTION),
                labels: Vec::new(),
            }],
            ..patch.clone()
        })
        .await
        .unwrap();
    world.drain().await;
    a.boss
        .patch(MessagePatchToPostV2 {
            revocation_requests: vec![RevocationRequestAttachment {
                parent_entity_id: parent,
                signed_content: test_signed(REVOCATION),
                labels: Vec::new(),
            }],
            ..patch
        })
        .await
        .unwrap();
    world.drain().await;
    let [refused, amended, revoked] = [
        "Товар по накладной не поступал, в подписи отказано.",
        "В строке 2 указано неверное количество. Просим выставить исправленный документ.",
        "Документ оформлен ошибочно: поставка отменена сторонами.",
    ];
    for who in [&a.boss, &b.boss] {
        for version in [3, 4] {
            let flow = shown(&world, who, version, &document).await["Docflow"].take();
            assert_eq!(flow["RecipientResponse"]["Rejection"]["PlainText"], refused);
            assert_eq!(flow["AmendmentRequest"]["PlainText"], amended);
            assert_eq!(flow["Revocation"]["RevocationRequest"]["PlainText"], revoked);
        }
        let flow = shown(&world, who, 5, &document).await["Docflow"].take();
        let docflow = &flow["Titles"][0]["ParticipantDocflows"][0];
        assert_eq!(docflow["Response"]["Rejection"]["PlainText"], refused);
        assert_eq!(flow["AmendmentRequests"][0]["PlainText"], amended);
        assert_eq!(flow["Revocation"]["RevocationRequest"]["PlainText"], revoked);
    }
    world.end().await;
}
