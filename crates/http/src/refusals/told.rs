//! What is refused, and what the client is told: status, machine code and text.
//!
//! `testdata/refusals.txt` holds stories, in the words of `testing::Story`, whose last step is refused. The lines below a
//! story are what is told, with names of the story in the place of ids; `POTOK_BLESS=1` writes them anew.

use std::path::Path;
use std::{env, fs};

use crate::ApiError;
use crate::testing::{Story, Who, box_of, colleague_of, user_of};

#[test]
fn every_refusal_has_a_status_a_code_and_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/refusals.txt");
    let expected = fs::read_to_string(&path).expect("the file is there");
    let mut actual = String::new();
    for line in expected.lines().filter(|line| !line.starts_with(' ')) {
        actual += &format!("{line}\n");
        if !line.is_empty() && !line.starts_with('#') {
            actual += &format!("  {}\n", told(line));
        }
    }
    if env::var_os("POTOK_BLESS").is_some() {
        fs::write(&path, &actual).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the file is there");
    let different = expected.lines().zip(actual.lines()).find(|(one, other)| one != other);
    assert!(expected == actual, "POTOK_BLESS=1 rewrites {}: {different:?}", path.display());
}

fn told(steps: &str) -> String {
    let (story, refused) = Story::play(steps);
    let error = ApiError::from(refused.unwrap_or_else(|| panic!("nothing is refused in {steps}")));
    let text = nameless(&story, &error.text);
    format!("{} {}\n  {text}", error.code.status().as_u16(), error.code.as_str())
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
