//! Receipts, refusals, requests to amend and to revoke: made by the server, signed and posted by the people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    AttachmentQuery, BoxQuery, EntityQuery, GenerateRevocationRequestXmlQuery, GetDocumentQuery,
};
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, DocumentAttachment, Message, MessagePatch, MessagePatchToPostV2,
    ReceiptAttachment, RevocationRequestAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::sdk::proto::invoicing::{
    InvoiceCorrectionRequestGenerationRequestV2, InvoiceCorrectionRequestInfo, ReceiptGenerationRequestV2,
    RevocationRequestInfo, SignatureRejectionGenerationRequestV2, SignatureRejectionInfo, Signer,
    SignerDetails,
};
use potok_testkit::{Letter, Org, PAPER, Person, RawRequest, World, formal, test_signed};
use potok_types::{EntityId, MessageId};

use crate::kept::check_kept;
use crate::support::{feed, is_finished};

/// AO «Лютик», Орлова Мария Ивановна, главный бухгалтер.
const CERTIFICATE: &[u8] = include_bytes!("../../testdata/signer.cer");

const CONTRACT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Signer SignerStatus="2">
  <Certificate CertificateThumbprint="0123456789ABCDEF0123456789ABCDEF01234567"/>
  <Fio LastName="Орлова" FirstName="Мария" MiddleName="Ивановна"/>
  <Position PositionSource="Manual">Главный бухгалтер</Position>
  <PowerOfAttorney><Electronic MethodOfProviding="2"><Manual RegistrationNumber="0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11"
    RegistrationDate="15.01.2026" SystemId="https://example.org/powers"/></Electronic></PowerOfAttorney>
</Signer>"#;

fn signer(job_title: Option<&str>) -> Signer {
    Signer {
        signer_details: Some(SignerDetails {
            surname: "Орлова".to_owned(),
            first_name: "Мария".to_owned(),
            patronymic: Some("Ивановна".to_owned()),
            job_title: job_title.map(str::to_owned),
            ..SignerDetails::default()
        }),
        ..Signer::default()
    }
}

fn by_certificate() -> Signer {
    Signer { signer_certificate: Some(Bytes::from_static(CERTIFICATE)), ..Signer::default() }
}

async fn send(a: &Org, b: &Org, type_named_id: &str, function: &str, workflow: Option<i32>) -> Place {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = formal(DocumentAttachment {
        type_named_id: type_named_id.to_owned(),
        function: Some(function.to_owned()),
        workflow_id: workflow,
        ..Letter::document("a.xml", PAPER)
    });
    Place::of(&a.boss.post(&letter).await.unwrap())
}

/// A document of a message.
struct Place {
    message: String,
    document: String,
}

impl Place {
    fn of(message: &Message) -> Self {
        Self { message: message.message_id.clone(), document: message.entities[0].entity_id.clone() }
    }

    fn message_id(&self) -> MessageId {
        self.message.parse().unwrap()
    }

    fn query(&self, person: &Person, attachment: &str) -> AttachmentQuery {
        AttachmentQuery::new(person.box_id, self.message_id(), attachment.parse::<EntityId>().unwrap())
    }

    fn patch(&self) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 { message_id: self.message.clone(), ..MessagePatchToPostV2::default() }
    }

    async fn receipt(&self, person: &Person, attachment: &str, file: &Raw) -> MessagePatch {
        let receipts = vec![ReceiptAttachment {
            parent_entity_id: attachment.to_owned(),
            signed_content: test_signed(file.0.clone()),
            labels: Vec::new(),
        }];
        person.patch(MessagePatchToPostV2 { receipts, ..self.patch() }).await.unwrap()
    }

    async fn reject(&self, person: &Person, attachment: &str, file: &Raw) -> MessagePatch {
        let xml_signature_rejections = vec![XmlSignatureRejectionAttachment {
            parent_entity_id: attachment.to_owned(),
            signed_content: test_signed(file.0.clone()),
            labels: Vec::new(),
        }];
        person.patch(MessagePatchToPostV2 { xml_signature_rejections, ..self.patch() }).await.unwrap()
    }
}

/// The name of the first entity of a patch is the name that the file gives itself.
fn check_name(patch: &MessagePatch, file: &Raw, family: &str) {
    let name = patch.entities[0].file_name.as_deref().unwrap();
    assert!(name.starts_with(&format!("{family}_2BM-")) && name.ends_with(".xml"), "{name}");
    let id = name.trim_end_matches(".xml").as_bytes();
    assert!(file.0.windows(id.len()).any(|window| window == id), "{name} is not the file's own name");
}

#[tokio::test]
async fn a_made_receipt_finishes_the_exchange_of_an_invoice() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "Invoice", "default", None).await;
    world.drain().await;
    let request = ReceiptGenerationRequestV2 {
        message_id: place.message.clone(),
        attachment_id: place.document.clone(),
        signer_content: CONTRACT.into(),
    };
    let query = BoxQuery::new(b.box_id());
    let file = b.boss.client.generate_receipt_xml_v2(&query, request.clone()).await.unwrap();
    check_kept("receipt_v2.xml", &file);
    check_name(&place.receipt(&b.boss, &place.document, &file).await, &file, "DP_IZVPOL");
    world.drain().await;
    assert!(is_finished(&a.boss, &place.message, &place.document).await);

    let again = b.boss.client.generate_receipt_xml_v2(&query, request).await.unwrap_err();
    assert_eq!(again.status(), Some(409), "{again}");
    world.end().await;
}

#[tokio::test]
async fn the_old_procedure_receipts_the_confirmations_of_the_operator() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "Invoice", "default", Some(4)).await;
    world.drain().await;
    let query = place.query(&b.boss, &place.document);
    let file = b.boss.client.generate_invoice_document_receipt_xml(&query, by_certificate()).await.unwrap();
    check_kept("receipt_v1.xml", &file);
    let by_other_name = b.boss.json.generate_document_receipt_xml(&query, by_certificate()).await.unwrap();
    assert_eq!(by_other_name.0.len(), file.0.len(), "they differ in their names and times only");
    place.receipt(&b.boss, &place.document, &file).await;
    world.drain().await;
    let confirmation = feed(&a.boss).await.into_iter().find_map(|event| {
        let entities = event.patch?.entities;
        entities.into_iter().find(|entity| {
            format!("{:?}", entity.attachment_type()) == "InvoiceConfirmation"
                && entity.parent_entity_id.as_deref() == Some(&place.document)
        })
    });
    let confirmation = confirmation.unwrap().entity_id;
    let query = place.query(&a.boss, &confirmation);
    let file = a.boss.client.generate_receipt_xml(&query, signer(Some("Директор"))).await.unwrap();
    check_kept("receipt_of_confirmation.xml", &file);
    place.receipt(&a.boss, &confirmation, &file).await;
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn a_made_refusal_is_read_as_it_was_and_finishes_the_exchange() {
    const WHY: &str = "Неверная цена: «5 €» & <скидка>";
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "UniversalTransferDocument", "ДОП", None).await;
    world.drain().await;
    let request = SignatureRejectionGenerationRequestV2 {
        error_message: Some(WHY.to_owned()),
        message_id: place.message.clone(),
        attachment_id: place.document.clone(),
        signer_content: CONTRACT.into(),
    };
    let query = BoxQuery::new(b.box_id());
    let file = b.boss.json.generate_signature_rejection_xml_v2(&query, request).await.unwrap();
    check_kept("rejection_v2.xml", &file);
    let old = SignatureRejectionInfo { error_message: Some(WHY.to_owned()), signer: by_certificate() };
    let query = place.query(&b.boss, &place.document);
    let older = b.boss.client.generate_signature_rejection_xml(&query, old).await.unwrap();
    check_kept("rejection_v1.xml", &older);
    for (file, client) in [(&file, &b.boss.client), (&older, &b.boss.json)] {
        let read = client.parse_signature_rejection_xml(file.clone()).await.unwrap();
        assert_eq!(read.error_message.as_deref(), Some(WHY));
        assert_eq!(read.signer, signer(Some("Главный бухгалтер")));
    }
    check_name(&place.reject(&b.boss, &place.document, &file).await, &file, "DP_UVUTOCH");
    world.drain().await;
    assert!(is_finished(&a.boss, &place.message, &place.document).await);
    assert!(is_finished(&b.boss, &place.message, &place.document).await);
    world.end().await;
}

#[tokio::test]
async fn a_made_amendment_request_tells_both_sides_what_to_amend() {
    const WHAT: &str = "В строке 2 указано неверное количество";
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "UniversalTransferDocument", "СЧФДОП", None).await;
    world.drain().await;
    let query = place.query(&b.boss, &place.document);
    let old = InvoiceCorrectionRequestInfo {
        error_message: WHAT.to_owned(),
        signer: signer(Some("Главный бухгалтер")),
    };
    let older = b.boss.client.generate_invoice_correction_request_xml(&query, old.clone()).await.unwrap();
    check_kept("amendment_request_v1.xml", &older);
    let request = InvoiceCorrectionRequestGenerationRequestV2 {
        error_message: WHAT.to_owned(),
        message_id: place.message.clone(),
        attachment_id: place.document.clone(),
        signer_content: CONTRACT.into(),
    };
    let query = BoxQuery::new(b.box_id());
    let file = b.boss.client.generate_invoice_correction_request_xml_v2(&query, request).await.unwrap();
    check_kept("amendment_request_v2.xml", &file);
    let correction_requests = vec![CorrectionRequestAttachment {
        parent_entity_id: place.document.clone(),
        signed_content: test_signed(file.0.clone()),
        labels: Vec::new(),
    }];
    let patch = MessagePatchToPostV2 { correction_requests, ..place.patch() };
    let patch = b.boss.patch(patch).await.unwrap();
    check_name(&patch, &file, "DP_UVUTOCH");
    world.drain().await;
    for person in [&a.boss, &b.boss] {
        let request: EntityId = patch.entities[0].entity_id.parse().unwrap();
        let query = EntityQuery::new(person.box_id, place.message_id(), request);
        let info = person.client.get_invoice_correction_request_info(&query).await.unwrap();
        assert_eq!(info, old);
        let document: EntityId = place.document.parse().unwrap();
        let query = EntityQuery::new(person.box_id, place.message_id(), document);
        let none = person.client.get_invoice_correction_request_info(&query).await.unwrap_err();
        assert_eq!(none.status(), Some(409), "{none}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_made_offer_of_revocation_is_refused_by_a_made_refusal() {
    const WHY: &str = "Поставка отменена сторонами";
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
    letter.0.document_attachments[0].metadata[0].value = "Договор № 7.pdf".to_owned();
    let place = Place::of(&a.boss.post(&letter).await.unwrap());
    world.drain().await;
    b.boss.sign(&place.message, &place.document).await.unwrap();
    world.drain().await;
    let document: EntityId = place.document.parse().unwrap();
    let info = |signer| RevocationRequestInfo { comment: Some(WHY.to_owned()), signer };
    let query = place.query(&a.boss, &place.document);
    let oldest = a.boss.json.generate_revocation_request_xml(&query, info(None)).await.unwrap();
    check_kept("revocation_v1.xml", &oldest);
    let query = GenerateRevocationRequestXmlQuery::new(a.box_id(), place.message_id(), document);
    let given = info(Some(signer(None)));
    let file = a.boss.client.generate_revocation_request_xml_v2(&query, given.clone()).await.unwrap();
    check_kept("revocation_v2.xml", &file);
    for (file, expected) in [(&oldest, info(None)), (&file, given)] {
        let read = a.boss.client.parse_revocation_request_xml(file.clone()).await.unwrap();
        assert_eq!(read, expected);
    }
    let revocation_requests = vec![RevocationRequestAttachment {
        parent_entity_id: place.document.clone(),
        signed_content: test_signed(file.0.clone()),
        labels: Vec::new(),
    }];
    let patch = MessagePatchToPostV2 { revocation_requests, ..place.patch() };
    let patch = a.boss.patch(patch).await.unwrap();
    check_name(&patch, &file, "DP_PRANNUL");
    world.drain().await;

    let request = patch.entities[0].entity_id.clone();
    let refusal = SignatureRejectionInfo { error_message: None, signer: signer(Some("Директор")) };
    let query = place.query(&b.boss, &request);
    let file = b.boss.client.generate_signature_rejection_xml(&query, refusal).await.unwrap();
    check_kept("revocation_rejection_v1.xml", &file);
    place.reject(&b.boss, &request, &file).await;
    world.drain().await;
    let query = GetDocumentQuery::new(a.box_id(), place.message_id(), document);
    let shown = a.boss.client.get_document_v3(&query).await.unwrap();
    assert_eq!(format!("{:?}", shown.revocation_status()), "RevocationRejected");
    world.end().await;
}

/// Whose certificate an employee has is known by its thumbprint; of others nothing is told.
#[tokio::test]
async fn a_signer_is_known_by_the_certificate_of_an_employee() {
    /// «Орлова», as the file is encoded.
    const SURNAME: [u8; 6] = [0xCE, 0xF0, 0xEB, 0xEE, 0xE2, 0xE0];
    let world = World::start().await;
    // The certificate is of November.
    world.clock().advance_seconds(300 * 24 * 3600);
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "UniversalTransferDocument", "СЧФДОП", None).await;
    world.drain().await;
    let thumbprint = potok_cms::Certificate::parse(CERTIFICATE).unwrap().thumbprint().to_string();
    let signer = Signer { signer_certificate_thumbprint: Some(thumbprint), ..Signer::default() };
    let query = place.query(&b.boss, &place.document);
    let make = async |signer: &Signer| b.boss.client.generate_receipt_xml(&query, signer.clone()).await;
    let unknown = make(&signer).await.unwrap_err().to_string();
    assert!(unknown.contains("Signer.SignerCertificateThumbprint: no employee of this box"), "{unknown}");
    let admin = world.app().admin();
    admin.add_certificate(a.boss.user_id, CERTIFICATE).await.unwrap();
    let of_other = make(&signer).await.unwrap_err().to_string();
    let told = |text: &str| text.split(" (trace").next().map(str::to_owned);
    assert_eq!(told(&of_other), told(&unknown));
    admin.put_employee(b.box_id(), a.boss.user_id, "", Permissions::none()).await.unwrap();
    let file = make(&signer).await.unwrap();
    assert!(file.0.windows(SURNAME.len()).any(|bytes| bytes == SURNAME));
    world.end().await;
}

#[tokio::test]
async fn files_carry_their_names_and_mistakes_theirs() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let place = send(&a, &b, "UniversalTransferDocument", "СЧФДОП", None).await;
    world.drain().await;
    let (message, document) = (&place.message, &place.document);
    let none = "4c422f4e-7ecd-492d-a652-3aa45007da1b";
    let details = r#""SignerDetails":{"Surname":"Орлова","FirstName":"Мария""#;
    let contract = |text: &str| STANDARD.encode(text);
    let v1 = |method: &str, attachment: &str| {
        format!("/{method}?boxId={}&messageId={message}&attachmentId={attachment}", b.box_id().guid())
    };
    let v2 = |method: &str| format!("/V2/{method}?boxId={}", b.box_id().guid());
    let ids = |attachment: &str| format!(r#""MessageId":"{message}","AttachmentId":"{attachment}""#);
    let amend = "GenerateInvoiceCorrectionRequestXml";
    let receipt = "GenerateReceiptXml";
    for (path, body, status, words) in [
        (v1(receipt, document), format!(r#"{{{details},"JobTitle":"Директор"}}}}"#), 200, ""),
        (v1(receipt, document), "{}".to_owned(), 400, "Signer: nobody is named"),
        (v1(receipt, document), format!("{{{details}}}}}"), 400, "Signer.SignerDetails.JobTitle"),
        (
            v1(receipt, document),
            r#"{"SignerCertificateThumbprint":"0A"}"#.to_owned(),
            400,
            "Signer.SignerCertificateThumbprint",
        ),
        (v1(receipt, document), r#"{"SignerCertificate":"AAAA"}"#.to_owned(), 400, "Signer.SignerCertificate"),
        (v1(receipt, none), format!(r#"{{{details},"JobTitle":"Директор"}}}}"#), 404, none),
        (
            v1(amend, document),
            format!(r#"{{"ErrorMessage":"","Signer":{{{details},"JobTitle":"Директор"}}}}}}"#),
            400,
            "InvoiceCorrectionRequestInfo.ErrorMessage: ",
        ),
        (
            v1(amend, document),
            r#"{"ErrorMessage":"x","Signer":{"SignerDetails":{"Surname":"","FirstName":"y","JobTitle":"z"}}}"#.to_owned(),
            400,
            "InvoiceCorrectionRequestInfo.Signer: ",
        ),
        (
            v2(receipt),
            format!(r#"{{{},"SignerContent":"{}"}}"#, ids(document), contract("<Signer Post=\"1\"/>")),
            400,
            "ReceiptGenerationRequestV2.SignerContent: строка 1, столбец 9, Signer: атрибута «Post» здесь быть не должно / line 1",
        ),
        (
            v2(receipt),
            format!(r#"{{{},"SignerContent":"{}"}}"#, ids("x"), contract("<Signer/>")),
            400,
            "ReceiptGenerationRequestV2.AttachmentId",
        ),
        (v2(receipt), format!(r#"{{{},"SignerContent":"{}"}}"#, ids(document), contract("<Signer/>")), 200, ""),
        (
            v1("GenerateRevocationRequestXml", document),
            "{}".to_owned(),
            409,
            "только после завершения документооборота",
        ),
        (
            format!("/V2{}&contentTypeId=x", v1("GenerateRevocationRequestXml", document)),
            "{}".to_owned(),
            400,
            "contentTypeId",
        ),
        (
            "/ParseSignatureRejectionXml".to_owned(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Файл ВерсФорм=\"1.03\"/>".to_owned(),
            400,
            "строка 2, столбец 1, Файл: нет обязательного атрибута «ИдФайл»",
        ),
        (
            "/ParseRevocationRequestXml".to_owned(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
                .to_owned(),
            400,
            "DOCTYPE",
        ),
    ] {
        let request = RawRequest::post(&path, body.clone())
            .bearer(&b.boss.access_token)
            .header("Content-Type", "application/json");
        let answer = world.raw(request).await;
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        let disposition = answer.header("content-disposition").unwrap_or_default();
        if status == 200 {
            let start = "attachment; filename=\"DP_IZVPOL_2BM-9612345678_2BM-9687654321_20260201_";
            assert!(disposition.starts_with(start) && disposition.ends_with(".xml\""), "{disposition}");
        } else {
            assert!(answer.text().contains(words), "{path} {body}: {}", answer.text());
            assert_eq!(disposition, "");
        }
    }
    // Whoever sent it receives nothing.
    let own = place.query(&a.boss, document);
    let refused = a.boss.client.generate_receipt_xml(&own, signer(Some("Директор"))).await.unwrap_err();
    assert_eq!(refused.status(), Some(409), "{refused}");
    world.end().await;
}
