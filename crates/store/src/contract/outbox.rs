//! Deliveries: order, leases, settling.

use std::collections::BTreeSet;
use std::sync::Arc;

use potok_domain::Revision;
use potok_types::{BoxId, EventId, MessageId, Ticks};

use super::fixture::{Open, START, StoreFixture, append, made};
use crate::{Append, AppendError, Delivery, LeaseRequest, Leased, NewEvent, SettleError};

/// Posts a message with one event for each delivery.
async fn post_with_deliveries(
    fixture: &StoreFixture,
    box_id: BoxId,
    count: usize,
) -> (MessageId, Vec<EventId>) {
    let message = fixture.message();
    let mut events = vec![fixture.post(message)];
    events.extend((1..count).map(|_| fixture.patch(message)));
    let ids: Vec<_> = events.iter().map(|new| new.id).collect();
    let to = fixture.box_id();
    let events = events.into_iter().map(|new| NewEvent { deliver_to: vec![to], ..new });
    fixture.must(append(box_id, message, 0, events.collect())).await;
    (message, ids)
}

fn at(ticks: i64) -> Ticks {
    Ticks::new(START + ticks)
}

async fn lease(fixture: &StoreFixture, now: i64, until: i64) -> Vec<Leased> {
    hand_out(fixture, LeaseRequest::new(fixture.worker(), at(now), at(until), 100)).await
}

async fn hand_out(fixture: &StoreFixture, request: LeaseRequest) -> Vec<Leased> {
    fixture.store.lease_due(request).await.expect("no error")
}

fn events(leased: &[Leased]) -> Vec<EventId> {
    leased.iter().map(|leased| leased.delivery.event).collect()
}

/// Settles with an append that adds nothing.
async fn settle(fixture: &StoreFixture, leased: &Leased) -> Result<(), AppendError> {
    fixture.store.append(Append::settling(leased.token)).await.map(drop)
}

/// The next delivery of a message is handed out when the one before it is settled, not when it is tried.
pub async fn deliveries_of_a_message_go_one_at_a_time_in_order(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, ids) = post_with_deliveries(&fixture, box_id, 3).await;
    for (nth, id) in ids.iter().enumerate() {
        assert_eq!(fixture.store.pending().await.expect("readable"), 3 - nth as u64);
        let leased = lease(&fixture, 0, 10).await;
        assert_eq!(events(&leased), [*id]);
        let Delivery { from, stream, revision, .. } = leased[0].delivery;
        assert_eq!((from, stream, revision), (box_id, message.into(), Revision(nth as u32 + 1)));
        assert_eq!((leased[0].token.box_id, leased[0].token.attempt), (box_id, 1));
        assert!(lease(&fixture, 1, 10).await.is_empty());
        settle(&fixture, &leased[0]).await.expect("the lease is held");
    }
    assert!(lease(&fixture, 100, 200).await.is_empty());
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);

    // A queue that was empty takes deliveries again.
    let (one, other) = (fixture.box_id(), fixture.box_id());
    let patch = NewEvent { deliver_to: vec![one, other], ..fixture.patch(message) };
    let event = patch.id;
    fixture.must(append(box_id, message, 3, vec![patch])).await;
    for to in [one, other] {
        let leased = lease(&fixture, 0, 10).await;
        assert_eq!((leased.len(), leased[0].delivery.event, leased[0].delivery.to), (1, event, to));
        assert_eq!(leased[0].delivery.revision, Revision(4));
        settle(&fixture, &leased[0]).await.expect("the lease is held");
    }
}

/// Messages, and one message in two boxes, do not wait for each other.
pub async fn deliveries_of_different_messages_go_together(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (one, other) = (fixture.box_id(), fixture.box_id());
    let (message, first) = post_with_deliveries(&fixture, one, 2).await;
    let (_, second) = post_with_deliveries(&fixture, one, 2).await;
    let post = NewEvent { deliver_to: vec![fixture.box_id()], ..fixture.post(message) };
    fixture.must(append(other, message, 0, vec![post])).await;
    let leased = lease(&fixture, 0, 10).await;
    // Box by box, in the order of their ids.
    let of_one = if one < other { 0..2 } else { 1..3 };
    assert_eq!(events(&leased)[of_one], [first[0], second[0]]);
    assert!(events(&leased).contains(&message.first_event()));
    let tokens: BTreeSet<_> = leased.iter().map(|it| (it.token.box_id, it.token.delivery)).collect();
    assert_eq!(tokens.len(), 3);
}

/// A small hand takes the oldest.
pub async fn oldest_deliveries_go_first(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let mut planned = Vec::new();
    for _ in 0..7 {
        planned.extend(post_with_deliveries(&fixture, box_id, 1).await.1);
    }
    let mut taken = Vec::new();
    for limit in [2, 1, 0, 3, 10] {
        let leased = hand_out(&fixture, LeaseRequest::new(fixture.worker(), at(0), at(10), limit)).await;
        assert!(leased.len() <= limit);
        taken.extend(events(&leased));
    }
    assert_eq!(taken, planned);
}

/// However much one box sends, what others send is handed out beside it, and whose turn was last waits longest.
pub async fn boxes_share_the_hands_of_a_worker(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let mut boxes = [fixture.box_id(), fixture.box_id(), fixture.box_id()];
    boxes.sort();
    let [flood, second, third] = boxes;
    for _ in 0..9 {
        post_with_deliveries(&fixture, flood, 1).await;
    }
    for box_id in [second, second, third] {
        post_with_deliveries(&fixture, box_id, 1).await;
    }
    let mut request = LeaseRequest::new(fixture.worker(), at(0), at(10), 8);
    let leased = hand_out(&fixture, request.clone()).await;
    let from = |leased: &[Leased]| leased.iter().map(|leased| leased.delivery.from).collect::<Vec<_>>();
    assert_eq!(from(&leased), [flood, flood, flood, flood, second, second, third]);
    // Nothing of the flood while as much of it is held as is free.
    request.free = 4;
    request.take(flood, 0);
    request.held.insert(flood, 4);
    assert_eq!(from(&hand_out(&fixture, request.clone()).await), []);
    // One is done, and its place is filled. The box behind the last one would have come first.
    post_with_deliveries(&fixture, third, 1).await;
    request.held.insert(flood, 3);
    request.free = 5;
    assert_eq!(from(&hand_out(&fixture, request.clone()).await), [third, flood]);
    // The last box of all comes around to the first.
    request = LeaseRequest { after: third, ..LeaseRequest::new(fixture.worker(), at(0), at(10), 1) };
    assert_eq!(from(&hand_out(&fixture, request).await), [flood]);
}

/// As long as it is renewed, nobody else gets it; who lost it cannot renew it.
pub async fn a_lease_is_renewed_by_its_holder(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    post_with_deliveries(&fixture, fixture.box_id(), 1).await;
    let leased = lease(&fixture, 0, 10).await;
    fixture.store.renew(leased[0].token, at(20)).await.expect("the lease is held");
    assert!(lease(&fixture, 15, 25).await.is_empty());
    let taken = lease(&fixture, 20, 30).await;
    let refused = fixture.store.renew(leased[0].token, at(40)).await;
    assert!(matches!(refused, Err(SettleError::LeaseLost)), "{refused:?}");
    settle(&fixture, &taken[0]).await.expect("the lease is held");
    let refused = fixture.store.renew(taken[0].token, at(40)).await;
    assert!(matches!(refused, Err(SettleError::LeaseLost)), "settled: {refused:?}");
}

/// What a dead worker had is due at once. What waits for its time or behind another one goes on waiting.
pub async fn leases_of_the_dead_are_freed(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (_, ids) = post_with_deliveries(&fixture, box_id, 2).await;
    let (_, given_back) = post_with_deliveries(&fixture, box_id, 1).await;
    let leased = lease(&fixture, 0, 100).await;
    assert_eq!(events(&leased), [ids[0], given_back[0]]);
    fixture.store.retry_at(leased[1].token, at(50), "later").await.expect("the lease is held");
    assert_eq!(fixture.store.free_leases().await.expect("writable"), 1);
    assert_eq!(fixture.store.free_leases().await.expect("writable"), 0);
    let refused = settle(&fixture, &leased[0]).await;
    assert!(matches!(refused, Err(AppendError::LeaseLost)), "{refused:?}");
    let again = lease(&fixture, 1, 10).await;
    assert_eq!((events(&again), again[0].token.attempt), (vec![ids[0]], 2));
}

/// Nobody else gets a delivery before the lease ends, and it can be settled until somebody does.
pub async fn a_lease_holds_until_its_end(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    post_with_deliveries(&fixture, fixture.box_id(), 1).await;
    let leased = lease(&fixture, 0, 10).await;
    for now in [0, 5, 9] {
        assert!(lease(&fixture, now, now + 10).await.is_empty(), "at {now}");
    }
    settle(&fixture, &leased[0]).await.expect("late, but nobody else has it");
    assert!(lease(&fixture, 100, 110).await.is_empty());
}

/// After its end the delivery goes to the next worker, with a new number; the first one can do nothing more.
pub async fn an_expired_lease_is_taken_again_and_the_old_one_is_refused(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (_, ids) = post_with_deliveries(&fixture, fixture.box_id(), 2).await;
    let old = lease(&fixture, 0, 10).await;
    let new = lease(&fixture, 11, 20).await;
    assert_eq!(events(&new), [ids[0]]);
    assert_eq!(new[0].token.delivery, old[0].token.delivery);
    assert_eq!((old[0].token.attempt, new[0].token.attempt), (1, 2));

    let refused = settle(&fixture, &old[0]).await;
    assert!(matches!(refused, Err(AppendError::LeaseLost)), "{refused:?}");
    let refused = fixture.store.retry_at(old[0].token, at(0), "late").await;
    assert!(matches!(refused, Err(SettleError::LeaseLost)), "{refused:?}");
    settle(&fixture, &new[0]).await.expect("the lease is held");
    let refused = settle(&fixture, &new[0]).await;
    assert!(matches!(refused, Err(AppendError::LeaseLost)), "settled twice: {refused:?}");
    assert_eq!(events(&lease(&fixture, 21, 30).await), [ids[1]]);
}

/// Given back, it is nobody's until its time, those behind it wait with it, and the token is worth nothing.
pub async fn a_delivery_given_back_waits_for_its_time(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (_, ids) = post_with_deliveries(&fixture, fixture.box_id(), 2).await;
    let leased = lease(&fixture, 0, 10).await;
    fixture
        .store
        .retry_at(leased[0].token, at(50), "the other side sleeps")
        .await
        .expect("the lease is held");
    for refused in [
        matches!(settle(&fixture, &leased[0]).await, Err(AppendError::LeaseLost)),
        matches!(fixture.store.retry_at(leased[0].token, at(60), "again").await, Err(SettleError::LeaseLost)),
    ] {
        assert!(refused);
    }
    assert!(lease(&fixture, 49, 60).await.is_empty());
    let again = lease(&fixture, 50, 60).await;
    assert_eq!(events(&again), [ids[0]]);
    assert_eq!(again[0].token.attempt, 2);
    settle(&fixture, &again[0]).await.expect("the lease is held");
    assert_eq!(events(&lease(&fixture, 50, 60).await), [ids[1]]);
}

/// What the sender is told and the end of the delivery are written together.
pub async fn settling_is_part_of_the_append(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = post_with_deliveries(&fixture, box_id, 1).await;
    let leased = lease(&fixture, 0, 10).await;
    let report = append(box_id, message, 1, vec![fixture.patch(message)]);
    fixture.must(Append { settles: Some(leased[0].token), ..report }).await;
    assert_eq!(fixture.events(box_id, message).await.len(), 2);
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);
}

/// A worker that lost its lease leaves no trace, whatever it wanted to write.
pub async fn an_append_with_a_lost_lease_writes_nothing(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = post_with_deliveries(&fixture, box_id, 1).await;
    let lost = lease(&fixture, 0, 10).await[0].token;
    lease(&fixture, 20, 30).await;
    let (operation, patch) = (fixture.operation(), fixture.patch(message));
    let refused = fixture
        .store
        .append(Append {
            settles: Some(lost),
            operation: Some(made(&operation, &patch)),
            ..append(box_id, message, 1, vec![patch])
        })
        .await;
    assert!(matches!(refused, Err(AppendError::LeaseLost)), "{refused:?}");
    assert_eq!(fixture.events(box_id, message).await.len(), 1);
    assert_eq!(fixture.feed(box_id).await.len(), 1);
    assert_eq!(fixture.store.operation(box_id, &operation).await.expect("readable"), None);
    assert_eq!(fixture.store.pending().await.expect("readable"), 1);
}

/// Stale: the delivery is not done either, and the worker still holds it.
pub async fn a_refused_append_settles_nothing(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (message, _) = post_with_deliveries(&fixture, box_id, 1).await;
    let leased = lease(&fixture, 0, 10).await;
    let stale = append(box_id, message, 7, vec![fixture.patch(message)]);
    let refused = fixture.store.append(Append { settles: Some(leased[0].token), ..stale }).await;
    assert!(matches!(refused, Err(AppendError::Stale { .. })), "{refused:?}");
    assert_eq!(fixture.store.pending().await.expect("readable"), 1);
    settle(&fixture, &leased[0]).await.expect("the lease is held");
    assert_eq!(fixture.store.pending().await.expect("readable"), 0);
}

/// Many workers at once: each delivery is done exactly once, and those of a message in order.
pub async fn racing_workers_never_share_a_delivery(open: impl Open) {
    const MESSAGES: usize = 20;
    let fixture = Arc::new(StoreFixture::new(open).await);
    let box_id = fixture.box_id();
    let mut planned = Vec::new();
    for _ in 0..MESSAGES {
        planned.push(post_with_deliveries(&fixture, box_id, 3).await.1);
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let fixture = Arc::clone(&fixture);
            tokio::spawn(async move {
                let mut done = Vec::new();
                let mut rounds = 0;
                while fixture.store.pending().await.expect("readable") > 0 {
                    let worker = fixture.worker();
                    let leased = hand_out(&fixture, LeaseRequest::new(worker, at(0), at(10), 3)).await;
                    for leased in leased {
                        settle(&fixture, &leased).await.expect("the lease is held");
                        done.push((leased.token.delivery, leased.delivery.event));
                    }
                    rounds += 1;
                    assert!(rounds < 20_000, "some delivery is never handed out");
                    tokio::task::yield_now().await;
                }
                done
            })
        })
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.expect("the worker is well"));
    }
    done.sort();
    assert_eq!(
        done.into_iter().map(|(_, event)| event).collect::<Vec<_>>(),
        planned.into_iter().flatten().collect::<Vec<_>>()
    );
}
