//! `potok config`: whether the settings can be used, and what they are and why.

use std::error::Error;
use std::net::ToSocketAddrs as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use clap::parser::ValueSource;
use potok_http::Tls;
use potok_types::with_causes;
use serde_json::json;

use crate::settings::{FIELDS, Given, Settings, VARIABLES, shown};
use crate::{print, schemas, telemetry};

/// What can be asked about the settings.
#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Says what is wrong with the settings; nothing is started, made or changed
    Check,
    /// Shows every setting with its value and where it comes from; secrets are masked
    Dump {
        /// In JSON
        #[arg(long)]
        json: bool,
    },
}

/// Where the settings come from.
pub(crate) struct Origins<'a> {
    /// Of the command: flags and environment.
    pub(crate) matches: &'a clap::ArgMatches,
    pub(crate) file: Option<&'a Path>,
    /// Names of what the file gives.
    pub(crate) of_file: Vec<&'static str>,
}

impl Origins<'_> {
    fn of(&self, nth: usize, name: &str) -> String {
        match self.matches.value_source(name) {
            Some(ValueSource::CommandLine) => format!("flag --{}", name.replace('_', "-")),
            Some(ValueSource::EnvVariable) => format!("environment {}", VARIABLES[nth]),
            _ if self.of_file.contains(&name) => {
                format!("file {}", self.file.unwrap_or(Path::new("")).display())
            }
            _ => "default".to_owned(),
        }
    }
}

/// Shows or checks the settings.
///
/// # Errors
/// Settings that cannot be put together at all.
pub(crate) fn run(
    command: &ConfigCommand,
    given: Given,
    origins: &Origins<'_>,
) -> Result<ExitCode, Box<dyn Error>> {
    let log = given.log();
    let settings = given.clone().settings()?;
    match command {
        ConfigCommand::Dump { json } => {
            let values = shown(&given, &settings, &log);
            let rows = FIELDS.iter().zip(values).enumerate();
            let rows: Vec<_> =
                rows.map(|(nth, (name, value))| (*name, value, origins.of(nth, name))).collect();
            if *json {
                let all = rows.iter().map(|(name, value, origin)| {
                    ((*name).to_owned(), json!({"value": value, "origin": origin}))
                });
                print::line(serde_json::Value::Object(all.collect()));
            } else {
                for (name, value, origin) in rows {
                    match value {
                        Some(value) => print::line(format_args!("{name} = {value:?} # {origin}")),
                        None => print::line(format_args!("# {name} is not set")),
                    }
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        ConfigCommand::Check => {
            let mut problems = problems(&settings);
            problems.extend(telemetry::problem(&log).map(|error| format!("log: {error}")));
            for problem in &problems {
                print::complaint(problem);
            }
            if !problems.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
            print::line("the settings can be used");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What would keep a server from starting, as far as it can be seen without starting one.
fn problems(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    if let Err(error) = settings.http.check() {
        found.push(error.to_string());
    }
    if let Some(files) = &settings.tls
        && let Err(error) = Tls::open(files.clone())
    {
        found.push(format!("tls_certificate: {error}"));
    }
    let addresses =
        [("listen", Some(&settings.listen)), ("metrics_listen", settings.metrics_listen.as_ref())];
    for (name, address) in addresses {
        if let Some(address) = address
            && let Err(error) = address.to_socket_addrs()
        {
            found.push(format!("{name}: {address:?} is no address and port: {error}"));
        }
    }
    if let Some(folder) = &settings.schemas
        && let Err(error) = schemas::read(folder)
    {
        found.push(format!("schemas: {}", with_causes(&error)));
    }
    let trust = &settings.trust;
    let folders =
        [("trust", trust.certificates.as_ref()), ("revocation_lists", trust.revocation_lists.as_ref())];
    for (name, folder) in folders {
        if let Some(folder) = folder
            && let Err(error) = std::fs::read_dir(folder)
        {
            found.push(format!("{name}: the folder {} cannot be read: {error}", folder.display()));
        }
    }
    let parent = settings.data.parent().filter(|parent| !parent.as_os_str().is_empty());
    if !settings.data.exists() && parent.is_some_and(|parent| !parent.is_dir()) {
        found.push(format!(
            "data: {} cannot be made, the folder above it is not there",
            settings.data.display()
        ));
    }
    found
}
