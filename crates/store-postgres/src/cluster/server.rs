//! The server of the cluster: where its programs are, who runs them, how it starts and ends.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::USER;

/// Settings of the server. Nothing here has to survive the machine, and programs are told so.
const SETTINGS: &str = "listen_addresses = '127.0.0.1'\nmax_connections = 500\nfsync = off\nfull_page_writes = off\n\
    shared_buffers = 64MB\nmax_wal_size = 256MB\nautovacuum = off\nlog_min_messages = fatal\n";
/// Settings of a server that keeps what it acknowledges and is asked how fast it is. They come behind the others.
pub(super) const DURABLE: &str =
    "fsync = on\nfull_page_writes = on\nautovacuum = on\nshared_buffers = 256MB\nmax_wal_size = 4GB\n";
/// Where Debian's packages put the programs, newest last.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Where the programs of the server are.
pub(super) fn programs() -> PathBuf {
    let debian = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, path)| path);
    let in_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let found = newest.into_iter().chain(in_path).find(|path| path.join("initdb").exists());
    found.expect("these tests need PostgreSQL: `make tools` installs it, or `apt-get install postgresql`")
}

/// The folder of the cluster, one for each user.
pub(super) fn folder() -> PathBuf {
    let own = rustix::process::getuid().as_raw();
    made(std::env::temp_dir().join(format!("potok-postgres-{own}")))
}

/// A folder that the server and nobody else may use.
pub(super) fn made(folder: PathBuf) -> PathBuf {
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    if rustix::process::getuid().is_root() {
        let (user, group) = ordinary_user();
        chown(&folder, Some(user), Some(group)).expect("root may give a folder away");
    }
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&folder, mode).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder
}

/// The server refuses to run as root: then it runs as one of these.
fn ordinary_user() -> (u32, u32) {
    let users = std::fs::read_to_string("/etc/passwd").expect("a machine has users");
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    find("postgres").or_else(|| find("nobody")).expect("there is a user `postgres` or `nobody`")
}

/// A folder that an ordinary user may read and write, removed with the value.
///
/// # Panics
/// It cannot be made.
pub fn folder_of_ordinary_user() -> tempfile::TempDir {
    let made = tempfile::tempdir().expect("a temporary folder can be made");
    if rustix::process::getuid().is_root() {
        let (user, group) = ordinary_user();
        chown(made.path(), Some(user), Some(group)).expect("root may give a folder away");
    }
    made
}

/// A program that refuses to run as root, as somebody who may run it. It reads and says nothing.
///
/// # Panics
/// The machine has no ordinary user.
pub fn as_ordinary_user(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    if rustix::process::getuid().is_root() {
        let (user, group) = ordinary_user();
        command.uid(user).gid(group);
    }
    // The folder of the test may be closed to that user.
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// The process of the cluster, if it runs.
pub(super) fn running_process(data: &Path) -> Option<u32> {
    std::fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

/// The port of the cluster, if it runs.
pub(super) fn running_port(data: &Path) -> Option<u16> {
    let told = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let mut lines = told.lines();
    let process: u32 = lines.next()?.trim().parse().ok()?;
    let port = lines.nth(2)?.trim().parse().ok()?;
    let is_ready = lines.nth(3).is_some_and(|status| status.trim() == "ready");
    (is_ready && Path::new(&format!("/proc/{process}")).exists()).then_some(port)
}

/// Makes and starts it with these settings beside its own, and the process that ends it.
pub(super) fn start(programs: &Path, folder: &Path, data: &Path, more: &str) -> u16 {
    if data.exists() {
        std::fs::remove_dir_all(data).unwrap_or_else(|error| panic!("{}: {error}", data.display()));
    }
    let mut made = as_ordinary_user(programs.join("initdb"));
    run(made
        .args([
            "--no-sync",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--auth",
            "trust",
            "--username",
            USER,
            "--pgdata",
        ])
        .arg(data));
    let mut settings =
        OpenOptions::new().append(true).open(data.join("postgresql.conf")).expect("initdb made it");
    settings.write_all([SETTINGS, more].concat().as_bytes()).expect("the disk has room");
    settings
        .write_all(format!("unix_socket_directories = '{}'\n", data.display()).as_bytes())
        .expect("the disk has room");
    let port = start_made(programs, folder, data);
    end_with_the_last_test(programs, folder, data);
    port
}

/// Starts what was made, on a free port.
pub(super) fn start_made(programs: &Path, folder: &Path, data: &Path) -> u16 {
    // Between looking for a free port and taking it somebody else may take it.
    let started = (0..5).any(|_| {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let mut command = as_ordinary_user(programs.join("pg_ctl"));
        command
            .args(["start", "--wait", "--silent", "--log"])
            .arg(folder.join("log"))
            .arg("--pgdata")
            .arg(data);
        command.args(["--options", &format!("-p {port}")]).stderr(Stdio::null());
        command.process_group(0).status().is_ok_and(|status| status.success())
    });
    let port = if started { running_port(data) } else { None };
    port.unwrap_or_else(|| {
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start in {}:\n{log}", folder.display())
    })
}

/// Begins the process that ends the server.
#[expect(clippy::zombie_processes, reason = "it outlives this process on purpose")]
pub(super) fn end_with_the_last_test(programs: &Path, folder: &Path, data: &Path) {
    // Waits until no test is left, whoever was the first.
    let mut end = as_ordinary_user(PathBuf::from("/usr/bin/flock"));
    end.arg(folder.join("in-use")).args([
        "sh",
        "-c",
        "\"$0\" stop --silent --mode immediate --pgdata \"$1\"; rm -rf \"$1\"",
    ]);
    end.arg(programs.join("pg_ctl")).arg(data).stderr(Stdio::null()).process_group(0);
    end.spawn().expect("flock is part of every system");
}

pub(super) fn run(command: &mut Command) {
    let done = command.stderr(Stdio::piped()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
