//! Keys that the server holds, and what is to be signed by them.

use bytes::Bytes;
use potok_domain::signing::{
    Confirmed, Done, FileToSign, HeldKey, KeyName, KeyPlace, Signing, Stage, Way, Work,
};
use potok_types::{BoxId, EntityId, MessageId, TaskId, Ticks, UserId};
use uuid::Uuid;

use super::fixture::{Open, START, StoreFixture};

fn key(user: UserId, name: u8) -> HeldKey {
    HeldKey {
        user,
        name: KeyName([name; 20]),
        certificate: vec![0x30, name],
        digest: "Streebog-256".to_owned(),
        place: KeyPlace {
            source: format!("/keys/{name}.pem"),
            certificate: (name > 1).then(|| "/keys/all.pem".to_owned()),
            password: (name > 2).then(|| "/keys/password".to_owned()),
        },
        is_unattended: name.is_multiple_of(2),
        added_at: Ticks::new(START + i64::from(name)),
    }
}

/// Keys come back as they were added, and each user has one of a name.
pub async fn keys_that_are_held_come_and_go(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let mut users = [fixture.user(), fixture.user()];
    users.sort_unstable();
    let [one, other] = users;
    for (new, is_added) in [
        (key(one, 2), true),
        (key(other, 3), true),
        (key(one, 1), true),
        (HeldKey { is_unattended: true, ..key(one, 1) }, false),
        (key(other, 1), true),
    ] {
        assert_eq!(store.add_held_key(&new).await.expect("writable"), is_added);
    }
    assert_eq!(store.held_keys(one).await.expect("readable"), [key(one, 1), key(one, 2)]);
    let all = [key(one, 1), key(one, 2), key(other, 1), key(other, 3)];
    assert_eq!(store.all_held_keys().await.expect("readable"), all);
    assert!(store.remove_held_key(one, KeyName([1; 20])).await.expect("writable"));
    assert!(!store.remove_held_key(one, KeyName([1; 20])).await.expect("writable"));
    assert_eq!(store.held_keys(one).await.expect("readable"), [key(one, 2)]);
    assert_eq!(store.held_keys(other).await.expect("readable").len(), 2);
}

/// One of each work and stage.
pub fn samples_of_signings() -> Vec<Signing> {
    let file = |name: Option<&str>| FileToSign { name: name.map(str::to_owned), digest: vec![5; 32] };
    let box_id = BoxId::from_uuid(Uuid::from_u128(1));
    let files = |way| Work::Files { way, files: vec![file(Some("счёт.xml")), file(None)] };
    let target = (MessageId::from_uuid(Uuid::from_u128(2)), EntityId::from_uuid(Uuid::from_u128(3)));
    let receipts = || Work::Receipts { box_id, targets: vec![target], next: "0a".to_owned() };
    let dss = |confirmed| files(Way::Dss { box_id, confirmed });
    let waiting = |code: Option<u8>| Stage::Waiting {
        until: Ticks::new(START),
        code: code.map(|it| [it; 32]),
        tries: 2,
    };
    let signatures = vec![Some(Bytes::from_static(b"signature")), None];
    [
        (dss(Confirmed::Elsewhere), waiting(None)),
        (files(Way::Cloud), waiting(Some(9))),
        (files(Way::Cloud), Stage::Ready { on_shelf: true }),
        (receipts(), Stage::Ready { on_shelf: false }),
        (dss(Confirmed::ByHolder), Stage::Done(Done::Signatures(signatures))),
        (files(Way::Cloud), Stage::Done(Done::OnShelf(vec!["a".to_owned(), "b".to_owned()]))),
        (receipts(), Stage::Done(Done::Receipts(7))),
        (dss(Confirmed::Nowhere), Stage::Cancelled),
        (dss(Confirmed::Elsewhere), Stage::Occupied),
        (receipts(), Stage::Crashed { reason: "нет ключа".to_owned() }),
    ]
    .into_iter()
    .enumerate()
    .map(|(nth, (work, stage))| Signing {
        id: TaskId::from_uuid(Uuid::from_u128(100 + nth as u128)),
        user: UserId::from_uuid(Uuid::from_u128(10 + nth as u128 / 5)),
        started_at: Ticks::new(START + nth as i64),
        key: KeyName([4; 20]),
        work,
        stage,
        revision: 0,
    })
    .collect()
}

/// What is to be signed comes back as it was kept, is changed once by each revision, and is forgotten by its age.
pub async fn signings_are_changed_one_step_at_a_time(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let samples = samples_of_signings();
    for signing in &samples {
        store.put_signing(signing).await.expect("writable");
    }
    let read = async |id: TaskId| store.signing(id).await.expect("readable");
    for signing in &samples {
        assert_eq!(read(signing.id).await.as_ref(), Some(signing));
    }
    assert_eq!(read(TaskId::from_uuid(Uuid::from_u128(99))).await, None);
    assert_eq!(store.waiting_signings(samples[0].user, 9).await.expect("readable"), samples[..2]);
    assert_eq!(store.waiting_signings(samples[0].user, 1).await.expect("readable"), samples[..1]);
    assert_eq!(store.waiting_signings(samples[9].user, 9).await.expect("readable"), []);
    assert_eq!(store.all_waiting_signings(9).await.expect("readable"), samples[..2]);

    let next = Signing { stage: Stage::Cancelled, revision: 1, ..samples[0].clone() };
    let late = Signing { stage: Stage::Occupied, ..next.clone() };
    for (change, is_written) in [(&next, true), (&next, false), (&late, false)] {
        assert_eq!(store.change_signing(change).await.expect("writable"), is_written);
    }
    assert_eq!(read(next.id).await.as_ref(), Some(&next));
    assert_eq!(store.all_waiting_signings(9).await.expect("readable"), samples[1..2]);
    assert_eq!(store.forget_signings(Ticks::new(START + 9)).await.expect("writable"), 9);
    assert_eq!((read(next.id).await, read(samples[9].id).await.as_ref()), (None, Some(&samples[9])));
}

/// What is to be done is given to one worker at a time, oldest first, and to nobody when it is done.
pub async fn signings_are_done_by_one_worker_at_a_time(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let samples = samples_of_signings();
    for signing in &samples {
        store.put_signing(signing).await.expect("writable");
    }
    let at = |seconds: i64| Ticks::new(START).plus_seconds(seconds);
    let claim = async |from: i64, until: i64| {
        let claimed = store.claim_signing(at(from), at(until)).await.expect("writable");
        claimed.map(|signing| signing.id)
    };
    let [first, second] = [samples[2].id, samples[3].id];
    assert_eq!(claim(0, 30).await, Some(first));
    assert_eq!(claim(0, 60).await, Some(second));
    assert_eq!(claim(29, 60).await, None);
    assert_eq!(claim(30, 90).await, Some(first), "its time was over");
    store.release_signing(first, at(30), at(31)).await.expect("writable");
    assert_eq!(claim(31, 90).await, None, "it was not held until then");
    store.release_signing(first, at(90), at(31)).await.expect("writable");
    assert_eq!(claim(31, 90).await, Some(first), "it was given back");
    assert_eq!(store.free_signings().await.expect("writable"), 2);
    assert_eq!(store.free_signings().await.expect("writable"), 0);
    assert_eq!(claim(30, 90).await, Some(first), "it is the older one");
    let done = samples[2].done(Done::Signatures(vec![None, None])).expect("it was ready");
    assert!(store.change_signing(&done).await.expect("writable"));
    // What waited becomes due when its word comes.
    let Stage::Waiting { .. } = samples[1].stage else { panic!("it waits") };
    let told = Signing { stage: Stage::Ready { on_shelf: false }, revision: 1, ..samples[1].clone() };
    assert!(store.change_signing(&told).await.expect("writable"));
    assert_eq!(claim(30, 90).await, Some(told.id), "it is older than the other one");
    assert_eq!(claim(30, 90).await, Some(second));
    assert_eq!(claim(89, 90).await, None);
}
