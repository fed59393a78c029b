//! One line of the log for each request, written by a thread of its own: whoever waits for the answer does not wait for its line.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use potok_types::BoxId;

use crate::trace::TraceId;

/// Lines that wait at most: some megabytes. Beyond them lines are left out, and counted.
const MOST: usize = 16 * 1024;
/// How long lines gather, so that nobody has to wake the thread for each of them.
const BREATH: Duration = Duration::from_millis(10);

/// What a line tells.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) method: Option<&'static str>,
    pub(crate) status: u16,
    pub(crate) duration_us: u64,
    pub(crate) trace_id: TraceId,
    pub(crate) client_id: Option<String>,
    pub(crate) box_id: Option<BoxId>,
    pub(crate) bytes_in: Option<u64>,
    pub(crate) bytes_out: u64,
    pub(crate) solution: Option<String>,
    pub(crate) agent: Option<String>,
}

/// The way to the thread. It ends, with everything written, when this is dropped or finished.
pub(crate) struct Lines {
    /// Of good answers, each so-manieth has a line.
    every: u64,
    good: AtomicU64,
    shared: Arc<Shared>,
    is_served: bool,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<Line>,
    left_out: u64,
    /// The thread sleeps until somebody wakes it.
    is_asleep: bool,
    is_over: bool,
}

impl Shared {
    /// Nothing can panic while the lock is held, so its content is whole.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the line, if there is room. Whether the thread has to be woken.
    fn push(&self, line: Line) -> bool {
        let mut waiting = self.lock();
        if waiting.lines.len() >= MOST {
            waiting.left_out += 1;
            return false;
        }
        waiting.lines.push(line);
        std::mem::take(&mut waiting.is_asleep)
    }

    /// What has gathered, when there is something; `None` when nothing more will come.
    fn take(&self) -> Option<(Vec<Line>, u64)> {
        let mut waiting = self.lock();
        if waiting.lines.is_empty() && !waiting.is_over {
            waiting.is_asleep = true;
            let is_idle = |waiting: &mut Waiting| waiting.is_asleep && !waiting.is_over;
            waiting = self.wake.wait_while(waiting, is_idle).unwrap_or_else(PoisonError::into_inner);
        }
        let gathers = |waiting: &mut Waiting| !waiting.is_over && waiting.lines.len() < MOST / 2;
        let gathered = self.wake.wait_timeout_while(waiting, BREATH, gathers);
        let (mut waiting, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        let lines = std::mem::take(&mut waiting.lines);
        let left_out = std::mem::take(&mut waiting.left_out);
        (!lines.is_empty() || !waiting.is_over).then_some((lines, left_out))
    }
}

impl Lines {
    /// Starts the thread; without one, whoever has a line writes it. `every` is 1 where each answer has its line.
    pub(crate) fn start(every: u32) -> Self {
        let shared = Arc::new(Shared::default());
        let thread = std::thread::Builder::new().name("potok-lines".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                while let Some((lines, left_out)) = shared.take() {
                    lines.into_iter().for_each(write);
                    if left_out > 0 {
                        tracing::warn!(lines = left_out, "lines of requests were left out");
                    }
                }
            }
        });
        let thread = thread.ok();
        let (every, is_served) = (u64::from(every.max(1)), thread.is_some());
        Self { every, good: AtomicU64::new(0), shared, is_served, thread: Mutex::new(thread) }
    }

    /// Whether an answer with this status has a line: refusals and faults always have.
    pub(crate) fn wants(&self, status: u16) -> bool {
        tracing::enabled!(tracing::Level::INFO) && self.is_due(status)
    }

    fn is_due(&self, status: u16) -> bool {
        status >= 400 || self.good.fetch_add(1, Ordering::Relaxed).is_multiple_of(self.every)
    }

    /// Gives a line to the thread.
    pub(crate) fn write(&self, line: Line) {
        if !self.is_served {
            write(line);
        } else if self.shared.push(line) {
            self.shared.wake.notify_one();
        }
    }

    /// Waits until everything is written. Later lines are lost.
    pub(crate) fn finish(&self) {
        self.shared.lock().is_over = true;
        self.shared.wake.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A line that cannot be written is no reason to fail.
        let _ended = thread.map(JoinHandle::join);
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.wake.notify_one();
    }
}

fn write(line: Line) {
    tracing::info!(
        method = line.method,
        status = line.status,
        duration_us = line.duration_us,
        trace_id = %line.trace_id,
        client_id = line.client_id,
        box_id = line.box_id.map(tracing::field::display),
        bytes_in = line.bytes_in,
        bytes_out = line.bytes_out,
        solution = line.solution,
        agent = line.agent,
        "answered"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(status: u16) -> Line {
        Line {
            method: Some("GetEvent_V3"),
            status,
            duration_us: 1,
            trace_id: TraceId::default(),
            client_id: None,
            box_id: None,
            bytes_in: None,
            bytes_out: 2,
            solution: None,
            agent: None,
        }
    }

    #[test]
    fn what_has_no_room_is_counted_and_what_has_is_kept() {
        let shared = Shared::default();
        for _ in 0..MOST + 5 {
            assert!(!shared.push(line(200)), "the thread is not asleep");
        }
        let (lines, left_out) = shared.take().unwrap();
        assert_eq!((lines.len(), left_out), (MOST, 5));
        shared.lock().is_asleep = true;
        assert!(shared.push(line(200)), "whoever brings the first one wakes it");
        assert!(!shared.push(line(200)), "and nobody else");
        shared.lock().is_over = true;
        assert_eq!(shared.take().map(|(lines, left_out)| (lines.len(), left_out)), Some((2, 0)));
        assert!(shared.take().is_none(), "nothing more will come");
    }

    #[test]
    fn of_good_answers_some_have_a_line_and_of_others_all() {
        let lines = Lines::start(10);
        assert_eq!((0..100).filter(|_| lines.is_due(200)).count(), 10);
        assert!((0..100).all(|nth| lines.is_due(if nth % 2 == 0 { 404 } else { 500 })));
        lines.write(line(200));
        lines.finish();
        assert!(lines.shared.lock().lines.is_empty(), "everything was written");
    }
}
