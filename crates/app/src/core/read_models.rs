//! What readers of an event find ready.

use potok_domain::feed::concerned_documents;
use potok_domain::{Event, MessageState};
use potok_seams::Rendering;
use potok_store::NewEvent;

/// The event with its read models. `after` is the state right after it.
pub(crate) fn of_event(rendering: &dyn Rendering, after: &MessageState, event: &Event) -> NewEvent {
    let ready = rendering.box_event(after, event);
    NewEvent::of_message(event, ready, after.message_type, concerned_documents(after, event))
}
