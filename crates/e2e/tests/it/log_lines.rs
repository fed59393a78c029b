//! Every line that the product can log stands in `docs/LOGGING.md`, with its level, and no other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Level and text.
type Line = (String, String);

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The arguments of the macro call whose opening bracket stands before `rest`.
fn arguments(rest: &str) -> &str {
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    for (at, letter) in rest.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &rest[..at];
        }
    }
    panic!("the brackets of a log line do not close: {rest:.100}");
}

/// The last text among the arguments: what the line says.
fn message(arguments: &str) -> &str {
    let end = arguments.rfind('"').expect("a log line says something");
    let start = arguments[..end].rfind('"').expect("a text has two ends");
    &arguments[start + 1..end]
}

fn lines_of_the_code() -> BTreeSet<Line> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).expect("crates") {
        let folder = entry.expect("an entry").path().join("src");
        if folder.is_dir() {
            sources(&folder, &mut files);
        }
    }
    let mut lines = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        for level in LEVELS {
            let call = format!("tracing::{level}!(");
            for (at, _) in text.match_indices(&call) {
                let message = message(arguments(&text[at + call.len()..]));
                lines.insert((level.to_owned(), message.to_owned()));
            }
        }
    }
    lines
}

fn lines_of_the_page() -> BTreeSet<Line> {
    let page = std::fs::read_to_string(root().join("docs/LOGGING.md")).expect("docs/LOGGING.md");
    let table = page.split("<!-- lines -->").nth(1).expect("the page marks its table with <!-- lines -->");
    let row = |line: &str| {
        let (level, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
        Some((level.to_owned(), rest.split_once('`')?.0.to_owned()))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn the_page_tells_every_line_of_the_log() {
    assert_eq!(lines_of_the_page(), lines_of_the_code(), "left: docs/LOGGING.md, right: the code");
}
