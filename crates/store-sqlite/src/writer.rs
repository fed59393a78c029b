//! The one thread that writes. Work of many callers is committed together, so that they share one flush of the disk.

use std::sync::Arc;
use std::thread::JoinHandle;

use potok_types::Clock;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::checkpoint::Checkpoints;
use crate::failure::Failure;
use crate::heads::Heads;

/// Callers that share one commit at most. More would only make the first of them wait longer.
const BATCH: usize = 256;

/// What work sees: an open write transaction.
pub(crate) struct Session<'w> {
    pub(crate) conn: &'w Connection,
    pub(crate) heads: &'w mut Heads,
    pub(crate) clock: &'w dyn Clock,
}

/// One caller's work. It may run twice: when another caller's work in the same transaction fails, the transaction is
/// undone and everybody runs again alone. So it changes nothing but the database and [`Heads`]. Work that decides not
/// to write returns that as its value and must not have written anything before.
trait Work: Send {
    fn run(&mut self, session: &mut Session<'_>) -> Result<(), Failure>;
    fn answer(self: Box<Self>, failure: Option<Failure>);
}

struct Call<T, F> {
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, Failure>>,
}

impl<T, F> Work for Call<T, F>
where
    T: Send,
    F: FnMut(&mut Session<'_>) -> Result<T, Failure> + Send,
{
    fn run(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        self.value = Some((self.work)(session)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failure: Option<Failure>) {
        let answer = match (failure, self.value) {
            (None, Some(value)) => Ok(value),
            (Some(failure), _) => Err(failure),
            (None, None) => Err(Failure::Closed),
        };
        // A caller that went away does not need the answer; what it asked for is done.
        let _ = self.reply.send(answer);
    }
}

/// The way to the thread.
pub(crate) struct Writer {
    queue: std::sync::Mutex<Option<mpsc::Sender<Box<dyn Work>>>>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread on `conn`.
    pub(crate) fn start(
        conn: Connection,
        clock: Arc<dyn Clock>,
        checkpoints: Checkpoints,
        queue_len: usize,
    ) -> Result<Self, Failure> {
        let (sender, receiver) = mpsc::channel(queue_len);
        let mut thread = Thread { conn, clock, checkpoints, heads: Heads::default(), data_version: None };
        let thread = std::thread::Builder::new()
            .name("potok-sqlite-writer".to_owned())
            .spawn(move || thread.serve(receiver))
            .map_err(|error| Failure::Invalid(format!("the writer thread did not start: {error}")))?;
        Ok(Self { queue: std::sync::Mutex::new(Some(sender)), thread: std::sync::Mutex::new(Some(thread)) })
    }

    /// Does `work` in a transaction and returns when it is on the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Session<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let queue = queue.ok_or(Failure::Closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Box::new(Call { work, value: None, reply })).await.map_err(|_| Failure::Closed)?;
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
    conn: Connection,
    clock: Arc<dyn Clock>,
    checkpoints: Checkpoints,
    heads: Heads,
    data_version: Option<i64>,
}

/// Why a transaction was undone.
enum Undone {
    /// The work of one caller failed; the others may be innocent.
    ByWork(Failure),
    /// The transaction could not begin or end.
    AsWhole(Failure),
}

impl Thread {
    fn serve(&mut self, mut queue: mpsc::Receiver<Box<dyn Work>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(first) = queue.blocking_recv() {
            batch.push(first);
            while batch.len() < BATCH {
                let Ok(next) = queue.try_recv() else { break };
                batch.push(next);
            }
            self.commit_together(&mut batch);
            self.checkpoints.help(&self.conn);
        }
    }

    fn commit_together(&mut self, batch: &mut Vec<Box<dyn Work>>) {
        match self.transact(batch) {
            Ok(()) => batch.drain(..).for_each(|work| work.answer(None)),
            Err(Undone::ByWork(..)) if batch.len() > 1 => {
                for mut work in batch.drain(..) {
                    let failure = match self.transact(std::slice::from_mut(&mut work)) {
                        Ok(()) => None,
                        Err(Undone::ByWork(failure) | Undone::AsWhole(failure)) => Some(failure),
                    };
                    work.answer(failure);
                }
            }
            Err(Undone::ByWork(failure) | Undone::AsWhole(failure)) => {
                tracing::error!(error = %failure, calls = batch.len(), "a transaction was undone");
                batch.drain(..).for_each(|work| work.answer(Some(failure.clone())));
            }
        }
    }

    fn transact(&mut self, batch: &mut [Box<dyn Work>]) -> Result<(), Undone> {
        let done = self.try_transact(batch);
        if done.is_err() {
            self.heads.clear();
            if !self.conn.is_autocommit()
                && let Err(error) = self.conn.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a transaction could not be rolled back");
            }
        }
        done
    }

    fn try_transact(&mut self, batch: &mut [Box<dyn Work>]) -> Result<(), Undone> {
        let whole = |error: rusqlite::Error| Undone::AsWhole(error.into());
        execute(&self.conn, "BEGIN IMMEDIATE").map_err(whole)?;
        let data_version = data_version(&self.conn).map_err(whole)?;
        if self.data_version != Some(data_version) {
            // Another process wrote: what is remembered of the boxes may be out of date.
            self.heads.clear();
            self.data_version = Some(data_version);
        }
        let mut session = Session { conn: &self.conn, heads: &mut self.heads, clock: &*self.clock };
        for work in batch.iter_mut() {
            work.run(&mut session).map_err(Undone::ByWork)?;
        }
        execute(&self.conn, "COMMIT").map_err(whole)
    }
}

fn execute(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
