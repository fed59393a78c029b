//! nginx with the very bytes that the server answered, as files.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use potok_bench::load::unpaced;
use tempfile::TempDir;

use crate::Failed;
use crate::process::{Cores, Process, on_cores};
use crate::rows::Row;

/// How long its end may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running nginx of one worker.
pub(crate) struct Nginx {
    pub(crate) process: Process,
    folder: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // A master that is killed leaves its workers behind. One that has ended has taken its file away.
        let mut command = Command::new(program());
        let _told =
            over(&mut command, self.folder.path()).args(["-s", "stop"]).stderr(Stdio::null()).status();
        let told = Instant::now();
        while self.folder.path().join("pid").exists() && told.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
    }
}

impl Nginx {
    /// Writes the answers of `rows` to files, tells each row how to ask for them, and starts it; `None` when there is none.
    pub(crate) fn start(rows: &mut [Row]) -> Result<Option<Self>, Failed> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("root"))?;
        for (number, row) in rows.iter_mut().enumerate() {
            row.same_of_nginx.clear();
            for (nth, (request, answer)) in row.request.iter().zip(&row.answers).enumerate() {
                let name = format!("{number}-{nth}");
                std::fs::write(folder.path().join("root").join(&name), answer)?;
                row.same_of_nginx.push(renamed(request, &name));
            }
        }
        Self::over(folder, Cores::Own)
    }

    /// Starts it over the files of the folder `root` in `folder`; `None` when there is none.
    pub(crate) fn over(folder: TempDir, cores: Cores) -> Result<Option<Self>, Failed> {
        if Command::new(program()).arg("-v").output().is_err() {
            return Ok(None);
        }
        let place = folder.path().display().to_string();
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        unpaced(&listener)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mut config = String::new();
        // The files are those of whoever runs this.
        writeln!(
            config,
            "daemon off; user root; worker_processes 1; pid {place}/pid; error_log /dev/null crit;"
        )?;
        writeln!(config, "events {{ worker_connections 1024; }}")?;
        writeln!(config, "http {{ access_log off; default_type application/octet-stream; tcp_nodelay on;")?;
        // The kernel hands out pages of the file with it; without it nginx copies, as everybody does who answers from memory.
        let sendfile = std::env::var("POTOK_BENCH_SENDFILE").unwrap_or_else(|_| "on".to_owned());
        writeln!(config, "open_file_cache max=1000; sendfile {sendfile}; keepalive_requests 100000000;")?;
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            writeln!(config, "{kind}_temp_path {place}/{kind};")?;
        }
        // A file is no answer to a POST, so it is told to take it for one.
        writeln!(config, "server {{ listen {address}; root {place}/root; error_page 405 =200 $uri; }} }}")?;
        std::fs::write(folder.path().join(CONFIG), config)?;
        let mut command = on_cores(cores, program());
        // It has no word for how a socket sends, but takes sockets over from whoever ran before it, by their numbers: this one is 0.
        over(&mut command, folder.path()).env("NGINX", "0;").stdin(OwnedFd::from(listener));
        Ok(Some(Self { process: Process::start(command, address)?, folder }))
    }
}

const CONFIG: &str = "nginx.conf";

fn program() -> OsString {
    std::env::var_os("NGINX").unwrap_or_else(|| "nginx".into())
}

/// With the settings in a folder.
fn over<'c>(command: &'c mut Command, folder: &Path) -> &'c mut Command {
    command.arg("-p").arg(folder).arg("-c").arg(folder.join(CONFIG)).env_remove("NGINX")
}

/// The same request for a file.
fn renamed(request: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let (first, _) = text.split_once("\r\n").unwrap_or_default();
    let verb = first.split(' ').next().unwrap_or_default();
    let line = format!("{verb} /{name} HTTP/1.1");
    [line.as_bytes(), &request[first.len()..]].concat()
}
