//! Moving committed pages from the log into the database file, away from the writer's thread: the slowest calls used
//! to be those that happened to wait for it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use potok_store_sql::Failure;
use rusqlite::Connection;

use crate::SqliteOptions;
use crate::connection;
use crate::failure::OrFailure as _;

/// So many times the wanted length the log may have before the writer stops to wait for a checkpoint.
const PATIENCE: u32 = 8;

/// What the writer and the checkpointer know of each other.
#[derive(Default)]
struct Shared {
    /// Pages in the log after the last commit.
    in_log: AtomicU32,
    /// Only a little is left to move, and the log can start over if nobody writes meanwhile.
    finish: AtomicBool,
    /// Held while pages are moved: two cannot do it at once.
    turn: Mutex<()>,
}

/// The writer's side.
pub(crate) struct Checkpoints {
    shared: Arc<Shared>,
    /// Held while the writer lives; its end is the checkpointer's.
    _wake: SyncSender<()>,
    /// The length at which the writer stops to wait.
    limit: u32,
    patience: u32,
}

impl Checkpoints {
    /// Called by the writer between two transactions. The checkpointer alone can never catch up with a busy writer,
    /// and the log grows until it does: so the writer moves the last few pages itself, and waits for the others when
    /// the log has become much longer than it should.
    pub(crate) fn help(&mut self, conn: &Connection) {
        let in_log = self.shared.in_log.load(Ordering::Acquire);
        let is_too_long = in_log >= self.limit;
        if in_log < self.patience {
            // The log has started over.
            self.limit = self.patience;
        }
        if !(self.shared.finish.swap(false, Ordering::AcqRel) || is_too_long) {
            return;
        }
        if let Err(error) = passive(conn, &self.shared.turn) {
            tracing::warn!(%error, "the end of a checkpoint failed; the next one will repeat it");
        }
        if is_too_long {
            // A reader that began long ago keeps the log from starting over. Waiting again after each commit would
            // not help it to end.
            self.limit = in_log.saturating_add(self.patience);
        }
    }
}

/// Starts the thread and lets `writer` wake it whenever its log is longer than wanted. The thread ends, with an empty
/// log, when the [`Checkpoints`] and the connection are dropped.
pub(crate) fn start(
    path: &Path,
    options: &SqliteOptions,
    writer: &mut Connection,
) -> Result<(Checkpoints, JoinHandle<()>), Failure> {
    let conn = connection::writing(path, options)?;
    let (wake, woken) = sync_channel(1);
    let shared = Arc::new(Shared::default());
    let pages = options.checkpoint_pages.max(1);
    writer
        .wal_hook(Some({
            let (wake, shared) = (wake.clone(), Arc::clone(&shared));
            move |_: &mut rusqlite::hooks::Wal, in_log: std::os::raw::c_int| {
                let in_log = u32::try_from(in_log).unwrap_or_default();
                shared.in_log.store(in_log, Ordering::Release);
                if in_log >= pages {
                    // Full means that it is awake already.
                    let _ = wake.try_send(());
                }
                Ok(())
            }
        }))
        .or_failure()?;
    let thread = std::thread::Builder::new()
        .name("potok-sqlite-checkpoint".to_owned())
        .spawn({
            let shared = Arc::clone(&shared);
            move || serve(&conn, &woken, &shared, pages)
        })
        .map_err(|error| Failure::Invalid(format!("the checkpoint thread did not start: {error}")))?;
    let patience = pages.saturating_mul(PATIENCE);
    Ok((Checkpoints { shared, _wake: wake, limit: patience, patience }, thread))
}

fn serve(conn: &Connection, woken: &Receiver<()>, shared: &Shared, pages: u32) {
    while woken.recv().is_ok() {
        match passive(conn, &shared.turn) {
            Ok(left) => shared.finish.store(left < i64::from(pages) / 2, Ordering::Release),
            Err(error) => tracing::warn!(%error, "a checkpoint failed; the next one will repeat it"),
        }
    }
    if let Err(error) = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        tracing::warn!(%error, "the last checkpoint failed; the log will be read at the next start");
    }
}

/// Moves what can be moved without waiting for readers. How many pages are left.
fn passive(conn: &Connection, turn: &Mutex<()>) -> rusqlite::Result<i64> {
    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let mut statement = conn.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?;
    let (in_log, moved) =
        statement.query_row([], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))?;
    Ok(in_log - moved)
}
