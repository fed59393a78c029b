//! Databases of tests on a Citus cluster that somebody has set up, instead of on a private server: `POTOK_TEST_CITUS` names its
//! nodes, the coordinator first (`127.0.0.1:9700,127.0.0.1:9701`), whose superuser is `potok` without a password. Every test that
//! takes a database from [`super::Cluster::database`] then runs over shards.

use std::process::{Command, Stdio};

use super::USER;
use super::server::run;
use crate::{PostgresOptions, distribute, migrate};

const VARIABLE: &str = "POTOK_TEST_CITUS";

/// The nodes of the cluster, the coordinator first: host and port of each.
#[derive(Clone, Debug)]
pub(super) struct Nodes(Vec<(String, String)>);

impl Nodes {
    /// Those that are named, if any are.
    ///
    /// # Panics
    /// What is named is no list of nodes.
    pub(super) fn named() -> Option<Self> {
        let named = std::env::var(VARIABLE).ok().filter(|named| !named.is_empty())?;
        let node = |node: &str| {
            let (host, port) =
                node.rsplit_once(':').unwrap_or_else(|| panic!("{VARIABLE}: HOST:PORT, not {node}"));
            (host.to_owned(), port.to_owned())
        };
        Some(Self(named.split(',').map(node).collect()))
    }

    /// Makes a database with the layout of this program on all nodes, spread over those that are not the coordinator: its address.
    ///
    /// # Panics
    /// It cannot be made.
    pub(super) fn create(&self, name: &str) -> String {
        for node in &self.0 {
            run(client(node, "createdb").arg(name));
            run(client(node, "psql").args([
                "--quiet",
                "--dbname",
                name,
                "--command",
                "CREATE EXTENSION citus",
            ]));
        }
        let Some((coordinator, workers)) = self.0.split_first() else { panic!("{VARIABLE}: no node") };
        let mut join = client(coordinator, "psql");
        join.args(["--quiet", "--dbname", name]);
        let (host, port) = coordinator;
        join.args(["--command", &format!("SELECT citus_set_coordinator_host('{host}', {port})")]);
        for (host, port) in workers {
            join.args(["--command", &format!("SELECT citus_add_node('{host}', {port})")]);
        }
        run(&mut join);
        let url = format!("postgres://{USER}@{host}:{port}/{name}");
        let options = PostgresOptions { unsafe_server: true, ..PostgresOptions::new(&url) };
        let made = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                migrate(&options).await?;
                distribute(&options).await
            })
        });
        made.join().expect("making it does not panic").expect("an empty database can be spread");
        url
    }

    /// Moves every shard of the boxes of a database to another node that has some, one after the other: how many.
    ///
    /// # Panics
    /// One does not move.
    pub(super) fn move_shards(&self, name: &str) -> usize {
        const MOVES: &str = "SELECT format('SELECT citus_move_shard_placement(%s, %L, %s, %L, %s, ''force_logical'')',
                shardid, s.nodename, s.nodeport, n.nodename, n.nodeport)
            FROM citus_shards s JOIN LATERAL (
                SELECT nodename, nodeport FROM pg_dist_node WHERE shouldhaveshards
                    AND (nodename, nodeport) <> (s.nodename, s.nodeport) ORDER BY nodename, nodeport LIMIT 1) n ON true
            WHERE table_name = 'boxes'::regclass";
        let [coordinator, ..] = &self.0[..] else { panic!("{VARIABLE}: no node") };
        let mut asked = client(coordinator, "psql");
        asked.args(["--dbname", name, "--tuples-only", "--no-align", "--command", MOVES]);
        let found = asked.stdout(Stdio::piped()).output().expect("psql runs");
        let moves = String::from_utf8(found.stdout).expect("statements are text");
        for statement in moves.lines() {
            run(client(coordinator, "psql").args(["--quiet", "--dbname", name, "--command", statement]));
        }
        moves.lines().count()
    }

    /// Removes it from all nodes. Should that fail, it stays.
    pub(super) fn remove(&self, name: &str) {
        for node in &self.0 {
            let mut command = client(node, "dropdb");
            let _ = command.args(["--force", "--if-exists", name]).stderr(Stdio::null()).status();
        }
    }
}

fn client((host, port): &(String, String), program: &str) -> Command {
    let mut command = Command::new(super::server::programs().join(program));
    command.args(["--host", host, "--port", port, "--username", USER]);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}
