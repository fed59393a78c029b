//! Values on their way to the server and back: ids are their bytes, truth is boolean, numbers are eight bytes long.

use std::error::Error;

use bytes::BytesMut;
use potok_store_sql::{Failure, Row, Value};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

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
            Value::Text(text) if text.contains('\0') => without_zeros(text.to_owned()).to_sql(kind, out),
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

/// An argument that is kept until it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kept {
    Null,
    Int(i64),
    Id(Uuid),
    Text(String),
    Bytes(Vec<u8>),
    Numbers(Vec<i64>),
}

impl From<Value<'_>> for Kept {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Id(id) => Self::Id(id),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_owned()),
            Value::Numbers(numbers) => Self::Numbers(numbers.to_owned()),
        }
    }
}

impl Kept {
    /// How many bytes there are of what has no fixed length.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }

    /// In the form in which it is sent.
    pub(crate) fn argument(&self) -> Argument<'_> {
        Argument(match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Id(id) => Value::Id(*id),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Numbers(numbers) => Value::Numbers(numbers),
        })
    }
}

/// Many arguments that stand in the same place of a statement, as a list.
#[derive(Debug)]
pub(crate) enum List {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl List {
    /// What the server is told that it is, and its name.
    pub(crate) const fn kind(&self) -> (Type, &'static str) {
        match self {
            Self::Ints(_) => (Type::INT8_ARRAY, "bigint[]"),
            Self::Texts(_) => (Type::TEXT_ARRAY, "text[]"),
            Self::Bytes(_) => (Type::BYTEA_ARRAY, "bytea[]"),
        }
    }
}

impl ToSql for List {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Ints(numbers) => numbers.to_sql(kind, out),
            Self::Texts(texts) => texts.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A text as the server takes it: one character it takes in none.
pub(crate) fn without_zeros(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
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
