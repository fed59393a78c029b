use std::fs;
use std::path::Path;

use potok_api::{Area, by_label, parity};
use potok_golden::{Folder, path};

use crate::served;

#[test]
fn the_parity_pages_tell_what_is_registered() {
    potok_golden::check(path!("../../docs/parity.md"), parity::contents());
    let pages = Folder::new(path!("../../docs/parity"));
    for area in Area::ALL {
        pages.check(&format!("{}.md", area.file()), parity::table(*area, &served()));
    }
    pages.finish();
}

#[test]
fn what_is_registered_is_alive_and_has_an_example() {
    for label in served() {
        let spec = by_label(label).expect("handlers are registered by the declarations");
        assert!(!spec.is_gone(), "{spec} is gone and has a handler");
        let example =
            spec.example.unwrap_or_else(|| panic!("{spec} is answered: its declaration needs an example"));
        assert!(spec.may_answer(example.status), "{spec} is not declared to answer {}", example.status);
    }
}

/// A handler decodes, translates, calls, translates and encodes. What needs more lines is somebody else's work.
const LONGEST_HANDLER: usize = 15;

/// Functions over a `Call` in the source, each with the lines between its braces. The formatter puts the brace that ends a
/// function, and no other, at the start of a line.
fn handlers_in(source: &str) -> Vec<(String, usize)> {
    let mut lines = source.lines();
    let mut handlers = Vec::new();
    while let Some(line) = lines.next() {
        let Some((_, rest)) =
            line.split_once("async fn ").filter(|(before, _)| !before.starts_with([' ', '/']))
        else {
            continue;
        };
        let name = rest.split(['(', '<']).next().unwrap_or(rest).to_owned();
        let mut head = line.to_owned();
        while !head.ends_with('{') {
            head += lines.next().expect("a function has a body");
        }
        let length = lines.by_ref().take_while(|line| *line != "}").count();
        if head.contains("Call<") {
            handlers.push((name, length));
        }
    }
    handlers
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            let source = fs::read_to_string(&path).expect("source is text");
            found.push((path.display().to_string(), source));
        }
    }
}

#[test]
fn a_handler_is_short() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/handlers"), &mut found);
    let handlers: Vec<(String, String, usize)> = found
        .iter()
        .flat_map(|(path, source)| {
            handlers_in(source).into_iter().map(|(name, length)| (path.clone(), name, length))
        })
        .collect();
    assert!(handlers.len() >= 40, "only {} handlers were found: is the source read right?", handlers.len());
    let long: Vec<_> = handlers.iter().filter(|(_, _, length)| *length > LONGEST_HANDLER).collect();
    assert!(long.is_empty(), "more than {LONGEST_HANDLER} lines: {long:?}");
}
