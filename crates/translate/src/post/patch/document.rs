//! Tags, packets, editions, and what the recipient says of signatures of encrypted documents.

use potok_domain::command::{NewEdition, NewPacket, NewTagChange, NewVerification, Source};
use potok_domain::{Tag, TagChange};
use potok_types::id_at;
use potok_wire::proto::events::{
    CustomDataPatch, CustomDataPatchOperation, EditDocumentPacketCommand, EditingPatch, SignatureVerification,
};

use super::super::content::unsigned_content;
use super::super::fields::{documents, filled};
use super::comment;
use crate::BadRequest;
use crate::verification::verification_report;

pub(super) fn tag_change(path: String, item: CustomDataPatch) -> Result<NewTagChange<Source>, BadRequest> {
    let document = id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?;
    // Readers of the entity find there what was asked for, as the API writes it.
    let content = Source::Inline(potok_wire::encode_protobuf(&item).into());
    let change = match CustomDataPatchOperation::try_from(item.operation) {
        Ok(CustomDataPatchOperation::Set) => {
            let value = item.value.unwrap_or_default();
            TagChange::Set(Tag { key: item.key, value })
        }
        Ok(CustomDataPatchOperation::Remove) => TagChange::Remove { key: item.key },
        Err(_) => {
            return Err(BadRequest::invalid(format!("{path}.Operation"), "must be Set or Remove"));
        }
    };
    Ok(NewTagChange { path, document, change, content })
}

pub(super) fn packet(path: String, item: EditDocumentPacketCommand) -> Result<NewPacket, BadRequest> {
    Ok(NewPacket {
        document: id_at(format!("{path}.DocumentId"), &item.document_id)?,
        add: documents(&format!("{path}.AddDocumentsToPacket"), &item.add_documents_to_packet)?,
        remove: documents(&format!("{path}.RemoveDocumentsFromPacket"), &item.remove_documents_from_packet)?,
        path,
    })
}

pub(super) fn edition(path: String, item: EditingPatch) -> Result<NewEdition<Source>, BadRequest> {
    let place = format!("{path}.Content");
    Ok(NewEdition {
        parent: id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?,
        content: unsigned_content(&place, item.content.content, item.content.name_on_shelf)?,
        // Whoever reads the document makes it.
        title: None,
        labels: item.labels,
        path,
    })
}

pub(super) fn verification(
    path: String,
    item: SignatureVerification,
) -> Result<NewVerification<Source>, BadRequest> {
    let words = filled(item.error_message).filter(|_| !item.is_valid);
    Ok(NewVerification {
        document: id_at(format!("{path}.InitialDocumentId"), &item.initial_document_id)?,
        is_valid: item.is_valid,
        report: Source::Inline(verification_report(item.is_valid)),
        comment: words.map(|words| comment(Some(words))),
        labels: item.labels,
        path,
    })
}
