//! What readers of an event find ready.

use potok_domain::Event;
use potok_domain::docflow::Docflows;
use potok_domain::feed::concerned_documents;
use potok_seams::Rendering;
use potok_store::NewEvent;

/// The event with its read models. `docflows` are those of the state right after it.
pub(crate) fn of_event(rendering: &dyn Rendering, docflows: &Docflows<'_>, event: &Event) -> NewEvent {
    let (ready, after) = (rendering.box_event(docflows, event), docflows.state());
    NewEvent::of_message(event, ready, after.message_type, concerned_documents(after, event))
}
