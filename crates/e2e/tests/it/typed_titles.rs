//! Titles of one type of documents, by the structures of older programs: made, signed, posted, answered, and read again, as JSON and as
//! protobuf.

use bytes::Bytes;
use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::methods::{
    ExtendedSignerDetailsQuery, GenerateTitleXmlQuery, GetMessageQuery, ParseTitleXmlQuery, SellerTitleQuery,
    VersionQuery,
};
use potok_testkit::sdk::api::{Format, Payload, Raw};
use potok_testkit::sdk::proto::events::{DocumentAttachment, MessagePatchToPostV2, RecipientTitleAttachment};
use potok_testkit::sdk::proto::invoicing::*;
use potok_testkit::{Letter, Org, Person, RawAnswer, RawRequest, World, test_signed};
use potok_types::MessageId;
use serde_json::{Value, json};

use crate::employees::CERTIFICATE;
use crate::signing_people::employee_of_a_seller;

/// How one side makes a title, and how it is read.
struct Side {
    /// The method that makes it, with its query; `{answered}` stands for the title that is answered.
    make: &'static str,
    read: &'static str,
    structure: &'static str,
    /// The structure: `{a}` and `{b}` stand for the boxes, `{inn}` for the INN of the second one.
    said: Value,
    /// Something that is told when the title is read, and where.
    told: (&'static str, Value),
}

struct Family {
    type_named_id: &'static str,
    function: &'static str,
    version: &'static str,
    seller: Side,
    buyer: Option<Side>,
}

/// Somebody who signs, by `SignerPowers`.
fn signers(powers: &str) -> Value {
    json!([{"SignerDetails": {
        "Surname": "Лебедева", "FirstName": "Анна", "JobTitle": "Директор", "Inn": "9901000010",
        "SignerOrganizationName": "ООО", "SignerType": "LegalEntity", "SignerStatus": "AuthorizedPerson",
        "SignerPowers": powers,
    }}])
}

fn party(place: &str) -> Value {
    json!({"BoxId": place, "OrgType": "LegalEntity", "Address": {"RussianAddress": {"Region": "77"}}})
}

const ANSWERED: &str = "boxId={b}&sellerTitleMessageId={message}&sellerTitleAttachmentId={document}";

fn families() -> Vec<Family> {
    let signer =
        json!({"SignerDetails": {"Surname": "Лебедева", "FirstName": "Анна", "JobTitle": "Директор"}});
    let certificate = json!({"SignerCertificate": base64(CERTIFICATE)});
    let accepted = |powers: &str, content: &str| {
        json!({
            "DocumentCreator": "Склад", "OperationContent": content, "AcceptanceDate": "21.11.2026",
            "Signers": signers(powers),
        })
    };
    vec![
        Family {
            type_named_id: "UniversalTransferDocument",
            function: "СЧФДОП",
            version: "utd_05_01_05",
            seller: Side {
                make: "/GenerateUniversalTransferDocumentXmlForSeller?",
                read: "/ParseUniversalTransferDocumentSellerTitleXml",
                structure: "UniversalTransferDocumentSellerTitleInfo",
                said: json!({
                    "Function": "InvoiceAndBasic", "DocumentDate": "20.11.2026", "DocumentNumber": "У-1", "Currency": "rub",
                    "DocumentCreator": "Бухгалтерия", "Seller": party("{a}"), "Buyer": party("{b}"),
                    "Signers": signers("MadeAndSignOperation"),
                    "InvoiceTable": {
                        "Items": [{
                            "Product": "Клюква", "Unit": "кг", "Quantity": "2", "Price": "10", "TaxRate": "Percent_20",
                            "SubtotalWithVatExcluded": "20", "Vat": "4", "Subtotal": "24",
                        }],
                        "TotalWithVatExcluded": "20", "Vat": "4", "Total": "24",
                    },
                    "TransferInfo": {"OperationInfo": "Товары переданы", "TransferDate": "20.11.2026"},
                }),
                told: ("/InvoiceTable/Items/0/Unit", json!("166")),
            },
            buyer: Some(Side {
                make: "/GenerateUniversalTransferDocumentXmlForBuyer?",
                read: "/ParseUniversalTransferDocumentBuyerTitleXml",
                structure: "UniversalTransferDocumentBuyerTitleInfo",
                said: accepted("PersonMadeOperation", "Товары приняты"),
                told: ("/OperationContent", json!("Товары приняты")),
            }),
        },
        Family {
            type_named_id: "UniversalCorrectionDocument",
            function: "КСЧФДИС",
            version: "ucd_05_01_03",
            seller: Side {
                make: "/GenerateUniversalTransferDocumentXmlForSeller?correction",
                read: "/ParseUniversalCorrectionDocumentSellerTitleXml",
                structure: "UniversalCorrectionDocumentSellerTitleInfo",
                said: json!({
                    "Function": "InvoiceAndBasic", "DocumentDate": "20.11.2026", "DocumentNumber": "К-1", "Currency": "",
                    "DocumentCreator": "Бухгалтерия", "Seller": party("{a}"), "Buyer": party("{b}"),
                    "Invoices": [{"InvoiceDate": "01.11.2026", "InvoiceNumber": "СФ-9"}],
                    "Signers": signers("ResponsibleForOperationAndSignerForInvoice"),
                    "EventContent": {
                        "OperationContent": "Предлагаю изменить стоимость", "TransferDocDetails": "УПД СФ-9",
                        "CorrectionBase": [{"BaseDocumentName": "Соглашение"}],
                    },
                    "InvoiceCorrectionTable": {
                        "Items": [{
                            "Product": "Янтарь",
                            "OriginalValues": {
                                "Unit": "166", "Quantity": "10", "Price": "50", "TaxRate": "NoVat",
                                "SubtotalWithVatExcluded": "500", "Subtotal": "500",
                            },
                            "CorrectedValues": {
                                "Unit": "166", "Quantity": "8", "Price": "50", "TaxRate": "NoVat",
                                "SubtotalWithVatExcluded": "400", "Subtotal": "400",
                            },
                            "AmountsDec": {"SubtotalWithVatExcluded": "100", "Subtotal": "100"},
                        }],
                        "TotalsDec": {"TotalWithVatExcluded": "100", "Total": "100"},
                    },
                }),
                told: ("/InvoiceCorrectionTable/Items/0/AmountsDec/Subtotal", json!("100.00")),
            },
            buyer: Some(Side {
                make: "/GenerateUniversalTransferDocumentXmlForBuyer?",
                read: "/ParseUniversalCorrectionDocumentBuyerTitleXml",
                structure: "UniversalTransferDocumentBuyerTitleInfo",
                said: accepted("PersonDocumentedOperation", "Согласен"),
                told: ("/OperationContent", json!("Согласен")),
            }),
        },
        Family {
            type_named_id: "XmlTorg12",
            function: "default",
            version: "tovtorg_05_01_04",
            seller: Side {
                make: "/GenerateTorg12XmlForSeller?documentVersion=tovtorg_05_01_04&",
                read: "/ParseTorg12SellerTitleXml?documentVersion=tovtorg_05_01_04",
                structure: "TovTorgSellerTitleInfo",
                said: json!({
                    "DocumentName": "Товарная накладная", "DocumentDate": "20.11.2026", "DocumentNumber": "Н-7",
                    "Currency": "643", "DocumentCreator": "Склад", "Seller": party("{a}"), "Buyer": party("{b}"),
                    "Signers": signers("MadeAndSignOperation"),
                    "TransferInfo": {"OperationInfo": "Товары переданы", "TransferDate": "20.11.2026"},
                    "Table": {"Total": "120", "Items": [{
                        "Product": "Кедровый орех", "Unit": "166", "Net": "3", "Price": "40", "TaxRate": "Percent_20",
                        "Vat": "20", "SubtotalWithVatExcluded": "100", "Subtotal": "120",
                    }]},
                }),
                told: ("/Table/Items/0/Product", json!("Кедровый орех")),
            },
            buyer: Some(Side {
                make: "/GenerateTorg12XmlForBuyer?documentVersion=tovtorg_05_01_04&",
                read: "/ParseTorg12BuyerTitleXml?documentVersion=tovtorg_05_01_04",
                structure: "TovTorgBuyerTitleInfo",
                said: accepted("PersonMadeOperation", "Товары приняты"),
                told: ("/AcceptanceDate", json!("21.11.2026")),
            }),
        },
        Family {
            type_named_id: "XmlTorg12",
            function: "default",
            version: "torg12_05_01_02",
            seller: Side {
                make: "/GenerateTorg12XmlForSeller?",
                read: "/ParseTorg12SellerTitleXml",
                structure: "Torg12SellerTitleInfo",
                said: json!({
                    "DocumentDate": "20.11.2026", "DocumentNumber": "Т-12",
                    "SellerDocflowParticipant": {"BoxId": "{a}"}, "BuyerDocflowParticipant": {"Inn": "{inn}"},
                    "Items": [{
                        "Name": "Морошка", "UnitName": "шт", "Quantity": "3", "TaxRate": "20", "Subtotal": "120",
                    }],
                    "Total": "120", "Signer": signer,
                }),
                told: ("/Payer/Name", json!("АО «Лютик»")),
            },
            buyer: Some(Side {
                make: "/GenerateTorg12XmlForBuyer?",
                read: "/ParseTorg12BuyerTitleXml",
                structure: "Torg12BuyerTitleInfo",
                said: json!({
                    "ShipmentReceiptDate": "21.11.2026", "AcceptedBy": {"Surname": "Ким", "FirstName": "Яна"},
                    "Signer": certificate,
                }),
                told: ("/Signer/SignerDetails/Surname", json!("Орлова")),
            }),
        },
        Family {
            type_named_id: "XmlAcceptanceCertificate",
            function: "default",
            version: "rezru_05_01_02",
            seller: Side {
                make: "/GenerateAcceptanceCertificateXmlForSeller?documentVersion=rezru_05_01_02&",
                read: "/ParseAcceptanceCertificateSellerTitleXml?documentVersion=rezru_05_01_02",
                structure: "AcceptanceCertificate552SellerTitleInfo",
                said: json!({
                    "DocumentName": "Акт", "DocumentDate": "20.11.2026", "DocumentNumber": "А-3", "Currency": "643",
                    "DocumentCreator": "Бухгалтерия", "Seller": party("{a}"), "Buyer": party("{b}"),
                    "Signers": signers("MadeAndSignOperation"),
                    "Grounds": [{"Name": "Договор", "Number": "12", "Date": "01.02.2026"}],
                    "Works": [{"Total": "500", "Items": [{
                        "Name": "Ремонт маяка", "Price": "500", "Quantity": "1", "TaxRate": "NoVat", "Subtotal": "500",
                    }]}],
                    "TransferInfo": {"OperationInfo": "Результаты работ переданы"},
                }),
                told: ("/Grounds/0/Name", json!("Договор")),
            },
            buyer: Some(Side {
                make: "/GenerateAcceptanceCertificateXmlForBuyer?documentVersion=rezru_05_01_02&",
                read: "/ParseAcceptanceCertificateBuyerTitleXml?documentVersion=rezru_05_01_02",
                structure: "AcceptanceCertificate552BuyerTitleInfo",
                said: accepted("PersonMadeOperation", "Результаты приняты"),
                told: ("/OperationContent", json!("Результаты приняты")),
            }),
        },
        Family {
            type_named_id: "XmlAcceptanceCertificate",
            function: "default",
            version: "act_05_01_02",
            seller: Side {
                make: "/GenerateAcceptanceCertificateXmlForSeller?",
                read: "/ParseAcceptanceCertificateSellerTitleXml",
                structure: "AcceptanceCertificateSellerTitleInfo",
                said: json!({
                    "DocumentDate": "20.11.2026", "DocumentNumber": "А-172", "DocumentTitle": "Работы сданы",
                    "Seller": {"BoxId": "{a}"}, "Buyer": {"BoxId": "{b}"},
                    "Works": [{"Total": "500", "Items": [{"Name": "Покраска", "UnitName": "шт", "Subtotal": "500"}]}],
                    "Signature": {"SignatureDate": "20.11.2026"}, "Signer": certificate,
                }),
                told: ("/Works/0/Items/0/Name", json!("Покраска")),
            },
            buyer: Some(Side {
                make: "/GenerateAcceptanceCertificateXmlForBuyer?",
                read: "/ParseAcceptanceCertificateBuyerTitleXml",
                structure: "AcceptanceCertificateBuyerTitleInfo",
                said: json!({
                    "Complaints": "Претензий нет", "Signature": {"SignatureDate": "21.11.2026"}, "Signer": signer,
                }),
                told: ("/Complaints", json!("Претензий нет")),
            }),
        },
        Family {
            type_named_id: "Invoice",
            function: "default",
            version: "invoice_05_02_01",
            seller: Side {
                make: "/GenerateInvoiceXml?invoiceType=Invoice&",
                read: "/ParseInvoiceXml",
                structure: "InvoiceInfo",
                said: invoice(),
                told: ("/Consignee/OrgInfo/Name", json!("АО «Лютик»")),
            },
            buyer: None,
        },
    ]
}

fn invoice() -> Value {
    let address = json!({"RussianAddress": {"Region": "77", "City": "Москва"}});
    json!({
        "InvoiceDate": "20.11.2026", "InvoiceNumber": "СФ-93",
        "Seller": {"OrgInfo": {"Name": "ООО «Ромашка»", "Inn": "9612345678", "Address": address}},
        "Buyer": {"OrgInfo": {"Name": "АО «Лютик»", "Inn": "{inn}", "Address": address}},
        "Consignee": {"SameAsSellerOrBuyer": true}, "Shipper": {"SameAsSellerOrBuyer": true},
        "Items": [{"Product": "Сидр", "TaxRate": "NoVat", "Subtotal": "100"}], "Total": "100",
        "Signer": {"SignerDetails": {"Surname": "Лебедева", "FirstName": "Анна"}},
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A structure in the other format.
fn converted(name: &str, body: &Bytes, from: Format, to: Format) -> Bytes {
    macro_rules! structures {
        ($($structure:ident)+) => {
            match name {
                $(stringify!($structure) => $structure::from_body(from, body.clone()).unwrap().to_body(to),)+
                _ => panic!("{name} is none"),
            }
        };
    }
    structures! {
        UniversalTransferDocumentSellerTitleInfo UniversalTransferDocumentBuyerTitleInfo
        UniversalCorrectionDocumentSellerTitleInfo InvoiceInfo InvoiceCorrectionInfo
        Torg12SellerTitleInfo Torg12BuyerTitleInfo TovTorgSellerTitleInfo TovTorgBuyerTitleInfo
        AcceptanceCertificateSellerTitleInfo AcceptanceCertificateBuyerTitleInfo
        AcceptanceCertificate552SellerTitleInfo AcceptanceCertificate552BuyerTitleInfo
    }
}

async fn post(world: &World, who: &Person, path: &str, body: impl Into<Bytes>, format: Format) -> RawAnswer {
    let kind = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Protobuf => "application/x-protobuf",
    };
    let request = RawRequest::post(path, body).bearer(&who.access_token);
    world.raw(request.header("Content-Type", kind).header("Accept", kind)).await
}

fn filled(said: &Value, a: &Org, b: &Org) -> String {
    let text = said.to_string();
    let text = text.replace("{a}", &a.box_id().to_string()).replace("{b}", &b.box_id().to_string());
    text.replace("{inn}", &b.organization.inn)
}

/// The title that a side makes; it is the same whichever way its structure comes, but for its name.
async fn made(world: &World, (a, b): (&Org, &Org), who: &Person, side: &Side, answered: &str) -> Bytes {
    let path = format!("{}{answered}", side.make);
    let json = Bytes::from(filled(&side.said, a, b));
    let in_json = post(world, who, &path, json.clone(), Format::Json).await;
    assert_eq!(in_json.status, 200, "{path}: {}", in_json.text());
    assert!(in_json.header("content-disposition").is_some_and(|name| name.contains(".xml")), "{path}");
    let protobuf = converted(side.structure, &json, Format::Json, Format::Protobuf);
    let in_protobuf = post(world, who, &path, protobuf, Format::Protobuf).await;
    assert_eq!(in_protobuf.status, 200, "{path}: {}", in_protobuf.text());
    assert_eq!(in_protobuf.body.len(), in_json.body.len(), "{path}");

    let read = post(world, who, side.read, in_json.body.clone(), Format::Json).await;
    assert_eq!(read.status, 200, "{}: {}", side.read, read.text());
    let told: Value = serde_json::from_slice(&read.body).unwrap();
    assert_eq!(told.pointer(side.told.0), Some(&side.told.1), "{}: {told:#}", side.read);
    let read = post(world, who, side.read, in_protobuf.body, Format::Protobuf).await;
    let again = converted(side.structure, &read.body, Format::Protobuf, Format::Json);
    assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), told, "{}", side.read);
    in_json.body
}

#[tokio::test]
async fn every_typed_title_goes_through_the_exchange() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for Family { type_named_id, function, version, seller, buyer } in families() {
        let title = made(&world, (&a, &b), &a.boss, &seller, "").await;
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = DocumentAttachment {
            type_named_id: type_named_id.to_owned(),
            function: Some(function.to_owned()),
            // Older programs name none, and a file does not tell versions of one format apart.
            version: None,
            signed_content: test_signed(title),
            ..DocumentAttachment::default()
        };
        let message = a.boss.post(&letter).await.unwrap_or_else(|error| panic!("{version}: {error}"));
        world.drain().await;
        let Some(buyer) = buyer else { continue };
        let document = message.entities[0].entity_id.clone();
        let answered = ANSWERED
            .replace("{b}", &b.box_id().to_string())
            .replace("{message}", &message.message_id)
            .replace("{document}", &document);
        let title = made(&world, (&a, &b), &b.boss, &buyer, &answered).await;
        let patch = MessagePatchToPostV2 {
            message_id: message.message_id.clone(),
            recipient_titles: vec![RecipientTitleAttachment {
                parent_entity_id: document,
                signed_content: test_signed(title),
                ..RecipientTitleAttachment::default()
            }],
            ..MessagePatchToPostV2::default()
        };
        b.boss.patch(patch).await.unwrap_or_else(|error| panic!("{version}: {error}"));
        world.drain().await;
    }
    world.end().await;
}

/// What is wrong is told at the field of the structure; what is not to be checked is made all the same.
#[tokio::test]
async fn what_is_wrong_with_a_structure_is_told_at_its_field() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let send = async |path: &str, said: &Value| {
        post(&world, &a.boss, path, filled(said, &a, &b), Format::Json).await
    };
    let mut said = invoice();
    said["Items"][0]["Quantity"] = json!("много");
    said["Items"][0]["Unit"] = json!("бочонок");
    let path = "/GenerateInvoiceXml?invoiceType=Invoice";
    let told = send(path, &said).await;
    assert_eq!(told.status, 400, "{}", told.text());
    for words in ["InvoiceInfo.Items[0].Quantity", "InvoiceInfo.Items[0].Unit", "много"] {
        assert!(told.text().contains(words), "{words}: {}", told.text());
    }
    let made = send(&format!("{path}&disableValidation"), &said).await;
    assert_eq!(made.status, 200, "{}", made.text());

    let mut said = invoice();
    said["Seller"] = json!({"BoxId": "11111111-2222-4333-8444-555555555555"});
    let told = send(path, &said).await;
    assert_eq!(told.status, 404, "{}", told.text());
    assert!(told.text().contains("InvoiceInfo.Seller.BoxId"), "{}", told.text());

    let mut said = invoice();
    said["Buyer"]["OrgInfo"]["Inn"] = json!("9999999999");
    let told = send(path, &said).await;
    assert!(told.status == 400 && told.text().contains("InvoiceInfo.Buyer.OrgInfo.Inn"), "{}", told.text());

    let told = send("/GenerateInvoiceXml?invoiceType=InvoiceRevision", &invoice()).await;
    assert!(told.status == 400 && told.text().contains("InvoiceRevisionNumber"), "{}", told.text());
    let told = send("/GenerateInvoiceXml?invoiceType=Receipt", &invoice()).await;
    assert!(told.status == 400 && told.text().contains("InvoiceCorrectionRevision"), "{}", told.text());
    let mut older = invoice();
    older["Version"] = json!("v5_01");
    let made = send(path, &older).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let read = post(&world, &a.boss, "/ParseInvoiceXml", made.body, Format::Json).await;
    let told: Value = serde_json::from_slice(&read.body).unwrap();
    assert_eq!(told["Version"], json!("v5_01"));

    // A certificate of which nothing is kept says too little for the newer structures.
    let mut transfer = families().remove(0).seller.said;
    transfer["Signers"] = json!([{"SignerCertificate": base64(CERTIFICATE)}]);
    let path = "/GenerateUniversalTransferDocumentXmlForSeller";
    let told = send(path, &transfer).await;
    assert!(told.status == 400 && told.text().contains("PostExtendedSignerDetails"), "{}", told.text());
    let told = send(&format!("{path}?documentVersion=utd970_05_03_01"), &transfer).await;
    assert!(told.status == 400 && told.text().contains("utd_05_01_05"), "{}", told.text());
    let told = post(&world, &a.boss, path, "<a/>", Format::Json).await;
    assert_eq!(told.status, 400, "{}", told.text());
    world.end().await;
}

/// A corrective invoice, which only the SDK's functions make here, and a file of another version than the one that is meant.
#[tokio::test]
async fn the_functions_of_the_sdk_carry_structures_as_bytes() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let family = families().remove(2);
    let said = Bytes::from(filled(&family.seller.said, &a, &b));
    let said = converted(family.seller.structure, &said, Format::Json, Format::Protobuf);
    let mut query = SellerTitleQuery::new();
    query.document_version = Some("tovtorg_05_01_04".to_owned());
    let client = &a.boss.client;
    let made = client.generate_torg12_xml_for_seller(&query, Raw(said)).await.unwrap();
    let error = client.parse_torg12_seller_title_xml(&VersionQuery::new(), made.clone()).await.unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");
    assert!(error.to_string().contains("tovtorg_05_0"), "{error}");
    let mut version = VersionQuery::new();
    version.document_version = Some("tovtorg_05_01_04".to_owned());
    let read = client.parse_torg12_seller_title_xml(&version, made).await.unwrap();
    let read = TovTorgSellerTitleInfo::from_body(Format::Protobuf, read.0).unwrap();
    assert_eq!(read.seller.org_name.as_deref(), Some("ООО «Ромашка»"));

    let mut corrective = invoice();
    let items = json!({"TaxRate": "Percent_10", "Vat": "10", "Subtotal": "110"});
    corrective["InvoiceCorrectionDate"] = json!("21.11.2026");
    corrective["InvoiceCorrectionNumber"] = json!("КСФ-1");
    corrective["Items"] = json!([{
        "Product": "Сидр", "OriginalValues": items, "CorrectedValues": items, "AdditionalInfo": "не этой версии",
    }]);
    for unknown in ["Total", "Consignee", "Shipper"] {
        corrective.as_object_mut().unwrap().remove(unknown);
    }
    let path = "/GenerateInvoiceXml?invoiceType=InvoiceCorrection";
    let made = post(&world, &a.boss, path, filled(&corrective, &a, &b), Format::Json).await;
    assert_eq!(made.status, 200, "{}", made.text());
    world.end().await;
}

/// What is told of fields that exclude each other, of two organizations in one structure, and of documents that nobody answers.
#[tokio::test]
async fn what_does_not_go_together_is_refused() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let send = async |path: &str, said: &Value| {
        let told = post(&world, &a.boss, path, filled(said, &a, &b), Format::Json).await;
        assert_eq!(told.status, 400, "{}", told.text());
        told.text()
    };
    let mut waybill = families().remove(3).seller.said;
    waybill["Payer"] = json!({
        "Name": "АО «Лютик»", "Inn": "{inn}", "FnsParticipantId": "2BM-9902000020-990201001-202611010930000000002",
        "Address": {"RussianAddress": {"Region": "77"}},
    });
    waybill["BuyerDocflowParticipant"] =
        json!({"FnsParticipantId": "2BM-9904000040-990401001-202611010930000000004"});
    waybill["SellerDocflowParticipant"] = json!({"BoxId": "{a}", "Inn": "{inn}"});
    let told = send("/GenerateTorg12XmlForSeller", &waybill).await;
    let fields = [
        "Payer.FnsParticipantId",
        "BuyerDocflowParticipant.FnsParticipantId",
        "SellerDocflowParticipant.Inn",
    ];
    for field in fields {
        assert!(told.contains(&format!("Torg12SellerTitleInfo.{field}")), "{field}: {told}");
    }

    let path = "/GenerateUniversalTransferDocumentXmlForSeller";
    let mut transfer = families().remove(0).seller.said;
    transfer["Seller"]["Inn"] = json!("{inn}");
    transfer["DocumentNumber"] = json!("У\u{1}");
    let told = send(path, &transfer).await;
    let fields = ["Seller.Inn", "DocumentNumber"];
    for field in fields {
        assert!(
            told.contains(&format!("UniversalTransferDocumentSellerTitleInfo.{field}")),
            "{field}: {told}"
        );
    }
    assert!(!told.contains("Файл"), "{told}");
    let mut transfer = families().remove(0).seller.said;
    transfer["Signers"][0]["SignerDetails"]["Surname"] = json!("");
    let told = send(path, &transfer).await;
    assert!(told.contains("Surname") && !told.contains("LastName"), "{told}");

    // Programs that send data are told the same.
    let data = crate::titles::contract(&a, &b).replace(
        &format!("BoxId=\"{}\"/>", a.box_id()),
        &format!("BoxId=\"{}\" Inn=\"{}\"/>", a.box_id(), b.organization.inn),
    );
    let query =
        GenerateTitleXmlQuery::new(a.box_id(), "UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01", 0);
    let error = a.boss.client.generate_title_xml(&query, Raw(Bytes::from(data))).await.unwrap_err();
    let told = error.to_string();
    assert!(error.status() == Some(400) && told.contains("OrganizationReference/@Inn"), "{told}");

    let mut invoice = families().remove(0);
    invoice.seller.said["Function"] = json!("Invoice");
    invoice.seller.said.as_object_mut().unwrap().remove("TransferInfo");
    let (message, document, _) = posted(&world, (&a, &b), &invoice, "СЧФ").await;
    let answered = ANSWERED.replace("{b}", &b.box_id().to_string());
    let answered = answered.replace("{message}", &message).replace("{document}", &document);
    let buyer = invoice.buyer.unwrap();
    let path = format!("{}{answered}", buyer.make);
    let told = post(&world, &b.boss, &path, filled(&buyer.said, &a, &b), Format::Json).await;
    assert!(told.status == 409 && told.text().contains("титулом не отвечают"), "{}", told.text());
    let mut query =
        GenerateTitleXmlQuery::new(b.box_id(), "UniversalTransferDocument", "СЧФ", "utd_05_02_01", 1);
    query.letter_id = Some(message.parse().unwrap());
    query.document_id = Some(document.parse().unwrap());
    let error = b.boss.client.generate_title_xml(&query, Raw(Bytes::from(ANSWER))).await.unwrap_err();
    let told = error.to_string();
    assert!(error.status() == Some(400) && told.contains("is not answered by a title"), "{told}");
    world.end().await;
}

/// Posts the first title of a family, of no version: its message, itself, and its bytes.
async fn posted(
    world: &World,
    (a, b): (&Org, &Org),
    family: &Family,
    function: &str,
) -> (String, String, Bytes) {
    let title = made(world, (a, b), &a.boss, &family.seller, "").await;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = DocumentAttachment {
        type_named_id: family.type_named_id.to_owned(),
        function: Some(function.to_owned()),
        version: None,
        signed_content: test_signed(title.clone()),
        ..DocumentAttachment::default()
    };
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    (message.message_id.clone(), message.entities[0].entity_id.clone(), title)
}

const ANSWER: &str = r#"<UniversalTransferDocumentBuyerTitle DocumentCreator="Склад" OperationContent="Принято" AcceptanceDate="21.11.2026">
  <Signers><SignerDetails LastName="Ким" FirstName="Яна" Inn="9687654321" SignerType="1" SignerPowers="1" SignerStatus="4"
    SignerOrganizationName="АО" Position="Кладовщик" SignerPowersBase="Устав"/></Signers>
</UniversalTransferDocumentBuyerTitle>"#;

/// Older programs name no version; what they post is answered and read by its own version and by the methods of all titles too.
#[tokio::test]
async fn documents_of_a_version_without_a_table_are_answered_and_read() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let family = families().remove(0);
    let (message, document, title) = posted(&world, (&a, &b), &family, "СЧФДОП").await;
    let query = GetMessageQuery::new(b.box_id(), message.parse::<MessageId>().unwrap());
    let stored = b.boss.client.get_message_v6(&query).await.unwrap();
    let version = stored.entities[0].version().to_owned();
    assert_eq!(version, "utd_05_02_01", "a version of which nothing but the name is known");
    let query = |index| {
        let mut query = GenerateTitleXmlQuery::new(
            b.box_id(),
            "UniversalTransferDocument",
            "СЧФДОП",
            version.clone(),
            index,
        );
        query.letter_id = Some(message.parse().unwrap());
        query.document_id = Some(document.parse().unwrap());
        query
    };
    let answer = b.boss.client.generate_title_xml(&query(1), Raw(Bytes::from(ANSWER))).await.unwrap();
    let patch = MessagePatchToPostV2 {
        message_id: message.clone(),
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: document.clone(),
            signed_content: test_signed(answer.0.clone()),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let error = b.boss.client.generate_title_xml(&query(0), Raw(Bytes::from(ANSWER))).await.unwrap_err();
    assert!(error.status() == Some(400) && error.to_string().contains("utd_05_01_05"), "{error}");
    let read = |index| {
        ParseTitleXmlQuery::new(b.box_id(), "UniversalTransferDocument", "СЧФДОП", version.clone(), index)
    };
    let parsed = b.boss.client.parse_title_xml(&read(1), answer.clone()).await.unwrap();
    assert!(String::from_utf8_lossy(&parsed.0).contains("Принято"));
    let typed = format!("/ParseUniversalTransferDocumentSellerTitleXml?documentVersion={version}");
    let told = post(&world, &b.boss, &typed, title.clone(), Format::Json).await;
    assert_eq!(told.status, 200, "{}", told.text());

    // A reader of another document says what the file is.
    let error = b.boss.client.parse_title_xml(&read(1), Raw(title.clone())).await.unwrap_err().to_string();
    assert!(error.contains("titleIndex=0") && !error.contains("Location"), "{error}");
    for (path, file, words) in [
        ("/ParseTorg12SellerTitleXml", title.clone(), "ParseUniversalTransferDocumentSellerTitleXml"),
        ("/ParseUniversalTransferDocumentBuyerTitleXml", title.clone(), "SellerTitleXml"),
        ("/ParseInvoiceXml", answer.0.clone(), "ParseUniversalTransferDocumentBuyerTitleXml"),
        ("/ParseRevocationRequestXml", answer.0, "ParseUniversalTransferDocumentBuyerTitleXml"),
    ] {
        let told = post(&world, &b.boss, path, file, Format::Json).await;
        assert!(told.status == 400 && told.text().contains(words), "{path}: {}", told.text());
        assert!(!told.text().contains("Location"), "{path}: {}", told.text());
    }
    b.boss.patch(patch).await.unwrap();
    world.drain().await;
    world.end().await;
}

/// What is kept of the holder of a certificate, and who holds it, by its thumbprint alone.
#[tokio::test]
async fn typed_titles_take_what_is_kept_of_their_signer() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let pki = crate::signing_people::pki(&a.organization.inn);
    let clerk = world.person(a.box_id(), "clerk@a", Permissions::none()).await;
    let [_, clerk_s] = &pki.people[0][..] else { panic!("two people") };
    world.app().admin().add_certificate(clerk.user_id, clerk_s.certificate.as_der()).await.unwrap();
    let thumbprint = clerk_s.certificate.thumbprint().to_string();
    let make = async |path: &str, said: &Value| {
        post(&world, &a.boss, path, filled(said, &a, &b), Format::Json).await
    };
    let has = |title: &Bytes, words: &str| {
        let words = crate::signing_people::windows_1251(words);
        title.windows(words.len()).any(|window| window == words)
    };
    let path = "/GenerateUniversalTransferDocumentXmlForSeller";
    let mut transfer = families().remove(0).seller.said;
    let by_thumbprint = json!([{"BoxId": "{a}", "SignerCertificateThumbprint": thumbprint}]);
    let by_bytes = json!([{"BoxId": "{a}", "SignerCertificate": base64(clerk_s.certificate.as_der())}]);
    transfer["Signers"] = by_thumbprint.clone();
    let told = make(path, &transfer).await;
    assert!(told.status == 400 && told.text().contains("PostExtendedSignerDetails"), "{}", told.text());
    let query = ExtendedSignerDetailsQuery::new(a.box_id(), thumbprint.clone(), "UtdSeller");
    a.boss.client.post_extended_signer_details_v2(&query, employee_of_a_seller()).await.unwrap();
    for signers in [by_thumbprint, by_bytes] {
        transfer["Signers"] = signers;
        let title = make(path, &transfer).await;
        assert_eq!(title.status, 200, "{}", title.text());
        let inn = format!("ИННЮЛ=\"{}\"", a.organization.inn);
        for words in [
            "ОснПолн=\"Устав\"",
            "ОблПолн=\"2\"",
            "Статус=\"1\"",
            "Должн=\"Кладовщик\"",
            "Имя=\"Мария\"",
            &inn,
        ] {
            assert!(has(&title.body, words), "{words}");
        }
    }

    // Older structures know their signer by the certificate alone: that of the caller.
    let clerk_makes = async |said: &Value| {
        post(&world, &clerk, "/GenerateInvoiceXml?invoiceType=Invoice", filled(said, &a, &b), Format::Json)
            .await
    };
    let mut said = invoice();
    said["Signer"] = json!({"SignerCertificateThumbprint": thumbprint});
    let title = clerk_makes(&said).await;
    assert_eq!(title.status, 200, "{}", title.text());
    assert!(has(&title.body, "Имя=\"Мария\"") && has(&title.body, "Фамилия=\"Орлова\""));
    said["Signer"] = json!({"SignerCertificateThumbprint": "0".repeat(40)});
    let told = clerk_makes(&said).await;
    assert!(
        told.status == 400 && told.text().contains("InvoiceInfo.Signer.SignerCertificateThumbprint"),
        "{}",
        told.text()
    );
    world.end().await;
}
