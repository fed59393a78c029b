//! Lifecycles of documents, step by step, as both boxes see them.

mod amended;
mod approved;
mod beyond;
mod bilateral;
mod confirmed;
mod laws;
mod revoked;
mod said;
mod titled;
mod unilateral;

use potok_domain::docflow::{Docflow, docflow};

use crate::script::{Who, World, document_id};

/// Plays `story` and compares what each box sees after each step with what the story says it sees. Steps stand at the
/// margin, views are indented: `A` or `B`, `+` if finished, severity, text, after a slash what is said of approval, and in
/// brackets what may be done next and what was done.
#[track_caller]
fn check(story: &str) {
    let mut world = World::new();
    let mut shown = String::new();
    let expected: Vec<&str> = story.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for step in expected.iter().filter(|line| !is_view(line)) {
        world.step(step);
        shown += &format!("{step}\n");
        for who in [Who::A, Who::B] {
            if let Some(view) = view(&world, who) {
                shown += &format!("  {who:?} {view}\n");
            }
        }
    }
    let actual: Vec<&str> = shown.lines().map(str::trim).collect();
    assert!(actual == expected, "the story goes otherwise:\n{shown}");
}

/// Views begin like actions, with the name of a box.
fn is_view(line: &str) -> bool {
    ["A + ", "A - ", "B + ", "B - "].iter().any(|start| line.starts_with(start))
}

fn view(world: &World, who: Who) -> Option<String> {
    let state = world.state(who)?;
    let flow = docflow(&state, document_id())?;
    // One box is shown once.
    (who == Who::A || !state.is_internal).then(|| line(&flow))
}

fn line(flow: &Docflow<'_>) -> String {
    let flags = &flow.flags;
    let words = [
        (flags.can_be_signed_by_sender, "sign"),
        (flags.can_be_answered_by_recipient, "answer"),
        (flags.can_be_receipted, "receipt"),
        (flags.can_be_revoked_by_sender_alone, "revoke"),
        (flags.is_signed_by_recipient, "SIGNED"),
        (flags.is_rejected_by_recipient, "REFUSED"),
        (flags.is_amendment_requested, "AMENDED"),
    ];
    let words: Vec<_> = words.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
    let finished = if flow.is_finished { '+' } else { '-' };
    let status = &flow.primary_status;
    let secondary =
        flow.secondary_status.iter().map(|status| format!(" / {:?} «{}»", status.severity, status.text));
    let secondary: String = secondary.collect();
    format!("{finished} {:?} «{}»{secondary} [{}]", status.severity, status.text, words.join(" "))
}
