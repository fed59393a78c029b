//! How connections are set up.

use std::path::Path;
use std::time::{Duration, Instant};

use potok_store_sql::Failure;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::SqliteOptions;
use crate::failure::OrFailure as _;

/// Statements kept ready on each connection: more than all traits have together.
const STATEMENTS: usize = 192;
/// How long the mode of a database that others open is left alone.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(5);

/// A connection that may write: for the writer, the checkpointer and the migrations.
pub(crate) fn writing(path: &Path, options: &SqliteOptions) -> Result<Connection, Failure> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).or_failure()?;
    common(&conn, options).or_failure()?;
    // Has an effect on a new file only, and only before the first table.
    conn.pragma_update(None, "page_size", options.page_bytes).or_failure()?;
    let mode = write_ahead(&conn, options).or_failure()?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(Failure::Invalid(format!(
            "the database does not accept WAL (it is in mode {mode}): put it on a local disk"
        )));
    }
    conn.pragma_update(None, "synchronous", "FULL").or_failure()?;
    // Checkpoints in the writer would make some callers wait for all pages written since the last one.
    conn.pragma_update(None, "wal_autocheckpoint", 0).or_failure()?;
    conn.pragma_update(None, "cache_size", -i64::from(options.writer_cache_kib)).or_failure()?;
    Ok(conn)
}

/// Has changes written ahead: the mode that the database then has. When several programs open a new one at the same time each
/// wants it for itself for that, and SQLite refuses all but one at once, without the waiting that is set for everything else.
#[expect(clippy::disallowed_methods, reason = "SQLite tells nobody when the other program is done")]
fn write_ahead(conn: &Connection, options: &SqliteOptions) -> rusqlite::Result<String> {
    let end = Instant::now() + Duration::from_millis(options.busy_timeout_ms.into());
    loop {
        match conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < end =>
            {
                std::thread::sleep(BETWEEN_ATTEMPTS);
            }
            done => return done,
        }
    }
}

/// A connection that only reads.
pub(crate) fn reading(path: &Path, options: &SqliteOptions) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).or_failure()?;
    common(&conn, options).or_failure()?;
    conn.pragma_update(None, "cache_size", -i64::from(options.reader_cache_kib)).or_failure()?;
    Ok(conn)
}

fn common(conn: &Connection, options: &SqliteOptions) -> rusqlite::Result<()> {
    conn.busy_timeout(Duration::from_millis(options.busy_timeout_ms.into()))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it a statement is compiled again whenever another value is bound to its LIMIT.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}
