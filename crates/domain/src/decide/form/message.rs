//! The form of a new message.

use std::collections::HashSet;

use potok_types::{Attested, Invalid, limits};

use super::{Measured, comment, content_size, refuse, signature, size, tags};
use crate::Metadata;
use crate::command::{Link, NewDocument, NewStructuredData, PostMessage};
use crate::decide::Rejection;

/// Checks what can be seen in `command` alone.
///
/// # Errors
/// [`Rejection::Invalid`] names the field that is wrong.
pub fn message<S: Measured>(command: &PostMessage<S>) -> Result<(), Rejection> {
    addressees(command)?;
    count(command)?;
    command.documents.iter().try_for_each(|item| document(item, command.is_signed()))?;
    let is_edited = command.delay_send || command.template.is_some();
    command.documents.iter().try_for_each(|item| editing(item, is_edited))?;
    let ids = custom_ids(&command.documents)?;
    command.documents.iter().try_for_each(|item| links(item, &ids))?;
    command.structured_data.iter().try_for_each(|item| structured_data(item, &ids))
}

fn addressees<S>(command: &PostMessage<S>) -> Result<(), Rejection> {
    let structure = command.structure;
    let recipient = || format!("{structure}.ToBoxId");
    match (command.to, command.is_internal) {
        (Some(_), true) => {
            return refuse(
                recipient(),
                "an internal message has no recipient; leave ToBoxId or IsInternal out",
            );
        }
        (None, false) if command.draft.is_some() => {}
        (None, false) => {
            // Unless IsInternal is set, for a message inside the organization.
            return Err(Invalid::required(recipient()).into());
        }
        (Some(to), false) if to == command.from => {
            return refuse(
                recipient(),
                "the recipient is the sender; name another box, or set IsInternal and leave ToBoxId out",
            );
        }
        (Some(_), false) | (None, true) => {}
    }
    if command.draft.is_some() && command.delay_send {
        let reason = "a message is kept as a draft or as an unsent letter; set one of IsDraft and DelaySend";
        return refuse(format!("{structure}.DelaySend"), reason);
    }
    if command.to.is_none() && !command.is_internal && command.to_department.is_some() {
        let reason = "there is no recipient; name its box in ToBoxId, or leave its department out";
        return refuse(format!("{structure}.ToDepartmentId"), reason);
    }
    if command.proxy.is_none() && command.proxy_department.is_some() {
        return refuse(
            format!("{structure}.ProxyDepartmentId"),
            "there is no intermediate recipient; name its box in ProxyBoxId, or leave its department out",
        );
    }
    Ok(())
}

fn count<S>(command: &PostMessage<S>) -> Result<(), Rejection> {
    const MOST: usize = limits::DOCUMENTS_PER_MESSAGE;
    let path = format!("{}.DocumentAttachments", command.structure);
    match command.documents.len() {
        0 => Err(Invalid::attested(Attested::NoDocuments, path, &[]).into()),
        1..=MOST => Ok(()),
        documents => refuse(
            path,
            format!(
                "{documents} documents are given, at most {MOST} are allowed; post the others in another message"
            ),
        ),
    }
}

fn document<S: Measured>(document: &NewDocument<S>, is_sent: bool) -> Result<(), Rejection> {
    let path = document.path.as_str();
    if document.type_named_id.is_empty() {
        return Err(Invalid::attested(Attested::NoType, format!("{path}.TypeNamedId"), &[&path]).into());
    }
    if document.is_encrypted {
        encrypted(document)?;
    }
    let signed = document.signed_path();
    content_size(&signed, &document.content)?;
    document_signature(&signed, document.signature.as_ref(), is_sent)?;
    if let Some(text) = &document.comment {
        comment(path, text, limits::COMMENT_CHARS)?;
    }
    filled(path, &document.metadata)?;
    tags(path, &document.tags)
}

fn editing<S>(document: &NewDocument<S>, is_edited: bool) -> Result<(), Rejection> {
    if document.editing_setting.is_some() && !is_edited {
        return refuse(
            format!("{}.EditingSettingId", document.path),
            "only an unsent letter can be edited; set DelaySend, or leave EditingSettingId out",
        );
    }
    Ok(())
}

/// Function and version of bytes that nobody can look into have to be named, where there is room for them: what obsolete
/// lists hold is taken as the type's usual.
fn encrypted<S>(document: &NewDocument<S>) -> Result<(), Rejection> {
    if document.is_of_obsolete_list {
        return Ok(());
    }
    let fields = [("Function", &document.function), ("Version", &document.version)];
    let Some((field, _)) = fields.into_iter().find(|(_, value)| value.is_none()) else { return Ok(()) };
    let path = document.path.as_str();
    refuse(
        format!("{path}.{field}"),
        "required for encrypted content, which the server cannot look into; name it",
    )
}

fn document_signature(path: &str, given: Option<&impl Measured>, is_sent: bool) -> Result<(), Rejection> {
    match given {
        Some(_) if !is_sent => {
            // A signature would send it. It is added with PostMessagePatch.
            let place = format!("{path}.Signature");
            Err(Invalid::attested(Attested::SignatureOfUnsent, place, &[&path]).into())
        }
        Some(given) => signature(path, given),
        None if !is_sent => Ok(()),
        None => refuse(
            format!("{path}.Signature"),
            "a signature is required; give one of Signature, SignatureNameOnShelf and SignWithTestSignature, or set \
             DelaySend to store the letter without sending it",
        ),
    }
}

fn filled(path: &str, metadata: &[Metadata]) -> Result<(), Rejection> {
    for (i, item) in metadata.iter().enumerate() {
        for (field, value) in [("Key", &item.key), ("Value", &item.value)] {
            if value.is_empty() {
                let path = format!("{path}.Metadata[{i}].{field}");
                return refuse(path, "must not be empty; fill it, or leave the item out");
            }
        }
    }
    Ok(())
}

fn custom_ids<S>(documents: &[NewDocument<S>]) -> Result<HashSet<&str>, Rejection> {
    let mut ids = HashSet::new();
    for document in documents {
        let Some(id) = document.custom_document_id.as_deref() else { continue };
        if !ids.insert(id) {
            return Err(Rejection::invalid(
                format!("{}.CustomDocumentId", document.path),
                format!("CustomDocumentId '{id}' is not unique; give every document of the request its own"),
            ));
        }
    }
    Ok(ids)
}

fn links<S>(document: &NewDocument<S>, ids: &HashSet<&str>) -> Result<(), Rejection> {
    for (list, links) in [
        ("InitialDocumentIds", &document.initial_documents),
        ("SubordinateDocumentIds", &document.subordinate_documents),
    ] {
        for (i, link) in links.iter().enumerate() {
            let Link::SameRequest(id) = link else { continue };
            let path = || format!("{}.{list}[{i}].EntityId", document.path);
            if document.custom_document_id.as_ref() == Some(id) {
                return refuse(path(), "a document cannot refer to itself; leave the link out");
            }
            if !ids.contains(id.as_str()) {
                return Err(Invalid::attested(Attested::UnknownReference, path(), &[id]).into());
            }
        }
    }
    Ok(())
}

fn structured_data<S: Measured>(data: &NewStructuredData<S>, ids: &HashSet<&str>) -> Result<(), Rejection> {
    let path = data.path.as_str();
    if data.content.size_bytes() == Some(0) {
        return refuse(format!("{path}.Content"), "the data are empty; put their bytes here");
    }
    size(path, &data.content, limits::STRUCTURED_DATA_BYTES, "send less data")?;
    if data.file_name.is_empty() {
        return refuse(format!("{path}.FileName"), "a file name is required; give one");
    }
    if !ids.contains(data.document.as_str()) {
        let id = &data.document;
        let reason = format!(
            "no document of this request has CustomDocumentId '{id}'; name the document that the data belong to"
        );
        return refuse(format!("{path}.ParentCustomDocumentId"), reason);
    }
    Ok(())
}
