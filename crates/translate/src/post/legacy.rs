//! The obsolete typed lists of `MessageToPost`, in the words of `DocumentAttachments`.
//!
//! Which of the related types an XML file belongs to (an invoice, its revision, a correction) is written in the file, as
//! are function and version. They are read when the file is kept; of a file that says nothing known, the list names the
//! type, and the registry's defaults hold.

use potok_wire::proto::docflow::DocumentDateAndNumber;
use potok_wire::proto::events::{
    AcceptanceCertificateAttachment, BasicDocumentAttachment, ContractAttachment, DocumentAttachment,
    EncryptedDocumentMetadata, EncryptedInvoiceAttachment, EncryptedXmlDocumentAttachment, MetadataItem,
    NonformalizedAttachment, PriceListAttachment, ReconciliationActAttachment, ServiceDetailsAttachment,
    SupplementaryAgreementAttachment, Torg13Attachment, XmlDocumentAttachment,
};

/// Attributes of a document; what is empty is left out, as the API asks for.
struct Attributes(Vec<MetadataItem>);

impl Attributes {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn of_file(name: String) -> Self {
        Self::new().with("FileName", name)
    }

    fn with(mut self, key: &str, value: impl Into<Option<String>>) -> Self {
        if let Some(value) = value.into().filter(|value| !value.is_empty()) {
            self.0.push(MetadataItem { key: key.to_owned(), value });
        }
        self
    }

    fn dated(self, prefix: &str, pair: Option<DocumentDateAndNumber>) -> Self {
        let Some(pair) = pair else { return self };
        self.with(&format!("{prefix}Date"), pair.document_date)
            .with(&format!("{prefix}Number"), pair.document_number)
    }
}

/// The fields that every typed structure has.
macro_rules! common {
    ($posted:ident, $type_named_id:expr, $metadata:expr) => {
        DocumentAttachment {
            metadata: $metadata.0,
            signed_content: $posted.signed_content,
            comment: $posted.comment,
            initial_document_ids: $posted.initial_document_ids,
            subordinate_document_ids: $posted.subordinate_document_ids,
            custom_document_id: $posted.custom_document_id,
            custom_data: $posted.custom_data,
            type_named_id: $type_named_id.to_owned(),
            ..DocumentAttachment::default()
        }
    };
}

/// The same for structures that may ask for a receipt.
macro_rules! with_receipt {
    ($posted:ident, $type_named_id:expr, $metadata:expr) => {
        DocumentAttachment {
            need_receipt: $posted.need_receipt,
            ..common!($posted, $type_named_id, $metadata)
        }
    };
}

pub(super) fn xml(type_named_id: &str, posted: XmlDocumentAttachment) -> DocumentAttachment {
    with_receipt!(posted, type_named_id, Attributes::new())
}

pub(super) fn nonformalized(type_named_id: &str, posted: NonformalizedAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number);
    DocumentAttachment {
        need_recipient_signature: posted.need_recipient_signature,
        ..with_receipt!(posted, type_named_id, metadata)
    }
}

pub(super) fn basic(type_named_id: &str, posted: BasicDocumentAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("TotalSum", posted.total)
        .with("TotalVat", posted.vat)
        .with("DocumentGrounds", posted.grounds);
    with_receipt!(posted, type_named_id, metadata)
}

pub(super) fn acceptance_certificate(posted: AcceptanceCertificateAttachment) -> DocumentAttachment {
    // This list alone asks for a signature in return unless told otherwise.
    let need_recipient_signature = Some(posted.need_recipient_signature());
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("TotalSum", posted.total)
        .with("TotalVat", posted.vat)
        .with("DocumentGrounds", posted.grounds);
    DocumentAttachment {
        need_recipient_signature,
        ..with_receipt!(posted, "AcceptanceCertificate", metadata)
    }
}

pub(super) fn price_list(posted: PriceListAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("PriceListEffectiveDate", posted.price_list_effective_date)
        .with("ContractDocumentDate", posted.contract_document_date)
        .with("ContractDocumentNumber", posted.contract_document_number);
    with_receipt!(posted, "PriceList", metadata)
}

pub(super) fn reconciliation_act(posted: ReconciliationActAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number);
    with_receipt!(posted, "ReconciliationAct", metadata)
}

pub(super) fn contract(posted: ContractAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("ContractPrice", posted.contract_price)
        .with("ContractType", posted.contract_type);
    with_receipt!(posted, "Contract", metadata)
}

pub(super) fn torg13(posted: Torg13Attachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("TotalSum", posted.total)
        .with("DocumentGrounds", posted.grounds);
    with_receipt!(posted, "Torg13", metadata)
}

pub(super) fn service_details(posted: ServiceDetailsAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number);
    with_receipt!(posted, "ServiceDetails", metadata)
}

pub(super) fn supplementary_agreement(posted: SupplementaryAgreementAttachment) -> DocumentAttachment {
    let metadata = Attributes::of_file(posted.file_name)
        .with("DocumentDate", posted.document_date)
        .with("DocumentNumber", posted.document_number)
        .with("TotalSum", posted.total)
        .with("ContractNumber", posted.contract_number)
        .with("ContractDate", posted.contract_date)
        .with("ContractType", posted.contract_type);
    with_receipt!(posted, "SupplementaryAgreement", metadata)
}

fn encrypted(metadata: EncryptedDocumentMetadata) -> Attributes {
    Attributes::new()
        .with("FileId", metadata.file_id)
        .with("SellerFnsParticipantId", metadata.sender_fns_participant_id)
        .with("BuyerFnsParticipantId", metadata.buyer_fns_participant_id)
        .dated("Document", Some(metadata.document_date_and_number))
}

/// The server cannot look into the file, but which details are given says which of the four invoices it is.
pub(super) fn encrypted_invoice(posted: EncryptedInvoiceAttachment) -> DocumentAttachment {
    let mut metadata = encrypted(posted.metadata);
    let mut type_named_id = "Invoice";
    if let Some(revision) = posted.invoice_metadata.and_then(|metadata| metadata.revision_date_and_number) {
        type_named_id = "InvoiceRevision";
        metadata = metadata.dated("Revision", Some(revision));
    }
    if let Some(correction) = posted.invoice_correction_metadata {
        let revision = correction.invoice_correction_revision_date_and_number;
        type_named_id = if revision.is_some() { "InvoiceCorrectionRevision" } else { "InvoiceCorrection" };
        metadata = metadata
            .dated("OriginalInvoice", Some(correction.original_invoice_date_and_number))
            .dated("OriginalInvoiceRevision", correction.original_invoice_revision_date_and_number)
            .dated("Revision", revision);
    }
    DocumentAttachment { is_encrypted: Some(true), ..common!(posted, type_named_id, metadata) }
}

pub(super) fn encrypted_xml(
    type_named_id: &str,
    posted: EncryptedXmlDocumentAttachment,
) -> DocumentAttachment {
    let basic = posted.xml_basic_metadata;
    let metadata = encrypted(posted.metadata)
        .with("FormationDate", basic.formation_date)
        .with("FormationTime", basic.formation_time)
        .with("DocumentName", basic.document_name);
    DocumentAttachment { is_encrypted: Some(true), ..common!(posted, type_named_id, metadata) }
}
