//! The rows of `testdata/statuses.txt`: calls that bring what does not follow from a declaration, and what no call brings.
//!
//! A row is a line `METHOD | STATUS` or `METHOD | STATUS | as WHO`, then `? QUERY`, `> BODY` as examples have them, `~ HEADER: VALUE`, and
//! `= NAME /POINTER` for what of the answer later rows name; such rows speak JSON in both walks, because what they bring is what
//! the others stand on. `never | METHOD | STATUS | REASON` is what no call brings; `*` stands for all methods.
//! `elsewhere | METHOD | STATUS | TEST` is what takes a story, which another test tells. `owed | METHOD | STATUS` is what no row
//! brings yet, in any format or in protobuf alone.

use std::collections::BTreeMap;
use std::path::Path;

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
    headers: Vec<(String, String)>,
    /// Names, and where in the answer their values stand.
    names: Vec<(String, String)>,
}

/// What no call brings.
struct Never {
    /// `None` for all methods.
    spec: Option<&'static MethodSpec>,
    status: u16,
}

/// The file.
pub(super) struct Told {
    rows: Vec<Row>,
    never: Vec<Never>,
    /// What no row brings yet, and whether that is so in protobuf alone.
    owed: Vec<(&'static MethodSpec, u16, bool)>,
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

impl Told {
    /// Reads the file.
    pub(super) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/statuses.txt");
        let text = std::fs::read_to_string(file).unwrap();
        let mut told = Self { rows: Vec::new(), never: Vec::new(), owed: Vec::new(), tests: Vec::new() };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let row = told.rows.last_mut();
            if let Some(query) = line.strip_prefix("? ") {
                row.unwrap().query = query.to_owned();
            } else if let Some(body) = line.strip_prefix("> ") {
                row.unwrap().body = body.to_owned();
            } else if let Some(header) = line.strip_prefix("~ ") {
                let (name, value) = header.split_once(": ").unwrap();
                row.unwrap().headers.push((name.to_owned(), value.to_owned()));
            } else if let Some(name) = line.strip_prefix("= ") {
                let (name, place) = name.split_once(' ').unwrap();
                row.unwrap().names.push((name.to_owned(), place.to_owned()));
            } else {
                let parts: Vec<&str> = line.split(" | ").collect();
                told.begin(&parts);
            }
        }
        told
    }

    fn begin(&mut self, parts: &[&str]) {
        if let [kind @ ("never" | "elsewhere"), label, status, reason] = parts {
            if *kind == "elsewhere" {
                self.tests.push((*reason).to_owned());
            }
            let spec = (*label != "*").then(|| method(label));
            self.never.push(Never { spec, status: status.parse().unwrap() });
            return;
        }
        if let ["owed", label, status, only @ ..] = parts {
            self.owed.push((method(label), status.parse().unwrap(), !only.is_empty()));
            return;
        }
        let [label, status, who_calls @ ..] = parts else { panic!("{parts:?} is no row") };
        self.rows.push(Row {
            spec: method(label),
            status: status.parse().unwrap(),
            who: who(who_calls.first()),
            query: String::new(),
            body: String::new(),
            headers: Vec::new(),
            names: Vec::new(),
        });
    }

    /// Whether no call brings the status.
    pub(super) fn is_never(&self, spec: &MethodSpec, status: u16) -> bool {
        self.never.iter().any(|never| never.spec.is_none_or(|of| of == spec) && never.status == status)
    }

    /// Whether no row brings the status in the format yet.
    pub(super) fn is_owed(&self, spec: &MethodSpec, status: u16, format: Format) -> bool {
        let is_it = |(of, owed, only): &(&MethodSpec, u16, bool)| {
            *of == spec && *owed == status && (format == Format::Protobuf || !only)
        };
        self.owed.iter().any(is_it)
    }

    /// Makes the calls; what was answered otherwise than it is told.
    pub(super) async fn play(
        &self,
        place: &Place,
        format: Format,
        seen: &mut BTreeMap<&str, Seen>,
    ) -> Vec<String> {
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        let mut wrong = Vec::new();
        for row in &self.rows {
            let Row { spec, status, who, query, body, headers, names } = row;
            // Examples live as long as the program.
            let example = Example { query: query.clone().leak(), body: body.clone().leak(), status: *status };
            let mut request = place.request(spec, &example, *who, |name| values.get(name).cloned());
            request.headers.extend(headers.iter().cloned());
            let format = if names.is_empty() { format } else { Format::Json };
            let answer = place.world().raw(in_format(spec, format, request)).await;
            if answer.status != *status {
                wrong.push(format!(
                    "{spec} | {status} ? {query} > {body}: {} {}",
                    answer.status,
                    answer.text()
                ));
            }
            if let Ok(json) = serde_json::from_slice::<serde_json::Value>(&answer.body) {
                for (name, pointer) in names {
                    let value = json.pointer(pointer).and_then(serde_json::Value::as_str);
                    values.insert(name, value.unwrap_or_default().to_owned());
                }
            }
            if let Some(statuses) = seen.get_mut(spec.label) {
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
