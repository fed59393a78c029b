//! Sending messages and reading them.

use potok_types::access::{
    AllDocuments, BoxEmployee, MayAttachUniversal, MayCreate, MayDeleteRestore, MayPatch, MaySign,
    NamedDocuments, RoamingOperator, User,
};
use potok_types::{BoxId, EntityId, MessageId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{AttachmentQuery, BOX, EntityQuery, OperationQuery};
use crate::params::queries;
use crate::spec::dates::{R2, R2_ASSUMED};
use crate::{BoxIn, Deprecation, Empty, Example, MESSAGE_BODY_LIMIT_BYTES, NoQuery, Raw};

queries! {
    /// The query of `GetMessage`.
    GetMessageQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId";
        /// Only this document and what hangs on it.
        entity_id: Option<EntityId> = "entityId",
        /// Show original signatures instead of time-stamped copies.
        original_signature: bool = "originalSignature",
        /// Put contents into the answer.
        inject_entity_content: Option<bool> = "injectEntityContent",
    }

    /// The query of `RecycleDraft`.
    RecycleDraftQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The draft.
        draft_id: MessageId = "draftId";
    }

    /// The query of `PrepareDocumentsToSign`.
    PrepareDocumentsToSignQuery {
        ;
        /// Leave contents out of the answer.
        exclude_content: bool = "excludeContent",
    }

    /// The query of `GetTemplate`.
    GetTemplateQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The template.
        template_id: MessageId = "templateId";
        /// Only this document and what hangs on it.
        entity_id: Option<EntityId> = "entityId",
    }

    /// The query of `PostTemplatePatch`.
    PostTemplatePatchQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The template.
        template_id: MessageId = "templateId";
        /// Names the operation so that a repetition is recognized.
        operation_id: Option<String> = "operationId",
    }
}

endpoints! {
    $ Messages for_each_messages_endpoint;

    /// One message as it stands now.
    GetMessageV6 get_message_v6 = "GetMessage" 6, Get "/V6/GetMessage",
    GetMessageQuery, Empty => proto::events::Message {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}")),
    }

    /// One message as it stands now.
    GetMessageV5 get_message_v5 = "GetMessage" 5, Get "/V5/GetMessage",
    GetMessageQuery, Empty => proto::events::Message {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}")),
        deprecation: R2_ASSUMED,
    }

    /// One message as it stands now.
    GetMessageV4 get_message_v4 = "GetMessage" 4, Get "/V4/GetMessage",
    GetMessageQuery, Empty => proto::events::Message {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}")),
        deprecation: R2_ASSUMED,
    }

    /// Sends a message, or stores a draft.
    PostMessageV3 post_message_v3 = "PostMessage" 3, Post "/V3/PostMessage",
    OperationQuery, proto::events::MessageToPost[from_box_id: BoxIn::Body("FromBoxId")]
    => proto::events::Message {
        access: BoxEmployee<MayCreate>,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"FromBoxId":"{box}","ToBoxId":"{partner}",
        "DocumentAttachments":[{"TypeNamedId":"Nonformalized",
        "SignedContent":{"Content":"0JTQvtCz0L7QstC+0YA=","SignWithTestSignature":true},
        "Metadata":[{"Key":"FileName","Value":"contract.txt"}]}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// Adds to a message: signatures, refusals, receipts, resolutions and more.
    PostMessagePatchV4 post_message_patch_v4 = "PostMessagePatch" 4, Post "/V4/PostMessagePatch",
    OperationQuery, proto::events::MessagePatchToPostV2[box_id: BoxIn::Body("BoxId")]
    => proto::events::MessagePatch {
        access: NamedDocuments<MayPatch>,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","MessageId":"{letter}","Signatures":[{"ParentEntityId":"{letter_document}",
        "SignWithTestSignature":true}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// Adds to a message: signatures, refusals, receipts, resolutions and more.
    PostMessagePatchV3 post_message_patch_v3 = "PostMessagePatch" 3, Post "/V3/PostMessagePatch",
    OperationQuery, proto::events::MessagePatchToPost[box_id: BoxIn::Body("BoxId")]
    => proto::events::MessagePatch {
        access: NamedDocuments<MayPatch>,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","MessageId":"{message}","Resolutions":[{"InitialDocumentId":"{document}",
        "ResolutionType":"Approve"}]}"#,
        )),
        deprecation: R2,
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// Whether a message would be accepted.
    CanPostMessage can_post_message = "CanPostMessage" 1, Post "/CanPostMessage",
    NoQuery, proto::events::MessageToPost[from_box_id: BoxIn::Body("FromBoxId")]
    => proto::events::MessageValidationResult {
        access: BoxEmployee,
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"FromBoxId":"{box}","ToBoxId":"{partner}",
        "DocumentAttachments":[{"TypeNamedId":"Nonformalized",
        "SignedContent":{"Content":"0JTQvtCz0L7QstC+0YA=","SignWithTestSignature":true},
        "Metadata":[{"Key":"FileName","Value":"contract.txt"}]}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        note: "neither structure is in the published schema: the body is that of PostMessage, and the answer has \
               names of ours",
    }

    /// Sends a draft.
    SendDraft send_draft = "SendDraft" 1, Post "/SendDraft",
    OperationQuery, proto::events::DraftToSend[box_id: BoxIn::Body("BoxId")]
    => proto::events::Message {
        access: AllDocuments<MaySign>,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","DraftId":"{draft}","DocumentSignatures":[{"ParentEntityId":"{draft_document}",
        "SignWithTestSignature":true}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// Throws a draft away.
    RecycleDraft recycle_draft = "RecycleDraft" 1, Post "/RecycleDraft",
    RecycleDraftQuery, Empty => Empty {
        access: AllDocuments<MayDeleteRestore>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&draftId={spare_draft}")),
        may_be_tried: true,
    }

    /// Fills signer data into documents before they are signed.
    PrepareDocumentsToSign prepare_documents_to_sign =
        "PrepareDocumentsToSign" 1, Post "/PrepareDocumentsToSign",
    PrepareDocumentsToSignQuery, proto::events::PrepareDocumentsToSignRequest[box_id: BoxIn::Body("BoxId")]
    => proto::events::PrepareDocumentsToSignResponse {
        access: NamedDocuments,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "excludeContent",
            r#"{"BoxId":"{box}","DraftDocuments":[{"DocumentId":{"MessageId":"{draft}","EntityId":"{draft_document}"}}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
    }

    /// Stores a template.
    PostTemplate post_template = "PostTemplate" 1, Post "/PostTemplate",
    OperationQuery, proto::events::TemplateToPost[from_box_id: BoxIn::Body("FromBoxId")]
    => proto::events::Template {
        access: BoxEmployee<MayCreate>,
        status_codes: &[200, 204, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"FromBoxId":"{box}","ToBoxId":"{partner}","MessageFromBoxId":"{partner}","MessageToBoxId":"{box}",
        "DocumentAttachments":[{"TypeNamedId":"Nonformalized",
        "UnsignedContent":{"Content":"0JTQvtCz0L7QstC+0YA="},
        "Metadata":[{"Key":"FileName","Value":"contract.txt"}]}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// One template.
    GetTemplate get_template = "GetTemplate" 1, Get "/GetTemplate",
    GetTemplateQuery, Empty => proto::events::Template {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&templateId={template}")),
        deprecation: R2_ASSUMED,
        replaced_by: Some("GetMessage V6"),
    }

    /// Changes a template.
    PostTemplatePatch post_template_patch = "PostTemplatePatch" 1, Post "/PostTemplatePatch",
    PostTemplatePatchQuery, proto::events::TemplatePatchToPost => proto::events::MessagePatch {
        access: NamedDocuments<MayCreate>,
        box_in: BOX,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}&templateId={spare_template}",
            r#"{"Refusals":[{"DocumentId":"{spare_template_document}","Comment":"Не нужен"}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// Makes a message out of templates.
    TransformTemplateToMessage transform_template_to_message =
        "TransformTemplateToMessage" 1, Post "/TransformTemplateToMessage",
    OperationQuery, proto::events::TemplateTransformationToPost[box_id: BoxIn::Body("BoxId")]
    => proto::events::Message {
        access: NamedDocuments<MayCreate>,
        status_codes: &[200, 204, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","TemplateId":"{template}",
        "DocumentTransformations":[{"DocumentId":"{template_document}"}]}"#,
        )),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
        may_be_tried: true,
    }

    /// A roaming operator reports what became of an event.
    PostRoamingNotification post_roaming_notification =
        "PostRoamingNotification" 1, Post "/PostRoamingNotification",
    NoQuery, proto::events::RoamingNotificationToPost[box_id: BoxIn::Body("BoxId")] => Empty {
        access: RoamingOperator,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        documented: false,
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","EventId":"{event}","Success":true,"NotifiableEntityIds":["{document}"]}"#,
        )),
        note: "that only roaming operators may call it is our choice",
    }

    /// Stored a draft.
    PostDraft post_draft = "PostDraft" 1, Post "/PostDraft",
    NoQuery, proto::events::MessageToPost => proto::events::Message {
        access: User,
        box_in: BoxIn::Body("FromBoxId"),
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("PostMessage V3"),
        body_limit_bytes: MESSAGE_BODY_LIMIT_BYTES,
    }

    /// Sent a draft.
    SendMessage send_message = "SendMessage" 1, Post "/SendMessage",
    NoQuery, proto::events::MessageToSend => proto::events::Message {
        access: User,
        box_in: BoxIn::Body("BoxId"),
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("SendDraft"),
    }

    /// The bytes of an entity.
    GetEntityContentV4 get_entity_content_v4 = "GetEntityContent" 4, Get "/V4/GetEntityContent",
    EntityQuery, Empty => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={document}")),
    }

    /// Makes a universal message about a document.
    GenerateUniversalMessage generate_universal_message =
        "GenerateUniversalMessage" 1, Post "/GenerateUniversalMessage",
    AttachmentQuery, Raw => Raw {
        access: NamedDocuments<MayAttachUniversal>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}&messageId={message}&attachmentId={document}",
            r#"<UniversalMessage><UniversalMessageInfos><UniversalMessageInfo StatusCode="4002"/></UniversalMessageInfos></UniversalMessage>"#,
        )),
    }

    /// Reads a universal message of a message.
    ParseUniversalMessage parse_universal_message = "ParseUniversalMessage" 1, Post "/ParseUniversalMessage",
    AttachmentQuery, Empty => Raw {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&attachmentId={universal}")),
    }

    /// Reads a universal message.
    ParseUniversalMessageXml parse_universal_message_xml =
        "ParseUniversalMessageXml" 1, Post "/ParseUniversalMessageXml",
    NoQuery, Raw => Raw {
        access: User,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        example: Some(Example::new("", r#"<a b="11519991"/>"#)),
    }
}
