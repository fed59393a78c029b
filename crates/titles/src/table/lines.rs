//! The text of a table: lines inside of each other by indentation, named blocks, and what a newer version changes.

use std::collections::HashMap;

use super::{Result, TableError};

/// A line, cut into words, with the lines inside of it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) words: Vec<&'static str>,
    pub(crate) inside: Vec<Line>,
}

impl Line {
    /// The name without the signs behind it.
    fn name(&self) -> &'static str {
        let word = self.words.first().copied().unwrap_or_default();
        word.trim_end_matches(['!', '?', '+', '*'])
    }

    pub(crate) fn error(&self, what: &str) -> TableError {
        TableError(format!("line {}: {what}: {}", self.number, self.words.join(" ")))
    }
}

/// A table whose lines are put together, and not understood yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// `contract`, `file` and other words about the whole.
    pub(crate) about: HashMap<&'static str, Line>,
    pub(crate) orders: Vec<Line>,
    pub(crate) maps: HashMap<&'static str, Line>,
    pub(crate) blocks: HashMap<&'static str, Vec<Line>>,
    pub(crate) root: Option<Line>,
}

/// Reads a text, and those it names.
pub(crate) fn sheet(text: &'static str, texts: &dyn Fn(&str) -> Option<&'static str>) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    for line in tree(text)? {
        let second = || line.words.get(1).copied().ok_or_else(|| line.error("a name is missing"));
        match line.words[0] {
            "extends" | "include" => {
                let other = texts(second()?).ok_or_else(|| line.error("no such table"))?;
                sheet.add(self::sheet(other, texts)?);
            }
            "contract" | "file" | "sender" | "recipient" | "kinds" | "fills" => {
                sheet.about.insert(line.words[0], line);
            }
            "order" => sheet.orders.push(line),
            "map" => {
                sheet.maps.insert(second()?, line);
            }
            "block" => {
                sheet.blocks.insert(second()?, line.inside);
            }
            "replace" => {
                let found = sheet.lines_with(second()?).ok_or_else(|| line.error("no such place"))?;
                let (lines, at) = found;
                lines.splice(at..=at, line.inside);
            }
            "after" => {
                let found = sheet.lines_with(second()?).ok_or_else(|| line.error("no such place"))?;
                let (lines, at) = found;
                lines.splice(at + 1..at + 1, line.inside);
            }
            _ if sheet.root.is_none() => sheet.root = Some(line),
            _ => return Err(line.error("a second root")),
        }
    }
    Ok(sheet)
}

impl Sheet {
    fn add(&mut self, other: Self) {
        self.about.extend(other.about);
        self.orders.extend(other.orders);
        self.maps.extend(other.maps);
        self.blocks.extend(other.blocks);
        if other.root.is_some() {
            self.root = other.root;
        }
    }

    /// The lines among which a path ends, and which of them it is. A path starts at a block or at the root; choices are
    /// passed through.
    fn lines_with(&mut self, path: &str) -> Option<(&mut Vec<Line>, usize)> {
        let (first, rest) = path.split_once('/')?;
        let mut lines = match self.blocks.get_mut(first) {
            Some(block) => block,
            None => &mut self.root.as_mut().filter(|root| root.name() == first)?.inside,
        };
        let mut steps: Vec<&str> = rest.split('/').collect();
        let last = steps.pop()?;
        for step in steps {
            let (among, at) = named(lines, step)?;
            lines = &mut among[at].inside;
        }
        named(lines, last)
    }
}

fn named<'a>(lines: &'a mut Vec<Line>, name: &str) -> Option<(&'a mut Vec<Line>, usize)> {
    if let Some(at) = lines.iter().position(|line| line.name() == name) {
        return Some((lines, at));
    }
    let choice = lines.iter().position(|line| line.name() == "choice" && contains(line, name))?;
    named(&mut lines[choice].inside, name)
}

fn contains(line: &Line, name: &str) -> bool {
    line.inside.iter().any(|inner| inner.name() == name)
}

fn tree(text: &'static str) -> Result<Vec<Line>> {
    let mut top = Vec::new();
    // Open lines from the outside in, with their indentation.
    let mut open: Vec<(usize, Line)> = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let words = words(text).ok_or_else(|| TableError(format!("line {}: a quote is open", index + 1)))?;
        if words.is_empty() {
            continue;
        }
        let depth = text.len() - text.trim_start().len();
        close(&mut open, &mut top, depth);
        open.push((depth, Line { number: index + 1, words, inside: Vec::new() }));
    }
    close(&mut open, &mut top, 0);
    Ok(top)
}

/// Closes the lines that are not further out than `depth`.
fn close(open: &mut Vec<(usize, Line)>, top: &mut Vec<Line>, depth: usize) {
    while open.last().is_some_and(|(opened, _)| *opened >= depth) {
        let Some((_, line)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, parent)) => parent.inside.push(line),
            None => top.push(line),
        }
    }
}

/// The words of a line: what stands in quotes is one, and `#` ends the line.
fn words(text: &'static str) -> Option<Vec<&'static str>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => {
                quoted = !quoted;
                start.get_or_insert(at);
            }
            '#' if !quoted && start.is_none() => return Some(words),
            c if c.is_whitespace() && !quoted => {
                if let Some(start) = start.take() {
                    words.push(&text[start..at]);
                }
            }
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    if let Some(start) = start {
        words.push(&text[start..]);
    }
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[Line]) -> String {
        let one = |line: &Line| match line.inside.as_slice() {
            [] => line.words.join(" "),
            inside => format!("{}({})", line.words.join(" "), told(inside)),
        };
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_newer_version_names_its_differences() {
        let older = "# a table\ncontract C\nblock b\n  @x! = 'a b'\n  choice\n    E\n    F\nRoot\n  A\n    @y = @z\n  B?\n";
        let newer = "extends older\ncontract D\nreplace b/F\n  G\n  H\nreplace Root/A/@y\nafter Root/A\n  New = 'c'\n";
        let texts = |name: &str| (name == "older").then_some(older);
        let sheet = sheet(newer, &texts).unwrap();
        assert_eq!(sheet.about["contract"].words, ["contract", "D"]);
        assert_eq!(told(&sheet.blocks["b"]), "@x! = 'a b', choice(E, G, H)");
        assert_eq!(told(&[sheet.root.unwrap()]), "Root(A, New = 'c', B?)");
    }

    #[test]
    fn what_is_not_there_is_told() {
        for text in ["extends other", "Root\nreplace Root/A", "Root\nSecond", "Root 'a", "map"] {
            assert!(sheet(text, &|_| None).is_err(), "{text:?}");
        }
    }
}
