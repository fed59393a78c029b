//! What the boxes see, in any version, as JSON.

use std::collections::BTreeSet;

use potok_domain::docflow::Referrer;
use potok_domain::{DocumentRef, MessageState};
use potok_stories::{Simulation, Story, Who};
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations, V2, V3, V4, V5};
use potok_types::{EntityId, MessageId};
use potok_wire::{WireMessage, to_json};
use serde_json::Value;

/// A message as the API's JSON.
pub(crate) fn json<M: WireMessage>(message: &M) -> Value {
    serde_json::from_slice(&to_json(message)).expect("what we write is JSON")
}

/// The docflow of `document` in the box of `state`, as JSON.
pub(crate) fn of_state<V: DocflowVersion>(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
) -> Option<Value> {
    let shown = V::document(state, document, relations, false, &mut ContentPlan::nothing())?;
    Some(json(&shown))
}

/// Documents of other messages of the box that refer to `document`.
pub(crate) fn referrers(simulation: &Simulation, who: Who, document: DocumentRef) -> Vec<Referrer> {
    let others: BTreeSet<MessageId> =
        simulation.messages(who).filter(|message| *message != document.message_id).collect();
    let of_message = |message| {
        let state = simulation.state(who, message).expect("the box has it");
        let referring = state.documents().filter(|(_, other)| other.initial_documents.contains(&document));
        referring.filter_map(|(found, _)| Referrer::of(&state, found.entity.id)).collect::<Vec<_>>()
    };
    others.into_iter().flat_map(of_message).collect()
}

/// The first document of the story's message, as one box sees it.
pub(crate) struct Seen {
    pub(crate) state: MessageState,
    pub(crate) document: EntityId,
    pub(crate) referrers: Vec<Referrer>,
}

impl Seen {
    /// `None` as long as the message is not there.
    pub(crate) fn of(story: &Story, who: Who) -> Option<Self> {
        let state = story.simulation.state(who, story.message())?;
        let entity_id = state.documents().next()?.0.entity.id;
        let document = DocumentRef { message_id: state.message_id, entity_id };
        let referrers = referrers(&story.simulation, who, document);
        Some(Self { state, document: entity_id, referrers })
    }

    pub(crate) fn docflow<V: DocflowVersion>(&self) -> Value {
        let relations = Relations { referrers: &self.referrers, hidden: None };
        of_state::<V>(&self.state, self.document, &relations).expect("the document is there")
    }

    /// Versions 2 to 5.
    pub(crate) fn docflows(&self) -> [Value; 4] {
        [self.docflow::<V2>(), self.docflow::<V3>(), self.docflow::<V4>(), self.docflow::<V5>()]
    }
}

/// The story after `steps`, all of which are taken.
#[track_caller]
pub(crate) fn story(steps: &str) -> Story {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None, "{steps}");
    story
}

/// What `who` sees of the first document after `steps`.
#[track_caller]
pub(crate) fn seen(steps: &str, who: Who) -> Seen {
    Seen::of(&story(steps), who).expect("the document is there")
}
