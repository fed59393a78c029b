//! A fresh store with a clock to turn and ids that are the same in every run.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use potok_domain::directory::{
    Department, DirectoryChange, DirectoryEvent, DirectoryEventKind, Employee, Organization,
};
use potok_domain::feed::ConcernedDocument;
use potok_domain::{
    Change, Direction, DocumentRef, Event, MessageType, Origin, Party, Patched, Posted, Revision,
};
use potok_types::{
    BoxId, Clock, DepartmentId, EntityId, Entropy as _, EventId, IndexKey, MessageId, SeededEntropy, Ticks,
    UserId,
};

use crate::stored::decode_event;
use crate::{
    Append, AppendError, Appended, EventPlace, FeedEvent, FeedPage, FeedQuery, NewEvent, NewOperation,
    Operation, Store, StreamAppend, StreamId, Wanted, WorkerId,
};
use potok_domain::query::{FeedFilter, FeedOrder};

/// A way to make a fresh store that takes its times from a given clock.
pub trait Open: Fn(Arc<dyn Clock>) -> Self::Opening + Send + Sync {
    /// The store to be.
    type Opening: Future<Output = Arc<dyn Store>> + Send;
}

impl<F, O> Open for F
where
    F: Fn(Arc<dyn Clock>) -> O + Send + Sync,
    O: Future<Output = Arc<dyn Store>> + Send,
{
    type Opening = O;
}

/// A clock that stands still, and goes where it is told, also back.
#[derive(Debug)]
pub struct TurnableClock(AtomicI64);

impl TurnableClock {
    pub(crate) const fn new(start: i64) -> Self {
        Self(AtomicI64::new(start))
    }

    pub(crate) fn set(&self, ticks: i64) {
        self.0.store(ticks, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, ticks: i64) {
        self.0.fetch_add(ticks, Ordering::SeqCst);
    }
}

impl Clock for TurnableClock {
    fn now(&self) -> Ticks {
        Ticks::new(self.0.load(Ordering::SeqCst))
    }
}

/// Where the clocks start: some day in 2025.
pub(crate) const START: i64 = 638_900_000_000_000_000;

pub(crate) struct StoreFixture {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<TurnableClock>,
    pub(crate) ids: SeededEntropy,
}

impl StoreFixture {
    pub(crate) async fn new(open: impl Open) -> Self {
        let clock = Arc::new(TurnableClock::new(START));
        let store = open(Arc::clone(&clock) as Arc<dyn Clock>).await;
        Self { store, clock, ids: SeededEntropy::new(42) }
    }

    pub(crate) fn now(&self) -> Ticks {
        self.clock.now()
    }

    pub(crate) fn box_id(&self) -> BoxId {
        BoxId::from_uuid(self.ids.uuid())
    }

    pub(crate) fn message(&self) -> MessageId {
        MessageId::from_uuid(self.ids.uuid())
    }

    pub(crate) fn user(&self) -> UserId {
        UserId::from_uuid(self.ids.uuid())
    }

    pub(crate) fn department(&self) -> DepartmentId {
        DepartmentId::from_uuid(self.ids.uuid())
    }

    pub(crate) fn worker(&self) -> WorkerId {
        WorkerId(self.ids.uuid())
    }

    pub(crate) fn document(&self) -> DocumentRef {
        DocumentRef { message_id: self.message(), entity_id: EntityId::from_uuid(self.ids.uuid()) }
    }

    /// A number below `bound`.
    pub(crate) fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.ids.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound as u64) as usize
    }

    /// One of `items`.
    pub(crate) fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(crate) fn operation(&self) -> Operation {
        Operation { method: "PostMessage", id: self.ids.uuid().to_string() }
    }

    pub(crate) fn patch(&self, message_id: MessageId) -> NewEvent {
        let event = Event {
            id: EventId::from_uuid(self.ids.uuid()),
            message_id,
            at: self.now(),
            change: Change::Patched(Box::new(Patched::by(Origin::Operator))),
        };
        new_event(&event, MessageType::Letter)
    }

    pub(crate) fn post(&self, message_id: MessageId) -> NewEvent {
        self.post_of(message_id, MessageType::Letter)
    }

    pub(crate) fn post_of(&self, message_id: MessageId, message_type: MessageType) -> NewEvent {
        let party = |title: &str| Party { box_id: BoxId::ZERO, title: title.to_owned(), department: None };
        let event = Event {
            id: message_id.first_event(),
            message_id,
            at: self.now(),
            change: Change::Posted(Box::new(Posted {
                message_type,
                ..Posted::letter(party("from"), party("to"))
            })),
        };
        new_event(&event, message_type)
    }

    /// Posts a new message of one event.
    pub(crate) async fn posted(&self, box_id: BoxId) -> (MessageId, Appended) {
        let message = self.message();
        let appended = self.must(append(box_id, message, 0, vec![self.post(message)])).await;
        (message, appended)
    }

    /// Appends where nothing speaks against it.
    pub(crate) async fn must(&self, append: Append) -> Appended {
        self.store.append(append).await.expect("nothing speaks against this append")
    }

    /// Changes one thing of the directory of a box, whoever else changes it.
    pub(crate) async fn change(
        &self,
        box_id: BoxId,
        change: DirectoryChange,
        password_hash: Option<&str>,
    ) -> Result<(), AppendError> {
        let revision = self.store.revision(box_id, StreamId::directory(box_id)).await?;
        let event = DirectoryEvent {
            id: EventId::from_uuid(self.ids.uuid()),
            at: self.now(),
            author: None,
            kind: DirectoryEventKind::OrganizationChanged,
            change,
        };
        let mut stream = StreamAppend::of_directory(box_id, revision, &[event]);
        stream.directory[0].password_hash = password_hash.map(str::to_owned);
        self.store.append(Append::new(box_id, vec![stream])).await.map(drop)
    }

    /// The same, where nothing speaks against it: an organization with its departments.
    pub(crate) async fn put_organization(&self, it: &Organization) {
        let change = DirectoryChange::Organization(Box::new(it.clone()));
        self.change(it.box_id, change, None).await.expect("writable");
        for department in &it.departments {
            self.put_department(it.box_id, department).await;
        }
    }

    pub(crate) async fn put_department(&self, box_id: BoxId, it: &Department) {
        let change = DirectoryChange::Department(Box::new(it.clone()));
        self.change(box_id, change, None).await.expect("writable");
    }

    pub(crate) async fn put_employee(&self, it: &Employee) {
        let change = DirectoryChange::Employee(Box::new(it.clone()));
        self.change(it.box_id, change, None).await.expect("writable");
    }

    pub(crate) async fn events(&self, box_id: BoxId, message_id: MessageId) -> Vec<Event> {
        let mut found = self.store.messages(box_id, &[Wanted::all(message_id)]).await.expect("readable");
        found.pop().map(|tail| tail.events).unwrap_or_default()
    }

    pub(crate) async fn page(&self, query: FeedQuery) -> FeedPage {
        self.store.page(query).await.expect("readable")
    }

    /// The whole feed in one order, in pages of `limit`.
    pub(crate) async fn feed_by(&self, box_id: BoxId, order: FeedOrder, limit: usize) -> Vec<FeedEvent> {
        let mut feed = Vec::new();
        loop {
            let after = feed.last().map(|event: &FeedEvent| event.key);
            let page = self.page(FeedQuery { after, order, limit, ..query(box_id) }).await;
            let is_last = page.events.len() < limit;
            feed.extend(page.events);
            if is_last {
                return feed;
            }
        }
    }

    pub(crate) async fn feed(&self, box_id: BoxId) -> Vec<FeedEvent> {
        self.feed_by(box_id, FeedOrder::Ascending, 100).await
    }

    pub(crate) async fn keys(&self, box_id: BoxId) -> Vec<IndexKey> {
        self.feed(box_id).await.into_iter().map(|event| event.key).collect()
    }
}

/// An event whose ready bytes can be told from those of others.
fn new_event(event: &Event, message_type: MessageType) -> NewEvent {
    NewEvent::of_message(event, Bytes::copy_from_slice(event.id.as_bytes()), message_type, Vec::new())
}

/// The same event about `concerned`.
pub(crate) fn about(concerned: Vec<ConcernedDocument>, mut new: NewEvent) -> NewEvent {
    new.feed.iter_mut().for_each(|entry| entry.concerned.clone_from(&concerned));
    new
}

/// The operation did `new`.
pub(crate) fn made(operation: &Operation, new: &NewEvent) -> NewOperation {
    let made = EventPlace { stream: new.stream, event: new.id };
    NewOperation { operation: operation.clone(), made }
}

/// What the event of a message says.
pub(crate) fn said(new: &NewEvent) -> Event {
    decode_event(&new.stored).expect("it was stored by this program")
}

pub(crate) fn stream(message_id: MessageId, expected: u32, events: Vec<NewEvent>) -> StreamAppend {
    StreamAppend::new(message_id, Revision(expected), events)
}

pub(crate) fn append(box_id: BoxId, message_id: MessageId, expected: u32, events: Vec<NewEvent>) -> Append {
    Append::new(box_id, vec![stream(message_id, expected, events)])
}

/// The first hundred events of everything.
pub(crate) fn query(box_id: BoxId) -> FeedQuery {
    FeedQuery {
        box_id,
        after: None,
        order: FeedOrder::Ascending,
        limit: 100,
        filter: FeedFilter::default(),
        count_up_to: 100_000,
    }
}

pub(crate) fn concerned(
    type_named_id: &str,
    direction: Direction,
    counteragent: BoxId,
    department: DepartmentId,
) -> ConcernedDocument {
    ConcernedDocument {
        document: EntityId::ZERO,
        type_named_id: type_named_id.to_owned(),
        direction,
        counteragent,
        department,
        asked: Vec::new(),
    }
}
