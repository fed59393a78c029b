//! The events of all streams of a kind, in the order of their keys.

use bytes::Bytes;
use potok_domain::Revision;
use potok_domain::query::FeedOrder;
use potok_types::{BoxId, Entropy as _, EventId, IndexKey};
use uuid::Uuid;

use super::fixture::{Open, START, StoreFixture};
use crate::{Append, NewEvent, StreamAppend, StreamFeedPage, StreamFeedQuery, StreamId, StreamKind};

const KIND: StreamKind = StreamKind::new(251);
const OTHER: StreamKind = StreamKind::new(252);

/// One more event of a stream; what is stored tells where it stands.
async fn put(fixture: &StoreFixture, box_id: BoxId, stream: StreamId, revision: u32) -> (IndexKey, Uuid, u8) {
    let mark = u8::try_from(revision).expect("few events");
    let event = NewEvent {
        stream,
        id: EventId::from_uuid(fixture.ids.uuid()),
        stored: Bytes::copy_from_slice(&[mark]),
        ready: Bytes::new(),
        feed: None,
        deliver_to: Vec::new(),
    };
    let append = StreamAppend::new(stream, Revision(revision), vec![event]);
    let appended = fixture.must(Append::new(box_id, vec![append])).await;
    (appended.keys().next().expect("one event has one key"), stream.id, mark)
}

fn told(page: &StreamFeedPage) -> Vec<(IndexKey, Uuid, u8)> {
    page.events.iter().map(|event| (event.key, event.stream, event.stored[0])).collect()
}

/// Events of all streams of a kind stand in the order of their keys, from either end; others do not stand among them.
pub async fn events_of_a_kind_are_read_in_order(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other_box) = (fixture.box_id(), fixture.box_id());
    let stream = |kind| StreamId { kind, id: fixture.ids.uuid() };
    let (a, b, foreign) = (stream(KIND), stream(KIND), stream(OTHER));
    let mut put_there = Vec::new();
    for (nth, (stream, revision)) in [(a, 0), (b, 0), (a, 1), (a, 2), (b, 1)].into_iter().enumerate() {
        fixture.clock.advance(10);
        fixture.posted(box_id).await;
        put(&fixture, other_box, stream, revision).await;
        put(&fixture, box_id, foreign, nth as u32).await;
        put_there.push(put(&fixture, box_id, stream, revision).await);
    }
    let ask = |order, after: Option<IndexKey>, from: i64, to: i64, limit: usize| StreamFeedQuery {
        box_id,
        kind: KIND,
        after,
        between: (IndexKey::new(from), IndexKey::new(to)),
        order,
        limit,
        count_up_to: 3,
    };
    let read = async |query| fixture.store.stream_events(query).await.expect("readable");
    for order in [FeedOrder::Ascending, FeedOrder::Descending] {
        let mut expected = put_there.clone();
        if order == FeedOrder::Descending {
            expected.reverse();
        }
        let all = read(ask(order, None, i64::MIN, i64::MAX, 100)).await;
        assert_eq!((told(&all), all.total, all.is_exact), (expected.clone(), 3, false), "{order:?}");
        let rest = read(ask(order, Some(expected[2].0), i64::MIN, i64::MAX, 1)).await;
        assert_eq!((told(&rest), rest.total, rest.is_exact), (expected[3..4].to_vec(), 2, true));
        let (from, to) = (put_there[1].0.get(), put_there[3].0.get());
        let some = read(ask(order, None, from, to, 100)).await;
        assert_eq!(told(&some), expected[1..=3]);
        let some = read(ask(order, Some(expected[1].0), from, to, 100)).await;
        assert_eq!(told(&some), expected[2..=3]);
        let none = read(ask(order, Some(expected[3].0), from.max(START), to, 100)).await;
        assert_eq!((told(&none), none.total), (vec![], 0));
    }
    let messages = StreamFeedQuery {
        kind: StreamKind::MESSAGE,
        ..ask(FeedOrder::Ascending, None, i64::MIN, i64::MAX, 100)
    };
    assert_eq!(told(&read(messages).await), [], "messages have a feed of their own");
}
