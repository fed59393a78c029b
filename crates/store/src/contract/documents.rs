//! Lists of documents, against a naive reading of the same rows.

use potok_domain::access::{Addressee, Scope};
use potok_domain::rows::{
    DocumentDate, DocumentRow, RowTraits, StatusSet, StatusWord, Sum, TagQuery, fold, name_token,
};
use potok_domain::{AddresseeId, Direction, DocumentRef, MessageType, Revision, Tag};
use potok_types::{BoxId, DepartmentId, EntityId, Entropy as _, MessageId, PacketId, Ticks, UserId};

use super::fixture::{Open, START, StoreFixture, stream};
use crate::{Append, DocumentPage, DocumentQuery, SearchQuery, SearchWords, StreamAppend};
use potok_domain::query::{DocumentClass, DocumentFilter, DocumentOrder, DocumentPlace, PacketPlace};

const TYPES: [&str; 3] = ["Nonformalized", "Invoice", "UniversalTransferDocument"];
const DIRECTIONS: [Direction; 3] = [Direction::Inbound, Direction::Outbound, Direction::Internal];
const WORDS: [StatusWord; 4] =
    [StatusWord::Finished, StatusWord::NotRead, StatusWord::Deleted, StatusWord::WithSenderSignature];
const NUMBERS: [&str; 5] = ["1", "б/н", "А-17", "а-17", "№"];
const FILES: [&str; 3] = ["act 1.pdf", "Act 1.pdf", "счёт.xml"];
const SUMS: [i64; 4] = [-1, 0, 120_000, 120_100];
const DATES: [u32; 4] = [20_251_231, 20_260_101, 20_260_201, 20_260_228];
const KEYS: [&str; 3] = ["проект", "Проект", "b"];
const VALUES: [&str; 3] = ["Ёлка", "елка", ""];
const TOKENS: [&str; 5] = ["act.pdf", "ромашка", "17", "@box", "01.02.2026"];

/// A box with rows, and what is known of them.
struct Shelf {
    fixture: StoreFixture,
    box_id: BoxId,
    counteragents: Vec<BoxId>,
    departments: Vec<DepartmentId>,
    people: Vec<UserId>,
    packets: Vec<PacketId>,
    rows: Vec<DocumentRow>,
}

impl Shelf {
    async fn new(open: impl Open) -> Self {
        let fixture = StoreFixture::new(open).await;
        Self {
            box_id: fixture.box_id(),
            counteragents: (0..3).map(|_| fixture.box_id()).collect(),
            departments: [DepartmentId::ZERO]
                .into_iter()
                .chain((0..2).map(|_| fixture.department()))
                .collect(),
            people: (0..2).map(|_| fixture.user()).collect(),
            packets: (0..3).map(|_| PacketId::from_uuid(fixture.ids.uuid())).collect(),
            rows: Vec::new(),
            fixture,
        }
    }

    fn maybe<T: Clone>(&self, items: &[T]) -> Option<T> {
        (self.fixture.below(4) > 0).then(|| self.fixture.pick(items).clone())
    }

    fn some<T: Clone>(&self, items: &[T]) -> Vec<T> {
        items.iter().filter(|_| self.fixture.below(2) == 0).cloned().collect()
    }

    /// Nobody, somebody, a department, or some of them.
    fn asked(&self) -> Vec<AddresseeId> {
        let people = self.people.iter().map(|person| AddresseeId::User(*person));
        let departments = self.departments.iter().map(|it| AddresseeId::Department(*it));
        if self.fixture.below(2) == 0 {
            self.some(&people.chain(departments).collect::<Vec<_>>())
        } else {
            Vec::new()
        }
    }

    /// Where somebody looks, who may have been asked about something.
    fn within(&self) -> Scope {
        let person = *self.fixture.pick(&self.people);
        let addressee = Addressee { person, department: *self.fixture.pick(&self.departments) };
        Scope::Departments {
            departments: self.some(&self.departments).into_iter().collect(),
            addressee: (self.fixture.below(3) > 0).then_some(addressee),
        }
    }

    /// A random row of a document of `message`.
    fn row(&self, message_id: MessageId) -> DocumentRow {
        let fixture = &self.fixture;
        let at = |span: usize| Ticks::new(START + fixture.below(span) as i64);
        let created_at = at(20);
        let direction = *fixture.pick(&DIRECTIONS);
        let statuses = self.some(&WORDS).into_iter().fold(StatusSet::ANY, |set, word| set.with(word.into()));
        let (number, file_name) =
            (self.maybe(&NUMBERS).map(str::to_owned), self.maybe(&FILES).map(str::to_owned));
        let mut tokens: Vec<String> = self.some(&TOKENS).into_iter().map(str::to_owned).collect();
        tokens.extend(number.iter().chain(&file_name).map(|text| name_token(text)));
        tokens.sort_unstable();
        tokens.dedup();
        DocumentRow {
            document: DocumentRef { message_id, entity_id: EntityId::from_uuid(fixture.ids.uuid()) },
            traits: RowTraits {
                type_named_id: (*fixture.pick(&TYPES)).to_owned(),
                message_type: *fixture.pick(&[MessageType::Letter, MessageType::Letter, MessageType::Draft]),
                direction,
                has_proxy: fixture.below(4) == 0,
                is_deleted: fixture.below(4) == 0,
                is_sent: fixture.below(4) > 0,
                statuses: if fixture.below(5) == 0 { StatusSet::default() } else { statuses },
                department: *fixture.pick(&self.departments),
                route: (direction == Direction::Internal)
                    .then(|| (*fixture.pick(&self.departments), *fixture.pick(&self.departments))),
            },
            // Many documents at the same time.
            created_at,
            // Some at once, some long after.
            listed_at: Ticks::new(created_at.get() + (fixture.below(3) * fixture.below(10)) as i64),
            counteragent: *fixture.pick(&self.counteragents),
            number,
            date: self.maybe(&DATES).map(DocumentDate::from_number),
            file_name,
            total_sum: self.maybe(&SUMS).map(Sum::from_number),
            tags: self
                .some(&KEYS)
                .into_iter()
                .map(|key| Tag { key: key.to_owned(), value: (*fixture.pick(&VALUES)).to_owned() })
                .collect(),
            custom_document_id: self.maybe(&["id-1", "ID-1"]).map(str::to_owned),
            packet: *fixture.pick(&self.packets),
            packet_since: at(5),
            asked: self.asked(),
            tokens,
        }
    }

    /// Writes messages of a few documents, and then changes some of them.
    async fn fill(&mut self, messages: usize) {
        for _ in 0..messages {
            let message = self.fixture.message();
            let rows: Vec<DocumentRow> = (0..=self.fixture.below(3)).map(|_| self.row(message)).collect();
            self.put(message, 0, rows.clone()).await;
            self.rows.extend(rows);
        }
        for _ in 0..messages {
            let message = self.fixture.pick(&self.rows).document.message_id;
            let mut changed = Vec::new();
            for index in 0..self.rows.len() {
                if self.rows[index].document.message_id == message {
                    let fresh = self.row(message);
                    let row = &mut self.rows[index];
                    match self.fixture.below(3) {
                        0 => {}
                        1 => (row.traits, row.asked) = (fresh.traits, fresh.asked),
                        _ => *row = DocumentRow { document: row.document, ..fresh },
                    }
                    changed.push(row.clone());
                }
            }
            let revision = self.fixture.events(self.box_id, message).await.len();
            self.put(message, revision as u32, changed).await;
        }
    }

    async fn put(&self, message: MessageId, revision: u32, documents: Vec<DocumentRow>) {
        let event = if revision == 0 { self.fixture.post(message) } else { self.fixture.patch(message) };
        let of_message = StreamAppend { documents, ..stream(message, revision, vec![event]) };
        self.fixture.must(Append::new(self.box_id, vec![of_message])).await;
    }

    fn filter(&self) -> DocumentFilter {
        let fixture = &self.fixture;
        let rarely = |n: usize| fixture.below(n) == 0;
        let mut filter = DocumentFilter { statuses: StatusSet::ANY, ..DocumentFilter::default() };
        if rarely(2) {
            filter.class = Some(match self.maybe(&DIRECTIONS) {
                Some(direction) => DocumentClass::Direction(direction),
                None => DocumentClass::Proxy,
            });
        }
        if rarely(2) {
            filter.statuses = (*fixture.pick(&WORDS)).into();
        }
        if rarely(3) {
            filter.types = self.some(&TYPES).into_iter().map(str::to_owned).collect();
        }
        if rarely(3) {
            filter.counteragents = self.some(&self.counteragents);
        }
        if rarely(2) {
            filter.within = self.within();
        }
        if rarely(5) {
            filter.from_departments = self.some(&self.departments);
        }
        if rarely(5) {
            filter.to_departments = self.some(&self.departments);
        }
        if rarely(4) {
            filter.numbers = self.some(&NUMBERS).into_iter().map(str::to_owned).collect();
        }
        if rarely(5) {
            filter.file_names = self.some(&FILES).into_iter().map(str::to_owned).collect();
        }
        if rarely(5) {
            filter.sums = self.some(&SUMS).into_iter().map(Sum::from_number).collect();
        }
        if rarely(5) {
            let bound = || self.maybe(&SUMS).map(Sum::from_number);
            filter.sum_range = (bound(), bound());
        }
        if rarely(3) {
            let bound = || self.maybe(&DATES).map(DocumentDate::from_number);
            filter.dates = (bound(), bound());
        }
        if rarely(3) {
            let bound = || (!rarely(3)).then(|| Ticks::new(START + fixture.below(30) as i64));
            filter.times = (bound(), bound());
        }
        if rarely(4) {
            let tags = self.some(&[(KEYS[0], Some(VALUES[0])), (KEYS[0], None), (KEYS[2], Some(VALUES[2]))]);
            filter.tags = tags.into_iter().map(|(key, value)| tag(key, value)).collect();
        }
        filter
    }
}

fn tag(key: &str, value: Option<&str>) -> TagQuery {
    TagQuery { key: fold(key), value: value.map(fold) }
}

fn has_tag(row: &DocumentRow, wanted: &TagQuery) -> bool {
    row.tags.iter().any(|tag| {
        fold(&tag.key) == wanted.key && wanted.value.as_ref().is_none_or(|value| fold(&tag.value) == *value)
    })
}

fn is_visible(within: &Scope, row: &DocumentRow) -> bool {
    let Scope::Departments { departments, addressee } = within else { return true };
    let lies_there =
        row.traits.message_type != MessageType::Draft && departments.contains(&row.traits.department);
    lies_there
        || addressee.is_some_and(|it| {
            row.asked.contains(&AddresseeId::User(it.person))
                || row.asked.contains(&AddresseeId::Department(it.department))
        })
}

/// The documented rules, one by one.
fn matches(filter: &DocumentFilter, row: &DocumentRow) -> bool {
    fn one_of<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
        wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
    }
    fn within<T: Ord>(bounds: &(Option<T>, Option<T>), value: Option<T>) -> bool {
        match bounds {
            (None, None) => true,
            (low, high) => value.is_some_and(|value| {
                low.as_ref().is_none_or(|low| *low <= value)
                    && high.as_ref().is_none_or(|high| value <= *high)
            }),
        }
    }
    let traits = &row.traits;
    let is_of_class = match filter.class {
        None => true,
        Some(DocumentClass::Direction(direction)) => traits.direction == direction,
        Some(DocumentClass::Proxy) => traits.has_proxy,
    };
    is_of_class
        && traits.statuses.meets(filter.statuses)
        && one_of(&filter.types, Some(&traits.type_named_id))
        && one_of(&filter.counteragents, Some(&row.counteragent))
        && is_visible(&filter.within, row)
        && one_of(&filter.from_departments, traits.route.as_ref().map(|route| &route.0))
        && one_of(&filter.to_departments, traits.route.as_ref().map(|route| &route.1))
        && one_of(&filter.numbers, row.number.as_ref())
        && one_of(&filter.file_names, row.file_name.as_ref())
        && one_of(&filter.sums, row.total_sum.as_ref())
        && within(&filter.sum_range, row.total_sum)
        && within(&filter.dates, row.date)
        && within(&filter.times, traits.is_sent.then_some(row.listed_at))
        && (filter.tags.is_empty() || filter.tags.iter().any(|tag| has_tag(row, tag)))
}

fn place(row: &DocumentRow, order: DocumentOrder) -> Option<DocumentPlace> {
    let date = match order {
        DocumentOrder::Time => None,
        DocumentOrder::Date => Some(row.date?),
    };
    Some(DocumentPlace { date, time: row.listed_at, entity_id: row.document.entity_id })
}

fn expected(shelf: &Shelf, query: &DocumentQuery) -> DocumentPage {
    let mut found: Vec<(DocumentRef, DocumentPlace)> = shelf
        .rows
        .iter()
        .filter(|row| matches(&query.filter, row))
        .filter_map(|row| Some((row.document, place(row, query.order)?)))
        .collect();
    found.sort_by_key(|(_, place)| *place);
    if query.is_descending {
        found.reverse();
    }
    let total = found.len() as u64;
    if let Some(after) = query.after {
        found.retain(|(_, place)| if query.is_descending { *place < after } else { *place > after });
    }
    found.truncate(query.limit);
    DocumentPage {
        documents: found,
        total: total.min(query.count_up_to),
        is_exact: total <= query.count_up_to,
    }
}

/// Random rows, random filters, random places.
pub async fn lists_agree_with_a_naive_reading(open: impl Open) {
    let mut shelf = Shelf::new(open).await;
    shelf.fill(120).await;
    let mut found = 0;
    for _ in 0..700 {
        let fixture = &shelf.fixture;
        let order = *fixture.pick(&[DocumentOrder::Time, DocumentOrder::Date]);
        let after = (fixture.below(2) == 0).then(|| place(fixture.pick(&shelf.rows), order)).flatten();
        let query = DocumentQuery {
            box_id: shelf.box_id,
            filter: shelf.filter(),
            order,
            is_descending: fixture.below(2) == 0,
            after,
            limit: *fixture.pick(&[0, 1, 5, 100]),
            count_up_to: *fixture.pick(&[0, 3, 1000]),
        };
        let page = fixture.store.documents(query.clone()).await.expect("readable");
        assert_eq!(page, expected(&shelf, &query), "{query:?}");
        found += page.documents.len();
    }
    assert!(found > 500, "the filters find something: {found}");
}

/// Pages of any size make the whole list, also where many documents stand at the same time.
pub async fn pages_of_documents_make_the_whole_list(open: impl Open) {
    let mut shelf = Shelf::new(open).await;
    shelf.fill(60).await;
    for order in [DocumentOrder::Time, DocumentOrder::Date] {
        for is_descending in [false, true] {
            for limit in [1, 7] {
                let filter = DocumentFilter { statuses: StatusSet::ANY, ..DocumentFilter::default() };
                let mut query = DocumentQuery {
                    box_id: shelf.box_id,
                    filter,
                    order,
                    is_descending,
                    after: None,
                    limit: usize::MAX,
                    count_up_to: 1000,
                };
                let whole = expected(&shelf, &query).documents;
                query.limit = limit;
                let mut all = Vec::new();
                loop {
                    let page = shelf.fixture.store.documents(query.clone()).await.expect("readable");
                    query.after = page.documents.last().map(|(_, place)| *place);
                    all.extend(page.documents);
                    if query.after.is_none() {
                        break;
                    }
                }
                assert_eq!(all, whole, "{order:?} {is_descending} {limit}");
            }
        }
    }
}

/// A row is replaced whole, and a box sees its own rows only.
pub async fn rows_are_replaced_and_stay_at_home(open: impl Open) {
    let shelf = Shelf::new(open).await;
    let message = shelf.fixture.message();
    let mut row = shelf.row(message);
    row.traits.statuses = StatusSet::ANY;
    row.traits.message_type = MessageType::Letter;
    row.traits.is_deleted = false;
    row.tokens = vec!["old".to_owned()];
    row.tags = vec![Tag { key: "k".to_owned(), value: "old".to_owned() }];
    row.custom_document_id = Some("old".to_owned());
    shelf.put(message, 0, vec![row.clone()]).await;
    let changed = DocumentRow {
        tokens: vec!["new".to_owned()],
        tags: vec![Tag { key: "K".to_owned(), value: "New".to_owned() }],
        custom_document_id: Some("new".to_owned()),
        ..row.clone()
    };
    let store = &shelf.fixture.store;
    for (revision, rows, word, others) in [
        (1, vec![changed.clone()], "new", "old"),
        (2, vec![changed], "new", "old"),
        (3, vec![row.clone()], "old", "new"),
        // A message may be written to without its rows.
        (4, Vec::new(), "old", "new"),
    ] {
        shelf.put(message, revision, rows).await;
        for (box_id, word, count) in
            [(shelf.box_id, word, 1), (shelf.box_id, others, 0), (shelf.fixture.box_id(), word, 0)]
        {
            let by_words =
                [SearchWords::Any(vec![word.to_owned()]), SearchWords::Tags(vec![tag("k", Some(word))])];
            for words in by_words {
                let query = SearchQuery { box_id, ..search(&shelf, words) };
                assert_eq!(store.search(query.clone()).await.expect("readable").len(), count, "{query:?}");
            }
            let found = store.documents_by_custom_id(box_id, word, 10).await.expect("readable");
            assert_eq!(found, vec![row.document; count], "{word}");
        }
    }
    let revision = shelf.fixture.events(shelf.box_id, message).await.len() as u32;
    assert_eq!(Revision(revision), Revision(5));
}

fn search(shelf: &Shelf, words: SearchWords) -> SearchQuery {
    SearchQuery {
        box_id: shelf.box_id,
        words,
        direction: None,
        is_deleted: Some(false),
        within: Scope::All,
        skip: 0,
        limit: 100,
    }
}

/// Random words and tags among random rows.
pub async fn searches_agree_with_a_naive_reading(open: impl Open) {
    let mut shelf = Shelf::new(open).await;
    shelf.fill(120).await;
    let mut found = 0;
    for _ in 0..600 {
        let fixture = &shelf.fixture;
        let words = if fixture.below(3) > 0 {
            let mut tokens = shelf.some(&TOKENS);
            tokens.push("nobody");
            SearchWords::Any(tokens.into_iter().map(str::to_owned).collect())
        } else {
            let wanted = [tag(KEYS[0], Some(VALUES[0])), tag(KEYS[2], Some(VALUES[2])), tag(KEYS[2], None)];
            SearchWords::Tags(shelf.some(&wanted))
        };
        let query = SearchQuery {
            direction: (fixture.below(3) == 0).then(|| *fixture.pick(&DIRECTIONS)),
            is_deleted: *fixture.pick(&[Some(false), Some(false), Some(true), None]),
            within: if fixture.below(2) == 0 { shelf.within() } else { Scope::All },
            skip: *fixture.pick(&[0, 0, 1, 10, 1000]),
            limit: *fixture.pick(&[0, 1, 7, 100]),
            ..search(&shelf, words)
        };
        let mut expected: Vec<&DocumentRow> = shelf
            .rows
            .iter()
            .filter(|row| {
                query.is_deleted.is_none_or(|is_deleted| row.traits.is_deleted == is_deleted)
                    && query.direction.is_none_or(|direction| row.traits.direction == direction)
                    && is_visible(&query.within, row)
                    && match &query.words {
                        SearchWords::Any(tokens) => tokens.iter().any(|token| row.tokens.contains(token)),
                        SearchWords::Tags(tags) => {
                            !tags.is_empty() && tags.iter().all(|tag| has_tag(row, tag))
                        }
                    }
            })
            .collect();
        expected.sort_by_key(|row| (std::cmp::Reverse(row.created_at), row.document));
        let expected: Vec<DocumentRef> =
            expected.into_iter().map(|row| row.document).skip(query.skip).take(query.limit).collect();
        let page = fixture.store.search(query.clone()).await.expect("readable");
        assert_eq!(page, expected, "{query:?}");
        found += page.len();
    }
    assert!(found > 1000, "the searches find something: {found}");
}

/// A packet is read in the order in which documents joined it, in pages, within the departments that are seen.
pub async fn packets_are_read_in_pages(open: impl Open) {
    let mut shelf = Shelf::new(open).await;
    shelf.fill(60).await;
    for packet in &shelf.packets {
        let some = Scope::of_departments([shelf.departments[1], shelf.departments[2]]);
        let none = Scope::of_departments([]);
        for within in [Scope::All, some, none, shelf.within(), shelf.within(), shelf.within()] {
            let mut expected: Vec<PacketPlace> = shelf
                .rows
                .iter()
                .filter(|row| row.packet == *packet && is_visible(&within, row))
                .map(|row| PacketPlace {
                    since: row.packet_since,
                    message_id: row.document.message_id,
                    entity_id: row.document.entity_id,
                })
                .collect();
            expected.sort_unstable();
            for limit in [3, 100] {
                let mut all: Vec<PacketPlace> = Vec::new();
                loop {
                    let after = all.last().copied();
                    let page = shelf.fixture.store.packet(shelf.box_id, *packet, &within, after, limit);
                    let page = page.await.expect("readable");
                    let is_last = page.len() < limit;
                    all.extend(page);
                    if is_last {
                        break;
                    }
                }
                assert_eq!(all, expected);
            }
        }
    }
    let nobody = PacketId::from_uuid(shelf.fixture.ids.uuid());
    let page =
        shelf.fixture.store.packet(shelf.box_id, nobody, &Scope::All, None, 10).await.expect("readable");
    assert!(page.is_empty());
}

/// Documents with one custom id come oldest first; case matters.
pub async fn custom_ids_are_found(open: impl Open) {
    let mut shelf = Shelf::new(open).await;
    shelf.fill(60).await;
    for id in ["id-1", "ID-1", "id-2"] {
        let rows = shelf.rows.iter().filter(|row| row.custom_document_id.as_deref() == Some(id));
        let mut expected: Vec<&DocumentRow> = rows.collect();
        expected.sort_by_key(|row| (row.created_at, row.document));
        let expected: Vec<DocumentRef> = expected.into_iter().map(|row| row.document).collect();
        for limit in [3, 1000] {
            let found = shelf.fixture.store.documents_by_custom_id(shelf.box_id, id, limit).await;
            assert_eq!(found.expect("readable"), expected[..expected.len().min(limit)]);
        }
    }
}
