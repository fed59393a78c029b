//! What is written beside the events.

use potok_domain::Revision;
use potok_types::ContentHash;

use super::fixture::{Open, StoreFixture, stream};
use crate::{Append, SmallContent, StreamAppend};

/// A stream without events still gets all the rest, and nothing moves.
pub async fn an_append_without_events_writes_the_rest(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let content = SmallContent { hash: ContentHash::of(b"x"), bytes: b"x".as_slice().into() };
    let (referrer, base) = (fixture.document(), fixture.document());
    let of_message = StreamAppend {
        contents: vec![content.clone()],
        links: vec![(referrer, base)],
        ..stream(message, 1, Vec::new())
    };
    let appended = fixture.must(Append::new(box_id, vec![of_message])).await;
    assert_eq!((appended.streams[0].revision, appended.keys().count()), (Revision(1), 0));
    assert_eq!(fixture.feed(box_id).await.len(), 1);
    let found = fixture.store.small_contents(box_id, &[content.hash]).await.expect("readable");
    assert_eq!(found.len(), 1);
    assert_eq!(fixture.store.referrers(box_id, &[base]).await.expect("readable"), [(base, referrer)]);
}

/// Bytes are found by their name in the box that has them, and nowhere else.
pub async fn small_contents_are_kept_once_per_box(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (one, other) = (fixture.box_id(), fixture.box_id());
    let content = |text: &'static str| SmallContent {
        hash: ContentHash::of(text.as_bytes()),
        bytes: text.as_bytes().into(),
    };
    for (box_id, contents) in [
        (one, vec![content("a"), content("b")]),
        (one, vec![content("b"), content("c"), content("")]),
        (other, vec![content("a")]),
    ] {
        let message = fixture.message();
        let of_message = StreamAppend { contents, ..stream(message, 0, vec![fixture.post(message)]) };
        fixture.must(Append::new(box_id, vec![of_message])).await;
    }
    let hashes = ["a", "b", "c", "", "d"].map(|text| ContentHash::of(text.as_bytes()));
    for (box_id, expected) in [(one, vec!["", "a", "b", "c"]), (other, vec!["a"])] {
        let found = fixture.store.small_contents(box_id, &hashes).await.expect("readable");
        assert!(found.iter().all(|content| ContentHash::of(&content.bytes) == content.hash));
        let mut texts: Vec<_> = found.iter().map(|content| &content.bytes[..]).collect();
        texts.sort_unstable();
        assert_eq!(texts, expected.iter().map(|text| text.as_bytes()).collect::<Vec<_>>());
    }
}

/// Documents that refer to one are found from it, oldest first, each once.
pub async fn referrers_are_found_from_their_bases(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let [base, other_base, first, second, third] = std::array::from_fn(|_| fixture.document());
    for links in [
        vec![(first, base)],
        vec![(second, base), (second, other_base)],
        vec![(third, other_base), (first, base)],
    ] {
        let message = fixture.message();
        let of_message = StreamAppend { links, ..stream(message, 0, vec![fixture.post(message)]) };
        fixture.must(Append::new(box_id, vec![of_message])).await;
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
        assert_eq!(fixture.store.referrers(box_id, &bases).await.expect("readable"), expected);
    }
    assert!(fixture.store.referrers(fixture.box_id(), &[base]).await.expect("readable").is_empty());
}
