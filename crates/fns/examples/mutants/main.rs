//! Compares the verdicts of our validator with those of libxml2, over thousands of documents made from schemas and samples.
//!
//! ```text
//! cargo run --release -p potok-fns --example mutants -- \
//!     --schemas FOLDER --schemas FOLDER --samples FOLDER --work FOLDER [--count 12000] [--seed 1] [--time] [--table FILE]
//! ```
//!
//! Each schema gets documents: samples that it allows, and ones made from the schema itself (as little as it allows, as much
//! as it allows, and by chance). Mutants of them (a value, an attribute, an element, white space, a namespace, an encoding or a
//! byte changed) are written to the folder of work and judged by `xmllint`, which has to be installed, many in one process.
//! A difference is printed with the file's name; the last lines count. The exit code says whether there are differences that
//! the guard does not explain: it refuses some documents on purpose, whatever their schema.

mod instance;
mod mutate;
mod oracle;
mod table;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use potok_fns::schema::Schema;
use potok_fns::xml::{Fault, Limits, XmlError, decode};
use potok_types::{Entropy as _, SeededEntropy};

/// Random numbers that are the same for the same seed.
pub(crate) struct Random(SeededEntropy);

impl Random {
    /// A number below `end`; zero for an empty range.
    pub(crate) fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % end.max(1) as u64) as usize
    }

    pub(crate) fn of<T: Copy>(&self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

struct Options {
    schemas: Vec<PathBuf>,
    samples: Vec<PathBuf>,
    work: PathBuf,
    count: usize,
    seed: u64,
    time: bool,
    table: Option<PathBuf>,
}

fn main() -> ExitCode {
    let outcome = options().and_then(|options| run(&options));
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> io::Result<Options> {
    let mut options = Options {
        schemas: vec![],
        samples: vec![],
        work: PathBuf::new(),
        count: 12_000,
        seed: 1,
        time: false,
        table: None,
    };
    let mut words = std::env::args().skip(1);
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidInput, text);
    while let Some(word) = words.next() {
        if word == "--time" {
            options.time = true;
            continue;
        }
        let value = words.next().ok_or_else(|| wrong(format!("{word} needs a value")))?;
        let number = || value.parse().map_err(|_| wrong(format!("{value} is no number")));
        match word.as_str() {
            "--schemas" => options.schemas.push(value.into()),
            "--samples" => options.samples.push(value.into()),
            "--table" => options.table = Some(value.into()),
            "--work" => options.work = value.into(),
            "--count" => options.count = number()? as usize,
            "--seed" => options.seed = number()?,
            _ => return Err(wrong(format!("unknown option {word}"))),
        }
    }
    if options.schemas.is_empty() || options.work.as_os_str().is_empty() {
        return Err(wrong("--schemas and --work are needed".into()));
    }
    Ok(options)
}

fn files(folders: &[PathBuf], extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                found.extend(files(&[path], extension)?);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn run(options: &Options) -> io::Result<usize> {
    let mut out = io::stdout().lock();
    let schemas = files(&options.schemas, "xsd")?;
    let samples = files(&options.samples, "xml")?;
    let random = Random(SeededEntropy::new(options.seed));
    let mut count = Count::default();
    let mut bases = Vec::new();
    for path in &schemas {
        let bytes = std::fs::read(path)?;
        let start = std::time::Instant::now();
        match Schema::compile(&bytes) {
            Ok(schema) => {
                count.compile_micros += start.elapsed().as_micros();
                bases.push((path, schema, bytes));
            }
            Err(error) => {
                count.refused_schemas += 1;
                let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                writeln!(out, "SCHEMA {}: {error} {source}", path.display())?;
            }
        }
    }
    let each = options.count / bases.len().max(1) + 1;
    for (index, (path, schema, bytes)) in bases.iter().enumerate() {
        let folder = options.work.join(format!("{index:03}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let mut documents = instance::documents(bytes, &random);
        for sample in &samples {
            let bytes = std::fs::read(sample)?;
            if schema.validate(&bytes, &Limits::TITLE).is_ok_and(|found| found.is_empty())
                && let Ok((text, _)) = decode(&bytes, &Limits::TITLE)
            {
                documents.push(text.into_owned());
            }
        }
        let written = write_mutants(&folder, &documents, each, &random)?;
        let verdicts = oracle::judge(path, &written)?;
        for (file, theirs) in written.iter().zip(verdicts) {
            let ours = schema.validate(&std::fs::read(file)?, &Limits::TITLE);
            count.add(&mut out, path, file, &ours, theirs)?;
        }
    }
    count.print(&mut out, schemas.len())?;
    if let Some(table) = &options.table {
        count.unexplained += table::judge(&mut out, table, &options.work)?;
    }
    if options.time {
        for (path, schema, _) in &bases {
            oracle::time(&mut out, path, schema, &samples)?;
        }
    }
    Ok(count.unexplained)
}

/// The documents themselves, and mutants of them.
fn write_mutants(
    folder: &Path,
    documents: &[String],
    most: usize,
    random: &Random,
) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    if documents.is_empty() {
        return Ok(written);
    }
    for number in 0..most.max(documents.len()) {
        let bytes = match documents.get(number) {
            Some(document) => mutate::encoded(document),
            None => mutate::mutant(&documents[random.below(documents.len())], random),
        };
        let path = folder.join(format!("{number:05}.xml"));
        std::fs::write(&path, bytes)?;
        written.push(path);
    }
    Ok(written)
}

type Ours = Result<Vec<potok_fns::schema::Violation>, XmlError>;

#[derive(Default)]
struct Count {
    both_good: usize,
    both_bad: usize,
    explained: BTreeMap<&'static str, usize>,
    unexplained: usize,
    refused_schemas: usize,
    compile_micros: u128,
}

impl Count {
    fn add(
        &mut self,
        out: &mut impl io::Write,
        schema: &Path,
        file: &Path,
        ours: &Ours,
        theirs: oracle::Verdict,
    ) -> io::Result<()> {
        let good = ours.as_ref().is_ok_and(Vec::is_empty);
        match (good, theirs.good) {
            (true, true) => self.both_good += 1,
            (false, false) => self.both_bad += 1,
            _ => {
                if let Err(error) = ours
                    && let Some(reason) = guarded(&error.fault)
                {
                    *self.explained.entry(reason).or_default() += 1;
                    return Ok(());
                }
                if !good && theirs.bad_namespaces {
                    *self
                        .explained
                        .entry("namespaces declared wrongly, which xmllint passes over")
                        .or_default() += 1;
                    return Ok(());
                }
                if let (Ok(found), true) = (ours, theirs.good)
                    && found.iter().all(|violation| violation.en.ends_with("is not a valid base64Binary"))
                {
                    *self
                        .explained
                        .entry("characters that base64 does not have, which libxml2 passes over")
                        .or_default() += 1;
                    return Ok(());
                }
                if good && theirs.long_numbers {
                    *self
                        .explained
                        .entry("numbers of more than 24 digits, which libxml2 cannot hold")
                        .or_default() += 1;
                    return Ok(());
                }
                self.unexplained += 1;
                let said = match ours {
                    Ok(found) => found.first().map_or("good".into(), ToString::to_string),
                    Err(error) => error.to_string(),
                };
                let (schema, file, theirs) =
                    (schema.display(), file.display(), if theirs.good { "good" } else { "bad" });
                writeln!(out, "DIFFERS {schema} {file}: ours: {said}; libxml2: {theirs}")?;
            }
        }
        Ok(())
    }

    fn print(&self, out: &mut impl io::Write, schemas: usize) -> io::Result<()> {
        let all = self.both_good + self.both_bad + self.unexplained + self.explained.values().sum::<usize>();
        writeln!(
            out,
            "{schemas} schemas ({} refused) compiled in {} ms; {all} documents: {} good, {} bad to both, {} unexplained differences",
            self.refused_schemas,
            self.compile_micros / 1000,
            self.both_good,
            self.both_bad,
            self.unexplained
        )?;
        for (reason, count) in &self.explained {
            writeln!(out, "{count} times {reason}")?;
        }
        Ok(())
    }
}

/// Why the guard refuses what libxml2 takes.
fn guarded(fault: &Fault) -> Option<&'static str> {
    Some(match fault {
        Fault::Doctype => "a document type declaration",
        Fault::UnknownEncoding(_) => "an encoding other than windows-1251 and UTF-8",
        Fault::NotInEncoding(_) => "bytes that the declared encoding does not know",
        Fault::OtherDocument { .. } => "a byte order mark before windows-1251",
        Fault::TooDeep { .. }
        | Fault::TooManyAttributes { .. }
        | Fault::TooManyNodes { .. }
        | Fault::TooLarge { .. } => "too much of something",
        _ => return None,
    })
}
