//! What a worker is, and the loop that makes it work.

use std::time::Duration;

use crate::Backoff;

/// Pauses of a worker that cannot do its step.
const FAILING: Backoff = Backoff::new(&[
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
]);

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something; there may be more.
    Worked,
    /// There was nothing to do.
    Idle,
}

/// Somebody who works beside the calls.
pub trait Worker: Send {
    /// Why a step was not done.
    type Error: Send;

    /// What it is called in the log.
    fn name(&self) -> &'static str;

    /// One step. It is never cut in the middle, so it is short.
    ///
    /// # Errors
    /// Nothing could be done now; the step is tried again after a pause.
    fn step(&mut self) -> impl Future<Output = Result<Progress, Self::Error>> + Send;

    /// Waits until another step may find something to do. Freely cancellable.
    fn rest(&mut self) -> impl Future<Output = ()> + Send;

    /// Tells people of a failed step, which is tried again after `pause`.
    fn tell(&self, error: Self::Error, pause: Duration);

    /// Ends what steps have begun. There are no more of them.
    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// Lets so much time pass. The only place where this product waits for nothing but time.
#[expect(clippy::disallowed_methods, reason = "workers rest; tests pause the time of their runtime")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Makes `worker` work until `stop` is done, and lets it end what it has begun.
pub async fn run(mut worker: impl Worker, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let mut failures = 0;
    loop {
        let step = worker.step().await;
        let next = async {
            match step {
                Ok(Progress::Worked) => failures = 0,
                Ok(Progress::Idle) => {
                    failures = 0;
                    worker.rest().await;
                }
                Err(error) => {
                    failures += 1;
                    let time = FAILING.after(failures);
                    worker.tell(error, time);
                    pause(time).await;
                }
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = next => {}
        }
    }
    worker.finish().await;
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use tokio::time::Instant;

    use super::*;

    /// Does what it is told, and writes down when.
    struct Told {
        steps: VecDeque<Result<Progress, &'static str>>,
        began: Instant,
        seen: Arc<Mutex<Vec<String>>>,
    }

    impl Told {
        fn note(&self, what: &str) {
            let at = self.began.elapsed().as_millis();
            self.seen.lock().unwrap().push(format!("{at} {what}"));
        }
    }

    impl Worker for Told {
        type Error = &'static str;

        fn name(&self) -> &'static str {
            "told"
        }

        async fn step(&mut self) -> Result<Progress, &'static str> {
            let step = self.steps.pop_front().unwrap_or(Ok(Progress::Idle));
            self.note(&format!("{step:?}"));
            step
        }

        async fn rest(&mut self) {
            pause(Duration::from_secs(10)).await;
        }

        fn tell(&self, error: &'static str, pause: Duration) {
            self.note(&format!("{error}, again in {pause:?}"));
        }

        async fn finish(&mut self) {
            self.note("finished");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_works_while_there_is_work_rests_when_there_is_none_and_pauses_longer_after_each_failure() {
        let seen = Arc::default();
        let steps = VecDeque::from([
            Ok(Progress::Worked),
            Err("bad"),
            Err("bad"),
            Ok(Progress::Worked),
            Err("bad"),
            Ok(Progress::Idle),
        ]);
        let told = Told { steps, began: Instant::now(), seen: Arc::clone(&seen) };
        run(told, pause(Duration::from_secs(15))).await;
        assert_eq!(
            *seen.lock().unwrap(),
            [
                "0 Ok(Worked)",
                "0 Err(\"bad\")",
                "0 bad, again in 200ms",
                "200 Err(\"bad\")",
                "200 bad, again in 1s",
                "1200 Ok(Worked)",
                "1200 Err(\"bad\")",
                "1200 bad, again in 200ms",
                "1400 Ok(Idle)",
                "11400 Ok(Idle)",
                "15000 finished",
            ]
        );
    }
}
