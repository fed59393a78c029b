//! Docflows field by field: version 4 in full, the others as their difference from it.
//!
//! A file of `testdata/docflows` holds stories in the words of [`Story`], and besides the step `show WHO… [in full]`.
//! Below it stands what those boxes see of the first document, written by `POTOK_BLESS=1`: names stand in the place
//! of ids and times, see [`named`]; `=PATH` is what stands at that path of version 4, or of the information about the
//! document. Shown `in full` are all versions, and `Document`, the flat form.

use potok_golden::{Retelling, path, retell_folder};
use potok_stories::{Story, Who};
use potok_translate::document::document;
use serde_json::{Map, Value};

use crate::layout::{Known, difference, lines, named, names, parts};
use crate::shown::{Seen, json};

#[test]
fn every_field_is_as_it_is_told() {
    retell_folder::<Shown>(path!("testdata/docflows"));
}

#[derive(Default)]
struct Shown {
    story: Story,
}

impl Retelling for Shown {
    fn begin(&mut self) {
        self.story = Story::new();
    }

    fn step(&mut self, step: &str) -> Vec<String> {
        if let Some(rest) = step.strip_prefix("show ") {
            let (boxes, in_full) = rest.strip_suffix(" in full").map_or((rest, false), |boxes| (boxes, true));
            return boxes.split(' ').flat_map(|name| self.show(name, in_full)).collect();
        }
        for one in step.split("; ") {
            self.story.step(one).unwrap_or_else(|refusal| panic!("{one}: {refusal}"));
        }
        Vec::new()
    }
}

impl Shown {
    fn show(&self, name: &str, in_full: bool) -> Vec<String> {
        let who = Who::ALL.into_iter().find(|who| format!("{who:?}") == name).expect("a box");
        let seen = Seen::of(&self.story, who).expect("the message is there");
        let names = names(&self.story, who, &seen.state);
        let [v2, v3, v4, v5] = seen.docflows().map(|view| named(&view, &names));
        let whole = |form: &str, view: &Value| {
            let mut told = vec![format!("{who:?} {form}")];
            told.extend(lines(view, 2, &Known::new()));
            told
        };
        let known = parts(&v4);
        let mut told = whole("V4", &v4);
        for (form, view) in [("V3", &v3), ("V2", &v2), ("V5", &v5)] {
            let (absent, otherwise) = difference(&v4, view);
            if absent.is_empty() && otherwise.is_empty() {
                told.push(format!("{who:?} {form} is V4"));
                continue;
            }
            if in_full {
                told.extend(whole(form, view));
                continue;
            }
            told.push(format!("{who:?} {form} is V4 but"));
            if !absent.is_empty() {
                told.push(format!("  without {}", absent.join(" ")));
            }
            // What the information names (participants) the rest does not repeat.
            let (information, rest): (Map<String, Value>, Map<String, Value>) =
                otherwise.into_iter().partition(|(key, _)| key.starts_with("DocumentInfo"));
            let information = Value::Object(information);
            let own = parts(&information).into_iter().chain(known.clone()).collect();
            told.extend(lines(&information, 2, &known));
            told.extend(lines(&Value::Object(rest), 2, &own));
        }
        if in_full {
            let flat = document(&seen.state, seen.document).expect("the document is there");
            told.extend(whole("Document", &named(&json(&flat), &names)));
        }
        told
    }
}
