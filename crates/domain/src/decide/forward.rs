//! A document is shown to a third box.

use potok_types::{EntityId, EventId};

use super::{Context, Outcome, Rejection, Step};
use crate::access;
use crate::carriage;
use crate::directory::Organization;
use crate::forwarding::Forwarding;
use crate::relation::Reception;
use crate::{
    Change, DocumentChange, DocumentPatch, DocumentRef, Event, MessageState, MessageType, Origin, Patched,
};

/// What follows: an event of the message, of which nobody else learns, and what the third box gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded {
    /// The event of the message.
    pub outcome: Outcome,
    /// What the third box gets.
    pub forwarding: Forwarding,
}

/// `ForwardDocument`: the document `document` of `state` as it is now, for the box of `to`, which lets this one do what
/// `takes` says. Any number of times.
///
/// # Errors
/// [`Rejection`]: nothing follows. `state` has the document.
pub fn forward(
    state: &MessageState,
    document: EntityId,
    to: &Organization,
    takes: &Reception,
    context: &Context<'_>,
) -> Result<Forwarded, Rejection> {
    const PATH: &str = "ForwardDocumentRequest.DocumentId";
    const TO: &str = "ForwardDocumentRequest.ToBoxId";
    access::check_documents(&context.scope(), state, [document])?;
    if to.box_id == state.box_id {
        return Err(Rejection::invalid(TO, "this is the box that forwards; name another one"));
    }
    if state.message_type != MessageType::Letter {
        return Err(Rejection::NotALetter(state.message_id));
    }
    context.may_send()?;
    takes.admit(to, None, false).map_err(|why| Rejection::not_taken(to, TO, why))?;
    let refuse = |reason: &'static str| Err(Rejection::state(PATH, document, Step::Forward, reason));
    if state.document_state(document).is_some_and(|document| document.is_deleted) {
        return refuse("он удален; сначала восстановите его");
    }
    if carriage::is_unsent(state, document) {
        return refuse("он еще не отправлен");
    }
    let mut patched = Patched::by(Origin::Own { user: Some(context.author) });
    let change = DocumentChange::Forwarded { to: to.box_id };
    patched.documents.push(DocumentPatch { document, change });
    let event = Event {
        id: EventId::from_uuid(context.entropy.id()),
        message_id: state.message_id,
        at: context.now,
        change: Change::Patched(Box::new(patched)),
    };
    let forwarding = Forwarding {
        id: event.id,
        at: event.at,
        from: state.box_id,
        to: to.box_id,
        document: DocumentRef { message_id: state.message_id, entity_id: document },
        as_of: state.revision(),
    };
    Ok(Forwarded { outcome: Outcome::inside(state, event), forwarding })
}
