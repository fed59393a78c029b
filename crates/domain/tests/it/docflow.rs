//! What is known of a document, where a line of its lifecycle does not say it.

mod amended;
mod approved;
mod facts;
mod laws;

use potok_domain::MessageState;
use potok_domain::docflow::{Docflow, docflow};
use potok_stories::{Story, Who};
use potok_types::EntityId;

/// The story after `steps`, all of which are taken.
#[track_caller]
fn story(steps: &str) -> Story {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None, "{steps}");
    story
}

/// The message as the box has it, and its first document.
#[track_caller]
fn state(story: &Story, who: Who) -> (MessageState, EntityId) {
    let state = story.simulation.state(who, story.message()).expect("the message is there");
    let document = state.documents().next().expect("it has a document").0.entity.id;
    (state, document)
}

/// What the box knows of the first document after `steps`.
#[track_caller]
fn read<T>(steps: &str, who: Who, look: impl FnOnce(&Docflow<'_>) -> T) -> T {
    let (state, document) = state(&story(steps), who);
    look(&docflow(&state, document).expect("the document is there"))
}
