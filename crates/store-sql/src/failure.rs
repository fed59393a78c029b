//! What can go wrong below the traits.

use std::error::Error;
use std::sync::Arc;

use potok_store::stored::StoredFormError;
use potok_store::{MovedAway, OtherLayout, StoreError, Unwritable};

/// Why a piece of work on the database failed. Cloned, because all callers of one transaction hear of its end.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The engine said so.
    #[error(transparent)]
    Engine(Arc<dyn Error + Send + Sync>),
    /// The engine cannot write now, for a reason that passes.
    #[error("the database cannot be written")]
    Unwritable(#[source] Arc<dyn Error + Send + Sync>),
    /// What stands in the journal is not an event that this program knows.
    #[error("an event cannot be read")]
    StoredForm(#[source] Arc<StoredFormError>),
    /// A column holds what it should not: the database was written by a newer program, or is damaged.
    #[error(
        "column {column} holds {found}, which is not {expected}: the database is damaged or newer than this program"
    )]
    Column {
        /// Counted from 0.
        column: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The database has another layout than the one that this program knows.
    #[error(transparent)]
    OtherLayout(OtherLayout),
    /// The store was left for a copy of it.
    #[error(transparent)]
    MovedAway(MovedAway),
    /// The work itself was wrong.
    #[error("{0}")]
    Invalid(String),
    /// The store takes no more work.
    #[error("the store is closed")]
    Closed,
}

impl From<StoredFormError> for Failure {
    fn from(error: StoredFormError) -> Self {
        Self::StoredForm(Arc::new(error))
    }
}

impl Failure {
    /// A failure of the engine.
    pub fn engine(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Engine(Arc::new(error))
    }

    /// The same in the words of the traits. `action` is the rest of «failed to …».
    pub fn during(self, action: &'static str) -> StoreError {
        match self {
            Self::Unwritable(_) => StoreError { action, source: Box::new(Unwritable(Box::new(self))) },
            Self::OtherLayout(other) => StoreError { action, source: Box::new(other) },
            Self::MovedAway(moved) => StoreError { action, source: Box::new(moved) },
            other => StoreError { action, source: Box::new(other) },
        }
    }
}
