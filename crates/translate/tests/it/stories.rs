//! The lifecycles of documents: who does what, in order, and what each side sees after each step in every version.
//!
//! A file of `testdata/stories` holds a few of them. Steps stand at the margin, in the words of [`Story`], some of them in
//! one line when only the last one matters; what each side sees is indented and written by `POTOK_BLESS=1`:
//!
//! ```text
//! B signs d1
//!   B - Success «Подписан»                    finished or not, the status, after a slash that of approval
//!     V4 RecipientResponse(…)                 what version 4 tells otherwise than when the side was shown last
//!     V3 without RecipientResponse(…)         and version 3 does not tell
//!     V2 BilateralDocflow(…)                  what version 2 tells otherwise, beyond that
//!     V5 Titles[0](…)                         and version 5
//!     Document RecipientResponseStatus=…      and the flat form
//! ```
//!
//! What an earlier story of the file has told of the same steps is not told again. What is gone is told with `no`. A
//! sign behind a part is its `IsFinished`, told when it changes; `?` marks a file without a signature, `!` one with a
//! bad signature.

use std::collections::HashMap;

use potok_golden::{Retelling, path, retell_folder};
use potok_stories::{Retold, Story, Who};
use potok_translate::docflow::Relations;
use potok_translate::document::listed;
use serde_json::Value;

use crate::brief::{Brief, Fields, beyond, changes, text};
use crate::shown::{Seen, json};

#[test]
fn every_lifecycle_goes_as_it_is_told() {
    retell_folder::<Lifecycle>(path!("testdata/stories"));
}

/// What one side sees of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sight {
    status: String,
    /// By [`FORMS`].
    forms: [Fields; 5],
}

/// Version 4 in full, the others as far as they tell it otherwise.
const FORMS: [&str; 5] = ["V4", "V3", "V2", "V5", "Document"];

/// A story as a file tells it, retold by the core.
#[derive(Default)]
struct Lifecycle {
    retold: Retold,
    shown: HashMap<Who, Sight>,
}

impl Retelling for Lifecycle {
    fn begin(&mut self) {
        self.retold.begin();
        self.shown.clear();
    }

    fn step(&mut self, step: &str) -> Vec<String> {
        let mut told = self.retold.play(step, || self.shown.clear());
        for who in Who::ALL {
            if let Some(seen) = sight(&self.retold.story, who) {
                let before = self.shown.insert(who, seen.clone()).unwrap_or_default();
                told.extend(news(who, &before, &seen));
            }
        }
        self.retold.once(step, told)
    }
}

/// What a side sees otherwise than before.
fn news(who: Who, before: &Sight, seen: &Sight) -> Vec<String> {
    let mut told = Vec::new();
    if before == seen {
        return told;
    }
    told.push(format!("{who:?} {}", seen.status));
    let changed: Vec<Fields> =
        before.forms.iter().zip(&seen.forms).map(|(before, seen)| changes(before, seen)).collect();
    let [fourth, others @ ..] = changed.as_slice() else { panic!("there are five forms") };
    let mut line = |form: &str, fields: &Fields| {
        if !fields.is_empty() {
            told.push(format!("  {form} {}", text(fields, " | ")));
        }
    };
    line("V4", fourth);
    line("V3 without", &beyond(&others[0], fourth));
    for (form, fields) in FORMS.iter().skip(1).zip(others) {
        line(form, &beyond(fourth, fields));
    }
    told
}

/// What `who` sees of the first document of the story's message.
fn sight(story: &Story, who: Who) -> Option<Sight> {
    let seen = Seen::of(story, who)?;
    let [v2, v3, v4, v5] = seen.docflows();
    for other in [&v3, &v4, &v5] {
        assert_eq!(other["Docflow"]["DocflowStatus"], v2["Docflow"]["DocflowStatus"], "versions agree");
    }
    let brief = Brief { names: story.names_of_ids() };
    let [fourth, third, second, fifth] = [&v4, &v3, &v2, &v5].map(|view| brief.fields(&view["Docflow"]));
    let forms = [fourth, third, second, fifth, statuses(&brief, &seen, &v4)];
    Some(Sight { status: status(&v2), forms })
}

fn status(view: &Value) -> String {
    let part = |name: &str| {
        let part = view["Docflow"]["DocflowStatus"].get(name)?;
        let text = |key: &str| part[key].as_str().unwrap_or_default();
        Some(format!("{} «{}»", text("Severity"), text("StatusText")))
    };
    let sign = if view["Docflow"]["IsFinished"] == Value::Bool(true) { '+' } else { '-' };
    let primary = part("PrimaryStatus").expect("it is always there");
    let secondary = part("SecondaryStatus").map(|text| format!(" / {text}")).unwrap_or_default();
    format!("{sign} {primary}{secondary}")
}

/// Where version 4 has the statuses of the flat form.
const SAME: [(&str, &str); 6] = [
    ("SenderSignatureStatus", "/Docflow/SenderTitle/SenderSignatureStatus"),
    ("ProxySignatureStatus", "/Docflow/ProxyResponse/ResponseStatus"),
    ("RecipientResponseStatus", "/Docflow/RecipientResponse/ResponseStatus"),
    ("RecipientReceiptMetadata", "/Docflow/RecipientReceipt/Status"),
    ("SenderReceiptMetadata", "/Docflow/SenderReceipt/Status"),
    ("RevocationStatus", "/Docflow/Revocation/RevocationStatus"),
];

/// The statuses of `Document`, the flat form, but for those that version 4 tells too.
fn statuses(brief: &Brief, seen: &Seen, v4: &Value) -> Fields {
    let relations = Relations { referrers: &seen.referrers, hidden: None };
    let view = json(&listed(&seen.state, seen.document, &relations, None).expect("the document is there"));
    let is_told = |key: &str| {
        (key.ends_with("Status") || key.ends_with("Metadata") || key == "ResolutionRouteId")
            && !["DocflowStatus", "Metadata", "RoamingNotificationStatus", "TtGisFixationCancellationStatus"]
                .contains(&key)
    };
    let fields = view.as_object().expect("a structure").iter().filter(|(key, _)| is_told(key));
    // Sums, names and times stand beside the statuses; these are checked elsewhere.
    let fields = fields.map(|(key, value)| match value.as_object() {
        None => (key.clone(), value.clone()),
        Some(inside) => {
            let inside = inside.iter().filter(|(key, _)| is_state(key));
            (key.clone(), Value::Object(inside.map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
    });
    let mut fields = brief.fields(&Value::Object(fields.collect()));
    for (key, pointer) in SAME {
        let status = view[key].get("ReceiptStatus").unwrap_or(&view[key]);
        if v4.pointer(pointer) == Some(status) {
            fields.remove(key);
        }
    }
    fields
}

fn is_state(key: &str) -> bool {
    ["Status", "Flags", "Type", "Target", "IsAmendmentRequested", "IsCorrected", "IsRevised"]
        .iter()
        .any(|end| key.ends_with(end))
        || key == "ConfirmationMetadata"
}
