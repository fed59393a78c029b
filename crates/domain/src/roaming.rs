//! What another operator reports of what it was given to deliver.

use potok_types::{ContentRef, EntityId, Entropy, EventId, MessageId, Ticks};

use crate::{Change, Entity, EntityState, Event, MessageState, Origin, Patched, Service};

/// `PostRoamingNotification`: what an operator says, of an event that its own box got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    /// The event.
    pub event: EventId,
    /// Its message, if that is named.
    pub message: Option<MessageId>,
    /// What it is about; nothing for all documents that the event brought.
    pub about: Vec<EntityId>,
    /// It arrived.
    pub is_success: bool,
    /// What the operator says in words.
    pub words: String,
}

/// A report, in the box whose delivery it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoamingReport {
    /// What was delivered, or was not: entities of the message.
    pub about: Vec<EntityId>,
    /// It arrived.
    pub is_success: bool,
    /// What the operator says in words; UTF-8.
    pub words: ContentRef,
    /// The beginning of the same, for those who read no content.
    pub text: Option<String>,
}

/// What an operator said of one entity.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The notification.
    pub notification: &'a EntityState,
    /// It arrived.
    pub is_success: bool,
}

/// What an operator said last of its delivery of `parent`.
pub fn newest(state: &MessageState, parent: EntityId) -> Option<Said<'_>> {
    let mut said = state.children(parent).filter_map(|notification| match notification.entity.service() {
        Some(Service::RoamingNotification { is_success }) => {
            Some(Said { notification, is_success: *is_success })
        }
        _ => None,
    });
    said.next_back()
}

/// The event of the box of `state` that says what `report` does.
pub fn reported(state: &MessageState, report: &RoamingReport, now: Ticks, entropy: &dyn Entropy) -> Event {
    let entities = report.about.iter().map(|about| {
        let service = Service::RoamingNotification { is_success: report.is_success };
        let id = EntityId::from_uuid(entropy.id());
        Entity {
            content: Some(report.words),
            file_name: Some(service.file_name(id)),
            text: report.text.clone(),
            ..Entity::of_service(id, Some(*about), service, now)
        }
    });
    let patched = Patched { entities: entities.collect(), ..Patched::by(Origin::Operator) };
    Event {
        id: EventId::from_uuid(entropy.id()),
        message_id: state.message_id,
        at: now,
        change: Change::Patched(Box::new(patched)),
    }
}
