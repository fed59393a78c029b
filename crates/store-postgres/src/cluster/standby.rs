//! A standby of a cluster: it replays what the cluster writes, and is read.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::server::{as_ordinary_user, end_with_the_last_test, made, run, start_made};
use super::{Cluster, Database, USER};

/// A server that follows a cluster of one test. It ends with the process.
#[derive(Debug)]
pub struct Standby {
    cluster: &'static Cluster,
    folder: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Standby {
    /// Takes a copy of the cluster and has it follow. A cluster has one.
    ///
    /// # Panics
    /// It cannot be made.
    pub fn of(cluster: &'static Cluster) -> Self {
        let folder = made(cluster.folder.join("standby"));
        let data = folder.join("data");
        let mut copy = as_ordinary_user(cluster.programs.join("pg_basebackup"));
        copy.args(["--host", "127.0.0.1", "--username", USER, "--port"]).arg(cluster.port.to_string());
        copy.args([
            "--checkpoint=fast",
            "--wal-method=stream",
            "--write-recovery-conf",
            "--no-sync",
            "--pgdata",
        ]);
        run(copy.arg(&data));
        // Where it listens to its own machine: that of the copy is the cluster's.
        let folders = format!("unix_socket_directories = '{}'\n", data.display());
        let settings = data.join("postgresql.auto.conf");
        let written = std::fs::read_to_string(&settings).expect("the copy names its primary");
        std::fs::write(&settings, written + &folders).expect("the disk has room");
        let port = start_made(&cluster.programs, &folder, &data);
        end_with_the_last_test(&cluster.programs, &cluster.folder, &data);
        Self { cluster, folder, data, port }
    }

    /// Where a database of the cluster is found here.
    pub fn url(&self, database: &Database) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{}", self.port, database.name)
    }

    /// Replays no more until [`Self::resume`].
    ///
    /// # Panics
    /// The server does not run.
    pub fn pause(&self) {
        // Whoever asks for the pause does not wait until it is there.
        self.tell("SELECT pg_wal_replay_pause(); DO $$BEGIN WHILE pg_get_wal_replay_pause_state() <> 'paused' LOOP END LOOP; END$$");
    }

    /// Replays again.
    ///
    /// # Panics
    /// The server does not run.
    pub fn resume(&self) {
        self.tell("SELECT pg_wal_replay_resume()");
    }

    /// Is a standby no more.
    ///
    /// # Panics
    /// The server does not run.
    pub fn promote(&self) {
        self.tell("SELECT pg_promote()");
    }

    /// Ends it in the middle of everything, as a kill does.
    ///
    /// # Panics
    /// It does not end.
    pub fn kill(&self) {
        let mut command = as_ordinary_user(self.cluster.programs.join("pg_ctl"));
        command.args(["stop", "--silent", "--mode", "immediate", "--pgdata"]).arg(&self.data);
        assert!(command.status().is_ok_and(|status| status.success()), "the standby does not end");
    }

    /// Starts it again after [`Self::kill`], on the same port.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(&self) {
        use std::os::unix::process::CommandExt as _;
        let mut command = as_ordinary_user(self.cluster.programs.join("pg_ctl"));
        command.args(["start", "--wait", "--silent", "--log"]).arg(self.folder.join("log"));
        command.args(["--options", &format!("-p {}", self.port), "--pgdata"]).arg(&self.data);
        let done = command.process_group(0).stderr(Stdio::null()).status();
        assert!(done.is_ok_and(|status| status.success()), "the standby does not start again");
    }

    fn tell(&self, sql: &str) {
        let mut command = Command::new(self.cluster.programs.join("psql"));
        command.args([
            "--host",
            "127.0.0.1",
            "--username",
            USER,
            "--dbname",
            "postgres",
            "--quiet",
            "--port",
        ]);
        command.arg(self.port.to_string()).args(["--set", "ON_ERROR_STOP=1", "--command", sql]);
        run(command.stdin(Stdio::null()).stdout(Stdio::null()));
    }
}
