//! A whole message: the fold of its events.

use std::collections::{HashMap, HashSet};

use potok_domain::docflow::Docflows;
use potok_domain::{AttachmentType, EntityState, LockMode, MessageState, MessageType, Service, Template};
use potok_types::{DepartmentId, EntityId};
use potok_wire::proto::events::{Entity, Message, TemplateToLetterTransformationInfo};

use super::cut::without_universal_messages;
use super::entity::entity;
use super::flag;
use crate::ContentPlan;

/// A version of `GetMessage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageVersion {
    /// Knows neither universal messages nor templates.
    V4,
    /// Knows no universal messages.
    V5,
    /// Knows them.
    V6,
}

impl MessageVersion {
    /// As documented: only the older ones have messages that are deleted.
    pub const fn shows_deleted(self) -> bool {
        !matches!(self, Self::V6)
    }

    /// It has a word for templates.
    pub const fn shows_templates(self) -> bool {
        !matches!(self, Self::V4)
    }
}

/// What a reader of a message asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// Only this document and what hangs under it. The caller has to see that it is a document of the message.
    pub entity: Option<EntityId>,
    /// Signatures as they were given; otherwise a time-stamped copy stands in place of its original.
    pub original_signature: bool,
    /// The version of the method.
    pub version: MessageVersion,
}

impl MessageView {
    /// Everything, in `version`.
    pub const fn whole(version: MessageVersion) -> Self {
        Self { entity: None, original_signature: false, version }
    }
}

/// The message as `GetMessage` shows it. Receipts and confirmations that repeat on one parent are collapsed to the last
/// one; the feed has them all. `contents` says which bytes are carried.
pub fn message(state: &MessageState, view: &MessageView, contents: &mut ContentPlan) -> Message {
    let docflows = Docflows::of(state);
    let hidden = repeated(state);
    let shown_signatures = shown_signatures(state, view.original_signature);
    let mut entities = Vec::with_capacity(state.entities().len());
    for found in state.entities() {
        let id = found.entity.id;
        let is_asked_for = view.entity.is_none_or(|document| is_below(state, id, document));
        if !is_asked_for || is_copy(state, found) || hidden.iter().any(|top| is_below(state, id, *top)) {
            continue;
        }
        let stand_in = shown_signatures.get(&id).copied().unwrap_or(found);
        let mut shown = entity(&docflows, stand_in, contents);
        shown.parent_entity_id = found.entity.parent.map(|parent| {
            let parent = original(state, parent);
            shown_signatures.get(&parent).map_or(parent, |shown| shown.entity.id).to_string()
        });
        entities.push(shown);
    }
    if view.version != MessageVersion::V6 {
        without_universal_messages(&mut entities);
    }
    shell(state, entities)
}

/// Every entity as it is, without bytes.
pub(super) fn with_all_entities(docflows: &Docflows<'_>) -> Message {
    let mut contents = ContentPlan::nothing();
    let state = docflows.state();
    let entities = state.entities().iter().map(|found| entity(docflows, found, &mut contents)).collect();
    shell(state, entities)
}

/// Everything but the entities.
fn shell(state: &MessageState, entities: Vec<Entity>) -> Message {
    let created_at = state.created_at();
    Message {
        message_id: state.message_id.to_string(),
        timestamp_ticks: created_at.get(),
        last_patch_timestamp_ticks: state.last_event().map_or(created_at, |event| event.at).get(),
        from_box_id: state.from.box_id.to_string(),
        from_title: state.from.title.clone(),
        to_box_id: state.to.is_named().then(|| state.to.box_id.to_string()),
        to_title: state.to.is_named().then(|| state.to.title.clone()),
        entities,
        is_draft: flag(state.message_type == MessageType::Draft),
        draft_is_locked: flag(state.message_type == MessageType::Draft && state.is_locked),
        draft_is_recycled: flag(state.is_recycled),
        draft_is_transformed_to_message_id_list: letters(state),
        // These three are printed even where they have nothing to say.
        created_from_draft_id: Some(draft_of(state).unwrap_or_default()),
        is_proxified: flag(state.proxy.is_some()),
        proxy_box_id: Some(state.proxy_box().map(|proxy| proxy.to_string()).unwrap_or_default()),
        proxy_title: Some(state.proxy.as_ref().map(|proxy| proxy.title.clone()).unwrap_or_default()),
        is_test: flag(state.is_test),
        is_internal: flag(state.is_internal),
        is_deleted: flag(state.is_deleted()),
        packet_is_locked: flag(state.lock_mode == LockMode::Full),
        lock_mode: state.lock_mode as i32,
        message_type: state.message_type as i32,
        template_to_letter_transformation_info: state.template.as_ref().map(letter_of),
        is_reusable: flag(
            state.template.is_some_and(|template| template.is_reusable)
                || state.made_from.is_some_and(|made_from| made_from.is_reusable),
        ),
    }
}

fn letters(state: &MessageState) -> Vec<String> {
    let is_draft = state.message_type == MessageType::Draft;
    state.letters.iter().filter(|_| is_draft).map(ToString::to_string).collect()
}

/// The letter that is to be made of a template.
fn letter_of(template: &Template) -> TemplateToLetterTransformationInfo {
    let department = |id: Option<DepartmentId>| id.map(|id| id.to_string());
    TemplateToLetterTransformationInfo {
        letter_from_box_id: template.from.to_string(),
        letter_to_box_id: template.to.to_string(),
        letter_from_department_id: None,
        letter_to_department_id: department(template.to_department),
        letter_proxy_box_id: template.proxy.map(|proxy| proxy.to_string()),
        letter_proxy_department_id: department(template.proxy_department),
    }
}

/// The draft that the letter was.
fn draft_of(state: &MessageState) -> Option<String> {
    let made_from = state.made_from.filter(|made_from| made_from.message_type == MessageType::Draft);
    made_from.map(|draft| draft.message_id.to_string())
}

/// Is `id` the entity `top`, or somewhere under it?
fn is_below(state: &MessageState, id: EntityId, top: EntityId) -> bool {
    // Parents stand before children, so the walk ends.
    let mut current = Some(id);
    while let Some(id) = current {
        if id == top {
            return true;
        }
        current = state.entity(id).and_then(|found| found.entity.parent);
    }
    false
}

/// The entities that a later equal one on the same parent replaces.
fn repeated(state: &MessageState) -> HashSet<EntityId> {
    let mut last: HashMap<(EntityId, AttachmentType), EntityId> = HashMap::new();
    let mut replaced = HashSet::new();
    for found in state.entities() {
        let entity = &found.entity;
        if let (Some(parent), Some(Service::Receipt | Service::InvoiceReceipt | Service::Confirmation)) =
            (entity.parent, entity.service())
        {
            replaced.extend(last.insert((parent, entity.attachment_type()), entity.id));
        }
    }
    replaced
}

/// A signature under a signature is its time-stamped copy.
fn is_copy(state: &MessageState, found: &EntityState) -> bool {
    found.entity.signature().is_some() && original(state, found.entity.id) != found.entity.id
}

/// The signature of which `id` is a copy, or a copy of a copy; `id` itself when it is none.
fn original(state: &MessageState, id: EntityId) -> EntityId {
    let signature = |id| state.entity(id).filter(|found| found.entity.signature().is_some());
    let mut current = id;
    // Parents stand before children, so the walk ends.
    while let Some(parent) = signature(current).and_then(|found| signature(found.entity.parent?)) {
        current = parent.entity.id;
    }
    current
}

/// What stands where a signature with copies stood, by the id of the original: the newest copy, unless originals are
/// asked for. The original is not in the answer then, so the copy hangs under what both sign, and what hung under one of
/// them hangs under the one that is shown.
fn shown_signatures(state: &MessageState, originals: bool) -> HashMap<EntityId, &EntityState> {
    if originals {
        return HashMap::new();
    }
    let copies = state.entities().iter().filter(|found| is_copy(state, found));
    copies.map(|copy| (original(state, copy.entity.id), copy)).collect()
}
