//! Connections for reading. They see what was committed when they begin, and never wait for the writer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use potok_store_sql::{Answer, Failure, Work};
use tokio::sync::Semaphore;

use crate::SqliteOptions;
use crate::connection;
use crate::runner::{Runner, at_once};

/// How a reader does its work.
type How = fn(&mut Runner, &Work<Runner>) -> Result<Answer, Failure>;

/// The pool.
pub(crate) struct Readers {
    path: PathBuf,
    options: SqliteOptions,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Runner>>,
    questions: AtomicU64,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, options: SqliteOptions) -> Self {
        let permits = Arc::new(Semaphore::new(options.readers.max(1)));
        Self { path, options, permits, idle: Mutex::default(), questions: AtomicU64::new(0) }
    }

    /// Reads on a thread where waiting for the disk hurts nobody.
    pub(crate) async fn read(self: &Arc<Self>, work: Work<Runner>, how: How) -> Result<Answer, Failure> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Failure::Closed)?;
        let readers = Arc::clone(self);
        let job = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut runner = match idle {
                Some(runner) => runner,
                None => Runner::new(connection::reading(&readers.path, &readers.options)?),
            };
            let done = how(&mut runner, &work);
            readers.questions.fetch_add(runner.take_questions(), Ordering::Relaxed);
            if runner.conn().is_autocommit() {
                readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(runner);
            }
            done
        });
        job.await.map_err(|error| Failure::Invalid(format!("a reading was broken off: {error}")))?
    }

    /// A [`How`]: statement by statement.
    pub(crate) fn statements(runner: &mut Runner, work: &Work<Runner>) -> Result<Answer, Failure> {
        at_once(work.on(runner))
    }

    /// A [`How`]: all statements from one state of the database.
    pub(crate) fn in_one_state(runner: &mut Runner, work: &Work<Runner>) -> Result<Answer, Failure> {
        runner.transact("BEGIN DEFERRED", |runner| at_once(work.on(runner)))
    }

    /// See [`crate::Sqlite::questions`].
    pub(crate) fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    /// Waits for those who read, and closes their connections.
    pub(crate) async fn close(&self) {
        let all = u32::try_from(self.options.readers.max(1)).unwrap_or(u32::MAX);
        let permits = self.permits.acquire_many(all).await;
        self.permits.close();
        drop(permits);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
