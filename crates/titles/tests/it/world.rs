//! What the tests share: samples, and everything a title needs beside its contract.

use potok_fns::xml::{Document, Element, Limits};
use potok_fns::{FnsDate, MoscowTime, Operator, PROGRAM_OF_PEOPLE};
use potok_titles::{Checks, Contract, First, Format, Sources, Title, Violations};
use uuid::Uuid;

pub(crate) fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn operator() -> Operator {
    Operator {
        name: "ООО \"Оператор открытого обмена\"".into(),
        inn: "9903000030".into(),
        code: "2BM".into(),
    }
}

pub(crate) fn at(time: &str) -> MoscowTime {
    let parts: Vec<u8> = time.split('.').map(|part| part.parse().expect("a number")).collect();
    MoscowTime::new(FnsDate::parse("21.11.2026").expect("a day"), parts[0], parts[1], parts[2])
        .expect("a time")
}

pub(crate) fn make(
    format: Format,
    contract: &[u8],
    time: &str,
    guid: &str,
    first: Option<First<'_>>,
) -> Result<Title, Violations> {
    let operator = operator();
    let guid = Uuid::parse_str(guid).expect("a guid");
    let sources = Sources { now: at(time), guid, program: PROGRAM_OF_PEOPLE, operator: &operator, first };
    let contract = Contract::read(contract).map_err(|error| vec![error])?;
    format.generate(contract, &sources, &|_| None, &[], Checks::All)
}

/// A title that an answer in the format can answer.
pub(crate) fn first_of(format: Format) -> Vec<u8> {
    match format.version() {
        version if version.starts_with("utd820") => sample("utd820_title0.xml"),
        version if version.starts_with("utd970") => sample("utd970_title0.xml"),
        // Of formats without a sample the first title is made.
        version => {
            let first = Format::find(version, 0).expect("a first title");
            let contract = first.sample(&mut potok_titles::sample::Full);
            make(first, &contract, "09.00.00", GUID, None).expect("a title").bytes
        }
    }
}

pub(crate) const GUID: &str = "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000";

pub(crate) fn tree(bytes: &[u8]) -> Element {
    Document::parse(bytes, &Limits::TITLE).expect("XML").root
}

/// An element as lines: attributes by name, children in order; numbers in one spelling.
pub(crate) fn told(element: &Element) -> String {
    let mut lines = String::new();
    tell(element, 0, &mut lines);
    lines
}

fn tell(element: &Element, depth: usize, lines: &mut String) {
    let mut attributes: Vec<String> =
        element.attributes.iter().map(|a| format!(" {}={:?}", a.name, number(&a.value))).collect();
    attributes.sort();
    let text = element.text.trim();
    lines.push_str(&format!("{:depth$}{}{} {text}\n", "", element.name, attributes.concat()));
    element.children.iter().for_each(|child| tell(child, depth + 1, lines));
}

/// What programs write as `3000` comes back as `3000.00`: the title does not keep the difference.
fn number(value: &str) -> String {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match value.split_once('.') {
        Some((whole, fraction)) if digits(whole) && digits(fraction) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        _ => value.to_owned(),
    }
}
