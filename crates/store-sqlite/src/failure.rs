//! What can go wrong below the traits.

use std::sync::Arc;

use potok_store::StoreError;
use potok_store::stored::StoredFormError;

/// Why a piece of work on the database failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Sqlite(Arc<rusqlite::Error>),
    #[error("an event cannot be read")]
    StoredForm(#[source] Arc<StoredFormError>),
    #[error("{0}")]
    Invalid(String),
    #[error("the store is closed")]
    Closed,
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl From<StoredFormError> for Failure {
    fn from(error: StoredFormError) -> Self {
        Self::StoredForm(Arc::new(error))
    }
}

impl Failure {
    /// The same in the words of the traits.
    pub(crate) fn during(self, action: &'static str) -> StoreError {
        StoreError { action, source: Box::new(self) }
    }
}
