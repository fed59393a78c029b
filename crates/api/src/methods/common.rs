//! Queries and box locations that many methods share.

use potok_types::{BoxId, EntityId, MessageId, OrgId};

use crate::BoxIn;
use crate::params::queries;

/// The box is `boxId` of the query.
pub(crate) const BOX: BoxIn = BoxIn::Query("boxId");
/// The box is `myBoxId` of the query.
pub(crate) const MY_BOX: BoxIn = BoxIn::Query("myBoxId");
/// The box is that of `orgId` of the query.
pub(crate) const ORG: BoxIn = BoxIn::Organization("orgId");
/// The box is that of `myOrgId` of the query.
pub(crate) const MY_ORG: BoxIn = BoxIn::Organization("myOrgId");

queries! {
    /// A call about one box.
    BoxQuery {
        /// The box.
        box_id: BoxId = "boxId";
    }

    /// A call on behalf of the caller's box.
    MyBoxQuery {
        /// The caller's box.
        my_box_id: BoxId = "myBoxId";
    }

    /// A post that may be repeated safely.
    OperationQuery {
        ;
        /// Names the operation so that a repetition is recognized.
        operation_id: Option<String> = "operationId",
    }

    /// A question after a task.
    TaskQuery {
        /// The task, as the starting method named it.
        task_id: String = "taskId";
    }

    /// A call about one organization.
    OrganizationQuery {
        /// The organization.
        org_id: OrgId = "orgId";
    }

    /// A call about one entity of a message.
    EntityQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The entity.
        entity_id: EntityId = "entityId";
    }

    /// A call about one document.
    DocumentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The document.
        document_id: EntityId = "documentId";
    }

    /// A call about one attachment of a message.
    AttachmentQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The message.
        message_id: MessageId = "messageId",
        /// The attachment.
        attachment_id: EntityId = "attachmentId";
    }

    /// A call about a title of some format version.
    VersionQuery {
        ;
        /// The version of the document type.
        document_version: Option<String> = "documentVersion",
    }

    /// A page of a list of a box.
    PageQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// The page, from 1.
        page: Option<i64> = "page",
        /// How many items to return at most.
        count: Option<i64> = "count",
    }

    /// A question after a task of a box.
    BoxTaskQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The task, as the starting method named it.
        task_id: String = "taskId";
    }

    /// A call about a file on the shelf.
    OnShelfQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The name on the shelf.
        name_on_shelf: String = "nameOnShelf";
    }
}
