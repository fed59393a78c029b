//! No structure ever lacks a required field, whatever happened to the document.

use potok_domain::MessageState;
use potok_domain::registry::TYPES;
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations, V2, V3, V4, V5};
use potok_translate::document::document;
use potok_types::EntityId;
use potok_wire::{WireMessage, decode_json, decode_protobuf, encode_protobuf, to_json};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::script::{Who, World, document_id};

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

fn shows_itself(world: &World) {
    let states = [Who::A, Who::B].into_iter().filter_map(|who| world.state(who));
    states.for_each(|state| all_travel(&state, document_id()));
}

#[test]
fn every_type_travels() {
    for kind in TYPES {
        for function in kind.functions {
            for version in function.versions {
                for workflow in version.workflows {
                    let (kind, function, version) = (kind.type_named_id, function.name, version.name);
                    let post =
                        format!("post type={kind} function={function} version={version} wf={workflow}");
                    shows_itself(&World::after(&format!("{post}\n deliver\n B receipt\n deliver")));
                }
            }
        }
    }
}

proptest! {
    // Each case shows many states in four versions.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_history_travels(
        kind in any::<Index>(),
        words in prop::sample::subsequence(vec!["request", "receipt", "internal", "unsent", "encrypted"], 0..=5),
        workflow in 0..=19,
        choices in prop::collection::vec(any::<Index>(), 0..8),
    ) {
        let kind = TYPES[kind.index(TYPES.len())].type_named_id;
        let mut world = World::new();
        world.step(&format!("post type={kind} wf={workflow} {}", words.join(" ")));
        shows_itself(&world);
        for choice in choices {
            let steps = world.possible_steps();
            if steps.is_empty() {
                break;
            }
            world.step(steps[choice.index(steps.len())]);
            shows_itself(&world);
        }
    }
}
