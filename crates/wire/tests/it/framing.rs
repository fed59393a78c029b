//! Pages of the feed made of ready bytes are what the codec would have made.

use potok_wire::framing::{ReadyEvent, append_index_key, box_event_list, box_event_list_json};
use potok_wire::proto::TotalCountType;
use potok_wire::proto::events::{BoxEvent, BoxEventList, MessagePatch};
use potok_wire::{WireMessage, decode_json, decode_protobuf_slice, encode_protobuf, to_json};

use crate::arbitrary::instance;

/// Events of growing size, each with its key.
fn events() -> Vec<(BoxEvent, String)> {
    (0..40_u8)
        .map(|seed| {
            let choices: Vec<u8> = (0..u16::from(seed) * 9).map(|at| (at as u8).wrapping_mul(seed)).collect();
            let mut event: BoxEvent =
                decode_protobuf_slice(&instance(BoxEvent::NAME, &choices).bare).unwrap();
            event.index_key = None;
            (event, "k".repeat(usize::from(seed) + 1))
        })
        .collect()
}

#[test]
fn a_framed_page_equals_an_encoded_one() {
    for (total_count, kind) in [
        (None, TotalCountType::Equal),
        (Some(0), TotalCountType::Equal),
        (Some(100_000), TotalCountType::GreaterThanOrEqual),
        (Some(-1), TotalCountType::UnknownCountType),
    ] {
        for length in [0, 1, 40] {
            let events = &events()[..length];
            let bodies: Vec<_> = events.iter().map(|(event, key)| (encode_protobuf(event), key)).collect();
            let ready: Vec<_> =
                bodies.iter().map(|(body, key)| ReadyEvent { body, index_key: key }).collect();
            let keyed =
                events.iter().map(|(event, key)| BoxEvent { index_key: Some(key.clone()), ..event.clone() });
            let list = BoxEventList { events: keyed.collect(), total_count, total_count_type: kind.into() };

            let framed = box_event_list(&ready, total_count, kind);
            assert_eq!(framed, encode_protobuf(&list));
            let json = box_event_list_json(&ready, total_count, kind).unwrap();
            assert_eq!(json, to_json(&list));
            assert_eq!(
                decode_json::<BoxEventList>(&json).unwrap().events.len(),
                decode_protobuf_slice::<BoxEventList>(&framed).unwrap().events.len()
            );
        }
    }
}

#[test]
fn a_key_is_appended_to_one_event() {
    for (event, key) in events() {
        let mut bytes = encode_protobuf(&event);
        append_index_key(&mut bytes, &key);
        let decoded: BoxEvent = decode_protobuf_slice(&bytes).unwrap();
        assert_eq!(decoded.index_key.as_deref(), Some(key.as_str()));
        assert_eq!(bytes, encode_protobuf(&decoded));
    }
}

#[test]
fn an_event_that_holds_its_key_stays_as_it_is() {
    let body = encode_protobuf(&BoxEvent {
        event_id: "e".into(),
        index_key: Some("k".into()),
        ..Default::default()
    });
    let ready = ReadyEvent { body: &body, index_key: "" };
    assert_eq!(ready.len(), body.len());
    assert_eq!(ready.decode().unwrap().index_key.as_deref(), Some("k"));
}

#[test]
fn parts_stand_in_a_ready_event_as_they_would_stand_alone() {
    let posts = events().into_iter().map(|(event, _)| event);
    let patches = posts.clone().map(|event| {
        let entities = event.message.map(|message| message.entities).unwrap_or_default();
        let patch = MessagePatch { message_id: "m".into(), entities, ..MessagePatch::default() };
        BoxEvent { message: None, patch: Some(patch), ..event }
    });
    let mut seen = [0, 0];
    for event in posts.chain(patches) {
        let body = encode_protobuf(&event);
        let ready = ReadyEvent { body: &body, index_key: "" };
        let message = event.message.as_deref().map(encode_protobuf);
        let patch = event.patch.as_ref().map(encode_protobuf);
        assert_eq!(ready.message(), message.as_deref());
        assert_eq!(ready.patch(), patch.as_deref());
        seen[0] += usize::from(message.is_some());
        seen[1] += usize::from(patch.is_some());
    }
    assert!(seen[0] > 1 && seen[1] > 1, "there are messages and patches: {seen:?}");
}

#[test]
fn a_broken_body_is_an_error_in_json() {
    let ready = [ReadyEvent { body: b"\x0a\xff", index_key: "k" }];
    assert!(box_event_list_json(&ready, None, TotalCountType::Equal).is_err());
}

#[test]
fn attachment_types_are_seen_without_decoding() {
    let mut seen = 0;
    for (event, _) in events() {
        let of_message = event.message.iter().flat_map(|message| &message.entities);
        let of_patch = event.patch.iter().flat_map(|patch| &patch.entities);
        let kinds: Vec<i32> =
            of_message.chain(of_patch).filter_map(|entity| entity.attachment_type).collect();
        let body = encode_protobuf(&event);
        let ready = ReadyEvent { body: &body, index_key: "" };
        for number in kinds.iter().copied().chain([-1, 0, 1, 79, i32::MAX]) {
            assert_eq!(ready.has_attachment_type(number), kinds.contains(&number), "{number}");
        }
        seen += kinds.len();
        // Broken bytes are no reason to panic, wherever they end.
        for length in 0..body.len().min(300) {
            let _seen = ReadyEvent { body: &body[..length], index_key: "" }.has_attachment_type(79);
        }
    }
    assert!(seen > 10, "there are entities: {seen}");
}
