//! Standard error, written by a thread of its own where nothing is wrong: who has an ordinary line does not wait for it.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Bytes of lines that wait at most. Beyond them lines are left out, and counted.
const MOST: usize = 4 << 20;
/// How long lines gather, to be written together.
const BREATH: Duration = Duration::from_millis(10);

static OUT: Out =
    Out { waiting: Mutex::new(Waiting::NOTHING), writing: Mutex::new(()), wake: Condvar::new() };

/// Lines on their way out.
struct Out {
    waiting: Mutex<Waiting>,
    /// Held by whoever writes, so that lines keep their order.
    writing: Mutex<()>,
    wake: Condvar,
}

struct Waiting {
    bytes: Vec<u8>,
    left_out: u64,
    is_asleep: bool,
}

impl Waiting {
    const NOTHING: Self = Self { bytes: Vec::new(), left_out: 0, is_asleep: false };

    /// Takes the line, if there is room.
    fn push(&mut self, line: &[u8]) {
        if self.bytes.len() + line.len() > MOST {
            self.left_out += 1;
        } else {
            self.bytes.extend_from_slice(line);
        }
    }
}

/// Nothing can panic while one of the locks is held, so what they guard is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Out {
    /// Writes what waits, and then `more`.
    fn write(&self, more: &[u8]) {
        let _turn = lock(&self.writing);
        let waiting = std::mem::take(&mut lock(&self.waiting).bytes);
        let mut stderr = io::stderr().lock();
        // There is nowhere to say that the log cannot be written.
        let _lost = stderr.write_all(&waiting).and_then(|()| stderr.write_all(more));
    }

    fn serve(&self) {
        loop {
            let mut waiting = lock(&self.waiting);
            if waiting.bytes.is_empty() {
                waiting.is_asleep = true;
                waiting = self
                    .wake
                    // Not by the bytes: who writes at once may have taken them meanwhile, and woken nobody.
                    .wait_while(waiting, |waiting| waiting.is_asleep)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            let gathers = |waiting: &mut Waiting| waiting.bytes.len() < MOST / 2;
            let gathered = self.wake.wait_timeout_while(waiting, BREATH, gathers);
            let (mut waiting, _) = gathered.unwrap_or_else(PoisonError::into_inner);
            let left_out = std::mem::take(&mut waiting.left_out);
            drop(waiting);
            self.write(&[]);
            if left_out > 0 {
                tracing::warn!(lines = left_out, "lines of the log were left out");
            }
        }
    }
}

/// Writes what waits now: before the process ends.
pub(super) fn flush() {
    OUT.write(&[]);
}

/// Where the log writes. Warnings and errors are out when their call returns, and what came before them too.
#[derive(Clone, Copy)]
pub(super) struct Stderr {
    /// There is a thread that writes what waits.
    is_served: bool,
}

impl Stderr {
    /// Starts the thread; without one, every line is written at once.
    pub(super) fn start() -> Self {
        static STARTED: OnceLock<bool> = OnceLock::new();
        let start = || {
            let thread = std::thread::Builder::new().name("potok-log".to_owned());
            thread.spawn(|| OUT.serve()).is_ok()
        };
        Self { is_served: *STARTED.get_or_init(start) }
    }
}

/// One line.
pub(super) struct Line {
    waits: bool,
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if !self.waits {
            OUT.write(line);
            return Ok(line.len());
        }
        let mut waiting = lock(&OUT.waiting);
        waiting.push(line);
        let is_asleep = std::mem::take(&mut waiting.is_asleep);
        drop(waiting);
        if is_asleep {
            OUT.wake.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Stderr {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line { waits: self.is_served }
    }

    fn make_writer_for(&'w self, line: &Metadata<'_>) -> Line {
        Line { waits: self.is_served && *line.level() > Level::WARN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_left_out_as_a_whole() {
        let mut waiting = Waiting::NOTHING;
        let line = vec![b'x'; MOST / 4 - 1];
        for _ in 0..7 {
            waiting.push(&line);
        }
        assert_eq!((waiting.bytes.len(), waiting.left_out), (4 * line.len(), 3));
        waiting.push(b"ab\n");
        assert_eq!(waiting.left_out, 3, "a short one has room yet");
    }
}
