//! Work for the processor, away from the threads that answer calls.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// Runs signing and checking beside the async threads, and no more of it at once than there are processors: what is more
/// waits in order instead of slowing everything down.
#[derive(Clone, Debug)]
pub struct Offload(Arc<Semaphore>);

/// The work died half-way: a fault of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work with a signature was cut off by a fault of the server")]
pub struct CutOff;

impl Offload {
    /// At most `at_once` pieces of work at a time.
    pub fn new(at_once: NonZeroUsize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.get())))
    }

    /// Does `work` when its turn comes. Once begun it is finished, also when nobody waits for it any more.
    ///
    /// # Errors
    /// [`CutOff`] when `work` panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, CutOff> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| CutOff)?;
        let running = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        running.await.map_err(|error| {
            tracing::error!(%error, "work with a signature died");
            CutOff
        })
    }
}

impl Default for Offload {
    /// As many as there are processors.
    fn default() -> Self {
        Self::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn no_more_runs_at_once_than_allowed() {
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let offload = Offload::new(NonZeroUsize::new(2).unwrap());
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
        let offload = Offload::new(NonZeroUsize::MIN);
        assert_eq!(offload.run(|| panic!("on purpose")).await, Err::<(), _>(CutOff));
        assert_eq!(offload.run(|| 5).await, Ok(5));
    }
}
