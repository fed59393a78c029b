//! Read models, compared with what should be kept and put right.

use bytes::Bytes;
use potok_domain::{Direction, DocumentRef};
use potok_types::{BoxId, DepartmentId, EventId, MessageId};

use super::fixture::{Open, StoreFixture, about, append, concerned, query, stream};
use crate::{
    Append, Compared, Derived, DerivedEvent, Difference, FeedQuery, KeptLink, NewEvent, RebuildPlace, Stray,
    StrayKind, StreamAppend,
};
use potok_domain::query::FeedFilter;

/// What an append to a new message left of it.
fn derived(message_id: MessageId, append: &StreamAppend) -> Derived {
    let event = |new: &NewEvent| DerivedEvent {
        id: new.id,
        ready: new.ready.clone(),
        feed: new.feed.clone().expect("it is one of a message"),
    };
    Derived {
        message_id,
        events: append.events.iter().map(event).collect(),
        documents: append.documents.clone(),
        links: append.links.clone(),
    }
}

/// Two boxes with three messages of two events each, and what is kept of them.
async fn filled(fixture: &StoreFixture) -> Vec<(BoxId, Derived)> {
    let mut kept = Vec::new();
    for box_id in [fixture.box_id(), fixture.box_id()] {
        for _ in 0..3 {
            let message = fixture.message();
            let document =
                |counteragent| concerned("Contract", Direction::Inbound, counteragent, DepartmentId::ZERO);
            let events = vec![
                about(vec![document(fixture.box_id())], fixture.post(message)),
                about(vec![document(box_id), document(box_id)], fixture.patch(message)),
            ];
            let of_message = StreamAppend {
                links: vec![(fixture.document(), fixture.document())],
                ..stream(message, 0, events)
            };
            kept.push((box_id, derived(message, &of_message)));
            fixture.must(Append::new(box_id, vec![of_message])).await;
        }
    }
    kept
}

async fn compared(fixture: &StoreFixture, box_id: BoxId, derived: &Derived) -> Vec<Difference> {
    match fixture.store.compare(box_id, derived).await.expect("readable") {
        Compared::Differences(mut found) => {
            found.sort_unstable();
            found
        }
        Compared::Moved => panic!("nobody appended"),
    }
}

/// All boxes and all their messages are met, in order, and what was just written differs in nothing.
pub async fn what_was_written_is_what_should_be(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let kept = filled(&fixture).await;
    assert_eq!(fixture.store.count_messages().await.expect("readable"), 6);
    let mut met = Vec::new();
    let mut box_at = None;
    while let Some(box_id) = fixture.store.next_box(box_at).await.expect("readable") {
        let mut at = None;
        loop {
            let page = fixture.store.messages_behind(box_id, at, 2).await.expect("readable");
            let Some(last) = page.last() else { break };
            at = Some(*last);
            met.extend(page.into_iter().map(|message| (box_id, message)));
        }
        assert_eq!(fixture.store.compare_feed(box_id).await.expect("readable"), []);
        box_at = Some(box_id);
    }
    let mut expected: Vec<_> = kept.iter().map(|(box_id, it)| (*box_id, it.message_id)).collect();
    expected.sort_unstable();
    assert_eq!(met, expected);
    for (box_id, derived) in &kept {
        assert_eq!(compared(&fixture, *box_id, derived).await, []);
    }
}

/// What differs is told, is put right, and differs no more; filters and totals of the feed follow.
pub async fn what_differs_is_told_and_put_right(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut kept = filled(&fixture).await;
    let (box_id, derived) = &mut kept[1];
    let box_id = *box_id;
    let [first, second] = [0, 1].map(|nth: usize| derived.events[nth].id);
    let link = (DocumentRef { message_id: derived.message_id, ..fixture.document() }, fixture.document());
    derived.events[1].ready = Bytes::from_static(b"shown in another way");
    derived.events[0].feed.concerned[0].type_named_id = "Invoice".to_owned();
    derived.links.push(link);
    let expected = {
        let mut all = [Difference::Ready(second), Difference::Feed(first), Difference::Link(link.0)];
        all.sort_unstable();
        all
    };
    assert_eq!(compared(&fixture, box_id, derived).await, expected);
    // Comparing changes nothing.
    assert_eq!(compared(&fixture, box_id, derived).await, expected);
    let Compared::Differences(mut found) = fixture.store.put_right(box_id, derived).await.expect("written")
    else {
        panic!("nobody appended");
    };
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(compared(&fixture, box_id, derived).await, [Difference::Feed(first)]);
    let entries = [(first, derived.events[0].feed.clone())];
    fixture.store.put_feed_right(box_id, &entries).await.expect("written");
    assert_eq!(compared(&fixture, box_id, derived).await, []);
    assert_eq!(fixture.store.compare_feed(box_id).await.expect("readable"), []);

    let event = fixture.store.event(box_id, second).await.expect("readable").expect("it is there");
    assert_eq!(event.box_event, derived.events[1].ready);
    let types = |name: &str| FeedQuery {
        filter: FeedFilter { types: vec![name.to_owned()], ..FeedFilter::default() },
        ..query(box_id)
    };
    for (name, total) in [("Invoice", 1), ("Contract", 5)] {
        let page = fixture.page(types(name)).await;
        assert_eq!((page.total, page.events.len()), (total, total as usize), "{name}");
    }
    // The box goes on where it stood.
    let (_, appended) = fixture.posted(box_id).await;
    assert_eq!(fixture.keys(box_id).await.last().copied(), appended.keys().next());
    assert_eq!(fixture.store.compare_feed(box_id).await.expect("readable"), []);
    for (other, derived) in &kept {
        assert_eq!(compared(&fixture, *other, derived).await, []);
    }
}

/// A message to which somebody appended meanwhile is left alone.
pub async fn a_message_that_moved_is_left_alone(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut kept = filled(&fixture).await;
    let (box_id, derived) = &mut kept[0];
    fixture.must(append(*box_id, derived.message_id, 2, vec![fixture.patch(derived.message_id)])).await;
    derived.events[0].ready = Bytes::from_static(b"older");
    let before = fixture.feed(*box_id).await;
    assert_eq!(fixture.store.compare(*box_id, derived).await.expect("readable"), Compared::Moved);
    assert_eq!(fixture.store.put_right(*box_id, derived).await.expect("no error"), Compared::Moved);
    derived.events[1].id = EventId::from_uuid(fixture.message().uuid());
    assert_eq!(fixture.store.put_right(*box_id, derived).await.expect("no error"), Compared::Moved);
    assert_eq!(fixture.feed(*box_id).await, before);
}

/// All links of a box are met, each once, and those that are taken away are gone.
pub async fn links_are_listed_and_taken_away(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let kept = filled(&fixture).await;
    let store = &fixture.store;
    for box_id in [kept[0].0, kept[3].0] {
        assert_eq!(store.strays(Some(box_id)).await.expect("readable"), []);
        let mut met: Vec<KeptLink> = Vec::new();
        loop {
            let page = store.links_behind(box_id, met.last(), 2).await.expect("readable");
            if page.is_empty() {
                break;
            }
            met.extend(page);
        }
        let mut links: Vec<_> = met.iter().map(|it| it.link.expect("it names documents")).collect();
        links.sort_unstable();
        let of_box = kept.iter().filter(|(kept, _)| *kept == box_id);
        let mut expected: Vec<_> = of_box.flat_map(|(_, derived)| derived.links.clone()).collect();
        expected.sort_unstable();
        assert_eq!(links, expected);

        let stray = Stray { kind: StrayKind::Link, is_orphan: false, key: met[1].key.clone() };
        store.remove_strays(Some(box_id), &[stray]).await.expect("written");
        let left = store.links_behind(box_id, None, 10).await.expect("readable");
        assert_eq!(left, [met[0].clone(), met[2].clone()]);
    }
    assert_eq!(store.strays(None).await.expect("readable"), []);
}

/// One place is remembered, and forgotten.
pub async fn the_place_of_a_rebuild_is_remembered(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    assert_eq!(fixture.store.rebuild_place().await.expect("readable"), None);
    for messages in 0..3 {
        let place = RebuildPlace {
            box_id: fixture.box_id(),
            message_id: fixture.message(),
            messages,
            differences: messages * 2,
        };
        fixture.store.put_rebuild_place(Some(place)).await.expect("written");
        assert_eq!(fixture.store.rebuild_place().await.expect("readable"), Some(place));
    }
    fixture.store.put_rebuild_place(None).await.expect("written");
    assert_eq!(fixture.store.rebuild_place().await.expect("readable"), None);
}
