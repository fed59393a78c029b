//! JSON as tables for people: a list of objects is a table, an object is lines.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Characters of a cell; the rest is cut.
const CELL: usize = 40;

/// The value as text, with a line end behind each line.
pub(super) fn of(value: &Value) -> String {
    let mut out = String::new();
    put(value, 0, &mut out);
    out
}

fn put(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(fields) => object(fields, depth, out),
        Value::Array(items) => list(items, depth, out),
        simple => line(depth, &text(simple), out),
    }
}

fn line(depth: usize, words: &str, out: &mut String) {
    let _infallible = writeln!(out, "{:depth$}{}", "", words.trim_end(), depth = depth * 2);
}

fn object(fields: &Map<String, Value>, depth: usize, out: &mut String) {
    let widest = fields.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        match value {
            Value::Array(items) if items.is_empty() => {}
            Value::Object(_) | Value::Array(_) => {
                line(depth, &format!("{name}:"), out);
                put(value, depth + 1, out);
            }
            simple => line(depth, &format!("{name:widest$}  {}", text(simple)), out),
        }
    }
}

/// Objects with nothing but simple fields are rows; others are shown one after another.
fn list(items: &[Value], depth: usize, out: &mut String) {
    let objects: Option<Vec<&Map<String, Value>>> = items.iter().map(Value::as_object).collect();
    let Some(objects) = objects.filter(|all| all.iter().all(|fields| fields.values().all(is_flat))) else {
        for (place, item) in items.iter().enumerate() {
            if item.is_object() {
                line(depth, &format!("– {}", place + 1), out);
            }
            put(item, depth + usize::from(item.is_object()), out);
        }
        return;
    };
    let mut columns: Vec<&str> = Vec::new();
    for (name, value) in objects.iter().flat_map(|fields| fields.iter()) {
        if !columns.contains(&name.as_str()) && !is_empty(value) {
            columns.push(name);
        }
    }
    let cell = |fields: &Map<String, Value>, column: &str| fields.get(column).map(text).unwrap_or_default();
    let mut rows: Vec<Vec<String>> = vec![columns.iter().map(|column| (*column).to_owned()).collect()];
    rows.extend(objects.iter().map(|fields| columns.iter().map(|column| cell(fields, column)).collect()));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        line(depth, &cells.collect::<Vec<_>>().join("  "), out);
    }
}

/// Whether it fits into a cell.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Array(items) if items.is_empty()) || value.is_null()
}

fn text(value: &Value) -> String {
    let whole = match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\n', '\r'], " "),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    match whole.char_indices().nth(CELL) {
        Some((end, _)) if !matches!(value, Value::String(id) if id.len() < 64) => {
            format!("{}…", &whole[..end])
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_objects_are_tables_and_objects_are_lines() {
        let value = json!({
            "Boxes": [{"Id": "1", "Title": "АО «А»"}, {"Id": "22", "IsTest": true}],
            "Empty": [],
            "Inner": {"Deep": [{"List": [{"A": 1}]}]},
            "Name": "x",
        });
        let expected = "\
Boxes:
  Id  Title   IsTest
  1   АО «А»
  22          true
Inner:
  Deep:
    – 1
      List:
        A
        1
Name   x
";
        assert_eq!(of(&value), expected);
        assert_eq!(of(&json!("text")), "text\n");
        assert!(of(&json!({"Content": "A".repeat(100)})).ends_with("…\n"));
    }
}
