//! What some readers must not see of an event, and what others do not know.

use std::collections::HashSet;

use potok_domain::docflow::HiddenLinks;
use potok_domain::{AttachmentType, MessageState};
use potok_types::EntityId;
use potok_wire::framing::ReadyEvent;
use potok_wire::proto::events::{BoxEvent, Entity, Message};

use crate::document::links;

/// What a method that shows events knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventVersion {
    /// `GetEvent` V2, `GetLastEvent` V1, `GetNewEvents` V4–V7.
    WithoutUniversalMessages,
    /// `GetEvent` V3, `GetLastEvent` V2, `GetNewEvents` V8.
    Current,
}

/// The event as a method of `version` shows it: an older one drops the entities it does not know instead of failing.
pub fn for_version(mut event: BoxEvent, version: EventVersion) -> BoxEvent {
    if version == EventVersion::WithoutUniversalMessages {
        entities(&mut event).for_each(without_universal_messages);
    }
    event
}

/// Is there anything in the event that [`for_version`] would drop? Lets a feed pass on stored bytes as they are.
pub fn needs_cut(event: &ReadyEvent<'_>, version: EventVersion) -> bool {
    version == EventVersion::WithoutUniversalMessages
        && event.has_attachment_type(AttachmentType::UniversalMessage.number())
}

/// Drops universal messages and what hangs under them.
pub(super) fn without_universal_messages(entities: &mut Vec<Entity>) {
    let mut dropped: HashSet<String> = HashSet::new();
    // Parents stand before children, so one walk finds whole subtrees.
    entities.retain(|entity| {
        let is_below = entity.parent_entity_id.as_ref().is_some_and(|parent| dropped.contains(parent));
        let is_dropped = is_below || is_universal_message(entity);
        if is_dropped {
            dropped.insert(entity.entity_id.clone());
        }
        !is_dropped
    });
}

fn is_universal_message(entity: &Entity) -> bool {
    entity.attachment_type == Some(AttachmentType::UniversalMessage.number())
}

/// The event as somebody sees it who may see only some documents of the message: entities and entity patches of the
/// other documents are cut out; parties and flags stay. What belongs to no document, such as the notice that the event
/// was not delivered, belongs to the message and stays. `state` must already have the event.
pub fn cut_to_departments(
    mut event: BoxEvent,
    state: &MessageState,
    visible: &dyn Fn(EntityId) -> bool,
) -> BoxEvent {
    let is_seen = |id: &str| {
        // An entity that the state does not know could belong to any document.
        let Some(found) = id.parse::<EntityId>().ok().and_then(|id| state.entity(id)) else { return false };
        let root = state.root_of(found.entity.id);
        state.document(root).is_none() || visible(root)
    };
    entities(&mut event).for_each(|entities| entities.retain(|entity| is_seen(&entity.entity_id)));
    if let Some(patch) = &mut event.patch {
        patch.entity_patches.retain(|patch| is_seen(&patch.entity_id));
    }
    event
}

/// The event as it is told to somebody who must not know of some documents to which its own are linked.
pub fn without_links(mut event: BoxEvent, hidden: &HiddenLinks) -> BoxEvent {
    entities(&mut event).for_each(|entities| hide_links(entities, hidden));
    event
}

/// The same of a message.
pub fn message_without_links(mut message: Message, hidden: &HiddenLinks) -> Message {
    hide_links(&mut message.entities, hidden);
    message
}

/// Takes the hidden documents out of the links of the others.
fn hide_links(entities: &mut [Entity], hidden: &HiddenLinks) {
    let shown = entities.iter_mut().filter_map(|entity| entity.document_info.as_deref_mut());
    shown.for_each(|document| links::hide(document, hidden));
}

fn entities(event: &mut BoxEvent) -> impl Iterator<Item = &mut Vec<Entity>> {
    let of_message = event.message.as_mut().map(|message| &mut message.entities);
    let of_patch = event.patch.as_mut().map(|patch| &mut patch.entities);
    of_message.into_iter().chain(of_patch)
}
