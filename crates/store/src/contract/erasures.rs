//! Messages that are erased.

use potok_domain::Revision;
use potok_domain::erasure::{ErasedMessage, ErasureChange, ErasureEvent, ErasureOrder};
use potok_types::{BoxId, ContentHash, Entropy as _, EventId, IndexKey, MessageId, Ticks};

use super::contents::naming;
use super::fixture::{Open, START, StoreFixture, append, made, query, stream};
use crate::stored::decode_erasure_event;
use crate::{
    Append, AppendError, ErasureStep, LeaseRequest, NewEvent, SmallContent, StreamAppend, StreamId,
    StreamKind, Wanted,
};

/// An act on its way.
struct Act<'a> {
    fixture: &'a StoreFixture,
    step: ErasureStep,
}

impl<'a> Act<'a> {
    async fn begin(fixture: &'a StoreFixture, box_id: BoxId) -> Self {
        let id = EventId::from_uuid(fixture.ids.uuid());
        let order = ErasureOrder {
            before: fixture.now(),
            with_unfinished: false,
            by: "Архив".to_owned(),
            reason: "срок истёк".to_owned(),
        };
        let event = ErasureEvent { id, at: fixture.now(), change: ErasureChange::Begun(order) };
        let stream = StreamId::erasure(id);
        let begun = StreamAppend::new(stream, Revision(0), vec![NewEvent::of_erasure(stream, &event)]);
        fixture.must(Append::new(box_id, vec![begun])).await;
        let (at, expected) = (fixture.now(), Revision(1));
        Self { fixture, step: ErasureStep { box_id, act: id, expected, event: id, at } }
    }

    fn next(&self) -> ErasureStep {
        ErasureStep { event: EventId::from_uuid(self.fixture.ids.uuid()), ..self.step }
    }

    async fn erase(&mut self, messages: &[(MessageId, Revision)]) -> Vec<ErasedMessage> {
        let erased = self.fixture.store.erase(self.next(), messages).await.expect("nothing against it");
        self.step.expected.0 += u32::from(!erased.is_empty());
        erased
    }

    async fn end(&self) {
        self.fixture.store.end_erasure(self.next(), 0).await.expect("nothing against it");
    }

    /// What its events say.
    async fn told(&self) -> Vec<ErasureEvent> {
        let found = self.fixture.store.streams(self.step.box_id, &[Wanted::all(self.step.stream())]).await;
        let stored = found.expect("readable").into_iter().flatten().flatten();
        stored.map(|stored| decode_erasure_event(&stored).expect("readable")).collect()
    }
}

/// Messages are found by the place of their last event, in order, page by page; those that have something to deliver are told.
pub async fn old_messages_are_found_by_their_last_event(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let (first, _) = fixture.posted(box_id).await;
    let (second, _) = fixture.posted(box_id).await;
    fixture.posted(other).await;
    let third = fixture.message();
    let post = NewEvent { deliver_to: vec![other], ..fixture.post(third) };
    fixture.must(append(box_id, third, 0, vec![post])).await;
    fixture.must(append(box_id, first, 1, vec![fixture.patch(first)])).await;
    fixture.clock.advance(1000);
    let border = fixture.now();
    fixture.posted(box_id).await;
    fixture.must(append(box_id, second, 1, vec![fixture.patch(second)])).await;

    let all = fixture.store.erasable(box_id, IndexKey::new(0), border, 100).await.expect("readable");
    let found: Vec<_> = all.iter().map(|it| (it.message_id, it.revision.0, it.is_to_be_delivered)).collect();
    assert_eq!(found, [(third, 1, true), (first, 2, false)], "the second one has a later event");
    let mut by_one = Vec::new();
    let mut after = IndexKey::new(0);
    loop {
        let page = fixture.store.erasable(box_id, after, border, 1).await.expect("readable");
        let Some(last) = page.last() else { break };
        after = last.last;
        by_one.extend(page);
    }
    assert_eq!(by_one, all);
    let later = Ticks::new(START + 1_000_000);
    let found = fixture.store.erasable(box_id, IndexKey::new(0), later, 100).await.expect("readable");
    assert_eq!(found.len(), 4);
}

/// Nothing of the box shows an erased message any more, the rest is as it was, and totals are right when the act is ended.
pub async fn erased_messages_are_gone_for_all_readers(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let operation = fixture.operation();
    let first = fixture.message();
    let post = fixture.post(first);
    let of_first = append(box_id, first, 0, vec![post.clone(), fixture.patch(first)]);
    fixture.must(Append { operation: Some(made(&operation, &post)), ..of_first }).await;
    let (second, _) = fixture.posted(box_id).await;
    fixture.must(append(other, first, 0, vec![fixture.post(first)])).await;
    let link = |message: MessageId| potok_domain::DocumentRef { message_id: message, ..fixture.document() };
    let (base, referrer) = (link(first), link(second));
    let links =
        StreamAppend { links: vec![(referrer, base)], ..stream(second, 1, vec![fixture.patch(second)]) };
    fixture.must(Append::new(box_id, vec![links])).await;
    let kept: Vec<IndexKey> = fixture.keys(box_id).await.split_off(2);

    let mut act = Act::begin(&fixture, box_id).await;
    let erased = act.erase(&[(first, Revision(2))]).await;
    assert_eq!(erased.iter().map(|it| (it.message_id, it.events)).collect::<Vec<_>>(), [(first, 2)]);
    assert!(fixture.events(box_id, first).await.is_empty());
    assert_eq!(fixture.store.revision(box_id, first.into()).await.expect("readable"), Revision(0));
    assert_eq!(fixture.keys(box_id).await, kept, "the feed goes on behind the gap");
    let event = fixture.store.event(box_id, first.first_event()).await.expect("readable");
    assert_eq!(event, None);
    assert_eq!(fixture.events(other, first).await.len(), 1, "the other side has its own");

    act.end().await;
    assert!(fixture.store.referrers(box_id, &[base]).await.expect("readable").is_empty());
    assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), None);
    assert_eq!(fixture.page(query(box_id)).await.total, 2);
    assert!(fixture.store.compare_feed(box_id).await.expect("readable").is_empty());
    assert!(fixture.store.strays(Some(box_id)).await.expect("readable").is_empty());
    let told = act.told().await;
    let changes: Vec<&ErasureChange> = told.iter().map(|event| &event.change).collect();
    let [ErasureChange::Begun(_), ErasureChange::Erased(said), ErasureChange::Ended { .. }] = changes[..]
    else {
        panic!("{changes:?}")
    };
    assert_eq!(*said, erased);

    // Keys and totals go on where they were.
    fixture.posted(box_id).await;
    let page = fixture.page(query(box_id)).await;
    assert_eq!((page.total, page.events.len()), (3, 3));
    assert!(page.events[2].key > kept[1]);
    assert!(fixture.store.compare_feed(box_id).await.expect("readable").is_empty());
    let acts = fixture.store.stream_ids(box_id, StreamKind::ERASURE, uuid::Uuid::nil(), 10).await;
    assert_eq!(acts.expect("readable"), [act.step.act.uuid()]);
}

/// What got another event, has something to deliver, or was erased before, is left alone; and an act that somebody else has gone on
/// with writes nothing.
pub async fn what_moved_is_not_erased(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let (moved, _) = fixture.posted(box_id).await;
    fixture.must(append(box_id, moved, 1, vec![fixture.patch(moved)])).await;
    let waiting = fixture.message();
    let post = NewEvent { deliver_to: vec![other], ..fixture.post(waiting) };
    fixture.must(append(box_id, waiting, 0, vec![post])).await;
    let (old, _) = fixture.posted(box_id).await;
    let wanted = [(moved, Revision(1)), (waiting, Revision(1)), (old, Revision(1))];

    let mut act = Act::begin(&fixture, box_id).await;
    let late = ErasureStep { expected: Revision(7), ..act.next() };
    let refused = fixture.store.erase(late, &wanted).await;
    assert!(matches!(refused, Err(AppendError::Stale { found: Revision(1), .. })), "{refused:?}");
    assert!(matches!(fixture.store.end_erasure(late, 0).await, Err(AppendError::Stale { .. })));
    assert_eq!(fixture.keys(box_id).await.len(), 4);

    let erased = act.erase(&wanted).await;
    assert_eq!(erased.iter().map(|it| it.message_id).collect::<Vec<_>>(), [old]);
    assert!(act.erase(&wanted).await.is_empty(), "nothing is left");
    assert_eq!(act.told().await.len(), 2, "and nothing is written about that");
    assert_eq!(fixture.events(box_id, moved).await.len(), 2);

    let now = fixture.now();
    let until = Ticks::new(now.get() + 10);
    let request = LeaseRequest::new(fixture.worker(), now, until, 1);
    let leased = fixture.store.lease_due(request).await.expect("readable");
    fixture.must(Append::settling(leased[0].token)).await;
    let erased = act.erase(&wanted).await;
    assert_eq!(erased.iter().map(|it| it.message_id).collect::<Vec<_>>(), [waiting], "it is delivered now");
    act.end().await;
}

/// A message that was erased does not come back: neither with a late event nor from the start.
pub async fn an_erased_message_takes_no_more_events(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = fixture.posted(box_id).await;
    let mut act = Act::begin(&fixture, box_id).await;
    act.erase(&[(message, Revision(1))]).await;
    act.end().await;
    for (expected, event) in [(0, fixture.post(message)), (1, fixture.patch(message))] {
        let refused = fixture.store.append(append(box_id, message, expected, vec![event])).await;
        assert!(
            matches!(&refused, Err(AppendError::Erased(stream)) if *stream == message.into()),
            "{refused:?}"
        );
    }
    assert!(fixture.keys(box_id).await.is_empty());
    fixture.posted(box_id).await;
}

/// Contents that nothing of the box names any more go; what other messages, or other boxes, name stays.
pub async fn contents_of_erased_messages_go_unless_they_are_named(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let hash = |text: &str| ContentHash::of(text.as_bytes());
    let small = |text: &str| SmallContent { hash: hash(text), bytes: text.to_owned().into() };
    let post = async |box_id, texts: &[&str]| {
        let message = fixture.message();
        let post = naming(&fixture, &fixture.post(message), texts);
        let contents =
            texts.iter().filter(|text| !text.starts_with("large")).map(|text| small(text)).collect();
        let of_message = StreamAppend { contents, ..stream(message, 0, vec![post]) };
        fixture.must(Append::new(box_id, vec![of_message])).await;
        message
    };
    let old = post(box_id, &["mine", "shared", "large mine", "large shared", "large of both"]).await;
    post(box_id, &["shared", "large shared"]).await;
    post(other, &["mine", "large of both"]).await;
    while !fixture.store.note_content_names(2).await.expect("writable") {}

    let mut act = Act::begin(&fixture, box_id).await;
    act.erase(&[(old, Revision(1))]).await;
    let (mut small_ones, mut large_ones) = (0, Vec::new());
    loop {
        let settled = fixture.store.settle_contents(box_id, 2).await.expect("writable");
        if settled.seen == 0 {
            break;
        }
        small_ones += settled.small;
        large_ones.extend(settled.large);
    }
    act.end().await;
    large_ones.sort_unstable();
    let mut expected = ["large mine", "large of both"].map(hash);
    expected.sort_unstable();
    assert_eq!((small_ones, &large_ones[..]), (1, &expected[..]));
    let unnamed = fixture.store.unnamed_contents(&expected).await.expect("readable");
    assert_eq!(unnamed, [hash("large mine")], "another box has the other one");
    let kept = async |box_id| {
        let found = fixture.store.small_contents(box_id, &["mine", "shared"].map(hash)).await;
        found.expect("readable").len()
    };
    assert_eq!((kept(box_id).await, kept(other).await), (1, 1));
    // What is named anew while nobody looks is there.
    post(box_id, &["mine"]).await;
    assert_eq!(kept(box_id).await, 2);
    let settled = fixture.store.settle_contents(box_id, 100).await.expect("writable");
    assert_eq!(settled.seen, 0);
}
