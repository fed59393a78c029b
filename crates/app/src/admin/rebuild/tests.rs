//! Random histories, kept and then damaged, on the store in memory and on the embedded one.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use potok_domain::directory::{
    DirectoryChange, DirectoryEvent, DirectoryEventKind, Employee, Organization, Permissions,
};
use potok_domain::docflow::Docflows;
use potok_domain::rows::document_rows;
use potok_domain::{Event, MessageState, Revision};
use potok_seams::{Judgement, Rendering};
use potok_store::{
    Append, Difference, Employees as _, Journal as _, ReadModels as _, Store, StreamAppend, Wanted,
};
use potok_store_memory::MemoryStore;
use potok_stories::{POSTS, Story, Who, attempts, box_of, colleague_of, organization, user_of};
use potok_types::{BoxId, EventId, ManualClock, MessageId, Ticks};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Pass, RebuildMode, RebuildWatcher, Rebuilt, derive};
use crate::core::named_originals::{candidates, named_originals, names};
use crate::core::read_models::of_event;

/// Shows an event by all that its state says.
struct Plain;

impl Rendering for Plain {
    fn box_event(&self, docflows: &Docflows<'_>, event: &Event) -> Bytes {
        format!("{:?} {event:?}", document_rows(docflows)).into()
    }

    fn event_json(
        &self,
        ready: &[u8],
        _: potok_types::IndexKey,
        _: Option<potok_seams::Sight<'_>>,
    ) -> Result<Option<Bytes>, String> {
        Ok(Some(Bytes::copy_from_slice(ready)))
    }

    fn verification_report(&self, _: &Judgement) -> Bytes {
        Bytes::new()
    }
}

/// Remembers what it hears.
#[derive(Default)]
pub(super) struct Heard {
    started: Mutex<Vec<(u64, u64)>>,
    pub(super) differences: Mutex<Vec<(BoxId, Option<MessageId>, Difference)>>,
    /// Told at every page.
    advanced: Notify,
}

impl RebuildWatcher for Heard {
    fn started(&self, messages: u64, done: u64) {
        self.started.lock().unwrap().push((messages, done));
    }

    fn advanced(&self, _: u64) {
        self.advanced.notify_one();
    }

    fn differs(&self, box_id: BoxId, message: Option<MessageId>, difference: &Difference) {
        self.differences.lock().unwrap().push((box_id, message, *difference));
    }
}

pub(super) async fn run(store: &dyn Store, mode: RebuildMode) -> (Rebuilt, Heard) {
    let heard = Heard::default();
    let pass = Pass {
        read_models: store,
        names: store,
        readings: store,
        journal: store,
        directory: store,
        rendering: &Plain,
        mode,
        watcher: &heard,
        page: 2,
    };
    let rebuilt = pass.run().await.expect("the store works");
    (rebuilt, heard)
}

/// Keeps every message of the story, event by event, as the use cases do.
pub(super) async fn keep(store: &dyn Store, story: &Story) -> u64 {
    let mut messages = 0;
    for who in [Who::A, Who::B] {
        let box_id = box_of(who);
        let mut in_order: Vec<MessageId> = story.simulation.messages(who).collect();
        in_order.sort_by_key(|message| story.simulation.events(who, *message)[0].at);
        for message in in_order {
            messages += 1;
            let mut state: Option<MessageState> = None;
            for (revision, event) in (0..).zip(story.simulation.events(who, message)) {
                let after = match state.take() {
                    None => MessageState::open(box_id, event).expect("the first event is a post"),
                    Some(mut state) => {
                        state.apply(event);
                        state
                    }
                };
                let new = of_event(&Plain, &Docflows::of(&after), event);
                let mut links = potok_domain::receive::links(event);
                links.extend(named_originals(store, &after, event).await.expect("readable"));
                for pair in candidates(store, &after, event).await.expect("readable") {
                    let wanted = Wanted::all(pair.0.message_id);
                    let tail = store.messages(box_id, &[wanted]).await.expect("readable").remove(0);
                    let other = MessageState::replay(box_id, &tail.events).expect("it begins with a post");
                    links.extend(names(&other, event, pair).then_some(pair));
                }
                let of_message = StreamAppend {
                    documents: document_rows(&Docflows::of(&after)),
                    links,
                    ..StreamAppend::new(message, Revision(revision), vec![new])
                };
                store.append(Append::new(box_id, vec![of_message])).await.expect("nothing against it");
                state = Some(after);
            }
        }
    }
    messages
}

/// Keeps something else of one message than follows from it. How many differences that makes at least.
async fn damage(store: &dyn Store, who: Who, message: MessageId, how: usize) -> bool {
    let box_id = box_of(who);
    let tail = store.messages(box_id, &[Wanted::all(message)]).await.expect("readable").remove(0);
    let mut wrong = derive(&Plain, box_id, &tail).expect("it begins with a post");
    match how {
        0 => wrong.events[0].ready = Bytes::from_static(b"damaged"),
        1 => {
            let Some(row) = wrong.documents.first_mut() else { return false };
            row.number = Some("damaged".to_owned());
        }
        2 => {
            if wrong.documents.pop().is_none() {
                return false;
            }
        }
        _ => {
            let event = &mut wrong.events[0];
            event.feed.at = Ticks::new(event.feed.at.get() + 1);
            let entry = [(event.id, event.feed.clone())];
            store.put_feed_right(box_id, &entry).await.expect("written");
            return true;
        }
    }
    store.put_right(box_id, &wrong).await.expect("written");
    true
}

async fn check(store: &dyn Store, story: &Story, which: &Index) {
    let messages = keep(store, story).await;
    let (rebuilt, heard) = run(store, RebuildMode::Check).await;
    assert_eq!(rebuilt, Rebuilt { messages, differences: 0 }, "{:?}", heard.differences);

    let known: Vec<(Who, MessageId)> = [Who::A, Who::B]
        .into_iter()
        .flat_map(|who| story.simulation.messages(who).map(move |it| (who, it)))
        .collect();
    let (who, message) = known[which.index(known.len())];
    for how in 0..4 {
        if !damage(store, who, message, how).await {
            continue;
        }
        for _ in 0..2 {
            // Checking changes nothing.
            let (rebuilt, heard) = run(store, RebuildMode::Check).await;
            assert!(rebuilt.differences > 0, "damage {how} is seen");
            let heard = heard.differences.into_inner().unwrap();
            assert!(heard.iter().all(|(box_id, ..)| *box_id == box_of(who)), "{heard:?}");
            assert!(heard.iter().any(|(_, found, _)| *found == Some(message)), "{heard:?}");
        }
        let (rebuilt, _) = run(store, RebuildMode::Repair).await;
        assert!(rebuilt.differences > 0);
        let (rebuilt, heard) = run(store, RebuildMode::Check).await;
        assert_eq!(rebuilt, Rebuilt { messages, differences: 0 }, "{how}: {:?}", heard.differences);
        assert_eq!(store.rebuild_place().await.expect("readable"), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_kept_equals_the_replay_and_damage_is_told_and_healed(
        post in 0..POSTS.len(),
        attempts in attempts(),
        which in any::<Index>(),
    ) {
        let mut story = Story::new();
        story.step(POSTS[post]).expect("the form of the post is good");
        for attempt in &attempts {
            story.attempt(attempt);
        }
        story.simulation.deliver_all();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let clock = Arc::new(ManualClock::new(Ticks::new(638_900_000_000_000_000)));
            check(&MemoryStore::new(Arc::<ManualClock>::clone(&clock)), &story, &which).await;
            let embedded = potok_store_sqlite::temporary(clock).expect("a folder for temporary files");
            check(&embedded, &story, &which).await;
            embedded.close().await;
        });
    }
}

#[tokio::test]
async fn a_rebuild_that_was_killed_goes_on_where_it_was() {
    let mut story = Story::new();
    for _ in 0..9 {
        story.step("post Contract filled").expect("the form of the post is good");
    }
    story.simulation.deliver_all();
    let clock = Arc::new(ManualClock::new(Ticks::new(638_900_000_000_000_000)));
    let store = potok_store_sqlite::temporary(clock).expect("a folder for temporary files");
    let messages = keep(&store, &story).await;
    let known: Vec<MessageId> = story.simulation.messages(Who::A).collect();
    for message in &known {
        assert!(damage(&store, Who::A, *message, 0).await);
    }

    let heard = Heard::default();
    let pass = Pass {
        read_models: &store,
        names: &store,
        readings: &store,
        journal: &store,
        directory: &store,
        rendering: &Plain,
        mode: RebuildMode::Repair,
        watcher: &heard,
        page: 2,
    };
    tokio::select! {
        biased;
        () = async {
            // The first page is remembered before the second one is done.
            heard.advanced.notified().await;
            heard.advanced.notified().await;
        } => {}
        _ = pass.run() => panic!("there are more pages than two"),
    }
    // What waits to be written when its caller is gone is written all the same: before this.
    store.remove_strays(None, &[]).await.expect("written");
    let place = store.rebuild_place().await.expect("readable").expect("the first page was done");
    assert!(place.messages >= 2 && place.messages < messages, "{place:?}");

    let (rebuilt, again) = run(&store, RebuildMode::Repair).await;
    assert_eq!(again.started.into_inner().unwrap(), [(messages, place.messages)]);
    assert_eq!(rebuilt.messages, messages);
    let (rebuilt, _) = run(&store, RebuildMode::Check).await;
    assert_eq!(rebuilt, Rebuilt { messages, differences: 0 });
    store.close().await;
}

/// Rows of the directory follow from the last event about each; what has no events is left alone.
#[tokio::test]
async fn the_directory_is_what_its_events_say() {
    let store = MemoryStore::new(Arc::new(ManualClock::new(Ticks::new(1))));
    let box_id = box_of(Who::A);
    let told = organization(Who::A);
    let employee = Employee::new(user_of(Who::A), box_id, Permissions::full(), Ticks::new(1));
    let changes = [
        DirectoryChange::Organization(Box::new(Organization { departments: Vec::new(), ..told.clone() })),
        DirectoryChange::Department(Box::new(told.departments[0].clone())),
        DirectoryChange::Employee(Box::new(employee.clone())),
    ];
    let event = |(nth, change): (usize, DirectoryChange)| DirectoryEvent {
        id: EventId::from_uuid(Uuid::from_u128(nth as u128 + 1)),
        at: Ticks::new(1),
        author: None,
        kind: DirectoryEventKind::OrganizationChanged,
        change,
    };
    let events: Vec<DirectoryEvent> = changes.into_iter().enumerate().map(event).collect();
    let append = StreamAppend::of_directory(box_id, Revision(0), &events);
    store.append(Append::new(box_id, vec![append])).await.expect("nothing against it");
    let older = Employee { user_id: colleague_of(Who::A), ..employee.clone() };
    store.put_employee(&older);
    let (rebuilt, _) = run(&store, RebuildMode::Check).await;
    assert_eq!(rebuilt.differences, 0);

    store.put_employee(&Employee { permissions: Permissions::none(), ..employee.clone() });
    store.put_organization(&Organization { short_name: "X".to_owned(), ..told.clone() });
    let (rebuilt, heard) = run(&store, RebuildMode::Check).await;
    let expected = [Difference::Organization, Difference::Employee(employee.user_id)];
    let differences = |heard: Heard| {
        let told = heard.differences.into_inner().unwrap();
        told.into_iter().map(|(_, _, difference)| difference).collect::<Vec<_>>()
    };
    assert_eq!((rebuilt.differences, differences(heard)), (2, expected.to_vec()));
    run(&store, RebuildMode::Repair).await;
    let (rebuilt, _) = run(&store, RebuildMode::Check).await;
    assert_eq!(rebuilt.differences, 0);
    let found = store.member(box_id, employee.user_id).await.expect("readable").expect("employed");
    assert_eq!((found.employee, found.organization.short_name), (employee, told.short_name));
    assert!(store.member(box_id, older.user_id).await.expect("readable").is_some());
}
