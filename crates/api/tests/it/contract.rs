//! The declarations against a table that was written down separately.

use std::collections::{BTreeMap, BTreeSet};

use potok_api::{
    BodyKind, BoxIn, Caller, Deprecation, MethodSpec, ParamKind, Verb, by_label, methods, successor,
};
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};

const TABLE: &str = include_str!("../../testdata/methods.tsv");

/// One line of the table: verb, path, query, request, response, access, status codes, deprecation.
fn line(spec: &MethodSpec) -> String {
    let mut query: Vec<String> = spec
        .query
        .iter()
        .map(|param| format!("{}{}", param.name, if param.required { "" } else { "?" }))
        .collect();
    query.sort();
    let codes: Vec<String> = spec.status_codes.iter().map(u16::to_string).collect();
    let deprecation = match spec.deprecation {
        Deprecation::None if spec.documented => "-".to_owned(),
        Deprecation::None => "undocumented".to_owned(),
        Deprecation::Obsolete => "obsolete".to_owned(),
        Deprecation::Announced => "announced".to_owned(),
        Deprecation::RemovalAfter { date, assumed } => format!("{date}{}", if assumed { "~" } else { "" }),
        Deprecation::Gone => "gone".to_owned(),
    };
    [
        spec.verb.to_string(),
        spec.path.to_owned(),
        if query.is_empty() { "-".to_owned() } else { query.join(",") },
        spec.request.to_string(),
        spec.response.to_string(),
        spec.access.to_string(),
        codes.join(","),
        deprecation,
    ]
    .join("\t")
}

#[test]
fn the_declarations_say_what_the_table_says() {
    let key = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join(" ");
    let expected: BTreeMap<String, &str> = TABLE.lines().skip(1).map(|line| (key(line), line)).collect();
    let declared: BTreeMap<String, String> =
        methods::all().iter().map(|spec| line(spec)).map(|line| (key(&line), line)).collect();
    assert_eq!(expected.len(), 238);
    for (key, line) in &declared {
        assert_eq!(
            expected.get(key).copied(),
            Some(line.as_str()),
            "{key} differs from testdata/methods.tsv"
        );
    }
    for key in expected.keys() {
        assert!(declared.contains_key(key), "{key} is in testdata/methods.tsv but not declared");
    }
}

#[test]
fn every_method_stands_once() {
    assert_eq!(methods::all().len(), 238);
    let addresses: BTreeSet<(Verb, String)> =
        methods::all().iter().map(|spec| (spec.verb, spec.path.to_ascii_lowercase())).collect();
    assert_eq!(addresses.len(), 238);
    let labels: BTreeSet<&str> =
        methods::all().iter().chain(methods::retired()).map(|spec| spec.label).collect();
    assert_eq!(labels.len(), 238 + methods::retired().len());
}

fn collect(prefix: &str, message: &DescriptorProto, names: &mut BTreeSet<String>) {
    let name = format!("{prefix}.{}", message.name());
    for nested in &message.nested_type {
        collect(&name, nested, names);
    }
    names.insert(name);
}

#[test]
fn every_structure_is_in_the_schema_and_bodies_name_their_box() {
    let files = FileDescriptorSet::decode(potok_wire::DESCRIPTORS).expect("the descriptors decode");
    let mut names = BTreeSet::new();
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &files.file {
        for message in &file.message_type {
            collect(file.package(), message, &mut names);
            fields.insert(
                format!("{}.{}", file.package(), message.name()),
                message.field.iter().map(|field| field.name().to_owned()).collect(),
            );
        }
    }
    for spec in methods::all() {
        for kind in [spec.request, spec.response] {
            if let BodyKind::Wire(name) = kind {
                assert!(names.contains(name), "{spec}: {name}");
            }
        }
        if let (BoxIn::Body(field) | BoxIn::BodyOrganization(field), BodyKind::Wire(name)) =
            (spec.box_in, spec.request)
        {
            assert!(fields[name].contains(field), "{spec}: {name} has no field {field}");
        }
    }
}

#[test]
fn declarations_agree_with_themselves() {
    for spec in methods::all() {
        let version = if spec.version == 1 { String::new() } else { format!(" V{}", spec.version) };
        assert_eq!(spec.label, format!("{}{version}", spec.name));
        if spec.version > 1 {
            assert!(spec.path.starts_with(&format!("/V{}/", spec.version)), "{spec}: {}", spec.path);
        }
        assert!(spec.path.starts_with('/') && !spec.path.ends_with('/'), "{spec}");
        assert!(
            spec.summary.ends_with('.') && spec.summary.trim() == spec.summary,
            "{spec}: {:?}",
            spec.summary
        );
        assert!(spec.status_codes.is_sorted(), "{spec}");
        assert_eq!(spec.is_gone(), spec.status_codes == [410], "{spec}");
        if spec.verb == Verb::Get {
            assert_eq!(spec.request, BodyKind::Empty, "{spec}");
        }
        let in_query = |name: &str, required: bool| {
            spec.query.iter().any(|param| param.name == name && param.required == required)
        };
        match spec.box_in {
            BoxIn::Nowhere => assert_ne!(spec.access.caller, Caller::Employee, "{spec} names no box"),
            BoxIn::Query(name) | BoxIn::Organization(name) => assert!(in_query(name, true), "{spec}: {name}"),
            BoxIn::OptionalQuery(name) | BoxIn::OptionalOrganization(name) => {
                assert!(in_query(name, false), "{spec}: {name}");
                assert_ne!(spec.access.caller, Caller::Employee, "{spec} may name no box");
            }
            BoxIn::Body(_) | BoxIn::BodyOrganization(_) => {
                assert_ne!(spec.request, BodyKind::Empty, "{spec}")
            }
        }
        for param in spec.query {
            if param.name.ends_with("oxId") {
                assert_eq!(param.kind, ParamKind::BoxId, "{spec}: {}", param.name);
            }
        }
        let presence = [
            "originalSignature",
            "disableValidation",
            "correction",
            "excludeSubdepartments",
            "excludeContent",
        ];
        for param in spec.query.iter().filter(|param| presence.contains(&param.name)) {
            assert_eq!(param.kind, ParamKind::Flag, "{spec}: {}", param.name);
        }
    }
}

#[test]
fn what_goes_away_names_what_stays() {
    for spec in methods::all().iter().chain(methods::retired()) {
        if let Some(label) = spec.replaced_by {
            let next = by_label(label)
                .unwrap_or_else(|| panic!("{spec} is replaced by {label}, which is no method"));
            assert!(!next.is_gone(), "{spec} is replaced by {label}, which is gone");
        }
    }
    for (label, next) in [
        ("GetEvent V2", Some("GetEvent V3")),
        ("GetNewEvents V2", Some("GetNewEvents V8")),
        ("GetDocflows V2", Some("GetDocflows V4")),
        ("PostMessagePatch V3", Some("PostMessagePatch V4")),
        ("Authenticate", Some("Authenticate V3")),
        ("PostDraft", Some("PostMessage V3")),
        ("GetEvent V3", None),
        ("Devices", None),
    ] {
        let found = successor(by_label(label).expect("a method")).map(|spec| spec.label);
        assert_eq!(found, next, "{label}");
    }
}
