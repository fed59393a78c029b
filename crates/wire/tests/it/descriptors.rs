//! The compiled descriptors against the checked-in table, so that no field can drift.

use std::collections::BTreeSet;

use potok_wire::DESCRIPTORS;
use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

const TABLE: &str = include_str!("../../schema.tsv");

#[test]
fn descriptors_equal_the_table() {
    let compiled = Rows::compiled();
    let expected: BTreeSet<String> = TABLE.lines().skip(1).map(str::to_owned).collect();
    let missing: Vec<_> = expected.difference(&compiled.0).collect();
    let surplus: Vec<_> = compiled.0.difference(&expected).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nsurplus: {surplus:#?}");
    assert_eq!(TABLE.lines().count() - 1, compiled.0.len(), "a row stands twice in the table");
}

/// The descriptors in the form of the table.
struct Rows(BTreeSet<String>);

impl Rows {
    fn compiled() -> Self {
        let mut rows = Self(BTreeSet::new());
        for file in FileDescriptorSet::decode(DESCRIPTORS).unwrap().file {
            assert!(matches!(file.syntax(), "" | "proto2"), "{}", file.name());
            for message in &file.message_type {
                rows.message(file.name(), file.package(), message);
            }
            for enumeration in &file.enum_type {
                rows.enumeration(file.name(), file.package(), enumeration);
            }
        }
        rows
    }

    fn message(&mut self, file: &str, scope: &str, message: &DescriptorProto) {
        let name = format!("{scope}.{}", message.name());
        assert!(message.oneof_decl.is_empty() && message.extension.is_empty(), "{name}");
        if message.field.is_empty() {
            self.0.insert(format!("{file}\tmessage\t{name}\t\t\t\t\t"));
        }
        for field in &message.field {
            let label = match field.label() {
                Label::Optional => "optional",
                Label::Required => "required",
                Label::Repeated => "repeated",
            };
            let (member, number, default) = (field.name(), field.number(), field.default_value());
            let row = format!(
                "{file}\tmessage\t{name}\t{member}\t{number}\t{label}\t{}\t{default}",
                type_of(field)
            );
            self.0.insert(row);
        }
        for nested in &message.nested_type {
            self.message(file, &name, nested);
        }
        for enumeration in &message.enum_type {
            self.enumeration(file, &name, enumeration);
        }
    }

    fn enumeration(&mut self, file: &str, scope: &str, enumeration: &EnumDescriptorProto) {
        for value in &enumeration.value {
            let (name, member, number) = (enumeration.name(), value.name(), value.number());
            self.0.insert(format!("{file}\tenum\t{scope}.{name}\t{member}\t{number}\t\t\t"));
        }
    }
}

fn type_of(field: &FieldDescriptorProto) -> &str {
    match field.r#type() {
        Type::String => "string",
        Type::Bytes => "bytes",
        Type::Bool => "bool",
        Type::Int32 => "int32",
        Type::Sfixed32 => "sfixed32",
        Type::Sfixed64 => "sfixed64",
        Type::Enum | Type::Message => field.type_name().trim_start_matches('.'),
        other => panic!("the API has no fields of type {other:?}"),
    }
}
