//! The structures as JSON Schema, as the JSON codec writes and reads them.
//!
//! One object, key by key ordered: the name of a structure or of an enum without the package, and its schema. What the codec
//! forgives on input (names in another case, numbers as texts) is not described: nobody should begin to rely on it.

use std::fmt::Write as _;

use prost_types::field_descriptor_proto::Label;

use crate::json_names::{self, COPIES, Copy, TIMES, TWINS};
use crate::schema::{Field, Kind, Schema};

const PACKAGE: &str = "Diadoc.Api.Proto.";

/// The JSON text.
pub(crate) fn generate(schema: &Schema) -> String {
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, values) in &schema.enums {
        let names: Vec<_> =
            values.iter().map(|(value, _)| quoted(json_names::of_value(name, value))).collect();
        all.push((short(name).to_owned(), format!(r#"{{"type":"string","enum":[{}]}}"#, names.join(","))));
    }
    for (name, message) in &schema.messages {
        all.push((short(name).to_owned(), of_message(name, &message.fields)));
    }
    all.sort();
    let mut out = String::from("{");
    for (place, (name, text)) in all.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        write!(out, "{comma}{}:{text}", quoted(name)).expect("writing to a string cannot fail");
    }
    out.push('}');
    out
}

/// The name without the package that all have.
fn short(name: &str) -> &str {
    name.strip_prefix(PACKAGE).unwrap_or(name)
}

/// Names of the schema hold nothing that JSON would escape.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn of_message(name: &str, fields: &[Field]) -> String {
    let (mut properties, mut required) = (Vec::new(), Vec::new());
    for field in fields {
        // JSON has the field alone, which stands for both.
        if TWINS.iter().any(|row| row.0 == name && row.2 == field.name) {
            continue;
        }
        let json_name = json_names::of_field(name, &field.name);
        let mut value = of_field(field);
        if json_names::may_be_unknown(name, &field.name) {
            value = format!(r#"{{"anyOf":[{value},{{"type":"null"}}]}}"#);
        }
        properties.push((json_name, value));
        // Times may stand in for their ticks, so neither is required by itself.
        let has_other = TIMES.iter().any(|row| row.0 == name && row.2 == field.name);
        if field.label == Label::Required && !has_other {
            required.push(quoted(json_name));
        }
    }
    for (_, property, _) in TIMES.iter().filter(|row| row.0 == name) {
        properties.push((property, r#"{"type":"string","format":"date-time","writeOnly":true}"#.to_owned()));
    }
    for (_, property, _, how) in COPIES.iter().filter(|row| row.0 == name) {
        let format = if *how == Copy::Time { r#","format":"date-time""# } else { "" };
        properties.push((property, format!(r#"{{"type":"string"{format},"readOnly":true}}"#)));
    }
    properties.sort();
    let list: Vec<_> = properties.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    let required = match required.is_empty() {
        true => String::new(),
        false => format!(r#","required":[{}]"#, required.join(",")),
    };
    format!(r#"{{"type":"object","properties":{{{}}}{required}}}"#, list.join(","))
}

fn of_field(field: &Field) -> String {
    let one = match &field.kind {
        Kind::String => r#""type":"string""#.to_owned(),
        Kind::Bytes => r#""type":"string","format":"byte","contentEncoding":"base64""#.to_owned(),
        Kind::Bool => r#""type":"boolean""#.to_owned(),
        Kind::Int32 | Kind::Fixed32 => {
            format!(r#""type":"integer","format":"int32","minimum":{},"maximum":{}"#, i32::MIN, i32::MAX)
        }
        Kind::Fixed64 => {
            format!(r#""type":"integer","format":"int64","minimum":{},"maximum":{}"#, i64::MIN, i64::MAX)
        }
        Kind::Enum(name) | Kind::Message(name) => {
            format!(r##""$ref":"#/components/schemas/{}""##, short(name))
        }
    };
    if field.label == Label::Repeated {
        return format!(r#"{{"type":"array","items":{{{one}}}}}"#);
    }
    let default = field.default.as_deref().map(|default| match field.kind {
        Kind::Enum(ref name) => quoted(json_names::of_value(name, default)),
        _ => default.to_owned(),
    });
    let default = default.map(|default| format!(r#","default":{default}"#)).unwrap_or_default();
    format!("{{{one}{default}}}")
}
