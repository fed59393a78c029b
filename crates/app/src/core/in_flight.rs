//! Calls that must not be done twice: while one runs, a repeat of it waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use potok_store::{EventPlace, Operation};
use potok_types::BoxId;
use tokio::sync::OwnedMutexGuard;

use super::{Committed, Core, CoreError, Missing};

type Key = (BoxId, Operation);
type Gates = Mutex<HashMap<Key, Arc<tokio::sync::Mutex<()>>>>;

/// The same operation is still running.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("Request processing is in progress. Please, retry later.")]
pub(crate) struct InProgress;

/// The calls of this node that are running now. Across nodes the store's uniqueness decides.
#[derive(Clone, Debug)]
pub(crate) struct InFlight {
    gates: Arc<Gates>,
    patience: Duration,
}

/// The right to run one operation; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    running: InFlight,
    key: Key,
    guard: Option<OwnedMutexGuard<()>>,
}

impl InFlight {
    /// A repeat waits for the first call as long as `patience`.
    pub(crate) fn new(patience: Duration) -> Self {
        Self { gates: Arc::default(), patience }
    }

    /// Waits until no call with the same operation runs.
    async fn enter(&self, box_id: BoxId, operation: &Operation) -> Result<Turn, InProgress> {
        let key = (box_id, operation.clone());
        let gate = Arc::clone(self.gates().entry(key.clone()).or_default());
        let mut turn = Turn { running: self.clone(), key, guard: None };
        let entered = tokio::time::timeout(self.patience, gate.lock_owned()).await;
        turn.guard = Some(entered.map_err(|_| InProgress)?);
        Ok(turn)
    }

    fn gates(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<tokio::sync::Mutex<()>>>> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut gates = self.running.gates();
        // Those who wait hold the gate too; the last one out removes it.
        if gates.get(&self.key).is_some_and(|gate| Arc::strong_count(gate) == 1) {
            gates.remove(&self.key);
        }
    }
}

impl Core {
    /// Does `call`, which commits a message's event under `operation`, unless that was done before. Either way the answer is
    /// the ready event that it made; one that was made before is given to whom `admit` lets see it.
    ///
    /// # Errors
    /// What `call` or `admit` says; [`InProgress`] when the same call runs for too long.
    pub(crate) async fn once<E, A>(
        &self,
        box_id: BoxId,
        operation: &Operation,
        call: impl Future<Output = Result<Committed, E>>,
        admit: impl FnOnce(EventPlace) -> A,
    ) -> Result<Bytes, E>
    where
        E: From<CoreError> + From<InProgress>,
        A: Future<Output = Result<(), E>>,
    {
        let _turn = self.running.enter(box_id, operation).await?;
        // The append looks for the operation itself, so the store is asked here only where nothing was written: what was done before
        // may not be possible any more, or change nothing a second time.
        let done = match call.await {
            Ok(Committed::Written(written)) => match written.into_iter().next_back() {
                Some(last) => return Ok(last.ready),
                None => Err(CoreError::CutOff.into()),
            },
            Ok(Committed::Repeated(made)) => Ok(made),
            Err(error) => Err(error),
        };
        let made = match done {
            Ok(made) => made,
            Err(error) => {
                let before = self.journal.operation(box_id, operation).await.map_err(CoreError::from)?;
                let made = before.ok_or(error)?;
                // It may be this very call of which only the answer was lost, and nobody was woken then.
                self.deliveries.ring(box_id);
                made
            }
        };
        admit(made).await?;
        let found = self.readings.event(box_id, made.event).await.map_err(CoreError::from)?;
        let found = found.ok_or(Missing::Event { box_id, event: made.event });
        Ok(found.map_err(CoreError::from)?.box_event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nothing_is_left_behind() {
        let running = InFlight::new(Duration::from_secs(5));
        let hasty = InFlight { patience: Duration::ZERO, ..running.clone() };
        let operation = Operation { method: "PostMessage", id: "a".to_owned() };
        let first = running.enter(BoxId::ZERO, &operation).await.unwrap();
        assert!(hasty.enter(BoxId::ZERO, &operation).await.is_err());
        let (second, ()) = tokio::join!(running.enter(BoxId::ZERO, &operation), async { drop(first) });
        drop(second.unwrap());
        assert!(running.gates().is_empty());
    }
}
