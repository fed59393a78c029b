//! Through PgBouncer in transaction mode: each transaction may run on another connection of the server, and all that a client
//! leaves behind on one meets another client.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use potok_store::{Journal as _, Store, contract};
use potok_store_postgres::cluster::{Cluster, Database, as_ordinary_user, folder_of_ordinary_user};
use potok_store_postgres::{PostgresOptions, open, open_keeping};
use potok_types::{Clock, ManualClock, MessageId, Ticks};
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::unknown::append;

/// Connections to the server: fewer than those to the pooler, so that they are shared at every step.
const SERVER_CONNECTIONS: usize = 3;

struct Pooler {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let found =
        ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].map(Path::new).into_iter().find(|path| path.exists());
    found
        .expect("this test needs PgBouncer: `make tools` installs it, or `apt-get install pgbouncer`")
        .to_owned()
}

impl Pooler {
    async fn start(database: &Database) -> Self {
        let folder = folder_of_ordinary_user();
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let config: tokio_postgres::Config = database.url().parse().expect("an address");
        let (server, user) = (config.get_ports()[0], config.get_user().expect("an address has a user"));
        let users = folder.path().join("users");
        std::fs::write(&users, format!("\"{user}\" \"\"\n")).expect("the disk has room");
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user={user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = transaction\n\
             default_pool_size = {SERVER_CONNECTIONS}\n",
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("the disk has room");
        let mut command: Command = as_ordinary_user(program());
        let process = command.arg("--quiet").arg(&file).stderr(Stdio::null()).spawn().expect("it starts");
        let started = std::time::Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed().as_secs() < 20, "PgBouncer does not listen");
            tokio::task::yield_now().await;
        }
        Self { process, port, _folder: folder }
    }

    fn options(&self, database: &Database) -> PostgresOptions {
        let (_, path) = database.url().rsplit_once('/').expect("an address has a path");
        let (scheme, _) = database.url().rsplit_once('@').expect("an address has a user");
        let url = format!("{scheme}@127.0.0.1:{}/{path}", self.port);
        PostgresOptions { url, connections: 12, ..database.options() }
    }
}

async fn fresh(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    let database = Cluster::shared().database();
    let pooler = Pooler::start(&database).await;
    let options = pooler.options(&database);
    Arc::new(open_keeping(&options, clock, (pooler, database)).await.expect("the database was just made"))
}

/// What a connection of the server knows by name, anybody may meet who gets it next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_have_no_names_through_a_pooler() {
    let database = Cluster::shared().database();
    let pooler = Pooler::start(&database).await;
    let options = pooler.options(&database);
    let store =
        open(&options, Arc::new(ManualClock::new(Ticks::new(1_000_000)))).await.expect("it was just made");
    let (client, connection) = tokio_postgres::connect(&options.url, NoTls).await.expect("it runs");
    tokio::spawn(connection);
    for nth in 1..=8 {
        store
            .append(append(MessageId::from_uuid(Uuid::from_u128(nth << 64)), 0, 1))
            .await
            .expect("there is room");
        let names = "SELECT count(*) FROM pg_prepared_statements";
        let names: i64 = client.query_typed_one(names, &[]).await.expect("readable").get(0);
        assert_eq!(names, 0);
    }
    store.close().await;
}

macro_rules! pooled {
    ($($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                contract::$case(fresh).await;
            }
        )*
    };
}

// Those with many callers at once, and those that ask the most different questions.
pooled!(
    racing_appends_to_one_message_lose_nothing
    racing_workers_never_share_a_delivery
    readers_see_growing_prefixes_while_writers_write
    filters_agree_with_a_naive_reading
    refresh_tokens_follow_each_other
    employees_are_listed_and_taken_out
);
