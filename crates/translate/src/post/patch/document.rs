//! Tags, packets, and what the recipient says of signatures of encrypted documents.

use potok_domain::command::{NewPacket, NewTagChange, NewVerification, Source};
use potok_domain::{DocumentRef, Tag, TagChange};
use potok_types::limits;
use potok_wire::proto::DocumentId;
use potok_wire::proto::events::{
    CustomDataPatch, CustomDataPatchOperation, EditDocumentPacketCommand, SignatureVerification,
};

use super::super::BadPost;
use super::super::checks::{Reserved, filled, id, labels, tag_key, tag_value};
use super::comment;
use crate::verification::verification_report;

pub(super) fn tag_change(path: String, item: CustomDataPatch) -> Result<NewTagChange<Source>, BadPost> {
    tag_key(&path, &item.key)?;
    let document = id(format!("{path}.ParentEntityId"), &item.parent_entity_id)?;
    // Readers of the entity find there what was asked for, as the API writes it.
    let content = Source::Inline(potok_wire::encode_protobuf(&item).into());
    let change = match CustomDataPatchOperation::try_from(item.operation) {
        Ok(CustomDataPatchOperation::Set) => {
            let value = item.value.unwrap_or_default();
            tag_value(&path, &value)?;
            TagChange::Set(Tag { key: item.key, value })
        }
        Ok(CustomDataPatchOperation::Remove) => TagChange::Remove { key: item.key },
        Err(_) => {
            return Err(BadPost::invalid(format!("{path}.Operation"), "must be Set or Remove"));
        }
    };
    Ok(NewTagChange { path, document, change, content })
}

pub(super) fn packet(path: String, item: EditDocumentPacketCommand) -> Result<NewPacket, BadPost> {
    if item.add_documents_to_packet.is_empty() && item.remove_documents_from_packet.is_empty() {
        let reason =
            "nothing joins and nothing leaves; fill AddDocumentsToPacket or RemoveDocumentsFromPacket";
        return Err(BadPost::invalid(path, reason));
    }
    Ok(NewPacket {
        document: id(format!("{path}.DocumentId"), &item.document_id)?,
        add: references(&format!("{path}.AddDocumentsToPacket"), &item.add_documents_to_packet)?,
        remove: references(&format!("{path}.RemoveDocumentsFromPacket"), &item.remove_documents_from_packet)?,
        path,
    })
}

fn references(path: &str, ids: &[DocumentId]) -> Result<Vec<DocumentRef>, BadPost> {
    let reference = |(i, named): (usize, &DocumentId)| {
        Ok(DocumentRef {
            message_id: id(format!("{path}[{i}].MessageId"), &named.message_id)?,
            entity_id: id(format!("{path}[{i}].EntityId"), &named.entity_id)?,
        })
    };
    ids.iter().enumerate().map(reference).collect()
}

pub(super) fn verification(
    path: String,
    item: SignatureVerification,
) -> Result<NewVerification<Source>, BadPost> {
    let words = filled(item.error_message).filter(|_| !item.is_valid);
    let words = words.map(|words| comment(&path, Some(words), limits::COMMENT_CHARS)).transpose()?;
    Ok(NewVerification {
        document: id(format!("{path}.InitialDocumentId"), &item.initial_document_id)?,
        is_valid: item.is_valid,
        report: Source::Inline(verification_report(item.is_valid)),
        comment: words,
        labels: labels(&path, item.labels, Reserved::Refused)?,
        path,
    })
}
