//! One document of a new message.

use potok_domain::command::{Link, NewDocument, Source};
use potok_domain::{Metadata, Tag};
use potok_wire::proto;
use potok_wire::proto::events::{DocumentAttachment, MetadataItem};

use super::content::{Signed, signed_content};
use super::fields::{document_at, filled};
use crate::BadRequest;

/// A document of the request, from whichever list.
pub(super) struct Listed {
    /// `MessageToPost.DocumentAttachments[0]`.
    pub(super) path: String,
    /// As it stands there, or what an obsolete list says in the words of the current one.
    pub(super) attachment: DocumentAttachment,
    /// The list is older than `DocumentAttachments`.
    pub(super) is_obsolete: bool,
}

pub(super) fn new_document(listed: Listed) -> Result<NewDocument<Source>, BadRequest> {
    let Listed { path, attachment, is_obsolete } = listed;
    let need_recipient_signature = attachment.need_recipient_signature();
    let need_receipt = attachment.need_receipt();
    let is_encrypted = attachment.is_encrypted();
    let Signed { content, signature, power } =
        signed_content(&format!("{path}.SignedContent"), attachment.signed_content)?;
    Ok(NewDocument {
        id: None,
        content,
        signature,
        power,
        comment: filled(attachment.comment).map(|text| Source::Inline(text.into())),
        need_recipient_signature,
        need_receipt,
        custom_document_id: filled(attachment.custom_document_id),
        is_of_obsolete_list: is_obsolete,
        type_named_id: attachment.type_named_id,
        function: filled(attachment.function),
        version: filled(attachment.version),
        workflow: attachment.workflow_id,
        is_encrypted,
        metadata: attachment.metadata.into_iter().map(metadata).collect(),
        recognized: None,
        prepared_title: None,
        tags: attachment.custom_data.into_iter().map(tag).collect(),
        initial_documents: links(&format!("{path}.InitialDocumentIds"), attachment.initial_document_ids)?,
        subordinate_documents: links(
            &format!("{path}.SubordinateDocumentIds"),
            attachment.subordinate_document_ids,
        )?,
        editing_setting: filled(attachment.editing_setting_id),
        refusal_disabled: false,
        bytes_in: "SignedContent",
        path,
    })
}

pub(super) fn metadata(item: MetadataItem) -> Metadata {
    Metadata { key: item.key, value: item.value }
}

pub(super) fn tag(item: proto::CustomDataItem) -> Tag {
    Tag { key: item.key, value: item.value.unwrap_or_default() }
}

/// An empty `MessageId` means that `EntityId` is the `CustomDocumentId` of a document of the same request.
fn links(path: &str, ids: Vec<proto::DocumentId>) -> Result<Vec<Link>, BadRequest> {
    let link = |(i, named): (usize, proto::DocumentId)| {
        let path = format!("{path}[{i}]");
        if named.entity_id.is_empty() {
            let reason = "required; name the EntityId of a document of the box, or the CustomDocumentId of a document of \
                          this request together with an empty MessageId";
            return Err(BadRequest::invalid(format!("{path}.EntityId"), reason));
        }
        if named.message_id.is_empty() {
            return Ok(Link::SameRequest(named.entity_id));
        }
        Ok(Link::Existing(document_at(&path, &named)?))
    };
    ids.into_iter().enumerate().map(link).collect()
}
