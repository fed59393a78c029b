//! `potok evidence`: packages that prove an exchange, made beside a server and read without one.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use potok_app::Language;
use potok_cms::UnixTime;
use potok_evidence::{Findings, Manifest, Outcome, PartyNote, Weight, verify};
use potok_operator::{OperatorServices, trust};
use potok_types::{BoxId, EntityId, MessageId, with_causes};
use serde_json::{Value, json};

use crate::cli::Environment;
use crate::print::{complaint, line};
use crate::server::{Opened, TEST_KEYS};
use crate::settings::Given;
use crate::words::{FileError, Words, read_in};
use crate::{Settings, Verifiers};

#[derive(Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Writes everything that proves what became of a message, signed by the operator; works also while a server runs
    Export(Box<Export>),
    /// Tells what a package proves and what it does not; needs no server
    Verify(Verify),
}

#[derive(Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) given: Given,
    /// The box out of which it is made
    #[arg(long = "box", value_name = "BOX")]
    box_id: BoxId,
    /// The message
    #[arg(long, value_name = "ID")]
    message: MessageId,
    /// One document of it; all when absent
    #[arg(long, value_name = "ID")]
    document: Option<EntityId>,
    /// Where to write it; a name of its own when absent, - for standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Verify {
    /// The package
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Certificates to trust, files or folders of them; may be repeated
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,
    /// Revocation lists besides those in the package; may be repeated
    #[arg(long, value_name = "PATH")]
    revocation: Vec<PathBuf>,
    /// Language of the findings; by default that of LANG
    #[arg(long, value_enum)]
    lang: Option<Words>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// A package of which not everything is proven.
const NOT_PROVEN: u8 = 3;

/// Makes a package and writes it.
pub(crate) async fn export(
    settings: Settings,
    given: Export,
    environment: &Environment,
) -> Result<ExitCode, Box<dyn Error>> {
    let Environment { clock, entropy } = environment;
    let (operator, with_tests) = (settings.operator.clone(), settings.app.test_signatures);
    let keys = settings.data.join(TEST_KEYS);
    let services = OperatorServices::open(operator, &keys, with_tests, &**clock, entropy).await?;
    let (signatures, trusted) = (settings.signatures, settings.trust.clone());
    let verifiers = Verifiers::open(signatures, trusted, with_tests, &services, clock).await?;
    let opened = Opened::open_beside_a_server(settings, services, verifiers, clock, entropy).await?;
    let Export { box_id, message, document, out, .. } = given;
    let made = opened.app.printing().evidence_of_box(box_id, message, document).await;
    opened.close().await;
    let made = made?;
    let out = out.unwrap_or_else(|| PathBuf::from(&made.name));
    if out.as_os_str() == "-" {
        std::io::stdout().write_all(&made.content)?;
        return Ok(ExitCode::SUCCESS);
    }
    let failed = |source| FileError { path: out.clone(), done: "written", source };
    std::fs::write(&out, &made.content).map_err(failed)?;
    line(out.display());
    Ok(ExitCode::SUCCESS)
}

/// Tells what a package proves: 0 when all of it is proven, 1 when something was changed, 3 when something is not proven.
pub(crate) fn look(given: Verify, environment: &Environment) -> Result<ExitCode, Box<dyn Error>> {
    let language = Words::or_of_environment(given.lang);
    let package = read_in(&given.file, language)?;
    let read = trust::read(&given.trust, &given.revocation);
    let (trust, left_out) = read.map_err(|error| match language {
        Language::English => Box::<dyn Error>::from(error),
        Language::Russian => error.text_ru().into(),
    })?;
    for error in &left_out {
        match language {
            Language::Russian => complaint(format_args!("не учтено: {}", error.text_ru())),
            Language::English => complaint(format_args!("left out: {}", with_causes(error))),
        }
    }
    let now = UnixTime(environment.clock.now().unix_seconds());
    let findings = verify(&package, &trust, now);
    if given.json {
        line(serde_json::to_string_pretty(&shown(&findings, language))?);
    } else {
        lines(&findings, language).into_iter().for_each(line);
    }
    Ok(match findings.outcome() {
        Outcome::Proven => ExitCode::SUCCESS,
        Outcome::NotProven => ExitCode::from(NOT_PROVEN),
        Outcome::Broken => ExitCode::FAILURE,
    })
}

fn lines(findings: &Findings, language: Language) -> Vec<String> {
    let say = |ru: &'static str, en: &'static str| match language {
        Language::Russian => ru,
        Language::English => en,
    };
    let mut lines = Vec::new();
    if let Some(Manifest { documents, parties, .. }) = &findings.manifest {
        lines.extend(documents.iter().map(|document| document.title.clone()));
        let inn = say("ИНН", "INN");
        lines.extend(parties.iter().map(|PartyNote { role, name, inn: number, .. }| {
            format!("  {}: {name}, {inn} {number}", in_words(role, language))
        }));
    }
    for finding in &findings.list {
        let mark = match finding.weight {
            Weight::Proven => say("доказано", "proven"),
            Weight::Remark => say("замечание", "remark"),
            Weight::NotProven => say("не доказано", "not proven"),
            Weight::Broken => say("нарушено", "broken"),
        };
        lines.push(format!("{mark}: {}", finding.text(language)));
    }
    lines.push(
        match findings.outcome() {
            Outcome::Proven => say("Итог: всё доказано", "In all: everything is proven"),
            Outcome::NotProven => say("Итог: доказано не всё", "In all: not everything is proven"),
            Outcome::Broken => say(
                "Итог: пакет изменён, верить ему нельзя",
                "In all: the package was changed, do not believe it",
            ),
        }
        .to_owned(),
    );
    lines
}

/// What a manifest calls a party.
fn in_words(role: &str, language: Language) -> &str {
    match (language, role) {
        (Language::Russian, "Sender") => "Отправитель",
        (Language::Russian, "Recipient") => "Получатель",
        (Language::Russian, "Proxy") => "Промежуточный получатель",
        (Language::Russian, "Internal") => "Внутри организации",
        // What a later version calls somebody is better than nothing.
        (_, role) => role,
    }
}

fn shown(findings: &Findings, language: Language) -> Value {
    let list = findings
        .list
        .iter()
        .map(|finding| json!({"weight": format!("{:?}", finding.weight), "text": finding.text(language)}));
    json!({
        "outcome": format!("{:?}", findings.outcome()),
        "findings": list.collect::<Vec<_>>(),
        "manifest": findings.manifest,
    })
}
