//! Golden files: answers as JSON, reviewed by people. `POTOK_BLESS=1` writes them anew.

use potok_golden::path;
use potok_wire::{WireMessage, to_json};
use serde_json::Value;

/// A message as the API's JSON.
pub(crate) fn json<M: WireMessage>(message: &M) -> Value {
    serde_json::from_slice(&to_json(message)).expect("what we write is JSON")
}

/// Compares `views`, each under its name, with `{folder}/{name}.json`.
#[track_caller]
pub(crate) fn check(folder: &str, name: &str, views: &[(String, Value)]) {
    let views: serde_json::Map<String, Value> = views.iter().cloned().collect();
    let actual = serde_json::to_string_pretty(&views).expect("JSON values can be written") + "\n";
    let path = path!("").join(folder).join(format!("{name}.json"));
    potok_golden::check(&path, actual);
}

/// Looks `rows` up in `views`: each row is a JSON pointer and one value per view, parted by `|`. `-` is absent, `=` the
/// same as in the view before, anything else JSON.
#[track_caller]
pub(crate) fn check_rows(views: &[(String, Value)], rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let mut cells = row.split('|').map(str::trim);
        let pointer = cells.next().expect("a row has a pointer");
        let mut last = "";
        let cells: Vec<&str> = cells.collect();
        assert_eq!(cells.len(), views.len(), "{row}");
        for (cell, (name, view)) in cells.into_iter().zip(views) {
            last = if cell == "=" { last } else { cell };
            let actual = view.pointer(pointer);
            let expected: Option<Value> = match last {
                "-" => None,
                text => Some(serde_json::from_str(text).unwrap_or_else(|_| panic!("{text} is not JSON"))),
            };
            assert_eq!(actual, expected.as_ref(), "{pointer} of {name}");
        }
    }
}
