//! Appending: order, optimism, repetition, keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use potok_domain::Revision;
use potok_types::{BoxId, IndexKey, MessageId};

use super::fixture::{Open, START, StoreFixture, append, made, said};
use crate::{Append, AppendError, Appended, EventPlace, Operation, Wanted};

/// What was appended is read back, event by event, with the keys that the append returned.
pub async fn append_then_read(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, message) = (fixture.box_id(), fixture.message());
    let first = vec![fixture.post(message), fixture.patch(message)];
    let second = vec![fixture.patch(message)];
    let one = fixture.must(append(box_id, message, 0, first.clone())).await;
    let two = fixture.must(append(box_id, message, 2, second.clone())).await;
    let counts = |appended: &Appended| {
        let [of_stream] = &appended.streams[..] else { panic!("one stream, one answer: {appended:?}") };
        (of_stream.revision, of_stream.keys.len())
    };
    assert_eq!(counts(&one), (Revision(2), 2));
    assert_eq!(counts(&two), (Revision(3), 1));

    let written: Vec<_> = first.into_iter().chain(second).collect();
    let events: Vec<_> = written.iter().map(said).collect();
    assert_eq!(fixture.events(box_id, message).await, events);

    let feed = fixture.feed(box_id).await;
    let keys: Vec<_> = one.keys().chain(two.keys()).collect();
    assert_eq!(feed.iter().map(|event| event.key).collect::<Vec<_>>(), keys);
    for (shown, new) in feed.iter().zip(&written) {
        assert_eq!(shown.event_id, new.id);
        assert_eq!(shown.message_id, message);
        assert_eq!(shown.box_event, new.ready);
    }
}

/// A reader that knows the first events gets the others, and one that wants a few gets those; unknown messages are left
/// out; known ones without news are there.
pub async fn only_the_wanted_part_of_a_stream_is_read(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let message = fixture.message();
    let events = vec![fixture.post(message), fixture.patch(message), fixture.patch(message)];
    fixture.must(append(box_id, message, 0, events.clone())).await;
    let (other, _) = fixture.posted(box_id).await;
    let unknown = fixture.message();
    let after = |message, known| Wanted::after(message, Revision(known));
    let only = |message, revision| Wanted::only(message, Revision(revision));
    let cases = [
        (after(message, 1), Some(&events[1..])),
        (after(unknown, 0), None),
        (after(unknown, 3), None),
        (after(other, 1), Some(&[][..])),
        // The same stream as often as one likes.
        (only(message, 1), Some(&events[..1])),
        (only(message, 2), Some(&events[1..2])),
        (Wanted { up_to: Revision(2), ..Wanted::all(message) }, Some(&events[..2])),
        (only(message, 3), Some(&events[2..])),
        (only(message, 5), None),
        (after(message, 4), None),
    ];
    let asked: Vec<_> = cases.iter().map(|(wanted, _)| *wanted).collect();
    let found = fixture.store.streams(box_id, &asked).await.expect("readable");
    assert_eq!(found.len(), cases.len());
    for ((wanted, expected), found) in cases.iter().zip(found) {
        let expected = expected.map(|events| events.iter().map(|new| new.stored.clone()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{wanted:?}");
    }

    let found = fixture.store.messages(box_id, &asked[..5]).await.expect("readable");
    let found: Vec<_> = found.into_iter().map(|tail| (tail.message_id, tail.events)).collect();
    let tail = events[1..].iter().map(said).collect();
    assert_eq!(found, [(message, tail), (other, Vec::new()), (message, vec![said(&events[0])])]);
}

/// Nothing may enter the journal under another message's name, and only the first event has the message's own id.
pub async fn an_event_out_of_place_is_refused(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, message) = (fixture.box_id(), fixture.message());
    let stranger = fixture.post(fixture.message());
    for events in
        [vec![stranger], vec![fixture.patch(message)], vec![fixture.post(message), fixture.post(message)]]
    {
        let refused = fixture.store.append(append(box_id, message, 0, events)).await;
        assert!(matches!(refused, Err(AppendError::Store(_))), "{refused:?}");
    }
    assert!(fixture.feed(box_id).await.is_empty());
}

/// A decision that did not see the newest event is refused, whichever way it is wrong, and leaves no trace.
pub async fn stale_append_is_refused_and_writes_nothing(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let patch = || vec![fixture.patch(message)];
    fixture.must(append(box_id, message, 1, patch())).await;
    let fresh = fixture.message();
    let content =
        crate::SmallContent { hash: potok_types::ContentHash::of(b"x"), bytes: b"x".as_slice().into() };
    for (stale, found) in [
        (append(box_id, message, 1, patch()), 2),
        (append(box_id, message, 3, patch()), 2),
        (append(box_id, message, 0, vec![fixture.post(message)]), 2),
        (append(box_id, fresh, 1, vec![fixture.patch(fresh)]), 0),
    ] {
        let operation = fixture.operation();
        let Append { mut streams, .. } = stale;
        let of_stream = &mut streams[0];
        of_stream.contents = vec![content.clone()];
        of_stream.links = vec![(fixture.document(), fixture.document())];
        of_stream.events[0].deliver_to = vec![fixture.box_id()];
        let (named, made) = (of_stream.stream, made(&operation, &of_stream.events[0]));
        let refused = Append { operation: Some(made), ..Append::new(box_id, streams) };
        let refused = fixture.store.append(refused).await;
        assert!(
            matches!(refused, Err(AppendError::Stale { stream, found: Revision(at) })
                if stream == named && at == found),
            "{refused:?}"
        );
        assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), None);
    }
    assert_eq!(fixture.events(box_id, message).await.len(), 2);
    assert_eq!(fixture.feed(box_id).await.len(), 2);
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);
    assert!(fixture.store.small_contents(box_id, &[content.hash]).await.expect("readable").is_empty());
}

/// Of many who append to the same revision exactly one wins; those who read again and repeat all get through.
pub async fn racing_appends_to_one_message_lose_nothing(open: impl Open) {
    const WRITERS: usize = 12;
    let fixture = Arc::new(StoreFixture::new(open).await);
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let fixture = Arc::clone(&fixture);
            tokio::spawn(async move {
                let patch = fixture.patch(message);
                let mut expected = 1;
                loop {
                    match fixture.store.append(append(box_id, message, expected, vec![patch.clone()])).await {
                        Ok(appended) => return (expected, appended, patch.id),
                        Err(AppendError::Stale { found, .. }) => expected = found.0,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    let mut won = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for writer in writers {
        let (expected, appended, id) = writer.await.expect("no panic");
        assert_eq!(appended.streams[0].revision, Revision(expected + 1));
        assert!(won.insert(expected), "two writers won revision {expected}");
        ids.insert(id);
    }
    let events = fixture.events(box_id, message).await;
    assert_eq!(events.len(), WRITERS + 1);
    assert_eq!(events.into_iter().skip(1).map(|event| event.id).collect::<BTreeSet<_>>(), ids);
}

async fn post_as(
    fixture: &StoreFixture,
    box_id: BoxId,
    operation: &Operation,
) -> (MessageId, Result<Appended, AppendError>) {
    let message = fixture.message();
    let post = fixture.post(message);
    let operation = Some(made(operation, &post));
    (message, fixture.store.append(Append { operation, ..append(box_id, message, 0, vec![post]) }).await)
}

/// The second call of the same operation is told what the first one did, though it would make another message.
pub async fn repeated_operation_is_named_and_writes_nothing(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let operation = fixture.operation();
    let (message, first) = post_as(&fixture, box_id, &operation).await;
    first.expect("nobody did this operation before");
    let (_, second) = post_as(&fixture, box_id, &operation).await;
    let made = EventPlace { stream: message.into(), event: message.first_event() };
    assert!(matches!(second, Err(AppendError::Repeated(named)) if named == made), "{second:?}");
    assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), Some(made));
    assert_eq!(fixture.feed(box_id).await.len(), 1);
}

/// A repeated call decided from what it had seen the first time, so it is stale too: it must learn that it is done.
pub async fn repeated_is_found_before_stale(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let patch = fixture.patch(message);
    let operation = Some(made(&fixture.operation(), &patch));
    let append = Append { operation, ..append(box_id, message, 1, vec![patch.clone()]) };
    fixture.must(append.clone()).await;
    let again = fixture.store.append(append).await;
    let made = EventPlace { stream: message.into(), event: patch.id };
    assert!(matches!(again, Err(AppendError::Repeated(named)) if named == made), "{again:?}");
}

/// The same id names another operation in another box and of another method.
pub async fn operations_of_other_boxes_and_methods_are_strangers(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (one, other) = (fixture.box_id(), fixture.box_id());
    let operation = fixture.operation();
    let patch = Operation { method: "PostMessagePatch", ..operation.clone() };
    for (box_id, operation) in [(one, &operation), (other, &operation), (one, &patch)] {
        post_as(&fixture, box_id, operation).await.1.expect("it is the first of its kind");
    }
    assert_eq!(fixture.feed(one).await.len(), 2);
    assert_eq!(fixture.store.operation(other, &patch).await.expect("readable"), None);
}

/// A clock that stands still gives every event of a box a key of its own all the same.
pub async fn keys_rise_while_the_clock_stands_still(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut given = Vec::new();
    for _ in 0..5 {
        let message = fixture.message();
        let events = vec![fixture.post(message), fixture.patch(message), fixture.patch(message)];
        given.extend(fixture.must(append(box_id, message, 0, events)).await.keys());
    }
    let expected: Vec<_> = (START..START + 15).map(IndexKey::new).collect();
    assert_eq!(given, expected);
    assert_eq!(fixture.keys(box_id).await, expected);
}

/// A clock that goes back does not put new events before old ones.
pub async fn keys_rise_when_the_clock_goes_back(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut given = Vec::new();
    for back in [0, 1_000, 5, 10_000_000, 3] {
        fixture.clock.set(START - back);
        given.extend(fixture.posted(box_id).await.1.keys());
    }
    assert!(given.is_sorted_by(|a, b| a < b), "{given:?}");
    assert_eq!(fixture.keys(box_id).await, given);
}

/// A key is the time of writing whenever that is later than the last key; boxes do not push each other.
pub async fn keys_follow_the_clock(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (busy, quiet) = (fixture.box_id(), fixture.box_id());
    for _ in 0..10 {
        fixture.posted(busy).await;
    }
    assert!(fixture.posted(quiet).await.1.keys().eq([IndexKey::new(START)]));
    fixture.clock.advance(1_000);
    assert!(fixture.posted(busy).await.1.keys().eq([IndexKey::new(START + 1_000)]));
}

/// One message in two boxes is two chains.
pub async fn boxes_do_not_see_each_other(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (one, other, third) = (fixture.box_id(), fixture.box_id(), fixture.box_id());
    let (message, _) = fixture.posted(one).await;
    fixture.must(append(other, message, 0, vec![fixture.post(message)])).await;
    fixture.must(append(one, message, 1, vec![fixture.patch(message)])).await;
    let counts = [(one, 2), (other, 1), (third, 0)];
    for (box_id, count) in counts {
        assert_eq!(fixture.events(box_id, message).await.len(), count);
        assert_eq!(fixture.feed(box_id).await.len(), count);
        let found = fixture.store.event(box_id, message.first_event()).await.expect("readable");
        assert_eq!(found.is_some(), count > 0);
    }
}
