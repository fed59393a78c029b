//! The form of additions to a message.

use potok_types::limits;

use super::{Measured, Reserved, comment, content_size, labels, refuse, signature, tag_key, tag_value};
use crate::TagChange;
use crate::command::{NewPacket, NewRouteStep, NewService, NewTagChange, PostPatch};
use crate::decide::Rejection;

/// Checks what can be seen in `command` alone.
///
/// # Errors
/// [`Rejection::EmptyPatch`]; [`Rejection::Invalid`] names the field that is wrong.
pub fn patch<S: Measured>(command: &PostPatch<S>) -> Result<(), Rejection> {
    if command.is_empty() {
        return Err(Rejection::EmptyPatch { structure: command.structure });
    }
    for item in &command.signatures {
        signature(&item.path, &item.signature)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    command.receipts.iter().try_for_each(|item| service(item, Reserved::Impersonal))?;
    command.rejections.iter().try_for_each(|item| service(&item.service, Reserved::Refused))?;
    command.titles.iter().try_for_each(|item| service(&item.service, Reserved::Refused))?;
    command.amendment_requests.iter().try_for_each(|item| service(item, Reserved::Impersonal))?;
    command.revocation_requests.iter().try_for_each(|item| service(item, Reserved::Refused))?;
    command.fixation_cancellations.iter().try_for_each(|item| service(item, Reserved::Refused))?;
    for item in &command.resolutions {
        comment(&item.path, &item.comment, limits::COMMENT_CHARS)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    for item in &command.resolution_requests {
        comment(&item.path, &item.comment, limits::REQUEST_COMMENT_CHARS)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    for item in &command.cancellations {
        comment(&item.path, &item.comment, limits::CANCELLATION_COMMENT_CHARS)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    for item in &command.denials {
        comment(&item.path, &item.comment, limits::REQUEST_COMMENT_CHARS)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    command.route_assignments.iter().chain(&command.route_removals).try_for_each(route_step)?;
    command.tag_changes.iter().try_for_each(tag_change)?;
    command.packets.iter().try_for_each(packet)?;
    for item in &command.verifications {
        if let Some(words) = &item.comment {
            comment(&item.path, words, limits::COMMENT_CHARS)?;
        }
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    for item in &command.editions {
        content_size(&format!("{}.Content", item.path), &item.content)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    for item in &command.universal_messages {
        content_size(&format!("{}.UniversalMessageContent", item.path), &item.content)?;
        labels(&item.path, &item.labels, Reserved::Refused)?;
    }
    Ok(())
}

fn service<S: Measured>(item: &NewService<S>, reserved: Reserved) -> Result<(), Rejection> {
    let signed = format!("{}.SignedContent", item.path);
    content_size(&signed, &item.content)?;
    signature(&signed, &item.signature)?;
    labels(&item.path, &item.labels, reserved)
}

fn route_step<S: Measured>(item: &NewRouteStep<S>) -> Result<(), Rejection> {
    comment(&item.path, &item.comment, limits::REQUEST_COMMENT_CHARS)?;
    labels(&item.path, &item.labels, Reserved::Refused)
}

fn tag_change<S>(item: &NewTagChange<S>) -> Result<(), Rejection> {
    tag_key(&item.path, item.change.key())?;
    match &item.change {
        TagChange::Set(tag) => tag_value(&item.path, &tag.value),
        TagChange::Remove { .. } => Ok(()),
    }
}

fn packet(item: &NewPacket) -> Result<(), Rejection> {
    if item.add.is_empty() && item.remove.is_empty() {
        return refuse(
            item.path.as_str(),
            "nothing joins and nothing leaves; fill AddDocumentsToPacket or RemoveDocumentsFromPacket",
        );
    }
    Ok(())
}
