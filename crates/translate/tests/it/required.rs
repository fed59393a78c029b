//! No structure ever lacks a required field, whatever happened to the document.

use potok_domain::MessageState;
use potok_domain::registry::TYPES;
use potok_stories::{Story, Who};
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations, V2, V3, V4, V5};
use potok_translate::document::document;
use potok_types::EntityId;
use potok_wire::{WireMessage, decode_json, decode_protobuf, encode_protobuf, to_json};

use crate::shown;

/// Written and read in both formats, a message is the same; reading refuses what lacks a required field.
#[track_caller]
fn travels<M: WireMessage + PartialEq + std::fmt::Debug>(message: &M) {
    let read: M = decode_protobuf(encode_protobuf(message).into()).expect("nothing required is absent");
    assert_eq!(&read, message);
    let read: M = decode_json(&to_json(message)).expect("nothing required is absent");
    assert_eq!(&read, message);
}

fn travels_as<V: DocflowVersion>(state: &MessageState, document: EntityId) {
    let mut contents = ContentPlan::nothing();
    let shown = V::document(state, document, &Relations::default(), true, &mut contents);
    travels(&shown.expect("the document is there"));
}

/// The same for what leaves out flags that do not hold: JSON says them, so only the text is the same.
pub(crate) fn travels_with_defaults<M: WireMessage + PartialEq + std::fmt::Debug>(message: &M) {
    let read: M = decode_protobuf(encode_protobuf(message).into()).expect("nothing required is absent");
    assert_eq!(&read, message);
    let read: M = decode_json(&to_json(message)).expect("nothing required is absent");
    assert!(to_json(&read) == to_json(message));
}

/// The document travels in every shape.
pub(crate) fn all_travel(state: &MessageState, id: EntityId) {
    travels_as::<V2>(state, id);
    travels_as::<V3>(state, id);
    travels_as::<V4>(state, id);
    travels_as::<V5>(state, id);
    travels(&document(state, id).expect("the document is there"));
}

/// How a document of each type, function and version is posted, and by each of the workflows.
fn posts() -> impl Iterator<Item = String> {
    TYPES.iter().flat_map(|kind| {
        kind.functions.iter().flat_map(move |function| {
            function.versions.iter().enumerate().flat_map(move |(number, version)| {
                // Workflows and versions are told apart from each other: not every pair is needed.
                let workflows = if number == 0 { version.workflows } else { &version.workflows[..1] };
                workflows.iter().map(move |workflow| {
                    let (kind, function, version) = (kind.type_named_id, function.name, version.name);
                    let words = match workflow {
                        // There an intermediate addressee writes a title, too.
                        13 => "number=7 filled through-C",
                        _ => "number=7 filled",
                    };
                    format!("post {kind} fn{function} v{version} wf{workflow} {words}")
                })
            })
        })
    })
}

/// The field of version 2 with the flow of the type, by the side.
fn flow_of_v2(state: &MessageState, id: EntityId) -> String {
    let shown = shown::of_state::<V2>(state, id, &Relations::default()).expect("the document is there");
    let docflow = shown["Docflow"].as_object().expect("a structure");
    let flows: Vec<&String> = docflow.keys().filter(|key| key.ends_with("Docflow")).collect();
    let [flow] = flows[..] else { panic!("exactly one flow, not {flows:?}") };
    flow.clone()
}

#[test]
fn every_type_travels_and_has_one_flow() {
    let mut count = 0;
    for post in posts() {
        let mut story = Story::new();
        story.step(&post).unwrap_or_else(|refusal| panic!("{post}: {refusal}"));
        story.step("deliver").expect("it is delivered");
        for (who, side) in [(Who::A, "Outbound"), (Who::B, "Inbound"), (Who::C, "Inbound")] {
            let Some(state) = story.simulation.state(who, story.message()) else { continue };
            let id = story.simulation.document(story.message(), 0);
            all_travel(&state, id);
            let flow = flow_of_v2(&state, id);
            assert!(!flow.contains("bound") || flow.starts_with(side), "{post}: {flow}");
        }
        count += 1;
    }
    assert!(count > 100, "only {count} posts");
}
