//! A private cluster of the machine's PostgreSQL, for tests: as an ordinary user, on a free port of this machine, and gone when
//! the last test that uses it has ended.
//!
//! Test runners start a process for each test, so the cluster is shared by all processes that run at a time: they hold a lock
//! while they live, and a small process beside the cluster waits for that lock, stops the cluster and removes it. Each test
//! gets a database of its own, copied from one whose layout is up to date.

mod server;
mod spread;
mod standby;

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{FlockOperation, flock};

use self::server::{DURABLE, folder, made, programs, run, running_port, running_process, start};
pub use self::server::{as_ordinary_user, folder_of_ordinary_user};
use self::spread::Nodes;
pub use self::standby::Standby;
use crate::{PostgresOptions, migrate};

/// The superuser of the cluster, and of nothing else.
const USER: &str = "potok";

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    data: PathBuf,
    port: u16,
    /// A copy of it is up to date.
    template: String,
    /// Held as long as this process lives.
    _in_use: File,
}

/// A database of one test, removed with this value.
#[derive(Debug)]
pub struct Database {
    cluster: &'static Cluster,
    name: String,
    url: String,
    /// Where it is instead of in the cluster.
    nodes: Option<Nodes>,
}

impl Database {
    /// What it is called in its cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it lies on several nodes.
    pub const fn is_spread(&self) -> bool {
        self.nodes.is_some()
    }

    /// Moves every shard of the boxes to another node that has some: how many.
    ///
    /// # Panics
    /// One does not move.
    pub fn move_shards(&self) -> usize {
        self.nodes.as_ref().map_or(0, |nodes| nodes.move_shards(&self.name))
    }

    /// How to open it.
    pub fn options(&self) -> PostgresOptions {
        PostgresOptions { unsafe_server: true, ..PostgresOptions::new(&self.url) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(nodes) = &self.nodes {
            return nodes.remove(&self.name);
        }
        let mut command = self.cluster.client("dropdb");
        // Should that fail, it goes with the cluster.
        let _ = command.args(["--force", "--if-exists", &self.name]).stderr(Stdio::null()).status();
    }
}

impl Cluster {
    /// The cluster of this run of tests.
    ///
    /// # Panics
    /// PostgreSQL is not installed, or does not start.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::join(&folder(), ""))
    }

    /// A cluster of one test alone, another one at each call, which may be killed. It goes with the process.
    ///
    /// # Panics
    /// As [`Self::shared`].
    pub fn of_one_test() -> &'static Self {
        Self::alone("")
    }

    /// The same, which keeps what it acknowledges as a server of users does: for measuring.
    ///
    /// # Panics
    /// As [`Self::shared`].
    pub fn durable() -> &'static Self {
        Self::alone(DURABLE)
    }

    fn alone(settings: &str) -> &'static Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let place = folder().join(format!("alone-{}-{number}", std::process::id()));
        Box::leak(Box::new(Self::join(&made(place), settings)))
    }

    /// The process of the server, whose children serve the connections.
    ///
    /// # Panics
    /// It does not run.
    pub fn process(&self) -> u32 {
        running_process(&self.data).expect("the server runs")
    }

    /// Ends the server in the middle of everything, as a kill does, and starts it again on the same port.
    ///
    /// # Panics
    /// It does not end or does not start.
    pub fn crash(&self) {
        let control = |words: &[&str]| {
            let mut command = as_ordinary_user(self.programs.join("pg_ctl"));
            command.args(words).arg("--pgdata").arg(&self.data).stderr(Stdio::null());
            command.process_group(0).status().is_ok_and(|status| status.success())
        };
        assert!(control(&["stop", "--silent", "--mode", "immediate"]), "the database server does not end");
        let port = format!("-p {}", self.port);
        let log = self.data.with_file_name("log");
        let start = ["start", "--wait", "--silent", "--options", &port, "--log", &log.to_string_lossy()];
        assert!(control(&start), "the database server does not start again");
    }

    /// A database with the layout of this program.
    ///
    /// # Panics
    /// It cannot be made.
    pub fn database(&'static self) -> Database {
        let Some(nodes) = Nodes::named() else { return self.create(&["--template", &self.template]) };
        let name = next_name();
        let url = nodes.create(&name);
        Database { cluster: self, name, url, nodes: Some(nodes) }
    }

    /// A database without anything in it.
    ///
    /// # Panics
    /// It cannot be made.
    pub fn empty_database(&'static self) -> Database {
        self.create(&[])
    }

    fn create(&'static self, options: &[&str]) -> Database {
        let name = next_name();
        run(self.client("createdb").args(options).arg(&name));
        let url = self.url(&name);
        Database { cluster: self, name, url, nodes: None }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// A program of the server's, as the user of the cluster: it reads and says nothing.
    pub fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["--host", "127.0.0.1", "--username", USER, "--port"]).arg(self.port.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Joins the others, and starts the cluster when it does not run.
    fn join(folder: &Path, settings: &str) -> Self {
        let programs = programs();
        let lock = |name: &str, how| {
            let path = folder.join(name);
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            let file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            flock(&file, how).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            file
        };
        // Waits while the cluster of a run before this one is stopped.
        let in_use = lock("in-use", FlockOperation::LockShared);
        let starting = lock("starting", FlockOperation::LockExclusive);
        let data = folder.join("data");
        let port = running_port(&data).unwrap_or_else(|| start(&programs, folder, &data, settings));
        let template = format!("layout_{:016x}", digest_of_layout());
        let folder = folder.to_owned();
        let cluster = Self { programs, folder, data, port, template, _in_use: in_use };
        cluster.prepare_template();
        cluster.remove_left_databases();
        drop(starting);
        cluster
    }

    fn database_names(&self) -> Vec<String> {
        let mut command = self.client("psql");
        command.args(["--dbname", "postgres", "--tuples-only", "--no-align", "--command"]);
        let found = command
            .arg("SELECT datname FROM pg_database")
            .stdout(Stdio::piped())
            .output()
            .expect("psql runs");
        String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
    }

    /// Those of tests that did not come to their end.
    fn remove_left_databases(&self) {
        for name in self.database_names() {
            let process = name.strip_prefix("test_").and_then(|rest| rest.split('_').next());
            if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
                // Somebody else may be doing it.
                let _ = self
                    .client("dropdb")
                    .args(["--force", "--if-exists", &name])
                    .stderr(Stdio::null())
                    .status();
            }
        }
    }

    fn prepare_template(&self) {
        if self.database_names().contains(&self.template) {
            return;
        }
        // Another name first, so that one that is only half made is never taken for a whole one.
        let unfinished = format!("{}_{}", self.template, std::process::id());
        run(self.client("createdb").arg(&unfinished));
        let options = PostgresOptions { unsafe_server: true, ..PostgresOptions::new(self.url(&unfinished)) };
        let migrated = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(migrate(&options))
        });
        migrated.join().expect("migrating does not panic").expect("an empty database can be migrated");
        let rename = format!("ALTER DATABASE {unfinished} RENAME TO {}", self.template);
        // The server may not have noticed yet that the migrating connection is gone.
        let all = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{unfinished}'"
        );
        run(self.client("psql").args([
            "--quiet",
            "--dbname",
            "postgres",
            "--command",
            &all,
            "--command",
            &rename,
        ]));
    }
}

/// A name that no database of another test has.
fn next_name() -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("test_{}_{number}", std::process::id())
}

/// Something that changes with every step of the layout.
fn digest_of_layout() -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    crate::migrations::STEPS.hash(&mut hasher);
    hasher.finish()
}
