//! The database at work: connections that are lent, transactions, leases.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool::Runtime;
use potok_store::{AppendError, Appended, Hear, LeaseRequest, Leased, Moment, MovedAway, Part, StoreError};
use potok_store_sql::journal::Prepared;
use potok_store_sql::{Answer, Backend, Failure, Session, SqlStore, Work};
use potok_types::{BoxId, Clock, with_causes};
use tokio::task::AbortHandle;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config};
use uuid::Uuid;

use crate::connections::{Borrowed, Maker, Pool, PoolError};
use crate::failure::OrFailure as _;
use crate::hints::Hints;
use crate::queues::Queues;
use crate::replica::Replica;
use crate::runner::Runner;
use crate::tls::{self, Tls};
use crate::writing::Writer;
use crate::{
    Layout, PostgresOptions, ReplicaFigures, checks, citus, leases, migrations, moving, notices, reading,
};

/// Where PostgreSQL listens when nothing else is said.
const DEFAULT_PORT: u16 = 5432;

/// A store in a database of PostgreSQL.
pub type PostgresStore = SqlStore<Postgres>;

/// Opens the database, whose layout has to be the one that this program knows. `clock` gives the times from which index keys
/// are made.
///
/// # Errors
/// The address is none, nobody answers there, the server may lose what it acknowledged, or the layout is another one.
pub async fn open(options: &PostgresOptions, clock: Arc<dyn Clock>) -> Result<PostgresStore, StoreError> {
    let opened = Postgres::open(options, clock).await;
    opened.map(SqlStore::new).map_err(|failure| failure.during("open the database"))
}

/// The same, with something that goes when the store goes: for tests.
///
/// # Errors
/// As [`open`].
#[cfg(feature = "cluster")]
pub async fn open_keeping(
    options: &PostgresOptions,
    clock: Arc<dyn Clock>,
    kept: impl Any + Send + Sync,
) -> Result<PostgresStore, StoreError> {
    let opened =
        Postgres::open(options, clock).await.map_err(|failure| failure.during("open the database"))?;
    Ok(SqlStore::new(Postgres { _kept: Some(Box::new(kept)), ..opened }))
}

/// Brings the layout of the database up to date. What it was before.
///
/// # Errors
/// As [`open`], or a newer program made it.
pub async fn migrate(options: &PostgresOptions) -> Result<Layout, StoreError> {
    let migrated = async {
        let pool = pool(options)?;
        let client = first(&pool, options).await?;
        checks::server(&client, options.unsafe_server).await?;
        migrations::apply(&client).await
    };
    migrated.await.map_err(|failure| failure.during("bring the database up to date"))
}

/// The layout of the database.
///
/// # Errors
/// As [`open`], whatever the layout.
pub async fn layout(options: &PostgresOptions) -> Result<Layout, StoreError> {
    let found = async {
        let client = first(&pool(options)?, options).await?;
        migrations::layout(&client).await
    };
    found.await.map_err(|failure| failure.during("look at the layout of the database"))
}

/// Work beside the calls, which ends with this.
struct Beside(AbortHandle);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// An open database.
pub struct Postgres {
    writer: Writer,
    /// A standby at which lists are read.
    replica: Option<Arc<Replica>>,
    /// For connections that are not lent.
    address: Address,
    /// Those who tell other nodes and hear them.
    beside: Mutex<Vec<Beside>>,
    /// Goes with the store, after its connections.
    _kept: Option<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("pool", &self.writer.pool.status()).finish_non_exhaustive()
    }
}

/// How a connection is made.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) tls: Tls,
}

impl Address {
    /// The connection ends with its client, whose calls tell what went wrong.
    async fn connect(&self) -> Result<Client, Failure> {
        let (client, connection) = self.config.connect(self.tls.clone()).await.or_failure()?;
        tokio::spawn(connection);
        Ok(client)
    }
}

/// A connection beside those that are lent.
pub(crate) async fn connect(options: &PostgresOptions) -> Result<Client, Failure> {
    address(options)?.connect().await
}

pub(crate) fn address(options: &PostgresOptions) -> Result<Address, Failure> {
    let (url, tls) = tls::split(&options.url)?;
    let mut config: Config = url.parse().map_err(|error| {
        // The address holds a password, and so would what the parser says of it.
        let _: tokio_postgres::Error = error;
        Failure::Invalid(
            "the address of the database cannot be read: give postgres://user:password@host:port/database"
                .to_owned(),
        )
    })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(wait(options));
    }
    if config.get_application_name().is_none() {
        config.application_name("potok");
    }
    tls.apply(&mut config);
    Ok(Address { config, tls })
}

fn wait(options: &PostgresOptions) -> Duration {
    Duration::from_millis(options.wait_ms.max(1))
}

fn pool(options: &PostgresOptions) -> Result<Pool, Failure> {
    let wait = wait(options);
    Pool::builder(Maker::new(address(options)?, options.statements))
        .max_size(options.connections.max(2))
        .wait_timeout(Some(wait))
        .create_timeout(Some(wait))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(Failure::engine)
}

/// The first connection: whoever starts a program wants to know where it looked for the database.
async fn first(pool: &Pool, options: &PostgresOptions) -> Result<Borrowed, Failure> {
    pool.get().await.map_err(|error| {
        let why = match &error {
            PoolError::Backend(error) => with_causes(error),
            error => error.to_string(),
        };
        Failure::Invalid(format!(
            "no connection to PostgreSQL at {} can be made ({why}): start it, or correct `store`",
            places(options)
        ))
    })
}

/// A name for this node that no other one has: not drawn from the ids of the product, which tests repeat.
fn new_node() -> Uuid {
    use std::hash::{BuildHasher as _, RandomState};
    let [high, low] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
    Uuid::from_u64_pair(high, low)
}

/// Hosts and ports of the address, without user and password.
fn places(options: &PostgresOptions) -> String {
    let Ok(Address { config, .. }) = address(options) else { return String::new() };
    let ports = config.get_ports();
    let place = |(nth, host): (usize, &Host)| {
        let port = ports.get(nth).or_else(|| ports.first()).copied().unwrap_or(DEFAULT_PORT);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            Host::Unix(folder) => format!("{} (port {port})", folder.display()),
        }
    };
    config.get_hosts().iter().enumerate().map(place).collect::<Vec<_>>().join(", ")
}

/// What the connections are at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostgresFigures {
    /// Connections that there are.
    pub connections: u64,
    /// Those of them that nobody uses.
    pub idle: u64,
    /// Connections that there may be.
    pub most: u64,
    /// Calls that wait for one.
    pub waiting: u64,
    /// What the reading replica did, where there is one.
    pub replica: Option<ReplicaFigures>,
}

impl Postgres {
    /// What the connections are at.
    pub fn figures(&self) -> PostgresFigures {
        let status = self.writer.pool.status();
        PostgresFigures {
            connections: status.size as u64,
            idle: status.available as u64,
            most: status.max_size as u64,
            waiting: status.waiting as u64,
            replica: self.replica.as_ref().map(|replica| replica.figures()),
        }
    }

    async fn open(options: &PostgresOptions, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let pool = pool(options)?;
        let client = first(&pool, options).await?;
        checks::server(&client, options.unsafe_server).await?;
        migrations::check(&client).await?;
        let is_citus = citus::is_citus(&client).await?;
        drop(client);
        if is_citus {
            // It keeps the plans of what it sends to its workers by itself.
            pool.manager().finds_no_names();
        }
        let appends = (!is_citus).then_some(options.appends);
        let hints = Arc::new(Hints::new(pool.clone(), new_node()));
        let mut beside = vec![tokio::spawn(Arc::clone(&hints).run())];
        let replica = options.of_replica().map(|options| self::pool(&options)).transpose()?;
        let replica = replica.map(|connections| Arc::new(Replica::new(connections)));
        beside.extend(replica.clone().map(|replica| tokio::spawn(replica.watch(pool.clone()))));
        Ok(Self {
            writer: Writer { pool, clock, hints, queues: Arc::new(Queues::new(appends)) },
            replica,
            address: address(options)?,
            beside: Mutex::new(beside.iter().map(|task| Beside(task.abort_handle())).collect()),
            _kept: None,
        })
    }

    fn beside(&self) -> std::sync::MutexGuard<'_, Vec<Beside>> {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what was begun to its end, whether anybody waits for it or not.
    async fn to_the_end<T: Send + 'static>(
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        let ended = tokio::spawn(work).await;
        ended.map_err(|error| Failure::Invalid(format!("a transaction was broken off: {error}")))?
    }
}

impl Backend for Postgres {
    type Reader = Runner;
    type Writer = Runner;

    async fn ask(&self, work: Work<Runner>) -> Result<Answer, Failure> {
        reading::ask(&self.writer.pool, &work).await
    }

    async fn view(&self, work: Work<Runner>) -> Result<Answer, Failure> {
        reading::view(&self.writer.pool, &work).await
    }

    async fn view_of(&self, box_id: BoxId, work: Work<Runner>) -> Result<Answer, Failure> {
        if let Some(replica) = &self.replica
            && let Some(answer) = replica.view(&self.writer.pool, box_id, &work).await
        {
            return Ok(answer);
        }
        self.view(work).await
    }

    fn remark(&self) -> Option<&'static str> {
        self.replica.as_ref().and_then(|replica| replica.remark())
    }

    async fn write(&self, work: Work<Session<Runner>>) -> Result<Answer, Failure> {
        let writer = self.writer.clone();
        Self::to_the_end(async move { writer.write(&work).await }).await
    }

    async fn append(&self, prepared: Prepared) -> Result<Result<Appended, AppendError>, Failure> {
        self.writer.append(prepared).await
    }

    async fn lease_due(&self, request: LeaseRequest) -> Result<Vec<Leased>, Failure> {
        let hints = &self.writer.hints;
        // What was written here before this call is among what is noted.
        hints.tell().await?;
        hints.sweep(request.now).await?;
        let lease = |box_id, hand| -> futures_util::future::BoxFuture<'_, _> {
            let work = Work::new((box_id, hand), leases::LEASE_OF_BOX);
            Box::pin(async move { self.write(work).await?.take() })
        };
        leases::hand_out(hints, request, lease).await
    }

    fn hear(&self, hear: Hear) {
        let listening = tokio::spawn(notices::listen(self.address.clone(), self.writer.hints.node, hear));
        self.beside().push(Beside(listening.abort_handle()));
    }

    /// Other nodes write too, and nobody counts what they do.
    fn moment(&self) -> Option<Moment> {
        None
    }

    fn has_changed(&self, _: Part, _: Moment, _: Moment) -> bool {
        true
    }

    async fn check_writable(&self) -> Result<(), Failure> {
        let client = self.writer.pool.get().await.or_failure()?;
        match checks::is_writable(&client).await? {
            true => migrations::check(&client).await?,
            false => {
                let source = Arc::new(std::io::Error::other("the database server only reads"));
                return Err(Failure::Unwritable(source));
            }
        }
        match moving::marks(&client).await?.is_left() {
            true => Err(Failure::MovedAway(MovedAway)),
            false => Ok(()),
        }
    }

    async fn close(&self) {
        // What is not told is found by a sweep.
        let _told = self.writer.hints.tell().await;
        self.beside().clear();
        self.writer.pool.close();
        if let Some(replica) = &self.replica {
            replica.pool.close();
        }
    }
}
