use potok_api::Endpoint as _;
use potok_api::methods::{GetEventV3, GetNewEventsV8};
use uuid::Uuid;

use super::*;

fn asked(box_number: u128, query: &'static str, body: &'static [u8]) -> Asked {
    Asked {
        label: GetEventV3::SPEC.label,
        formats: Formats::of(&http::HeaderMap::new()),
        rights: Rights::default(),
        box_id: BoxId::from_uuid(Uuid::from_u128(box_number)),
        uri: format!("/x?{query}").parse().unwrap(),
        body: Bytes::from_static(body),
        moment: Moment { sessions: 0, beside: 0, own: 0 },
    }
}

fn answer(bytes: usize) -> Answer {
    Answer::ok(None, vec![7; bytes]).of_box()
}

fn kept(ready: &Ready, asked: &Asked) -> bool {
    ready.kept.as_ref().is_some_and(|kept| kept.get(asked).is_some())
}

#[test]
fn a_hundred_thousand_boxes_take_no_more_than_their_memory() {
    const BYTES: u64 = 4 << 20;
    let ready = Ready::new(BYTES, false);
    let all = ready.kept.as_ref().unwrap();
    for box_number in 0..100_000 {
        ready.keep(&asked(box_number, "boxId=x", b""), &mut answer(1000));
        if box_number.is_multiple_of(1000) {
            assert!(all.weight() <= BYTES);
        }
    }
    assert!(all.weight() <= BYTES && all.weight() > BYTES / 2, "{}", all.weight());
    let held: usize = all.iter().map(|(key, kept)| key.text.len() + kept.body.len()).sum();
    assert!((held as u64) < BYTES, "{held}");
}

#[test]
fn questions_are_told_apart_by_everything_that_was_asked() {
    let ready = Ready::new(1 << 20, false);
    let one = asked(1, "ab", b"c");
    ready.keep(&one, &mut answer(10));
    assert!(kept(&ready, &one) && kept(&ready, &one.clone()));
    for other in [
        asked(2, "ab", b"c"),
        asked(1, "a", b"bc"),
        asked(1, "abc", b""),
        Asked { label: GetNewEventsV8::SPEC.label, ..one.clone() },
        Asked { formats: json(), ..one.clone() },
    ] {
        assert!(!kept(&ready, &other), "{other:?}");
    }
}

fn json() -> Formats {
    let mut headers = http::HeaderMap::new();
    headers.insert(http::header::ACCEPT, http::HeaderValue::from_static("application/json"));
    Formats::of(&headers)
}

#[test]
fn what_does_not_say_what_it_stands_on_is_not_kept() {
    let ready = Ready::new(64 << 20, false);
    let one = asked(1, "a", b"");
    for mut not_kept in [
        Answer::ok(None, vec![7; 10]),
        answer(ANSWER_BYTES + 1),
        answer(10).with_status(http::StatusCode::CREATED),
        answer(10).with(http::header::LINK, http::HeaderValue::from_static("x")),
    ] {
        ready.keep(&one, &mut not_kept);
        assert!(!kept(&ready, &one), "{:?}", not_kept.status);
    }
    ready.keep(&one, &mut answer(ANSWER_BYTES));
    assert!(kept(&ready, &one));
    let nothing = Ready::new(0, false);
    nothing.keep(&one, &mut answer(10));
    assert!(nothing.kept.is_none());
}
