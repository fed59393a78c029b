//! Making XML documents.

use potok_types::access::{BoxEmployee, NamedDocuments, User};
use potok_types::{BoxId, EntityId, MessageId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{AttachmentQuery, BOX, BoxQuery, DocumentQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Empty, Example, FILE_BODY_LIMIT_BYTES, Raw};

queries! {
    /// The query of `GenerateTitleXml`.
    GenerateTitleXmlQuery {
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
        /// Do not check the result against its schema.
        disable_validation: bool = "disableValidation",
        /// The editing setting.
        editing_setting_id: Option<String> = "editingSettingId",
        /// The message that the title belongs to.
        letter_id: Option<MessageId> = "letterId",
        /// The document.
        document_id: Option<EntityId> = "documentId",
    }

    /// The query of `GenerateRevocationRequestXml`.
    GenerateRevocationRequestXmlQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The attachment.
        attachment_id: EntityId = "attachmentId";
        /// The format to generate.
        content_type_id: Option<String> = "contentTypeId",
    }

    /// The query of `GenerateSenderTitleXml`.
    GenerateSenderTitleXmlQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The document type.
        document_type_named_id: String = "documentTypeNamedId",
        /// The function of the document type.
        document_function: String = "documentFunction",
        /// The version of the document type.
        document_version: String = "documentVersion";
        /// Do not check the result against its schema.
        disable_validation: bool = "disableValidation",
        /// The editing setting.
        editing_setting_id: Option<String> = "editingSettingId",
    }

    /// The query of `GenerateRecipientTitleXml`.
    GenerateRecipientTitleXmlQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message with the first side's title.
        sender_title_message_id: MessageId = "senderTitleMessageId",
        /// The first side's title.
        sender_title_attachment_id: EntityId = "senderTitleAttachmentId";
        /// The version of the document type.
        document_version: Option<String> = "documentVersion",
    }

    /// The query of `GenerateInvoiceXml`.
    GenerateInvoiceXmlQuery {
        /// The kind of invoice.
        invoice_type: String = "invoiceType";
        /// Do not check the result against its schema.
        disable_validation: bool = "disableValidation",
    }

    /// The first side's title to make.
    SellerTitleQuery {
        ;
        /// The version of the document type.
        document_version: Option<String> = "documentVersion",
        /// Do not check the result against its schema.
        disable_validation: bool = "disableValidation",
    }

    /// The first side's title to answer.
    BuyerTitleQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message with the first side's title.
        seller_title_message_id: MessageId = "sellerTitleMessageId",
        /// The first side's title.
        seller_title_attachment_id: EntityId = "sellerTitleAttachmentId";
        /// The version of the document type.
        document_version: Option<String> = "documentVersion",
    }

    /// The query of `GenerateUniversalTransferDocumentXmlForSeller`.
    GenerateUniversalTransferDocumentXmlForSellerQuery {
        ;
        /// The version of the document type.
        document_version: Option<String> = "documentVersion",
        /// For a correction document.
        correction: bool = "correction",
        /// Do not check the result against its schema.
        disable_validation: bool = "disableValidation",
    }

    /// The query of `GenerateUniversalTransferDocumentXmlForBuyer`.
    GenerateUniversalTransferDocumentXmlForBuyerQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message with the first side's title.
        seller_title_message_id: MessageId = "sellerTitleMessageId",
        /// The first side's title.
        seller_title_attachment_id: EntityId = "sellerTitleAttachmentId";
    }
}

/// A receipt of what came.
const RECEIPT: Option<Example> = Some(Example::new(
    "boxId={box}&messageId={message}&attachmentId={document}",
    r#"{"SignerDetails":{"Surname":"Орлова","FirstName":"Мария","JobTitle":"Директор"}}"#,
));
/// What is wrong with what came.
const REASON: Option<Example> = Some(Example::new(
    "boxId={box}&messageId={message}&attachmentId={document}",
    r#"{"ErrorMessage":"Цена","Signer":{"SignerDetails":{"Surname":"Орлова","FirstName":"Мария",
        "JobTitle":"Директор"}}}"#,
));
/// The same, with the signer in the format of the contract.
const REASON_V2: Option<Example> = Some(Example::new(
    "boxId={box}",
    r#"{"ErrorMessage":"Цена","MessageId":"{message}","AttachmentId":"{document}",
        "SignerContent":"PFNpZ25lci8+"}"#,
));
/// An offer to revoke what is finished.
const REVOCATION: Option<Example> = Some(Example::new(
    "boxId={box}&messageId={finished}&attachmentId={finished_document}",
    r#"{"Comment":"Ошибка"}"#,
));

/// A call that answers a title: what it says, and who signs.
macro_rules! answered {
    ($said:literal) => {
        Some(
            Example::new(
                "boxId={box}&sellerTitleMessageId={message}&sellerTitleAttachmentId={document}",
                concat!(
                    "{",
                    $said,
                    r#""Signer":{"SignerDetails":{"Surname":"Орлова","FirstName":"Мария"}}}"#
                ),
            )
            // The document is of a newer format.
            .answered(409),
        )
    };
}

endpoints! {
    $ Generation for_each_generation_endpoint;

    /// Makes a title of any document type from its contract.
    GenerateTitleXml generate_title_xml = "GenerateTitleXml" 1, Post "/GenerateTitleXml",
    GenerateTitleXmlQuery, Raw => Raw {
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

    /// Makes a receipt.
    GenerateReceiptXmlV2 generate_receipt_xml_v2 = "GenerateReceiptXml" 2, Post "/V2/GenerateReceiptXml",
    BoxQuery, proto::invoicing::ReceiptGenerationRequestV2 => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"MessageId":"{message}","AttachmentId":"{document}","SignerContent":"PFNpZ25lci8+"}"#,
        )),
    }

    /// Makes a request to correct an invoice.
    GenerateInvoiceCorrectionRequestXmlV2 generate_invoice_correction_request_xml_v2 =
        "GenerateInvoiceCorrectionRequestXml" 2, Post "/V2/GenerateInvoiceCorrectionRequestXml",
    BoxQuery, proto::invoicing::InvoiceCorrectionRequestGenerationRequestV2 => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: REASON_V2,
    }

    /// Makes a refusal to sign.
    GenerateSignatureRejectionXmlV2 generate_signature_rejection_xml_v2 =
        "GenerateSignatureRejectionXml" 2, Post "/V2/GenerateSignatureRejectionXml",
    BoxQuery, proto::invoicing::SignatureRejectionGenerationRequestV2 => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: REASON_V2,
    }

    /// Makes a proposal to revoke a document.
    GenerateRevocationRequestXmlV2 generate_revocation_request_xml_v2 =
        "GenerateRevocationRequestXml" 2, Post "/V2/GenerateRevocationRequestXml",
    GenerateRevocationRequestXmlQuery, proto::invoicing::RevocationRequestInfo => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: REVOCATION,
    }

    /// Makes a request to cancel what the state was told of marked goods.
    GenerateTtGisFixationCancellationRequest generate_tt_gis_fixation_cancellation_request =
        "GenerateTtGisFixationCancellationRequest" 1, Post "/GenerateTtGisFixationCancellationRequest",
    DocumentQuery, Empty => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={marked}&documentId={marked_document}")),
    }

    /// Makes a receipt.
    GenerateReceiptXml generate_receipt_xml = "GenerateReceiptXml" 1, Post "/GenerateReceiptXml",
    AttachmentQuery, proto::invoicing::Signer => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: RECEIPT,
        deprecation: R1_ASSUMED,
    }

    /// Makes a request to correct an invoice.
    GenerateInvoiceCorrectionRequestXml generate_invoice_correction_request_xml =
        "GenerateInvoiceCorrectionRequestXml" 1, Post "/GenerateInvoiceCorrectionRequestXml",
    AttachmentQuery, proto::invoicing::InvoiceCorrectionRequestInfo => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: REASON,
        deprecation: R1_ASSUMED,
    }

    /// Makes a refusal to sign.
    GenerateSignatureRejectionXml generate_signature_rejection_xml =
        "GenerateSignatureRejectionXml" 1, Post "/GenerateSignatureRejectionXml",
    AttachmentQuery, proto::invoicing::SignatureRejectionInfo => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: REASON,
        deprecation: R1_ASSUMED,
    }

    /// Makes a proposal to revoke a document.
    GenerateRevocationRequestXml generate_revocation_request_xml =
        "GenerateRevocationRequestXml" 1, Post "/GenerateRevocationRequestXml",
    AttachmentQuery, proto::invoicing::RevocationRequestInfo => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 403, 404, 405, 409, 415, 429, 500],
        example: REVOCATION,
        deprecation: R1_ASSUMED,
    }

    /// Makes a receipt for a document.
    GenerateDocumentReceiptXml generate_document_receipt_xml =
        "GenerateDocumentReceiptXml" 1, Post "/GenerateDocumentReceiptXml",
    AttachmentQuery, proto::invoicing::Signer => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: RECEIPT,
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateReceiptXml V2"),
    }

    /// Makes a receipt for an invoice.
    GenerateInvoiceDocumentReceiptXml generate_invoice_document_receipt_xml =
        "GenerateInvoiceDocumentReceiptXml" 1, Post "/GenerateInvoiceDocumentReceiptXml",
    AttachmentQuery, proto::invoicing::Signer => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: RECEIPT,
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateReceiptXml V2"),
    }

    /// Makes the first side's title from its contract.
    GenerateSenderTitleXml generate_sender_title_xml =
        "GenerateSenderTitleXml" 1, Post "/GenerateSenderTitleXml",
    GenerateSenderTitleXmlQuery, Raw => Raw {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(
            Example::new(
                "boxId={box}&documentTypeNamedId=Invoice&documentFunction=default&documentVersion=utd970_05_03_01",
                "<a/>",
            )
            .answered(400),
        ),
    }

    /// Makes the second side's title from its contract.
    GenerateRecipientTitleXml generate_recipient_title_xml =
        "GenerateRecipientTitleXml" 1, Post "/GenerateRecipientTitleXml",
    GenerateRecipientTitleXmlQuery, Raw => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(
            Example::new("boxId={box}&senderTitleMessageId={message}&senderTitleAttachmentId={document}", "<a/>")
                .answered(400),
        ),
    }

    /// Makes an invoice.
    GenerateInvoiceXml generate_invoice_xml = "GenerateInvoiceXml" 1, Post "/GenerateInvoiceXml",
    GenerateInvoiceXmlQuery, Raw => Raw {
        access: User,
        status_codes: &[200, 400, 401, 404, 405, 415, 429, 500],
        example: Some(Example::new("invoiceType=Invoice", "{}").answered(400)),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "InvoiceInfo, or InvoiceCorrectionInfo for corrections, as protobuf or JSON; its Version is that of the format",
    }

    /// Makes the seller's title of a waybill.
    GenerateTorg12XmlForSeller generate_torg12_xml_for_seller =
        "GenerateTorg12XmlForSeller" 1, Post "/GenerateTorg12XmlForSeller",
    SellerTitleQuery, Raw => Raw {
        access: User,
        status_codes: &[200, 400, 401, 404, 405, 415, 429, 500],
        example: Some(Example::new("", "{}").answered(400)),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "Torg12SellerTitleInfo or TovTorgSellerTitleInfo, as protobuf or JSON, by the document version",
    }

    /// Makes the buyer's title of a waybill.
    GenerateTorg12XmlForBuyer generate_torg12_xml_for_buyer =
        "GenerateTorg12XmlForBuyer" 1, Post "/GenerateTorg12XmlForBuyer",
    BuyerTitleQuery, Raw => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: answered!(r#""ShipmentReceiptDate":"20.11.2026","#),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "Torg12BuyerTitleInfo or TovTorgBuyerTitleInfo, as protobuf or JSON, by the document version",
    }

    /// Makes the seller's title of an acceptance certificate.
    GenerateAcceptanceCertificateXmlForSeller generate_acceptance_certificate_xml_for_seller =
        "GenerateAcceptanceCertificateXmlForSeller" 1, Post "/GenerateAcceptanceCertificateXmlForSeller",
    SellerTitleQuery, Raw => Raw {
        access: User,
        status_codes: &[200, 400, 401, 404, 405, 415, 429, 500],
        example: Some(Example::new("", "{}").answered(400)),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "AcceptanceCertificateSellerTitleInfo or AcceptanceCertificate552SellerTitleInfo, as protobuf or JSON, \
               by the document version",
    }

    /// Makes the buyer's title of an acceptance certificate.
    GenerateAcceptanceCertificateXmlForBuyer generate_acceptance_certificate_xml_for_buyer =
        "GenerateAcceptanceCertificateXmlForBuyer" 1, Post "/GenerateAcceptanceCertificateXmlForBuyer",
    BuyerTitleQuery, Raw => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: answered!(r#""Signature":{"SignatureDate":"20.11.2026"},"#),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "AcceptanceCertificateBuyerTitleInfo or AcceptanceCertificate552BuyerTitleInfo, as protobuf or JSON, by \
               the document version",
    }

    /// Makes the seller's title of a universal transfer document.
    GenerateUniversalTransferDocumentXmlForSeller generate_universal_transfer_document_xml_for_seller =
        "GenerateUniversalTransferDocumentXmlForSeller" 1, Post "/GenerateUniversalTransferDocumentXmlForSeller",
    GenerateUniversalTransferDocumentXmlForSellerQuery, Raw => Raw {
        access: User,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        example: Some(Example::new("", "{}").answered(400)),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
        note: "UniversalTransferDocumentSellerTitleInfo, or UniversalCorrectionDocumentSellerTitleInfo for corrections, \
               as protobuf or JSON",
    }

    /// Makes the buyer's title of a universal transfer document.
    GenerateUniversalTransferDocumentXmlForBuyer generate_universal_transfer_document_xml_for_buyer =
        "GenerateUniversalTransferDocumentXmlForBuyer" 1, Post "/GenerateUniversalTransferDocumentXmlForBuyer",
    GenerateUniversalTransferDocumentXmlForBuyerQuery,
    proto::invoicing::UniversalTransferDocumentBuyerTitleInfo
    => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 403, 404, 405, 409, 415, 429, 500],
        example: answered!(r#""DocumentCreator":"Склад","OperationContent":"Принято","#),
        deprecation: R1_ASSUMED,
        replaced_by: Some("GenerateTitleXml"),
    }
}
