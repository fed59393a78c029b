//! Bytes and texts that must never change.

use bytes::Bytes;
use potok_wire::proto::documents::MessageType;
use potok_wire::proto::events::{
    AttachmentType, BoxEvent, BoxEventList, Entity, EntityType, Message, MessagePatch,
};
use potok_wire::proto::{Content, DocumentId, LockMode, Timestamp, TotalCountType};
use potok_wire::{WireMessage, decode_json, decode_protobuf_slice, encode_protobuf, to_json};
use serde_json::Value;

const SEED: &[u8] = include_bytes!("../../testdata/get_event_v2.json");

#[test]
fn the_sample_answer_survives_decoding_and_encoding() {
    let event: BoxEvent = decode_json(SEED).unwrap();
    let again: Value = serde_json::from_slice(&to_json(&event)).unwrap();
    assert_eq!(again, serde_json::from_slice::<Value>(SEED).unwrap());

    let through_protobuf: BoxEvent = decode_protobuf_slice(&encode_protobuf(&event)).unwrap();
    assert_eq!(through_protobuf, event);
}

#[test]
fn the_sample_answer_keeps_its_order() {
    // The sample is sorted; only its spaces are ours to leave out. Spaces inside texts are kept by leaving out none there.
    let event: BoxEvent = decode_json(SEED).unwrap();
    let mut inside_text = false;
    let compact: Vec<u8> = SEED
        .iter()
        .copied()
        .filter(|byte| {
            inside_text ^= *byte == b'"';
            inside_text || !byte.is_ascii_whitespace()
        })
        .collect();
    assert_eq!(text(&to_json(&event)), text(&compact));
}

#[test]
fn the_sample_answer_means_what_it_says() {
    let event: BoxEvent = decode_json(SEED).unwrap();
    let patch = event.patch.as_ref().unwrap();
    assert_eq!(patch.delivered_patch_id.as_deref(), Some("1489068b-56ce-4bc9-bf8b-62b47f450f3b"));
    assert_eq!(patch.message_type(), MessageType::Letter);
    assert_eq!(patch.timestamp_ticks, 638_899_802_371_782_567);
    let kinds: Vec<_> =
        patch.entities.iter().map(|entity| (entity.entity_type(), entity.attachment_type())).collect();
    assert_eq!(
        kinds,
        [
            (EntityType::Signature, AttachmentType::Nonformalized),
            (EntityType::Attachment, AttachmentType::InvoiceConfirmation),
            (EntityType::Signature, AttachmentType::Nonformalized),
        ]
    );
    assert_eq!(patch.entities[0].content.as_ref().unwrap().size, -1);
    assert_eq!(patch.entities[0].author_user_id.as_deref(), Some("b11d99c1-0674-4c32-ab2f-f6cc13d7c2a3"));
    assert_eq!(patch.entities[1].author_user_id.as_deref(), Some(""));
    assert_eq!(patch.entities[1].signer_box_id, None);
}

#[test]
fn protobuf_bytes() {
    check(&Timestamp { ticks: 1 }, "09 0100000000000000");
    check(&DocumentId { message_id: "m".into(), entity_id: "e".into() }, "0a01 6d 1201 65");
    check(
        &BoxEvent { event_id: "e".into(), index_key: Some("k".into()), ..Default::default() },
        "0a01 65 2201 6b",
    );
    check(&Content { size: -1, data: Some(Bytes::from_static(b"%")) }, "0d ffffffff 1201 25");
    check(
        &BoxEventList {
            total_count_type: TotalCountType::Equal.into(),
            total_count: Some(0),
            ..Default::default()
        },
        "1000 1801",
    );
    // Zero is written when it is set: its absence would mean -1.
    check(
        &Entity {
            entity_type: Some(EntityType::Signature.into()),
            entity_id: "e".into(),
            attachment_type: Some(AttachmentType::Nonformalized.into()),
            ..Default::default()
        },
        "0802 1201 65 2800",
    );
    check(
        &MessagePatch {
            message_type: MessageType::Letter.into(),
            message_is_delivered: Some(true),
            ..Default::default()
        },
        "0a00 11 0000000000000000 5801 6a00 7801",
    );
}

#[test]
fn an_empty_message_prints_what_json_always_prints() {
    let message = Message {
        message_type: MessageType::Draft.into(),
        lock_mode: LockMode::Send.into(),
        from_title: "\"А\"".into(),
        ..Default::default()
    };
    assert_eq!(
        text(&to_json(&message)),
        concat!(
            r#"{"DraftIsLocked":false,"DraftIsRecycled":false,"DraftIsTransformedToMessageIdList":[],"Entities":[],"#,
            r#""FromBoxId":"","FromTitle":"\"А\"","IsDeleted":false,"IsDraft":false,"IsInternal":false,"#,
            r#""IsProxified":false,"IsReusable":false,"IsTest":false,"LastPatchTimestampTicks":0,"LockMode":"Send","#,
            r#""MessageId":"","MessageType":"Draft","PacketIsLocked":false,"TimestampTicks":0}"#
        )
    );
}

fn check<M: WireMessage>(message: &M, hex: &str) {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let expected: Vec<u8> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    assert_eq!(encode_protobuf(message), expected, "{}", M::NAME);
    assert_eq!(&decode_protobuf_slice::<M>(&expected).unwrap(), message, "{}", M::NAME);
}

fn text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap()
}
