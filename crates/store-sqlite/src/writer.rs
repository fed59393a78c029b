//! The one thread that writes. Work of many callers is committed together, so that they share one flush of the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use potok_store_sql::{Answer, Changes, Failure, Session, Touched, Work};
use potok_types::Clock;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::SqliteOptions;
use crate::checkpoint::Checkpoints;
use crate::failure::OrFailure as _;
use crate::fresh;
use crate::runner::{Runner, at_once};

/// Callers that share one commit at most. More would only make the first of them wait longer.
const BATCH: usize = 256;

/// One caller's work, see [`potok_store_sql::Backend::write`].
struct Call {
    work: Work<Session<Runner>>,
    value: Option<Answer>,
    reply: oneshot::Sender<Result<Answer, Failure>>,
}

impl Call {
    fn run(&mut self, session: &mut Session<Runner>) -> Result<(), Failure> {
        self.value = Some(at_once(self.work.on(session))?);
        Ok(())
    }

    fn answer(self, failure: Option<Failure>) {
        let answer = match (failure, self.value) {
            (None, Some(value)) => Ok(value),
            (Some(failure), _) => Err(failure),
            (None, None) => Err(Failure::Closed),
        };
        // A caller that went away does not need the answer; what it asked for is done.
        let _ = self.reply.send(answer);
    }
}

/// What the thread does, and what it did since the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteFigures {
    /// Transactions that were written.
    pub commits: u64,
    /// Calls that shared them.
    pub writes: u64,
    /// Calls that wait for the thread.
    pub waiting: u64,
}

/// What others know of the thread.
#[derive(Default)]
struct Vitals {
    /// Why the last transaction that should have been written was not.
    unwritten: std::sync::Mutex<Option<Failure>>,
    /// Transactions that were written.
    commits: AtomicU64,
    /// Calls that shared them.
    writes: AtomicU64,
    /// The thread has ended.
    ended: CancellationToken,
}

impl Vitals {
    fn note(&self, unwritten: Option<Failure>) {
        *self.unwritten.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = unwritten;
    }
}

/// The way to the thread.
pub(crate) struct Writer {
    vitals: Arc<Vitals>,
    queue: std::sync::Mutex<Option<mpsc::Sender<Call>>>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread on `conn`.
    pub(crate) fn start(
        conn: Connection,
        clock: Arc<dyn Clock>,
        checkpoints: Checkpoints,
        options: &SqliteOptions,
        changes: Arc<Changes>,
    ) -> Result<Self, Failure> {
        let (sender, receiver) = mpsc::channel(options.queue_len.max(1));
        let runner = if options.fresh_documents > 0 { Runner::later(conn) } else { Runner::new(conn) };
        let session = Session::new(runner, clock);
        let vitals = Arc::new(Vitals::default());
        let mut thread = Thread {
            session,
            checkpoints,
            data_version: None,
            vitals: Arc::clone(&vitals),
            changes,
            touched: Vec::new(),
            tells_others: options.tells_others,
            fresh_documents: options.fresh_documents,
            since_settled: 0,
        };
        let ended = vitals.ended.clone().drop_guard();
        let thread = std::thread::Builder::new()
            .name("potok-sqlite-writer".to_owned())
            .spawn(move || {
                // Also when it panics.
                let _ended = ended;
                thread.serve(receiver);
            })
            .map_err(|error| Failure::Invalid(format!("the writer thread did not start: {error}")))?;
        let queue = std::sync::Mutex::new(Some(sender));
        Ok(Self { vitals, queue, thread: std::sync::Mutex::new(Some(thread)) })
    }

    /// Something was written that is no change of a row.
    pub(crate) fn note_written(&self) {
        self.vitals.note(None);
    }

    /// Why the last transaction was not written, if it was not.
    pub(crate) fn unwritten(&self) -> Option<Failure> {
        self.vitals.unwritten.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// What it does, and what it did.
    pub(crate) fn figures(&self) -> SqliteFigures {
        let queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let waiting = queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity());
        SqliteFigures {
            commits: self.vitals.commits.load(Ordering::Relaxed),
            writes: self.vitals.writes.load(Ordering::Relaxed),
            waiting: waiting as u64,
        }
    }

    /// Waits until the thread has ended, whatever ended it.
    pub(crate) async fn ended(&self) {
        self.vitals.ended.cancelled().await;
    }

    /// Does `work` in a transaction and returns when it is on the disk.
    pub(crate) async fn write(&self, work: Work<Session<Runner>>) -> Result<Answer, Failure> {
        let queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let queue = queue.ok_or(Failure::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Call { work, value: None, reply }).await.map_err(|_| Failure::Closed)?;
        drop(queue);
        answer.await.map_err(|_| Failure::Closed)?
    }

    /// Takes no more work, and gives the thread, which ends when all accepted work is done.
    pub(crate) fn stop(&self) -> Option<JoinHandle<()>> {
        drop(self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        self.thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

struct Thread {
    session: Session<Runner>,
    checkpoints: Checkpoints,
    data_version: Option<i64>,
    vitals: Arc<Vitals>,
    changes: Arc<Changes>,
    /// What the running transaction has changed.
    touched: Vec<Touched>,
    tells_others: bool,
    /// See [`SqliteOptions::fresh_documents`].
    fresh_documents: u32,
    /// Calls since it was looked how many documents have words that wait.
    since_settled: usize,
}

/// Why a transaction was undone.
enum Undone {
    /// The work of one caller failed; the others may be innocent.
    ByWork(Failure),
    /// The transaction could not begin or end.
    AsWhole(Failure),
}

impl Thread {
    fn serve(&mut self, mut queue: mpsc::Receiver<Call>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(first) = queue.blocking_recv() {
            batch.push(first);
            while batch.len() < BATCH {
                let Ok(next) = queue.try_recv() else { break };
                batch.push(next);
            }
            self.since_settled += batch.len();
            self.commit_together(&mut batch);
            self.settle_words();
            self.checkpoints.help(self.session.sql.conn());
        }
    }

    /// Puts words of documents in their places when there are many, while nobody waits for an answer.
    fn settle_words(&mut self) {
        let enough = self.fresh_documents.div_ceil(2) as usize;
        if self.fresh_documents == 0 || self.since_settled < enough {
            return;
        }
        self.since_settled = 0;
        if let Err(error) = fresh::settle_many(self.session.sql.conn(), self.fresh_documents) {
            tracing::warn!(%error, "words of documents were not put in their places; that will be tried again");
        }
    }

    fn commit_together(&mut self, batch: &mut Vec<Call>) {
        match self.transact(batch) {
            Ok(()) => batch.drain(..).for_each(|call| call.answer(None)),
            Err(Undone::ByWork(..)) if batch.len() > 1 => {
                for mut call in batch.drain(..) {
                    let failure = match self.transact(std::slice::from_mut(&mut call)) {
                        Ok(()) => None,
                        Err(Undone::ByWork(failure) | Undone::AsWhole(failure)) => Some(failure),
                    };
                    call.answer(failure);
                }
            }
            Err(Undone::ByWork(failure) | Undone::AsWhole(failure)) => {
                tracing::error!(error = %failure, calls = batch.len(), "a transaction was undone");
                batch.drain(..).for_each(|call| call.answer(Some(failure.clone())));
            }
        }
    }

    fn transact(&mut self, batch: &mut [Call]) -> Result<(), Undone> {
        let changes = self.session.sql.conn().total_changes();
        let done = self.try_transact(batch);
        match &done {
            // A transaction that changed nothing has written nothing, and proves nothing.
            Ok(()) if self.session.sql.conn().total_changes() == changes => {}
            Ok(()) => {
                self.vitals.commits.fetch_add(1, Ordering::Relaxed);
                self.vitals.writes.fetch_add(batch.len() as u64, Ordering::Relaxed);
                self.vitals.note(None);
            }
            Err(Undone::ByWork(failure) | Undone::AsWhole(failure)) => {
                if matches!(failure, Failure::Unwritable(_)) {
                    self.vitals.note(Some(failure.clone()));
                }
            }
        }
        // Before anybody is answered; also when it is not known whether the end of the transaction was written.
        if !self.touched.is_empty() {
            self.changes.note(self.touched.drain(..));
        }
        if done.is_err() {
            self.session.heads.clear();
            let conn = self.session.sql.conn();
            if !conn.is_autocommit()
                && let Err(error) = conn.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a transaction could not be rolled back");
            }
        }
        done
    }

    fn try_transact(&mut self, batch: &mut [Call]) -> Result<(), Undone> {
        let sql = &self.session.sql;
        sql.control("BEGIN IMMEDIATE").map_err(Undone::AsWhole)?;
        let data_version = data_version(sql.conn()).or_failure().map_err(Undone::AsWhole)?;
        if self.data_version != Some(data_version) {
            // Another process wrote: what is remembered of the boxes may be out of date.
            self.session.heads.clear();
            self.data_version = Some(data_version);
        }
        let changes = sql.conn().total_changes();
        for call in batch.iter_mut() {
            self.session.touched = Touched::Unsaid;
            call.run(&mut self.session).map_err(Undone::ByWork)?;
            self.touched.push(std::mem::take(&mut self.session.touched));
        }
        let sql = &self.session.sql;
        if sql.conn().total_changes() == changes {
            self.touched.clear();
        } else if self.tells_others {
            tell(sql.conn()).or_failure().map_err(Undone::AsWhole)?;
        }
        sql.control("COMMIT").map_err(Undone::AsWhole)
    }
}

fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

/// Tells those who remember what they read, in other processes.
fn tell(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE moments SET boxes = boxes + 1")?.execute([]).map(drop)
}
