//! `potok validate`: what a file has against its format, without a server.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use potok_app::{FileReport, FileViolation, Language, NamedFormat, Schemas};
use potok_fns::MoscowTime;

use crate::cli::Environment;
use crate::print::line;
use crate::schemas;
use crate::words::{Words, read_in};

#[derive(Args)]
pub(crate) struct Validate {
    /// A title, a service document, or the data of which a title is made
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Folder of official schemas; without it the file is held to what this program knows of its format
    #[arg(long, env = "POTOK_SCHEMAS", value_name = "DIR")]
    schemas: Option<PathBuf>,
    /// Version that the file is meant to be of, as utd970_05_03_01; else it says so itself
    #[arg(long, value_name = "VERSION")]
    document_version: Option<String>,
    /// Number of the title: 0 for what is sent, 1 for the answer
    #[arg(long, value_name = "NUMBER", requires = "document_version")]
    title_index: Option<i32>,
    /// Language of the findings; by default that of LANG
    #[arg(long, value_enum)]
    lang: Option<Words>,
    /// Answer in JSON, as the server does
    #[arg(long)]
    json: bool,
}

/// Tells what is wrong with a file; one that is not as it has to be ends with 1.
pub(crate) fn run(given: Validate, environment: &Environment) -> Result<ExitCode, Box<dyn Error>> {
    let language = Words::or_of_environment(given.lang);
    let file = read_in(&given.file, language)?;
    let schemas = given.schemas.as_deref().map_or_else(|| Ok(Schemas::default()), schemas::read)?;
    let named = NamedFormat { version: given.document_version, title_index: given.title_index };
    let now = MoscowTime::at(environment.clock.now());
    let report = schemas.report(&file, &named, now, language).map_err(|error| match language {
        Language::English => Box::<dyn Error>::from(error),
        Language::Russian => {
            let NamedFormat { version, title_index } = &named;
            let (version, title) = (version.as_deref().unwrap_or_default(), title_index.unwrap_or_default());
            let known = NamedFormat::versions().join(", ");
            format!("--document-version: титул {title} версии {version} неизвестен; известны версии {known}")
                .into()
        }
    })?;
    if given.json {
        line(serde_json::to_string_pretty(&report)?);
    } else {
        lines(&report, language).into_iter().for_each(line);
    }
    Ok(if report.is_valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn lines(report: &FileReport, language: Language) -> Vec<String> {
    let say = |ru: &'static str, en: &'static str| match language {
        Language::Russian => ru,
        Language::English => en,
    };
    let mut lines = vec![what(report, language)];
    let held: Vec<String> = report.held_to.iter().map(|held| held.in_words(language)).collect();
    let held = held.join(", ");
    if !held.is_empty() {
        lines.push(format!("{}: {held}", say("проверено по", "held to")));
    }
    if !report.missing_schemas.is_empty() {
        let names = report.missing_schemas.join(", ");
        lines.push(format!(
            "{}: {names}",
            say("не проверено: нет схемы", "not asked, the schema is not here")
        ));
    }
    for found in &report.violations {
        let FileViolation { path, rule, message, cure, .. } = found;
        let place = match (found.line, found.column) {
            (Some(line), Some(column)) => format!("{line}:{column} {path}"),
            _ => path.clone(),
        };
        lines.push(format!("{place} [{rule}]\n  {message}\n  → {cure}"));
    }
    lines.push(match report.violations.len() {
        0 => say("нарушений нет", "nothing is wrong").to_owned(),
        count => format!("{}: {count}", say("нарушений", "violations")),
    });
    lines
}

fn what(report: &FileReport, language: Language) -> String {
    let kind = match (language, report.kind) {
        (Language::Russian, "Title") => "Титул",
        (Language::Russian, "Service") => "Служебный документ",
        (Language::Russian, "Contract") => "Данные титула",
        (Language::Russian, "Universal") => "Универсальное сообщение",
        (Language::Russian, _) => "Неизвестный файл",
        (Language::English, kind) => kind,
    };
    let Some(document) = &report.document else { return kind.to_owned() };
    let mut words = vec![kind, &document.type_named_id, &document.function, &document.version];
    words.retain(|word| !word.is_empty());
    let title = document.title_index.map(|index| format!(" {index}")).unwrap_or_default();
    words.join(" ") + &title
}
