//! The command line: `serve`, `demo`, `admin`, `call`, `config`, `migrate`, `backup`, `restore`, `copy`, `audit`, `doctor`, `sign`, `verify`, `validate`, `evidence`.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use potok_types::{Clock, Entropy, SystemClock, SystemEntropy, with_causes};

use crate::admin::AdminCommand;
use crate::audit::{CheckpointFrom, CheckpointTo};
use crate::backup::{BackupTo, RestoreFrom};
use crate::call::Call;
use crate::config::{ConfigCommand, Origins};
use crate::control::Control;
use crate::copying::CopyArgs;
use crate::evidence::EvidenceCommand;
use crate::journal::Journal;
use crate::settings::{Given, GivenRanges, GivenStore, LogFormat};
use crate::sign::{Sign, Verify};
use crate::validate::Validate;
use crate::{
    Running, Server, admin, audit, backup, call, config, copying, demo, doctor, evidence, journal, migrate,
    notify, print, sign, telemetry, validate,
};

#[derive(Parser)]
#[command(name = "potok", version, about = "A self-hosted server that speaks the public Diadoc HTTP API")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server until it gets SIGTERM or SIGINT
    Serve {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
    },
    /// Runs a server with two organizations that exchange a document
    Demo {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        /// Stop when the exchange is shown
        #[arg(long)]
        once: bool,
    },
    /// Creates organizations, people and programs; works also while a server runs
    Admin {
        #[command(flatten)]
        file: SettingsFile,
        /// Folder of the database and of large contents
        #[arg(long, env = "POTOK_DATA", value_name = "DIR", global = true)]
        data: Option<PathBuf>,
        #[command(flatten)]
        store: AdminStore,
        /// Ranges of addresses that webhooks may reach besides public ones, as for the server
        #[arg(
            long,
            env = "POTOK_WEBHOOK_RANGES",
            hide_env_values = true,
            value_name = "RANGES",
            global = true
        )]
        webhook_ranges: Option<GivenRanges>,
        /// Answer in JSON
        #[arg(long, global = true)]
        json: bool,
        #[command(flatten)]
        log: AdminLog,
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Brings the layout of the database up to date; servers on PostgreSQL start only after it
    Migrate {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        /// Spread the tables over the workers of a Citus cluster too
        #[arg(long)]
        citus: bool,
    },
    /// Copies database and large contents to a folder or a bucket of S3, while servers go on
    Backup {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        #[command(flatten)]
        to: BackupTo,
    },
    /// Puts a copy in the place of an empty store
    Restore {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        #[command(flatten)]
        from: RestoreFrom,
    },
    /// Copies a whole store to an empty one, of another kind too, while servers go on; the last step takes seconds
    Copy(CopyArgs),
    /// Signs what the journals of all boxes come to, or holds them to what was signed
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Looks at what a server stands on (folder, clock, keys, database) and says what to do about it
    Doctor {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Calls any method of the API
    Call(Call),
    /// Shows the last requests of a server that keeps them
    Journal(Journal),
    /// Shows or checks the settings of a server
    Config {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Box<Given>,
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Writes the completions of a shell
    #[command(hide = true)]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Writes the manual pages into a folder
    #[command(hide = true)]
    Man {
        /// Which folder
        folder: PathBuf,
    },
    /// Signs a file: a detached signature in CMS
    Sign(Sign),
    /// Checks the signature of a file and tells who signed it, when, and what is wrong
    Verify(Verify),
    /// Tells what an official file, or the data of one, has against its format
    Validate(Validate),
    /// Packages that prove an exchange: made beside a server, read without one
    Evidence {
        #[command(flatten)]
        file: SettingsFile,
        #[command(subcommand)]
        command: EvidenceCommand,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Writes a checkpoint, signed by the operator's key
    Checkpoint {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        #[command(flatten)]
        to: CheckpointTo,
    },
    /// Holds every box to a checkpoint; ends with 1 when anything is another
    Verify {
        #[command(flatten)]
        file: SettingsFile,
        #[command(flatten)]
        given: Given,
        #[command(flatten)]
        from: CheckpointFrom,
    },
}

/// The server's store, when it is not the embedded one.
#[derive(clap::Args)]
struct AdminStore {
    /// The database of PostgreSQL, in the place of the embedded one
    #[arg(long, env = "POTOK_STORE", hide_env_values = true, value_name = "URL", global = true)]
    store: Option<GivenStore>,
    /// Whether a PostgreSQL will do that may lose what it acknowledged
    #[arg(long, env = "POTOK_STORE_UNSAFE", hide_env_values = true, global = true)]
    store_unsafe: Option<bool>,
}

/// Each change is a line of the log.
#[derive(clap::Args)]
struct AdminLog {
    /// Log lines to write: "info", or "warn" to be told of changes by the answer only
    #[arg(long, env = "POTOK_LOG", hide_env_values = true, global = true)]
    log: Option<String>,
    /// Form of the log
    #[arg(long, env = "POTOK_LOG_FORMAT", hide_env_values = true, global = true)]
    log_format: Option<LogFormat>,
}

#[derive(clap::Args)]
struct SettingsFile {
    /// Settings file in TOML; flags and environment win over it
    #[arg(long, env = "POTOK_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

/// What every command has at hand.
#[derive(Clone)]
pub(crate) struct Environment {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    keep_files_private();
    let environment = Environment { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) };
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Into::into).and_then(
        |runtime| {
            let matches = Cli::command().get_matches();
            let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
            let done = runtime.block_on(run(cli.command, &matches, environment));
            // Nothing that still runs on another thread was acknowledged.
            runtime.shutdown_timeout(LAST_WORK);
            done
        },
    );
    telemetry::flush();
    match done {
        Ok(code) => code,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

/// After everything was stopped: how long a calculation that cannot be interrupted is waited for.
const LAST_WORK: Duration = Duration::from_secs(1);

/// Says why a command failed, with all causes.
#[expect(
    clippy::print_stderr,
    reason = "the last word of a failed command; the log may not have been started"
)]
fn report(error: &dyn Error) {
    eprintln!("error: {}", with_causes(error));
}

async fn run(
    command: Command,
    matches: &ArgMatches,
    environment: Environment,
) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Journal(wanted) => journal::run(wanted).await.map(|()| ExitCode::SUCCESS),
        Command::Call(call) => call::run(call).await,
        Command::Config { file, given, command } => {
            let of_file = match &file.config {
                Some(path) => Given::from_file(path)?.names(),
                None => Vec::new(),
            };
            let matches = matches.subcommand_matches("config").unwrap_or(matches);
            let origins = Origins { matches, file: file.config.as_deref(), of_file };
            config::run(&command, given.with_file(file.config.as_deref())?, &origins)
        }
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "potok", &mut out);
            print::bytes(&out);
            Ok(ExitCode::SUCCESS)
        }
        Command::Man { folder } => {
            clap_mangen::generate_to(Cli::command(), folder)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { file, given } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            let settings = given.settings()?;
            let control = Control::start(settings.http.stop_seconds)?;
            raise_open_files();
            let running = Server::start(settings, environment.clock, environment.entropy).await?;
            notify::tell("READY=1");
            Ok(serve(running, &control).await)
        }
        Command::Demo { file, given, once } => {
            let mut given = given.with_file(file.config.as_deref())?;
            // Lines for people go to standard output; the log only adds what went wrong.
            given.log.get_or_insert_with(|| "warn".to_owned());
            telemetry::start(&given.log())?;
            let settings = given.settings()?;
            let control = Control::start(settings.http.stop_seconds)?;
            let running = demo::start(settings, environment).await?;
            if once {
                running.stop().await;
                return Ok(ExitCode::SUCCESS);
            }
            Ok(serve(running, &control).await)
        }
        Command::Migrate { file, given, citus } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            migrate::run(given.settings()?, citus, &environment.clock).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Backup { file, given, to } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            backup::backup(&to, given.settings()?, &environment.clock).await
        }
        Command::Restore { file, given, from } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            backup::restore(&from, given.settings()?, &environment.clock).await
        }
        Command::Copy(given) => copying::run(&given, &environment).await,
        Command::Audit { command: AuditCommand::Checkpoint { file, given, to } } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            audit::checkpoint(&to, given.settings()?, &environment).await
        }
        Command::Audit { command: AuditCommand::Verify { file, given, from } } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            audit::verify(&from, given.settings()?, &environment).await
        }
        Command::Doctor { file, given, json } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            doctor::run(given.settings()?, json, &environment.clock).await
        }
        Command::Sign(given) => sign::sign(given, &environment).map(|()| ExitCode::SUCCESS),
        Command::Verify(given) => sign::verify(given, &environment),
        Command::Validate(given) => validate::run(given, &environment),
        Command::Evidence { command: EvidenceCommand::Verify(given), .. } => {
            evidence::look(given, &environment)
        }
        Command::Evidence { file, command: EvidenceCommand::Export(mut export) } => {
            let mut given = std::mem::take(&mut export.given).with_file(file.config.as_deref())?;
            // The answer is a file or its name; the log only adds what went wrong.
            given.log.get_or_insert_with(|| "warn".to_owned());
            telemetry::start(&given.log())?;
            evidence::export(given.settings()?, *export, &environment).await
        }
        Command::Admin { file, data, store, webhook_ranges, json, log, command } => {
            let AdminLog { log, log_format } = log;
            let AdminStore { store, store_unsafe } = store;
            let Some(command) = command.run_without_data(json, &environment)? else {
                return Ok(ExitCode::SUCCESS);
            };
            let given =
                Given { data, store, store_unsafe, webhook_ranges, log, log_format, ..Given::default() };
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            admin::run(command, json, given.settings()?, environment).await
        }
    }
}

/// Serves until somebody asks for the end, and stops in order then.
async fn serve(running: Running, control: &Control) -> ExitCode {
    let is_dead = tokio::select! {
        () = control.stopped() => false,
        () = running.writer_ended() => true,
        () = refreshed(&running) => false,
    };
    if is_dead {
        // Nothing can be changed any more; whoever watches the process starts it again.
        tracing::error!("the thread that writes to the store has died: the process ends");
        return ExitCode::FAILURE;
    }
    notify::tell("STOPPING=1");
    running.stop().await;
    ExitCode::SUCCESS
}

/// At each SIGHUP the certificate of the door is read again; this never ends.
async fn refreshed(running: &Running) {
    #[cfg(unix)]
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        Ok(mut hangups) => {
            while hangups.recv().await.is_some() {
                running.refresh_certificate();
            }
        }
        Err(error) => tracing::warn!(%error, "SIGHUP is not heard"),
    }
    let _running = running;
    std::future::pending().await
}

/// What this program writes, databases and their logs too, is nobody else's business on this machine.
fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Connections are files; the usual limit of 1024 is meant for programs that have few.
fn raise_open_files() {
    #[cfg(unix)]
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

#[cfg(test)]
mod tests {
    use potok_store_sql::{Backend as _, Work, Writing};
    use tempfile::TempDir;

    use super::*;
    use crate::Settings;
    use crate::stores::OpenStore;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_process_ends_when_the_writer_dies() {
        let folder = TempDir::new().unwrap();
        let settings = Settings::new(folder.path());
        let running = Server::start(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
        let dying: Writing<_, (), ()> = |_, ()| panic!("for the test");
        let OpenStore::Embedded(store) = running.store() else { panic!("no other one was asked for") };
        assert!(store.backend().write(Work::new((), dying)).await.is_err());
        let ended = serve(running, &Control::start(0).unwrap()).await;
        assert_eq!(format!("{ended:?}"), format!("{:?}", ExitCode::FAILURE));
    }
}
