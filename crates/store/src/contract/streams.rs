//! Streams of a kind that the store has never heard of: it keeps and delivers them like messages.

use bytes::Bytes;
use potok_domain::Revision;
use potok_types::{Entropy as _, EventId, Ticks};
use uuid::Uuid;

use super::fixture::{Open, START, StoreFixture, made, stream};
use crate::{
    Append, AppendError, Delivery, EventPlace, LeaseRequest, NewEvent, Operation, StreamAppend, StreamId,
    StreamKind, Wanted,
};

/// Nobody gives this number to a kind of his own.
const KIND: StreamKind = StreamKind::new(255);

fn other(id: Uuid) -> StreamId {
    StreamId { kind: KIND, id }
}

/// An event that only its own kind can read.
fn event(fixture: &StoreFixture, stream: StreamId, text: &'static str) -> NewEvent {
    NewEvent {
        stream,
        id: EventId::from_uuid(fixture.ids.uuid()),
        stored: Bytes::from_static(text.as_bytes()),
        ready: Bytes::new(),
        feed: None,
        deliver_to: Vec::new(),
    }
}

/// What is written to a stream of another kind is read back from it, and is neither in the feed nor in the message that
/// happens to have the same id.
pub async fn a_stream_of_another_kind_is_a_stream_of_its_own(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, posted) = fixture.posted(box_id).await;
    let stream_id = other(message.uuid());
    // Unlike those of messages, its events may have any ids.
    let events = vec![event(&fixture, stream_id, "asked"), event(&fixture, stream_id, "")];
    let of_stream = StreamAppend::new(stream_id, Revision(0), events);
    let appended = fixture.must(Append::new(box_id, vec![of_stream])).await;
    assert_eq!(appended.streams[0].revision, Revision(2));
    // The keys of a box rise over all kinds.
    assert!(posted.keys().chain(appended.keys()).is_sorted_by(|a, b| a < b));
    let later = StreamAppend::new(stream_id, Revision(2), vec![event(&fixture, stream_id, "agreed")]);
    let last = fixture.must(Append::new(box_id, vec![later])).await;
    assert!(appended.keys().chain(last.keys()).is_sorted_by(|a, b| a < b));

    let asked = [
        Wanted::all(stream_id),
        Wanted::all(message),
        Wanted::only(stream_id, Revision(3)),
        Wanted::all(other(fixture.ids.uuid())),
    ];
    let found = fixture.store.streams(box_id, &asked).await.expect("readable");
    let texts =
        |nth: usize| found[nth].as_ref().map(|events| events.iter().map(|e| &e[..]).collect::<Vec<_>>());
    assert_eq!(texts(0), Some(vec![&b"asked"[..], b"", b"agreed"]));
    assert_eq!(found[1].as_ref().map(Vec::len), Some(1));
    assert_eq!(texts(2), Some(vec![&b"agreed"[..]]));
    assert_eq!(texts(3), None);
    assert_eq!(fixture.feed(box_id).await.len(), 1);
    assert_eq!(fixture.events(box_id, message).await.len(), 1);
    let elsewhere = fixture.store.streams(fixture.box_id(), &asked[..1]).await.expect("readable");
    assert_eq!(elsewhere, [None]);
}

/// Its revision is its own, and its events stay in it.
pub async fn streams_of_all_kinds_are_appended_under_the_same_rules(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let stream_id = other(message.uuid());
    let append = |expected, event: NewEvent| StreamAppend::new(stream_id, Revision(expected), vec![event]);
    fixture.must(Append::new(box_id, vec![append(0, event(&fixture, stream_id, "one"))])).await;

    // One transaction over both kinds: both or none.
    let both = |expected_message, expected| {
        let streams = vec![
            stream(message, expected_message, vec![fixture.patch(message)]),
            append(expected, event(&fixture, stream_id, "two")),
        ];
        Append::new(box_id, streams)
    };
    for (append, stale) in [(both(1, 0), stream_id), (both(2, 1), message.into())] {
        let refused = fixture.store.append(append).await;
        assert!(
            matches!(refused, Err(AppendError::Stale { stream, found: Revision(1) }) if stream == stale),
            "{refused:?}"
        );
    }
    fixture.must(both(1, 1)).await;
    assert_eq!(fixture.events(box_id, message).await.len(), 2);

    let stranger = event(&fixture, other(fixture.ids.uuid()), "lost its way");
    let refused = fixture.store.append(Append::new(box_id, vec![append(2, stranger)])).await;
    assert!(matches!(refused, Err(AppendError::Store(_))), "{refused:?}");

    let operation = Operation { method: "AcquireCounteragent", id: "1".to_owned() };
    let third = event(&fixture, stream_id, "three");
    let named = EventPlace { stream: stream_id, event: third.id };
    let made = made(&operation, &third);
    let append = Append { operation: Some(made), ..Append::new(box_id, vec![append(2, third)]) };
    fixture.must(append.clone()).await;
    assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), Some(named));
    let again = fixture.store.append(append).await;
    assert!(matches!(again, Err(AppendError::Repeated(found)) if found == named), "{again:?}");
}

/// Deliveries of all kinds stand in one queue; each stream waits for itself only.
pub async fn deliveries_of_all_kinds_stand_in_one_queue(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, to) = (fixture.box_id(), fixture.box_id());
    let message = fixture.message();
    let stream_id = other(message.uuid());
    let deliver = |new: NewEvent| NewEvent { deliver_to: vec![to], ..new };
    let first = deliver(event(&fixture, stream_id, "asked"));
    let second = deliver(event(&fixture, stream_id, "asked again"));
    let ids = [first.id, second.id];
    let streams = vec![
        StreamAppend::new(stream_id, Revision(0), vec![first, second]),
        stream(message, 0, vec![deliver(fixture.post(message))]),
    ];
    fixture.must(Append::new(box_id, streams)).await;

    let lease = async |now: i64| {
        let until = Ticks::new(START + now + 10);
        let request = LeaseRequest::new(fixture.worker(), Ticks::new(START + now), until, 10);
        let leased = fixture.store.lease_due(request).await;
        leased.expect("no error")
    };
    let leased = lease(0).await;
    let expected = [
        Delivery { from: box_id, to, stream: stream_id, event: ids[0], revision: Revision(1) },
        Delivery {
            from: box_id,
            to,
            stream: message.into(),
            event: message.first_event(),
            revision: Revision(1),
        },
    ];
    assert_eq!(leased.iter().map(|leased| leased.delivery).collect::<Vec<_>>(), expected);
    // The other box takes it in, and the sender's stream is told, as with messages.
    let event_there = NewEvent { id: ids[0], ..event(&fixture, stream_id, "asked") };
    fixture.must(Append::new(to, vec![StreamAppend::new(stream_id, Revision(0), vec![event_there])])).await;
    let told = StreamAppend::new(stream_id, Revision(2), vec![event(&fixture, stream_id, "arrived")]);
    fixture.must(Append { settles: Some(leased[0].token), ..Append::new(box_id, vec![told]) }).await;
    let next = lease(1).await;
    assert_eq!(next.iter().map(|leased| leased.delivery.event).collect::<Vec<_>>(), [ids[1]]);
    assert_eq!(next[0].delivery.revision, Revision(2));
    fixture.must(Append::settling(leased[1].token)).await;
    fixture.must(Append::settling(next[0].token)).await;
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);
}

/// The streams of a kind are listed in pages, by their ids, whatever else the box has.
pub async fn streams_of_a_kind_are_listed_in_order(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, neighbour) = (fixture.box_id(), fixture.box_id());
    fixture.posted(box_id).await;
    let mut ids: Vec<Uuid> = (0..5).map(|_| fixture.ids.uuid()).collect();
    for id in &ids {
        for revision in 0..2 {
            let events = vec![event(&fixture, other(*id), "told")];
            let of_stream = StreamAppend::new(other(*id), Revision(revision), events);
            fixture.must(Append::new(box_id, vec![of_stream])).await;
        }
    }
    ids.sort_unstable();
    let listed = async |box_id, after, limit| {
        fixture.store.stream_ids(box_id, KIND, after, limit).await.expect("readable")
    };
    assert_eq!(listed(box_id, Uuid::nil(), 100).await, ids);
    assert_eq!(listed(box_id, Uuid::nil(), 2).await, ids[..2]);
    assert_eq!(listed(box_id, ids[1], 2).await, ids[2..4]);
    assert_eq!(listed(box_id, ids[4], 2).await, Vec::<Uuid>::new());
    assert_eq!(listed(neighbour, Uuid::nil(), 100).await, Vec::<Uuid>::new());
}
