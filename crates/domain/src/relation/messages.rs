//! What messages do to the relation of the two boxes.

use potok_types::{BoxId, Ticks};

use super::Relation;
use super::act::Act;
use super::commands::{
    Attachment, Invite, acquire, document_exchanged, document_refused, document_revoked, document_signed,
};
use crate::{Change, DeliveryReport, DocumentRef, Event, MessageState, Origin, Service, Side};

/// What an event of a message means to the relation with the other box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The message invites, and arrived.
    Invited {
        /// What is written with the invitation.
        message: Option<String>,
        /// Its document.
        attachment: Attachment,
    },
    /// The document of the other side's invitation was signed.
    Signed,
    /// The signature under it was refused.
    Refused,
    /// The document of this side's invitation was revoked.
    Revoked(DocumentRef),
    /// The message arrived.
    Exchanged,
}

/// What `event` means, and to the relation with whom. `after` is its message right after it.
pub fn consequence(after: &MessageState, event: &Event) -> Option<(BoxId, Consequence)> {
    let Change::Patched(patched) = &event.change else { return None };
    if after.is_internal {
        return None;
    }
    match (after.side(), patched.origin) {
        (Side::Sender, _) => {
            let arrived =
                matches!(patched.report, Some(DeliveryReport::Delivered { whole_message: true, .. }));
            let other = after.proxy.as_ref().unwrap_or(&after.to).box_id;
            if arrived && let Some(inviting) = &after.invitation {
                let message = inviting.message.clone();
                return Some((other, Consequence::Invited { message, attachment: attachment(after)? }));
            }
            if arrived {
                return Some((other, Consequence::Exchanged));
            }
            let document = attachment(after).filter(|_| after.invitation.is_some())?.document?;
            let revoked = after.document_state(document.entity_id)?.revoked_by.is_some();
            revoked.then_some((other, Consequence::Revoked(document)))
        }
        (Side::Recipient, Origin::Own { .. }) if after.invitation.is_some() => {
            let document = attachment(after)?.document?.entity_id;
            let mut answers = event.entities().iter().filter(|entity| entity.parent == Some(document));
            let consequence = answers.find_map(|entity| match entity.service() {
                _ if entity.signature().is_some() => Some(Consequence::Signed),
                Some(Service::XmlSignatureRejection | Service::SignatureRequestRejection) => {
                    Some(Consequence::Refused)
                }
                _ => None,
            });
            consequence.map(|consequence| (after.from.box_id, consequence))
        }
        _ => None,
    }
}

/// The document by which the message invites.
fn attachment(state: &MessageState) -> Option<Attachment> {
    let (found, document) = state.documents().next()?;
    let reference = DocumentRef { message_id: state.message_id, entity_id: found.entity.id };
    Some(Attachment { document: Some(reference), needs_signature: document.need_recipient_signature })
}

/// The act of this side that follows, if one does. `is_welcome`: the other side agrees to everybody.
pub fn follows(relation: &Relation, consequence: Consequence, is_welcome: bool, at: Ticks) -> Option<Act> {
    match consequence {
        Consequence::Invited { message, attachment } => {
            let invite = Invite { message, attachment: Some(attachment), is_welcome, at };
            // An invitation that met another one is an exchange of documents.
            acquire(relation, invite).unwrap_or_else(|_| document_exchanged(relation, at))
        }
        Consequence::Signed => document_signed(relation, at),
        Consequence::Refused => document_refused(relation, at),
        Consequence::Revoked(document) => document_revoked(relation, document, at),
        Consequence::Exchanged => document_exchanged(relation, at),
    }
}
