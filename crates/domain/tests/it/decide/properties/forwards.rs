//! What is forwarded: read as it was then, whatever happens later, and told to nobody but the box that forwarded it.

use potok_types::EntityId;

use potok_domain::forwarding::{Forwarding, excerpt};
use potok_domain::{Change, DocumentChange, Event, MessageState, MessageType, carriage};
use potok_stories::{Who, box_of, user_of};

use super::Run;

/// A document that was forwarded, and what was to be read of it then.
pub(super) struct Forwarded {
    who: Who,
    forwarding: Forwarding,
    seen: MessageState,
}

impl Run {
    pub(super) fn forward(&mut self, who: Who, (message, document): (u8, u8), to: Who) {
        let messages = self.messages(who);
        if messages.is_empty() {
            return;
        }
        let message = messages[usize::from(message) % messages.len()];
        let state = self.story.simulation.state(who, message).expect("the box has the message");
        let ids: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        let document = ids[usize::from(document) % ids.len()];
        let is_there = state.message_type == MessageType::Letter
            && !carriage::is_unsent(&state, document)
            && state.document_state(document).is_some_and(|it| !it.is_deleted);
        let done = self.story.simulation.forward(who, user_of(who), message, document, to);
        assert_eq!(done.is_ok(), is_there && who != to, "{done:?}");
        if let Ok(forwarding) = done {
            let seen = excerpt(&state, document).expect("it is a document");
            self.forwarded.push(Forwarded { who, forwarding, seen });
            self.accepted.insert("forwards");
        }
    }

    /// The message tells of each forwarding once, where it was done; what is read by it stands in no later event.
    pub(super) fn check_forwards(&self, who: Who, here: &MessageState) {
        let events = self.story.simulation.events(who, here.message_id);
        let done = self
            .forwarded
            .iter()
            .filter(|done| done.who == who && done.forwarding.document.message_id == here.message_id);
        let mut told = events.iter().filter(|event| is_forwarding(event)).map(|event| event.id);
        for Forwarded { forwarding, seen, .. } in done {
            assert_eq!(told.next(), Some(forwarding.id), "it is told in order");
            let (then, later) = events.split_at(forwarding.as_of.0 as usize);
            assert_eq!(later.first().map(|event| event.id), Some(forwarding.id), "it is as of right before");
            let now = MessageState::replay(box_of(who), then).expect("they open the message");
            let now = excerpt(&now, forwarding.document.entity_id).expect("it is there");
            assert_eq!(&now, seen, "what happens later changes nothing");
            let is_later =
                |id: EntityId| later.iter().flat_map(Event::entities).any(|entity| entity.id == id);
            assert!(!seen.entities().iter().any(|found| is_later(found.entity.id)), "nothing later is read");
            let of_later = seen.entities().iter().any(|found| found.appeared_at > forwarding.at);
            assert!(!of_later, "nothing that came later is read");
        }
        assert_eq!(told.next(), None, "{who:?} is told of what others forward");
        let known: usize = here
            .documents()
            .filter_map(|(found, _)| here.document_state(found.entity.id))
            .map(|document| document.forwards.len())
            .sum();
        assert_eq!(known, events.iter().filter(|event| is_forwarding(event)).count());
    }
}

fn is_forwarding(event: &Event) -> bool {
    let Change::Patched(patched) = &event.change else { return false };
    patched.documents.iter().any(|patch| matches!(patch.change, DocumentChange::Forwarded { .. }))
}
