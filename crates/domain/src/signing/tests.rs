//! What may follow on what.

use bytes::Bytes;
use potok_types::{BoxId, TaskId, Ticks, UserId};
use uuid::Uuid;

use super::*;

const NOW: Ticks = Ticks::new(638_899_802_371_782_567);
const HASH: CodeHash = [7; 32];

fn key(is_unattended: bool) -> HeldKey {
    HeldKey {
        user: UserId::from_uuid(Uuid::from_u128(1)),
        name: KeyName([0xab; 20]),
        certificate: Vec::new(),
        digest: "SHA-256".to_owned(),
        place: KeyPlace { source: "key.pem".to_owned(), certificate: None, password: None },
        is_unattended,
        added_at: NOW,
    }
}

fn begun(way: Way, is_unattended: bool, others: &[Signing]) -> Signing {
    let files = vec![FileToSign { name: None, digest: vec![1; 32] }];
    let id = TaskId::from_uuid(Uuid::from_u128(2 + others.len() as u128));
    Signing::begin(id, &key(is_unattended), Work::Files { way, files }, others, NOW)
}

const DSS: Way = Way::Dss { box_id: BoxId::ZERO, confirmed: Confirmed::Elsewhere };

#[test]
fn what_is_confirmed_elsewhere_waits_for_its_turn_and_codes_do_not() {
    let first = begun(DSS, false, &[]);
    assert_eq!(first.standing(NOW), Standing::Waiting { has_code: false });
    let all = [first.clone()];
    assert_eq!(begun(DSS, false, &all).standing(NOW), Standing::Occupied);
    assert_eq!(begun(Way::Cloud, false, &all).standing(NOW), Standing::Waiting { has_code: false });
    assert_eq!(begun(DSS, true, &all).standing(NOW), Standing::Running, "nobody is asked");
    assert_eq!(
        begun(Way::Cloud, true, &[]).standing(NOW),
        Standing::Waiting { has_code: false },
        "a code is needed whatever the key is"
    );
    for over in [first.answered(true, NOW).unwrap(), first.answered(false, NOW).unwrap()] {
        assert_eq!(begun(DSS, false, &[over]).standing(NOW), Standing::Waiting { has_code: false });
    }
}

#[test]
fn the_right_code_makes_ready_and_wrong_ones_are_counted() {
    let waiting = begun(Way::Cloud, false, &[]);
    assert!(matches!(waiting.tried(&HASH, false, NOW), Tried::Wrong(_)), "nobody was told a code");
    let told = waiting.with_code(HASH, NOW).unwrap();
    assert_eq!((told.standing(NOW), told.revision), (Standing::Waiting { has_code: true }, 1));
    let Tried::Right(ready) = told.tried(&HASH, true, NOW) else { panic!("it is right") };
    assert_eq!(ready.stage, Stage::Ready { on_shelf: true });
    assert_eq!(ready.tried(&HASH, true, NOW), Tried::TooLate, "a code is good once");

    let mut tried = told.clone();
    for _ in 0..TRIES {
        let Tried::Wrong(next) = tried.tried(&[8; 32], false, NOW) else { panic!("it is wrong") };
        tried = next;
    }
    assert_eq!(tried.standing(NOW), Standing::Expired);
    assert_eq!(tried.tried(&HASH, false, NOW), Tried::TooLate, "also the right one");
    assert_eq!(tried.with_code(HASH, NOW), Err(SigningRefusal::NotWaiting(tried.id)));
    // Another code does not make the wrong ones undone.
    let Tried::Wrong(once) = told.tried(&[8; 32], false, NOW) else { panic!("it is wrong") };
    let again = once.with_code([9; 32], NOW).unwrap();
    assert!(matches!(again.stage, Stage::Waiting { tries: 1, .. }));
    assert!(matches!(again.tried(&HASH, false, NOW), Tried::Wrong(_)), "the old code is not good any more");
}

#[test]
fn time_ends_the_waiting() {
    let end = NOW.plus_seconds(PATIENCE_SECONDS);
    for way in [DSS, Way::Cloud] {
        let waiting = begun(way, false, &[]);
        assert_eq!(waiting.standing(end), Standing::Expired);
        assert_eq!(waiting.answered(false, end), Err(SigningRefusal::NotWaiting(waiting.id)));
        assert_eq!(waiting.tried(&HASH, false, end), Tried::TooLate);
        let next = begun(way, false, std::slice::from_ref(&waiting));
        assert_eq!(begun(way, false, &[]).stage, next.at(waiting.stage.clone()).stage);
    }
}

#[test]
fn each_way_has_its_own_word() {
    let (dss, cloud) = (begun(DSS, false, &[]), begun(Way::Cloud, false, &[]));
    assert_eq!(dss.with_code(HASH, NOW), Err(SigningRefusal::WithoutCode(dss.id)));
    assert_eq!(cloud.answered(true, NOW), Err(SigningRefusal::ByCode(cloud.id)));
    assert_eq!(cloud.answered(false, NOW).unwrap().standing(NOW), Standing::Cancelled);
    assert_eq!((dss.box_id(), cloud.box_id()), (Some(BoxId::ZERO), None));
}

#[test]
fn only_what_is_ready_is_done_and_once() {
    let done = || Done::Signatures(vec![Some(Bytes::from_static(b"signature"))]);
    let waiting = begun(DSS, false, &[]);
    assert_eq!((waiting.done(done()), waiting.crashed("no")), (None, None));
    let ready = waiting.answered(true, NOW).unwrap();
    let signed = ready.done(done()).unwrap();
    assert_eq!((signed.standing(NOW), signed.revision), (Standing::Done(&done()), ready.revision + 1));
    assert_eq!(ready.crashed("no key").unwrap().standing(NOW), Standing::Crashed("no key"));
    assert_eq!((signed.done(done()), signed.answered(false, NOW).is_err()), (None, true));
}
