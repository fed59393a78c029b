//! One event of a box.

use potok_domain::docflow::Docflows;
use potok_domain::{
    Change, DeliveryReport, DocumentChange, DocumentPatch, Event, MessageState, MessageType, Patched,
};
use potok_types::EntityId;
use potok_wire::proto::events::{BoxEvent, Entity, EntityPatch, MessagePatch};

use super::entity::{data, entity};
use super::flag;
use super::message::with_all_entities;
use crate::ContentPlan;

/// The event as the feed of the box shows it, without bytes and without `IndexKey`, which the store gives. The docflows
/// are those of the state right after the event. Its message is the answer of `PostMessage`, its patch that of `PostMessagePatch`.
pub fn box_event(docflows: &Docflows<'_>, event: &Event) -> BoxEvent {
    let mut shown = BoxEvent { event_id: event.id.to_string(), ..BoxEvent::default() };
    match &event.change {
        Change::Posted(_) => shown.message = Some(Box::new(with_all_entities(docflows))),
        Change::Patched(patched) => shown.patch = Some(message_patch(docflows, event, patched)),
    }
    shown
}

fn message_patch(docflows: &Docflows<'_>, event: &Event, patched: &Patched) -> MessagePatch {
    let state = docflows.state();
    let mut shown = bare(docflows, event);
    shown.entity_patches = patched.documents.iter().filter_map(entity_patch).collect();
    let rewritten = patched.rewritten.iter().map(|it| EntityPatch {
        entity_id: it.document.to_string(),
        content_is_patched: flag(true),
        ..EntityPatch::default()
    });
    shown.entity_patches.extend(rewritten);
    let has = |change: DocumentChange| patched.documents.iter().any(|patch| patch.change == change);
    shown.message_is_deleted = flag(has(DocumentChange::Deleted) && state.is_deleted());
    shown.message_is_restored = flag(has(DocumentChange::Restored) && was_deleted(state, patched));
    if let Some(recycled) = patched.recycled {
        shown.draft_is_recycled = flag(true);
        shown.draft_is_transformed_to_message_id_list =
            recycled.letter.iter().map(ToString::to_string).collect();
    }
    match patched.report {
        Some(DeliveryReport::Delivered { event, whole_message, at: _ }) => {
            shown.delivered_patch_id = Some(event.to_string());
            shown.message_is_delivered = flag(whole_message);
        }
        Some(DeliveryReport::NotDelivered { event }) => {
            shown.not_delivered_event_id = Some(event.to_string());
        }
        None => {}
    }
    shown
}

/// Whether the message was deleted before `patched` restored some of its documents.
fn was_deleted(state: &MessageState, patched: &Patched) -> bool {
    let is_restored = |id: EntityId| {
        let restored = DocumentPatch { document: id, change: DocumentChange::Restored };
        patched.documents.contains(&restored)
    };
    state.entities().iter().all(|found| {
        found.document.as_ref().is_none_or(|document| document.is_deleted || is_restored(found.entity.id))
    })
}

/// The flag by which the API tells of a change; packets and revocations have none.
fn entity_patch(patch: &DocumentPatch) -> Option<EntityPatch> {
    let mut shown = EntityPatch { entity_id: patch.document.to_string(), ..EntityPatch::default() };
    match patch.change {
        DocumentChange::Moved { to } => shown.moved_to_department = Some(to.to_string()),
        DocumentChange::Deleted => shown.document_is_deleted = flag(true),
        DocumentChange::Restored => shown.document_is_restored = flag(true),
        DocumentChange::Forwarded { to } => shown.forwarded_to_box_id = Some(to.to_string()),
        DocumentChange::Packet(_) | DocumentChange::Revoked { .. } | DocumentChange::PassedOn { .. } => {
            return None;
        }
    }
    Some(shown)
}

fn bare(docflows: &Docflows<'_>, event: &Event) -> MessagePatch {
    let state = docflows.state();
    let mut contents = ContentPlan::nothing();
    let added = event.entities().iter().filter_map(|added| state.entity(added.id));
    MessagePatch {
        message_id: event.message_id.to_string(),
        timestamp_ticks: event.at.get(),
        entities: added.map(|found| entity(docflows, found, &mut contents)).collect(),
        for_draft: flag(state.message_type == MessageType::Draft),
        patch_id: event.id.to_string(),
        message_type: state.message_type as i32,
        ..MessagePatch::default()
    }
}

/// Puts the bytes that `contents` gives into the entities of a stored event, as `GetEvent` shows them. `state` may be
/// any state of the message that already has the event.
pub fn inject(event: &mut BoxEvent, state: &MessageState, contents: &mut ContentPlan) {
    let of_message = event.message.as_mut().map(|message| &mut message.entities);
    let of_patch = event.patch.as_mut().map(|patch| &mut patch.entities);
    for shown in of_message.into_iter().chain(of_patch).flatten() {
        inject_one(shown, state, contents);
    }
}

fn inject_one(shown: &mut Entity, state: &MessageState, contents: &mut ContentPlan) {
    let found = shown.entity_id.parse::<EntityId>().ok().and_then(|id| state.entity(id));
    if let (Some(content), Some(found)) = (&mut shown.content, found) {
        content.data = data(found, contents);
    }
}
