//! What templates are told of the letters that were made of them.

use potok_types::{EntityId, Entropy, EventId, MessageId, Ticks};

use crate::decide::Outcome;
use crate::intermediary::{answers_by, destinations};
use crate::{
    Change, DocumentRef, Entity, Event, MessageState, MessageType, Origin, Patched, Service,
    TransformationChange,
};

/// The template of which a letter was made, in the same box.
pub fn template_of(letter: &MessageState) -> Option<MessageId> {
    let made_from = letter.made_from.filter(|made_from| made_from.message_type == MessageType::Template);
    made_from.map(|made_from| made_from.message_id)
}

/// What happens to `template` when `event` refuses documents of the letter that was made of it; `None` when it refuses none.
/// `letter` is the state right after `event`; both lie in the box that made the letter.
pub fn refusal_told(
    letter: &MessageState,
    event: &Event,
    template: &MessageState,
    now: Ticks,
    entropy: &dyn Entropy,
) -> Option<Outcome> {
    let refusals = event.entities().iter().filter(|entity| entity.service().is_some_and(Service::is_refusal));
    let told = refusals.filter_map(|refusal| {
        let document = refusal.parent?;
        let made = DocumentRef { message_id: letter.message_id, entity_id: document };
        let transformation = template.transformation_into(made)?;
        let parties = [Some(letter.to.box_id), letter.proxy_box()].into_iter().flatten();
        let is_by = |party| answers_by(letter, document, party).any(|found| found.entity.id == refusal.id);
        let initiator = parties.into_iter().find(|party| is_by(*party))?;
        let change = TransformationChange { transformation: transformation.entity.id, initiator };
        let parent = transformation.entity.parent?;
        Some(record(parent, refusal, Service::TransformationChange(change), now, entropy))
    });
    let entities: Vec<Entity> = told.collect();
    if entities.is_empty() {
        return None;
    }
    let patched = Patched { entities, ..Patched::by(Origin::Own { user: None }) };
    let event = Event {
        id: EventId::from_uuid(entropy.id()),
        message_id: template.message_id,
        at: now,
        change: Change::Patched(Box::new(patched)),
    };
    let mut outcome = Outcome::inside(template, event);
    outcome.deliver_to = destinations(&outcome.after, outcome.event.id);
    Some(outcome)
}

/// The record under `parent` that whoever made `cause` has caused.
fn record(parent: EntityId, cause: &Entity, service: Service, now: Ticks, entropy: &dyn Entropy) -> Entity {
    let id = EntityId::from_uuid(entropy.id());
    Entity { author: cause.author, ..Entity::of_service(id, Some(parent), service, now) }
}
