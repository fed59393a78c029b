//! One document of a new message.

use potok_domain::command::{Link, NewDocument, Source};
use potok_domain::{DocumentRef, Metadata};
use potok_types::limits;
use potok_wire::proto;
use potok_wire::proto::events::{DocumentAttachment, MetadataItem};

use super::BadPost;
use super::checks::{filled, id, tags};
use super::content::{Signed, missing_signature, signed_content};

/// A document of the request, from whichever list.
pub(super) struct Listed {
    /// `MessageToPost.DocumentAttachments[0]`.
    pub(super) path: String,
    /// As it stands there, or what an obsolete list says in the words of the current one.
    pub(super) attachment: DocumentAttachment,
    /// The obsolete lists of encrypted documents have no room for `Function` and `Version`.
    pub(super) is_obsolete: bool,
}

/// What the message says about all its documents.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    /// It is stored unsent.
    pub(super) delay_send: bool,
}

pub(super) fn new_document(listed: Listed, letter: Letter) -> Result<NewDocument<Source>, BadPost> {
    let Listed { path, attachment, is_obsolete } = listed;
    if attachment.type_named_id.is_empty() {
        return Err(BadPost::invalid(
            format!("{path}.TypeNamedId"),
            "a document type is required; GetDocumentTypes lists those that the box may send",
        ));
    }
    if attachment.type_named_id.eq_ignore_ascii_case("TrustConnectionRequest") {
        return Err(BadPost::invalid(
            format!("{path}.TypeNamedId"),
            "an invitation is not posted as a document; use AcquireCounteragent",
        ));
    }
    let need_recipient_signature = attachment.need_recipient_signature();
    let need_receipt = attachment.need_receipt();
    let is_encrypted = attachment.is_encrypted();
    let function = filled(attachment.function);
    let version = filled(attachment.version);
    if is_encrypted && !is_obsolete {
        for (field, value) in [("Function", &function), ("Version", &version)] {
            if value.is_none() {
                let reason = "required for encrypted content, which the server cannot look into; name it";
                return Err(BadPost::invalid(format!("{path}.{field}"), reason));
            }
        }
    }
    let editing_setting = filled(attachment.editing_setting_id);
    if editing_setting.is_some() && !letter.delay_send {
        let reason = "only an unsent letter can be edited; set DelaySend, or leave EditingSettingId out";
        return Err(BadPost::invalid(format!("{path}.EditingSettingId"), reason));
    }
    let Signed { content, signature } =
        signed_content(&format!("{path}.SignedContent"), attachment.signed_content)?;
    check_signature(&format!("{path}.SignedContent"), signature.is_some(), letter)?;
    Ok(NewDocument {
        content,
        signature,
        comment: comment(&path, attachment.comment)?,
        need_recipient_signature,
        need_receipt,
        custom_document_id: filled(attachment.custom_document_id),
        or_types: if is_obsolete { related_types(&attachment.type_named_id) } else { &[] },
        type_named_id: attachment.type_named_id,
        function,
        version,
        workflow: attachment.workflow_id,
        is_encrypted,
        metadata: metadata(&path, attachment.metadata)?,
        recognized: None,
        tags: tags(&path, attachment.custom_data)?,
        initial_documents: links(&format!("{path}.InitialDocumentIds"), attachment.initial_document_ids)?,
        subordinate_documents: links(
            &format!("{path}.SubordinateDocumentIds"),
            attachment.subordinate_document_ids,
        )?,
        editing_setting,
        path,
    })
}

/// What else an obsolete list of XML files holds; the files tell them apart.
fn related_types(type_named_id: &str) -> &'static [&'static str] {
    match type_named_id {
        "Invoice" => &["InvoiceRevision", "InvoiceCorrection", "InvoiceCorrectionRevision"],
        "UniversalTransferDocument" => &[
            "UniversalTransferDocumentRevision",
            "UniversalCorrectionDocument",
            "UniversalCorrectionDocumentRevision",
        ],
        _ => &[],
    }
}

fn check_signature(path: &str, is_signed: bool, letter: Letter) -> Result<(), BadPost> {
    match (is_signed, letter.delay_send) {
        (false, false) => {
            Err(missing_signature(path, ", or set DelaySend to store the letter without sending it"))
        }
        (true, true) => Err(BadPost::invalid(
            format!("{path}.Signature"),
            "with DelaySend the letter stays unsent, and a signature would send it; leave the signature out and add it \
             with PostMessagePatch, or leave DelaySend out",
        )),
        _ => Ok(()),
    }
}

fn comment(path: &str, comment: Option<String>) -> Result<Option<Source>, BadPost> {
    let Some(text) = filled(comment) else { return Ok(None) };
    let length = text.chars().count();
    if length > limits::COMMENT_CHARS {
        let most = limits::COMMENT_CHARS;
        let reason =
            format!("{length} characters are given, at most {most} are allowed; shorten the comment");
        return Err(BadPost::invalid(format!("{path}.Comment"), reason));
    }
    Ok(Some(Source::Inline(text.into())))
}

fn metadata(path: &str, items: Vec<MetadataItem>) -> Result<Vec<Metadata>, BadPost> {
    let item = |(i, item): (usize, MetadataItem)| {
        for (field, value) in [("Key", &item.key), ("Value", &item.value)] {
            if value.is_empty() {
                let reason = "must not be empty; fill it, or leave the item out";
                return Err(BadPost::invalid(format!("{path}.Metadata[{i}].{field}"), reason));
            }
        }
        Ok(Metadata { key: item.key, value: item.value })
    };
    items.into_iter().enumerate().map(item).collect()
}

/// An empty `MessageId` means that `EntityId` is the `CustomDocumentId` of a document of the same request.
fn links(path: &str, ids: Vec<proto::DocumentId>) -> Result<Vec<Link>, BadPost> {
    let link = |(i, named): (usize, proto::DocumentId)| {
        let path = format!("{path}[{i}]");
        if named.entity_id.is_empty() {
            let reason = "required; name the EntityId of a document of the box, or the CustomDocumentId of a document of \
                          this request together with an empty MessageId";
            return Err(BadPost::invalid(format!("{path}.EntityId"), reason));
        }
        if named.message_id.is_empty() {
            return Ok(Link::SameRequest(named.entity_id));
        }
        Ok(Link::Existing(DocumentRef {
            message_id: id(format!("{path}.MessageId"), &named.message_id)?,
            entity_id: id(format!("{path}.EntityId"), &named.entity_id)?,
        }))
    };
    ids.into_iter().enumerate().map(link).collect()
}
