//! What SQLite says, in the words of the seam.

use std::sync::Arc;

use potok_store_sql::Failure;
use rusqlite::{ErrorCode, ffi};

/// A result of SQLite.
pub(crate) trait OrFailure<T> {
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for rusqlite::Result<T> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|error| match error.sqlite_error_code() {
            // The disk is full or broken, or another process has held the database longer than anybody waits.
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked,
            ) => Failure::Unwritable(Arc::new(error)),
            // The store was copied to another one, which is used in its place: only then triggers refuse.
            Some(ErrorCode::ConstraintViolation)
                if error
                    .sqlite_error()
                    .is_some_and(|it| it.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER) =>
            {
                Failure::Unwritable(Arc::new(error))
            }
            _ => Failure::engine(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Error;
    use rusqlite::ffi::Error as Code;

    use super::*;

    #[test]
    fn what_passes_is_told_from_what_is_wrong() {
        for (code, passes) in [
            (ffi::SQLITE_FULL, true),
            (ffi::SQLITE_IOERR_WRITE, true),
            (ffi::SQLITE_IOERR_FSYNC, true),
            (ffi::SQLITE_READONLY, true),
            (ffi::SQLITE_BUSY, true),
            (ffi::SQLITE_CONSTRAINT_TRIGGER, true),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, false),
            (ffi::SQLITE_CORRUPT, false),
        ] {
            let failed: rusqlite::Result<()> = Err(Error::SqliteFailure(Code::new(code), None));
            let failure = failed.or_failure().unwrap_err();
            assert_eq!(matches!(failure, Failure::Unwritable(_)), passes, "{code}");
            assert_eq!(failure.during("test").is_unwritable(), passes, "{code}");
        }
    }
}
