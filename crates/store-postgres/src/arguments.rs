//! Values on their way to the server and back: ids are their bytes, truth is boolean, numbers are eight bytes long.

use std::error::Error;

use bytes::BytesMut;
use potok_store_sql::{Failure, Row, Value};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// One argument.
#[derive(Debug)]
pub(crate) struct Argument<'a>(pub(crate) Value<'a>);

impl Argument<'_> {
    /// What the server is told that it is. Nothing is of whatever type stands in its place.
    pub(crate) const fn kind(&self) -> Type {
        match self.0 {
            Value::Null => Type::UNKNOWN,
            Value::Int(_) => Type::INT8,
            Value::Text(_) => Type::TEXT,
            Value::Id(_) | Value::Bytes(_) => Type::BYTEA,
            Value::Numbers(_) => Type::INT8_ARRAY,
        }
    }
}

impl ToSql for Argument<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(kind, out),
            // The one character that the server takes in no text.
            Value::Text(text) if text.contains('\0') => text.replace('\0', "\u{fffd}").to_sql(kind, out),
            Value::Text(text) => text.to_sql(kind, out),
            Value::Id(id) => id.as_bytes().as_slice().to_sql(kind, out),
            Value::Bytes(bytes) => bytes.to_sql(kind, out),
            Value::Numbers(numbers) => numbers.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// What stands in one column.
struct Column<'a>(Value<'a>);

impl<'a> FromSql<'a> for Column<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *kind {
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(kind, raw)?.into()),
            Type::TEXT => Value::Text(<&str>::from_sql(kind, raw)?),
            Type::BYTEA => Value::Bytes(raw),
            ref other => {
                return Err(format!("a column has the type {other}, which no statement asks for").into());
            }
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A row of an answer.
pub(crate) struct Columns(pub(crate) tokio_postgres::Row);

impl Row for Columns {
    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        self.0.try_get::<_, Column<'_>>(column).map(|column| column.0).map_err(Failure::engine)
    }
}
