//! Attributes of documents: what the poster gives, and what is read from the file.

use potok_domain::AttachmentType;
use potok_domain::registry::DocumentType;
use potok_wire::proto::documents::types::DocumentMetadataItemV2;

use super::item;

/// Where a value comes from.
const FROM_FILE: i32 = 0;
const FROM_POSTER: i32 = 1;

/// What the poster of a file without a format gives.
pub(super) fn given(kind: &DocumentType) -> Vec<DocumentMetadataItemV2> {
    use AttachmentType as Type;
    // Nobody knows more of these than the name of the file; what else is given is kept.
    let only_named = matches!(kind.attachment_type, Type::TrustConnectionRequest | Type::MesNotification);
    let announced = kind.metadata.iter().filter(|known| !only_named || known.key == "FileName");
    announced.map(|known| item(known.key, known.is_required, FROM_POSTER)).collect()
}

const TRANSFER: [&[&str]; 2] = [
    &["FileName", "DocumentNumber", "DocumentDate", "Currency", "TotalSum"],
    &[
        "TotalVat",
        "DocumentGrounds",
        "DocumentName",
        "DocumentFunction",
        "RevisionNumber",
        "RevisionDate",
        "SellerInn",
        "SellerKpp",
        "BuyerInn",
        "BuyerKpp",
        "SellerFnsParticipantId",
    ],
];
const CORRECTION: [&[&str]; 2] = [
    &[
        "FileName",
        "DocumentNumber",
        "DocumentDate",
        "Currency",
        "TotalInc",
        "TotalDec",
        "VatInc",
        "VatDec",
        "OriginalInvoiceNumber",
        "OriginalInvoiceDate",
    ],
    &[
        "OriginalInvoiceRevisionNumber",
        "OriginalInvoiceRevisionDate",
        "OriginalInvoiceCorrectionNumber",
        "OriginalInvoiceCorrectionDate",
    ],
];
const WAYBILL: [&[&str]; 2] = [
    &["FileName", "DocumentNumber", "DocumentDate", "TotalSum"],
    &["TotalVat", "Currency", "DocumentGrounds"],
];

/// What is read from a file with a format: what is always there, and what may be.
pub(super) fn read(kind: &DocumentType) -> Vec<DocumentMetadataItemV2> {
    use AttachmentType as Type;
    let [always, sometimes] = match kind.attachment_type {
        Type::Invoice
        | Type::InvoiceRevision
        | Type::UniversalTransferDocument
        | Type::UniversalTransferDocumentRevision => TRANSFER,
        Type::InvoiceCorrection
        | Type::InvoiceCorrectionRevision
        | Type::UniversalCorrectionDocument
        | Type::UniversalCorrectionDocumentRevision => CORRECTION,
        _ => WAYBILL,
    };
    let always = always.iter().map(|id| item(id, true, FROM_FILE));
    always.chain(sometimes.iter().map(|id| item(id, false, FROM_FILE))).collect()
}

/// 0 text, 1 whole number, 2 decimal number, 3 date, 4 time.
pub(super) fn type_of(id: &str) -> i32 {
    match id {
        "Currency" => 1,
        "TotalSum" | "TotalVat" | "TotalInc" | "TotalDec" | "VatInc" | "VatDec" | "ContractPrice" => 2,
        _ if id.ends_with("Date") => 3,
        _ if id.ends_with("Time") => 4,
        _ => 0,
    }
}
