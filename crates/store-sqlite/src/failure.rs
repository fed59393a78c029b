//! What SQLite says, in the words of the seam.

use potok_store_sql::Failure;

/// A result of SQLite.
pub(crate) trait OrFailure<T> {
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for rusqlite::Result<T> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(Failure::engine)
    }
}
