//! Documents forwarded to a third party.

use potok_types::access::{BoxEmployee, NamedDocuments};
use potok_types::{BoxId, EntityId, EventId, MessageId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Empty, Example, Raw};

queries! {
    /// The query of `GetForwardedEntityContent`.
    GetForwardedEntityContentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The box the document came from.
        from_box_id: BoxId = "fromBoxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The document.
        document_id: EntityId = "documentId",
        /// The event by which the document was forwarded.
        forward_event_id: EventId = "forwardEventId",
        /// The entity.
        entity_id: EntityId = "entityId";
    }

    /// A call about one forwarded document.
    ForwardedDocumentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The box the document came from.
        from_box_id: BoxId = "fromBoxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The document.
        document_id: EntityId = "documentId",
        /// The event by which the document was forwarded.
        forward_event_id: EventId = "forwardEventId";
    }
}

endpoints! {
    $ Forwarding for_each_forwarding_endpoint;

    /// Forwards a document to a third party.
    ForwardDocumentV2 forward_document_v2 = "ForwardDocument" 2, Post "/V2/ForwardDocument",
    BoxQuery, proto::forwarding::ForwardDocumentRequest => proto::forwarding::ForwardDocumentResponse {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::new(
            "boxId={box}",
            r#"{"ToBoxId":"{customer}","DocumentId":{"MessageId":"{message}","EntityId":"{document}"}}"#,
        )),
        may_be_tried: true,
    }

    /// Forwarded documents by their ids.
    GetForwardedDocumentsV2 get_forwarded_documents_v2 =
        "GetForwardedDocuments" 2, Post "/V2/GetForwardedDocuments",
    BoxQuery, proto::forwarding::GetForwardedDocumentsRequest
    => proto::forwarding::GetForwardedDocumentsResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::new(
            "boxId={box}",
            r#"{"ForwardedDocumentIds":[{"FromBoxId":"{partner}","DocumentId":{"MessageId":"{forwarded_message}","EntityId":"{forwarded_document}"},"ForwardEventId":"{forwarded}"}]}"#,
        )),
    }

    /// A page of forwardings.
    GetForwardedDocumentEventsV2 get_forwarded_document_events_v2 =
        "GetForwardedDocumentEvents" 2, Post "/V2/GetForwardedDocumentEvents",
    BoxQuery, proto::forwarding::GetForwardedDocumentEventsRequest
    => proto::forwarding::GetForwardedDocumentEventsResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::new(
            "boxId={box}",
            r#"{"Filter":{},"PopulateForwardedDocuments":true}"#,
        )),
    }

    /// The bytes of an entity of a forwarded document.
    GetForwardedEntityContentV2 get_forwarded_entity_content_v2 =
        "GetForwardedEntityContent" 2, Get "/V2/GetForwardedEntityContent",
    GetForwardedEntityContentQuery, Empty => Raw {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query(
            "boxId={box}&fromBoxId={partner}&messageId={forwarded_message}&documentId={forwarded_document}\
             &forwardEventId={forwarded}&entityId={forwarded_document}",
        )),
    }

    /// The print form of a forwarded document.
    GenerateForwardedDocumentPrintForm generate_forwarded_document_print_form =
        "GenerateForwardedDocumentPrintForm" 1, Get "/GenerateForwardedDocumentPrintForm",
    ForwardedDocumentQuery, Empty => Raw {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query(
            "boxId={box}&fromBoxId={partner}&messageId={forwarded_message}&documentId={forwarded_document}\
             &forwardEventId={forwarded}",
        )),
    }

    /// The protocol of a forwarded document.
    GenerateForwardedDocumentProtocolV2 generate_forwarded_document_protocol_v2 =
        "GenerateForwardedDocumentProtocol" 2, Get "/V2/GenerateForwardedDocumentProtocol",
    ForwardedDocumentQuery, Empty => proto::documents::DocumentProtocol {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query(
            "boxId={box}&fromBoxId={partner}&messageId={forwarded_message}&documentId={forwarded_document}\
             &forwardEventId={forwarded}",
        )),
    }
}
