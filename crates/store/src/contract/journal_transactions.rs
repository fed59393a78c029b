//! Appends to several streams of a box: one transaction.

use potok_domain::Revision;
use potok_types::{ContentHash, IndexKey, MessageId};

use super::fixture::{Open, START, StoreFixture, made, said, stream};
use crate::{Append, AppendError, EventPlace, NewEvent, SmallContent, StreamAppend};

/// Patches of `messages`, of which each has one event, with everything that can come with them.
fn patches(fixture: &StoreFixture, messages: &[MessageId]) -> Vec<StreamAppend> {
    let patches = messages.iter().enumerate().map(|(nth, message)| {
        let bytes = [nth as u8];
        StreamAppend {
            contents: vec![SmallContent { hash: ContentHash::of(&bytes), bytes: bytes.to_vec().into() }],
            links: vec![(fixture.document(), fixture.document())],
            ..stream(
                *message,
                1,
                vec![NewEvent { deliver_to: vec![fixture.box_id()], ..fixture.patch(*message) }],
            )
        }
    });
    patches.collect()
}

/// Everything is there, and the keys stand in the order of the append, whatever the order of the ids.
pub async fn an_append_writes_all_its_streams(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.push(fixture.posted(box_id).await.0);
    }
    messages.reverse();
    let mut streams = patches(&fixture, &messages);
    let fresh = fixture.message();
    streams.insert(1, stream(fresh, 0, vec![fixture.post(fresh), fixture.patch(fresh)]));
    let operation = fixture.operation();
    // Whichever event the caller names is what the operation did.
    let operation_made = made(&operation, &streams[3].events[0]);
    let named = operation_made.made;
    fixture.clock.set(START + 100);
    let append = Append { operation: Some(operation_made), ..Append::new(box_id, streams.clone()) };
    let appended = fixture.must(append).await;

    let revisions: Vec<_> = appended.streams.iter().map(|of_stream| of_stream.revision.0).collect();
    assert_eq!(revisions, [2, 2, 2, 2]);
    let keys: Vec<_> = (START + 100..START + 105).map(IndexKey::new).collect();
    assert!(appended.keys().eq(keys.iter().copied()), "{appended:?}");
    let feed = fixture.feed(box_id).await;
    let ids: Vec<_> = streams.iter().flat_map(|of_stream| &of_stream.events).map(|new| new.id).collect();
    assert_eq!(feed[3..].iter().map(|event| event.event_id).collect::<Vec<_>>(), ids);
    assert_eq!(feed[3..].iter().map(|event| event.key).collect::<Vec<_>>(), keys);
    for of_stream in &streams {
        let message = of_stream.stream.message().expect("it is a message");
        let events = fixture.events(box_id, message).await;
        assert_eq!(
            events[2 - of_stream.events.len()..],
            of_stream.events.iter().map(said).collect::<Vec<_>>()
        );
        for (referrer, base) in &of_stream.links {
            let found = fixture.store.referrers(box_id, &[*base]).await.expect("readable");
            assert_eq!(found, [(*base, *referrer)]);
        }
    }
    let hashes = [0, 1, 2].map(|nth| ContentHash::of(&[nth]));
    assert_eq!(fixture.store.small_contents(box_id, &hashes).await.expect("readable").len(), 3);
    assert_eq!(fixture.store.pending().await.expect("readable"), 3);
    assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), Some(named));
}

/// One of three is not where it was expected, whichever: none of the others moves.
pub async fn one_stale_stream_refuses_the_whole_append(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.push(fixture.posted(box_id).await.0);
    }
    let before = fixture.feed(box_id).await;
    for stale in 0..3 {
        let mut streams = patches(&fixture, &messages);
        streams[stale].expected = Revision(2);
        let operation = fixture.operation();
        let made = made(&operation, &streams[0].events[0]);
        let refused = Append { operation: Some(made), ..Append::new(box_id, streams) };
        let refused = fixture.store.append(refused).await;
        assert!(
            matches!(&refused, Err(AppendError::Stale { stream, found: Revision(1) })
                if *stream == messages[stale].into()),
            "{refused:?}"
        );
        assert_eq!(fixture.feed(box_id).await, before);
        assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), None);
    }
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);
    let hashes = [0, 1, 2].map(|nth| ContentHash::of(&[nth]));
    assert!(fixture.store.small_contents(box_id, &hashes).await.expect("readable").is_empty());
    // Nothing of the refused ones stands in the way.
    fixture.must(Append::new(box_id, patches(&fixture, &messages))).await;
}

/// The repeat of an operation over several messages changes none of them again.
pub async fn a_repeated_operation_over_streams_writes_nothing(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let messages = [fixture.posted(box_id).await.0, fixture.posted(box_id).await.0];
    let operation = fixture.operation();
    let streams = patches(&fixture, &messages);
    let first = made(&operation, &streams[1].events[0]);
    let named = first.made;
    assert_eq!(named, EventPlace { stream: messages[1].into(), event: streams[1].events[0].id });
    fixture.must(Append { operation: Some(first), ..Append::new(box_id, streams) }).await;

    let mut again = patches(&fixture, &messages);
    again.iter_mut().for_each(|of_stream| of_stream.expected = Revision(2));
    let second = made(&operation, &again[0].events[0]);
    let refused =
        fixture.store.append(Append { operation: Some(second), ..Append::new(box_id, again) }).await;
    assert!(matches!(refused, Err(AppendError::Repeated(found)) if found == named), "{refused:?}");
    assert_eq!(fixture.feed(box_id).await.len(), 4);
}

/// Two sets of expectations for one stream make no sense.
pub async fn a_stream_named_twice_is_refused(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let twice = [1, 2].map(|expected| stream(message, expected, vec![fixture.patch(message)]));
    let refused = fixture.store.append(Append::new(box_id, twice.to_vec())).await;
    assert!(matches!(refused, Err(AppendError::Store(_))), "{refused:?}");
    assert_eq!(fixture.feed(box_id).await.len(), 1);
}
