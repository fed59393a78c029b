//! A message without a required text, bytes or message is refused, in both formats and at any depth, with the path of the field.

use potok_wire::proto::departments::Department;
use potok_wire::proto::events::{BoxEvent, MessageToPost};
use potok_wire::proto::{Organization, Timestamp};
use potok_wire::{
    DecodeError, MessageVisitor, Reason, WireMessage, decode_json, decode_protobuf_slice, encode_protobuf,
    for_each_message, to_json,
};
use serde_json::Value;

use crate::arbitrary::{defaulted_fields, demanded_fields, fields, instance, split_off};

/// Required messages of which nothing may be known: `null` in JSON, zero in protobuf.
const MAY_BE_UNKNOWN: [(&str, &str); 1] = [("Diadoc.Api.Proto.Departments.Department", "CreationTimestamp")];

#[test]
fn each_demanded_field_of_each_message() {
    let mut fields = 0;
    for_each_message(&mut EachDemandedField { fields: &mut fields });
    assert!(fields > 600, "only {fields} fields were seen");
}

struct EachDemandedField<'a> {
    fields: &'a mut usize,
}

impl MessageVisitor for EachDemandedField<'_> {
    fn visit<M: WireMessage>(&mut self) {
        let complete = instance(M::NAME, &[]).bare;
        let message: M = decode_protobuf_slice(&complete).unwrap();
        let json: Value = serde_json::from_slice(&to_json(&message)).unwrap();
        for (name, number) in demanded_fields(M::NAME) {
            *self.fields += 1;
            assert_missing::<M>(decode_protobuf_slice(&split_off(&complete, number).0), name);

            let mut absent = json.clone();
            assert!(absent.as_object_mut().unwrap().remove(name).is_some(), "{} is not printed", name);
            assert_missing::<M>(decode_json(absent.to_string().as_bytes()), name);
            absent[name] = Value::Null;
            let with_null = decode_json(absent.to_string().as_bytes());
            if MAY_BE_UNKNOWN.contains(&(M::NAME, name)) {
                assert_eq!(to_json::<M>(&with_null.unwrap()), to_json(&message), "{name}");
            } else {
                assert_missing::<M>(with_null, name);
            }
        }
        let all_optional = demanded_fields(M::NAME).is_empty();
        assert_eq!(decode_protobuf_slice::<M>(&[]).is_ok(), all_optional, "{}", M::NAME);
        assert_eq!(decode_json::<M>(b"{}").is_ok(), all_optional, "{}", M::NAME);
    }
}

/// Libraries that never write a zero leave required numbers, enums and truth values out; people leave them out of JSON.
#[test]
fn what_has_a_zero_may_be_left_out() {
    struct EachDefaultedField(usize);
    impl MessageVisitor for EachDefaultedField {
        fn visit<M: WireMessage>(&mut self) {
            let complete = instance(M::NAME, &[]).bare;
            let message: M = decode_protobuf_slice(&complete).unwrap();
            let json: Value = serde_json::from_slice(&to_json(&message)).unwrap();
            for (name, number) in defaulted_fields(M::NAME) {
                self.0 += 1;
                let without: M = decode_protobuf_slice(&split_off(&complete, number).0).unwrap();
                let mut absent = json.clone();
                absent.as_object_mut().unwrap().remove(name).unwrap();
                let from_json: M = decode_json(absent.to_string().as_bytes()).unwrap();
                assert_eq!(to_json(&without), to_json(&from_json), "{name} of {}", M::NAME);
            }
        }
    }
    let mut each = EachDefaultedField(0);
    for_each_message(&mut each);
    assert_eq!(each.0, 245);
}

fn assert_missing<M: WireMessage>(result: Result<M, DecodeError>, path: &str) {
    let error = result.expect_err(path);
    assert_eq!((error.path(), error.reason()), (path, &Reason::Missing), "{}", M::NAME);
}

#[test]
fn demanded_fields_are_always_written() {
    struct Written;
    impl MessageVisitor for Written {
        fn visit<M: WireMessage>(&mut self) {
            // The default of a struct has nothing set, and still may not lack anything on the wire.
            decode_protobuf_slice::<M>(&encode_protobuf(&M::default())).unwrap();
            let json: Value = serde_json::from_slice(&to_json(&M::default())).unwrap();
            for field in fields(M::NAME)
                .filter(|field| field.label() != prost_types::field_descriptor_proto::Label::Optional)
            {
                assert!(json.get(field.name()).is_some(), "{} of {}", field.name(), M::NAME);
            }
        }
    }
    for_each_message(&mut Written);
}

#[test]
fn the_error_names_structure_path_and_reason() {
    let cases = [
        (
            decode_json::<MessageToPost>(
                br#"{"FromBoxId": "b", "DocumentAttachments": [{"TypeNamedId": "x"}]}"#,
            )
            .err(),
            "Can't deserialize request body into type: MessageToPost: DocumentAttachments[0].SignedContent: \
             required field is missing",
        ),
        (
            // FromBoxId, then three attachments of field 34, the last one empty.
            decode_protobuf_slice::<MessageToPost>(&protobuf_attachments()).err(),
            "Can't deserialize request body into type: MessageToPost: DocumentAttachments[2].SignedContent: \
             required field is missing",
        ),
        (
            decode_json::<Organization>(br#"{"OrgId": "o"}"#).err(),
            "Can't deserialize request body into type: Organization: FullName: required field is missing",
        ),
        (
            decode_json::<BoxEvent>(br#"{"EventId": 5}"#).err(),
            "Can't deserialize request body into type: BoxEvent: EventId: expected a string, found a number",
        ),
        (
            decode_json::<BoxEvent>(b"[]").err(),
            "Can't deserialize request body into type: BoxEvent: expected an object, found a list",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.unwrap().to_string(), text);
    }
}

/// The head department was there before every time.
#[test]
fn a_time_that_is_not_known_is_null() {
    let with = |ticks| Department { creation_timestamp: Timestamp { ticks }, ..Department::default() };
    let shown = |department: &Department| -> Value {
        serde_json::from_slice::<Value>(&to_json(department)).unwrap()["CreationTimestamp"].take()
    };
    assert_eq!(shown(&with(0)), Value::Null);
    assert_eq!(shown(&with(5))["Ticks"], 5);
    for ticks in [0, 5] {
        let department = with(ticks);
        assert_eq!(decode_json::<Department>(&to_json(&department)).as_ref(), Ok(&department));
        assert_eq!(
            decode_protobuf_slice::<Department>(&encode_protobuf(&department)).as_ref(),
            Ok(&department)
        );
    }
}

fn protobuf_attachments() -> Vec<u8> {
    let message: MessageToPost = decode_json(
        br#"{"FromBoxId": "b", "DocumentAttachments": [
            {"TypeNamedId": "x", "SignedContent": {}}, {"TypeNamedId": "y", "SignedContent": {}}]}"#,
    )
    .unwrap();
    let mut bytes = encode_protobuf(&message);
    let number =
        fields(MessageToPost::NAME).find(|field| field.name() == "DocumentAttachments").unwrap().number();
    prost::encoding::encode_key(
        number.cast_unsigned(),
        prost::encoding::WireType::LengthDelimited,
        &mut bytes,
    );
    bytes.extend_from_slice(b"\x03\x4a\x01z");
    bytes
}

#[test]
fn a_single_sub_message_in_parts_is_merged_before_it_is_judged() {
    // Message(2) comes twice: neither part is complete, both together are.
    let complete = instance("Diadoc.Api.Proto.Events.Message", &[]).bare;
    let message: potok_wire::proto::events::Message = decode_protobuf_slice(&complete).unwrap();
    for (name, number) in demanded_fields("Diadoc.Api.Proto.Events.Message") {
        let (rest, only) = split_off(&complete, number);
        let event = event_of(&[&rest, &only]);
        let decoded: BoxEvent = decode_protobuf_slice(&event).unwrap();
        assert_eq!(decoded.message.as_deref(), Some(&message), "{name}");

        let error = decode_protobuf_slice::<BoxEvent>(&event_of(&[&rest, &rest])).unwrap_err();
        assert_eq!(error.path(), format!("Message.{name}"));
    }
}

fn event_of(parts: &[&[u8]]) -> Vec<u8> {
    let mut event = b"\x0a\x01e".to_vec();
    for part in parts {
        event.push(2 << 3 | 2);
        prost::encoding::encode_varint(part.len() as u64, &mut event);
        event.extend_from_slice(part);
    }
    event
}
