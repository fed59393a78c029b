//! Holds made-up titles to the official schemas: `cargo run -p potok-titles --example official -- SCHEMAS [OUT]`.
//!
//! `SCHEMAS` is a folder with the schemas under the names they were published under; formats without a file there are told.
//! Of each format the full contract, the smallest and two hundred arbitrary ones are made into titles. With `OUT` all of
//! them are written there, contract beside title, for other tools. Where older programs have a structure for the format, each title is
//! read into it and made of it once more.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;
use std::process::ExitCode;

use potok_fns::recognize::{Recognized, recognize};
use potok_fns::schema::{AMENDED, Schema, SchemaError, Violation, title_checks};
use potok_fns::xml::Limits;
use potok_fns::{FnsDate, MoscowTime, Operator, PROGRAM_OF_PEOPLE};
use potok_titles::sample::{Chosen, Full, Minimal};
use potok_titles::{Adapter, Checks, Contract, First, Format, Sources, Violations};
use uuid::Uuid;

/// Arbitrary contracts of each format.
const ARBITRARY: u64 = 200;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(schemas) = arguments.next() else {
        eprintln!("official SCHEMAS [OUT]");
        return ExitCode::FAILURE;
    };
    let out = arguments.next();
    let mut wrong = 0;
    let mut first: Option<(Format, Vec<u8>)> = None;
    for format in Format::all() {
        let answered = match &first {
            Some((of, title)) if format.title_index() > 0 && of.version() == format.version() => {
                Some(title.clone())
            }
            _ => None,
        };
        let (made, faults) = titles(format, answered.as_deref(), out.as_deref());
        if format.title_index() == 0 {
            first = made.first().map(|title| (format, title.clone()));
        }
        wrong += faults;
        wrong += hold(format, &made, Path::new(&schemas));
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The titles that were made, and how many were not.
fn titles(format: Format, first: Option<&[u8]>, out: Option<&str>) -> (Vec<Vec<u8>>, usize) {
    let operator =
        Operator { name: "ООО \"Оператор\"".into(), inn: "9903000030".into(), code: "2BM".into() };
    let signatures = [b"signature".to_vec()];
    let mut contracts = vec![format.sample(&mut Full), format.sample(&mut Minimal)];
    contracts.extend((0..ARBITRARY).map(|seed| format.sample(&mut Chosen::new(&numbers(seed)))));
    let (mut titles, mut wrong) = (Vec::new(), 0);
    for (index, bytes) in contracts.iter().enumerate() {
        let sources = Sources {
            now: MoscowTime::new(FnsDate::default(), 10, 0, 0).unwrap_or_default(),
            guid: Uuid::from_u128(index as u128),
            program: PROGRAM_OF_PEOPLE,
            operator: &operator,
            first: first.map(|title| First { title, signatures: &signatures }),
        };
        let contract = Contract::read(bytes).map_err(|error| vec![error]);
        let made =
            contract.and_then(|contract| format.generate(contract, &sources, &|_| None, &[], Checks::All));
        let name = format!("{}_{}_{index}", format.version(), format.title_index());
        if let Some(out) = out {
            write(out, &format!("{name}.contract.xml"), bytes);
        }
        match made {
            Ok(title) => {
                if let Some(out) = out {
                    write(out, &format!("{name}.xml"), &title.bytes);
                }
                if let Some(adapter) = Adapter::of(format) {
                    match by_structure(adapter, &title.bytes, &sources) {
                        Ok(again) => titles.extend(again),
                        Err(found) => {
                            wrong += 1;
                            println!("{format:?}: structure {index}: {}", found[0]);
                        }
                    }
                }
                titles.push(title.bytes);
            }
            Err(found) => {
                wrong += 1;
                println!("{format:?}: contract {index}: {}", found[0]);
            }
        }
    }
    (titles, wrong)
}

/// The title that the structure of a title makes; none where the structure has no word for a newer rate.
fn by_structure(
    adapter: Adapter,
    title: &[u8],
    sources: &Sources<'_>,
) -> Result<Option<Vec<u8>>, Violations> {
    let format = adapter.format();
    let Ok(json) = adapter.write(&format.parse(title)?) else { return Ok(None) };
    let mut said = adapter.read(&json)?;
    said.participants();
    let own = said.sender().and_then(|(inn, _)| inn).unwrap_or("9901000010").to_owned();
    said.complete_signers(&own);
    let (contract, told) = said.apart();
    match format.generate(contract, sources, &|_| None, &[], Checks::All) {
        Ok(made) => Ok(Some(made.bytes)),
        Err(found) => Err(told.all(found)),
    }
}

/// A schema of the folder, or one that follows from it.
fn schema(folder: &Path, name: &str) -> Option<Result<Schema, SchemaError>> {
    let read = |name: &str| std::fs::read(folder.join(name)).ok();
    match AMENDED.iter().find(|amended| amended.name == name) {
        Some(amended) => read(amended.of).map(|bytes| Schema::amended(&bytes, amended)),
        None => read(name).map(|bytes| Schema::compile(&bytes)),
    }
}

/// How many titles the schema refuses.
fn hold(format: Format, titles: &[Vec<u8>], folder: &Path) -> usize {
    let names = match titles.first().map(|title| recognize(title)) {
        Some(Ok(Recognized::Title(title))) => title_checks(title.format, title.title_index),
        _ => &[],
    };
    let Some((name, schema)) = names.iter().find_map(|name| Some((name, schema(folder, name)?))) else {
        println!("{format:?}: {} made, no schema {names:?}", titles.len());
        return 0;
    };
    let schema = match schema {
        Ok(schema) => schema,
        Err(error) => {
            println!("{format:?}: {name}: {error}");
            return 1;
        }
    };
    let (mut wrong, mut newer) = (0, 0);
    for title in titles {
        let violations = schema.validate(title, &Limits::TITLE);
        match violations.as_deref() {
            Ok([]) => {}
            Ok(found) if found.iter().all(is_of_rate) => newer += 1,
            Ok([violation, ..]) => {
                wrong += 1;
                println!("{format:?}: {violation}");
            }
            Err(error) => {
                wrong += 1;
                println!("{format:?}: {error}");
            }
        }
    }
    let valid = titles.len() - wrong - newer;
    let more = if newer > 0 {
        format!(", {newer} more but for a rate that is newer than the schema")
    } else {
        String::new()
    };
    println!("{format:?}: {valid} of {} valid against {name}{more}", titles.len());
    wrong
}

/// Contracts have got the rates of later laws, and so have the schemas; those that are public may be older.
fn is_of_rate(violation: &Violation) -> bool {
    let name = violation.place.rsplit('@').next().unwrap_or_default();
    violation.rule == "xsd.enumeration" && (name.starts_with("НалСт") || name.starts_with("СтавНДС"))
}

fn write(out: &str, name: &str, bytes: &[u8]) {
    if let Err(error) = std::fs::write(Path::new(out).join(name), bytes) {
        eprintln!("{name}: {error}");
    }
}

/// Numbers that look like none in particular.
fn numbers(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(300)
    .collect()
}
