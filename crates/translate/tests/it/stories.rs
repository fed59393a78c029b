//! The lifecycles of documents: who does what, in order, and what each side sees after each step in every version.
//!
//! A file of `testdata/stories` holds a few of them. Steps stand at the margin, in the words of `Story`, some of
//! them in one line when only the last one matters; what each side sees is indented and written by `POTOK_BLESS=1`:
//!
//! ```text
//! B signs d1
//!   A - Warning «Ожидается подпись контрагента»       finished or not, the status, after a slash that of approval
//!     V2 BilateralDocflow-(RecipientSignatureDocflow- …)
//! ```
//!
//! What has not changed since a side was shown last is not shown again; what is gone is told with `no`. Version 4 is
//! shown where it says something else than version 3. A sign behind a part is its `IsFinished`; `?` marks a file without a
//! signature, `!` one with a bad signature.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::{env, fs};

use potok_domain::docflow::Referrer;
use potok_domain::{DocumentRef, MessageState};
use potok_translate::docflow::{Relations, V2, V3, V4, V5};
use potok_translate::document::listed;
use potok_types::{EntityId, MessageId};
use serde_json::Value;

use crate::brief::Brief;
use crate::golden::json;
use crate::shown::of_state;
use potok_stories::{Story, Who, World, box_of};

type Fields = BTreeMap<String, String>;

/// What one side sees of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sight {
    status: String,
    /// By version, and there by field.
    fields: Vec<(&'static str, Fields)>,
}

/// A story as a file tells it, retold by the core.
struct Retold {
    story: Story,
    text: String,
    shown: HashMap<Who, Sight>,
}

impl Retold {
    fn new() -> Self {
        Self { story: Story::new(), text: String::new(), shown: HashMap::new() }
    }

    fn step(&mut self, step: &str) {
        self.text += &format!("{step}\n");
        let (before, last) = step.rsplit_once("; ").unwrap_or(("", step));
        for step in before.split("; ").filter(|step| !step.is_empty()) {
            self.story.step(step).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
        }
        if let Err(refusal) = self.story.step(last) {
            assert!(!step.starts_with("post"), "{step}: {refusal}");
            let text = self.nameless(&refusal.to_string());
            self.text += &format!("  refused: {text}\n");
        }
        if step.starts_with("post") {
            self.shown.clear();
        }
        for who in Who::ALL {
            if let Some(seen) = sight(&self.story, who) {
                self.show(who, seen);
            }
        }
    }

    fn show(&mut self, who: Who, seen: Sight) {
        let before = self.shown.insert(who, seen.clone());
        if before.as_ref() == Some(&seen) {
            return;
        }
        self.text += &format!("  {who:?} {}\n", seen.status);
        for (version, fields) in &seen.fields {
            let known = before.iter().flat_map(|before| &before.fields);
            let known = known.filter(|(other, _)| other == version).map(|(_, fields)| fields).next();
            let news =
                fields.iter().filter(|(key, value)| known.and_then(|known| known.get(*key)) != Some(value));
            let news = news.map(|(_, value)| value.clone());
            let gone = known.into_iter().flat_map(BTreeMap::keys).filter(|key| !fields.contains_key(*key));
            let told: Vec<String> = news.chain(gone.map(|key| format!("no {key}"))).collect();
            if !told.is_empty() {
                self.text += &format!("    {version} {}\n", told.join(" | "));
            }
        }
    }

    /// `text` with names of the story in the place of ids.
    fn nameless(&self, text: &str) -> String {
        let names = Who::ALL.into_iter().flat_map(|who| names(&self.story, who));
        names.fold(text.to_owned(), |text, (id, name)| text.replace(&id, &name))
    }
}

fn names(story: &Story, who: Who) -> HashMap<String, String> {
    let entities = story.names(who).into_iter().map(|(id, name)| (id.to_string(), name));
    let boxes = Who::ALL.map(|who| (box_of(who).to_string(), format!("{who:?}")));
    entities.chain(boxes).chain([(story.message().to_string(), "message".to_owned())]).collect()
}

/// Documents of other messages of the box that refer to `document`.
pub(crate) fn referrers(world: &World, who: Who, document: DocumentRef) -> Vec<Referrer> {
    let others: BTreeSet<MessageId> =
        world.messages(who).filter(|message| *message != document.message_id).collect();
    let of_message = |message| {
        let state = world.state(who, message).expect("the box has it");
        let referring = state.documents().filter(|(_, other)| other.initial_documents.contains(&document));
        referring.filter_map(|(found, _)| Referrer::of(&state, found.entity.id)).collect::<Vec<_>>()
    };
    others.into_iter().flat_map(of_message).collect()
}

/// What `who` sees of the first document of the story's message.
fn sight(story: &Story, who: Who) -> Option<Sight> {
    let state = story.world.state(who, story.message())?;
    let id = state.documents().next()?.0.entity.id;
    let referrers = referrers(&story.world, who, DocumentRef { message_id: state.message_id, entity_id: id });
    let relations = Relations { referrers: &referrers };
    let views = [of_state::<V2>, of_state::<V3>, of_state::<V4>, of_state::<V5>];
    let [v2, v3, v4, v5] = views.map(|show| show(&state, id, &relations).expect("the document is there"));
    let status = status(&v2);
    for other in [&v3, &v4, &v5] {
        assert_eq!(other["Docflow"]["DocflowStatus"], v2["Docflow"]["DocflowStatus"], "versions agree");
    }
    let brief = Brief { names: names(story, who) };
    let flow = |view: &Value| brief.fields(&view["Docflow"]);
    let (third, mut fourth) = (flow(&v3), flow(&v4));
    fourth.retain(|key, value| third.get(key) != Some(value));
    let fields = vec![
        ("V2", flow(&v2)),
        ("V3", third),
        ("V4", fourth),
        ("V5", flow(&v5)),
        ("Document", statuses(&brief, &state, id, &referrers)),
    ];
    Some(Sight { status, fields })
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

/// The statuses of `Document`, the flat form.
fn statuses(brief: &Brief, state: &MessageState, id: EntityId, referrers: &[Referrer]) -> Fields {
    let shown = listed(state, id, &Relations { referrers }, None);
    let view = json(&shown.expect("the document is there"));
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
    brief.fields(&Value::Object(fields.collect()))
}

fn is_state(key: &str) -> bool {
    ["Status", "Flags", "Type", "Target", "IsAmendmentRequested", "IsCorrected", "IsRevised"]
        .iter()
        .any(|end| key.ends_with(end))
        || key == "ConfirmationMetadata"
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/stories");
    let files = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("a file").path());
    files.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The text of a file as the core tells it: `#` begins a comment, `##` a new story.
fn retell(text: &str) -> String {
    let mut told = String::new();
    let mut retold = Retold::new();
    for line in text.lines().filter(|line| !line.starts_with(' ')) {
        if line.starts_with("## ") {
            told += &std::mem::replace(&mut retold, Retold::new()).text;
        }
        if line.is_empty() || line.starts_with('#') {
            retold.text += &format!("{line}\n");
        } else {
            retold.step(line);
        }
    }
    told + &retold.text
}

#[test]
fn every_lifecycle_goes_as_it_is_told() {
    for path in files() {
        let expected = fs::read_to_string(&path).expect("the file is text");
        let actual = retell(&expected);
        if env::var_os("POTOK_BLESS").is_some() {
            fs::write(&path, &actual).expect("the file can be written");
            continue;
        }
        if let Some((line, (expected, actual))) =
            expected.lines().zip(actual.lines()).enumerate().find(|(_, (one, other))| one != other)
        {
            let path = path.display();
            panic!(
                "{path}:{}:\n  is told {expected}\n  happens {actual}\nPOTOK_BLESS=1 rewrites it",
                line + 1
            );
        }
        assert_eq!(actual, expected, "{}", path.display());
    }
}
