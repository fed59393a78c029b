//! What a third box reads of a document that is forwarded to it: a function of the document as it is then, and of nothing that
//! its organization keeps to itself.

use std::collections::BTreeMap;

use potok_domain::forwarding::excerpt;
use potok_domain::{
    Change, DocumentChange, DocumentPatch, Event, MessageState, MessageType, Origin, Patched, Service,
};
use potok_stories::{POSTS, SALES, Story, Who, attempts, box_of};
use potok_translate::docflow::{Relations, V2};
use potok_types::{EntityId, MessageId};
use proptest::prelude::*;
use serde_json::Value;

use crate::shown::of_state;

/// What is read of `document`.
fn read(state: &MessageState, document: EntityId) -> Value {
    let seen = excerpt(state, document).expect("the document is there");
    of_state::<V2>(&seen, document, &Relations::default()).expect("the document is there")
}

/// Whether `event` may change what is read of `document`: something came that is for both sides, or is known now of the
/// signatures or the delivery.
fn is_about(state: &MessageState, document: EntityId, event: &Event) -> bool {
    let Change::Patched(patched) = &event.change else { return true };
    let Patched { origin, checks, documents, report, rewritten, .. } = &**patched;
    let is_of_exchange = |service: Option<&Service>| {
        service.is_none_or(|service| match service {
            Service::TagChange(_) => false,
            Service::Confirmation | Service::PowerOfAttorneyStatus(_) => true,
            service => !service.is_private(),
        })
    };
    let added = event
        .entities()
        .iter()
        .any(|entity| state.root_of(entity.id) == document && is_of_exchange(entity.service()));
    let changed = |patch: &DocumentPatch| {
        patch.document == document
            && matches!(patch.change, DocumentChange::Revoked { .. } | DocumentChange::PassedOn { .. })
    };
    added
        || !matches!(origin, Origin::Own { .. })
        || !checks.is_empty()
        || report.is_some()
        || rewritten.iter().any(|it| it.document == document)
        || documents.iter().any(changed)
}

/// Ids that a third box has no business with: of entities that stay inside, of other documents, of packets and departments.
fn secrets(state: &MessageState, document: EntityId) -> Vec<String> {
    let mut secrets = vec![SALES.to_string()];
    for found in state.entities() {
        let is_inside = match found.entity.service() {
            Some(Service::Confirmation | Service::PowerOfAttorneyStatus(_)) => false,
            Some(Service::TagChange(_)) => true,
            _ => found.entity.is_private(),
        };
        if is_inside || state.root_of(found.entity.id) != document {
            secrets.push(found.entity.id.to_string());
        }
    }
    secrets.extend(state.documents().filter_map(|(found, _)| {
        state.document_state(found.entity.id).map(|document| document.packet.to_string())
    }));
    // Who passes a document on takes part in the exchange, and so does who gets a letter that is made of a template.
    let third = box_of(Who::C);
    let takes_part = state.proxy.is_some() || [&state.from, &state.to].iter().any(|it| it.box_id == third);
    secrets.extend((!takes_part).then(|| third.to_string()));
    secrets
}

/// Goes through everything that happened in the box, and tells after which events something else is read.
fn told(story: &Story, who: Who, message: MessageId) {
    let mut state: Option<MessageState> = None;
    let mut before: BTreeMap<EntityId, Value> = BTreeMap::new();
    for event in story.simulation.events(who, message) {
        let state = match &mut state {
            Some(state) => {
                state.apply(event);
                state
            }
            None => state.insert(MessageState::open(box_of(who), event).expect("the first event opens it")),
        };
        // Nothing else is ever forwarded.
        if state.message_type != MessageType::Letter {
            return;
        }
        let documents: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        for document in documents {
            let now = read(state, document);
            let text = now.to_string();
            for secret in secrets(state, document) {
                assert!(!text.contains(&secret), "{who:?}: {secret} is told: {text}");
            }
            if let Some(before) = before.insert(document, now.clone())
                && !is_about(state, document, event)
            {
                assert_eq!(before, now, "{who:?}: {event:?} is nobody else's business");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_third_box_reads_the_document_and_nothing_else(
        post in prop::sample::select(&POSTS[..]),
        attempts in attempts(),
    ) {
        let mut story = Story::new();
        story.step(post).expect("the form of the post is good");
        let mut forwards = 0;
        for attempt in &attempts {
            forwards += usize::from(story.attempt(attempt) == Some("forwards"));
        }
        while !story.simulation.outbox.is_empty() {
            story.simulation.deliver_one(0, false);
        }
        let mut told_forwards = 0;
        for who in Who::ALL {
            for message in story.simulation.messages(who).collect::<Vec<_>>() {
                told(&story, who, message);
                let patches = story.simulation.events(who, message).iter().flat_map(Event::documents);
                told_forwards +=
                    patches.filter(|patch| matches!(patch.change, DocumentChange::Forwarded { .. })).count();
            }
        }
        prop_assert_eq!(forwards, told_forwards, "each forwarding is told in the box that forwarded, and nowhere else");
    }
}
