//! The document of an invitation.

use potok_domain::command::{NewDocument, Source};
use potok_wire::proto::InvitationDocument;
use potok_wire::proto::events::{DocumentAttachment, MetadataItem};

use super::document::{Listed, new_document};
use super::fields::filled;
use crate::BadRequest;

/// What it is when nothing is said.
const DEFAULT_TYPE: &str = "Nonformalized";

/// Reads the document of an invitation.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn invitation_document(posted: InvitationDocument) -> Result<NewDocument<Source>, BadRequest> {
    let need_recipient_signature = Some(posted.signature_requested());
    let file_name = MetadataItem { key: "FileName".to_owned(), value: posted.file_name };
    let attachment = DocumentAttachment {
        metadata: vec![file_name],
        signed_content: posted.signed_content,
        type_named_id: filled(posted.r#type).unwrap_or_else(|| DEFAULT_TYPE.to_owned()),
        need_recipient_signature,
        ..DocumentAttachment::default()
    };
    let path = "AcquireCounteragentRequest.InvitationDocument".to_owned();
    new_document(Listed { path, attachment, is_obsolete: false })
}
