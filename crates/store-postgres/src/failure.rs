//! What the server says, in the words of the seam. Decided by codes, never by texts or names of constraints.

use std::error::Error as _;
use std::sync::Arc;

use potok_store_sql::Failure;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::connections::PoolError;

/// A result of the client.
pub(crate) trait OrFailure<T> {
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, Error> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|error| {
            if passes(&error) { Failure::Unwritable(Arc::new(error)) } else { Failure::engine(error) }
        })
    }
}

impl<T> OrFailure<T> for Result<T, PoolError> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(|error| match error {
            PoolError::Closed => Failure::Closed,
            error => Failure::Unwritable(Arc::new(error)),
        })
    }
}

/// It will be better some time: the connection is lost, the server stops, starts, is full, or only reads.
fn passes(error: &Error) -> bool {
    is_lost(error)
        || error.code().is_some_and(|code| {
            let class = code.code().get(..2).unwrap_or_default();
            ["53", "58"].contains(&class)
                || [
                    SqlState::READ_ONLY_SQL_TRANSACTION,
                    SqlState::QUERY_CANCELED,
                    SqlState::LOCK_NOT_AVAILABLE,
                ]
                .contains(code)
        })
}

/// What a statement with a name gave has other columns now: the layout has changed.
pub(crate) fn is_outdated(error: &Error) -> bool {
    error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
}

/// The server does not know the name of a statement that it was told, or knows one that it was not told.
pub(crate) fn is_misnamed(error: &Error) -> bool {
    [SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::DUPLICATE_PSTATEMENT]
        .iter()
        .any(|code| error.code() == Some(code))
}

/// A statement failed by its name, and may do better without.
pub(crate) fn was_named(failure: &Failure) -> bool {
    error_of(failure).is_some_and(|error| is_outdated(error) || is_misnamed(error))
}

/// The connection is gone, and with it the answer to what was asked last.
pub(crate) fn is_lost(error: &Error) -> bool {
    match error.code() {
        Some(code) => {
            code.code().starts_with("08")
                || [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW]
                    .contains(code)
        }
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    }
}

fn error_of(failure: &Failure) -> Option<&Error> {
    let (Failure::Engine(source) | Failure::Unwritable(source)) = failure else { return None };
    match source.downcast_ref() {
        Some(PoolError::Backend(error)) => Some(error),
        _ => source.downcast_ref(),
    }
}

/// The connection is gone, or none can be made.
pub(crate) fn lost_connection(failure: &Failure) -> bool {
    error_of(failure).is_some_and(is_lost)
}

/// The transaction met another one, and may do better when it is done again.
pub(crate) fn met_another(failure: &Failure) -> bool {
    has_code(failure, &[SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED])
}

/// It wrote what is there already: since it looked, or what nobody may write.
pub(crate) fn met_a_row(failure: &Failure) -> bool {
    has_code(failure, &[SqlState::UNIQUE_VIOLATION])
}

fn has_code(failure: &Failure, codes: &[SqlState]) -> bool {
    error_of(failure).and_then(Error::code).is_some_and(|code| codes.contains(code))
}
