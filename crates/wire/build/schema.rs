//! The descriptors in the shape the generator wants: everything by full name, every type resolved.

use std::collections::BTreeMap;

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

/// All messages and enums, by full name without the leading dot.
pub(crate) struct Schema {
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) enums: BTreeMap<String, Vec<(String, i32)>>,
}

pub(crate) struct Message {
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) number: u32,
    pub(crate) label: Label,
    pub(crate) kind: Kind,
    /// The default as written in the proto file: a name for enums, a literal otherwise.
    pub(crate) default: Option<String>,
}

/// The kinds of values the API uses. Another kind fails the build, so that nobody adds one without teaching the codec.
#[derive(PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Bytes,
    Bool,
    Int32,
    Fixed32,
    Fixed64,
    Enum(String),
    Message(String),
}

impl Schema {
    pub(crate) fn read(descriptors: &FileDescriptorSet) -> Self {
        let mut schema = Self { messages: BTreeMap::new(), enums: BTreeMap::new() };
        for file in &descriptors.file {
            for message in &file.message_type {
                schema.add_message(file.package(), message);
            }
            for enumeration in &file.enum_type {
                schema.add_enum(file.package(), enumeration);
            }
        }
        schema
    }

    fn add_message(&mut self, scope: &str, message: &DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        for nested in &message.nested_type {
            self.add_message(&name, nested);
        }
        for enumeration in &message.enum_type {
            self.add_enum(&name, enumeration);
        }
        let fields = message.field.iter().map(field).collect();
        self.messages.insert(name, Message { fields });
    }

    fn add_enum(&mut self, scope: &str, enumeration: &EnumDescriptorProto) {
        let values =
            enumeration.value.iter().map(|value| (value.name().to_owned(), value.number())).collect();
        self.enums.insert(format!("{scope}.{}", enumeration.name()), values);
    }
}

fn field(field: &FieldDescriptorProto) -> Field {
    let type_name = || field.type_name().trim_start_matches('.').to_owned();
    let kind = match field.r#type() {
        Type::String => Kind::String,
        Type::Bytes => Kind::Bytes,
        Type::Bool => Kind::Bool,
        Type::Int32 => Kind::Int32,
        Type::Sfixed32 => Kind::Fixed32,
        Type::Sfixed64 => Kind::Fixed64,
        Type::Enum => Kind::Enum(type_name()),
        Type::Message => Kind::Message(type_name()),
        other => panic!("the codec knows no fields of type {other:?}: {}", field.name()),
    };
    Field {
        name: field.name().to_owned(),
        number: u32::try_from(field.number()).expect("field numbers are positive"),
        label: field.label(),
        kind,
        default: field.default_value.clone(),
    }
}
