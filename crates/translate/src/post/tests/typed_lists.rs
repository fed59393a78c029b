//! The obsolete lists, in the words of the current one.

use potok_domain::command::{NewDocument, Source};
use potok_wire::proto::docflow::DocumentDateAndNumber;
use potok_wire::proto::events::{
    AcceptanceCertificateAttachment, BasicDocumentAttachment, ContractAttachment, EncryptedDocumentMetadata,
    EncryptedInvoiceAttachment, EncryptedInvoiceCorrectionMetadata, EncryptedInvoiceMetadata,
    EncryptedXmlBasicDocumentMetadata, EncryptedXmlDocumentAttachment, MessageToPost,
    NonformalizedAttachment, PriceListAttachment, ReconciliationActAttachment, ServiceDetailsAttachment,
    SupplementaryAgreementAttachment, Torg13Attachment, XmlDocumentAttachment,
};

use super::{letter, signed, text};
use crate::post::message_to_post;

fn xml() -> Vec<XmlDocumentAttachment> {
    vec![XmlDocumentAttachment {
        signed_content: signed(),
        need_receipt: Some(true),
        ..XmlDocumentAttachment::default()
    }]
}

fn nonformalized() -> Vec<NonformalizedAttachment> {
    vec![NonformalizedAttachment {
        signed_content: signed(),
        file_name: "f".to_owned(),
        document_number: text("7"),
        document_date: text(""),
        ..NonformalizedAttachment::default()
    }]
}

fn basic() -> Vec<BasicDocumentAttachment> {
    vec![BasicDocumentAttachment {
        signed_content: signed(),
        file_name: "f".to_owned(),
        document_date: "01.02.2025".to_owned(),
        document_number: "7".to_owned(),
        total: "10.00".to_owned(),
        vat: text("2.00"),
        grounds: text("договор"),
        ..BasicDocumentAttachment::default()
    }]
}

fn certificate(need: Option<bool>) -> Vec<AcceptanceCertificateAttachment> {
    vec![AcceptanceCertificateAttachment {
        signed_content: signed(),
        file_name: "f".to_owned(),
        document_date: "01.02.2025".to_owned(),
        total: "10.00".to_owned(),
        need_recipient_signature: need,
        ..AcceptanceCertificateAttachment::default()
    }]
}

fn pair(date: &str, number: &str) -> DocumentDateAndNumber {
    DocumentDateAndNumber { document_date: text(date), document_number: text(number) }
}

fn encrypted_metadata() -> EncryptedDocumentMetadata {
    EncryptedDocumentMetadata {
        file_id: "ID".to_owned(),
        buyer_fns_participant_id: "B".to_owned(),
        sender_fns_participant_id: "S".to_owned(),
        document_date_and_number: pair("01.02.2025", "7"),
    }
}

fn encrypted_invoice() -> EncryptedInvoiceAttachment {
    EncryptedInvoiceAttachment {
        signed_content: signed(),
        metadata: encrypted_metadata(),
        ..EncryptedInvoiceAttachment::default()
    }
}

fn encrypted_xml() -> Vec<EncryptedXmlDocumentAttachment> {
    vec![EncryptedXmlDocumentAttachment {
        signed_content: signed(),
        metadata: encrypted_metadata(),
        xml_basic_metadata: EncryptedXmlBasicDocumentMetadata {
            formation_date: "01.02.2025".to_owned(),
            formation_time: "10:20".to_owned(),
            document_name: None,
        },
        ..EncryptedXmlDocumentAttachment::default()
    }]
}

/// The posted list, and the document in short: path, type and metadata.
type Case = (fn(&mut MessageToPost), &'static str);

const LISTS: &[Case] = &[
    (|posted| posted.invoices = xml(), "Invoices[0] Invoice receipt"),
    (
        |posted| posted.nonformalized_documents = nonformalized(),
        "NonformalizedDocuments[0] Nonformalized FileName=f DocumentNumber=7",
    ),
    (
        |posted| posted.torg12_documents = basic(),
        "Torg12Documents[0] Torg12 FileName=f DocumentDate=01.02.2025 DocumentNumber=7 TotalSum=10.00 TotalVat=2.00 \
         DocumentGrounds=договор",
    ),
    (
        |posted| posted.acceptance_certificates = certificate(None),
        "AcceptanceCertificates[0] AcceptanceCertificate signature FileName=f DocumentDate=01.02.2025 TotalSum=10.00",
    ),
    (
        |posted| posted.acceptance_certificates = certificate(Some(false)),
        "AcceptanceCertificates[0] AcceptanceCertificate FileName=f DocumentDate=01.02.2025 TotalSum=10.00",
    ),
    (
        |posted| posted.proforma_invoices = basic(),
        "ProformaInvoices[0] ProformaInvoice FileName=f DocumentDate=01.02.2025 DocumentNumber=7 TotalSum=10.00 \
         TotalVat=2.00 DocumentGrounds=договор",
    ),
    (|posted| posted.xml_torg12_seller_titles = xml(), "XmlTorg12SellerTitles[0] XmlTorg12 receipt"),
    (
        |posted| posted.xml_acceptance_certificate_seller_titles = xml(),
        "XmlAcceptanceCertificateSellerTitles[0] XmlAcceptanceCertificate receipt",
    ),
    (
        |posted| {
            posted.price_lists = vec![PriceListAttachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: "01.02.2025".to_owned(),
                document_number: "7".to_owned(),
                price_list_effective_date: "02.02.2025".to_owned(),
                contract_document_date: "03.02.2025".to_owned(),
                contract_document_number: "8".to_owned(),
                ..PriceListAttachment::default()
            }];
        },
        "PriceLists[0] PriceList FileName=f DocumentDate=01.02.2025 DocumentNumber=7 PriceListEffectiveDate=02.02.2025 \
         ContractDocumentDate=03.02.2025 ContractDocumentNumber=8",
    ),
    (
        |posted| posted.price_list_agreements = nonformalized(),
        "PriceListAgreements[0] PriceListAgreement FileName=f DocumentNumber=7",
    ),
    (
        |posted| posted.certificate_registries = nonformalized(),
        "CertificateRegistries[0] CertificateRegistry FileName=f DocumentNumber=7",
    ),
    (
        |posted| {
            posted.reconciliation_acts = vec![ReconciliationActAttachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: "01.02.2025".to_owned(),
                ..ReconciliationActAttachment::default()
            }];
        },
        "ReconciliationActs[0] ReconciliationAct FileName=f DocumentDate=01.02.2025",
    ),
    (
        |posted| {
            posted.contracts = vec![ContractAttachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: "01.02.2025".to_owned(),
                document_number: "7".to_owned(),
                contract_price: text("5"),
                contract_type: text("поставка"),
                ..ContractAttachment::default()
            }];
        },
        "Contracts[0] Contract FileName=f DocumentDate=01.02.2025 DocumentNumber=7 ContractPrice=5 ContractType=поставка",
    ),
    (
        |posted| {
            posted.torg13_documents = vec![Torg13Attachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: "01.02.2025".to_owned(),
                document_number: "7".to_owned(),
                total: "10.00".to_owned(),
                grounds: text("договор"),
                ..Torg13Attachment::default()
            }];
        },
        "Torg13Documents[0] Torg13 FileName=f DocumentDate=01.02.2025 DocumentNumber=7 TotalSum=10.00 \
         DocumentGrounds=договор",
    ),
    (
        |posted| {
            posted.service_details_documents = vec![ServiceDetailsAttachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: text("01.02.2025"),
                ..ServiceDetailsAttachment::default()
            }];
        },
        "ServiceDetailsDocuments[0] ServiceDetails FileName=f DocumentDate=01.02.2025",
    ),
    (
        |posted| posted.encrypted_invoices = vec![encrypted_invoice()],
        "EncryptedInvoices[0] Invoice encrypted FileId=ID SellerFnsParticipantId=S BuyerFnsParticipantId=B \
         DocumentDate=01.02.2025 DocumentNumber=7",
    ),
    (
        |posted| {
            let revision =
                EncryptedInvoiceMetadata { revision_date_and_number: Some(pair("02.02.2025", "1")) };
            posted.encrypted_invoices =
                vec![EncryptedInvoiceAttachment { invoice_metadata: Some(revision), ..encrypted_invoice() }];
        },
        "EncryptedInvoices[0] InvoiceRevision encrypted FileId=ID SellerFnsParticipantId=S BuyerFnsParticipantId=B \
         DocumentDate=01.02.2025 DocumentNumber=7 RevisionDate=02.02.2025 RevisionNumber=1",
    ),
    (
        |posted| {
            let correction = EncryptedInvoiceCorrectionMetadata {
                original_invoice_date_and_number: pair("03.01.2025", "3"),
                invoice_correction_revision_date_and_number: Some(pair("04.01.2025", "4")),
                ..EncryptedInvoiceCorrectionMetadata::default()
            };
            posted.encrypted_invoices = vec![EncryptedInvoiceAttachment {
                invoice_correction_metadata: Some(correction),
                ..encrypted_invoice()
            }];
        },
        "EncryptedInvoices[0] InvoiceCorrectionRevision encrypted FileId=ID SellerFnsParticipantId=S \
         BuyerFnsParticipantId=B DocumentDate=01.02.2025 DocumentNumber=7 OriginalInvoiceDate=03.01.2025 \
         OriginalInvoiceNumber=3 RevisionDate=04.01.2025 RevisionNumber=4",
    ),
    (
        |posted| posted.encrypted_xml_torg12_seller_titles = encrypted_xml(),
        "EncryptedXmlTorg12SellerTitles[0] XmlTorg12 encrypted FileId=ID SellerFnsParticipantId=S \
         BuyerFnsParticipantId=B DocumentDate=01.02.2025 DocumentNumber=7 FormationDate=01.02.2025 FormationTime=10:20",
    ),
    (
        |posted| posted.encrypted_xml_acceptance_certificate_seller_titles = encrypted_xml(),
        "EncryptedXmlAcceptanceCertificateSellerTitles[0] XmlAcceptanceCertificate encrypted FileId=ID \
         SellerFnsParticipantId=S BuyerFnsParticipantId=B DocumentDate=01.02.2025 DocumentNumber=7 \
         FormationDate=01.02.2025 FormationTime=10:20",
    ),
    (
        |posted| {
            posted.supplementary_agreements = vec![SupplementaryAgreementAttachment {
                signed_content: signed(),
                file_name: "f".to_owned(),
                document_date: "01.02.2025".to_owned(),
                document_number: "7".to_owned(),
                total: text("10.00"),
                contract_number: "8".to_owned(),
                contract_date: "02.02.2025".to_owned(),
                contract_type: text("поставка"),
                ..SupplementaryAgreementAttachment::default()
            }];
        },
        "SupplementaryAgreements[0] SupplementaryAgreement FileName=f DocumentDate=01.02.2025 DocumentNumber=7 \
         TotalSum=10.00 ContractNumber=8 ContractDate=02.02.2025 ContractType=поставка",
    ),
    (
        |posted| posted.universal_transfer_document_seller_titles = xml(),
        "UniversalTransferDocumentSellerTitles[0] UniversalTransferDocument receipt",
    ),
];

fn in_short(document: &NewDocument<Source>) -> String {
    let path = document.path.strip_prefix("MessageToPost.").expect("paths start with the structure");
    let mut words = vec![path.to_owned(), document.type_named_id.clone()];
    for (is_set, word) in [
        (document.need_recipient_signature, "signature"),
        (document.need_receipt, "receipt"),
        (document.is_encrypted, "encrypted"),
    ] {
        words.extend(is_set.then(|| word.to_owned()));
    }
    words.extend(document.metadata.iter().map(|item| format!("{}={}", item.key, item.value)));
    words.join(" ")
}

#[test]
fn each_list_becomes_a_document_of_its_type() {
    for (list, expected) in LISTS {
        let mut posted = letter();
        posted.document_attachments.clear();
        list(&mut posted);
        let command = message_to_post(posted).expect(expected);
        assert_eq!(command.documents.iter().map(in_short).collect::<Vec<_>>(), [*expected]);
    }
}

#[test]
fn their_metadata_are_known_to_the_registry_of_types() {
    for (list, expected) in LISTS {
        let mut posted = letter();
        posted.document_attachments.clear();
        list(&mut posted);
        let command = message_to_post(posted).expect(expected);
        for document in &command.documents {
            let known = potok_domain::registry::lookup(&document.type_named_id).expect(expected);
            for item in &document.metadata {
                assert!(known.metadata_item(&item.key).is_some(), "{expected}: {}", item.key);
            }
        }
    }
}

#[test]
fn a_fault_in_a_list_is_named_by_that_list() {
    let mut posted = letter();
    posted.contracts =
        vec![ContractAttachment { signed_content: signed(), ..ContractAttachment::default() }; 2];
    posted.contracts[1].signed_content.content = None;
    let refused = message_to_post(posted).unwrap_err().to_string();
    assert!(refused.starts_with("MessageToPost.Contracts[1].SignedContent.Content: neither"), "{refused}");
}
