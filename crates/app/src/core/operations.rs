//! Calls that must not be done twice: while one runs, a repeat of it waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use potok_store::Operation;
use potok_types::BoxId;
use tokio::sync::OwnedMutexGuard;

use crate::AppError;

type Key = (BoxId, Operation);
type Gates = Mutex<HashMap<Key, Arc<tokio::sync::Mutex<()>>>>;

/// The calls of this node that are running now. Across nodes the store's uniqueness decides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Gates>);

/// The right to run one operation; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    running: Running,
    key: Key,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Running {
    /// Waits until no call with the same operation runs.
    ///
    /// # Errors
    /// [`AppError::InProgress`] when it still runs after `patience`.
    pub(crate) async fn enter(
        &self,
        box_id: BoxId,
        operation: &Operation,
        patience: Duration,
    ) -> Result<Turn, AppError> {
        let key = (box_id, operation.clone());
        let gate = Arc::clone(self.gates().entry(key.clone()).or_default());
        let mut turn = Turn { running: self.clone(), key, guard: None };
        turn.guard =
            Some(tokio::time::timeout(patience, gate.lock_owned()).await.map_err(|_| AppError::InProgress)?);
        Ok(turn)
    }

    fn gates(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<tokio::sync::Mutex<()>>>> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nothing_is_left_behind() {
        let running = Running::default();
        let operation = Operation { method: "PostMessage", id: "a".to_owned() };
        let enter = |patience| running.enter(BoxId::ZERO, &operation, patience);
        let first = enter(Duration::from_secs(5)).await.unwrap();
        assert!(matches!(enter(Duration::ZERO).await, Err(AppError::InProgress)));
        let (second, ()) = tokio::join!(enter(Duration::from_secs(5)), async { drop(first) });
        drop(second.unwrap());
        assert!(running.gates().is_empty());
    }
}
