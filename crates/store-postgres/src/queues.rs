//! Appends to one box that come while another one is on its way: they wait for it, and then go together in one transaction, as many as
//! there are. A box takes one transaction after the other, so each alone would wait for the disk once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use potok_store_sql::Failure;
use potok_store_sql::journal::Prepared;
use potok_types::BoxId;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::writing::{Outcome, Writer};

/// Appends of one transaction at most.
const TOGETHER: usize = 32;

/// An append that waits, and who hears of it.
struct Waiting {
    prepared: Arc<Prepared>,
    answer: oneshot::Sender<Result<Outcome, Failure>>,
}

/// Of each box at which somebody is at work, what waits.
#[derive(Default)]
pub(crate) struct Queues(Mutex<HashMap<BoxId, Vec<Waiting>>>);

impl Queues {
    fn boxes(&self) -> MutexGuard<'_, HashMap<BoxId, Vec<Waiting>>> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits behind whoever is at work at the box; `None`: nobody is, and the caller is from here on.
    fn join(
        &self,
        box_id: BoxId,
        prepared: &Arc<Prepared>,
    ) -> Option<oneshot::Receiver<Result<Outcome, Failure>>> {
        let mut boxes = self.boxes();
        let Some(waiting) = boxes.get_mut(&box_id) else {
            boxes.insert(box_id, Vec::new());
            return None;
        };
        let (answer, answered) = oneshot::channel();
        waiting.push(Waiting { prepared: Arc::clone(prepared), answer });
        Some(answered)
    }

    /// What is to be done next at the box; with nothing left nobody is at work there.
    fn next(&self, box_id: BoxId) -> Vec<Waiting> {
        let mut boxes = self.boxes();
        let Some(waiting) = boxes.get_mut(&box_id) else { return Vec::new() };
        let some: Vec<Waiting> = waiting.drain(..waiting.len().min(TOGETHER)).collect();
        if some.is_empty() {
            boxes.remove(&box_id);
        }
        some
    }
}

/// Somebody is at work at a box; when that ends, however it ends, what waits there goes on.
struct Turn {
    writer: Writer,
    box_id: BoxId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let waiting = self.writer.queues.next(self.box_id);
        // Without a runtime nobody waits any more.
        if let Some(runtime) = Handle::try_current().ok().filter(|_| !waiting.is_empty()) {
            let turn = Self { writer: self.writer.clone(), box_id: self.box_id };
            runtime.spawn(turn.take(waiting));
        }
    }
}

impl Turn {
    async fn take(self, waiting: Vec<Waiting>) {
        let prepared: Vec<Arc<Prepared>> = waiting.iter().map(|it| Arc::clone(&it.prepared)).collect();
        let done = self.writer.append_all(&prepared).await;
        // Others are at it while these are told.
        drop(self);
        for (Waiting { answer, .. }, done) in waiting.into_iter().zip(done) {
            // Whoever does not wait any more does not need to know.
            let _told = answer.send(done);
        }
    }
}

impl Writer {
    /// See [`potok_store_sql::Backend::append`].
    pub(crate) async fn append(&self, prepared: Prepared) -> Result<Outcome, Failure> {
        let (box_id, prepared) = (prepared.box_id(), Arc::new(prepared));
        if let Some(answered) = self.queues.join(box_id, &prepared) {
            let broken_off = |_| Failure::Invalid("a transaction was broken off".to_owned());
            return answered.await.map_err(broken_off)?;
        }
        let _turn = Turn { writer: self.clone(), box_id };
        self.append_one(prepared).await
    }
}
