//! What the feeds and messages of both sides show of everything that can be added to a message.
//!
//! A file of `testdata/events` holds stories, in the words of [`Story`]. Below each step stand the events that it
//! brought to each box, an entity a line; below `message`, what `GetMessage` shows then; below `show WHO…`, the
//! newest event with all its fields. Fields that say nothing are left out, and so is what documents and docflows have
//! tests for. `POTOK_BLESS=1` writes all of that anew.

use std::collections::HashMap;

use potok_domain::docflow::Docflows;
use potok_domain::{Event, MessageState};
use potok_golden::{Retelling, path, retell_folder};
use potok_stories::{Story, Who, box_of};
use potok_translate::ContentPlan;
use potok_translate::view::{EventVersion, MessageVersion, MessageView, box_event, for_version, message};
use potok_wire::proto::events::BoxEvent;
use serde_json::Value;

use crate::layout::{Known, lines, named, names};
use crate::shown::json;

#[test]
fn every_kind_of_entity_is_shown() {
    retell_folder::<Feeds>(path!("testdata/events"));
}

/// Times follow the order of events; the rest is told by the line it stands in.
const LEFT_OUT: [&str; 11] = [
    "EntityId",
    "EntityType",
    "ParentEntityId",
    "AttachmentType",
    "Content",
    "RawCreationDate",
    "DocumentInfo",
    "TimestampTicks",
    "LastPatchTimestampTicks",
    "MessageId",
    "Entities",
];

#[derive(Default)]
struct Feeds {
    story: Story,
    known: HashMap<Who, usize>,
}

impl Retelling for Feeds {
    fn begin(&mut self) {
        *self = Self::default();
    }

    fn step(&mut self, step: &str) -> Vec<String> {
        if step == "message" {
            return self.messages();
        }
        if let Some(boxes) = step.strip_prefix("show ") {
            return boxes.split(' ').flat_map(|name| self.newest_in_full(name)).collect();
        }
        for step in step.split("; ") {
            if step.starts_with("post") {
                self.known.clear();
            }
            self.story.step(step).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
        }
        let mut told = Vec::new();
        for who in [Who::A, Who::B] {
            let events = self.story.simulation.events(who, self.story.message());
            let known = self.known.insert(who, events.len()).unwrap_or(0);
            (known..events.len()).for_each(|i| told.extend(self.event(who, &events[..=i])));
        }
        told
    }
}

impl Feeds {
    /// The last of `events`, as it is rendered right after it happened.
    fn event(&self, who: Who, events: &[Event]) -> Vec<String> {
        let state = MessageState::replay(box_of(who), events).expect("they open the message");
        let shown = box_event(&Docflows::of(&state), events.last().expect("there is one"));
        let mut names = self.story.names_of_ids();
        for (i, event) in events.iter().enumerate() {
            names.entry(event.id.to_string()).or_insert_with(|| format!("event-{}", i + 1));
        }
        let view = json(&shown);
        let (kind, body) = match (view.get("Message"), view.get("Patch")) {
            (Some(body), _) => ("Message", body),
            (None, Some(body)) => ("Patch", body),
            (None, None) => panic!("an event is a message or a patch"),
        };
        let mut told = vec![format!("{who:?} {kind} {}", fields(body, &names))];
        told.extend(entities(&body["Entities"], &names));
        let older = for_version(shown.clone(), EventVersion::WithoutUniversalMessages);
        if older != shown {
            told.push(format!("  older methods show {} entities", count(&older)));
        }
        told
    }

    /// The newest event with all its fields.
    fn newest_in_full(&self, name: &str) -> Vec<String> {
        let who = Who::ALL.into_iter().find(|who| format!("{who:?}") == name).expect("a box");
        let state = self.story.simulation.state(who, self.story.message()).expect("it has the message");
        let newest = self.story.simulation.events(who, self.story.message()).last().expect("it has events");
        let shown = named(&json(&box_event(&Docflows::of(&state), newest)), &names(&self.story, who, &state));
        let mut told = vec![format!("{who:?}")];
        told.extend(lines(&shown, 2, &Known::new()));
        told
    }

    fn messages(&self) -> Vec<String> {
        let mut told = Vec::new();
        for who in [Who::A, Who::B] {
            let Some(state) = self.story.simulation.state(who, self.story.message()) else { continue };
            let shown =
                |version| json(&message(&state, &MessageView::whole(version), &mut ContentPlan::nothing()));
            let (newest, older) = (shown(MessageVersion::V6), shown(MessageVersion::V5));
            let names = self.story.names_of_ids();
            let list = |view: &Value| -> Vec<String> {
                let entities = view["Entities"].as_array().expect("a list");
                entities.iter().map(|entity| word(&entity["EntityId"], &names)).collect()
            };
            told.push(format!("{who:?} {}", list(&newest).join(" ")));
            if list(&older) != list(&newest) {
                told.push(format!("  older methods show {}", list(&older).join(" ")));
            }
        }
        told
    }
}

fn count(event: &BoxEvent) -> usize {
    let of_message = event.message.as_ref().map(|message| message.entities.len());
    of_message.or(event.patch.as_ref().map(|patch| patch.entities.len())).unwrap_or(0)
}

/// A line per entity: what it is, its name, where it hangs, and everything that it says besides.
fn entities<'a>(list: &'a Value, names: &'a HashMap<String, String>) -> impl Iterator<Item = String> + 'a {
    list.as_array().expect("a list").iter().map(|entity| {
        let kind = match entity["EntityType"].as_str() {
            Some("Signature") => "Signature",
            _ => entity["AttachmentType"].as_str().unwrap_or("?"),
        };
        let parent = entity.get("ParentEntityId").map(|parent| format!(" under {}", word(parent, names)));
        let parent = parent.unwrap_or_default();
        format!("  {kind} {}{parent} {}", word(&entity["EntityId"], names), fields(entity, names))
    })
}

fn fields(object: &Value, names: &HashMap<String, String>) -> String {
    let fields = object.as_object().expect("a structure").iter();
    let told = fields.filter(|(key, _)| !LEFT_OUT.contains(&key.as_str())).filter_map(|(key, value)| {
        let text = part(value, names);
        (!text.is_empty()).then(|| format!("{key}={text}"))
    });
    told.collect::<Vec<_>>().join(" ")
}

fn part(value: &Value, names: &HashMap<String, String>) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Object(_) => match fields(value, names) {
            inside if inside.is_empty() => inside,
            inside => format!("({inside})"),
        },
        Value::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| match item {
                    // Entity patches say which entity they change.
                    Value::Object(fields) if fields.contains_key("EntityId") => {
                        format!("{}{}", word(&fields["EntityId"], names), part(item, names))
                    }
                    item => part(item, names),
                })
                .collect();
            if items.is_empty() { String::new() } else { format!("[{}]", items.join(", ")) }
        }
        value => word(value, names),
    }
}

fn word(value: &Value, names: &HashMap<String, String>) -> String {
    let Some(text) = value.as_str() else { return value.to_string() };
    if let Some(name) = names.get(text) {
        return name.clone();
    }
    // Files are called by the ids of their entities.
    let text = names.iter().fold(text.to_owned(), |text, (id, name)| {
        if text.contains(id) { text.replace(id, &format!("<{name}>")) } else { text }
    });
    if text.contains(' ') { format!("«{text}»") } else { text }
}
