//! What can go wrong below the traits.

use std::sync::Arc;

use potok_store::StoreError;

/// Why a piece of work on the database failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Sqlite(Arc<rusqlite::Error>),
    #[error(transparent)]
    Named(#[from] potok_store_sql::Failure),
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

impl Failure {
    /// The same in the words of the traits.
    pub(crate) fn during(self, action: &'static str) -> StoreError {
        StoreError { action, source: Box::new(self) }
    }
}

/// A result of SQLite in the words of the seam.
pub(crate) trait OrFailure<T> {
    fn or_failure(self) -> Result<T, potok_store_sql::Failure>;
}

impl<T> OrFailure<T> for rusqlite::Result<T> {
    fn or_failure(self) -> Result<T, potok_store_sql::Failure> {
        self.map_err(potok_store_sql::Failure::engine)
    }
}
