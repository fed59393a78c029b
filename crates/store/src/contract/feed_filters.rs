//! Filters, against a naive reading of the same events.

use potok_domain::access::{Addressee, Scope};
use potok_domain::feed::ConcernedDocument;
use potok_domain::{AddresseeId, Direction, MessageType};
use potok_types::{BoxId, DepartmentId, IndexKey, Ticks, UserId};

use super::fixture::{Open, START, StoreFixture, about, append, concerned, query};
use crate::{FeedEntry, FeedQuery, NewEvent};
use potok_domain::query::{FeedFilter, FeedOrder};

const TYPES: [&str; 4] = ["Nonformalized", "Contract", "UniversalTransferDocument", "Счёт"];
const DIRECTIONS: [Direction; 3] = [Direction::Inbound, Direction::Outbound, Direction::Internal];
const KINDS: [MessageType; 3] = [MessageType::Letter, MessageType::Draft, MessageType::Template];

/// One event as a filter sees it.
struct Written {
    key: IndexKey,
    at: Ticks,
    message_type: MessageType,
    concerned: Vec<ConcernedDocument>,
}

/// The documented rule, word by word.
fn matches(filter: &FeedFilter, event: &Written) -> bool {
    fn allows<T: PartialEq>(wanted: &[T], value: &T) -> bool {
        wanted.is_empty() || wanted.contains(value)
    }
    let asks_documents = !filter.types.is_empty()
        || !filter.directions.is_empty()
        || filter.counteragent.is_some()
        || filter.within != Scope::All;
    let document_matches = |document: &ConcernedDocument| {
        allows(&filter.types, &document.type_named_id)
            && allows(&filter.directions, &document.direction)
            && filter.counteragent.is_none_or(|wanted| wanted == document.counteragent)
            && match &filter.within {
                Scope::All => true,
                Scope::Departments { departments, addressee } => {
                    departments.contains(&document.department)
                        || addressee.is_some_and(|it| {
                            document.asked.contains(&AddresseeId::User(it.person))
                                || document.asked.contains(&AddresseeId::Department(it.department))
                        })
                }
            }
    };
    allows(&filter.message_types, &event.message_type)
        && filter.from.is_none_or(|from| event.at >= from)
        && filter.to.is_none_or(|to| event.at <= to)
        && (!asks_documents || event.concerned.iter().any(document_matches))
}

struct Boxes {
    own: BoxId,
    counteragents: Vec<BoxId>,
    departments: Vec<DepartmentId>,
    people: Vec<UserId>,
}

impl Boxes {
    fn new(fixture: &StoreFixture) -> Self {
        Self {
            own: fixture.box_id(),
            counteragents: (0..4).map(|_| fixture.box_id()).collect(),
            departments: [DepartmentId::ZERO]
                .into_iter()
                .chain((0..3).map(|_| fixture.department()))
                .collect(),
            people: (0..2).map(|_| fixture.user()).collect(),
        }
    }

    fn document(&self, fixture: &StoreFixture) -> ConcernedDocument {
        let document = concerned(
            TYPES[fixture.below(TYPES.len())],
            *fixture.pick(&DIRECTIONS),
            *fixture.pick(&self.counteragents),
            *fixture.pick(&self.departments),
        );
        let people = self.people.iter().map(|person| AddresseeId::User(*person));
        let all: Vec<AddresseeId> =
            people.chain(self.departments.iter().map(|it| AddresseeId::Department(*it))).collect();
        let asked = if fixture.below(3) == 0 { some_of(fixture, &all) } else { Vec::new() };
        ConcernedDocument { asked, ..document }
    }

    async fn write(&self, fixture: &StoreFixture, new: NewEvent) -> Written {
        let FeedEntry { at, message_type, concerned } = new.feed.clone().expect("it has a place in the feed");
        let message = new.stream.message().expect("it is of a message");
        let appended = fixture.must(append(self.own, message, 0, vec![new])).await;
        Written { key: appended.keys().next().expect("one event, one key"), at, message_type, concerned }
    }

    fn filter(&self, fixture: &StoreFixture, times: &[Ticks]) -> FeedFilter {
        let mut filter = FeedFilter::default();
        if fixture.below(2) == 0 {
            filter.message_types = some_of(fixture, &KINDS);
        }
        if fixture.below(2) == 0 {
            filter.types = some_of(fixture, &TYPES).into_iter().map(str::to_owned).collect();
        }
        if fixture.below(3) == 0 {
            filter.directions = some_of(fixture, &DIRECTIONS);
        }
        if fixture.below(3) == 0 {
            filter.counteragent = Some(*fixture.pick(&self.counteragents));
        }
        if fixture.below(3) == 0 {
            let addressee = Addressee {
                person: *fixture.pick(&self.people),
                department: *fixture.pick(&self.departments),
            };
            filter.within = Scope::Departments {
                departments: some_of(fixture, &self.departments).into_iter().collect(),
                addressee: (fixture.below(2) == 0).then_some(addressee),
            };
        }
        if fixture.below(3) == 0 {
            filter.from = Some(*fixture.pick(times));
        }
        if fixture.below(3) == 0 {
            filter.to = Some(*fixture.pick(times));
        }
        filter
    }
}

/// None, some or all of `items`.
fn some_of<T: Copy>(fixture: &StoreFixture, items: &[T]) -> Vec<T> {
    items.iter().copied().filter(|_| fixture.below(2) == 0).collect()
}

/// Checks page, total and last event for one question.
async fn check(fixture: &StoreFixture, written: &[Written], question: FeedQuery) {
    let mut expected: Vec<_> =
        written.iter().filter(|event| matches(&question.filter, event)).map(|event| event.key).collect();
    let last = fixture.store.last(question.box_id, &question.filter).await.expect("readable");
    assert_eq!(last.map(|event| event.key), expected.last().copied(), "last of {:?}", question.filter);
    if question.order == FeedOrder::Descending {
        expected.reverse();
    }
    if let Some(after) = question.after {
        expected.retain(|key| match question.order {
            FeedOrder::Ascending => *key > after,
            FeedOrder::Descending => *key < after,
        });
    }
    let page = fixture.page(question.clone()).await;
    let keys: Vec<_> = page.events.iter().map(|event| event.key).collect();
    assert_eq!(keys, expected[..expected.len().min(question.limit)], "{question:?}");
    let total = expected.len() as u64;
    assert_eq!(page.total, total.min(question.count_up_to), "{question:?}");
    assert_eq!(page.is_exact, total <= question.count_up_to, "{question:?}");
}

/// Random events, random filters, random bookmarks.
pub async fn filters_agree_with_a_naive_reading(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let boxes = Boxes::new(&fixture);
    let mut written = Vec::new();
    for _ in 0..300 {
        fixture.clock.advance(fixture.below(3) as i64);
        let message = fixture.message();
        let concerned = (0..fixture.below(4)).map(|_| boxes.document(&fixture)).collect();
        let message_type = *fixture.pick(&KINDS);
        let new = about(concerned, fixture.post_of(message, message_type));
        written.push(boxes.write(&fixture, new).await);
    }
    let times: Vec<_> = written.iter().map(|event| event.at).collect();
    for _ in 0..600 {
        let key = fixture.pick(&written).key.get() + fixture.below(3) as i64 - 1;
        let question = FeedQuery {
            after: (fixture.below(3) > 0).then_some(IndexKey::new(key)),
            order: *fixture.pick(&[FeedOrder::Ascending, FeedOrder::Descending]),
            limit: 1 + fixture.below(100),
            filter: boxes.filter(&fixture, &times),
            count_up_to: *fixture.pick(&[0, 10, 100_000]),
            ..query(boxes.own)
        };
        check(&fixture, &written, question).await;
    }
}

/// The same questions, with matching documents counted in place of events.
pub async fn documents_are_counted_with_their_events(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let boxes = Boxes::new(&fixture);
    let mut written = Vec::new();
    for _ in 0..200 {
        fixture.clock.advance(fixture.below(3) as i64);
        let message = fixture.message();
        // The same document several times too: messages often hold many of a kind.
        let kinds: Vec<_> = (0..fixture.below(3)).map(|_| boxes.document(&fixture)).collect();
        let concerned = kinds.iter().flat_map(|kind| vec![kind.clone(); 1 + fixture.below(3)]).collect();
        let message_type = *fixture.pick(&KINDS);
        let new = about(concerned, fixture.post_of(message, message_type));
        written.push(boxes.write(&fixture, new).await);
    }
    let times: Vec<_> = written.iter().map(|event| event.at).collect();
    for _ in 0..400 {
        let after = (fixture.below(3) > 0).then(|| fixture.pick(&written).key);
        let order = *fixture.pick(&[FeedOrder::Ascending, FeedOrder::Descending]);
        let question = FeedQuery {
            after,
            order,
            limit: 1 + fixture.below(100),
            filter: boxes.filter(&fixture, &times),
            count_up_to: *fixture.pick(&[0, 10, 100_000]),
            ..query(boxes.own)
        };
        let is_behind = |event: &&Written| match (after, order) {
            (None, _) => true,
            (Some(after), FeedOrder::Ascending) => event.key > after,
            (Some(after), FeedOrder::Descending) => event.key < after,
        };
        let mut expected = Vec::new();
        let mut total = 0;
        for event in written.iter().filter(is_behind).filter(|event| matches(&question.filter, event)) {
            let documents =
                event.concerned.iter().filter(|document| question.filter.accepts_document(document));
            let count = documents.count();
            total += count as u64;
            if count > 0 {
                expected.push(event.key);
            }
        }
        if order == FeedOrder::Descending {
            expected.reverse();
        }
        expected.truncate(question.limit);
        let page = fixture.store.page_by_documents(question.clone()).await.expect("readable");
        let keys: Vec<_> = page.events.iter().map(|event| event.key).collect();
        assert_eq!(keys, expected, "{question:?}");
        assert_eq!(page.total, total.min(question.count_up_to), "{question:?}");
        assert_eq!(page.is_exact, total <= question.count_up_to, "{question:?}");
    }
}

/// Two documents that satisfy one condition each are not a match.
pub async fn one_document_has_to_satisfy_all_conditions(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let boxes = Boxes::new(&fixture);
    let message = fixture.message();
    let [one, other] = [boxes.counteragents[0], boxes.counteragents[1]];
    let split = vec![
        concerned(TYPES[0], Direction::Inbound, one, DepartmentId::ZERO),
        concerned(TYPES[1], Direction::Inbound, other, DepartmentId::ZERO),
    ];
    let written = vec![boxes.write(&fixture, about(split, fixture.post(message))).await];
    let filter = |name: &str, counteragent| FeedFilter {
        types: vec![name.to_owned()],
        counteragent: Some(counteragent),
        ..FeedFilter::default()
    };
    for (filter, is_match) in [(filter(TYPES[0], one), true), (filter(TYPES[0], other), false)] {
        assert_eq!(matches(&filter, &written[0]), is_match);
        check(&fixture, &written, FeedQuery { filter, ..query(boxes.own) }).await;
    }
}

/// Bounds are on the time of the event, which may lie before and after the time of its writing.
pub async fn time_bounds_hold_when_times_and_keys_differ(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let boxes = Boxes::new(&fixture);
    let mut written = Vec::new();
    for _ in 0..120 {
        fixture.clock.advance(fixture.below(20) as i64);
        let message = fixture.message();
        let mut new = about(vec![boxes.document(&fixture)], fixture.post(message));
        let at = Ticks::new(START + fixture.below(1500) as i64);
        new.feed.iter_mut().for_each(|entry| entry.at = at);
        written.push(boxes.write(&fixture, new).await);
    }
    for nth in 0..300 {
        let (one, other) = (START + fixture.below(1500) as i64, START + fixture.below(1500) as i64);
        let filter = FeedFilter {
            from: (nth % 3 != 0).then_some(Ticks::new(one.min(other))),
            to: (nth % 3 != 1).then_some(Ticks::new(one.max(other))),
            types: if nth % 2 == 0 { vec![TYPES[0].to_owned()] } else { Vec::new() },
            ..FeedFilter::default()
        };
        let after = (nth % 5 == 0).then(|| fixture.pick(&written).key);
        let order = *fixture.pick(&[FeedOrder::Ascending, FeedOrder::Descending]);
        let question = FeedQuery { after, order, limit: 10, filter, ..query(boxes.own) };
        check(&fixture, &written, question).await;
    }
}

/// A handful of events among thousands is found as exactly as the thousands.
pub async fn rare_events_are_found_in_a_long_feed(open: impl Open) {
    const COMMON: usize = 1500;
    let fixture = StoreFixture::new(open).await;
    let boxes = Boxes::new(&fixture);
    let common = concerned(TYPES[0], Direction::Inbound, boxes.counteragents[0], DepartmentId::ZERO);
    let rare = concerned(TYPES[1], Direction::Inbound, boxes.counteragents[1], boxes.departments[1]);
    let mut written = Vec::new();
    for _ in 0..4 {
        for (message_type, document, count) in
            [(MessageType::Letter, &common, COMMON), (MessageType::Template, &rare, 1)]
        {
            let message = fixture.message();
            let mut events = vec![fixture.post_of(message, message_type)];
            events.extend((1..count).map(|_| fixture.patch(message)));
            let events = events.into_iter().map(|new| about(vec![document.clone()], new)).collect();
            let at = fixture.now();
            let appended = fixture.must(append(boxes.own, message, 0, events)).await;
            let concerned = vec![document.clone()];
            written.extend(appended.keys().map(|key| Written {
                key,
                at,
                message_type,
                concerned: concerned.clone(),
            }));
        }
    }
    let everything = FeedFilter::default();
    let within = |departments: &[DepartmentId]| Scope::of_departments(departments.iter().copied());
    for filter in [
        FeedFilter { message_types: vec![MessageType::Template], ..everything.clone() },
        FeedFilter { message_types: vec![MessageType::Letter, MessageType::Draft], ..everything.clone() },
        FeedFilter { within: within(&[boxes.departments[1], boxes.departments[2]]), ..everything.clone() },
        FeedFilter { within: within(&[boxes.departments[2]]), ..everything.clone() },
        FeedFilter { within: within(&[]), ..everything.clone() },
        FeedFilter { counteragent: Some(boxes.counteragents[1]), ..everything.clone() },
        FeedFilter { directions: vec![Direction::Inbound], ..everything },
    ] {
        for order in [FeedOrder::Ascending, FeedOrder::Descending] {
            for after in [None, Some(written[1500].key), Some(written[5000].key)] {
                for limit in [2, 100] {
                    let question =
                        FeedQuery { after, order, limit, filter: filter.clone(), ..query(boxes.own) };
                    check(&fixture, &written, question).await;
                }
            }
        }
    }
}
