//! Tables of what answers say at JSON pointers.

use serde_json::Value;

/// Looks `rows` up in `views`: each row is a JSON pointer and one value per view, parted by `|`. `-` is absent, `=` the
/// same as in the view before, anything else JSON.
#[track_caller]
pub(crate) fn check_rows(views: &[(String, Value)], rows: &str) {
    let mut wrong = String::new();
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
            if actual != expected.as_ref() {
                let actual = actual.map_or_else(|| "-".to_owned(), Value::to_string);
                wrong += &format!("{pointer} of {name}: {last}, but it is {actual}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
