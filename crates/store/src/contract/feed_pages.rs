//! Paging without filters.

use potok_domain::MessageType;
use potok_types::limits::FEED_PAGE_BYTES;
use potok_types::{BoxId, EventId, IndexKey};

use super::fixture::{Open, START, StoreFixture, append, query};
use crate::{FeedEvent, FeedQuery};
use potok_domain::query::{FeedFilter, FeedOrder};

const ORDERS: [FeedOrder; 2] = [FeedOrder::Ascending, FeedOrder::Descending];

/// A box with `count` events of messages of one to four events, and gaps between the keys now and then. With another
/// box's events in between.
async fn filled(fixture: &StoreFixture, count: usize) -> BoxId {
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let mut written = 0;
    while written < count {
        let message = fixture.message();
        let of_message = (1 + fixture.below(4)).min(count - written);
        let events = (0..of_message)
            .map(|nth| if nth == 0 { fixture.post(message) } else { fixture.patch(message) })
            .collect();
        fixture.must(append(box_id, message, 0, events)).await;
        fixture.posted(other).await;
        written += of_message;
        if fixture.below(3) == 0 {
            fixture.clock.advance(fixture.below(50) as i64);
        }
    }
    box_id
}

/// A box that never had an event, or is not known at all, has an empty feed.
pub async fn an_empty_feed_is_an_empty_page(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    fixture.posted(fixture.box_id()).await;
    for order in ORDERS {
        for after in
            [None, Some(IndexKey::new(START)), Some(IndexKey::new(i64::MAX)), Some(IndexKey::new(i64::MIN))]
        {
            let page = fixture.page(FeedQuery { after, order, ..query(box_id) }).await;
            assert_eq!((page.events.len(), page.total, page.is_exact), (0, 0, true));
        }
    }
    assert_eq!(fixture.store.last(box_id, &FeedFilter::default()).await.expect("readable"), None);
}

/// Pages of every size, in both orders, put together are the whole feed.
pub async fn pages_of_any_size_make_the_whole_feed(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = filled(&fixture, 150).await;
    let whole = fixture.feed_by(box_id, FeedOrder::Ascending, 1000).await;
    assert_eq!(whole.len(), 150);
    assert!(whole.is_sorted_by(|a, b| a.key < b.key));
    let mut backwards = whole.clone();
    backwards.reverse();
    for limit in [1, 2, 3, 7, 49, 50, 75, 99, 100, 149, 150, 151] {
        assert_eq!(fixture.feed_by(box_id, FeedOrder::Ascending, limit).await, whole, "{limit}");
        assert_eq!(fixture.feed_by(box_id, FeedOrder::Descending, limit).await, backwards, "{limit}");
    }
    let last = fixture.store.last(box_id, &FeedFilter::default()).await.expect("readable");
    assert_eq!(last.as_ref(), whole.last());
}

fn behind(whole: &[FeedEvent], after: Option<IndexKey>, order: FeedOrder) -> Vec<FeedEvent> {
    let is_behind = |event: &&FeedEvent| match (after, order) {
        (None, _) => true,
        (Some(after), FeedOrder::Ascending) => event.key > after,
        (Some(after), FeedOrder::Descending) => event.key < after,
    };
    let mut behind: Vec<_> = whole.iter().filter(is_behind).cloned().collect();
    if order == FeedOrder::Descending {
        behind.reverse();
    }
    behind
}

/// A bookmark is a place, whether an event stands there or not, before the first event and after the last one.
pub async fn any_bookmark_is_a_position(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = filled(&fixture, 40).await;
    let whole = fixture.feed(box_id).await;
    let mut bookmarks: Vec<_> = [i64::MIN, 0, START - 1, i64::MAX].into_iter().map(IndexKey::new).collect();
    for event in &whole {
        let key = event.key.get();
        bookmarks.extend([key - 1, key, key + 1].map(IndexKey::new));
    }
    for order in ORDERS {
        for after in bookmarks.iter().copied().map(Some).chain([None]) {
            let expected = behind(&whole, after, order);
            let page = fixture.page(FeedQuery { after, order, limit: 7, ..query(box_id) }).await;
            let len = expected.len().min(7);
            assert_eq!(page.events, expected[..len], "{order:?} after {after:?}");
            assert_eq!(
                (page.total, page.is_exact),
                (expected.len() as u64, true),
                "{order:?} after {after:?}"
            );
        }
    }
}

/// The total covers what is behind the bookmark, and says when it stopped counting; with kinds of messages too.
pub async fn the_total_counts_what_is_behind_the_bookmark(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let kinds = [MessageType::Letter, MessageType::Draft, MessageType::Template];
    let mut written = Vec::new();
    for _ in 0..60 {
        let message = fixture.message();
        let kind = *fixture.pick(&kinds);
        let appended = fixture.must(append(box_id, message, 0, vec![fixture.post_of(message, kind)])).await;
        written.extend(appended.keys().map(|key| (key, kind)));
    }
    for message_types in
        [vec![], vec![kinds[0]], vec![kinds[1]], vec![kinds[2]], vec![kinds[0], kinds[1]], kinds.to_vec()]
    {
        for bookmark in [None, Some(0), Some(17), Some(58), Some(59)] {
            for order in ORDERS {
                let after = bookmark.map(|at: usize| written[at].0);
                let expected = written
                    .iter()
                    .filter(|(key, kind)| {
                        let is_behind = after.is_none_or(|after| match order {
                            FeedOrder::Ascending => *key > after,
                            FeedOrder::Descending => *key < after,
                        });
                        is_behind && (message_types.is_empty() || message_types.contains(kind))
                    })
                    .count() as u64;
                for count_up_to in [0, 1, expected.saturating_sub(1), expected, expected + 1, 100_000] {
                    let filter = FeedFilter { message_types: message_types.clone(), ..FeedFilter::default() };
                    let page = fixture.page(FeedQuery {
                        after,
                        order,
                        limit: 5,
                        filter,
                        count_up_to,
                        ..query(box_id)
                    });
                    let page = page.await;
                    let what = format!("{message_types:?} {order:?} {bookmark:?} up to {count_up_to}");
                    assert_eq!(page.total, expected.min(count_up_to), "{what}");
                    assert_eq!(page.is_exact, expected <= count_up_to, "{what}");
                    assert_eq!(page.events.len() as u64, expected.min(5), "{what}");
                }
            }
        }
    }
}

/// First and later events are found by id in their box.
pub async fn an_event_is_found_by_its_id(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = filled(&fixture, 20).await;
    for event in fixture.feed(box_id).await {
        let found = fixture.store.event(box_id, event.event_id).await.expect("readable");
        assert_eq!(found, Some(event.clone()));
        assert_eq!(fixture.store.event(fixture.box_id(), event.event_id).await.expect("readable"), None);
    }
    let unknown = EventId::from_uuid(fixture.message().uuid());
    assert_eq!(fixture.store.event(box_id, unknown).await.expect("readable"), None);
}

/// A page of events ends before its ready bytes get too many; an event that is larger than a page stands alone. Whoever goes on
/// where a page ended gets the rest.
pub async fn a_page_ends_by_its_bytes(open: impl Open) {
    const MIB: usize = 1 << 20;
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    // The second page is full to the last byte; no chunk in which a store reads ends where a page does.
    let sizes = [3 * MIB, 3 * MIB, 3 * MIB, 5 * MIB, 1, 9 * MIB, MIB, MIB / 2];
    for size in sizes {
        let message = fixture.message();
        let mut new = fixture.post(message);
        new.ready = vec![7; size].into();
        fixture.must(append(box_id, message, 0, vec![new])).await;
    }
    for order in ORDERS {
        let mut expected = sizes.to_vec();
        if order == FeedOrder::Descending {
            expected.reverse();
        }
        let (mut after, mut pages) = (None, Vec::new());
        loop {
            let page = fixture.page(FeedQuery { after, order, ..query(box_id) }).await;
            let Some(last) = page.events.last() else { break };
            after = Some(last.key);
            pages.push(page.events.iter().map(|event| event.box_event.len()).collect::<Vec<_>>());
        }
        assert_eq!(pages.concat(), expected, "{order:?}");
        let mut next = pages.iter().skip(1).map(|page| page[0]);
        for page in &pages {
            let bytes: usize = page.iter().sum();
            assert!(page.len() == 1 || bytes <= FEED_PAGE_BYTES, "{order:?} {page:?}");
            let more = next.next();
            assert!(more.is_none_or(|more| bytes + more > FEED_PAGE_BYTES), "a page is as full as it may be");
        }
    }
}
