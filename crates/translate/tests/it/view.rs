//! What boxes show of their messages.

mod captured;
mod cut;
mod entity;
mod get_message;
mod inject;

use std::collections::HashMap;

use bytes::Bytes;
use potok_domain::{Event, MessageState};
use potok_stories::{Story, Who, box_of};
use potok_types::ContentHash;

/// The events of the story's message in a box.
fn events(story: &Story, who: Who) -> Vec<Event> {
    story.simulation.events(who, story.message()).to_vec()
}

/// The state of a box after `events`.
fn after(who: Who, events: &[Event]) -> MessageState {
    MessageState::replay(box_of(who), events).expect("the first event opens the message")
}

/// The message as the box has it.
fn state(story: &Story, who: Who) -> MessageState {
    story.simulation.state(who, story.message()).expect("the message is there")
}

/// The names of entities by their ids, as the API writes them.
fn named<'a>(story: &Story, who: Who, ids: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let names: HashMap<String, String> =
        story.names(who).into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    ids.into_iter().map(|id| names[id].clone()).collect()
}

/// Contents of stories, as they would be loaded.
fn loaded<'a>(texts: impl IntoIterator<Item = &'a str>) -> HashMap<ContentHash, Bytes> {
    texts.into_iter().map(|text| (ContentHash::of(text.as_bytes()), text.to_owned().into())).collect()
}
