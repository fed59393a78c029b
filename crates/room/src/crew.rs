//! Threads of their own for heavy work.
//!
//! They run when nobody else wants the processor: a thread that answers calls is woken for microseconds at a time, and would
//! wait for the end of a turn of the scheduler (milliseconds, several times for one call) behind work of the same priority.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a thread does for others.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// A thread that has had nothing to do for this long ends, and what it kept goes with it.
const IDLE: Duration = Duration::from_secs(10);

/// Some threads, which are begun when they are needed.
#[derive(Clone)]
pub(crate) struct Crew(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crew").field("most", &self.0.most).finish_non_exhaustive()
    }
}

impl Crew {
    /// At most `most` threads.
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Shared { state: Mutex::default(), work: Condvar::new(), most: most.max(1) }))
    }

    /// Has `job` done, after those that were given before. When the system has no thread for it, it is dropped undone.
    pub(crate) fn give(&self, job: Job) {
        let mut state = self.0.state();
        state.jobs.push_back(job);
        if state.idle >= state.jobs.len() {
            self.0.work.notify_one();
            return;
        }
        if state.threads == self.0.most {
            return;
        }
        let shared = Arc::clone(&self.0);
        let begun = std::thread::Builder::new().name("potok-work".to_owned()).spawn(move || shared.serve());
        match begun {
            Ok(_) => state.threads += 1,
            // Those that are there will do it; if there are none, nobody does.
            Err(error) if state.threads == 0 => {
                let undone = state.jobs.pop_back();
                drop(state);
                drop(undone);
                tracing::error!(%error, "no thread can be begun: raise the limit of processes");
            }
            Err(_) => {}
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a thread does until there is nothing to do.
    fn serve(&self) {
        yield_to_others();
        while let Some(job) = self.next() {
            // Whoever waits for it finds out; the hook of panics has written where it was.
            let _died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            let (woken, waited) = self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.jobs.is_empty() {
                state.threads -= 1;
                return None;
            }
        }
    }
}

/// Lets every other thread go first: the calling one runs when a processor has nothing else to do, and leaves it at once when
/// somebody who is not like it is woken. (Of a lower priority alone it would finish its turn of some milliseconds first.)
///
/// Does nothing on systems that do not know such threads.
pub fn yield_to_others() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::unix::{
            NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy,
            thread_native_id,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let lowest = thread_priority::ThreadPriority::Min;
        // Where it is forbidden, everything works, only less smoothly.
        let _refused = set_thread_priority_and_policy(thread_native_id(), lowest, idle);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn jobs_are_done_by_no_more_threads_than_allowed_and_one_that_dies_ends_none() {
        let crew = Crew::new(2);
        let (done, told) = mpsc::channel();
        for number in 0..20 {
            let done = done.clone();
            crew.give(Box::new(move || {
                done.send(number).unwrap();
                assert!(number % 2 == 0, "on purpose");
            }));
            assert!(crew.0.state().threads <= 2);
        }
        let mut numbers: Vec<i32> = told.iter().take(20).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn they_let_others_go_first_and_leave_the_priority_of_others_alone() {
        use thread_priority::unix::{
            NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy,
        };
        let before = thread_schedule_policy().unwrap();
        let (tell, told) = mpsc::channel();
        Crew::new(1).give(Box::new(move || tell.send(thread_schedule_policy().unwrap()).unwrap()));
        assert_eq!(told.recv().unwrap(), ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle));
        assert_eq!(thread_schedule_policy().unwrap(), before);
    }
}
