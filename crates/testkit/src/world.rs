//! The server and what drives it.

use std::sync::Arc;

use potok::settings::Signatures;
use potok::{OpenStore, Running, Server, Settings};
use potok_app::App;
use potok_app::admin::CreatedClient;
use potok_store::Store;
use potok_store_postgres::PostgresOptions;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::{Clock, Entropy, ManualClock, SeededEntropy, Ticks};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::turns::Turns;

/// 2026-02-01T09:00:00Z: when worlds begin.
const BEGINNING: Ticks = Ticks::from_unix_nanoseconds(1_769_936_400_000_000_000);

/// How a world differs from the ordinary one.
pub struct WorldOptions {
    /// Changes the server's settings before it starts.
    pub settings: Box<dyn Fn(&mut Settings) + Send + Sync>,
    /// Seed of ids and secrets.
    pub seed: u64,
    /// Everything but large contents is kept in PostgreSQL; by default `POTOK_TEST_STORE=postgres` says so.
    pub on_postgres: bool,
    /// Nodes on one PostgreSQL, which take turns with the requests; `POTOK_TEST_STORE=nodes` makes it two. One on the embedded
    /// store.
    pub nodes: usize,
    /// When the world begins: programs beside it may go by the clock of the machine.
    pub beginning: Ticks,
}

impl Default for WorldOptions {
    fn default() -> Self {
        let (on_postgres, nodes) = wanted_store();
        Self { settings: Box::new(|_| {}), seed: 1, on_postgres, nodes, beginning: BEGINNING }
    }
}

/// A running server over a folder of its own, or several nodes over one.
pub struct World {
    nodes: Vec<Running>,
    /// In front of several nodes.
    turns: Option<Turns>,
    clock: Arc<ManualClock>,
    entropy: Arc<dyn Entropy>,
    options: WorldOptions,
    folder: TempDir,
    /// Where everything is kept, when the tests run on PostgreSQL.
    database: Option<Database>,
    program: CreatedClient,
    may_leave_deliveries: bool,
}

impl World {
    /// A world with no organization in it yet.
    pub async fn start() -> Self {
        Self::start_with(WorldOptions::default()).await
    }

    /// The same over the embedded store, wherever the other tests run: for what it alone remembers, or does in one order.
    pub async fn start_embedded() -> Self {
        Self::start_with(WorldOptions { on_postgres: false, nodes: 1, ..WorldOptions::default() }).await
    }

    /// A world as `options` say.
    pub async fn start_with(options: WorldOptions) -> Self {
        // Hundreds of worlds follow each other in one process, and each leaves a file open (`store_sqlite::glance`).
        let _as_before = rlimit::increase_nofile_limit(u64::MAX);
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let clock = Arc::new(ManualClock::new(options.beginning));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(options.seed));
        let database = options.on_postgres.then(|| Cluster::shared().database());
        let (nodes, turns) = run(&folder, database.as_ref(), &clock, &entropy, &options).await;
        let program =
            nodes[0].app().admin().create_client(Some("test-client".to_owned()), "Tests", None).await;
        Self {
            nodes,
            turns,
            clock,
            entropy,
            options,
            folder,
            database,
            program: program.expect("the first client can be created"),
            may_leave_deliveries: false,
        }
    }

    /// Stops the server gracefully and starts it again over the same folder, on another port.
    pub async fn restart(&mut self) {
        self.stop().await;
        (self.nodes, self.turns) =
            run(&self.folder, self.database.as_ref(), &self.clock, &self.entropy, &self.options).await;
    }

    async fn stop(&mut self) {
        self.turns = None;
        for node in self.nodes.drain(..) {
            node.stop().await;
        }
    }

    /// Delivers everything that is due, in the order in which it becomes due; several nodes share it.
    pub async fn drain(&self) {
        let mut workers: Vec<_> = self.nodes.iter().map(|node| node.app().deliveries().worker()).collect();
        loop {
            let mut done = 0;
            for worker in &mut workers {
                done += worker.turn().await.expect("deliveries can be leased");
            }
            if done == 0 {
                return;
            }
        }
    }

    /// Signs everything that is to be signed by keys that the server holds.
    pub async fn sign(&self) {
        self.app().signing().worker().drain().await.expect("signings can be taken");
    }

    /// Sends everything that webhooks have to send now; several nodes share it.
    pub async fn send_to_webhooks(&self) {
        let mut workers = JoinSet::new();
        for node in &self.nodes {
            let mut worker = node.app().webhooks().worker();
            workers.spawn(async move { worker.drain().await.expect("webhooks can be leased") });
        }
        workers.join_all().await;
    }

    /// One step of a worker: delivers some of what is due.
    pub async fn deliver_some(&self) {
        self.app().deliveries().worker().turn().await.expect("deliveries can be leased");
    }

    /// Opens the server's store beside it, for what no use case writes.
    pub(crate) async fn beside(&self) -> Beside {
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clock);
        let settings = settings(&self.folder, self.database.as_ref());
        let store = OpenStore::open(settings.store, &settings.data, &clock).await;
        Beside(store.expect("several programs may have the store open"))
    }

    /// The test ends with deliveries undone, on purpose.
    pub fn leave_deliveries(&mut self) {
        self.may_leave_deliveries = true;
    }

    /// The use cases of the running server, of several nodes the first one's.
    pub fn app(&self) -> &Arc<App> {
        self.running().app()
    }

    /// How many times the store was read since the start: what calls cost.
    pub fn readings(&self) -> u64 {
        self.nodes.iter().map(Running::readings).sum()
    }

    /// What the clock shows, in seconds of Unix time.
    pub fn clock_seconds(&self) -> i64 {
        self.clock.now().unix_seconds()
    }

    /// The clock; it stands still but for one tick at each reading.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// `http://127.0.0.1:…`.
    pub fn base_url(&self) -> String {
        match &self.turns {
            Some(turns) => format!("http://{}", turns.address()),
            None => self.running().base_url(),
        }
    }

    /// Where the server listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.turns.as_ref().map_or_else(|| self.running().address(), Turns::address)
    }

    /// The API client of every person here.
    pub fn program(&self) -> &CreatedClient {
        &self.program
    }

    /// The folder in which the server keeps everything, but on PostgreSQL.
    pub(crate) fn folder(&self) -> &std::path::Path {
        assert!(self.database.is_none(), "the database lies elsewhere: start the world with start_embedded");
        self.folder.path()
    }

    fn running(&self) -> &Running {
        &self.nodes[0]
    }

    /// Ends the world: everything is delivered (or said to be left), and the server stops gracefully.
    pub async fn end(mut self) {
        if !self.may_leave_deliveries {
            let pending = self.app().deliveries().pending().await.expect("the outbox can be read");
            assert_eq!(pending, 0, "deliveries are left behind; drain the world, or say so");
        }
        self.stop().await;
    }
}

/// The server's store, opened beside it.
pub(crate) struct Beside(OpenStore);

impl Beside {
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        self.0.store()
    }

    pub(crate) async fn close(self) {
        self.0.close().await;
    }
}

/// `POTOK_TEST_STORE=postgres` runs every world on PostgreSQL, `nodes` on two nodes over one.
fn wanted_store() -> (bool, usize) {
    match std::env::var("POTOK_TEST_STORE").as_deref() {
        Ok("nodes") => (true, 2),
        Ok("postgres") => (true, 1),
        Ok("" | "embedded") | Err(_) => (false, 1),
        Ok(other) => panic!("POTOK_TEST_STORE is {other:?}: give \"embedded\", \"postgres\" or \"nodes\""),
    }
}

/// The defaults over the folder, and over the database if there is one.
fn settings(folder: &TempDir, database: Option<&Database>) -> Settings {
    let mut settings = Settings::new(folder.path());
    settings.store.postgres = database.map(|database| {
        // Many worlds share one server.
        PostgresOptions { connections: 4, ..database.options() }
    });
    settings
}

async fn run(
    folder: &TempDir,
    database: Option<&Database>,
    clock: &Arc<ManualClock>,
    entropy: &Arc<dyn Entropy>,
    options: &WorldOptions,
) -> (Vec<Running>, Option<Turns>) {
    let mut settings = settings(folder, database);
    settings.delivery_workers = 0;
    settings.http.requests_per_second = 0;
    // Most tests sign with any bytes; those about signatures say so.
    settings.signatures = Signatures::AsGiven;
    let start = |settings| {
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
        Server::start(settings, clock, Arc::clone(entropy))
    };
    if options.nodes < 2 {
        (options.settings)(&mut settings);
        return (vec![start(settings).await.expect("the server starts")], None);
    }
    let (listener, address) = Turns::bind().await;
    settings.issuer = Some(format!("http://{address}"));
    (options.settings)(&mut settings);
    let mut nodes = Vec::with_capacity(options.nodes);
    for _ in 0..options.nodes {
        nodes.push(start(settings.clone()).await.expect("the server starts"));
    }
    let turns = Turns::open(listener, nodes.iter().map(Running::address).collect());
    (nodes, Some(turns))
}
