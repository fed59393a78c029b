//! The server under abuse, as a process.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failed;
use crate::stage::Stage;

/// How long a start may take.
const START: Duration = Duration::from_secs(30);

/// A running server; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

/// The binary that is abused.
pub(crate) fn binary() -> Command {
    Command::new(std::env::var_os("POTOK_BIN").unwrap_or_else(|| "target/demo/potok".into()))
}

impl Server {
    /// Starts it over a copy of the stage's data, with the limits that everybody gets.
    pub(crate) fn start(stage: &Stage) -> Result<Self, Failed> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = binary();
        command.arg("serve").arg("--data").arg(stage.fresh_data()?);
        command.args(["--listen", &address.to_string(), "--log", "error"]).stdout(Stdio::null());
        let mut server = Self { child: command.spawn()?, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(ended) = server.child.try_wait()? {
                return Err(format!("the server ended at its start: {ended}").into());
            }
            if begun.elapsed() > START {
                return Err("the server does not listen".into());
            }
            std::thread::yield_now();
        }
        Ok(server)
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The most memory that it ever had.
    pub(crate) fn memory_mib(&self) -> Result<u64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the server has ended")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
