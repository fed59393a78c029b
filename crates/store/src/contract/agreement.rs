//! Two stores that are told the same say the same.
//!
//! Not a case of the contract but a question to two stores: a fast one, and one that is right because it looks at
//! everything. A step is a number from which all of it follows, so that a failing list of steps can be made shorter.

use std::sync::Arc;

use bytes::Bytes;
use potok_domain::access::{Addressee, Scope};
use potok_domain::feed::ConcernedDocument;
use potok_domain::rows::{
    DocumentDate, DocumentRow, RowTraits, StatusSet, StatusWord, Sum, TagQuery, fold, name_token,
};
use potok_domain::{AddresseeId, Direction, DocumentRef, MessageType, Revision, Tag};
use potok_types::{
    BoxId, Clock as _, ContentHash, DepartmentId, EntityId, Entropy as _, EventId, IndexKey, MessageId,
    PacketId, SeededEntropy, Ticks, UserId,
};
use uuid::Uuid;

use super::fixture::{START, TurnableClock};
use crate::{
    Append, AppendError, Appended, DeliveryId, DocumentQuery, EventPlace, FeedEntry, FeedQuery, LeaseRequest,
    Leased, NewEvent, NewOperation, Operation, SearchQuery, SearchWords, SmallContent, Store, StreamAppend,
    StreamId, StreamKind, Wanted, WorkerId,
};
use potok_domain::query::{
    DocumentClass, DocumentFilter, DocumentOrder, DocumentPlace, FeedFilter, FeedOrder, PacketPlace,
};

const TYPES: [&str; 3] = ["Nonformalized", "Contract", "UniversalTransferDocument"];
const DIRECTIONS: [Direction; 3] = [Direction::Inbound, Direction::Outbound, Direction::Internal];
const KINDS: [MessageType; 3] = [MessageType::Letter, MessageType::Draft, MessageType::Template];
const WORDS: [StatusWord; 3] = [StatusWord::Finished, StatusWord::NotRead, StatusWord::WithSenderSignature];
const TEXTS: [&str; 4] = ["1", "А-17", "а-17", "№"];
const TOKENS: [&str; 4] = ["act.pdf", "ромашка", "17", "@box"];
const TAGS: [(&str, &str); 3] = [("проект", "Ёлка"), ("Проект", "елка"), ("b", "")];
const SUMS: [i64; 3] = [-1, 0, 120_000];
const DATES: [u32; 3] = [20_251_231, 20_260_101, 20_260_228];
/// Streams that are not messages.
const OTHER: StreamKind = StreamKind::new(255);

/// A delivery but for its number, which rises within its box and is otherwise the store's own affair.
const fn without_number(mut leased: Leased) -> Leased {
    leased.token.delivery = DeliveryId(0);
    leased
}

/// Two stores with one clock.
pub struct Twins {
    one: Arc<dyn Store>,
    other: Arc<dyn Store>,
    clock: Arc<TurnableClock>,
    /// The same delivery as each of them names it.
    leased: Vec<(Leased, Leased)>,
    /// What was appended so far, to give each event an id of its own.
    events: u128,
}

impl Twins {
    /// Two empty stores. `open` makes both with the same clock.
    pub async fn new(open: impl AsyncFnOnce(Arc<TurnableClock>) -> (Arc<dyn Store>, Arc<dyn Store>)) -> Self {
        let clock = Arc::new(TurnableClock::new(START));
        let (one, other) = open(Arc::clone(&clock)).await;
        Self { one, other, clock, leased: Vec::new(), events: 0 }
    }

    /// Takes the step that follows from `seed` in both.
    ///
    /// # Panics
    /// When they do not say the same.
    pub async fn step(&mut self, seed: u64) {
        let dice = Dice(SeededEntropy::new(seed));
        match dice.below(10) {
            0 => self.clock.advance(dice.below(7) as i64 - 2),
            1..=3 => self.append(&dice).await,
            4 => self.lease(&dice).await,
            5 => self.ask_feed(&dice).await,
            6 | 7 => self.ask_documents(&dice).await,
            8 => self.search(&dice).await,
            _ => self.ask_rest(&dice).await,
        }
    }

    async fn append(&mut self, dice: &Dice) {
        let box_id = dice.box_id();
        let mut streams: Vec<StreamAppend> = Vec::new();
        for _ in 0..=dice.below(2) {
            let stream = dice.stream();
            if streams.iter().all(|of_stream| of_stream.stream != stream) {
                streams.push(self.stream(dice, box_id, stream).await);
            }
        }
        let operation = streams[0].events.first().filter(|_| dice.below(3) == 0).map(|event| NewOperation {
            operation: dice.operation(),
            made: EventPlace { stream: event.stream, event: event.id },
        });
        let settles = (!self.leased.is_empty() && dice.below(2) == 0).then(|| *dice.pick(&self.leased));
        let box_id = settles.filter(|_| dice.below(5) > 0).map_or(box_id, |(one, _)| one.token.box_id);
        let append = Append { operation, ..Append::new(box_id, streams) };
        let settling = |lease: Option<Leased>| Append { settles: lease.map(|it| it.token), ..append.clone() };
        let one = told(self.one.append(settling(settles.map(|(one, _)| one))).await);
        let other = told(self.other.append(settling(settles.map(|(_, other)| other))).await);
        assert_eq!(one, other, "{append:?}");
    }

    /// An append to the stream, mostly where it is.
    async fn stream(&mut self, dice: &Dice, box_id: BoxId, stream: StreamId) -> StreamAppend {
        let found = self.other.streams(box_id, &[Wanted::all(stream)]).await.expect("readable");
        let revision = found[0].as_ref().map_or(0, Vec::len) as u32;
        let expected = Revision(if dice.below(8) == 0 { dice.below(4) as u32 } else { revision });
        let events = (0..dice.below(3)).map(|nth| self.event(dice, stream, expected.0 as usize + nth));
        let events: Vec<NewEvent> = events.collect();
        let Some(message_id) = stream.message() else { return StreamAppend::new(stream, expected, events) };
        StreamAppend {
            documents: dice.some(&[1, 2, 3]).into_iter().map(|nth| dice.row(message_id, nth)).collect(),
            contents: dice.some(&TEXTS).into_iter().map(content).collect(),
            links: (0..dice.below(2)).map(|_| (dice.document(), dice.document())).collect(),
            ..StreamAppend::new(stream, expected, events)
        }
    }

    fn event(&mut self, dice: &Dice, stream: StreamId, revision: usize) -> NewEvent {
        self.events += 1;
        let own = EventId::from_uuid(Uuid::from_u128(1000 + self.events));
        let first = stream.message().map(MessageId::first_event);
        let entry = || FeedEntry {
            at: Ticks::new(START + dice.below(12) as i64 - 4),
            message_type: *dice.pick(&KINDS),
            concerned: (0..dice.below(3)).map(|_| dice.concerned()).collect(),
        };
        let id = first.filter(|_| revision == 0).unwrap_or(own);
        NewEvent {
            stream,
            id,
            stored: Bytes::copy_from_slice(own.as_bytes()),
            ready: Bytes::copy_from_slice(id.as_bytes()),
            feed: stream.message().map(|_| entry()),
            deliver_to: (0..dice.below(2)).map(|_| dice.box_id()).collect(),
        }
    }

    async fn lease(&mut self, dice: &Dice) {
        let now = self.clock.now();
        let until = Ticks::new(now.get() + dice.below(5) as i64);
        let mut request = LeaseRequest::new(WorkerId(Uuid::from_u128(1)), now, until, dice.below(4));
        request.held.insert(dice.box_id(), dice.below(3));
        request.after = dice.box_id();
        let one = self.one.lease_due(request.clone()).await.expect("leased");
        let other = self.other.lease_due(request).await.expect("leased");
        let seen =
            |leased: &[Leased]| -> Vec<Leased> { leased.iter().copied().map(without_number).collect() };
        assert_eq!(seen(&one), seen(&other));
        self.leased.extend(one.into_iter().zip(other));
        if !self.leased.is_empty() && dice.below(2) == 0 {
            let (lease, same) = dice.pick(&self.leased);
            let (one, other) = (
                self.one.retry_at(lease.token, until, "").await,
                self.other.retry_at(same.token, until, "").await,
            );
            assert_eq!(one.is_ok(), other.is_ok(), "{lease:?}");
        }
        if !self.leased.is_empty() && dice.below(4) == 0 {
            let (lease, same) = dice.pick(&self.leased);
            let (one, other) =
                (self.one.renew(lease.token, until).await, self.other.renew(same.token, until).await);
            assert_eq!(one.is_ok(), other.is_ok(), "{lease:?}");
        }
        if dice.below(16) == 0 {
            let freed = self.one.free_leases().await.expect("writable");
            assert_eq!(freed, self.other.free_leases().await.expect("writable"));
        }
        assert_eq!(
            self.one.pending().await.expect("readable"),
            self.other.pending().await.expect("readable")
        );
    }

    async fn ask_feed(&self, dice: &Dice) {
        let query = FeedQuery {
            box_id: dice.box_id(),
            after: dice.maybe(|| IndexKey::new(START + dice.below(12) as i64)),
            order: *dice.pick(&[FeedOrder::Ascending, FeedOrder::Descending]),
            limit: 1 + dice.below(8),
            filter: FeedFilter {
                message_types: dice.few(&KINDS),
                types: dice.few(&TYPES).into_iter().map(str::to_owned).collect(),
                directions: dice.few(&DIRECTIONS),
                counteragent: dice.maybe(|| dice.box_id()).filter(|_| dice.below(2) == 0),
                within: dice.within(),
                from: dice.maybe(|| Ticks::new(START + dice.below(8) as i64 - 4)),
                to: dice.maybe(|| Ticks::new(START + dice.below(12) as i64 - 4)),
            },
            count_up_to: *dice.pick(&[0, 3, 1000]),
        };
        let last = [&self.one, &self.other].map(|store| store.last(query.box_id, &query.filter));
        let [one, other] = last;
        assert_eq!(one.await.expect("readable"), other.await.expect("readable"), "the last of {query:?}");
        let (one, other) = (self.one.page(query.clone()).await, self.other.page(query.clone()).await);
        assert_eq!(one.expect("readable"), other.expect("readable"), "{query:?}");
        let one = self.one.page_by_documents(query.clone()).await;
        let other = self.other.page_by_documents(query.clone()).await;
        assert_eq!(one.expect("readable"), other.expect("readable"), "by documents {query:?}");
    }

    async fn ask_documents(&self, dice: &Dice) {
        let order = *dice.pick(&[DocumentOrder::Time, DocumentOrder::Date]);
        let place = || DocumentPlace {
            date: (order == DocumentOrder::Date).then(|| DocumentDate::from_number(*dice.pick(&DATES))),
            time: Ticks::new(START + dice.below(12) as i64),
            entity_id: dice.document().entity_id,
        };
        let query = DocumentQuery {
            box_id: dice.box_id(),
            filter: dice.filter(),
            order,
            is_descending: dice.below(2) == 0,
            after: dice.maybe(place),
            limit: *dice.pick(&[0, 1, 3, 100]),
            count_up_to: *dice.pick(&[0, 3, 1000]),
        };
        let (one, other) =
            (self.one.documents(query.clone()).await, self.other.documents(query.clone()).await);
        assert_eq!(one.expect("readable"), other.expect("readable"), "{query:?}");
    }

    async fn search(&self, dice: &Dice) {
        let words = if dice.below(2) == 0 {
            SearchWords::Any(dice.some(&TOKENS).into_iter().map(str::to_owned).collect())
        } else {
            SearchWords::Tags(dice.tags())
        };
        let query = SearchQuery {
            box_id: dice.box_id(),
            words,
            direction: dice.maybe(|| *dice.pick(&DIRECTIONS)).filter(|_| dice.below(2) == 0),
            is_deleted: *dice.pick(&[Some(false), Some(true), None]),
            within: dice.within(),
            skip: dice.below(3),
            limit: *dice.pick(&[0, 1, 3, 100]),
        };
        let (one, other) = (self.one.search(query.clone()).await, self.other.search(query.clone()).await);
        assert_eq!(one.expect("readable"), other.expect("readable"), "{query:?}");
    }

    async fn ask_rest(&self, dice: &Dice) {
        let (box_id, stream, event) = (dice.box_id(), dice.stream(), EventId::from_uuid(dice.stream().id));
        let (after, up_to) = (Revision(dice.below(3) as u32), Revision(dice.below(5) as u32));
        let wanted = [Wanted::all(stream), Wanted { stream, after, up_to }];
        let (operation, documents) = (dice.operation(), [dice.document(), dice.document()]);
        let hashes = TEXTS.map(|text| ContentHash::of(text.as_bytes()));
        let packet = (dice.packet(), dice.within());
        let after = dice.maybe(|| PacketPlace {
            since: Ticks::new(START + dice.below(5) as i64),
            message_id: dice.message(),
            entity_id: dice.document().entity_id,
        });
        let said = async |store: &Arc<dyn Store>| {
            let mut contents = store.small_contents(box_id, &hashes).await.expect("readable");
            contents.sort_by_key(|content| content.hash);
            let contents: Vec<_> = contents.into_iter().map(|it| (it.hash, it.bytes)).collect();
            (
                store.streams(box_id, &wanted).await.expect("readable"),
                store.event(box_id, event).await.expect("readable"),
                store.operation(box_id, &operation).await.expect("readable"),
                store.referrers(box_id, &documents).await.expect("readable"),
                contents,
                store.documents_by_custom_id(box_id, "1", 2).await.expect("readable"),
                store.packet(box_id, packet.0, &packet.1, after, 3).await.expect("readable"),
            )
        };
        assert_eq!(said(&self.one).await, said(&self.other).await);
    }
}

/// What became of an append; of a failure only that it was one.
fn told(done: Result<Appended, AppendError>) -> String {
    match done {
        Err(AppendError::Store(_)) => "failed".to_owned(),
        done => format!("{done:?}"),
    }
}

fn content(text: &str) -> SmallContent {
    SmallContent { hash: ContentHash::of(text.as_bytes()), bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

/// The documents of a message. No two messages have one with the same id.
fn document(message_id: MessageId, nth: usize) -> DocumentRef {
    let entity_id = EntityId::from_uuid(Uuid::from_u128(message_id.uuid().as_u128() * 10 + nth as u128));
    DocumentRef { message_id, entity_id }
}

/// What is thrown for a step, among few things of each sort, so that steps meet.
struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound as u64) as usize
    }

    fn pick<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn maybe<T>(&self, make: impl FnOnce() -> T) -> Option<T> {
        (self.below(2) == 0).then(make)
    }

    /// Each of `items` or not.
    fn some<T: Copy>(&self, items: &[T]) -> Vec<T> {
        items.iter().copied().filter(|_| self.below(2) == 0).collect()
    }

    /// None of `items` mostly, so that several conditions seldom meet.
    fn few<T: Copy>(&self, items: &[T]) -> Vec<T> {
        if self.below(3) == 0 { self.some(items) } else { Vec::new() }
    }

    fn box_id(&self) -> BoxId {
        BoxId::from_uuid(Uuid::from_u128(1 + self.below(2) as u128))
    }

    fn message(&self) -> MessageId {
        MessageId::from_uuid(Uuid::from_u128(10 + self.below(4) as u128))
    }

    fn stream(&self) -> StreamId {
        let message = StreamId::from(self.message());
        if self.below(6) == 0 { StreamId { kind: OTHER, ..message } } else { message }
    }

    fn document(&self) -> DocumentRef {
        document(self.message(), 1 + self.below(3))
    }

    fn department(&self) -> DepartmentId {
        DepartmentId::from_uuid(Uuid::from_u128(self.below(3) as u128))
    }

    fn departments(&self) -> Vec<DepartmentId> {
        (0..self.below(3)).map(|_| self.department()).collect()
    }

    fn person(&self) -> UserId {
        UserId::from_uuid(Uuid::from_u128(self.below(2) as u128))
    }

    /// Mostly nobody.
    fn asked(&self) -> Vec<AddresseeId> {
        let mut asked: Vec<AddresseeId> = (0..self.below(6).saturating_sub(3))
            .map(|_| match self.below(2) {
                0 => AddresseeId::User(self.person()),
                _ => AddresseeId::Department(self.department()),
            })
            .collect();
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    fn within(&self) -> Scope {
        let addressee = || Addressee { person: self.person(), department: self.department() };
        match self.below(3) {
            0 => Scope::Departments {
                departments: self.departments().into_iter().collect(),
                addressee: self.maybe(addressee),
            },
            _ => Scope::All,
        }
    }

    fn packet(&self) -> PacketId {
        PacketId::from_uuid(Uuid::from_u128(20 + self.below(2) as u128))
    }

    fn operation(&self) -> Operation {
        Operation { method: "PostMessage", id: self.below(4).to_string() }
    }

    fn concerned(&self) -> ConcernedDocument {
        ConcernedDocument {
            document: EntityId::ZERO,
            type_named_id: (*self.pick(&TYPES)).to_owned(),
            direction: *self.pick(&DIRECTIONS),
            counteragent: self.box_id(),
            department: self.department(),
            asked: self.asked(),
        }
    }

    fn tags(&self) -> Vec<TagQuery> {
        let wanted = [(TAGS[0].0, Some(TAGS[0].1)), (TAGS[0].0, None), (TAGS[2].0, Some(TAGS[2].1))];
        let wanted = self.some(&wanted).into_iter();
        wanted.map(|(key, value)| TagQuery { key: fold(key), value: value.map(fold) }).collect()
    }

    fn row(&self, message_id: MessageId, nth: usize) -> DocumentRow {
        let created_at = Ticks::new(START + self.below(5) as i64);
        let direction = *self.pick(&DIRECTIONS);
        let text = || self.maybe(|| (*self.pick(&TEXTS)).to_owned());
        let (number, file_name) = (text(), text());
        let mut tokens: Vec<String> = self.some(&TOKENS).into_iter().map(str::to_owned).collect();
        tokens.extend(number.iter().chain(&file_name).map(|text| name_token(text)));
        tokens.sort_unstable();
        tokens.dedup();
        let statuses = self.some(&WORDS).into_iter().fold(StatusSet::ANY, |set, word| set.with(word.into()));
        DocumentRow {
            document: document(message_id, nth),
            traits: RowTraits {
                type_named_id: (*self.pick(&TYPES)).to_owned(),
                message_type: *self.pick(&KINDS[..2]),
                direction,
                has_proxy: self.below(4) == 0,
                is_deleted: self.below(3) == 0,
                is_sent: self.below(4) > 0,
                statuses: if self.below(6) == 0 { StatusSet::default() } else { statuses },
                department: self.department(),
                route: (direction == Direction::Internal).then(|| (self.department(), self.department())),
            },
            created_at,
            listed_at: Ticks::new(created_at.get() + self.below(6) as i64),
            counteragent: self.box_id(),
            number,
            date: self.maybe(|| DocumentDate::from_number(*self.pick(&DATES))),
            file_name,
            total_sum: self.maybe(|| Sum::from_number(*self.pick(&SUMS))),
            tags: self
                .some(&TAGS)
                .into_iter()
                .map(|(key, value)| Tag { key: key.to_owned(), value: value.to_owned() })
                .collect(),
            custom_document_id: text(),
            packet: self.packet(),
            packet_since: Ticks::new(START + self.below(3) as i64),
            asked: self.asked(),
            tokens,
        }
    }

    fn filter(&self) -> DocumentFilter {
        let texts = || self.few(&TEXTS).into_iter().map(str::to_owned).collect();
        let some_boxes = [1, 2].map(|number| BoxId::from_uuid(Uuid::from_u128(number)));
        let rarely = || self.below(3) == 0;
        let date = || self.maybe(|| DocumentDate::from_number(*self.pick(&DATES)));
        let time = || self.maybe(|| Ticks::new(START + self.below(12) as i64));
        let sum = || self.maybe(|| Sum::from_number(*self.pick(&SUMS)));
        let class = || match self.below(4) {
            0 => DocumentClass::Proxy,
            nth => DocumentClass::Direction(DIRECTIONS[nth - 1]),
        };
        DocumentFilter {
            class: rarely().then(class),
            statuses: if rarely() { (*self.pick(&WORDS)).into() } else { StatusSet::ANY },
            types: self.few(&TYPES).into_iter().map(str::to_owned).collect(),
            counteragents: self.few(&some_boxes),
            within: self.within(),
            from_departments: if rarely() { self.departments() } else { Vec::new() },
            to_departments: if rarely() { self.departments() } else { Vec::new() },
            numbers: texts(),
            file_names: texts(),
            dates: if rarely() { (date(), date()) } else { (None, None) },
            times: if rarely() { (time(), time()) } else { (None, None) },
            sums: self.few(&SUMS).into_iter().map(Sum::from_number).collect(),
            sum_range: if rarely() { (sum(), sum()) } else { (None, None) },
            tags: if rarely() { self.tags() } else { Vec::new() },
        }
    }
}
