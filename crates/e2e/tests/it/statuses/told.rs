//! The rows of `testdata/statuses.txt`: calls that bring what does not follow from a declaration, and what no call brings.
//!
//! A row is a line `METHOD | STATUS` or `METHOD | STATUS | as WHO`, then `? QUERY`, `> BODY` as examples have them (or `< NAME`, the
//! bytes that an earlier row named), `~ HEADER: VALUE`, and `= NAME /POINTER` for what of the answer later rows name, `= NAME` for all
//! of it; such rows speak JSON in both walks, because what they bring is what the others stand on. Between rows `deliver` delivers
//! what is on its way, and `sign` signs what the server is to sign. `never | METHOD | STATUS | REASON` is what no call brings; `*` stands
//! for all methods. `elsewhere | METHOD | STATUS | TEST` is what takes a story, which another test tells.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use potok_testkit::RawAnswer;
use potok_testkit::sdk::api::{Example, Format, MethodSpec, by_label};

use super::Seen;
use super::format::in_format;
use super::provoked::note;
use crate::walk::Who;
use crate::walk::place::Place;

/// A call.
struct Row {
    spec: &'static MethodSpec,
    status: u16,
    who: Who,
    query: String,
    body: String,
    /// What stands for the body, by its name.
    named_body: Option<String>,
    headers: Vec<(String, String)>,
    /// Names, and where in the answer their values stand; `None` for all of it.
    names: Vec<(String, Option<String>)>,
}

/// What happens one after the other.
enum Step {
    Call(Row),
    Deliver,
    Sign,
}

/// What no call brings, or none of the file.
struct Never {
    /// `None` for all methods.
    spec: Option<&'static MethodSpec>,
    status: u16,
    is_elsewhere: bool,
}

/// The file.
pub(super) struct Told {
    steps: Vec<Step>,
    never: Vec<Never>,
    /// Tests that are named.
    tests: Vec<String>,
}

fn method(label: &str) -> &'static MethodSpec {
    by_label(label).unwrap_or_else(|| panic!("{label} is no method"))
}

fn who(said: Option<&&str>) -> Who {
    match said {
        None => Who::Plain,
        Some(&"as administrator") => Who::Administrator,
        Some(&"as stranger") => Who::Stranger,
        Some(&"as nobody") => Who::Nobody,
        Some(other) => panic!("{other:?} calls nobody"),
    }
}

/// What rows name of the answers to them.
type Values = BTreeMap<String, Bytes>;

impl Row {
    /// Takes one of the lines below the first.
    fn add(&mut self, mark: &str, rest: &str) {
        match mark {
            "?" => rest.clone_into(&mut self.query),
            ">" if self.body.is_empty() => rest.clone_into(&mut self.body),
            ">" => self.body = format!("{}\n{rest}", self.body),
            "<" => self.named_body = Some(rest.to_owned()),
            "~" => {
                let (name, value) = rest.split_once(": ").unwrap();
                self.headers.push((name.to_owned(), value.to_owned()));
            }
            _ => {
                let (name, pointer) =
                    rest.split_once(' ').map_or((rest, None), |(name, at)| (name, Some(at)));
                self.names.push((name.to_owned(), pointer.map(str::to_owned)));
            }
        }
    }

    async fn call(&self, place: &Place, format: Format, values: &mut Values) -> RawAnswer {
        let Self { spec, status, who, query, body, headers, names, .. } = self;
        // Examples live as long as the program.
        let example = Example { query: query.clone().leak(), body: body.clone().leak(), status: *status };
        let told = |name: &str| values.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
        let mut request = place.request(spec, &example, *who, told);
        request.headers.extend(headers.iter().cloned());
        if let Some(name) = &self.named_body {
            request.body = values.get(name).unwrap_or_else(|| panic!("nothing is named {name}")).clone();
        }
        let format = if names.is_empty() { format } else { Format::Json };
        let answer = place.world().raw(in_format(spec, format, request)).await;
        for (name, pointer) in names {
            let value = match pointer {
                None => answer.body.clone(),
                Some(pointer) => text_at(&answer, pointer).unwrap_or_default().into(),
            };
            values.insert(name.clone(), value);
        }
        answer
    }
}

/// What a structure in JSON has at a place.
fn text_at(answer: &RawAnswer, pointer: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    json.pointer(pointer)?.as_str().map(str::to_owned)
}

impl Told {
    /// Reads the file.
    pub(super) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/statuses.txt");
        let text = std::fs::read_to_string(file).unwrap();
        let mut told = Self { steps: Vec::new(), never: Vec::new(), tests: Vec::new() };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
            match mark {
                "deliver" => told.steps.push(Step::Deliver),
                "sign" => told.steps.push(Step::Sign),
                "?" | ">" | "<" | "~" | "=" => {
                    let Some(Step::Call(row)) = told.steps.last_mut() else {
                        panic!("{line:?} is of no row")
                    };
                    row.add(mark, rest);
                }
                _ => told.begin(&line.split(" | ").collect::<Vec<_>>()),
            }
        }
        told
    }

    fn begin(&mut self, parts: &[&str]) {
        if let [kind @ ("never" | "elsewhere"), label, status, reason] = parts {
            let is_elsewhere = *kind == "elsewhere";
            if is_elsewhere {
                self.tests.push((*reason).to_owned());
            }
            let spec = (*label != "*").then(|| method(label));
            self.never.push(Never { spec, status: status.parse().unwrap(), is_elsewhere });
            return;
        }
        let [label, status, who_calls @ ..] = parts else { panic!("{parts:?} is no row") };
        self.steps.push(Step::Call(Row {
            spec: method(label),
            status: status.parse().unwrap(),
            who: who(who_calls.first()),
            query: String::new(),
            body: String::new(),
            named_body: None,
            headers: Vec::new(),
            names: Vec::new(),
        }));
    }

    /// Whether no call brings the status.
    pub(super) fn is_never(&self, spec: &MethodSpec, status: u16) -> bool {
        self.never.iter().any(|never| never.spec.is_none_or(|of| of == spec) && never.status == status)
    }

    /// Whether it is said of this method that no call brings the status.
    pub(super) fn is_denied(&self, spec: &MethodSpec, status: u16) -> bool {
        let mut denied = self.never.iter().filter(|never| !never.is_elsewhere);
        denied.any(|never| never.spec == Some(spec) && never.status == status)
    }

    /// Makes the calls; what was answered otherwise than it is told.
    pub(super) async fn play(
        &self,
        place: &Place,
        format: Format,
        seen: &mut BTreeMap<&str, Seen>,
    ) -> Vec<String> {
        let mut values = Values::new();
        let mut wrong = Vec::new();
        for step in &self.steps {
            let row = match step {
                Step::Call(row) => row,
                Step::Deliver => {
                    place.world().drain().await;
                    continue;
                }
                Step::Sign => {
                    place.world().sign().await;
                    continue;
                }
            };
            let answer = row.call(place, format, &mut values).await;
            if answer.status != row.status {
                let Row { spec, status, query, .. } = row;
                wrong.push(format!("{spec} | {status} ? {query}: {} {}", answer.status, answer.text()));
            }
            if let Some(statuses) = seen.get_mut(row.spec.label) {
                note(statuses, &answer);
            }
        }
        wrong
    }

    /// Reasons that nobody needs, of statuses that are not documented, and tests that are not there.
    pub(super) fn needless(&self) -> Vec<String> {
        let of_one = self.never.iter().filter_map(|never| never.spec.map(|spec| (spec, never.status)));
        let needless = of_one.filter(|(spec, status)| !spec.status_codes.contains(status));
        let needless = needless.map(|(spec, status)| format!("{spec} | {status}"));
        needless.chain(self.tests.iter().filter(|name| !is_test(name)).cloned()).collect()
    }
}

/// Whether `FILE::NAME` is a test of this folder.
fn is_test(name: &str) -> bool {
    let (file, function) = name.split_once("::").unwrap_or_default();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(format!("{file}.rs"));
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("async fn {function}()")))
}
