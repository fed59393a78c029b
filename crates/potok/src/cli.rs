//! The command line: `serve`, `demo`, `admin`, `sign`, `verify`.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, Subcommand};
use potok_types::{Clock, Entropy, SystemClock, SystemEntropy, with_causes};

use crate::admin::AdminCommand;
use crate::settings::{Given, LogFormat};
use crate::sign::{Sign, Verify};
use crate::{Running, Server, admin, demo, sign, telemetry};

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
        /// Answer in JSON
        #[arg(long, global = true)]
        json: bool,
        #[command(flatten)]
        log: AdminLog,
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Signs a file: a detached signature in CMS
    Sign(Sign),
    /// Checks the signature of a file and tells who signed it, when, and what is wrong
    Verify(Verify),
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
pub(crate) struct World {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let world = World { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) };
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Into::into).and_then(
        |runtime| {
            let done = runtime.block_on(run(Cli::parse().command, world));
            // Nothing that still runs on another thread was acknowledged.
            runtime.shutdown_timeout(LAST_WORK);
            done
        },
    );
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

async fn run(command: Command, world: World) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Serve { file, given } => {
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            let mut signals = Signals::listen()?;
            raise_open_files();
            let running = Server::start(given.settings()?, world.clock, world.entropy).await?;
            signals.wait().await;
            stop(running, signals).await
        }
        Command::Demo { file, given, once } => {
            let mut given = given.with_file(file.config.as_deref())?;
            // Lines for people go to standard output; the log only adds what went wrong.
            given.log.get_or_insert_with(|| "warn".to_owned());
            telemetry::start(&given.log())?;
            let mut signals = Signals::listen()?;
            let running = demo::start(given.settings()?, world).await?;
            if !once {
                signals.wait().await;
            }
            stop(running, signals).await
        }
        Command::Sign(given) => sign::sign(given, &world).map(|()| ExitCode::SUCCESS),
        Command::Verify(given) => sign::verify(given, &world),
        Command::Admin { file, data, json, log: AdminLog { log, log_format }, command } => {
            let Some(command) = command.run_without_data(json, &world)? else {
                return Ok(ExitCode::SUCCESS);
            };
            let given = Given { data, log, log_format, ..Given::default() };
            let given = given.with_file(file.config.as_deref())?;
            telemetry::start(&given.log())?;
            admin::run(command, json, given.settings()?, world).await
        }
    }
}

/// Stops in order; at a second signal the process ends at once. What was acknowledged is kept either way.
async fn stop(running: Running, mut signals: Signals) -> Result<ExitCode, Box<dyn Error>> {
    tokio::select! {
        () = running.stop() => Ok(ExitCode::SUCCESS),
        () = signals.wait() => {
            tracing::warn!("stopped before everything that ran was finished: a second signal came");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Connections are files; the usual limit of 1024 is meant for programs that have few.
fn raise_open_files() {
    #[cfg(unix)]
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// The signals that stop a server.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on the signals do not kill the process.
    fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
        tracing::info!("stopping");
    }
}
