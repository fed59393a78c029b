//! Tasks.

use async_trait::async_trait;
use potok_store::{StoreError, Task, Tasks};
use potok_types::{TaskId, Ticks};

use crate::MemoryStore;

#[async_trait]
impl Tasks for MemoryStore {
    async fn put_task(&self, task: &Task) -> Result<(), StoreError> {
        self.state().tasks.push(task.clone());
        Ok(())
    }

    async fn task(&self, id: TaskId) -> Result<Option<Task>, StoreError> {
        Ok(self.state().tasks.iter().find(|task| task.id == id).cloned())
    }

    async fn forget_tasks(&self, before: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let count = state.tasks.len();
        state.tasks.retain(|task| task.started_at >= before);
        Ok((count - state.tasks.len()) as u64)
    }
}
