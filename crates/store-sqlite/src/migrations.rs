//! Brings a database up to the layout that this program knows.

use std::path::Path;

use potok_store_sql::Failure;
use rusqlite::{Connection, OpenFlags};

use crate::failure::OrFailure as _;

/// The steps, in order; the number of applied ones is the database's `user_version`. A step that has been released is
/// never changed: what it got wrong, the next one puts right.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_documents.sql"),
    include_str!("../migrations/0003_document_indexes.sql"),
    include_str!("../migrations/0004_resolution_routes.sql"),
    include_str!("../migrations/0005_certificates.sql"),
    include_str!("../migrations/0006_search_scopes.sql"),
    include_str!("../migrations/0007_universal_messages.sql"),
    include_str!("../migrations/0008_streams.sql"),
    include_str!("../migrations/0009_rebuild_place.sql"),
    include_str!("../migrations/0010_revocation.sql"),
    include_str!("../migrations/0011_outbox_by_box.sql"),
    include_str!("../migrations/0012_content_names.sql"),
    include_str!("../migrations/0013_directory.sql"),
    include_str!("../migrations/0014_counteragents.sql"),
    include_str!("../migrations/0015_sign_in.sql"),
    include_str!("../migrations/0016_powers.sql"),
    include_str!("../migrations/0017_moments.sql"),
    include_str!("../migrations/0018_registers.sql"),
    include_str!("../migrations/0019_partners.sql"),
    include_str!("../migrations/0020_stream_feed.sql"),
    include_str!("../migrations/0021_restrictions.sql"),
    include_str!("../migrations/0022_signings.sql"),
    include_str!("../migrations/0023_asked.sql"),
    include_str!("../migrations/0024_operator_boxes.sql"),
    include_str!("../migrations/0025_webhooks.sql"),
    include_str!("../migrations/0026_copies.sql"),
    include_str!("../migrations/0027_erasures.sql"),
    include_str!("../migrations/0028_fresh_words.sql"),
];

/// Applies the steps that are missing. Safe when several processes open the database at once.
pub(crate) fn apply(conn: &mut Connection) -> Result<(), Failure> {
    if applied(conn).or_failure()? == STEPS.len() {
        return Ok(());
    }
    let transaction =
        conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).or_failure()?;
    // Read again under the write lock: another process may have done the work while this one waited.
    let done = applied(&transaction).or_failure()?;
    if done > STEPS.len() {
        return Err(Failure::Invalid(format!(
            "the database has layout {done}, a newer program's, and this program knows layouts up to {}: use the program \
             that was here last, or a newer one",
            STEPS.len()
        )));
    }
    for step in &STEPS[done..] {
        transaction.execute_batch(step).or_failure()?;
    }
    transaction.pragma_update(None, "user_version", STEPS.len() as i64).or_failure()?;
    transaction.commit().or_failure()
}

/// Writes the number of the layout again.
pub(crate) fn touch(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "user_version", applied(conn)? as i64)
}

/// Whether the database `path` has to be brought up to date before it is used, or made.
pub(crate) fn are_pending(path: &Path) -> Result<bool, Failure> {
    if !path.exists() {
        return Ok(true);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).or_failure()?;
    Ok(applied(&conn).or_failure()? < STEPS.len())
}

pub(crate) fn applied(conn: &Connection) -> rusqlite::Result<usize> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))? as usize)
}
