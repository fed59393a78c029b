//! The lifecycles of documents: who does what, in order, and what each box then knows of the document.
//!
//! A file of `testdata/lifecycles` holds stories in the words of [`Story`]. Below each step stand the boxes in which
//! something changed, but for what an earlier story of the file has told of the same steps; `POTOK_BLESS=1` writes them
//! anew:
//!
//! ```text
//! B signs d1
//!   B - Success «Подписан» [receipt SIGNED]      finished or not, the status, after a slash that of approval, and in
//!                                               brackets what may be done next and what was done
//!     through C: Signed Waiting                  the answers of the intermediary and of the recipient, if there is one
//!     in lists: WithRecipientSignature           the statuses of its row; see [`listed`]
//! ```

use std::collections::HashMap;

use potok_domain::docflow::{Docflow, docflow};
use potok_domain::rows::{DocumentRow, StatusSet, StatusWord, document_rows};
use potok_golden::{Retelling, path, retell_folder};
use potok_stories::{Retold, Story, Who};

#[test]
fn every_lifecycle_goes_as_it_is_told() {
    retell_folder::<Lifecycle>(path!("testdata/lifecycles"));
}

/// A story as it is retold: what was shown of the first document of the message.
#[derive(Default)]
struct Lifecycle {
    retold: Retold,
    shown: HashMap<Who, Vec<String>>,
}

impl Retelling for Lifecycle {
    fn begin(&mut self) {
        self.retold.begin();
        self.shown.clear();
    }

    fn step(&mut self, step: &str) -> Vec<String> {
        let mut told = self.retold.play(step, || self.shown.clear());
        for who in Who::ALL {
            let seen = seen(&self.retold.story, who);
            let before = self.shown.insert(who, seen.clone()).unwrap_or_default();
            if seen.first() != before.first() {
                told.extend(seen.first().cloned());
            } else if seen != before {
                told.push(format!("{who:?}"));
            }
            told.extend(seen.into_iter().skip(1).filter(|line| !before.contains(line)));
        }
        self.retold.once(step, told)
    }
}

fn seen(story: &Story, who: Who) -> Vec<String> {
    let Some(state) = story.simulation.state(who, story.message()) else { return Vec::new() };
    let document = state.documents().next().expect("the message has a document").0.entity.id;
    let flow = docflow(&state, document).expect("the document is there");
    let mut seen = vec![format!("{who:?} {}", line(&flow))];
    if state.proxy.is_some() {
        seen.push(format!("  through C: {:?} {:?}", flow.steps.proxy, flow.steps.response));
    }
    let rows = document_rows(&potok_domain::docflow::Docflows::of(&state));
    let row = rows.iter().find(|row| row.document.entity_id == document).expect("each document has a row");
    seen.push(format!("  in lists: {}", listed(row)));
    seen
}

/// The docflow in one line.
pub(crate) fn line(flow: &Docflow<'_>) -> String {
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
    let secondary = flow.secondary_status.as_ref();
    let secondary = secondary.map(|status| format!(" / {:?} «{}»", status.severity, status.text));
    let secondary = secondary.unwrap_or_default();
    format!("{finished} {:?} «{}»{secondary} [{}]", status.severity, status.text, words.join(" "))
}

/// Words that say what is known anyway: told with a dash when they are missing.
const PLAIN: [StatusWord; 4] = [
    StatusWord::NotRevoked,
    StatusWord::NotFinished,
    StatusWord::NoRecipientSignatureRequest,
    StatusWord::WithSenderSignature,
];

/// The statuses by which lists find the row.
fn listed(row: &DocumentRow) -> String {
    let has = |word: StatusWord| row.traits.statuses.meets(StatusSet::from(word));
    if row.traits.statuses == StatusSet::default() || has(StatusWord::Deleted) {
        let rest = StatusWord::ALL.iter().filter(|word| **word != StatusWord::Deleted);
        assert!(rest.copied().all(|word| !has(word)), "it has that status alone, or none");
        return if has(StatusWord::Deleted) { "Deleted".to_owned() } else { "nothing".to_owned() };
    }
    assert!(row.traits.statuses.meets(StatusSet::ANY));
    assert_ne!(has(StatusWord::Finished), has(StatusWord::NotFinished));
    let words = StatusWord::ALL.iter().filter_map(|&word| match (PLAIN.contains(&word), has(word)) {
        (true, false) => Some(format!("-{}", word.name())),
        (false, true) => Some(word.name().to_owned()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}
