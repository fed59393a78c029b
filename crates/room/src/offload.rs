//! Work for the processor, away from the threads that answer calls.
//!
//! This is the one rule of what runs where: work on up to [`HERE_BYTES`] of a caller's data is done where it comes up, because
//! handing it over costs more; everything longer runs here, no more of it at once than there are processors, and what more
//! comes waits in order. The queue of callers has an end, and so has their patience: beyond them they are refused, which costs
//! nothing.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::NoRoom;
use crate::crew::Crew;

/// Work on so many bytes takes less than a millisecond, whatever it is.
pub const HERE_BYTES: usize = 64 * 1024;
/// The same of answers, which are only written: JSON of so many bytes of protobuf.
pub const ANSWER_HERE_BYTES: usize = 256 * 1024;
/// Callers that may wait, for each processor.
const WAITING_PER_PROCESSOR: usize = 32;
/// How long a caller waits for a turn. Who asked has gone by then, or would rather come again.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Runs work beside the async threads, in turn.
#[derive(Clone, Debug)]
pub struct Offload(Arc<Turns>);

type Boxed = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

#[derive(Debug)]
struct Turns {
    crew: Crew,
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// The work died half-way: a fault of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("work beside the calls was cut off by a fault of the server")]
pub struct CutOff;

/// Why work for a caller was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// Too many wait already; nothing was begun.
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    /// It died half-way.
    #[error(transparent)]
    CutOff(#[from] CutOff),
}

/// A place in the queue, given back when it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Offload {
    /// At most `at_once` pieces of work at a time, and at most `waiting` callers behind them.
    pub fn new(at_once: NonZeroUsize, waiting: usize) -> Self {
        Self(Arc::new(Turns {
            crew: Crew::new(at_once.get()),
            running: Arc::new(Semaphore::new(at_once.get())),
            waiting: AtomicUsize::new(0),
            most_waiting: waiting,
        }))
    }

    /// Does `work` when its turn comes, however many wait: for what no caller waits for. Once begun it is finished, also when
    /// nobody waits for it any more.
    ///
    /// # Errors
    /// [`CutOff`] when `work` panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, CutOff> {
        let turn = Arc::clone(&self.0.running).acquire_owned().await.map_err(|_| CutOff)?;
        self.begin(turn, work).await
    }

    /// The same for a caller.
    ///
    /// # Errors
    /// [`NotDone::NoRoom`] at once when too many wait, and when the turn does not come within [`PATIENCE`];
    /// [`NotDone::CutOff`] when `work` panics.
    pub async fn serve<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let turn = self.turn().await?;
        Ok(self.begin(turn, work).await?)
    }

    /// A turn for a caller.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, NotDone> {
        if let Ok(turn) = Arc::clone(&self.0.running).try_acquire_owned() {
            return Ok(turn);
        }
        let _waiting = self.wait()?;
        let turn = Arc::clone(&self.0.running).acquire_owned();
        Ok(tokio::time::timeout(PATIENCE, turn).await.map_err(|_| NoRoom)?.map_err(|_| CutOff)?)
    }

    /// Does `work` on `bytes` of a caller's data: here when they are few, else in turn.
    ///
    /// # Errors
    /// As [`Offload::serve`].
    pub async fn serve_bytes<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        if bytes <= HERE_BYTES { Ok(work()) } else { self.serve(work).await }
    }

    fn wait(&self) -> Result<Waiting<'_>, NoRoom> {
        let turns = &*self.0;
        let waiting = Waiting(&turns.waiting);
        if turns.waiting.fetch_add(1, Ordering::AcqRel) >= turns.most_waiting {
            Err(NoRoom)
        } else {
            Ok(waiting)
        }
    }

    async fn begin<T: Send + 'static>(
        &self,
        turn: OwnedSemaphorePermit,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, CutOff> {
        let done = self.finish(turn, Box::new(move || Box::new(work()))).await?;
        done.downcast().map(|done| *done).map_err(|_| CutOff)
    }

    /// The same with what is done and found in boxes, so that the compiler makes it once.
    async fn finish(&self, turn: OwnedSemaphorePermit, work: Boxed) -> Result<Box<dyn Any + Send>, CutOff> {
        let (tell, told) = oneshot::channel();
        self.0.crew.give(Box::new(move || {
            let done = std::panic::catch_unwind(AssertUnwindSafe(work));
            drop(turn);
            if let Ok(done) = done {
                // Nobody may be waiting any more.
                let _unheard = tell.send(done);
            }
        }));
        told.await.map_err(|_| {
            tracing::error!("work beside the calls died");
            CutOff
        })
    }
}

impl Default for Offload {
    /// As many as there are processors.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self::new(processors, processors.get() * WAITING_PER_PROCESSOR)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn no_more_runs_at_once_than_allowed() {
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let offload = Offload::new(NonZeroUsize::new(2).unwrap(), 16);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let offload = offload.clone();
            tasks.spawn(async move {
                let work = || {
                    let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
                    MOST.fetch_max(running, Ordering::SeqCst);
                    std::thread::yield_now();
                    RUNNING.fetch_sub(1, Ordering::SeqCst);
                };
                offload.run(work).await.unwrap();
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        assert!(MOST.load(Ordering::SeqCst) <= 2);
    }

    #[tokio::test]
    async fn work_that_dies_leaves_its_place_to_others() {
        let offload = Offload::new(NonZeroUsize::MIN, 0);
        assert_eq!(offload.run(|| panic!("on purpose")).await, Err::<(), _>(CutOff));
        assert_eq!(offload.serve(|| panic!("on purpose")).await, Err::<(), _>(NotDone::CutOff(CutOff)));
        assert_eq!(offload.serve(|| 5).await, Ok(5));
    }

    /// One runs, one waits, and the third is told so at once; when the first is done there is a place again. Few bytes need no
    /// turn.
    #[tokio::test]
    async fn the_queue_of_callers_has_an_end() {
        let offload = Offload::new(NonZeroUsize::MIN, 1);
        let (finish, wait) = mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let first = tokio::spawn({
            let offload = offload.clone();
            async move {
                let work = move || {
                    begun.send(()).unwrap();
                    wait.recv().unwrap();
                };
                offload.serve(work).await
            }
        });
        begins.await.unwrap();
        let mut second = std::pin::pin!(offload.serve(|| 2));
        assert!(futures_pending(second.as_mut()).await);
        assert_eq!(offload.serve(|| 3).await, Err(NotDone::NoRoom(NoRoom)));
        assert_eq!(offload.serve_bytes(HERE_BYTES, || 4).await, Ok(4));
        assert_eq!(offload.serve_bytes(HERE_BYTES + 1, || 4).await, Err(NotDone::NoRoom(NoRoom)));
        finish.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(()));
        assert_eq!(second.await, Ok(2));
        assert_eq!(offload.serve(|| 3).await, Ok(3));
    }

    /// What runs is not hurried, and whoever waits behind it is told to come again.
    #[tokio::test(start_paused = true)]
    async fn the_patience_of_callers_has_an_end() {
        let offload = Offload::new(NonZeroUsize::MIN, 1);
        let (finish, wait) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let offload = offload.clone();
            async move { offload.serve(move || wait.recv().unwrap()).await }
        });
        tokio::task::yield_now().await;
        let asked = tokio::time::Instant::now();
        assert_eq!(offload.serve(|| 2).await, Err(NotDone::NoRoom(NoRoom)));
        assert_eq!(asked.elapsed(), PATIENCE);
        finish.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(()));
        assert_eq!(offload.serve(|| 3).await, Ok(3));
    }

    /// Polls once; whether it has to wait.
    async fn futures_pending<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
        std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending()))
            .await
    }
}
