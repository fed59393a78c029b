//! What is told of every history that two organizations can make of real commands, whatever they try and in whatever order
//! it is delivered.

use std::collections::{BTreeSet, HashMap};

use potok_domain::directory::{Employee, Permissions, Unsubscribed};
use potok_domain::docflow::Docflows;
use potok_domain::{DocumentChange, DocumentRef, Event, MessageState, templates};
use potok_stories::{Attempt, POSTS, Story, Who, attempts, box_of};
use potok_translate::ContentPlan;
use potok_translate::answers::document_history::{self, Embed};
use potok_translate::docflow::{Referrer, Relations, V2, V3, V4, V5};
use potok_translate::view::{MessageVersion, MessageView, box_event, message};
use potok_types::{EntityId, MessageId, Ticks, UserId};
use potok_wire::proto::documents::document_history::DocumentHistory;
use potok_wire::proto::events::{BoxEvent, EntityType};
use proptest::prelude::*;
use serde_json::Value;

use crate::agreement::agree;
use crate::layout::difference;
use crate::required::{all_travel, travels_with_defaults};
use crate::shown::{of_state, referrers};

/// A document as it was shown right after an event.
struct Told {
    who: Who,
    message: MessageId,
    /// How many events of the message there were.
    events: usize,
    document: EntityId,
    views: [Value; 4],
}

struct History {
    story: Story,
    folded: HashMap<(Who, MessageId), MessageState>,
    told: Vec<Told>,
}

impl History {
    fn of(post: &str, is_stamping: bool, attempts: &[Attempt]) -> Self {
        let mut history = Self { story: Story::new(), folded: HashMap::new(), told: Vec::new() };
        history.story.simulation.stamps = is_stamping;
        history.story.step(post).expect("the form of the post is good");
        history.look();
        for attempt in attempts {
            history.story.attempt(attempt);
            history.look();
        }
        while !history.story.simulation.outbox.is_empty() {
            history.story.simulation.deliver_one(0, false);
            history.look();
        }
        history
    }

    /// Folds what has happened since the last look, and looks at what is told of it.
    fn look(&mut self) {
        for who in Who::ALL {
            let messages: BTreeSet<MessageId> = self.story.simulation.messages(who).collect();
            for message in messages {
                let known = self.folded.get(&(who, message)).map_or(0, |state| state.revision().0 as usize);
                let events: Vec<Event> = self.story.simulation.events(who, message)[known..].to_vec();
                for event in events {
                    self.fold(who, message, &event);
                }
            }
        }
    }

    fn fold(&mut self, who: Who, message: MessageId, event: &Event) {
        let state = match self.folded.remove(&(who, message)) {
            Some(mut state) => {
                state.apply(event);
                state
            }
            None => MessageState::open(box_of(who), event).expect("the first event opens the message"),
        };
        let shown = box_event(&Docflows::of(&state), event);
        is_whole(&shown, event);
        travels_with_defaults(&shown);
        parents_come_first(&state);
        let documents: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        for document in documents {
            // Versions that show an intermediate addressee show three answers, and are compared by stories.
            if state.proxy.is_none() {
                agree(&state, document);
            }
            all_travel(&state, document);
            let events = self.story.simulation.events(who, message);
            let template = templates::template_of(&state);
            let template = template.and_then(|template| self.story.simulation.state(who, template));
            let events = &events[..state.revision().0 as usize];
            a_history_is_whole(&state, document, events, template.as_ref());
            let referrers = self.referrers(who, message, document);
            let views = views(&state, document, &referrers);
            let events = state.revision().0 as usize;
            self.told.push(Told { who, message, events, document, views });
        }
        self.folded.insert((who, message), state);
    }

    fn referrers(&self, who: Who, message_id: MessageId, entity_id: EntityId) -> Vec<Referrer> {
        referrers(&self.story.simulation, who, DocumentRef { message_id, entity_id })
    }

    /// What was told right after an event is told of that event for ever.
    fn nothing_told_changes(&self) {
        for told in &self.told {
            let events = &self.story.simulation.events(told.who, told.message)[..told.events];
            let state = MessageState::replay(box_of(told.who), events).expect("they open the message");
            let at = events[told.events - 1].at;
            let referrers = self.referrers(told.who, told.message, told.document);
            let referrers: Vec<Referrer> =
                referrers.into_iter().filter_map(|referrer| referrer.at(at)).collect();
            for (then, now) in told.views.iter().zip(views(&state, told.document, &referrers)) {
                let (absent, otherwise) = difference(then, &now);
                assert!(
                    absent.is_empty() && otherwise.is_empty(),
                    "{:?}: {absent:?} {otherwise:?}",
                    told.who
                );
            }
        }
    }
}

fn views(state: &MessageState, document: EntityId, referrers: &[Referrer]) -> [Value; 4] {
    let relations = Relations { referrers, hidden: None };
    [of_state::<V2>, of_state::<V3>, of_state::<V4>, of_state::<V5>]
        .map(|show| show(state, document, &relations).expect("the document is there"))
}

/// The event is shown with all that its entities need, and with nothing that is given elsewhere.
fn is_whole(shown: &BoxEvent, event: &Event) {
    assert!(shown.message.is_some() != shown.patch.is_some(), "exactly one of them");
    assert_eq!(shown.index_key, None, "the key is given by the store");
    let of_message = shown.message.iter().flat_map(|message| &message.entities);
    let of_patch = shown.patch.iter().flat_map(|patch| &patch.entities);
    let entities: Vec<_> = of_message.chain(of_patch).collect();
    assert_eq!(entities.len(), event.entities().len());
    for (shown, entity) in entities.into_iter().zip(event.entities()) {
        let is_signature = entity.signature().is_some();
        let kind = if is_signature { EntityType::Signature } else { EntityType::Attachment };
        assert_eq!(shown.entity_type, Some(kind as i32));
        assert!(shown.attachment_type.is_some() && shown.content_type_id.is_some());
        assert!(shown.author_user_id.is_some() && shown.raw_creation_date.is_some());
        assert_eq!(shown.document_info.is_some(), entity.document().is_some());
        assert_eq!(shown.signer_box_id.is_some(), is_signature);
        assert_eq!(shown.file_name.is_some(), !is_signature && entity.file_name.is_some());
        assert_eq!(shown.content.is_some(), entity.content.is_some());
        assert!(shown.content.as_ref().is_none_or(|content| content.data.is_none()), "no bytes are stored");
    }
}

/// The history of a document goes forward in time, and each of its items tells what its kind tells and nothing else.
fn a_history_is_whole(
    state: &MessageState,
    document: EntityId,
    events: &[Event],
    template: Option<&MessageState>,
) {
    let here = DocumentRef { message_id: state.message_id, entity_id: document };
    let template = template.and_then(|template| Some((template, template.template_of(here)?)));
    let reader = Employee {
        user_id: UserId::ZERO,
        box_id: state.box_id,
        position: String::new(),
        permissions: Permissions::full(),
        can_be_invited_for_chat: false,
        unsubscribed: Unsubscribed::default(),
        created_at: Ticks::new(0),
    };
    let history = document_history::History {
        template,
        state,
        document,
        events,
        amendments: &[],
        people: &[],
        organizations: &[],
        routes: &[],
        reader: &reader,
    };
    let told = document_history::answer(&history, Embed::default(), &mut ContentPlan::nothing())
        .expect("the document is there");
    let travelled: DocumentHistory =
        potok_wire::decode_protobuf(potok_wire::encode_protobuf(&told).into()).expect("nothing is missing");
    assert_eq!(travelled, told);
    let shown: Value = serde_json::from_slice(&potok_wire::to_json(&told)).expect("it is JSON");
    let mut last = 0;
    for item in shown["Items"].as_array().expect("a list") {
        let at = item["OccurredAt"]["Ticks"].as_i64().expect("every item has its time");
        assert!(last <= at, "an item goes back in time: {item}");
        last = at;
        let kind = item["Type"].as_str().expect("a name");
        let payload: Vec<&String> =
            item["Payload"].as_object().into_iter().flat_map(|payload| payload.keys()).collect();
        match kind {
            "Deleted" | "Restored" => assert!(payload.is_empty(), "{item}"),
            _ => assert_eq!(payload, [kind], "{item}"),
        }
        assert_ne!(item["Category"], "UnknownDocumentHistoryItemCategory", "{item}");
    }
    let restored =
        shown["Items"].as_array().into_iter().flatten().filter(|item| item["Type"] == "Restored").count();
    let patches = events.iter().flat_map(Event::documents).filter(|patch| patch.document == document);
    assert_eq!(restored, patches.filter(|patch| patch.change == DocumentChange::Restored).count());
}

/// A message shows each entity once, under one that stands before it.
fn parents_come_first(state: &MessageState) {
    for original_signature in [false, true] {
        let view = MessageView { original_signature, ..MessageView::whole(MessageVersion::V6) };
        let shown = message(state, &view, &mut ContentPlan::nothing());
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for entity in &shown.entities {
            let parent = entity.parent_entity_id.as_deref();
            assert!(
                parent.is_none_or(|parent| seen.contains(parent)),
                "{} hangs in the air",
                entity.entity_id
            );
            assert!(seen.insert(&entity.entity_id), "{} is shown twice", entity.entity_id);
        }
        assert_eq!(shown.message_id, state.message_id.to_string());
    }
}

proptest! {
    // Each case shows every state in four versions.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_history_is_told_whole_alike_and_for_ever(
        post in prop::sample::select(&POSTS[..]),
        is_stamping: bool,
        attempts in attempts(),
    ) {
        History::of(post, is_stamping, &attempts).nothing_told_changes();
    }
}
