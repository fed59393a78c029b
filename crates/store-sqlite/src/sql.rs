//! Between columns and the types of the product.

use potok_store::{StreamId, StreamKind};
use potok_types::{BoxId, ContentHash, DepartmentId, EntityId, EventId, MessageId, OrgId, RouteId, UserId};
use rusqlite::Row;
use rusqlite::types::FromSqlError;
use uuid::Uuid;

/// An id that lies in a column as 16 bytes.
pub(crate) trait Guid {
    fn from_guid(uuid: Uuid) -> Self;
}

macro_rules! guids {
    ($($name:ident),*) => {$(
        impl Guid for $name {
            fn from_guid(uuid: Uuid) -> Self {
                Self::from_uuid(uuid)
            }
        }
    )*};
}

guids!(BoxId, DepartmentId, EntityId, EventId, MessageId, OrgId, RouteId, UserId);

/// The id in `column`.
pub(crate) fn guid<T: Guid>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(column).map(|bytes| T::from_guid(Uuid::from_bytes(bytes)))
}

/// The id in `column`, if there is one.
pub(crate) fn optional_guid<T: Guid>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(|bytes| T::from_guid(Uuid::from_bytes(bytes))))
}

/// The stream whose kind is in `column` and whose id in the one after it.
pub(crate) fn stream_id(row: &Row<'_>, column: usize) -> rusqlite::Result<StreamId> {
    Ok(StreamId { kind: StreamKind::new(row.get(column)?), id: Uuid::from_bytes(row.get(column + 1)?) })
}

/// The digest in `column`.
pub(crate) fn content_hash(row: &Row<'_>, column: usize) -> rusqlite::Result<ContentHash> {
    row.get(column).map(ContentHash::from_bytes)
}

/// A number that the type has no value for: the database was written by a newer program, or is damaged.
pub(crate) fn out_of_range(column: usize, number: i64) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        rusqlite::types::Type::Integer,
        Box::new(FromSqlError::OutOfRange(number)),
    )
}
