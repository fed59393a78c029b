//! Print forms, protocols and archives.

use potok_types::access::{NamedDocuments, User};
use potok_types::{BoxId, EntityId, MessageId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, DocumentQuery};
use crate::params::queries;
use crate::{BoxIn, Empty, Example, FILE_BODY_LIMIT_BYTES, Raw, Text};

queries! {
    /// The query of `GeneratePrintFormFromAttachment`.
    GeneratePrintFormFromAttachmentQuery {
        ;
        /// The kind of document.
        document_type: Option<String> = "documentType",
        /// The box the document came from.
        from_box_id: Option<BoxId> = "fromBoxId",
    }

    /// The query of `GetGeneratedPrintForm`.
    GetGeneratedPrintFormQuery {
        /// The print form, as the starting method named it.
        print_form_id: String = "printFormId";
        /// The kind of document.
        document_type: Option<String> = "documentType",
    }

    /// The query of `GenerateDocumentZip`.
    GenerateDocumentZipQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The document.
        document_id: EntityId = "documentId";
        /// With all signatures and service documents; false when absent.
        full_docflow: Option<bool> = "fullDocflow",
    }
}

endpoints! {
    $ Print for_each_print_endpoint;

    /// The print form of a document.
    GeneratePrintForm generate_print_form = "GeneratePrintForm" 1, Get "/GeneratePrintForm",
    DocumentQuery, Empty => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        note: "200 with `Retry-After` and no bytes while the form is prepared",
        example: Some(Example::query("boxId={box}&messageId={message}&documentId={document}")),
    }

    /// Starts making the print form of bytes.
    GeneratePrintFormFromAttachment generate_print_form_from_attachment =
        "GeneratePrintFormFromAttachment" 1, Post "/GeneratePrintFormFromAttachment",
    GeneratePrintFormFromAttachmentQuery, Raw => Text {
        access: User,
        box_in: BoxIn::OptionalQuery("fromBoxId"),
        status_codes: &[200, 400, 401, 415, 429, 500],
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(Example::new("", "Акт")),
    }

    /// The print form of bytes, when it is ready.
    GetGeneratedPrintForm get_generated_print_form = "GetGeneratedPrintForm" 1, Get "/GetGeneratedPrintForm",
    GetGeneratedPrintFormQuery, Empty => Raw {
        access: User,
        status_codes: &[200, 401, 409, 429, 500],
        note: "200 with `Retry-After` and no bytes while the form is prepared",
        example: Some(Example::query("printFormId=00000000-0000-0000-0000-000000000000").answered(409)),
    }

    /// The protocol of the exchange of a document.
    GenerateDocumentProtocol generate_document_protocol =
        "GenerateDocumentProtocol" 1, Get "/GenerateDocumentProtocol",
    DocumentQuery, Empty => proto::documents::DocumentProtocol {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        note: "200 with `Retry-After` and an empty structure while the protocol is prepared",
        example: Some(Example::query("boxId={box}&messageId={message}&documentId={document}")),
    }

    /// An archive of a document and its exchange.
    GenerateDocumentZip generate_document_zip = "GenerateDocumentZip" 1, Get "/GenerateDocumentZip",
    GenerateDocumentZipQuery, Empty => proto::documents::DocumentZipGenerationResult {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        note: "200 with `Retry-After` and an empty structure while the archive is prepared",
        example: Some(Example::query("boxId={box}&messageId={message}&documentId={document}&fullDocflow=true")),
    }

    /// Which documents have print forms of their own.
    DetectCustomPrintForms detect_custom_print_forms =
        "DetectCustomPrintForms" 1, Post "/DetectCustomPrintForms",
    BoxQuery, proto::CustomPrintFormDetectionRequest => proto::CustomPrintFormDetectionResult {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"DocumentIds":[{"MessageId":"{message}","EntityId":"{document}"}]}"#,
        )),
    }
}
