//! Appends that come while others are on their way: they wait for them, and then go together in one transaction, as many as there are, so
//! that they wait for the disk once. A box takes one transaction after the other; a transaction takes one box or many.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use potok_store_sql::Failure;
use potok_store_sql::journal::Prepared;
use potok_types::BoxId;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::Appends;
use crate::failure::lost_connection;
use crate::rounds::MergedFrom;
use crate::runner::Broken;
use crate::writing::{Outcome, Writer};

/// Appends to one box in one transaction at most.
const OF_BOX: usize = 32;
/// Appends in one transaction after which it takes no more boxes.
const ENOUGH: usize = 64;
/// Transactions over many boxes that go on at once: while one waits for the disk, another one is written.
const AT_ONCE: usize = 2;

/// An append that waits, and who hears of it.
struct Waiting {
    prepared: Arc<Prepared>,
    answer: oneshot::Sender<Result<Outcome, Failure>>,
}

/// What goes to a box.
#[derive(Default)]
struct OfBox {
    waiting: VecDeque<Waiting>,
    /// Somebody is at work there.
    is_taken: bool,
}

#[derive(Default)]
struct State {
    boxes: HashMap<BoxId, OfBox>,
    /// Boxes at which nobody is at work and something waits, those first that wait longest.
    next: VecDeque<BoxId>,
    /// Transactions that go on, but for those of a box that is left to one of its own.
    going: usize,
}

/// What waits.
pub(crate) struct Queues {
    /// `None`: each box alone, by statements one after the other, as it is on Citus.
    how: Option<Appends>,
    state: Mutex<State>,
}

impl Queues {
    pub(crate) fn new(how: Option<Appends>) -> Self {
        Self { how, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    const fn is_apart(&self) -> bool {
        matches!(self.how, None | Some(Appends::Apart))
    }

    /// Whether one more transaction is to begin, which then counts.
    fn begins(&self, state: &mut State) -> bool {
        let begins = !state.next.is_empty() && (self.is_apart() || state.going < AT_ONCE);
        state.going += usize::from(begins);
        begins
    }

    /// Whether somebody has to go, see [`Self::begins`].
    fn join(&self, box_id: BoxId, waiting: Waiting) -> bool {
        let mut state = self.state();
        let of_box = state.boxes.entry(box_id).or_default();
        let is_next = of_box.waiting.is_empty() && !of_box.is_taken;
        of_box.waiting.push_back(waiting);
        if is_next {
            state.next.push_back(box_id);
        }
        self.begins(&mut state)
    }

    /// What goes next in one transaction, if anything waits.
    fn take(&self) -> Vec<(BoxId, Vec<Waiting>)> {
        let mut state = self.state();
        let state = &mut *state;
        let enough = if self.is_apart() { 1 } else { ENOUGH };
        let (mut taken, mut count) = (Vec::new(), 0);
        while count < enough
            && let Some(box_id) = state.next.pop_front()
        {
            let of_box = state.boxes.entry(box_id).or_default();
            of_box.is_taken = true;
            let some: Vec<Waiting> = of_box.waiting.drain(..of_box.waiting.len().min(OF_BOX)).collect();
            count += some.len();
            taken.push((box_id, some));
        }
        taken
    }

    /// Nobody is at work at the box any more; whether somebody has to go.
    fn leave(&self, box_id: BoxId) -> bool {
        let mut state = self.state();
        let Some(of_box) = state.boxes.get_mut(&box_id) else { return false };
        of_box.is_taken = false;
        if of_box.waiting.is_empty() {
            state.boxes.remove(&box_id);
        } else {
            state.next.push_back(box_id);
        }
        self.begins(&mut state)
    }

    /// One transaction less goes on; whether another one has to.
    fn end(&self) -> bool {
        let mut state = self.state();
        state.going -= 1;
        self.begins(&mut state)
    }
}

/// Somebody is at work at a box; when that ends, however it ends, what waits there goes on.
struct Turn {
    writer: Writer,
    box_id: BoxId,
    waiting: Vec<Waiting>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.writer.queues.leave(self.box_id) {
            Going::begin(&self.writer);
        }
    }
}

impl Turn {
    fn prepared(&self) -> Vec<Arc<Prepared>> {
        self.waiting.iter().map(|it| Arc::clone(&it.prepared)).collect()
    }

    fn tell(mut self, done: Vec<Result<Outcome, Failure>>) {
        let waiting = std::mem::take(&mut self.waiting);
        // Others are at it while these are told.
        drop(self);
        for (Waiting { answer, .. }, done) in waiting.into_iter().zip(done) {
            // Whoever does not wait any more does not need to know.
            let _told = answer.send(done);
        }
    }

    /// In transactions of this box.
    async fn alone(self, may_be_there: bool) {
        let done = self.writer.append_all(&self.prepared(), may_be_there).await;
        self.tell(done);
    }
}

/// Somebody goes from transaction to transaction, as long as anything waits.
struct Going {
    writer: Writer,
    is_done: bool,
}

impl Drop for Going {
    fn drop(&mut self) {
        if !self.is_done && !std::thread::panicking() {
            // The runtime ends: nobody will go, and those who wait hear that.
            drop(self.turns());
        }
        if self.writer.queues.end() {
            Self::begin(&self.writer);
        }
    }
}

impl Going {
    /// Begins one that counts already.
    fn begin(writer: &Writer) {
        let going = Self { writer: writer.clone(), is_done: false };
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(going.go());
        }
    }

    /// What goes next.
    fn turns(&self) -> Vec<Turn> {
        let turn = |(box_id, waiting)| Turn { writer: self.writer.clone(), box_id, waiting };
        self.writer.queues.take().into_iter().map(turn).collect()
    }

    async fn go(mut self) {
        loop {
            let turns = self.turns();
            match self.writer.queues.how {
                _ if turns.is_empty() => {
                    self.is_done = true;
                    return;
                }
                None => {
                    for turn in turns {
                        turn.alone(false).await;
                    }
                }
                Some(Appends::Apart | Appends::Together) => self.together(turns, MergedFrom(2)).await,
                #[cfg(feature = "cluster")]
                Some(Appends::Merged) => self.together(turns, MergedFrom(1)).await,
            }
        }
    }

    async fn together(&self, turns: Vec<Turn>, merged_from: MergedFrom) {
        let boxes: Vec<_> = turns.iter().map(|turn| (turn.box_id, turn.prepared())).collect();
        let (done, may_be_there) = match self.writer.append_to_many(&boxes, merged_from).await {
            Ok(done) => (done, false),
            // No connection, no room: alone it would be no other.
            Err(Broken::Undone(failure @ (Failure::Unwritable(_) | Failure::Closed)))
                if !lost_connection(&failure) =>
            {
                for turn in turns {
                    let all = turn.waiting.iter().map(|_| Err(failure.clone())).collect();
                    turn.tell(all);
                }
                return;
            }
            Err(broken) => {
                let may_be_there = matches!(broken, Broken::Unknown(_));
                tracing::debug!(
                    error = %broken.failure(), boxes = boxes.len(),
                    "a transaction over many boxes failed; each box goes alone"
                );
                (boxes.iter().map(|_| None).collect(), may_be_there)
            }
        };
        for (turn, done) in turns.into_iter().zip(done) {
            match done {
                Some(done) => turn.tell(done.into_iter().map(Ok).collect()),
                // It may wait long for who holds the box, and the others do not wait for it.
                None => drop(tokio::spawn(turn.alone(may_be_there))),
            }
        }
    }
}

impl Writer {
    /// See [`potok_store_sql::Backend::append`]. What was begun goes to its end, whether anybody waits for it or not.
    pub(crate) async fn append(&self, prepared: Prepared) -> Result<Outcome, Failure> {
        let (box_id, (answer, answered)) = (prepared.box_id(), oneshot::channel());
        if self.queues.join(box_id, Waiting { prepared: Arc::new(prepared), answer }) {
            Going::begin(self);
        }
        answered.await.map_err(|_| Failure::Invalid("a transaction was broken off".to_owned()))?
    }
}
