//! What posted files say: formats, functions, numbers and words are read when a file is posted, and shown to both sides.

use bytes::Bytes;
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, DocumentAttachment, MessagePatchToPostV2, ReceiptAttachment,
    RecipientTitleAttachment, RevocationRequestAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Person, World, test_signed};
use serde_json::{Value, json};

use crate::docflows::{ids, ok, text};

const TITLE_0: &[u8] = include_bytes!("../../../fns/testdata/utd970_title0.xml");
const TITLE_1: &[u8] = include_bytes!("../../../fns/testdata/utd970_title1.xml");
const REJECTION: &[u8] = include_bytes!("../../../fns/testdata/uvutoch_1.03_rejection.xml");

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
    let wrong = wrong.refusal().unwrap();
    assert_eq!(
        (wrong.status, wrong.code.as_deref()),
        (409, Some("DocumentService.NotCorrespondingTitleFormat"))
    );
    assert_eq!(
        wrong.text,
        "MessagePatchToPostV2.RecipientTitles[0]: Формат титула покупателя должен соответствовать формату титула продавца \
         (the file is title 0, and title 1 is awaited; send that one)"
    );
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
            " (the file can be sent as UniversalTransferDocument, not as Invoice)",
        ),
        (with(Some("ДОП"), None), " (the file has the function СЧФДОП; name it, or leave Function out)"),
        (
            with(Some("СЧФДОП"), Some("utd820_05_01_01")),
            " (the file is of version utd970_05_02_01, not utd820_05_01_01; name it, or leave Version out)",
        ),
        (
            document("UniversalTransferDocument", TITLE_1),
            " (the file is title 1, which answers a document; post it with RecipientTitles of PostMessagePatch)",
        ),
        (document("UniversalTransferDocument", b"%PDF-1.7"), ""),
        (document("UniversalTransferDocument", REJECTION), ""),
        (document("UniversalTransferDocument", b"<a/>"), ""),
    ] {
        let refused = a.boss.post(&letter(&a, &b, attachment)).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        let text =
            "MessageToPost.DocumentAttachments[0]: Документ не может быть отправлен в указанном формате";
        assert_eq!(refused.text, format!("{text}{expected}"));
        assert_eq!(
            (refused.status, refused.code.as_deref()),
            (400, Some("DocumentService.InvalidFileContent"))
        );
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
    let [refused, amended, revoked] = [
        "Товар по накладной не поступал, в подписи отказано.",
        "В строке 2 указано неверное количество. Просим выставить исправленный документ.",
        "Документ оформлен ошибочно: поставка отменена сторонами.",
    ];
    let patch = MessagePatchToPostV2 { message_id: message_id.clone(), ..MessagePatchToPostV2::default() };
    b.boss
        .patch(MessagePatchToPostV2 {
            correction_requests: vec![CorrectionRequestAttachment {
                parent_entity_id: parent.clone(),
                signed_content: b.boss.clarification(&message_id, &parent, amended).await,
                labels: Vec::new(),
            }],
            xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
                parent_entity_id: parent.clone(),
                signed_content: b.boss.clarification(&message_id, &parent, refused).await,
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
                signed_content: a.boss.revocation(&message_id, &parent, revoked).await,
                parent_entity_id: parent,
                labels: Vec::new(),
            }],
            ..patch
        })
        .await
        .unwrap();
    world.drain().await;
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

/// A patch of `who` with `content` in one of its lists.
fn answering(list: &str, message: &str, parent: &str, content: &[u8]) -> MessagePatchToPostV2 {
    let mut patch =
        MessagePatchToPostV2 { message_id: message.to_owned(), ..MessagePatchToPostV2::default() };
    let (parent_entity_id, signed_content) = (parent.to_owned(), test_signed(content.to_vec()));
    let labels = Vec::new();
    match list {
        "Receipts" => patch.receipts.push(ReceiptAttachment { parent_entity_id, signed_content, labels }),
        "XmlSignatureRejections" => patch.xml_signature_rejections.push(XmlSignatureRejectionAttachment {
            parent_entity_id,
            signed_content,
            labels,
        }),
        "CorrectionRequests" => patch.correction_requests.push(CorrectionRequestAttachment {
            parent_entity_id,
            signed_content,
            labels,
        }),
        "RevocationRequests" => patch.revocation_requests.push(RevocationRequestAttachment {
            parent_entity_id,
            signed_content,
            labels,
        }),
        _ => patch.recipient_titles.push(RecipientTitleAttachment {
            parent_entity_id,
            signed_content,
            ..RecipientTitleAttachment::default()
        }),
    }
    patch
}

#[tokio::test]
async fn answers_are_of_their_kind_and_name_what_they_answer() {
    const FORMAT: &str = "Документ не может быть отправлен в указанном формате";
    const RECEIPT: &[u8] = include_bytes!("../../../fns/testdata/izvpol_1.03.xml");
    const CONFIRMATION: &[u8] = include_bytes!("../../../fns/testdata/pdpol_1.03.xml");
    const OTHER_FORMAT: &[u8] = include_bytes!("../../../fns/testdata/utd820_title1.xml");
    const REVOCATION: &[u8] = include_bytes!("../../../fns/testdata/prannul_1.02.xml");
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let posted = a.boss.post(&letter(&a, &b, document("UniversalTransferDocument", TITLE_0))).await.unwrap();
    world.drain().await;
    let (message, parent) = (posted.message_id.as_str(), posted.entities[0].entity_id.as_str());
    // The samples answer the sample, with another signature than the one here.
    let other_signature = ["{ Location = /Файл/Документ/СвИзвПолуч/СведПолФайл/ЭППолФайл, Message = "];
    let other_file = &[
        "/Файл/Документ/СвИзвПолуч/СведПолФайл/@ИмяПолФайла, Message = Указан файл «DP_",
        "};{ Location = /Файл/Документ/СвИзвПолуч/СведПолФайл/ЭППолФайл, Message = ",
    ];
    let of_other = String::from_utf8(encoding(RECEIPT)).unwrap().replace("Файла=\"ON_", "Файла=\"DP_");
    let cut = &RECEIPT[..RECEIPT.len() - 20];
    for (list, content, words) in [
        ("Receipts", &b"%PDF-1.7"[..], &[FORMAT][..]),
        ("Receipts", TITLE_0, &[FORMAT]),
        ("Receipts", CONFIRMATION, &[FORMAT]),
        ("Receipts", RECEIPT, &other_signature),
        ("Receipts", of_other.as_bytes(), other_file),
        ("Receipts", cut, &["{ Location = Line: "]),
        ("XmlSignatureRejections", "не подпишем".as_bytes(), &[FORMAT]),
        ("XmlSignatureRejections", REVOCATION, &[FORMAT]),
        ("XmlSignatureRejections", REJECTION, &["/Файл/Документ/СвУведУточ/СведПолФайл/ЭППолФайл"]),
        ("CorrectionRequests", RECEIPT, &[FORMAT]),
        ("RevocationRequests", b"1234", &[FORMAT]),
        ("RevocationRequests", REJECTION, &[FORMAT]),
        ("RevocationRequests", REVOCATION, &["/Файл/Документ/СвПредАн/СведАнФайл/ЭЦПАнФайл"]),
    ] {
        let refused = b.boss.patch(answering(list, message, parent, content)).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(
            (refused.status, refused.code.as_deref()),
            (400, Some("DocumentService.InvalidFileContent")),
            "{list}: {}",
            refused.text
        );
        let place = format!("MessagePatchToPostV2.{list}[0]: ");
        assert!(refused.text.starts_with(&place), "{}", refused.text);
        words.iter().for_each(|words| assert!(refused.text.contains(words), "{words}: {}", refused.text));
    }
    let another = potok_testkit::answering_title(
        &String::from_utf8_lossy(&encoding(TITLE_0)).replace("5c0f0b52", "5c0f0b53").into_bytes(),
    );
    for (content, status, words) in [
        (&b"{}"[..], 409, "Формат титула покупателя должен соответствовать формату титула продавца ("),
        (b"%PDF-1.7", 409, "Формат титула покупателя должен соответствовать"),
        (RECEIPT, 409, "the file is no title of a known format"),
        (TITLE_0, 409, "the file is title 0, and title 1 is awaited"),
        (OTHER_FORMAT, 409, "the title is of version utd820_05_01_02_hyphen"),
        (&another.unwrap(), 400, "{ Location = /Файл/Документ/ИдИнфПрод, Message = Титул отвечает на файл «"),
    ] {
        let refused = b.boss.patch(answering("RecipientTitles", message, parent, content)).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(refused.status, status, "{}", refused.text);
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    // Nothing was used up.
    b.boss.patch(answering("Receipts", message, parent, PAPER)).await.unwrap();
    b.boss.patch(answering("RecipientTitles", message, parent, TITLE_1)).await.unwrap();
    world.drain().await;
    world.end().await;
}

/// A file in UTF-8.
fn encoding(bytes: &[u8]) -> Vec<u8> {
    let (text, _) = potok_testkit::fns::xml::decode(bytes, &potok_testkit::fns::xml::Limits::TITLE).unwrap();
    text.replacen("windows-1251", "UTF-8", 1).into_bytes()
}
