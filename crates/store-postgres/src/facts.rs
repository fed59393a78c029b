//! What whoever looks after a database server should know of it.

use potok_store::StoreError;
use potok_store_sql::Failure;

use crate::backend::connect;
use crate::failure::OrFailure as _;
use crate::{Layout, PostgresOptions, migrations};

/// A database server, as its settings for the user of `store` are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// Its version, as it calls itself.
    pub version: String,
    /// What was committed survives a crash of the machine.
    pub fsync: bool,
    /// A page that was written by half is mended after a crash.
    pub full_page_writes: bool,
    /// A commit waits for the disk unless whoever commits says otherwise.
    pub synchronous_commit: bool,
    /// Damaged pages are noticed.
    pub checksums: bool,
    /// It takes no changes.
    pub only_reads: bool,
    /// Connections that ordinary users may have at once.
    pub connections: i64,
    /// Those that there are, but for the one that asked.
    pub connected: i64,
    /// Its clock, in milliseconds of Unix time.
    pub clock_ms: i64,
    /// The layout of the database.
    pub layout: Layout,
}

const FACTS: &str = "SELECT current_setting('server_version'),
     current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
     current_setting('synchronous_commit') <> 'off', current_setting('data_checksums') = 'on',
     current_setting('transaction_read_only') = 'on',
     current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint,
     (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
     (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// Looks at the server and changes nothing.
///
/// # Errors
/// Nobody answers there.
pub async fn facts(options: &PostgresOptions) -> Result<ServerFacts, StoreError> {
    let found = look(options).await;
    found.map_err(|failure| failure.during("look at the database"))
}

async fn look(options: &PostgresOptions) -> Result<ServerFacts, Failure> {
    let client = connect(options).await?;
    let row = client.query_typed_one(FACTS, &[]).await.or_failure()?;
    let layout = migrations::layout(&client).await?;
    let facts = || {
        Ok::<_, tokio_postgres::Error>(ServerFacts {
            version: row.try_get(0)?,
            fsync: row.try_get(1)?,
            full_page_writes: row.try_get(2)?,
            synchronous_commit: row.try_get(3)?,
            checksums: row.try_get(4)?,
            only_reads: row.try_get(5)?,
            connections: row.try_get(6)?,
            connected: row.try_get(7)?,
            clock_ms: row.try_get(8)?,
            layout,
        })
    };
    facts().or_failure()
}
