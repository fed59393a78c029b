//! Reading XML documents.

use potok_types::BoxId;
use potok_types::access::{BoxEmployee, KnownClient};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, VersionQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Example, FILE_BODY_LIMIT_BYTES, NoQuery, Raw};

queries! {
    /// The query of `ParseTitleXml`.
    ParseTitleXmlQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The document type.
        document_type_named_id: String = "documentTypeNamedId",
        /// The function of the document type.
        document_function: String = "documentFunction",
        /// The version of the document type.
        document_version: String = "documentVersion",
        /// The number of the title.
        title_index: i64 = "titleIndex";
    }
}

/// A title of a format; what a program would read.
const TITLE: Option<Example> = Some(Example::new("", "<a/>").answered(400));

endpoints! {
    $ Parsing for_each_parsing_endpoint;

    /// Reads a title of any document type into its contract.
    ParseTitleXml parse_title_xml = "ParseTitleXml" 1, Post "/ParseTitleXml",
    ParseTitleXmlQuery, Raw => Raw {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(
            Example::new(
                "boxId={box}&documentTypeNamedId=Invoice&documentFunction=default&documentVersion=utd970_05_03_01&titleIndex=0",
                "<a/>",
            )
            .answered(400),
        ),
    }

    /// Reads an invoice.
    ParseInvoiceXml parse_invoice_xml = "ParseInvoiceXml" 1, Post "/ParseInvoiceXml",
    NoQuery, Raw => proto::invoicing::InvoiceInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
    }

    /// Reads the seller's title of a waybill.
    ParseTorg12SellerTitleXml parse_torg12_seller_title_xml =
        "ParseTorg12SellerTitleXml" 1, Post "/ParseTorg12SellerTitleXml",
    VersionQuery, Raw => Raw {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
        note: "Torg12SellerTitleInfo or TovTorgSellerTitleInfo, by the document version",
    }

    /// Reads the buyer's title of a waybill.
    ParseTorg12BuyerTitleXml parse_torg12_buyer_title_xml =
        "ParseTorg12BuyerTitleXml" 1, Post "/ParseTorg12BuyerTitleXml",
    VersionQuery, Raw => Raw {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
        note: "Torg12BuyerTitleInfo or TovTorgBuyerTitleInfo, by the document version",
    }

    /// Reads the seller's title of an acceptance certificate.
    ParseAcceptanceCertificateSellerTitleXml parse_acceptance_certificate_seller_title_xml =
        "ParseAcceptanceCertificateSellerTitleXml" 1, Post "/ParseAcceptanceCertificateSellerTitleXml",
    VersionQuery, Raw => Raw {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
        note: "AcceptanceCertificateSellerTitleInfo or AcceptanceCertificate552SellerTitleInfo, by the document version",
    }

    /// Reads the buyer's title of an acceptance certificate.
    ParseAcceptanceCertificateBuyerTitleXml parse_acceptance_certificate_buyer_title_xml =
        "ParseAcceptanceCertificateBuyerTitleXml" 1, Post "/ParseAcceptanceCertificateBuyerTitleXml",
    VersionQuery, Raw => Raw {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
        note: "AcceptanceCertificateBuyerTitleInfo or AcceptanceCertificate552BuyerTitleInfo, by the document version",
    }

    /// Reads the seller's title of a universal transfer document.
    ParseUniversalTransferDocumentSellerTitleXml parse_universal_transfer_document_seller_title_xml =
        "ParseUniversalTransferDocumentSellerTitleXml" 1, Post "/ParseUniversalTransferDocumentSellerTitleXml",
    VersionQuery, Raw => proto::invoicing::UniversalTransferDocumentSellerTitleInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
    }

    /// Reads the buyer's title of a universal transfer document.
    ParseUniversalTransferDocumentBuyerTitleXml parse_universal_transfer_document_buyer_title_xml =
        "ParseUniversalTransferDocumentBuyerTitleXml" 1, Post "/ParseUniversalTransferDocumentBuyerTitleXml",
    NoQuery, Raw => proto::invoicing::UniversalTransferDocumentBuyerTitleInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
    }

    /// Reads the seller's title of a universal correction document.
    ParseUniversalCorrectionDocumentSellerTitleXml parse_universal_correction_document_seller_title_xml =
        "ParseUniversalCorrectionDocumentSellerTitleXml" 1, Post "/ParseUniversalCorrectionDocumentSellerTitleXml",
    VersionQuery, Raw => proto::invoicing::UniversalCorrectionDocumentSellerTitleInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
    }

    /// Reads the buyer's title of a universal correction document.
    ParseUniversalCorrectionDocumentBuyerTitleXml parse_universal_correction_document_buyer_title_xml =
        "ParseUniversalCorrectionDocumentBuyerTitleXml" 1, Post "/ParseUniversalCorrectionDocumentBuyerTitleXml",
    NoQuery, Raw => proto::invoicing::UniversalTransferDocumentBuyerTitleInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("ParseTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: TITLE,
    }

    /// Reads a proposal to revoke a document.
    ParseRevocationRequestXml parse_revocation_request_xml =
        "ParseRevocationRequestXml" 1, Post "/ParseRevocationRequestXml",
    NoQuery, Raw => proto::invoicing::RevocationRequestInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        example: Some(Example::new("", "<a/>").answered(400)),
    }

    /// Reads a refusal to sign.
    ParseSignatureRejectionXml parse_signature_rejection_xml =
        "ParseSignatureRejectionXml" 1, Post "/ParseSignatureRejectionXml",
    NoQuery, Raw => proto::invoicing::SignatureRejectionInfo {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        example: Some(Example::new("", "<a/>").answered(400)),
    }
}
