//! What the two boxes see, in any version.

use potok_domain::MessageState;
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations};
use potok_types::EntityId;
use serde_json::Value;

use crate::golden::json;
use crate::script::{Who, World, document_id};

/// The docflow that `who` sees, as JSON.
pub(crate) fn docflow<V: DocflowVersion>(world: &World, who: Who) -> Option<Value> {
    of_state::<V>(&world.state(who)?, document_id(), &Relations::default())
}

/// The docflow of `document` in the box of `state`, as JSON.
pub(crate) fn of_state<V: DocflowVersion>(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
) -> Option<Value> {
    let shown = V::document(state, document, relations, false, &mut ContentPlan::nothing())?;
    Some(json(&shown))
}

/// What `who` sees after the steps with the given numbers, counted from 1.
pub(crate) fn views<V: DocflowVersion>(steps: &[&str], wanted: &[(Who, usize)]) -> Vec<(String, Value)> {
    let after = |count: usize| {
        let mut world = World::new();
        steps[..count].iter().for_each(|step| world.step(step));
        world
    };
    let view = |(who, count): &(Who, usize)| {
        let shown = docflow::<V>(&after(*count), *who).expect("the document is there");
        (format!("{who:?} {count}: {}", steps[count - 1]), shown)
    };
    wanted.iter().map(view).collect()
}
