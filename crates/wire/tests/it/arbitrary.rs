//! Arbitrary messages of every type, as protobuf bytes made from the descriptors.

use std::collections::HashMap;
use std::sync::LazyLock;

use potok_wire::DESCRIPTORS;
use prost::Message as _;
use prost::encoding::encode_varint;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

/// Sub-messages that need not be there end below this depth.
const DEPTH: u32 = 4;

/// The same message twice.
#[derive(Default)]
pub(crate) struct Instance {
    /// With optional fields present or absent as chosen.
    pub(crate) bare: Vec<u8>,
    /// With those absent optional fields set that JSON prints with their default, at every depth.
    pub(crate) filled: Vec<u8>,
}

/// Makes a message of this type out of the choices.
pub(crate) fn instance(full_name: &str, choices: &[u8]) -> Instance {
    let mut out = Instance::default();
    message(full_name, &mut Choices(choices), 0, &mut out);
    out
}

/// Names of the required fields of a message without which it is refused, as in the proto file.
pub(crate) fn demanded_fields(full_name: &str) -> Vec<(&'static str, u32)> {
    required_fields(full_name, |kind| matches!(kind, Type::String | Type::Bytes | Type::Message))
}

/// The other required fields, which have a zero to fall back to.
pub(crate) fn defaulted_fields(full_name: &str) -> Vec<(&'static str, u32)> {
    required_fields(full_name, |kind| !matches!(kind, Type::String | Type::Bytes | Type::Message))
}

fn required_fields(full_name: &str, wanted: fn(Type) -> bool) -> Vec<(&'static str, u32)> {
    let required = |field: &&FieldDescriptorProto| field.label() == Label::Required && wanted(field.r#type());
    let fields = TYPES.messages[full_name].field.iter().filter(required);
    fields.map(|field| (field.name(), field.number().cast_unsigned())).collect()
}

/// All fields of a message: name, whether it is a list, whether it is a message.
pub(crate) fn fields(full_name: &str) -> impl Iterator<Item = &'static FieldDescriptorProto> {
    TYPES.messages[full_name].field.iter()
}

/// Bytes to choose by; when they run out every choice is zero, which means "the least".
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn pick<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[usize::from(self.byte()) % from.len()]
    }
}

struct Types {
    messages: HashMap<String, DescriptorProto>,
    enums: HashMap<String, EnumDescriptorProto>,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let mut types = Types { messages: HashMap::new(), enums: HashMap::new() };
    for file in FileDescriptorSet::decode(DESCRIPTORS).unwrap().file {
        for message in &file.message_type {
            types.add(file.package(), message);
        }
        for enumeration in &file.enum_type {
            types.enums.insert(format!("{}.{}", file.package(), enumeration.name()), enumeration.clone());
        }
    }
    types
});

impl Types {
    fn add(&mut self, scope: &str, message: &DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        for enumeration in &message.enum_type {
            self.enums.insert(format!("{name}.{}", enumeration.name()), enumeration.clone());
        }
        assert!(message.nested_type.is_empty(), "no message of the API lies in another");
        self.messages.insert(name, message.clone());
    }
}

const TEXTS: &[&str] = &[
    "",
    "x",
    "ООО «Ромашка»",
    "a \"quoted\" back\\slash / slash",
    "line\nline\r\ttab\u{8}\u{c}",
    "\u{0}\u{1}\u{1f}\u{7f}\u{80}\u{2028}",
    "🙂 null true 12",
    "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru, a text longer than any buffer somebody could have in mind",
];
const BYTES: &[&[u8]] =
    &[b"", b"\0", b"\xff\xfe", b"\xfb\xff\xfe", b"%PDF", b"\x30\x82\x0b\xb8 some signature"];
const INTS: &[i32] = &[0, 1, -1, i32::MAX, i32::MIN, 643];
const LONGS: &[i64] = &[0, 638_899_802_371_782_567, -1, i64::MAX, i64::MIN];

/// Fields that always have the value of another one: number of the field, and the twin, which JSON does not have.
const TWINS: &[(&str, i32, &str)] =
    &[("Diadoc.Api.Proto.Docflow.DocumentInfoV3", 20, "HasUnreadOutOfWorkflowUniversalMessagesForJava")];

/// Writes the twins of what is there.
fn twins(full_name: &str, bytes: &mut Vec<u8>) {
    for (_, of, twin) in TWINS.iter().filter(|row| row.0 == full_name) {
        let twin = fields(full_name).find(|field| field.name() == *twin).unwrap();
        if let [.., value] = split_off(bytes, of.cast_unsigned()).1[..] {
            varint(twin, i64::from(value), bytes);
        }
    }
}

fn message(full_name: &str, choices: &mut Choices<'_>, depth: u32, out: &mut Instance) {
    let is_twin = |name: &str| TWINS.iter().any(|row| row.0 == full_name && row.2 == name);
    own_fields(full_name, choices, depth, out, &is_twin);
    twins(full_name, &mut out.bare);
    twins(full_name, &mut out.filled);
}

fn own_fields(
    full_name: &str,
    choices: &mut Choices<'_>,
    depth: u32,
    out: &mut Instance,
    is_twin: &dyn Fn(&str) -> bool,
) {
    for field in TYPES.messages[full_name].field.iter().filter(|field| !is_twin(field.name())) {
        let is_message = field.r#type() == Type::Message;
        match field.label() {
            Label::Required => value(field, choices, depth, out),
            Label::Repeated => {
                let room = if is_message && depth >= DEPTH { 0 } else { 3 };
                for _ in 0..choices.byte() % (room + 1) {
                    value(field, choices, depth, out);
                }
            }
            Label::Optional if is_message && depth >= DEPTH => {}
            Label::Optional if choices.byte() % 2 == 1 => value(field, choices, depth, out),
            Label::Optional => default(field, &mut out.filled),
        }
    }
}

fn value(field: &FieldDescriptorProto, choices: &mut Choices<'_>, depth: u32, out: &mut Instance) {
    if field.r#type() == Type::Message {
        let mut inside = Instance::default();
        message(field.type_name().trim_start_matches('.'), choices, depth + 1, &mut inside);
        text(field, &inside.bare, &mut out.bare);
        text(field, &inside.filled, &mut out.filled);
        return;
    }
    let mut bytes = Vec::new();
    match field.r#type() {
        Type::String => text(field, choices.pick(TEXTS).as_bytes(), &mut bytes),
        Type::Bytes => text(field, choices.pick::<&[u8]>(BYTES), &mut bytes),
        Type::Bool => varint(field, i64::from(choices.byte() % 2), &mut bytes),
        Type::Int32 => varint(field, i64::from(*choices.pick(INTS)), &mut bytes),
        Type::Sfixed32 => fixed(field, 5, &choices.pick(INTS).to_le_bytes(), &mut bytes),
        Type::Sfixed64 => fixed(field, 1, &choices.pick(LONGS).to_le_bytes(), &mut bytes),
        Type::Enum => varint(field, i64::from(enum_value(field, choices)), &mut bytes),
        other => panic!("the API has no fields of type {other:?}"),
    }
    out.bare.extend_from_slice(&bytes);
    out.filled.extend_from_slice(&bytes);
}

fn enum_value(field: &FieldDescriptorProto, choices: &mut Choices<'_>) -> i32 {
    // A number that no value has must survive, too: newer clients may send it.
    const UNKNOWN: i32 = 7_777;
    let values = &TYPES.enums[field.type_name().trim_start_matches('.')].value;
    match usize::from(choices.byte()) {
        254.. => UNKNOWN,
        at => values[at % values.len()].number(),
    }
}

/// Writes what JSON prints for an absent optional field, if it prints anything.
fn default(field: &FieldDescriptorProto, out: &mut Vec<u8>) {
    let number = || field.default_value().parse::<i64>().unwrap();
    match (field.r#type(), &field.default_value) {
        (Type::Bool, default) => varint(field, i64::from(default.as_deref() == Some("true")), out),
        (Type::Enum, default) => {
            let values = &TYPES.enums[field.type_name().trim_start_matches('.')].value;
            let value = match default {
                Some(default) => values.iter().find(|value| value.name() == default).unwrap(),
                None => &values[0],
            };
            varint(field, i64::from(value.number()), out);
        }
        (Type::Int32, Some(_)) => varint(field, number(), out),
        (Type::Sfixed64, Some(_)) => fixed(field, 1, &number().to_le_bytes(), out),
        (_, None) => {}
        (kind, Some(default)) => panic!("no rule for the default {default} of a field of type {kind:?}"),
    }
}

fn key(field: &FieldDescriptorProto, wire_type: u64, out: &mut Vec<u8>) {
    encode_varint(u64::from(field.number().cast_unsigned()) << 3 | wire_type, out);
}

fn varint(field: &FieldDescriptorProto, value: i64, out: &mut Vec<u8>) {
    key(field, 0, out);
    encode_varint(value.cast_unsigned(), out);
}

fn fixed(field: &FieldDescriptorProto, wire_type: u64, value: &[u8], out: &mut Vec<u8>) {
    key(field, wire_type, out);
    out.extend_from_slice(value);
}

fn text(field: &FieldDescriptorProto, value: &[u8], out: &mut Vec<u8>) {
    key(field, 2, out);
    encode_varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// Top-level fields of protobuf bytes: number, and where they begin and end.
fn spans(bytes: &[u8]) -> Vec<(u32, std::ops::Range<usize>)> {
    let mut rest = bytes;
    let mut spans = Vec::new();
    while !rest.is_empty() {
        let start = bytes.len() - rest.len();
        let (number, wire_type) = prost::encoding::decode_key(&mut rest).unwrap();
        prost::encoding::skip_field(wire_type, number, &mut rest, prost::encoding::DecodeContext::default())
            .unwrap();
        spans.push((number, start..bytes.len() - rest.len()));
    }
    spans
}

/// The message split in two: without a field, and only that field.
pub(crate) fn split_off(bytes: &[u8], number: u32) -> (Vec<u8>, Vec<u8>) {
    let (mut rest, mut only) = (Vec::new(), Vec::new());
    for (found, span) in spans(bytes) {
        let side = if found == number { &mut only } else { &mut rest };
        side.extend_from_slice(&bytes[span]);
    }
    (rest, only)
}
