//! The embedded store: one SQLite database in WAL mode with `synchronous=FULL`.
//!
//! * One thread writes. It commits the work of all callers that wait together, so that they share one flush of the
//!   disk, and answers them after it: what was answered survives a crash of the process and of the machine.
//! * Readers have connections of their own and see a state of the database as it was when they began.
//! * Another process may write to the same database: it waits for the lock, and this one sees what it did.

mod append;
mod certificates;
mod checkpoint;
mod connection;
mod credentials;
mod directory;
mod documents;
mod failure;
mod feed;
mod heads;
mod journal;
mod migrations;
mod outbox;
mod profile;
mod readers;
mod routes;
mod runner;
mod shelf;
mod sql;
mod statements;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use potok_store::StoreError;
use potok_store_sql::Answering;
use potok_types::Clock;
use rusqlite::Connection;
use tempfile::TempDir;

use failure::Failure;
use readers::Readers;
use runner::{Runner, at_once};
use writer::{Session, Writer};

/// What is done with what was asked.
type Asking<A, T> = for<'a> fn(&'a mut Runner, &'a A) -> Answering<'a, T>;

/// How much of the machine the store may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Connections that read at the same time, at least 1.
    pub readers: usize,
    /// Calls that wait for the writer before further ones have to wait outside, at least 1.
    pub queue_len: usize,
    /// How long to wait for another process that writes, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Pages of the log after which a checkpoint begins.
    pub checkpoint_pages: u32,
    /// Memory for pages in the writer, in KiB. SQLite looks through all of it after some commits, so more than a few
    /// thousand pages make writing slower.
    pub writer_cache_kib: u32,
    /// Memory for pages in each reader, in KiB.
    pub reader_cache_kib: u32,
    /// Size of a page of a new database, a power of two in 512…65536.
    pub page_bytes: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 8,
            queue_len: 4096,
            busy_timeout_ms: 10_000,
            checkpoint_pages: 8000,
            writer_cache_kib: 8 * 1024,
            reader_cache_kib: 16 * 1024,
            page_bytes: 4096,
        }
    }
}

/// A store in one file.
///
/// Dropping it lets accepted work finish in the background; [`SqliteStore::close`] waits for that.
pub struct SqliteStore {
    writer: Writer,
    readers: Arc<Readers>,
    checkpointer: Mutex<Option<JoinHandle<()>>>,
    path: PathBuf,
    /// Removed with the store, after its connections.
    _folder: Option<TempDir>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database `path`, making it if there is none, and brings its layout up to date. `clock` gives the
    /// times from which index keys are made.
    ///
    /// # Errors
    /// The file cannot be opened, is not a database, lies where WAL does not work, or a newer program made it.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, options: SqliteOptions) -> Result<Self, StoreError> {
        Self::open_in(path, clock, options, None).map_err(|failure| failure.during("open the database"))
    }

    /// A new store in a folder that disappears with it, for tests and demonstrations.
    ///
    /// # Errors
    /// The folder cannot be made, or as [`SqliteStore::open`].
    pub fn temporary(clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        const ACTION: &str = "make a temporary database";
        let folder =
            tempfile::tempdir().map_err(|error| StoreError { action: ACTION, source: Box::new(error) })?;
        let path = folder.path().join("potok.db");
        Self::open_in(&path, clock, SqliteOptions::default(), Some(folder))
            .map_err(|failure| failure.during(ACTION))
    }

    fn open_in(
        path: &Path,
        clock: Arc<dyn Clock>,
        options: SqliteOptions,
        folder: Option<TempDir>,
    ) -> Result<Self, Failure> {
        let mut conn = connection::writing(path, &options)?;
        migrations::apply(&mut conn)?;
        let (checkpoints, checkpointer) = checkpoint::start(path, &options, &mut conn)?;
        let writer = Writer::start(conn, clock, checkpoints, options.queue_len.max(1))?;
        Ok(Self {
            writer,
            readers: Arc::new(Readers::new(path.to_owned(), options)),
            checkpointer: Mutex::new(Some(checkpointer)),
            path: path.to_owned(),
            _folder: folder,
        })
    }

    /// Finishes all accepted work, moves it into the database file and closes it. Later calls fail.
    pub async fn close(&self) {
        let writer = self.writer.stop();
        self.readers.close().await;
        let checkpointer = self.checkpointer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let joined = tokio::task::spawn_blocking(move || {
            for thread in [writer, checkpointer].into_iter().flatten() {
                if thread.join().is_err() {
                    tracing::error!("a thread of the store panicked");
                }
            }
        });
        if let Err(error) = joined.await {
            tracing::error!(%error, "the store could not wait for its threads");
        }
    }

    /// How many times the store was read since it was opened, each call of a trait counting once: what a use case costs,
    /// however fast the machine is.
    pub fn readings(&self) -> u64 {
        self.readers.count()
    }

    async fn write<T: Send + 'static>(
        &self,
        action: &'static str,
        work: impl FnMut(&mut Session<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.write(work).await.map_err(|failure| failure.during(action))
    }

    async fn read<T: Send + 'static>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.read(|runner| work(runner.conn())).await.map_err(|failure| failure.during(action))
    }

    /// Answers a question of one statement, or of several that need not see the same state of the database.
    async fn ask<A: Send + 'static, T: Send + 'static>(
        &self,
        action: &'static str,
        asked: A,
        work: Asking<A, T>,
    ) -> Result<T, StoreError> {
        let done = self.readers.read(move |runner| Ok(at_once(work(runner, &asked))?));
        done.await.map_err(|failure| failure.during(action))
    }

    /// Answers a question from one state of the database.
    async fn view<A: Send + 'static, T: Send + 'static>(
        &self,
        action: &'static str,
        asked: A,
        work: Asking<A, T>,
    ) -> Result<T, StoreError> {
        let done = self.readers.read(move |runner| {
            Ok(runner.transact("BEGIN DEFERRED", |runner| at_once(work(runner, &asked)))?)
        });
        done.await.map_err(|failure| failure.during(action))
    }
}
