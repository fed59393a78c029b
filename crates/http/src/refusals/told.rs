//! What is refused, and what the client is told: status, machine code and text.
//!
//! `testdata/refusals.txt` holds stories, in the words of [`Story`], whose last step is refused. The lines below a story
//! are what is told, with names of the story in the place of ids; `POTOK_BLESS=1` writes them anew.

use potok_golden::{Retelling, path, retell};
use potok_stories::{Story, Who, box_of, colleague_of, user_of};

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
        let code = format!("{} {}", error.code.status().as_u16(), error.code.as_str());
        vec![code, nameless(&story, &error.text)]
    }
}

/// `text` with names of the story in the place of ids.
fn nameless(story: &Story, text: &str) -> String {
    let mut names: Vec<(String, String)> = [Who::A, Who::B]
        .into_iter()
        .flat_map(|who| {
            [
                (box_of(who).to_string(), format!("{who:?}")),
                (user_of(who).to_string(), format!("{who:?}'s person")),
                (colleague_of(who).to_string(), format!("{who:?}'s colleague")),
            ]
        })
        .collect();
    if let Some(message) = story.message {
        let of = |who| story.names(who).into_iter().map(|(id, name)| (id.to_string(), name));
        names.extend(of(Who::A).chain(of(Who::B)));
        names.push((message.to_string(), "message".to_owned()));
    }
    names.into_iter().fold(text.to_owned(), |text, (id, name)| text.replace(&id, &name))
}
