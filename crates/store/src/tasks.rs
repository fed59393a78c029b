//! Work that a call has begun: who asks for its result, and what it is about.

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_types::{BoxId, PowerId, TaskId, Ticks, UserId};

use crate::StoreError;

/// Something that a call has begun: an invitation, or the registration of a power of attorney.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Who began it, and alone may ask for the result.
    pub user: UserId,
    /// The box in whose name.
    pub box_id: BoxId,
    /// When it was asked for.
    pub started_at: Ticks,
    /// What it comes to.
    pub outcome: TaskOutcome,
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOutcome {
    /// This box is invited, or is a partner.
    Done {
        /// The box.
        counteragent: BoxId,
    },
    /// This box is invited when the document arrives there.
    WithDocument {
        /// The box.
        counteragent: BoxId,
        /// The document.
        document: DocumentRef,
    },
    /// There is nobody to invite.
    Failed {
        /// Why, for people.
        reason: String,
    },
    /// This power of attorney is in the register.
    Power {
        /// Its number.
        number: PowerId,
    },
    /// The power of attorney is not.
    NoPower {
        /// What is wrong, for programs.
        code: String,
        /// What is wrong, for people.
        reason: String,
    },
}

/// Tasks, as long as somebody may ask for them.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// Keeps a new task.
    async fn put_task(&self, task: &Task) -> Result<(), StoreError>;
    /// The task `id`.
    async fn task(&self, id: TaskId) -> Result<Option<Task>, StoreError>;
    /// Forgets tasks that were started before `before`: how many.
    async fn forget_tasks(&self, before: Ticks) -> Result<u64, StoreError>;
}
