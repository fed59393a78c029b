//! What `xmllint` says of files.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use potok_fns::schema::Schema;
use potok_fns::xml::Limits;

/// Files of one process.
const BATCH: usize = 400;

/// What is said of a file.
#[derive(Clone, Copy)]
pub(crate) struct Verdict {
    pub(crate) good: bool,
    /// Whether it breaks the rules of namespaces, which `xmllint` prints and passes over.
    pub(crate) bad_namespaces: bool,
    /// Whether nothing is wrong with it but numbers that are too long for the library.
    pub(crate) long_numbers: bool,
}

/// What is said of each file by a schema.
pub(crate) fn judge(schema: &Path, files: &[PathBuf]) -> io::Result<Vec<Verdict>> {
    let (mut good, mut bad_namespaces) = (HashSet::new(), HashSet::new());
    let (mut long_numbers, mut otherwise_bad) = (HashSet::new(), HashSet::new());
    for batch in files.chunks(BATCH) {
        let output = Command::new("xmllint")
            .args(["--noout", "--nonet", "--huge", "--schema"])
            .arg(schema)
            .args(batch)
            .stdin(Stdio::null())
            .output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        if text.contains("failed to compile") {
            return Err(io::Error::other(format!("libxml2 does not compile {}", schema.display())));
        }
        good.extend(text.lines().filter_map(|line| line.strip_suffix(" validates")).map(PathBuf::from));
        let places = text.lines().filter_map(|line| line.split_once(": namespace error"));
        bad_namespaces.extend(
            places.filter_map(|(place, _)| place.rsplit_once(':')).map(|(file, _)| PathBuf::from(file)),
        );
        for line in text.lines().filter(|line| line.contains(" error : ")) {
            let file = PathBuf::from(line.split(':').next().unwrap_or_default());
            if is_long_number(line) {
                long_numbers.insert(file)
            } else {
                otherwise_bad.insert(file)
            };
        }
    }
    let verdict = |file| Verdict {
        good: good.contains(file),
        bad_namespaces: bad_namespaces.contains(file),
        long_numbers: long_numbers.contains(file) && !otherwise_bad.contains(file),
    };
    Ok(files.iter().map(verdict).collect())
}

fn is_long_number(line: &str) -> bool {
    line.split_once("is not a valid value of the atomic type 'xs:decimal'").is_some_and(|(before, _)| {
        let value = before.trim_end().trim_end_matches('\'').rsplit('\'').next().unwrap_or_default();
        value.len() > 24 && value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    })
}

/// How long a sample takes, here and there, in one run.
pub(crate) fn time(
    out: &mut impl io::Write,
    path: &Path,
    schema: &Schema,
    samples: &[PathBuf],
) -> io::Result<()> {
    for sample in samples {
        let bytes = std::fs::read(sample)?;
        if !schema.validate(&bytes, &Limits::TITLE).is_ok_and(|found| found.is_empty()) {
            continue;
        }
        let rounds = (20_000_000 / bytes.len().max(1)).clamp(3, 3000);
        let start = Instant::now();
        for _ in 0..rounds {
            let _ = std::hint::black_box(schema.validate(std::hint::black_box(&bytes), &Limits::TITLE));
        }
        let ours = start.elapsed() / u32::try_from(rounds).unwrap_or(1);
        // A process reads the schema first, so what many files take more than one is what they take.
        let run = |count: usize| -> io::Result<Duration> {
            let start = Instant::now();
            let files = std::iter::repeat_n(sample, count);
            let mut command = Command::new("xmllint");
            command.args(["--noout", "--nonet", "--huge", "--schema"]).arg(path).args(files);
            command.stderr(Stdio::null()).stdout(Stdio::null()).status()?;
            Ok(start.elapsed())
        };
        let many = (5_000_000 / bytes.len().max(1)).clamp(3, 1000);
        let theirs = run(many)?.saturating_sub(run(1)?) / u32::try_from(many - 1).unwrap_or(1);
        let (name, schema) = (sample.display(), path.file_name().unwrap_or_default().to_string_lossy());
        writeln!(out, "{name} by {schema}: {} bytes, ours {ours:?}, xmllint {theirs:?}", bytes.len())?;
    }
    Ok(())
}
