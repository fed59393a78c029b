//! Stories that people tell and the product continues.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::folder::names;

/// No line of a story is longer, in characters.
pub const WIDTH: usize = 120;

/// What answers the lines of the stories in a file.
pub trait Retelling: Default {
    /// A new story begins.
    fn begin(&mut self) {}

    /// What follows from the step, a line of text with each; long lines are wrapped for it.
    fn step(&mut self, step: &str) -> Vec<String>;
}

/// Plays the stories of one file and compares what follows from each step with the indented lines below it. `#` begins a
/// comment, `##` a new story. A step that ends with `;` goes on in the next line.
///
/// # Panics
/// When something else follows, or a step is longer than [`WIDTH`].
#[track_caller]
pub fn retell<R: Retelling>(path: &Path) {
    let kept = crate::read(path);
    let kept = str::from_utf8(&kept).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    crate::check(path, retold::<R>(kept, path));
}

/// [`retell`] of every file in a folder.
///
/// # Panics
/// When something else follows somewhere.
#[track_caller]
pub fn retell_folder<R: Retelling>(path: &Path) {
    let names = names(path);
    assert!(!names.is_empty(), "{} holds no stories", path.display());
    names.into_iter().for_each(|name| retell::<R>(&path.join(name)));
}

fn retold<R: Retelling>(kept: &str, path: &Path) -> String {
    let mut told = String::new();
    let mut stories = R::default();
    let mut begun = String::new();
    for (number, line) in kept.lines().enumerate().filter(|(_, line)| !line.starts_with(' ')) {
        let length = line.chars().count();
        assert!(length <= WIDTH, "{}:{} has {length} characters", path.display(), number + 1);
        told.extend([line, "\n"]);
        if line.is_empty() || line.starts_with('#') {
            if line.starts_with("## ") {
                stories.begin();
            }
            continue;
        }
        begun += line;
        if begun.ends_with(';') {
            begun.push(' ');
            continue;
        }
        let step = std::mem::take(&mut begun);
        let follows = catch_unwind(AssertUnwindSafe(|| stories.step(&step)));
        let place = || format!("{}:{}", path.display(), number + 1);
        let follows = follows.unwrap_or_else(|_| panic!("{}: {step:?} cannot be told, see above", place()));
        told.extend(follows.iter().map(|line| wrapped(line, 2)));
    }
    assert!(begun.is_empty(), "{} ends within a step", path.display());
    told
}

/// The text as lines of at most [`WIDTH`] characters, broken at spaces, and in longer words behind brackets. The first is
/// indented by `indent` and by the spaces with which the text begins, the others by four more.
pub fn wrapped(text: &str, indent: usize) -> String {
    let inside = text.chars().take_while(|char| *char == ' ').count();
    let (first, others) = (" ".repeat(indent + inside), " ".repeat(indent + inside + 4));
    let room = WIDTH - others.len();
    let (mut lines, mut line, mut width) = (String::new(), first, indent + inside);
    let mut is_empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (number, piece) in pieces(word, room).into_iter().enumerate() {
            let length = piece.chars().count();
            if !is_empty && (number > 0 || width + 1 + length > WIDTH) {
                lines.extend([line.as_str(), "\n"]);
                (line, width, is_empty) = (others.clone(), others.len(), true);
            }
            if !is_empty {
                line.push(' ');
                width += 1;
            }
            line += piece;
            width += length;
            is_empty = false;
        }
    }
    lines + line.trim_end() + "\n"
}

/// The word, or what it is made of if there is no room for it in one line.
fn pieces(word: &str, room: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = word;
    while let Some((end, _)) = rest.char_indices().nth(room) {
        let Some(bracket) = rest[..end].rfind('(') else { break };
        let (piece, after) = rest.split_at(bracket + 1);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}
