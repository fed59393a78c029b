//! Bodies made to hurt: depth, repetition, groups, lengths beyond the end.

use potok_wire::proto::docflow::{ConfirmationDocflowV5, ReceiptDocflowV5};
use potok_wire::proto::events::{BoxEvent, BoxEventList, Entity, Message};
use potok_wire::{
    Reason, WireMessage, decode_json, decode_protobuf_slice, encode_protobuf, for_each_message, to_json,
};

/// So many messages may lie inside each other.
const MAX_DEPTH: usize = 64;

/// The two messages of the API that can contain each other, on so many levels.
fn nested(levels: usize) -> ConfirmationDocflowV5 {
    assert!(levels % 2 == 1, "the innermost level is of the same type as the outermost");
    (1..levels).step_by(2).fold(ConfirmationDocflowV5::default(), |inner, _| ConfirmationDocflowV5 {
        receipt: Some(Box::new(ReceiptDocflowV5 {
            confirmation: Some(Box::new(inner)),
            ..Default::default()
        })),
        ..Default::default()
    })
}

#[test]
fn messages_inside_each_other_are_bounded_alike_in_both_formats() {
    let allowed = nested(MAX_DEPTH - 1);
    let through_protobuf: ConfirmationDocflowV5 = decode_protobuf_slice(&encode_protobuf(&allowed)).unwrap();
    assert_eq!(through_protobuf, allowed);
    assert!(decode_json::<ConfirmationDocflowV5>(&to_json(&allowed)).is_ok());

    for levels in [MAX_DEPTH + 1, 10_001] {
        let json = format!(
            "{}{{}}{}",
            r#"{"IsFinished":true,"Receipt":{"IsFinished":true,"Status":1,"Confirmation":"#
                .repeat(levels / 2),
            "}}".repeat(levels / 2)
        );
        assert_too_deep(decode_json(json.as_bytes()));
        assert_too_deep(decode_protobuf_slice(&nested_protobuf(levels)));
    }
}

/// Deeper than structs can be nested without exhausting the stack of the test itself.
fn nested_protobuf(levels: usize) -> Vec<u8> {
    let mut parts = vec![b"\x08\x01".to_vec()];
    let mut length = 2;
    for level in 1..levels {
        // Receipt is field 4 of the confirmation, the confirmation is field 6 of the receipt.
        let mut head =
            if level % 2 == 1 { b"\x08\x01\x28\x01\x32".to_vec() } else { b"\x08\x01\x22".to_vec() };
        prost::encoding::encode_varint(length, &mut head);
        length += head.len() as u64;
        parts.push(head);
    }
    parts.into_iter().rev().flatten().collect()
}

fn assert_too_deep(result: Result<ConfirmationDocflowV5, potok_wire::DecodeError>) {
    assert_eq!(result.unwrap_err().reason(), &Reason::TooDeep);
}

#[test]
fn unknown_json_of_any_depth_is_skipped_or_refused() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let body = |levels| {
            let (open, close) = (open.repeat(levels), close.repeat(levels));
            format!(r#"{{"Unknown": {open}1{close}, "EventId": "e"}}"#)
        };
        assert!(decode_json::<BoxEvent>(body(100).as_bytes()).is_ok());
        let error = decode_json::<BoxEvent>(body(100_000).as_bytes()).unwrap_err();
        assert_eq!(error.reason(), &Reason::TooDeep);
    }
}

#[test]
fn unknown_protobuf_fields_are_skipped() {
    let event = |unknown: &[u8]| [b"\x0a\x01e", unknown].concat();
    // Field 100 in every wire type, and a group that holds a group.
    for unknown in [
        &b"\xa0\x06\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"[..],
        b"\xa1\x06\x01\x02\x03\x04\x05\x06\x07\x08",
        b"\xa2\x06\x03abc",
        b"\xa5\x06\x01\x02\x03\x04",
        b"\xa3\x06\x08\x01\xab\x06\xac\x06\xa4\x06",
    ] {
        assert!(decode_protobuf_slice::<BoxEvent>(&event(unknown)).is_ok(), "{unknown:x?}");
    }
}

#[test]
fn broken_protobuf_is_refused() {
    for broken in [
        &b"\x0a"[..],                                                 // no length
        b"\x0a\x05e",                                                 // length beyond the end
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01e",             // length beyond any memory
        b"\x0a\x01e\x02\x00",                                         // field number 0
        b"\x0a\x01e\x16",                                             // wire type 6
        b"\x0a\x01e\x10\x01",                                         // Message as a varint
        b"\x0a\x01e\xa3\x06",                                         // a group without its end
        b"\x0a\x01e\xa3\x06\xac\x06",                                 // a group with the end of another
        b"\x0a\x01e\xa4\x06",                                         // the end of no group
        b"\x0a\x01e\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // a varint without end
        b"\x0a\x01\xff",                                              // text that is not UTF-8
        b"\x09\x01\x02\x03\x04\x05\x06\x07\x08",                      // text as a number
    ] {
        let error = decode_protobuf_slice::<BoxEvent>(broken).expect_err(&format!("{broken:x?}"));
        assert!(matches!(error.reason(), Reason::Malformed(_)), "{broken:x?}: {error}");
    }
    let groups = [b"\x0a\x01e".to_vec(), b"\xa3\x06".repeat(100_000)].concat();
    assert_eq!(decode_protobuf_slice::<BoxEvent>(&groups).unwrap_err().reason(), &Reason::TooDeep);
}

#[test]
fn a_sub_message_in_very_many_parts_costs_no_more_than_its_bytes() {
    // A million parts of BoxEvent.Message: merging them pair by pair would take hours.
    let mut event = b"\x0a\x01e".to_vec();
    let message = encode_protobuf(&Message::default());
    for part in [&message, &vec![]] {
        event.push(2 << 3 | 2);
        prost::encoding::encode_varint(part.len() as u64, &mut event);
        event.extend_from_slice(part);
    }
    event.extend_from_slice(&b"\x12\x00".repeat(1_000_000));
    assert!(decode_protobuf_slice::<BoxEvent>(&event).is_ok());
}

#[test]
fn structs_stay_small() {
    // Rare sub-messages are boxed; a page of a hundred events must not be megabytes of nothing.
    assert!(size_of::<Entity>() <= 1_400, "{}", size_of::<Entity>());
    assert!(size_of::<BoxEvent>() <= 400, "{}", size_of::<BoxEvent>());
    struct Largest(usize, &'static str);
    impl potok_wire::MessageVisitor for Largest {
        fn visit<M: WireMessage>(&mut self) {
            if size_of::<M>() > self.0 {
                *self = Self(size_of::<M>(), M::NAME);
            }
        }
    }
    let mut largest = Largest(0, "");
    for_each_message(&mut largest);
    assert!(largest.0 <= 4_096, "{} takes {} bytes", largest.1, largest.0);
    assert!(size_of::<BoxEventList>() < 64);
}
