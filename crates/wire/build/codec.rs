//! Writes the generated half of the codec: a table per message and enum, and per message the code that moves its fields
//! to and from JSON. Lines are dense on purpose: hundreds of messages have to compile fast.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use prost_types::field_descriptor_proto::Label;

use crate::json_names::{self, Copy};
use crate::names::{rust_field, rust_path};
use crate::schema::{Field, Kind, Message, Schema};

/// Names of the generated statics, by full name of the message or enum.
struct Statics<'a> {
    shapes: BTreeMap<&'a str, String>,
    enums: BTreeMap<&'a str, String>,
}

/// The source text of the generated half of the codec.
pub(crate) fn generate(schema: &Schema) -> String {
    let statics = Statics {
        shapes: schema
            .messages
            .keys()
            .enumerate()
            .map(|(at, name)| (name.as_str(), format!("SHAPE_{at}")))
            .collect(),
        enums: schema
            .enums
            .keys()
            .enumerate()
            .map(|(at, name)| (name.as_str(), format!("ENUM_{at}")))
            .collect(),
    };
    let strict = messages_with_required_inside(schema);
    let mut out = String::new();
    let used: BTreeSet<_> = schema
        .messages
        .values()
        .flat_map(|message| &message.fields)
        .filter_map(|field| match &field.kind {
            Kind::Enum(name) => Some(name),
            _ => None,
        })
        .collect();
    for (name, values) in schema.enums.iter().filter(|(name, _)| used.contains(name)) {
        write_enum(&mut out, &statics.enums[name.as_str()], name, values);
    }
    for (place, (name, message)) in schema.messages.iter().enumerate() {
        let fields = in_json_order(name, message);
        write_shape(&mut out, &statics, schema, &strict, (place, name), &fields);
        write_object(&mut out, &statics, schema, name, &fields);
        let (path, shape) = (rust_path(name), &statics.shapes[name.as_str()]);
        writeln!(out, "impl WireMessage for {path} {{ const SHAPE: &'static Shape = &{shape}; }}")
            .expect(INFALLIBLE);
    }
    out.push_str("/// Shows every message type of the API to the visitor, ordered by full name.\n");
    out.push_str("pub fn for_each_message(visitor: &mut impl MessageVisitor) {\n");
    for name in schema.messages.keys() {
        writeln!(out, "visitor.visit::<{}>();", rust_path(name)).expect(INFALLIBLE);
    }
    out.push_str("}\n");
    out.push_str("/// All messages, ordered by full name.\npub(crate) static SHAPES: &[&Shape] = &[");
    for shape in statics.shapes.values() {
        write!(out, "&{shape},").expect(INFALLIBLE);
    }
    out.push_str("];\n");
    out
}

const INFALLIBLE: &str = "writing to a string cannot fail";

/// Whether a message without this field is refused. Numbers, enums and truth values have a zero to fall back to, and
/// some widespread protobuf libraries never write a zero, required or not.
fn is_demanded(field: &Field) -> bool {
    field.label == Label::Required && matches!(field.kind, Kind::String | Kind::Bytes | Kind::Message(_))
}

/// Messages that need the check for missing fields: with a demanded field, or with a sub-message that needs it.
fn messages_with_required_inside(schema: &Schema) -> BTreeSet<&str> {
    let mut strict = BTreeSet::new();
    loop {
        let before = strict.len();
        for (name, message) in &schema.messages {
            if message.fields.iter().any(|field| {
                is_demanded(field)
                    || matches!(&field.kind, Kind::Message(sub) if strict.contains(sub.as_str()))
            }) {
                strict.insert(name.as_str());
            }
        }
        if strict.len() == before {
            return strict;
        }
    }
}

/// Fields with their JSON names, in the order in which JSON shows them. Twins are left out: they hold nothing that a check
/// for missing fields would have to look into.
fn in_json_order<'a>(name: &str, message: &'a Message) -> Vec<(&'a str, &'a Field)> {
    let is_in_json =
        |field: &&Field| !json_names::TWINS.iter().any(|row| row.0 == name && row.2 == field.name);
    let mut fields: Vec<_> = message
        .fields
        .iter()
        .filter(is_in_json)
        .map(|field| (json_names::of_field(name, &field.name), field))
        .collect();
    fields.sort_by_key(|(json_name, _)| *json_name);
    let unique: BTreeSet<_> = fields.iter().map(|(json_name, _)| json_name.to_ascii_lowercase()).collect();
    assert_eq!(unique.len(), fields.len(), "two fields of {name} differ only by case");
    fields
}

fn write_enum(out: &mut String, ident: &str, name: &str, values: &[(String, i32)]) {
    let mut by_number: Vec<_> = values.iter().collect();
    by_number.sort_by_key(|(_, number)| *number);
    let unique: BTreeSet<_> = values.iter().map(|(value, _)| value.to_ascii_lowercase()).collect();
    assert_eq!(unique.len(), values.len(), "two values of {name} differ only by case");
    write!(out, "static {ident}: Enum = Enum {{ values: &[").expect(INFALLIBLE);
    for (value, number) in by_number {
        write!(out, "({number}, {:?}),", json_names::of_value(name, value)).expect(INFALLIBLE);
    }
    out.push_str("], aliases: &[");
    for (_, value, _) in json_names::VALUES.iter().filter(|row| row.0 == name) {
        let number = values.iter().find(|(known, _)| known == value).expect("renamed values exist").1;
        write!(out, "({value:?}, {number}),").expect(INFALLIBLE);
    }
    out.push_str("] };\n");
}

fn write_shape(
    out: &mut String,
    statics: &Statics<'_>,
    schema: &Schema,
    strict: &BTreeSet<&str>,
    (place, name): (usize, &str),
    fields: &[(&str, &Field)],
) {
    write!(
        out,
        "static {}: Shape = Shape {{ name: {name:?}, place: {place}, fields: &[",
        statics.shapes[name]
    )
    .expect(INFALLIBLE);
    let mut bits = 0;
    let mut demanded = 0_u64;
    for (json_name, field) in fields {
        let bit = if field.label == Label::Required {
            bits += 1;
            1_u64 << (bits - 1)
        } else {
            0
        };
        if is_demanded(field) {
            demanded |= bit;
        }
        let sub = match &field.kind {
            Kind::Message(sub) => format!("Some(&{})", statics.shapes[sub.as_str()]),
            _ => "None".to_owned(),
        };
        let repeated = field.label == Label::Repeated;
        let kind = match &field.kind {
            Kind::String => "Text",
            Kind::Bytes => "Bytes",
            Kind::Message(_) => "Message",
            Kind::Bool | Kind::Int32 | Kind::Enum(_) => "Varint",
            Kind::Fixed32 => "Fixed32",
            Kind::Fixed64 => "Fixed64",
        };
        write!(
            out,
            "Field {{ name: {json_name:?}, number: {}, bit: {bit:#x}, repeated: {repeated}, kind: FieldKind::{kind}, sub: {sub}, \
             may_be_unknown: {}, meaning: {}, otherwise: {:?}, twin: {} }},",
            field.number,
            json_names::may_be_unknown(name, &field.name),
            meaning(statics, field),
            otherwise(schema, field),
            json_names::twin(name, &field.name).map_or(0, |twin| number_of(schema, name, twin))
        )
        .expect(INFALLIBLE);
    }
    let last = fields.iter().map(|(_, field)| field.number).max().unwrap_or(0);
    let mut by_number = vec![0_u8; last as usize + 1];
    for (at, (_, field)) in fields.iter().enumerate() {
        by_number[field.number as usize] = u8::try_from(at + 1).expect("a message has less than 255 fields");
    }
    write!(out, "], by_number: &{by_number:?}, demanded: {demanded:#x}, strict: {}, ", strict.contains(name))
        .expect(INFALLIBLE);
    out.push_str("aliases: &[");
    let at = |wanted: &str| {
        fields.iter().position(|(_, field)| field.name == wanted).expect("renamed fields exist")
    };
    for (_, field, _) in json_names::FIELDS.iter().filter(|row| row.0 == name) {
        write!(out, "Alias {{ name: {field:?}, index: {}, time: false }},", at(field)).expect(INFALLIBLE);
    }
    for (_, property, field) in json_names::TIMES.iter().filter(|row| row.0 == name) {
        write!(out, "Alias {{ name: {property:?}, index: {}, time: true }},", at(field)).expect(INFALLIBLE);
    }
    out.push_str("], copies: &[");
    for (_, copy, field, form) in json_names::COPIES.iter().filter(|row| row.0 == name) {
        write!(out, "Twice {{ name: {copy:?}, index: {}, form: Form::{form:?} }},", at(field))
            .expect(INFALLIBLE);
    }
    out.push_str("] };\n");
}

fn meaning(statics: &Statics<'_>, field: &Field) -> String {
    match &field.kind {
        Kind::Bool => "Meaning::Truth".to_owned(),
        Kind::Enum(name) => format!("Meaning::Member(&{})", statics.enums[name.as_str()]),
        _ => "Meaning::Number".to_owned(),
    }
}

/// What is printed of a number that is not there: of one that may be left out as much as of one that must not, which has a zero.
fn otherwise(schema: &Schema, field: &Field) -> Option<i64> {
    let default = field.default.as_deref();
    match &field.kind {
        _ if field.label == Label::Repeated => None,
        Kind::Bool => Some(i64::from(default == Some("true"))),
        Kind::Enum(name) => Some(i64::from(first(schema, name, default))),
        Kind::Int32 | Kind::Fixed32 | Kind::Fixed64 => match default {
            Some(number) => Some(number.parse().expect("the compiler checked it")),
            None => (field.label == Label::Required).then_some(0),
        },
        Kind::String | Kind::Bytes | Kind::Message(_) => None,
    }
}

/// The number of the default, or of the first value when there is none.
fn first(schema: &Schema, name: &str, default: Option<&str>) -> i32 {
    let values = &schema.enums[name];
    match default {
        Some(default) => {
            values.iter().find(|(value, _)| value == default).expect("the compiler checked it").1
        }
        None => values[0].1,
    }
}

fn number_of(schema: &Schema, message: &str, field: &str) -> u32 {
    let fields = &schema.messages[message].fields;
    fields.iter().find(|known| known.name == field).expect("twins exist").number
}

fn write_object(
    out: &mut String,
    statics: &Statics<'_>,
    schema: &Schema,
    name: &str,
    fields: &[(&str, &Field)],
) {
    let (path, shape) = (rust_path(name), &statics.shapes[name]);
    writeln!(out, "impl Object for {path} {{\nfn shape(&self) -> &'static Shape {{ &{shape} }}")
        .expect(INFALLIBLE);
    // A message without fields has no use for the writer and the reader.
    let mark = if fields.is_empty() { "_" } else { "" };
    writeln!(out, "fn write_fields(&self, {mark}w: &mut Writer<'_>) {{").expect(INFALLIBLE);
    let copies = json_names::COPIES.iter().filter(|row| row.0 == name);
    let copies = copies.map(|(_, json_name, copied, how)| {
        let (_, field) = fields.iter().find(|(_, field)| field.name == *copied).expect("copied fields exist");
        (*json_name, *field, *how)
    });
    let own = fields.iter().map(|(json_name, field)| (*json_name, *field, Copy::Same));
    let mut written: Vec<_> = own.chain(copies).collect();
    written.sort_by_key(|(json_name, ..)| *json_name);
    for (json_name, field, how) in written {
        match how {
            Copy::Same if json_names::may_be_unknown(name, &field.name) => write_known(out, json_name, field),
            Copy::Same => write_field(out, statics, schema, json_name, field),
            Copy::Dashed | Copy::Time => write_copy(out, json_name, field, how),
        }
    }
    writeln!(
        out,
        "}}\nfn read_field(&mut self, index: usize, {mark}r: &mut Reader<'_>) -> Result<(), Fault> {{"
    )
    .expect(INFALLIBLE);
    out.push_str("match index {\n");
    for (at, (_, field)) in fields.iter().enumerate() {
        read_field(out, statics, at, field, json_names::twin(name, &field.name));
    }
    out.push_str("_ => unreachable!(\"the table has as many fields\"),\n}\n}\n}\n");
}

/// A field that is printed once more in another form.
fn write_copy(out: &mut String, json_name: &str, field: &Field, how: Copy) {
    let (key, value) = (format!(",\"{json_name}\":"), format!("self.{}", rust_field(&field.name)));
    let call = match (how, &field.kind) {
        (Copy::Dashed, Kind::String) => "dashed",
        (Copy::Time, Kind::Fixed64) => "time",
        _ => panic!("{json_name} cannot be made of {}", field.name),
    };
    let line = match field.label {
        Label::Required => format!("w.{call}({key:?}, {}{value});", if call == "dashed" { "&" } else { "" }),
        Label::Optional => {
            let bound = if call == "dashed" { format!("&{value}") } else { value };
            format!("if let Some(v) = {bound} {{ w.{call}({key:?}, v); }}")
        }
        Label::Repeated => panic!("{} is repeated", field.name),
    };
    writeln!(out, "{line}").expect(INFALLIBLE);
}

/// A required message of which nothing is known is `null`.
fn write_known(out: &mut String, json_name: &str, field: &Field) {
    assert!(matches!((field.label, &field.kind), (Label::Required, Kind::Message(_))), "{json_name}");
    let (key, value) = (format!(",\"{json_name}\":"), format!("self.{}", rust_field(&field.name)));
    writeln!(
        out,
        "if {value} == Default::default() {{ w.null({key:?}); }} else {{ w.object({key:?}, &{value}); }}"
    )
    .expect(INFALLIBLE);
}

fn write_field(out: &mut String, statics: &Statics<'_>, schema: &Schema, json_name: &str, field: &Field) {
    let key = format!(",\"{json_name}\":");
    let value = format!("self.{}", rust_field(&field.name));
    let line = match (field.label, &field.kind) {
        (Label::Repeated, Kind::String) => format!("w.strings({key:?}, &{value});"),
        (Label::Repeated, Kind::Bytes) => format!("w.byte_strings({key:?}, &{value});"),
        (Label::Repeated, Kind::Bool) => format!("w.booleans({key:?}, &{value});"),
        (Label::Repeated, Kind::Int32 | Kind::Fixed32 | Kind::Fixed64) => {
            format!("w.integers({key:?}, &{value});")
        }
        (Label::Repeated, Kind::Enum(name)) => {
            format!("w.enumerations({key:?}, &{value}, &{});", statics.enums[name.as_str()])
        }
        (Label::Repeated, Kind::Message(_)) => format!("w.objects({key:?}, &{value});"),

        (Label::Required, Kind::String) => format!("w.string({key:?}, &{value});"),
        (Label::Required, Kind::Bytes) => format!("w.byte_string({key:?}, &{value});"),
        (Label::Required, Kind::Bool) => format!("w.boolean({key:?}, {value});"),
        (Label::Required, Kind::Int32 | Kind::Fixed32 | Kind::Fixed64) => {
            format!("w.integer({key:?}, {value});")
        }
        (Label::Required, Kind::Enum(name)) => {
            format!("w.enumeration({key:?}, {value}, &{});", statics.enums[name.as_str()])
        }
        (Label::Required, Kind::Message(_)) => format!("w.object({key:?}, &{value});"),

        (Label::Optional, Kind::String | Kind::Bytes) if field.default.is_some() => {
            panic!("the codec knows no text defaults: {}", field.name)
        }
        (Label::Optional, Kind::String) => format!("if let Some(v) = &{value} {{ w.string({key:?}, v); }}"),
        (Label::Optional, Kind::Bytes) => {
            format!("if let Some(v) = &{value} {{ w.byte_string({key:?}, v); }}")
        }
        (Label::Optional, Kind::Bool) => {
            let default = field.default.as_deref().unwrap_or("false");
            format!("w.boolean({key:?}, {value}.unwrap_or({default}));")
        }
        (Label::Optional, Kind::Int32 | Kind::Fixed32 | Kind::Fixed64) => match &field.default {
            Some(default) => format!("w.integer({key:?}, {value}.unwrap_or({default}));"),
            None => format!("if let Some(v) = {value} {{ w.integer({key:?}, v); }}"),
        },
        (Label::Optional, Kind::Enum(name)) => {
            let default = first(schema, name, field.default.as_deref());
            format!(
                "w.enumeration({key:?}, {value}.unwrap_or({default}), &{});",
                statics.enums[name.as_str()]
            )
        }
        (Label::Optional, Kind::Message(_)) => {
            format!("if let Some(v) = &{value} {{ w.object({key:?}, v); }}")
        }
    };
    writeln!(out, "{line}").expect(INFALLIBLE);
}

fn read_field(out: &mut String, statics: &Statics<'_>, at: usize, field: &Field, twin: Option<&str>) {
    let target = format!("self.{}", rust_field(&field.name));
    let call = match &field.kind {
        Kind::String => "r.string()".to_owned(),
        Kind::Bytes => "r.byte_string()".to_owned(),
        Kind::Bool => "r.boolean()".to_owned(),
        Kind::Int32 | Kind::Fixed32 => "r.int32()".to_owned(),
        Kind::Fixed64 => "r.int64()".to_owned(),
        Kind::Enum(name) => format!("r.enumeration(&{})", statics.enums[name.as_str()]),
        Kind::Message(_) => String::new(),
    };
    // Messages are large: they are filled where they will stay instead of being moved there.
    let line = match (field.label, &field.kind) {
        (Label::Repeated, Kind::Message(_)) => format!("r.objects(&mut {target})?"),
        (Label::Required, Kind::Message(_)) => format!("r.object(&mut {target})?"),
        (Label::Optional, Kind::Message(_)) => format!("r.object({target}.insert(Default::default()))?"),
        (Label::Repeated, _) => format!("{target} = r.list(|r| {call})?"),
        (Label::Required, _) => format!("{target} = {call}?"),
        (Label::Optional, _) => format!("{target} = Some({call}?)"),
    };
    let twin = twin.map(|twin| format!(" self.{} = {target};", rust_field(twin))).unwrap_or_default();
    writeln!(out, "{at} => {{ {line};{twin} Ok(()) }}").expect(INFALLIBLE);
}
