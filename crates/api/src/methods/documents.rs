//! Documents, their types and routes.

use potok_types::access::{
    BoxEmployee, FilteredDocuments, KnownClient, MayCreate, MayDeleteRestore, NamedDocuments,
};
use potok_types::{BoxId, DepartmentId, EntityId, MessageId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, EntityQuery, ORG, OnShelfQuery, OrganizationQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{BoxIn, Deprecation, Empty, Example, FILE_BODY_LIMIT_BYTES, NoQuery, Opaque, Raw};

queries! {
    /// The query of `GetDocuments`.
    GetDocumentsQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// Document type, class and status in one word: `Any.Inbound`.
        filter_category: String = "filterCategory";
        /// Only documents exchanged with this box.
        counteragent_box_id: Option<BoxId> = "counteragentBoxId",
        /// Not earlier than this, in ticks.
        timestamp_from_ticks: Option<i64> = "timestampFromTicks",
        /// Not later than this, in ticks.
        timestamp_to_ticks: Option<i64> = "timestampToTicks",
        /// Not earlier than this document date, `dd.MM.yyyy`.
        from_document_date: Option<String> = "fromDocumentDate",
        /// Not later than this document date, `dd.MM.yyyy`.
        to_document_date: Option<String> = "toDocumentDate",
        /// The number of the document.
        document_number: Option<String> = "documentNumber",
        /// Only documents of this department, on our side.
        department_id: Option<DepartmentId> = "departmentId",
        /// The department the document was sent from.
        from_department_id: Option<DepartmentId> = "fromDepartmentId",
        /// The department the document was sent to.
        to_department_id: Option<DepartmentId> = "toDepartmentId",
        /// Leave subdepartments out.
        exclude_subdepartments: bool = "excludeSubdepartments",
        /// Read on after this position, as the last answer gave it.
        after_index_key: Option<Opaque> = "afterIndexKey",
        /// `Ascending` (default) or `Descending`.
        sort_direction: Option<String> = "sortDirection",
        /// How many items to return at most.
        count: Option<i64> = "count",
    }

    /// The query of `GetDocument`.
    GetDocumentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The entity.
        entity_id: EntityId = "entityId";
        /// Put contents into the answer.
        inject_entity_content: Option<bool> = "injectEntityContent",
    }

    /// The query of `GetDocumentsByMessageId`.
    GetDocumentsByMessageIdQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId";
    }

    /// The query of `GetDocumentsByCustomId`.
    GetDocumentsByCustomIdQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The id that the sender gave the document.
        custom_document_id: String = "customDocumentId";
    }

    /// The query of `GetDocumentHistory`.
    GetDocumentHistoryQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The entity.
        entity_id: EntityId = "entityId";
        /// Parts to put into the answer.
        embed: Vec<String> = "embed",
    }

    /// What to delete or restore.
    DeleteQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId";
        /// Only this document of the message.
        document_id: Option<EntityId> = "documentId",
    }

    /// The query of `GetContent`.
    GetContentQuery {
        /// The document type.
        type_named_id: String = "typeNamedId",
        /// The function of the document type.
        function: String = "function",
        /// The version of the document type.
        version: String = "version",
        /// The number of the title.
        title_index: i64 = "titleIndex",
        /// Which schema: of the title, of the contract, of the signer.
        content_type: String = "contentType";
    }
}

endpoints! {
    $ Documents for_each_documents_endpoint;

    /// A page of documents that pass a filter.
    GetDocumentsV3 get_documents_v3 = "GetDocuments" 3, Get "/V3/GetDocuments",
    GetDocumentsQuery, Empty => proto::documents::DocumentList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&filterCategory=Any.Inbound")),
    }

    /// A page of documents that pass a filter.
    GetDocumentsV4 get_documents_v4 = "GetDocuments" 4, Post "/V4/GetDocuments",
    BoxQuery, proto::documents::GetDocumentsV4Request => proto::documents::DocumentList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}", r#"{"DocumentCategory":"Inbound"}"#)),
    }

    /// One document.
    GetDocumentV3 get_document_v3 = "GetDocument" 3, Get "/V3/GetDocument",
    GetDocumentQuery, Empty => proto::documents::Document {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={document}")),
    }

    /// Documents of one message.
    GetDocumentsByMessageId get_documents_by_message_id =
        "GetDocumentsByMessageId" 1, Get "/GetDocumentsByMessageId",
    GetDocumentsByMessageIdQuery, Empty => proto::documents::DocumentList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}")),
    }

    /// Documents with the id their sender gave them.
    GetDocumentsByCustomId get_documents_by_custom_id =
        "GetDocumentsByCustomId" 1, Get "/GetDocumentsByCustomId",
    GetDocumentsByCustomIdQuery, Empty => proto::documents::DocumentList {
        access: FilteredDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}&customDocumentId={custom}")),
        documented: false,
    }

    /// What the caller can do with a document now.
    GetDocumentActions get_document_actions = "GetDocumentActions" 1, Get "/GetDocumentActions",
    EntityQuery, Empty => proto::documents::DocumentActionList {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={document}")),
    }

    /// What happened to a document.
    GetDocumentHistory get_document_history = "GetDocumentHistory" 1, Get "/GetDocumentHistory",
    GetDocumentHistoryQuery, Empty => proto::documents::document_history::DocumentHistory {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 410, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={document}&embed=Comments")),
    }

    /// Hides a message or a document in this box.
    Delete delete = "Delete" 1, Post "/Delete",
    DeleteQuery, Empty => Empty {
        access: NamedDocuments<MayDeleteRestore>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={spare}")),
        may_be_tried: true,
    }

    /// Takes a deletion back.
    Restore restore = "Restore" 1, Post "/Restore",
    DeleteQuery, Empty => Empty {
        access: NamedDocuments<MayDeleteRestore>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={spare}")),
        may_be_tried: true,
    }

    /// Moves documents to another department.
    MoveDocuments move_documents = "MoveDocuments" 1, Post "/MoveDocuments",
    NoQuery, proto::documents::DocumentsMoveOperation[box_id: BoxIn::Body("BoxId")] => Empty {
        access: NamedDocuments<MayCreate>,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "",
            r#"{"BoxId":"{box}","DocumentIds":[{"MessageId":"{spare}","EntityId":"{spare_document}"}],
        "ToDepartmentId":"{department}"}"#,
        )),
        may_be_tried: true,
    }

    /// Document types of the box with their functions, versions and titles.
    GetDocumentTypesV3 get_document_types_v3 = "GetDocumentTypes" 3, Get "/V3/GetDocumentTypes",
    BoxQuery, Empty => proto::documents::types::GetDocumentTypesResponseV3 {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Document types of the box with their functions, versions and titles.
    GetDocumentTypesV2 get_document_types_v2 = "GetDocumentTypes" 2, Get "/V2/GetDocumentTypes",
    BoxQuery, Empty => proto::documents::types::GetDocumentTypesResponseV2 {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Which document types a file can be.
    DetectDocumentTypes detect_document_types = "DetectDocumentTypes" 1, Post "/DetectDocumentTypes",
    BoxQuery, Raw => proto::documents::types::DetectDocumentTypesResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 404, 415, 429, 500],
        example: Some(Example::new("boxId={box}", "<a/>")),
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("DetectDocumentTitles"),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
    }

    /// Which document types a file on the shelf can be.
    DetectDocumentTypesOnShelf detect_document_types_on_shelf =
        "DetectDocumentTypesOnShelf" 1, Get "/DetectDocumentTypes",
    OnShelfQuery, Empty => proto::documents::types::DetectDocumentTypesResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 404, 429, 500],
        example: Some(Example::query("boxId={box}&nameOnShelf=__userId__/{shelf}")),
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("DetectDocumentTitlesOnShelf"),
    }

    /// Which titles a file can be.
    DetectDocumentTitles detect_document_titles = "DetectDocumentTitles" 1, Post "/DetectDocumentTitles",
    BoxQuery, Raw => proto::documents::DetectTitleResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 404, 415, 429, 500],
        example: Some(Example::new("boxId={box}", "<a/>")),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
    }

    /// Which titles a file on the shelf can be.
    DetectDocumentTitlesOnShelf detect_document_titles_on_shelf =
        "DetectDocumentTitlesOnShelf" 1, Get "/DetectDocumentTitles",
    OnShelfQuery, Empty => proto::documents::DetectTitleResponse {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 401, 402, 403, 404, 429, 500],
        example: Some(Example::query("boxId={box}&nameOnShelf=__userId__/{shelf}")),
    }

    /// A schema of a document type.
    GetContent get_content = "GetContent" 1, Get "/GetContent",
    GetContentQuery, Empty => Raw {
        access: KnownClient,
        status_codes: &[200, 400, 401, 405, 429, 500],
        example: Some(Example::query(
            "typeNamedId=ReconciliationAct&function=default&version=reconciliationact405_05_01_01&titleIndex=0\
             &contentType=UserContractXsd",
        )),
    }

    /// Which workflows documents of the box can have.
    GetWorkflowsSettingsV2 get_workflows_settings_v2 =
        "GetWorkflowsSettings" 2, Get "/V2/GetWorkflowsSettings",
    BoxQuery, Empty => proto::workflows::DocumentWorkflowSettingsListV2 {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Which workflows documents of the box can have.
    GetWorkflowsSettings get_workflows_settings = "GetWorkflowsSettings" 1, Get "/GetWorkflowsSettings",
    BoxQuery, Empty => proto::workflows::DocumentWorkflowSettingsList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 429, 500],
        example: Some(Example::query("boxId={box}")),
        deprecation: R1_ASSUMED,
    }

    /// Routes of approval of a box.
    GetResolutionRoutes get_resolution_routes = "GetResolutionRoutes" 1, Get "/GetResolutionRoutes",
    BoxQuery, Empty => proto::ResolutionRouteList {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Routes of approval of an organization.
    GetResolutionRoutesForOrganization get_resolution_routes_for_organization =
        "GetResolutionRoutesForOrganization" 1, Get "/GetResolutionRoutesForOrganization",
    OrganizationQuery, Empty => proto::ResolutionRouteList {
        access: BoxEmployee,
        box_in: ORG,
        status_codes: &[200, 400, 401, 403, 404, 405, 429, 500],
        example: Some(Example::query("orgId={org}")),
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("GetResolutionRoutes"),
    }

    /// What is known about a signature.
    GetSignatureInfo get_signature_info = "GetSignatureInfo" 1, Get "/GetSignatureInfo",
    EntityQuery, Empty => proto::SignatureInfo {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={signature}")),
    }

    /// The contents of a request to correct an invoice.
    GetInvoiceCorrectionRequestInfo get_invoice_correction_request_info =
        "GetInvoiceCorrectionRequestInfo" 1, Get "/GetInvoiceCorrectionRequestInfo",
    EntityQuery, Empty => proto::invoicing::InvoiceCorrectionRequestInfo {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={amended}&entityId={amendment_request}")),
    }
}
