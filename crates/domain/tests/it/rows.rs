//! What lists of documents find, step by step, in both boxes.

use potok_domain::rows::{DocumentRow, StatusSet, StatusWord, document_rows};
use potok_domain::{Direction, MessageType};

use crate::script::{Who, World};

/// Words that say what is known anyway; they are checked everywhere and left out of the stories.
const PLAIN: [StatusWord; 4] = [
    StatusWord::NotRevoked,
    StatusWord::NotFinished,
    StatusWord::NoRecipientSignatureRequest,
    StatusWord::WithSenderSignature,
];

/// Plays `story` and compares the statuses of the document's row in each box after each step. Steps stand at the margin,
/// views are indented: `A:` or `B:`, then the words. [`PLAIN`] ones are shown with a dash when they are missing.
#[track_caller]
fn check(story: &str) {
    let mut world = World::new();
    let mut shown = String::new();
    let expected: Vec<&str> = story.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for step in expected.iter().filter(|line| !line.starts_with("A:") && !line.starts_with("B:")) {
        world.step(step);
        shown += &format!("{step}\n");
        for who in [Who::A, Who::B] {
            if let Some(row) = row(&world, who) {
                shown += &format!("  {who:?}: {}\n", words(&row));
            }
        }
    }
    let actual: Vec<&str> = shown.lines().map(str::trim).collect();
    assert!(actual == expected, "the story goes otherwise:\n{shown}");
}

fn row(world: &World, who: Who) -> Option<DocumentRow> {
    let state = world.state(who)?;
    let mut rows = document_rows(&state);
    assert_eq!(rows.len(), 1, "one document, one row");
    // One box is shown once.
    (who == Who::A || !state.is_internal).then(|| rows.remove(0))
}

fn words(row: &DocumentRow) -> String {
    let has = |word: StatusWord| row.traits.statuses.meets(StatusSet::from(word));
    assert_ne!(has(StatusWord::Finished), has(StatusWord::NotFinished));
    let words = StatusWord::ALL.iter().filter_map(|&word| match (PLAIN.contains(&word), has(word)) {
        (true, false) => Some(format!("-{}", word.name())),
        (false, true) => Some(word.name().to_owned()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_document_that_wants_a_signature() {
    check(
        "
        post unsent request
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature
        A sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        B sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest WithRecipientSignature
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        ",
    );
}
