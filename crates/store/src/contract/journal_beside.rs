//! What is written beside the events.

use potok_domain::Revision;
use potok_types::{ContentHash, Ticks};

use super::world::{Open, World, append};
use crate::{Append, NewDelivery, SmallContent};

/// An append without events still writes all the rest, and moves nothing.
pub async fn an_append_without_events_writes_the_rest(open: impl Open) {
    let world = World::new(open).await;
    let box_id = world.box_id();
    let (message, _) = world.posted(box_id).await;
    let operation = world.operation();
    let to = world.box_id();
    let appended = world
        .must(Append {
            operation: Some(operation.clone()),
            deliveries: vec![NewDelivery { event: message.first_event(), to }],
            ..append(box_id, message, 1, Vec::new())
        })
        .await;
    assert_eq!((appended.revision, appended.keys.len()), (Revision(1), 0));
    assert_eq!(world.feed(box_id).await.len(), 1);
    let found = world.store.operation(box_id, &operation).await.expect("readable");
    assert_eq!(found.map(|(found, _)| found), Some(message));
    let until = Ticks::new(i64::MAX / 2);
    let leased = world.store.lease_due(world.worker(), world.now(), until, 10).await.expect("no error");
    assert_eq!(leased.len(), 1);
}

/// Bytes are found by their name in the box that has them, and nowhere else.
pub async fn small_contents_are_kept_once_per_box(open: impl Open) {
    let world = World::new(open).await;
    let (one, other) = (world.box_id(), world.box_id());
    let content = |text: &'static str| SmallContent {
        hash: ContentHash::of(text.as_bytes()),
        bytes: text.as_bytes().into(),
    };
    for (box_id, contents) in [
        (one, vec![content("a"), content("b")]),
        (one, vec![content("b"), content("c"), content("")]),
        (other, vec![content("a")]),
    ] {
        let message = world.message();
        world.must(Append { contents, ..append(box_id, message, 0, vec![world.post(message)]) }).await;
    }
    let hashes = ["a", "b", "c", "", "d"].map(|text| ContentHash::of(text.as_bytes()));
    for (box_id, expected) in [(one, vec!["", "a", "b", "c"]), (other, vec!["a"])] {
        let found = world.store.small_contents(box_id, &hashes).await.expect("readable");
        assert!(found.iter().all(|content| ContentHash::of(&content.bytes) == content.hash));
        let mut texts: Vec<_> = found.iter().map(|content| &content.bytes[..]).collect();
        texts.sort_unstable();
        assert_eq!(texts, expected.iter().map(|text| text.as_bytes()).collect::<Vec<_>>());
    }
}

/// Documents that refer to one are found from it, oldest first, each once.
pub async fn referrers_are_found_from_their_bases(open: impl Open) {
    let world = World::new(open).await;
    let box_id = world.box_id();
    let [base, other_base, first, second, third] = std::array::from_fn(|_| world.document());
    for links in [
        vec![(first, base)],
        vec![(second, base), (second, other_base)],
        vec![(third, other_base), (first, base)],
    ] {
        let message = world.message();
        world.must(Append { links, ..append(box_id, message, 0, vec![world.post(message)]) }).await;
    }
    for (bases, expected) in [
        (vec![base], vec![(base, first), (base, second)]),
        (
            vec![other_base, base],
            vec![(base, first), (base, second), (other_base, second), (other_base, third)],
        ),
        (vec![base, base], vec![(base, first), (base, second)]),
        (vec![first], vec![]),
        (vec![], vec![]),
    ] {
        assert_eq!(world.store.referrers(box_id, &bases).await.expect("readable"), expected);
    }
    assert!(world.store.referrers(world.box_id(), &[base]).await.expect("readable").is_empty());
}
