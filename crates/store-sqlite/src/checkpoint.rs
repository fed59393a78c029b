//! Moving committed pages from the log into the database file, away from the writer's thread: the slowest calls used
//! to be those that happened to wait for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::SqliteOptions;
use crate::connection;
use crate::failure::Failure;

/// What the writer knows of checkpoints.
pub(crate) struct Checkpoints {
    /// Held while the writer lives; its end is the checkpointer's.
    _wake: SyncSender<()>,
    /// Only a little is left to move, and the log can start over if nobody writes meanwhile.
    finish: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Called by the writer between two transactions. The checkpointer can never catch up with a busy writer, and the
    /// log grows until it does: so the writer moves the last few pages itself.
    pub(crate) fn finish_if_asked(&self, conn: &Connection) {
        if self.finish.swap(false, Ordering::AcqRel)
            && let Err(error) = passive(conn)
        {
            tracing::warn!(%error, "the end of a checkpoint failed; the next one will repeat it");
        }
    }
}

/// Starts the thread and lets `writer` wake it whenever its log is longer than wanted. The thread ends, with an empty
/// log, when the [`Checkpoints`] are dropped.
pub(crate) fn start(
    path: &Path,
    options: &SqliteOptions,
    writer: &mut Connection,
) -> Result<(Checkpoints, JoinHandle<()>), Failure> {
    let conn = connection::writing(path, options)?;
    let (wake, woken) = sync_channel(1);
    let finish = Arc::new(AtomicBool::new(false));
    let pages = options.checkpoint_pages;
    // The hook holds no sender of its own kind of life: it dies with the writer's connection, like `Checkpoints`.
    let hook_wake = wake.clone();
    writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, in_log: std::os::raw::c_int| {
        if i64::from(in_log) >= i64::from(pages) {
            // Full means that it is awake already.
            let _ = hook_wake.try_send(());
        }
        Ok(())
    }))?;
    let thread = std::thread::Builder::new()
        .name("potok-sqlite-checkpoint".to_owned())
        .spawn({
            let finish = Arc::clone(&finish);
            move || serve(&conn, &woken, &finish, pages)
        })
        .map_err(|error| Failure::Invalid(format!("the checkpoint thread did not start: {error}")))?;
    Ok((Checkpoints { _wake: wake, finish }, thread))
}

fn serve(conn: &Connection, woken: &Receiver<()>, finish: &AtomicBool, pages: u32) {
    while woken.recv().is_ok() {
        match passive(conn) {
            Ok(left) => finish.store(left < i64::from(pages) / 2, Ordering::Release),
            Err(error) => tracing::warn!(%error, "a checkpoint failed; the next one will repeat it"),
        }
    }
    if let Err(error) = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        tracing::warn!(%error, "the last checkpoint failed; the log will be read at the next start");
    }
}

/// Moves what can be moved without waiting for anybody. How many pages are left.
fn passive(conn: &Connection) -> rusqlite::Result<i64> {
    let mut statement = conn.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?;
    let (in_log, moved) =
        statement.query_row([], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))?;
    Ok(in_log - moved)
}
