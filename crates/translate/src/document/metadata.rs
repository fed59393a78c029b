//! The typed metadata of the old document types: obsolete for readers of today, and kept filled for those of yesterday.
//!
//! Most of its fields are required on the wire, so what the post did not say is empty or zero and not absent.

use potok_domain::AttachmentType;
use potok_domain::docflow::Docflow;
use potok_wire::proto::documents::Document;
use potok_wire::proto::documents::acceptance_certificate_document::AcceptanceCertificateMetadata;
use potok_wire::proto::documents::bilateral_document::{
    BasicDocumentMetadata, BilateralDocumentMetadata, ContractMetadata, PriceListMetadata,
    SupplementaryAgreementMetadata, TrustConnectionRequestMetadata,
};
use potok_wire::proto::documents::invoice_document::{
    InvoiceCorrectionMetadata, InvoiceCorrectionRevisionMetadata, InvoiceMetadata, InvoiceRevisionMetadata,
};
use potok_wire::proto::documents::nonformalized_document::NonformalizedDocumentMetadata;
use potok_wire::proto::documents::unilateral_document::{ProformaInvoiceMetadata, ServiceDetailsMetadata};
use potok_wire::proto::documents::universal_transfer_document::{
    UniversalCorrectionDocumentMetadata, UniversalCorrectionDocumentRevisionMetadata,
    UniversalTransferDocumentMetadata, UniversalTransferDocumentRevisionMetadata,
};

use super::{confirmed_at, obsolete};

/// Fills the one that belongs to the document's type; newer types have none.
pub(super) fn fill(shown: &mut Document, flow: &Docflow<'_>) {
    use AttachmentType as Type;
    let of = Source { flow };
    match flow.facts.document.attachment_type {
        Type::Nonformalized => shown.nonformalized_document_metadata = Some(of.nonformalized()),
        Type::PriceListAgreement => shown.price_list_agreement_metadata = Some(of.nonformalized()),
        Type::CertificateRegistry => shown.certificate_registry_metadata = Some(of.nonformalized()),
        Type::TrustConnectionRequest => {
            shown.trust_connection_request_metadata = Some(TrustConnectionRequestMetadata {
                trust_connection_request_status: Some(obsolete::bilateral(flow)),
            });
        }
        Type::Torg12 => shown.torg12_metadata = Some(of.basic()),
        Type::Torg13 => shown.torg13_metadata = Some(of.basic()),
        Type::XmlTorg12 => shown.xml_torg12_metadata = Some(of.basic()),
        Type::XmlAcceptanceCertificate => {
            shown.xml_acceptance_certificate_metadata = Some(of.basic());
        }
        Type::AcceptanceCertificate => shown.acceptance_certificate_metadata = Some(of.act()),
        Type::ProformaInvoice => shown.proforma_invoice_metadata = Some(of.proforma()),
        Type::ServiceDetails => {
            shown.service_details_metadata = Some(ServiceDetailsMetadata {
                document_status: obsolete::unilateral(flow),
                receipt_status: obsolete::receipt(flow),
            });
        }
        Type::PriceList => shown.price_list_metadata = Some(of.price_list()),
        Type::ReconciliationAct => {
            shown.reconciliation_act_metadata = Some(BilateralDocumentMetadata {
                document_status: Some(obsolete::bilateral(flow)),
                receipt_status: Some(obsolete::receipt(flow)),
            });
        }
        Type::Contract => shown.contract_metadata = Some(of.contract()),
        Type::SupplementaryAgreement => {
            shown.supplementary_agreement_metadata = Some(of.supplementary_agreement());
        }
        Type::Invoice => shown.invoice_metadata = Some(of.invoice()),
        Type::InvoiceRevision => shown.invoice_revision_metadata = Some(of.invoice_revision()),
        Type::InvoiceCorrection => {
            shown.invoice_correction_metadata = Some(of.invoice_correction());
        }
        Type::InvoiceCorrectionRevision => {
            shown.invoice_correction_revision_metadata = Some(Box::new(of.invoice_correction_revision()));
        }
        Type::UniversalTransferDocument => {
            shown.universal_transfer_document_metadata = Some(of.transfer());
        }
        Type::UniversalTransferDocumentRevision => {
            shown.universal_transfer_document_revision_metadata = Some(of.transfer_revision());
        }
        Type::UniversalCorrectionDocument => {
            shown.universal_correction_document_metadata = Some(Box::new(of.correction()));
        }
        Type::UniversalCorrectionDocumentRevision => {
            shown.universal_correction_document_revision_metadata = Some(Box::new(of.correction_revision()));
        }
        _ => {}
    }
}

struct Source<'f, 'a> {
    flow: &'f Docflow<'a>,
}

impl Source<'_, '_> {
    fn optional(&self, key: &str) -> Option<String> {
        self.flow.facts.document.metadata(key).map(str::to_owned)
    }

    fn text(&self, key: &str) -> String {
        self.optional(key).unwrap_or_default()
    }

    fn currency(&self) -> i32 {
        self.flow.facts.document.metadata("Currency").and_then(|code| code.trim().parse().ok()).unwrap_or(0)
    }

    fn amendment_flags(&self) -> i32 {
        self.flow.steps.amendment.bits()
    }

    fn receipt(&self) -> Option<i32> {
        Some(obsolete::receipt(self.flow))
    }

    fn nonformalized(&self) -> NonformalizedDocumentMetadata {
        NonformalizedDocumentMetadata {
            document_status: Some(obsolete::nonformalized(self.flow)),
            receipt_status: self.receipt(),
        }
    }

    fn basic(&self) -> BasicDocumentMetadata {
        BasicDocumentMetadata {
            document_status: Some(obsolete::bilateral(self.flow)),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: self.optional("DocumentGrounds"),
            receipt_status: self.receipt(),
            revision_date: self.optional("RevisionDate"),
            revision_number: self.optional("RevisionNumber"),
        }
    }

    fn act(&self) -> AcceptanceCertificateMetadata {
        AcceptanceCertificateMetadata {
            document_status: Some(obsolete::act(self.flow)),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: self.optional("DocumentGrounds"),
            receipt_status: self.receipt(),
        }
    }

    fn proforma(&self) -> ProformaInvoiceMetadata {
        ProformaInvoiceMetadata {
            document_status: Some(obsolete::unilateral(self.flow)),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: self.optional("DocumentGrounds"),
            receipt_status: self.receipt(),
        }
    }

    fn price_list(&self) -> PriceListMetadata {
        PriceListMetadata {
            document_status: Some(obsolete::bilateral(self.flow)),
            price_list_effective_date: self.optional("PriceListEffectiveDate"),
            contract_document_date: self.optional("ContractDocumentDate"),
            contract_document_number: self.optional("ContractDocumentNumber"),
            receipt_status: self.receipt(),
        }
    }

    fn contract(&self) -> ContractMetadata {
        ContractMetadata {
            document_status: Some(obsolete::bilateral(self.flow)),
            contract_price: self.optional("ContractPrice"),
            contract_type: self.optional("ContractType"),
            receipt_status: self.receipt(),
        }
    }

    fn supplementary_agreement(&self) -> SupplementaryAgreementMetadata {
        SupplementaryAgreementMetadata {
            document_status: Some(obsolete::bilateral(self.flow)),
            total: self.optional("TotalSum"),
            contract_type: self.optional("ContractType"),
            contract_number: self.text("ContractNumber"),
            contract_date: self.text("ContractDate"),
            receipt_status: self.receipt(),
        }
    }

    fn invoice(&self) -> InvoiceMetadata {
        InvoiceMetadata {
            invoice_status: Some(obsolete::invoice(self.flow)),
            total: self.text("TotalSum"),
            vat: self.text("TotalVat"),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
        }
    }

    fn invoice_revision(&self) -> InvoiceRevisionMetadata {
        InvoiceRevisionMetadata {
            invoice_revision_status: Some(obsolete::invoice(self.flow)),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            total: self.text("TotalSum"),
            vat: self.text("TotalVat"),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
        }
    }

    fn invoice_correction(&self) -> InvoiceCorrectionMetadata {
        InvoiceCorrectionMetadata {
            invoice_correction_status: Some(obsolete::invoice(self.flow)),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            total_inc: self.text("TotalInc"),
            total_dec: self.text("TotalDec"),
            vat_inc: self.text("VatInc"),
            vat_dec: self.text("VatDec"),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
        }
    }

    fn invoice_correction_revision(&self) -> InvoiceCorrectionRevisionMetadata {
        InvoiceCorrectionRevisionMetadata {
            invoice_correction_revision_status: Some(obsolete::invoice(self.flow)),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            original_invoice_correction_number: self.text("OriginalInvoiceCorrectionNumber"),
            original_invoice_correction_date: self.text("OriginalInvoiceCorrectionDate"),
            total_inc: self.text("TotalInc"),
            total_dec: self.text("TotalDec"),
            vat_inc: self.text("VatInc"),
            vat_dec: self.text("VatDec"),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
        }
    }

    fn transfer(&self) -> UniversalTransferDocumentMetadata {
        UniversalTransferDocumentMetadata {
            document_status: Some(obsolete::transfer(self.flow)),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: self.optional("DocumentGrounds"),
            document_function: self.flow.facts.document.kind.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: Some(confirmed_at(self.flow)),
            invoice_amendment_flags: Some(self.amendment_flags()),
        }
    }

    fn transfer_revision(&self) -> UniversalTransferDocumentRevisionMetadata {
        UniversalTransferDocumentRevisionMetadata {
            document_status: obsolete::transfer(self.flow),
            total: self.text("TotalSum"),
            vat: self.optional("TotalVat"),
            grounds: self.optional("DocumentGrounds"),
            document_function: self.flow.facts.document.kind.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: Some(confirmed_at(self.flow)),
            invoice_amendment_flags: self.amendment_flags(),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
        }
    }

    fn correction(&self) -> UniversalCorrectionDocumentMetadata {
        UniversalCorrectionDocumentMetadata {
            document_status: obsolete::transfer(self.flow),
            total_inc: self.text("TotalInc"),
            total_dec: self.text("TotalDec"),
            vat_inc: self.text("VatInc"),
            vat_dec: self.text("VatDec"),
            grounds: self.optional("DocumentGrounds"),
            document_function: self.flow.facts.document.kind.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
        }
    }

    fn correction_revision(&self) -> UniversalCorrectionDocumentRevisionMetadata {
        UniversalCorrectionDocumentRevisionMetadata {
            document_status: obsolete::transfer(self.flow),
            total_inc: self.text("TotalInc"),
            total_dec: self.text("TotalDec"),
            vat_inc: self.text("VatInc"),
            vat_dec: self.text("VatDec"),
            grounds: self.optional("DocumentGrounds"),
            document_function: self.flow.facts.document.kind.function.clone(),
            currency: self.currency(),
            confirmation_date_time_ticks: confirmed_at(self.flow),
            invoice_amendment_flags: self.amendment_flags(),
            original_invoice_number: self.text("OriginalInvoiceNumber"),
            original_invoice_date: self.text("OriginalInvoiceDate"),
            original_invoice_revision_number: self.optional("OriginalInvoiceRevisionNumber"),
            original_invoice_revision_date: self.optional("OriginalInvoiceRevisionDate"),
            original_invoice_correction_number: self.text("OriginalInvoiceCorrectionNumber"),
            original_invoice_correction_date: self.text("OriginalInvoiceCorrectionDate"),
        }
    }
}
