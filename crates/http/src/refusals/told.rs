//! What is refused, and what the client is told: status, machine code and text.
//!
//! `testdata/refusals.txt` holds stories, in the words of [`Story`], whose last step is refused. The lines below a story
//! are what is told, with names of the story in the place of ids, and behind the code where people were told so; `POTOK_BLESS=1` writes them anew.

use potok_golden::{Retelling, path, retell};
use potok_stories::Story;

use crate::ApiError;

#[test]
fn every_refusal_has_a_status_a_code_and_words() {
    retell::<Refused>(path!("testdata/refusals.txt"));
}

/// Each line is a story of its own.
#[derive(Default)]
struct Refused;

impl Retelling for Refused {
    fn step(&mut self, steps: &str) -> Vec<String> {
        let (story, refused) = Story::play(steps);
        let error = ApiError::from(refused.unwrap_or_else(|| panic!("nothing is refused in {steps}")));
        let row = error.row.map(|row| format!(" ({})", row.source()));
        let code = format!("{} {}{}", error.code.status(), error.code.as_str(), row.unwrap_or_default());
        vec![code, story.nameless(&error.text)]
    }
}
