//! The table of the types.

use super::{DocumentType, Function, MetadataItem, Version};
use crate::AttachmentType;

const fn required(key: &'static str) -> MetadataItem {
    MetadataItem { key, is_required: true }
}

const fn optional(key: &'static str) -> MetadataItem {
    MetadataItem { key, is_required: false }
}

const FILE_NAME: MetadataItem = required("FileName");
const NUMBER: MetadataItem = required("DocumentNumber");
const DATE: MetadataItem = required("DocumentDate");

/// What a document has of which nothing is known but the file.
const FILE: &[MetadataItem] = &[FILE_NAME, optional("DocumentNumber"), optional("DocumentDate")];
const DATED_FILE: &[MetadataItem] = &[FILE_NAME, optional("DocumentNumber"), DATE];
const GOODS: &[MetadataItem] =
    &[FILE_NAME, NUMBER, DATE, required("TotalSum"), optional("TotalVat"), optional("DocumentGrounds")];
const SERVICES: &[MetadataItem] = &[
    FILE_NAME,
    optional("DocumentNumber"),
    DATE,
    required("TotalSum"),
    optional("TotalVat"),
    optional("DocumentGrounds"),
];
const TRANSFER: &[MetadataItem] =
    &[FILE_NAME, NUMBER, DATE, required("TotalSum"), optional("DocumentGrounds")];
const PRICES: &[MetadataItem] = &[
    FILE_NAME,
    NUMBER,
    DATE,
    required("PriceListEffectiveDate"),
    required("ContractDocumentDate"),
    required("ContractDocumentNumber"),
];
const CONTRACT: &[MetadataItem] =
    &[FILE_NAME, NUMBER, DATE, optional("ContractPrice"), optional("ContractType")];
const SUPPLEMENT: &[MetadataItem] = &[
    FILE_NAME,
    NUMBER,
    DATE,
    required("ContractNumber"),
    required("ContractDate"),
    optional("TotalSum"),
    optional("ContractType"),
];
/// What the file of a formalized document says itself; a poster who sends it too may be taken at its word, and has to
/// send it when the bytes are encrypted.
pub(super) const FORMAL: &[MetadataItem] = &[
    optional("FileName"),
    optional("DocumentNumber"),
    optional("DocumentDate"),
    optional("DocumentName"),
    optional("TotalSum"),
    optional("TotalVat"),
    optional("Currency"),
    optional("DocumentGrounds"),
    optional("DocumentFunction"),
    optional("RevisionNumber"),
    optional("RevisionDate"),
    optional("OriginalInvoiceNumber"),
    optional("OriginalInvoiceDate"),
    optional("OriginalInvoiceRevisionNumber"),
    optional("OriginalInvoiceRevisionDate"),
    optional("OriginalInvoiceCorrectionNumber"),
    optional("OriginalInvoiceCorrectionDate"),
    optional("TotalInc"),
    optional("TotalDec"),
    optional("VatInc"),
    optional("VatDec"),
    optional("SellerFnsParticipantId"),
    optional("BuyerFnsParticipantId"),
    optional("SellerInn"),
    optional("SellerKpp"),
    optional("BuyerInn"),
    optional("BuyerKpp"),
    optional("FileId"),
    optional("FormationDate"),
    optional("FormationTime"),
];

// Workflows, the default first. Function СЧФ and its like are tax invoices, ДОП are source documents with an answering
// title, СЧФДОП are both at once.
const INVOICE_FLOWS: &[i32] = &[17, 10, 4];
const INVOICE_TITLE_FLOWS: &[i32] = &[17, 10];
const SOURCE_FLOWS: &[i32] = &[19, 3, 11];
const BOTH_FLOWS: &[i32] = &[18, 16, 12, 5];

macro_rules! versions {
    ($flows:expr; $($name:literal),+ $(,)?) => {
        &[$(Version { name: $name, workflows: $flows },)+]
    };
}

/// Formats of the universal transfer document; invoices, waybills and acts may be written in them too.
macro_rules! transfer_versions {
    ($flows:expr) => {
        versions!(
            $flows;
            "utd970_05_03_01", "utd970_05_02_01",
            "utd820_05_01_02_hyphen", "utd820_05_01_01_hyphen", "utd820_05_01_01",
            "utd_05_02_01", "utd_05_01_05", "utd_05_01_04", "utd_05_01_02", "utd_05_01_01",
        )
    };
}

/// Formats of the universal correction document.
macro_rules! correction_versions {
    ($flows:expr) => {
        versions!(
            $flows;
            "ucd736_05_01_02", "ucd736_05_01_01", "ucd29_05_02_01",
            "ucd_05_02_01", "ucd_05_01_03", "ucd_05_01_02", "ucd_05_01_01",
        )
    };
}

const fn function(name: &'static str, versions: &'static [Version]) -> Function {
    Function { name, versions }
}

/// The only function of a type whose bytes have no format.
macro_rules! plain {
    ($($flow:literal),+) => {
        &[function("default", versions!(&[$($flow),+]; "v1"))]
    };
}

const INVOICES: &[Function] = &[
    function(
        "default",
        versions!(
            INVOICE_FLOWS;
            "utd970_05_03_01", "utd970_05_02_01",
            "utd820_05_01_02_hyphen", "utd820_05_01_01_hyphen", "utd820_05_01_01",
            "utd_05_02_01", "utd_05_01_05", "utd_05_01_04", "utd_05_01_02", "utd_05_01_01",
            "invoice_05_02_01", "invoice_05_01_03", "invoice_05_01_01",
        ),
    ),
    function("СЧФ", transfer_versions!(INVOICE_FLOWS)),
];
const INVOICE_CORRECTIONS: &[Function] = &[
    function(
        "default",
        versions!(
            INVOICE_FLOWS;
            "ucd736_05_01_02", "ucd736_05_01_01", "ucd29_05_02_01",
            "ucd_05_02_01", "ucd_05_01_03", "ucd_05_01_02", "ucd_05_01_01",
            "invoicecor_05_02_01", "invoicecor_05_01_03",
        ),
    ),
    function("КСЧФ", correction_versions!(INVOICE_FLOWS)),
];
const TRANSFERS: &[Function] = &[
    function("СЧФ", transfer_versions!(INVOICE_TITLE_FLOWS)),
    function("ДОП", transfer_versions!(SOURCE_FLOWS)),
    function("СЧФДОП", transfer_versions!(BOTH_FLOWS)),
    function("СвРК", transfer_versions!(SOURCE_FLOWS)),
    function("СвЗК", transfer_versions!(SOURCE_FLOWS)),
];
const CORRECTIONS: &[Function] = &[
    function("КСЧФ", correction_versions!(INVOICE_TITLE_FLOWS)),
    function("ДИС", correction_versions!(SOURCE_FLOWS)),
    function("КСЧФДИС", correction_versions!(BOTH_FLOWS)),
    function("СвИСРК", correction_versions!(SOURCE_FLOWS)),
    function("СвИСЗК", correction_versions!(SOURCE_FLOWS)),
];
const WAYBILLS: &[Function] = &[
    function(
        "default",
        versions!(
            &[3, 19, 11];
            "tovtorg_05_02_01", "tovtorg_05_01_04", "tovtorg_05_01_03", "tovtorg_05_01_02",
            "utd970_05_03_01", "torg12_05_01_02", "torg12_05_01_01",
        ),
    ),
    function("ДОП", transfer_versions!(SOURCE_FLOWS)),
];
const ACTS: &[Function] = &[
    function(
        "default",
        versions!(
            &[3, 9, 19];
            "rezru_05_02_01", "rezru_05_01_02", "rezru_05_01_01",
            "utd970_05_03_01", "act_05_01_02", "act_05_01_01",
        ),
    ),
    function("ДОП", transfer_versions!(SOURCE_FLOWS)),
];
const RECONCILIATIONS: &[Function] = &[function(
    "default",
    &[
        Version { name: "v1", workflows: &[2, 1] },
        Version { name: "reconciliationact405_05_01_01", workflows: &[3] },
    ],
)];
const RETURNS: &[Function] = &[
    function("NoAdditionalInfo", versions!(&[1]; "torg2_05_01_01")),
    function("WithAdditionalInfo", versions!(&[3]; "torg2_05_01_01")),
];
const WORKS: &[Function] = &[
    // Contractor, customer, investor: where all three sign, each writes a title.
    function("default", versions!(&[3, 13]; "performedworkacceptancecertificate691_01_00_01")),
    function("ДОП", transfer_versions!(&[3])),
];

const PROFORMAS: &[Function] = &[function("default", versions!(&[9, 6]; "proformainvoice29_05_01_01"))];
const OFFERS: &[Function] = &[function("default", versions!(&[9, 6]; "invoiceoffer29_05_01_01"))];

const fn row(
    type_named_id: &'static str,
    title: &'static str,
    attachment_type: AttachmentType,
    functions: &'static [Function],
    metadata: &'static [MetadataItem],
) -> DocumentType {
    DocumentType { type_named_id, title, attachment_type, functions, metadata }
}

/// Every type, by the number of the API; types newer than the numbers stand last.
pub static TYPES: &[DocumentType] = {
    use AttachmentType as A;
    &[
        row("Nonformalized", "Неформализованный документ", A::Nonformalized, plain!(1, 2, 6), FILE),
        row("Invoice", "Счет-фактура", A::Invoice, INVOICES, FORMAL),
        row("TrustConnectionRequest", "Приглашение к ЭДО", A::TrustConnectionRequest, plain!(7), FORMAL),
        row("Torg12", "Товарная накладная ТОРГ-12", A::Torg12, plain!(2), GOODS),
        row("InvoiceRevision", "Исправление счета-фактуры", A::InvoiceRevision, INVOICES, FORMAL),
        row(
            "InvoiceCorrection",
            "Корректировочный счет-фактура",
            A::InvoiceCorrection,
            INVOICE_CORRECTIONS,
            FORMAL,
        ),
        row(
            "InvoiceCorrectionRevision",
            "Исправление корректировочного счета-фактуры",
            A::InvoiceCorrectionRevision,
            INVOICE_CORRECTIONS,
            FORMAL,
        ),
        row("AcceptanceCertificate", "Акт", A::AcceptanceCertificate, plain!(1, 2), SERVICES),
        row("ProformaInvoice", "Счет на оплату", A::ProformaInvoice, plain!(6), GOODS),
        row("XmlTorg12", "Товарная накладная", A::XmlTorg12, WAYBILLS, FORMAL),
        row("XmlAcceptanceCertificate", "Акт о выполнении работ", A::XmlAcceptanceCertificate, ACTS, FORMAL),
        row("PriceList", "Протокол согласования цены", A::PriceList, plain!(2), PRICES),
        row(
            "PriceListAgreement",
            "Протокол согласования прайс-листа",
            A::PriceListAgreement,
            plain!(1),
            FILE,
        ),
        row("CertificateRegistry", "Реестр сертификатов", A::CertificateRegistry, plain!(1), FILE),
        row("ReconciliationAct", "Акт сверки", A::ReconciliationAct, RECONCILIATIONS, DATED_FILE),
        row("Contract", "Договор", A::Contract, plain!(2, 1), CONTRACT),
        row("Torg13", "Накладная ТОРГ-13", A::Torg13, plain!(2), TRANSFER),
        row("ServiceDetails", "Детализация", A::ServiceDetails, plain!(6), FILE),
        row(
            "SupplementaryAgreement",
            "Дополнительное соглашение к договору",
            A::SupplementaryAgreement,
            plain!(2),
            SUPPLEMENT,
        ),
        row(
            "UniversalTransferDocument",
            "Универсальный передаточный документ",
            A::UniversalTransferDocument,
            TRANSFERS,
            FORMAL,
        ),
        row(
            "UniversalTransferDocumentRevision",
            "Исправление универсального передаточного документа",
            A::UniversalTransferDocumentRevision,
            TRANSFERS,
            FORMAL,
        ),
        row("MesNotification", "Уведомление МЭС", A::MesNotification, plain!(6), FORMAL),
        row(
            "UniversalCorrectionDocument",
            "Универсальный корректировочный документ",
            A::UniversalCorrectionDocument,
            CORRECTIONS,
            FORMAL,
        ),
        row(
            "UniversalCorrectionDocumentRevision",
            "Исправление универсального корректировочного документа",
            A::UniversalCorrectionDocumentRevision,
            CORRECTIONS,
            FORMAL,
        ),
        row("Torg2", "Акт о расхождениях ТОРГ-2", A::Title, RETURNS, FORMAL),
        row(
            "PerformedWorkAcceptanceCertificate",
            "Акт о приемке выполненных работ КС-2",
            A::Title,
            WORKS,
            FORMAL,
        ),
        row("XmlProformaInvoice", "Счет на оплату", A::Title, PROFORMAS, FORMAL),
        row("XmlInvoiceOffer", "Счет-оферта", A::Title, OFFERS, FORMAL),
    ]
};
