//! The whole database as files, and back: one state of it, table by table, in the server's own binary form.

use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt as _, StreamExt as _};
use potok_store::StoreError;
use potok_store_sql::Failure;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_postgres::Client;

use crate::backend::connect;
use crate::failure::OrFailure as _;
use crate::{Layout, PostgresOptions, checks, migrations};

/// Read and sent at once.
const PIECE_BYTES: usize = 256 * 1024;
/// Tables in order of their names. Notes of waiting boxes are hints, and the layout is told beside the files.
const TABLES: &str = "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('waiting', 'potok_layout')
     ORDER BY c.relname";
/// Columns whose numbers come from a counter.
const COUNTED: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns
     WHERE table_schema = current_schema() AND is_identity = 'YES'";

/// Writes one state of the database to `folder`, which is there: a file `TABLE.copy` for each table. `told` hears of each
/// table before it is written. Servers go on meanwhile. Which layout it has.
///
/// # Errors
/// The database or the folder fails.
pub async fn dump(
    options: &PostgresOptions,
    folder: &Path,
    told: &(dyn Fn(&str) + Sync),
) -> Result<u32, StoreError> {
    dumped(options, folder, told).await.map_err(|failure| failure.during("copy the database"))
}

/// Fills an empty database, which gets the layout that [`dump`] found and then that of this program.
///
/// # Errors
/// Something is in the database, the layout is a newer program's, or as [`dump`]; then nothing was written.
pub async fn load(
    options: &PostgresOptions,
    folder: &Path,
    layout: u32,
    told: &(dyn Fn(&str) + Sync),
) -> Result<(), StoreError> {
    loaded(options, folder, layout, told).await.map_err(|failure| failure.during("fill the database"))
}

async fn dumped(
    options: &PostgresOptions,
    folder: &Path,
    told: &(dyn Fn(&str) + Sync),
) -> Result<u32, Failure> {
    let client = connect(options).await?;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.or_failure()?;
    let layout = migrations::layout(&client).await?;
    layout.refuse_newer()?;
    for table in tables(&client).await? {
        told(&table);
        let mut file = File::create(folder.join(file_of(&table))).await.map_err(Failure::engine)?;
        let rows = client.copy_out(&format!("COPY {table} TO STDOUT (FORMAT binary)")).await.or_failure()?;
        let mut rows = std::pin::pin!(rows);
        while let Some(piece) = rows.next().await {
            file.write_all(&piece.or_failure()?).await.map_err(Failure::engine)?;
        }
        file.sync_all().await.map_err(Failure::engine)?;
    }
    client.batch_execute("COMMIT").await.or_failure()?;
    Ok(layout.applied)
}

async fn loaded(
    options: &PostgresOptions,
    folder: &Path,
    layout: u32,
    told: &(dyn Fn(&str) + Sync),
) -> Result<(), Failure> {
    let client = connect(options).await?;
    checks::server(&client, options.unsafe_server).await?;
    Layout { applied: layout, known: migrations::known() }.refuse_newer()?;
    client.batch_execute("BEGIN; SET LOCAL synchronous_commit = on").await.or_failure()?;
    let found = migrations::layout(&client).await?;
    if found.applied != 0 {
        for table in tables(&client).await? {
            let is_used =
                client.query_typed(&format!("SELECT 1 FROM {table} LIMIT 1"), &[]).await.or_failure()?;
            if !is_used.is_empty() {
                return Err(Failure::Invalid(format!(
                    "there is something in the database already (in {table}): give an empty one"
                )));
            }
        }
    }
    migrations::apply_up_to(&client, found.applied, layout).await?;
    for table in tables(&client).await? {
        told(&table);
        fill(&client, &table, &folder.join(file_of(&table))).await?;
    }
    for row in client.query_typed(COUNTED, &[]).await.or_failure()? {
        let (table, column): (String, String) = (row.try_get(0).or_failure()?, row.try_get(1).or_failure()?);
        let last = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"
        );
        client.query_typed(&last, &[]).await.or_failure()?;
    }
    migrations::apply_up_to(&client, layout.max(found.applied), migrations::known()).await?;
    client.batch_execute("COMMIT; ANALYZE").await.or_failure()
}

/// From a file that is missing where the layout of the copy had no such table.
async fn fill(client: &Client, table: &str, path: &Path) -> Result<(), Failure> {
    let mut file = match File::open(path).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(Failure::engine)?,
    };
    let rows = client.copy_in(&format!("COPY {table} FROM STDIN (FORMAT binary)")).await.or_failure()?;
    let mut rows = std::pin::pin!(rows);
    loop {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        if file.read_buf(&mut piece).await.map_err(Failure::engine)? == 0 {
            break;
        }
        rows.send(Bytes::from(piece)).await.or_failure()?;
    }
    rows.finish().await.or_failure().map(drop)
}

async fn tables(client: &Client) -> Result<Vec<String>, Failure> {
    let rows = client.query_typed(TABLES, &[]).await.or_failure()?;
    rows.iter().map(|row| row.try_get(0).or_failure()).collect()
}

fn file_of(table: &str) -> String {
    format!("{table}.copy")
}
