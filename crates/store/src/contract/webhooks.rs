//! Webhooks of boxes.

use potok_domain::webhook::{
    Attempt, NotTaken, OldSecret, Progress, SECRET_BYTES, Webhook, WebhookId, WebhookSecret, WebhookState,
    WebhookTerms,
};
use potok_types::{BoxId, Entropy as _, EventId, IndexKey, Ticks};
use uuid::Uuid;

use super::fixture::{Open, START, StoreFixture};
use crate::{WebhookCounts, WebhookLease};

const MOST: usize = 3;

fn at(seconds: i64) -> Ticks {
    Ticks::new(START).plus_seconds(seconds)
}

fn webhook(fixture: &StoreFixture, box_id: BoxId, nth: u8) -> Webhook {
    let secret = |number| WebhookSecret([number; SECRET_BYTES]);
    let old = |number: u8| OldSecret { secret: secret(100 + number), until: at(i64::from(number)) };
    Webhook {
        box_id,
        id: WebhookId(fixture.ids.uuid()),
        made_at: at(i64::from(nth)),
        terms: WebhookTerms {
            url: format!("https://receiver.example/{nth}?ящик"),
            secret: secret(nth),
            old_secrets: (0..nth).map(old).collect(),
            user: fixture.user(),
            department: (nth > 0).then(|| fixture.department()),
        },
        progress: Progress::from(IndexKey::new(START), at(0)),
        turn: 0,
    }
}

async fn added(fixture: &StoreFixture, box_id: BoxId, nth: u8) -> Webhook {
    let webhook = webhook(fixture, box_id, nth);
    assert!(fixture.store.add_webhook(&webhook, MOST).await.expect("writable"));
    webhook
}

async fn read(fixture: &StoreFixture, webhook: &Webhook) -> Option<Webhook> {
    fixture.store.webhook(webhook.box_id, webhook.id).await.expect("readable")
}

const fn lease_of(webhook: &Webhook) -> WebhookLease {
    WebhookLease { box_id: webhook.box_id, id: webhook.id, turn: webhook.turn }
}

/// Webhooks come back as they were put, so many of a box at most, and are changed once in each turn.
pub async fn webhooks_are_kept_by_box_and_changed_one_turn_at_a_time(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let mut all = Vec::new();
    for nth in [2, 0, 1] {
        all.push(added(&fixture, box_id, nth).await);
    }
    let one_more = webhook(&fixture, box_id, 3);
    assert!(!fixture.store.add_webhook(&one_more, MOST).await.expect("writable"), "the box has three");
    let of_other = added(&fixture, other, 0).await;
    all.sort_by_key(|it| it.made_at);
    assert_eq!(fixture.store.webhooks(box_id).await.expect("readable"), all);
    assert_eq!(fixture.store.webhooks(other).await.expect("readable"), std::slice::from_ref(&of_other));
    assert_eq!(fixture.store.webhook(other, all[0].id).await.expect("readable"), None);

    let broken = Progress {
        state: WebhookState::Broken("нет ответа".to_owned()),
        failures: 7,
        failing_since: Some(at(3)),
        ..all[0].progress.clone()
    };
    let next = Webhook { terms: all[2].terms.clone(), progress: broken, turn: 1, ..all[0].clone() };
    let late = Webhook { terms: all[1].terms.clone(), ..next.clone() };
    for (change, is_written) in [(&next, true), (&next, false), (&late, false), (&one_more, false)] {
        assert_eq!(fixture.store.change_webhook(change).await.expect("writable"), is_written);
    }
    assert_eq!(read(&fixture, &next).await.as_ref(), Some(&next));
    let paused = Progress { state: WebhookState::Paused, ..all[1].progress.clone() };
    let paused = Webhook { progress: paused, turn: 1, ..all[1].clone() };
    assert!(fixture.store.change_webhook(&paused).await.expect("writable"));
    let counts = WebhookCounts { active: 2, paused: 1, broken: 1 };
    assert_eq!(fixture.store.count_webhooks().await.expect("readable"), counts);

    assert!(fixture.store.remove_webhook(box_id, next.id).await.expect("writable"));
    assert!(!fixture.store.remove_webhook(box_id, next.id).await.expect("writable"));
    assert!(!fixture.store.remove_webhook(other, paused.id).await.expect("writable"));
    assert_eq!(read(&fixture, &next).await, None);
    assert_eq!(fixture.store.webhooks(box_id).await.expect("readable"), [paused, all[2].clone()]);
    assert!(fixture.store.add_webhook(&one_more, MOST).await.expect("writable"), "there is room again");
}

/// Those wait that are active and due, and whose own box has events behind their position.
pub async fn webhooks_wait_when_their_box_has_events(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let (box_id, other) = (fixture.box_id(), fixture.box_id());
    let (one, two) = (added(&fixture, box_id, 0).await, added(&fixture, box_id, 1).await);
    let of_other = added(&fixture, other, 0).await;
    let waiting = async |of: Option<BoxId>, seconds: i64, limit: usize| {
        fixture.store.waiting_webhooks(of, at(seconds), limit).await.expect("readable")
    };
    let mut boxes = vec![box_id, other];
    boxes.sort_unstable();
    assert_eq!(fixture.store.boxes_with_webhooks().await.expect("readable"), boxes);
    assert_eq!(waiting(None, 0, 9).await, []);
    fixture.clock.advance(1);
    fixture.posted(box_id).await;
    let mut of_box = vec![(box_id, one.id), (box_id, two.id)];
    of_box.sort_unstable();
    assert_eq!(waiting(None, 0, 9).await, of_box);
    assert_eq!(waiting(Some(box_id), 0, 9).await, of_box);
    assert_eq!(waiting(Some(box_id), 0, 1).await, of_box[..1]);
    assert_eq!(waiting(Some(other), 0, 9).await, []);
    assert_eq!(waiting(None, -1, 9).await, [], "they are not due");
    fixture.posted(other).await;
    assert_eq!(waiting(None, 0, 9).await.len(), 3);

    // One is stopped, one has come to the end, and one pauses.
    let stopped = Progress { state: WebhookState::Paused, ..one.progress.clone() };
    let stopped = Webhook { progress: stopped, turn: 1, ..one };
    let end = *fixture.keys(box_id).await.last().expect("an event");
    let at_end = Webhook { progress: Progress::from(end, at(0)), turn: 1, ..two };
    let pausing = Progress::from(of_other.progress.position, at(60));
    let pausing = Webhook { progress: pausing, turn: 1, ..of_other };
    for changed in [&stopped, &at_end, &pausing] {
        assert!(fixture.store.change_webhook(changed).await.expect("writable"));
    }
    assert_eq!(waiting(None, 59, 9).await, []);
    assert_eq!(waiting(None, 60, 9).await, [(other, pausing.id)]);
    fixture.posted(box_id).await;
    assert_eq!(waiting(None, 60, 9).await, [(box_id, at_end.id), (other, pausing.id)], "longest due first");
}

/// One worker at a time sends for a webhook, and whoever has lost the lease writes nothing.
pub async fn webhooks_are_sent_for_by_one_worker_at_a_time(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let webhook = added(&fixture, fixture.box_id(), 0).await;
    let (store, box_id, id) = (&fixture.store, webhook.box_id, webhook.id);
    let lease = async |now: i64, until: i64| {
        store.lease_webhook(box_id, id, at(now), at(until)).await.expect("writable")
    };
    assert_eq!(lease(-1, 30).await, None, "it is not due");
    let first = lease(0, 30).await.expect("nobody has it");
    let due = |seconds| WebhookState::Active { due_at: at(seconds) };
    assert_eq!((first.turn, &first.progress.state), (1, &due(30)));
    assert_eq!(lease(29, 60).await, None);
    assert!(store.renew_webhook(lease_of(&first), at(60)).await.expect("writable"));
    assert_eq!(lease(59, 90).await, None);
    let second = lease(60, 90).await.expect("its time was over");
    assert_eq!(second.turn, 2);
    let come = Progress::from(IndexKey::new(START + 5), at(90));
    assert!(!store.renew_webhook(lease_of(&first), at(99)).await.expect("writable"));
    assert!(!store.note_webhook(lease_of(&first), &come, None, 9).await.expect("writable"));
    assert!(store.note_webhook(lease_of(&second), &come, None, 9).await.expect("writable"));
    assert_eq!(read(&fixture, &webhook).await.map(|it| it.progress), Some(come.clone()));

    // A change takes it from whoever has it; so do a pause, and being given up.
    let changed =
        Webhook { progress: Progress::from(IndexKey::new(START), at(0)), turn: 3, ..second.clone() };
    assert!(store.change_webhook(&changed).await.expect("writable"));
    assert!(!store.note_webhook(lease_of(&second), &come, None, 9).await.expect("writable"));
    let third = lease(0, 30).await.expect("it is due at once");
    let broken = third.progress.broken("410".to_owned());
    assert!(store.note_webhook(lease_of(&third), &broken, None, 9).await.expect("writable"));
    assert!(!store.note_webhook(lease_of(&third), &come, None, 9).await.expect("writable"));
    assert!(!store.renew_webhook(lease_of(&third), at(99)).await.expect("writable"));
    assert_eq!(lease(1000, 2000).await, None);
    assert!(store.boxes_with_webhooks().await.expect("readable").is_empty());

    // What the dead had is due at once.
    let other = added(&fixture, box_id, 1).await;
    store.lease_webhook(box_id, other.id, at(0), at(30)).await.expect("writable").expect("nobody has it");
    assert_eq!(store.free_webhooks(at(1)).await.expect("writable"), 1);
    assert_eq!(store.free_webhooks(at(1)).await.expect("writable"), 0);
    let again = store.lease_webhook(box_id, other.id, at(1), at(30)).await.expect("writable");
    assert_eq!(again.map(|it| it.turn), Some(2));
}

/// Of the attempts the last ones stay, newest first, and go with their webhook.
pub async fn the_last_attempts_of_a_webhook_are_kept(open: impl Open) {
    const KEPT: u32 = 4;
    let fixture = StoreFixture::new(open).await;
    let box_id = fixture.box_id();
    let (one, other) = (added(&fixture, box_id, 0).await, added(&fixture, box_id, 1).await);
    let attempt = |nth: i64| Attempt {
        event: EventId::from_uuid(Uuid::from_u128(nth.unsigned_abs().into())),
        at: at(nth),
        milliseconds: 10 + nth as u32,
        status: (nth % 3 > 0).then_some(503),
        error: (nth % 3 < 2).then(|| format!("попытка {nth}")),
    };
    let read = async |id: WebhookId, limit: usize| {
        fixture.store.webhook_attempts(box_id, id, limit).await.expect("readable")
    };
    let leased = fixture.store.lease_webhook(box_id, one.id, at(0), at(30)).await.expect("writable");
    let leased = leased.expect("nobody has it");
    let failure = NotTaken { status: Some(503), retry_after_seconds: None, reason: "busy".to_owned() };
    let mut kept: Vec<Attempt> = Vec::new();
    for nth in 0..11 {
        assert_eq!(read(one.id, 9).await, kept);
        let progress = leased.progress.failed(&failure, at(nth), 0);
        let attempt = attempt(nth);
        let noted = fixture.store.note_webhook(lease_of(&leased), &progress, Some(&attempt), KEPT);
        assert!(noted.await.expect("writable"));
        kept.insert(0, attempt);
        kept.truncate(KEPT as usize);
    }
    assert_eq!(read(one.id, 2).await, kept[..2]);
    assert_eq!(read(other.id, 9).await, []);
    let late = WebhookLease { turn: 9, ..lease_of(&leased) };
    let lost = attempt(99);
    let noted = fixture.store.note_webhook(late, &leased.progress, Some(&lost), KEPT);
    assert!(!noted.await.expect("writable"));
    assert_eq!(read(one.id, 9).await, kept);
    assert!(fixture.store.remove_webhook(box_id, one.id).await.expect("writable"));
    assert_eq!(read(one.id, 9).await, []);
}
