//! Files that people post, and what they are told: stories over HTTP, in the manner of the refusals of `potok-http`, where the
//! rule is in the bytes of the file.
//!
//! `testdata/files.txt` holds the steps, and below each what follows; `POTOK_BLESS=1` writes that anew:
//!
//! - `A posts FILE as TYPE`: a sample of `crates/fns/testdata` in a letter to B; `with ИдФайл CHANGE` changes the name that it
//!   gives itself, and `unsent` keeps the letter;
//! - `A signs it`: the document of the newest letter;
//! - `B says XML`: a universal message about it, of these bytes; what both sides read in it follows.

use std::path::Path;

use potok_golden::{Retelling, path, retell};
use potok_testkit::{Person, RawAnswer, fns};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::attested::place::{Place, base64, with};

#[test]
fn files_are_told_apart_by_what_they_say() {
    retell::<Told>(path!("testdata/files.txt"));
}

struct Told {
    runtime: Runtime,
    place: Option<Place>,
    /// Message and document of the newest letter.
    newest: [String; 2],
}

impl Default for Told {
    fn default() -> Self {
        let runtime = Runtime::new().expect("threads");
        let place = runtime.block_on(Place::new());
        Self { runtime, place: Some(place), newest: Default::default() }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Some(place) = self.place.take().filter(|_| !std::thread::panicking()) {
            self.runtime.block_on(place.end());
        }
    }
}

impl Retelling for Told {
    fn step(&mut self, step: &str) -> Vec<String> {
        let place = self.place.as_ref().expect("until the end");
        if let Some(content) = step.strip_prefix("B says ") {
            return self.runtime.block_on(says(place, &self.newest, content));
        }
        let told = match step.strip_prefix("A posts ") {
            Some(posted) => {
                let told = self.runtime.block_on(posts(place, posted));
                if told.status == 200 {
                    let shown: Value = serde_json::from_slice(&told.body).expect("JSON");
                    let ids = [&shown["MessageId"], &shown["Entities"][0]["EntityId"]];
                    self.newest = ids.map(|id| id.as_str().expect("an id").to_owned());
                }
                told
            }
            None if step == "A signs it" => {
                let [message, document] = &self.newest;
                self.runtime.block_on(place.sign(&place.a.boss, message, document))
            }
            None => panic!("no such step: {step}"),
        };
        let code = told.header("x-diadoc-errorcode").unwrap_or_default().to_owned();
        match told.status {
            200 => vec!["200".to_owned()],
            status => vec![format!("{status} {code}"), told.text()],
        }
    }
}

/// A sample as UTF-8, whose name is changed.
fn sample(file: &str, change: Option<&str>) -> String {
    let samples = path!("../fns/testdata");
    let bytes =
        std::fs::read(Path::new(samples).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let (text, _) = fns::xml::decode(&bytes, &fns::xml::Limits::TITLE).expect("it is XML");
    let text = text.replacen("windows-1251", "UTF-8", 1);
    let Some(change) = change else { return text };
    let id = text.split("ИдФайл=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it has a name");
    let parts: Vec<&str> = id.split('_').collect();
    let changed = match change {
        "participants-swapped" => {
            id.replace(&format!("{}_{}", parts[2], parts[3]), &format!("{}_{}", parts[3], parts[2]))
        }
        "with-ending" => format!("{id}.xml"),
        "date-glued" => id.replace(&format!("_{}", parts[4]), parts[4]),
        other => panic!("no such change: {other}"),
    };
    text.replacen(id, &changed, 1)
}

async fn posts(place: &Place, words: &str) -> RawAnswer {
    let words: Vec<&str> = words.split(' ').collect();
    let behind = |word: &str| words.iter().position(|it| *it == word).map(|at| words[at + 1]);
    let content = base64(sample(words[0], behind("ИдФайл")).as_bytes());
    let document = json!({ "TypeNamedId": behind("as").expect("a type") });
    if words.contains(&"unsent") {
        let kept = with(document, json!({ "SignedContent": { "Content": content } }));
        return place.letter(json!({ "DelaySend": true, "DocumentAttachments": [kept] })).await;
    }
    let signed = json!({ "Content": content, "SignWithTestSignature": true });
    let told = place.document(with(document, json!({ "SignedContent": signed }))).await;
    place.world.drain().await;
    told
}

async fn says(place: &Place, [message, document]: &[String; 2], content: &str) -> Vec<String> {
    let who = &place.b.boss;
    let item = json!({
        "ParentEntityId": document,
        "CodeGroup": 4,
        "UniversalMessageContent": { "Content": base64(content.as_bytes()) },
    });
    let target = json!({ "BoxId": who.box_id.to_string(), "MessageId": message });
    let body = with(target, json!({ "UniversalMessages": [item] }));
    let told = place.post(who, "/V4/PostMessagePatch", body.to_string()).await;
    if told.status != 200 {
        let code = told.header("x-diadoc-errorcode").unwrap_or_default();
        return vec![format!("{} {code}", told.status), told.text()];
    }
    place.world.drain().await;
    let posted: Value = serde_json::from_slice(&told.body).expect("JSON");
    let id = &posted["Entities"][0]["EntityId"];
    let mut lines = Vec::new();
    for (side, who) in [("A", &place.a.boss), ("B", who)] {
        lines.push(format!("{side} reads {}", events(place, who, message, id).await));
    }
    lines
}

/// What the universal message `id` tells, as `who` is shown it.
async fn events(place: &Place, who: &Person, message: &str, id: &Value) -> String {
    let shown = place.in_box(who, "/V6/GetMessage", &format!("&messageId={message}")).await;
    let shown: Value = serde_json::from_slice(&shown.body).expect("JSON");
    let entities = shown["Entities"].as_array().expect("a list");
    let found = entities.iter().find(|entity| entity["EntityId"] == *id).expect("it is there");
    let events = found["UniversalMessageInfo"]["Events"].as_array().expect("a list");
    let told = events.iter().map(|event| match event["PlainText"].as_str() {
        Some(text) => format!("{} «{text}»", event["StatusCode"]),
        None => event["StatusCode"].to_string(),
    });
    told.collect::<Vec<_>>().join(", ")
}
