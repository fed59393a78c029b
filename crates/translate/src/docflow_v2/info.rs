//! What a document is: `DocumentInfo`. All of it comes from the post; answers of the recipient change nothing here.

use potok_domain::docflow::Docflow;
use potok_domain::{AttachmentType, Document, MessageState};
use potok_wire::proto::docflow::{
    BasicDocumentInfo, ContractDocumentInfo, DocumentDateAndNumber, DocumentInfo,
    InvoiceCorrectionDocumentInfo, InvoiceDocumentInfo, PriceListDocumentInfo,
    SupplementaryAgreementDocumentInfo, UniversalCorrectionDocumentInfo, UniversalTransferDocumentInfo,
};
use potok_wire::proto::invoicing::FunctionType;

use crate::document;

pub(super) fn document_info(state: &MessageState, flow: &Docflow<'_>) -> DocumentInfo {
    let posted = flow.facts.document;
    let mut info = DocumentInfo {
        document_type: Some(document::type_number(posted)),
        document_direction: Some(state.direction() as i32),
        is_test: Some(state.is_test),
        custom_document_id: posted.custom_document_id.clone(),
        from_department_id: document::from_department(state),
        to_department_id: Some(document::to_department(state)),
        counteragent_box_id: document::counteragent(state),
        document_date_and_number: pair(posted, "DocumentDate", "DocumentNumber"),
        attachment_version: flow.facts.entity.entity.version.clone(),
        version: posted.kind.version.clone(),
        ..DocumentInfo::default()
    };
    typed(&mut info, posted);
    info
}

/// Fills the part that belongs to the document's type; newer types have none.
fn typed(info: &mut DocumentInfo, posted: &Document) {
    use AttachmentType as Type;
    match posted.attachment_type {
        Type::XmlTorg12
        | Type::XmlAcceptanceCertificate
        | Type::Torg12
        | Type::AcceptanceCertificate
        | Type::ProformaInvoice
        | Type::Torg13 => info.basic_document_info = Some(basic(posted)),
        Type::Invoice | Type::InvoiceRevision => info.invoice_info = Some(invoice(posted)),
        Type::InvoiceCorrection | Type::InvoiceCorrectionRevision => {
            info.invoice_correction_info = Some(invoice_correction(posted));
        }
        Type::PriceList => info.price_list_info = Some(price_list(posted)),
        Type::Contract => info.contract_info = Some(contract(posted)),
        Type::SupplementaryAgreement => {
            info.supplementary_agreement_info = Some(supplementary_agreement(posted));
        }
        Type::UniversalTransferDocument | Type::UniversalTransferDocumentRevision => {
            info.universal_transfer_document_info = Some(universal_transfer(posted));
        }
        Type::UniversalCorrectionDocument | Type::UniversalCorrectionDocumentRevision => {
            info.universal_correction_document_info = Some(Box::new(universal_correction(posted)));
        }
        _ => {}
    }
}

fn text(posted: &Document, key: &str) -> Option<String> {
    posted.metadata(key).map(str::to_owned)
}

/// The numeric code of the currency.
fn currency(posted: &Document) -> Option<i32> {
    posted.metadata("Currency").and_then(|code| code.trim().parse().ok())
}

/// A date and a number; `None` when neither is known.
fn pair(posted: &Document, date: &str, number: &str) -> Option<DocumentDateAndNumber> {
    let pair =
        DocumentDateAndNumber { document_date: text(posted, date), document_number: text(posted, number) };
    (pair.document_date.is_some() || pair.document_number.is_some()).then_some(pair)
}

fn basic(posted: &Document) -> BasicDocumentInfo {
    let vat = text(posted, "TotalVat");
    BasicDocumentInfo {
        total: text(posted, "TotalSum"),
        no_vat: Some(vat.is_none()),
        vat,
        grounds: text(posted, "DocumentGrounds"),
        revision_date_and_number: pair(posted, "RevisionDate", "RevisionNumber"),
    }
}

fn original(posted: &Document) -> Option<DocumentDateAndNumber> {
    pair(posted, "OriginalInvoiceDate", "OriginalInvoiceNumber")
}

fn original_revision(posted: &Document) -> Option<DocumentDateAndNumber> {
    pair(posted, "OriginalInvoiceRevisionDate", "OriginalInvoiceRevisionNumber")
}

fn original_correction(posted: &Document) -> Option<DocumentDateAndNumber> {
    pair(posted, "OriginalInvoiceCorrectionDate", "OriginalInvoiceCorrectionNumber")
}

fn invoice(posted: &Document) -> InvoiceDocumentInfo {
    InvoiceDocumentInfo {
        total: text(posted, "TotalSum"),
        vat: text(posted, "TotalVat"),
        currency_code: currency(posted),
        original_invoice_date_and_number: original(posted),
    }
}

fn invoice_correction(posted: &Document) -> InvoiceCorrectionDocumentInfo {
    InvoiceCorrectionDocumentInfo {
        total_inc: text(posted, "TotalInc"),
        total_dec: text(posted, "TotalDec"),
        vat_inc: text(posted, "VatInc"),
        vat_dec: text(posted, "VatDec"),
        currency_code: currency(posted),
        original_invoice_date_and_number: original(posted),
        original_invoice_revision_date_and_number: original_revision(posted),
        original_invoice_correction_date_and_number: original_correction(posted),
    }
}

fn price_list(posted: &Document) -> PriceListDocumentInfo {
    PriceListDocumentInfo {
        price_list_effective_date: text(posted, "PriceListEffectiveDate"),
        contract_document_date_and_number: pair(posted, "ContractDocumentDate", "ContractDocumentNumber"),
    }
}

fn contract(posted: &Document) -> ContractDocumentInfo {
    ContractDocumentInfo {
        contract_price: text(posted, "ContractPrice"),
        contract_type: text(posted, "ContractType"),
    }
}

/// Both pairs are required on the wire, so an unknown one is empty and not absent.
fn supplementary_agreement(posted: &Document) -> SupplementaryAgreementDocumentInfo {
    SupplementaryAgreementDocumentInfo {
        contract_type: text(posted, "ContractType"),
        contract_document_date_and_number: pair(posted, "ContractDate", "ContractNumber").unwrap_or_default(),
        document_date_and_number: pair(posted, "DocumentDate", "DocumentNumber").unwrap_or_default(),
        total: text(posted, "TotalSum"),
    }
}

/// What a universal document stands for; functions that only move goods count as source documents.
fn function(posted: &Document) -> i32 {
    let function = match posted.kind.function.as_str() {
        "СЧФ" | "КСЧФ" => FunctionType::Invoice,
        "СЧФДОП" | "КСЧФДИС" => FunctionType::InvoiceAndBasic,
        _ => FunctionType::Basic,
    };
    function as i32
}

fn universal_transfer(posted: &Document) -> UniversalTransferDocumentInfo {
    UniversalTransferDocumentInfo {
        total: text(posted, "TotalSum"),
        vat: text(posted, "TotalVat"),
        currency_code: currency(posted),
        grounds: text(posted, "DocumentGrounds"),
        function: function(posted),
        original_document_date_and_number: original(posted),
    }
}

fn universal_correction(posted: &Document) -> UniversalCorrectionDocumentInfo {
    UniversalCorrectionDocumentInfo {
        total_inc: text(posted, "TotalInc"),
        total_dec: text(posted, "TotalDec"),
        vat_inc: text(posted, "VatInc"),
        vat_dec: text(posted, "VatDec"),
        currency_code: currency(posted),
        grounds: text(posted, "DocumentGrounds"),
        function: function(posted),
        original_document_date_and_number: original(posted),
        original_document_revision_date_and_number: original_revision(posted),
        original_document_correction_date_and_number: original_correction(posted),
    }
}
