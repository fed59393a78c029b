//! Doc comments say something: one that is a lone «It.», «Whose.» or «The same.» with nothing before it satisfies the lint and
//! nobody else.

use std::path::Path;

use crate::arrows::root;

/// Words that mean something only beside others.
const EMPTY: [&str; 21] = [
    "All", "Both", "Each", "It", "Its", "None", "One", "Same", "Such", "That", "Them", "These", "They",
    "This", "Those", "What", "When", "Where", "Which", "Who", "Whose",
];

/// Places of doc comments without content, as `line: comment`.
fn empty_comments(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let doc = |nth: usize| lines.get(nth).and_then(|line| line.strip_prefix("/// "));
    let mut found = Vec::new();
    for nth in 0..lines.len() {
        let Some(comment) = doc(nth) else { continue };
        let is_alone = doc(nth + 1).is_none() && (nth == 0 || !lines[nth - 1].starts_with("///"));
        let words = comment.trim_end_matches('.');
        let begins = |line: &str| line.ends_with('{') || line.ends_with('(');
        let has_no_neighbour = nth == 0 || begins(lines[nth - 1]) || lines[nth - 1].is_empty() && nth == 1;
        let is_empty = EMPTY.contains(&words) || words == "The same" && has_no_neighbour;
        if is_alone && is_empty {
            found.push(format!("{}: {comment}", nth + 1));
        }
    }
    found
}

fn check(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the house") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            check(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("readable");
            found.extend(empty_comments(&text).into_iter().map(|it| format!("{}:{it}", path.display())));
        }
    }
}

#[test]
fn doc_comments_say_something() {
    let mut found = Vec::new();
    check(&root().join("crates"), &mut found);
    assert_eq!(found, [""; 0], "say what it is, its unit or its bounds");
}

#[test]
fn comments_without_content_are_found() {
    let of = |lines: &[&str]| empty_comments(&lines.join("\n"));
    assert_eq!(of(&["struct A {", "    /// Whose.", "    user: B,"]), ["2: Whose."]);
    assert_eq!(of(&["struct A {", "    /// The same.", "    user: B,"]), ["2: The same."]);
    assert_eq!(of(&["    /// By its name.", "    a: B,", "    /// The same.", "    c: D,"]), [""; 0]);
    assert_eq!(of(&["/// Whose it is.", "/// It.", "/// INN."]), [""; 0]);
}
