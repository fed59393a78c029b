//! Which optional sub-messages live behind a `Box`: a rare one must not make every `Entity` large.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::Label;

use crate::schema::{Field, Kind, Schema};

/// An optional sub-message larger than this many bytes is boxed.
const LIMIT: usize = 256;

/// Paths of the fields to box, as `prost_build::Config::boxed` wants them.
pub(crate) fn fields_to_box(schema: &Schema) -> Vec<String> {
    let mut known = BTreeMap::new();
    let mut boxed = Vec::new();
    for (name, message) in &schema.messages {
        for field in &message.fields {
            if let (Kind::Message(sub), Label::Optional) = (&field.kind, field.label)
                && size_of_message(schema, sub, &mut known) > LIMIT
            {
                boxed.push(format!(".{name}.{}", field.name));
            }
        }
    }
    boxed
}

fn size_of_message(schema: &Schema, name: &str, known: &mut BTreeMap<String, usize>) -> usize {
    if let Some(&size) = known.get(name) {
        return size;
    }
    // A message that contains itself is boxed by prost anyway; the guess only has to end the recursion.
    known.insert(name.to_owned(), 8);
    let size = schema.messages[name].fields.iter().map(|field| size_of_field(schema, field, known)).sum();
    known.insert(name.to_owned(), size);
    size
}

fn size_of_field(schema: &Schema, field: &Field, known: &mut BTreeMap<String, usize>) -> usize {
    if field.label == Label::Repeated {
        return 24;
    }
    match &field.kind {
        Kind::String => 24,
        Kind::Bytes => 32,
        Kind::Bool => 1,
        Kind::Int32 | Kind::Fixed32 | Kind::Enum(_) => 8,
        Kind::Fixed64 => 16,
        Kind::Message(sub) => match size_of_message(schema, sub, known) {
            size if size > LIMIT && field.label == Label::Optional => 8,
            size => size,
        },
    }
}
