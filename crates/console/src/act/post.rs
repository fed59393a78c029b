//! What is done becomes a patch of the message.

use bytes::Bytes;
use potok_api::Empty;
use potok_api::methods::{
    BoxQuery, Delete, DeleteQuery, ForwardDocumentV2, OperationQuery, PostMessagePatchV4, Restore,
};
use potok_types::BoxId;
use potok_wire::proto::events::{
    CorrectionRequestAttachment, DocumentSignature, MessagePatchToPostV2, ReceiptAttachment,
    RecipientTitleAttachment, ResolutionAttachment, ResolutionRequestAttachment, RevocationRequestAttachment,
    SignedContent, XmlSignatureRejectionAttachment,
};
use potok_wire::proto::forwarding::ForwardDocumentRequest;
use potok_wire::proto::{DocumentId, ResolutionRequestType, ResolutionType};

use super::kind::Kind;
use super::task::Task;
use crate::Sent;
use crate::places::DocumentPlace;
use crate::server::{Refused, Server, tell};

/// By what something is signed.
pub(super) enum By {
    /// The server signs for a test organization.
    Test,
    /// A signature that is there.
    Signature(Bytes),
}

impl By {
    fn of(&self, content: Bytes) -> SignedContent {
        let (is_test, signature) = match self {
            Self::Test => (Some(true), None),
            Self::Signature(bytes) => (None, Some(bytes.clone())),
        };
        SignedContent {
            content: Some(content),
            signature,
            sign_with_test_signature: is_test,
            ..SignedContent::default()
        }
    }
}

/// Does what is signed; `file` is what was made for it.
pub(super) async fn signed(
    server: &dyn Server,
    task: &Task<'_>,
    by: &By,
    file: Option<Bytes>,
) -> Result<(), Refused> {
    let parent_entity_id = task.parent()?.to_string();
    let mut patch = MessagePatchToPostV2 {
        box_id: task.place.box_id.to_string(),
        message_id: task.place.message.to_string(),
        ..MessagePatchToPostV2::default()
    };
    let Some(content) = file else {
        let (is_test, signature) = match by {
            By::Test => (Some(true), None),
            By::Signature(bytes) => (None, Some(bytes.clone())),
        };
        patch.signatures.push(DocumentSignature {
            parent_entity_id,
            signature,
            sign_with_test_signature: is_test,
            is_approvement_signature: Some(task.kind == Kind::Countersign),
            ..DocumentSignature::default()
        });
        return posted(server, patch).await;
    };
    let (signed_content, labels) = (by.of(content), Vec::new());
    match task.kind {
        Kind::Receipt => patch.receipts.push(ReceiptAttachment { parent_entity_id, signed_content, labels }),
        Kind::Amend => {
            patch.correction_requests.push(CorrectionRequestAttachment {
                parent_entity_id,
                signed_content,
                labels,
            });
        }
        Kind::Refuse | Kind::Keep => {
            let refusal = XmlSignatureRejectionAttachment { parent_entity_id, signed_content, labels };
            patch.xml_signature_rejections.push(refusal);
        }
        Kind::Revoke => {
            patch.revocation_requests.push(RevocationRequestAttachment {
                parent_entity_id,
                signed_content,
                labels,
            });
        }
        Kind::Title => patch.recipient_titles.push(RecipientTitleAttachment {
            parent_entity_id,
            signed_content,
            ..RecipientTitleAttachment::default()
        }),
        _ => return Err(Refused::not_found()),
    }
    posted(server, patch).await
}

/// Does what nobody signs.
pub(super) async fn unsigned(server: &dyn Server, task: &Task<'_>, sent: &Sent) -> Result<(), Refused> {
    let (box_id, message) = (task.place.box_id, task.place.message);
    let fields = &sent.fields;
    let initial_document_id = task.place.document.to_string();
    let comment = fields.get("words").map(str::to_owned);
    let mut patch = MessagePatchToPostV2 {
        box_id: box_id.to_string(),
        message_id: message.to_string(),
        ..MessagePatchToPostV2::default()
    };
    let documents =
        DeleteQuery { document_id: Some(task.place.document), ..DeleteQuery::new(box_id, message) };
    match task.kind {
        Kind::Delete => return tell::<Delete>(server, &documents, &Empty).await,
        Kind::Forward => return forwarded(server, task, fields.text("to")).await,
        Kind::Approve | Kind::Disapprove => {
            let kind =
                if task.kind == Kind::Approve { ResolutionType::Approve } else { ResolutionType::Disapprove };
            patch.resolutions.push(ResolutionAttachment {
                initial_document_id,
                resolution_type: kind as i32,
                comment,
                labels: Vec::new(),
            });
        }
        Kind::Ask => {
            let kind = match fields.text("what") {
                "signature" => ResolutionRequestType::SignatureRequest,
                "countersign" => ResolutionRequestType::ApprovementSignatureRequest,
                _ => ResolutionRequestType::ApprovementRequest,
            };
            patch.resolution_requests.push(ResolutionRequestAttachment {
                initial_document_id,
                r#type: kind as i32,
                target_user_id: fields.get("person").map(str::to_owned),
                comment,
                ..ResolutionRequestAttachment::default()
            });
        }
        _ => return Err(Refused::not_found()),
    }
    posted(server, patch).await
}

/// A deleted document is back.
pub(super) async fn restored(server: &dyn Server, place: DocumentPlace) -> Result<(), Refused> {
    let query =
        DeleteQuery { document_id: Some(place.document), ..DeleteQuery::new(place.box_id, place.message) };
    tell::<Restore>(server, &query, &Empty).await
}

async fn posted(server: &dyn Server, patch: MessagePatchToPostV2) -> Result<(), Refused> {
    tell::<PostMessagePatchV4>(server, &OperationQuery::new(), &patch).await
}

async fn forwarded(server: &dyn Server, task: &Task<'_>, to: &str) -> Result<(), Refused> {
    let to: BoxId = to.parse().map_err(|_| Refused::bad_form("choose to whom to forward"))?;
    let document_id =
        DocumentId { message_id: task.place.message.to_string(), entity_id: task.place.document.to_string() };
    let request = ForwardDocumentRequest { to_box_id: to.to_string(), document_id };
    tell::<ForwardDocumentV2>(server, &BoxQuery::new(task.place.box_id), &request).await
}
