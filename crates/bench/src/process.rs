//! A server as a process of its own, on a core of its own or on all of them.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Failed = Box<dyn std::error::Error>;

/// How long a start may take.
const START: Duration = Duration::from_secs(30);
const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";
/// More than any machine has.
const ALL_CORES: &str = "0-1023";

/// Where the server runs, and what it is compared with.
#[derive(Clone, Copy)]
pub enum Cores {
    /// On one that the client stays away from.
    Own,
    /// On all, beside the client.
    All,
}

impl Cores {
    const fn of_server(self) -> &'static str {
        match self {
            Self::Own => SERVER_CORE,
            Self::All => ALL_CORES,
        }
    }

    const fn of_client(self) -> &'static str {
        match self {
            Self::Own => CLIENT_CORE,
            Self::All => ALL_CORES,
        }
    }
}

/// A running server; killed when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

/// From here on this process stays where it belongs.
///
/// # Errors
/// `taskset` is not there, or refused.
pub fn pin_client(cores: Cores) -> Result<(), Failed> {
    let pid = std::process::id().to_string();
    let done = Command::new("taskset")
        .args(["-a", "-p", "-c", cores.of_client(), &pid])
        .stdout(Stdio::null())
        .status()?;
    if done.success() { Ok(()) } else { Err("the client cannot be bound to a core".into()) }
}

/// `program`, to run where the server does.
pub fn on_cores(cores: Cores, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", cores.of_server()]).arg(program.as_ref());
    command.stdout(Stdio::null());
    command
}

/// An address of this machine that nobody listens on.
///
/// # Errors
/// The system gives none.
pub fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind(("127.0.0.1", 0))?.local_addr()
}

impl Process {
    /// Starts Potok over `data`, with its log in a file beside it as an administrator would have it.
    ///
    /// # Errors
    /// It does not run, or does not listen soon.
    pub fn serve(data: &Path, cores: Cores, more: &[&str]) -> Result<Self, Failed> {
        let address = free_address()?;
        let binary = std::env::var_os("POTOK_BIN").unwrap_or_else(|| "target/release/potok".into());
        let mut command = on_cores(cores, binary);
        command.arg("serve").arg("--data").arg(data);
        command.args(["--listen", &address.to_string(), "--requests-per-second", "0"]).args(more);
        // Rounds of files.
        command.args(["--shelf-user-bytes", &(64_u64 << 30).to_string()]);
        command.stderr(std::fs::File::create(data.join("log"))?);
        Self::start(command, address)
    }

    /// Starts something that listens on `address` soon.
    ///
    /// # Errors
    /// As [`Self::serve`].
    pub fn start(mut command: Command, address: SocketAddr) -> Result<Self, Failed> {
        let mut process = Self { child: command.spawn()?, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(ended) = process.child.try_wait()? {
                return Err(format!("a server ended at its start: {ended}").into());
            }
            if begun.elapsed() > START {
                return Err("a server does not listen".into());
            }
            std::thread::yield_now();
        }
        Ok(process)
    }

    /// Processor time that it and its children have used.
    ///
    /// # Errors
    /// It has ended.
    pub fn cpu(&self) -> Result<Duration, Failed> {
        let own = self.child.id();
        let children =
            std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let mut ticks = 0;
        for pid in std::iter::once(own.to_string()).chain(children.split_whitespace().map(str::to_owned)) {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
            // The name in parentheses may hold blanks; behind it, fields 14 and 15 of the whole are user and system time.
            let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
            for field in fields.split_whitespace().skip(11).take(2) {
                ticks += field.parse::<u64>()?;
            }
        }
        // The unit of these files is a hundredth of a second everywhere on Linux.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The memory that it resides in.
    ///
    /// # Errors
    /// It has ended.
    pub fn resident_kib(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("a server has ended")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
