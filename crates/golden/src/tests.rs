use std::path::Path;

use super::{difference, wrapped};

#[test]
fn the_first_other_line_is_told() {
    let told = |old: &str, new: &str| difference(Path::new("file"), old.as_bytes(), new.as_bytes());
    assert!(told("a\nb\nc\n", "a\nB\nc\n").starts_with("file:2 differs\n  is kept b\n  is made B\n"));
    assert!(told("a\n", "a\nb\n").starts_with("file:2 differs\n  is kept <the end>\n  is made b\n"));
    assert!(told("a", "").starts_with("file:1 differs\n  is kept a\n  is made <the end>\n"));
}

#[test]
fn long_lines_are_broken_at_spaces() {
    let word = "слово".repeat(8);
    let text = format!("  {word} {word} {word}");
    assert_eq!(wrapped(&text, 2), format!("    {word} {word}\n        {word}\n"));
    assert_eq!(wrapped("", 2), "\n");
    assert_eq!(wrapped(&"a".repeat(200), 2), format!("  {}\n", "a".repeat(200)), "a word is not broken");
    let nested = format!("{0}({0}({0}))", "a".repeat(50));
    let lines = [format!("  {0}({0}(", "a".repeat(50)), format!("      {}))", "a".repeat(50))];
    assert_eq!(wrapped(&nested, 2), lines.join("\n") + "\n", "but behind brackets");
}
