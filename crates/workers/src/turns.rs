//! A few at a time, and box after box.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use potok_types::BoxId;
use tokio::sync::oneshot;

/// Lets a few do something at once. Who waits gets a turn in the order of coming within a box, and boxes take turns: nobody
/// waits behind all that another box wants. Clones are the same.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Mutex<Waiting>>);

#[derive(Debug)]
struct Waiting {
    free: usize,
    /// Those who wait, by box; no queue is empty.
    queues: BTreeMap<BoxId, VecDeque<oneshot::Sender<Turn>>>,
    /// The box whose turn was last.
    last: BoxId,
}

/// The right to do it now; given on when dropped.
#[derive(Debug)]
pub struct Turn(Option<Turns>);

impl Turns {
    /// At most `at_once` at the same time.
    pub fn new(at_once: NonZeroUsize) -> Self {
        let waiting = Waiting { free: at_once.get(), queues: BTreeMap::new(), last: BoxId::ZERO };
        Self(Arc::new(Mutex::new(waiting)))
    }

    /// Waits for a turn of `box_id`. Who goes away while waiting loses nothing for others.
    pub async fn enter(&self, box_id: BoxId) -> Turn {
        let given = {
            let mut waiting = self.waiting();
            if waiting.free > 0 {
                waiting.free -= 1;
                waiting.last = box_id;
                return Turn(Some(self.clone()));
            }
            let (give, given) = oneshot::channel();
            waiting.queues.entry(box_id).or_default().push_back(give);
            given
        };
        // The turns live as long as somebody holds one, so one is given in the end.
        given.await.unwrap_or(Turn(None))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Who is next: the first one of the box behind the last one.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let behind = self.queues.range((Bound::Excluded(self.last), Bound::Unbounded)).next();
        let box_id = *behind.or_else(|| self.queues.first_key_value())?.0;
        let queue = self.queues.get_mut(&box_id)?;
        let next = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(&box_id);
        }
        self.last = box_id;
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        loop {
            let mut waiting = turns.waiting();
            let Some(next) = waiting.next() else {
                waiting.free += 1;
                return;
            };
            drop(waiting);
            match next.send(Turn(Some(turns.clone()))) {
                Ok(()) => return,
                // It went away; the turn is not to be given on twice.
                Err(mut unwanted) => drop(unwanted.0.take()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    fn box_of(n: u128) -> BoxId {
        BoxId::from_uuid(Uuid::from_u128(n))
    }

    /// Who comes in which order, and who gets a turn when each takes a second.
    async fn order(at_once: usize, comers: &[u128]) -> Vec<u128> {
        let turns = Turns::new(NonZeroUsize::new(at_once).unwrap());
        let served: Arc<Mutex<Vec<u128>>> = Arc::default();
        let mut tasks = tokio::task::JoinSet::new();
        for &comer in comers {
            let (turns, served) = (turns.clone(), Arc::clone(&served));
            tasks.spawn(async move {
                let turn = turns.enter(box_of(comer)).await;
                served.lock().unwrap().push(comer);
                crate::pause(Duration::from_secs(1)).await;
                drop(turn);
            });
        }
        tasks.join_all().await;
        assert_eq!(turns.waiting().free, at_once);
        assert!(turns.waiting().queues.is_empty());
        Arc::into_inner(served).unwrap().into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn boxes_take_turns() {
        assert_eq!(order(1, &[1, 1, 1, 1, 2, 3, 2]).await, [1, 2, 3, 1, 2, 1, 1]);
        assert_eq!(order(2, &[1, 1, 1, 1, 1, 2]).await, [1, 1, 2, 1, 1, 1]);
        assert_eq!(order(9, &[1, 2, 1]).await, [1, 2, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_while_waiting_is_passed_over() {
        let turns = Turns::new(NonZeroUsize::MIN);
        let first = turns.enter(box_of(1)).await;
        let waits = tokio::time::timeout(Duration::from_secs(1), turns.enter(box_of(2))).await;
        assert!(waits.is_err(), "one at a time");
        let (second, ()) = tokio::join!(turns.enter(box_of(3)), async { drop(first) });
        drop(second);
        assert_eq!(turns.waiting().free, 1);
    }
}
