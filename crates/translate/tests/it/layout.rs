//! Answers in full, and what one says otherwise than another, in lines for people to read.

use std::collections::HashMap;

use potok_domain::MessageState;
use potok_golden::WIDTH;
use potok_stories::{EXPORT, SALES, START, STORAGE, Story, Who};
use potok_types::{BoxId, DepartmentId, Ticks};
use serde_json::{Map, Value};

/// The names of all that one box says by id, by the text of the id.
pub(crate) fn names(story: &Story, who: Who, state: &MessageState) -> HashMap<String, String> {
    let mut names = story.names_of_ids();
    for (department, name) in
        [(DepartmentId::ZERO, "head"), (SALES, "sales"), (EXPORT, "export"), (STORAGE, "storage")]
    {
        names.insert(department.to_string(), name.to_owned());
    }
    names.insert(BoxId::ZERO.to_string(), "operator".to_owned());
    for (number, event) in story.simulation.events(who, state.message_id).iter().enumerate() {
        names.entry(event.id.to_string()).or_insert_with(|| format!("event-{}", number + 1));
    }
    for (number, (found, _)) in state.documents().enumerate() {
        let packet = state.document_state(found.entity.id).map(|document| document.packet.to_string());
        let name = || format!("packet-of-d{}", number + 1);
        if let Some(packet) = packet {
            names.entry(packet).or_insert_with(name);
        }
    }
    names
}

/// The answer with names in the place of ids and times: `t5` is five milliseconds after the story began, `t5+3h` the same
/// on the clocks of Moscow.
pub(crate) fn named(value: &Value, names: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), named(value, names))).collect()
        }
        Value::Array(items) => items.iter().map(|item| named(item, names)).collect(),
        Value::Number(number) => number.as_i64().and_then(time).map_or_else(|| value.clone(), Value::from),
        Value::String(text) => Value::from(names.get(text).cloned().unwrap_or_else(|| {
            // Files are called by the ids of their entities.
            names.iter().fold(text.clone(), |text, (id, name)| text.replace(id, name))
        })),
        value => value.clone(),
    }
}

fn time(number: i64) -> Option<String> {
    const HOUR: i64 = 3600 * Ticks::PER_SECOND;
    let since = number - START.get();
    let milliseconds = |ticks: i64| ticks * 1000 / Ticks::PER_SECOND;
    match since {
        1..HOUR => Some(format!("t{}", milliseconds(since))),
        _ if (3 * HOUR + 1..4 * HOUR).contains(&since) => {
            Some(format!("t{}+3h", milliseconds(since - 3 * HOUR)))
        }
        _ => None,
    }
}

/// Values that stand elsewhere, by what they look like: with the words that say where.
pub(crate) type Known = HashMap<String, String>;

/// The parts of an answer that are long enough to be named instead of repeated: `=PATH`.
pub(crate) fn parts(value: &Value) -> Known {
    let mut known = Known::new();
    note("", value, &mut known);
    known
}

fn note(path: &str, value: &Value, known: &mut Known) {
    let look = inline(value, &Known::new());
    if !path.is_empty() && look.len() > 60 {
        known.entry(look).or_insert_with(|| format!("={path}"));
    }
    for (key, value) in children(value) {
        note(&join(path, &key), value, known);
    }
}

/// The fields of an object, the items of a list.
fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, item)| (format!("[{number}]"), item)).collect()
        }
        _ => Vec::new(),
    }
}

fn join(path: &str, key: &str) -> String {
    let between = if path.is_empty() || key.starts_with('[') { "" } else { "." };
    format!("{path}{between}{key}")
}

/// The fields of an answer, as many in a line as fit, each that does not with its own fields below it. What is `known` is
/// named.
pub(crate) fn lines(value: &Value, indent: usize, known: &Known) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let margin = " ".repeat(indent);
    // Stories are indented by two.
    let fits = |text: &str| indent + 2 + text.chars().count() <= WIDTH;
    for (key, value) in children(value) {
        let field = format!("{key}: {}", inline(value, known));
        let longer = if line.is_empty() { field.clone() } else { format!("{line}, {field}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(format!("{margin}{}", std::mem::take(&mut line)));
        }
        if fits(&field) || children(value).is_empty() {
            line = field;
            continue;
        }
        let (mut key, mut value) = (key, value);
        while let [(only, below)] = &children(value)[..]
            && !children(below).is_empty()
        {
            (key, value) = (join(&key, only), *below);
        }
        lines.push(format!("{margin}{key}:"));
        lines.extend(self::lines(value, indent + 2, known));
    }
    if !line.is_empty() {
        lines.push(format!("{margin}{line}"));
    }
    lines
}

fn inline(value: &Value, known: &Known) -> String {
    let look = match value {
        Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{key}: {}", inline(value, known))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| inline(item, known)).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if text.is_empty() || text.contains([' ', ',', ':', '{', '[', '"']) => {
            format!("«{text}»")
        }
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    let named = || known.get(&inline(value, &Known::new())).cloned();
    if known.is_empty() { look } else { named().unwrap_or(look) }
}

/// What `other` says otherwise than `base`: the paths of what it leaves out, then what it says in the place of it and
/// besides, by path.
pub(crate) fn difference(base: &Value, other: &Value) -> (Vec<String>, Map<String, Value>) {
    let (mut absent, mut otherwise) = (Vec::new(), Map::new());
    compare("", base, other, &mut absent, &mut otherwise);
    (absent, otherwise)
}

fn compare(
    path: &str,
    base: &Value,
    other: &Value,
    absent: &mut Vec<String>,
    otherwise: &mut Map<String, Value>,
) {
    let below = |key: &str| join(path, key);
    match (base, other) {
        (Value::Object(base), Value::Object(other)) => {
            absent.extend(base.keys().filter(|key| !other.contains_key(*key)).map(|key| below(key)));
            for (key, value) in other {
                match base.get(key) {
                    Some(base) => compare(&below(key), base, value, absent, otherwise),
                    None => drop(otherwise.insert(below(key), value.clone())),
                }
            }
        }
        (Value::Array(base), Value::Array(other)) if base.len() == other.len() => {
            for (number, (base, other)) in base.iter().zip(other).enumerate() {
                compare(&below(&format!("[{number}]")), base, other, absent, otherwise);
            }
        }
        (base, other) if base == other => {}
        (_, other) => drop(otherwise.insert(path.to_owned(), other.clone())),
    }
}

#[test]
fn a_difference_is_all_that_differs() {
    use serde_json::json;
    let base = json!({"a": 1, "b": {"c": [1, 2], "d": true}, "e": [1]});
    let other = json!({"a": 1, "b": {"c": [1, 3], "f": {"g": ""}}, "e": []});
    let (absent, otherwise) = difference(&base, &other);
    assert_eq!(absent, ["b.d"]);
    assert_eq!(Value::Object(otherwise.clone()), json!({"b.c[1]": 3, "b.f": {"g": ""}, "e": []}));
    assert_eq!(lines(&Value::Object(otherwise), 2, &Known::new()), ["  b.c[1]: 3, b.f: {g: «»}, e: []"]);
    assert_eq!(difference(&base, &base), (Vec::new(), Map::new()));
}

#[test]
fn what_does_not_fit_stands_below_and_what_is_known_is_named() {
    use serde_json::json;
    let word = "слово".repeat(20);
    let base = json!({"a": {"b": {"c": word, "d": [word]}}});
    assert_eq!(
        lines(&base, 0, &Known::new()),
        ["a.b:".to_owned(), format!("  c: {word}"), format!("  d: [{word}]")]
    );
    let moved = json!({"e": {"f": base["a"]["b"]}, "g": 1});
    assert_eq!(lines(&moved, 0, &parts(&base)), ["e: {f: =a.b}, g: 1"]);
}
