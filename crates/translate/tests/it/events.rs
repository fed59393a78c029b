//! What the feeds and messages of both sides show of everything that can be added to a message.
//!
//! A file of `testdata/events` holds stories, in the words of `Story`. Below each step stand the events that it
//! brought to each box, an entity a line; below `message`, what `GetMessage` shows then. Fields that say nothing are left
//! out, and so is what documents and docflows have tests for. `POTOK_BLESS=1` writes all of that anew.

use std::collections::HashMap;
use std::path::Path;
use std::{env, fs};

use potok_domain::{Event, MessageState};
use potok_translate::ContentPlan;
use potok_translate::view::{EventVersion, MessageVersion, MessageView, box_event, for_version, message};
use potok_wire::proto::events::BoxEvent;
use serde_json::Value;

use crate::golden::json;
use potok_stories::{Story, Who, box_of, colleague_of, user_of};

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

struct Told {
    story: Story,
    text: String,
    known: HashMap<Who, usize>,
}

impl Told {
    fn new() -> Self {
        Self { story: Story::new(), text: String::new(), known: HashMap::new() }
    }

    fn step(&mut self, step: &str) {
        self.text += &format!("{step}\n");
        if step == "message" {
            return self.messages();
        }
        for step in step.split("; ") {
            if step.starts_with("post") {
                self.known.clear();
            }
            self.story.step(step).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
        }
        for who in [Who::A, Who::B] {
            let events = self.story.world.events(who, self.story.message());
            let known = self.known.insert(who, events.len()).unwrap_or(0);
            let shown: Vec<String> = (known..events.len()).map(|i| self.event(who, &events[..=i])).collect();
            self.text += &shown.concat();
        }
    }

    fn names(&self, who: Who) -> HashMap<String, String> {
        let mut names: HashMap<_, _> =
            self.story.names(who).into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        for side in [Who::A, Who::B] {
            names.insert(box_of(side).to_string(), format!("{side:?}"));
            names.insert(user_of(side).to_string(), format!("person-of-{side:?}"));
            names.insert(colleague_of(side).to_string(), format!("colleague-of-{side:?}"));
        }
        names.insert(self.story.message().to_string(), "message".to_owned());
        names
    }

    /// The last of `events`, as it is rendered right after it happened.
    fn event(&self, who: Who, events: &[Event]) -> String {
        let state = MessageState::replay(box_of(who), events).expect("they open the message");
        let shown = box_event(&state, events.last().expect("there is one"));
        let mut names = self.names(who);
        for (i, event) in events.iter().enumerate() {
            names.entry(event.id.to_string()).or_insert_with(|| format!("event-{}", i + 1));
        }
        let view = json(&shown);
        let (kind, body) = match (view.get("Message"), view.get("Patch")) {
            (Some(body), _) => ("Message", body),
            (None, Some(body)) => ("Patch", body),
            (None, None) => panic!("an event is a message or a patch"),
        };
        let mut text = format!("  {who:?} {kind} {}\n", fields(body, &names));
        text += &entities(&body["Entities"], &names);
        let older = for_version(shown.clone(), EventVersion::WithoutUniversalMessages);
        if older != shown {
            text += &format!("    older methods show {} entities\n", count(&older));
        }
        text
    }

    fn messages(&mut self) {
        for who in [Who::A, Who::B] {
            let Some(state) = self.story.world.state(who, self.story.message()) else { continue };
            let shown =
                |version| json(&message(&state, &MessageView::whole(version), &mut ContentPlan::nothing()));
            let (newest, older) = (shown(MessageVersion::V6), shown(MessageVersion::V5));
            let list = |view: &Value| -> Vec<String> {
                let names = self.names(who);
                let entities = view["Entities"].as_array().expect("a list");
                entities.iter().map(|entity| word(&entity["EntityId"], &names)).collect()
            };
            let mut text = format!("  {who:?} {}\n", list(&newest).join(" "));
            if list(&older) != list(&newest) {
                text += &format!("    older methods show {}\n", list(&older).join(" "));
            }
            self.text += &text;
        }
    }
}

fn count(event: &BoxEvent) -> usize {
    let of_message = event.message.as_ref().map(|message| message.entities.len());
    of_message.or(event.patch.as_ref().map(|patch| patch.entities.len())).unwrap_or(0)
}

/// A line per entity: what it is, its name, where it hangs, and everything that it says besides.
fn entities(list: &Value, names: &HashMap<String, String>) -> String {
    let line = |entity: &Value| {
        let kind = match entity["EntityType"].as_str() {
            Some("Signature") => "Signature",
            _ => entity["AttachmentType"].as_str().unwrap_or("?"),
        };
        let parent = entity.get("ParentEntityId").map(|parent| format!(" under {}", word(parent, names)));
        let parent = parent.unwrap_or_default();
        format!("    {kind} {}{parent} {}\n", word(&entity["EntityId"], names), fields(entity, names))
            .replace(" \n", "\n")
    };
    list.as_array().expect("a list").iter().map(line).collect()
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

#[test]
fn every_kind_of_entity_is_shown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/events");
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a file").path();
        let expected = fs::read_to_string(&path).expect("the file is text");
        let mut told = String::new();
        let mut story = Told::new();
        for line in expected.lines().filter(|line| !line.starts_with(' ')) {
            if line.starts_with("## ") {
                told += &std::mem::replace(&mut story, Told::new()).text;
            }
            if line.is_empty() || line.starts_with('#') {
                story.text += &format!("{line}\n");
            } else {
                story.step(line);
            }
        }
        told += &story.text;
        if env::var_os("POTOK_BLESS").is_some() {
            fs::write(&path, &told).expect("the file can be written");
            continue;
        }
        let different = expected.lines().zip(told.lines()).find(|(one, other)| one != other);
        assert!(told == expected, "POTOK_BLESS=1 rewrites {}: {different:#?}", path.display());
    }
}
