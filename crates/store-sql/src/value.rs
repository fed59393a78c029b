//! Values on their way into statements and out of rows.

use potok_domain::AddresseeId;
use potok_domain::webhook::WebhookId;
use potok_types::{
    BoxId, ContentHash, DepartmentId, EntityId, EventId, GroupId, IndexKey, MessageId, OrgId, PacketId,
    PowerId, RouteId, TaskId, Ticks, UserId,
};
use uuid::Uuid;

use crate::Failure;

/// One argument of a statement, or what stands in one column. A dialect gives ids and truth values the types that it has
/// for them; ids have the order of their bytes, and so do all [`Value::Bytes`] that stand in the place of one: none at
/// all comes before every id, seventeen times 0xff after every id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A number; 0 and 1 also stand for false and true.
    Int(i64),
    /// An id.
    Id(Uuid),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A set of numbers, as an argument only: one statement asks for all of them.
    Numbers(&'a [i64]),
}

/// The arguments of a statement: `args![box_id, &query.name, limit]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}

/// The arguments of one statement, several times over.
#[derive(Clone, Debug, Default)]
pub struct Batch<'a> {
    values: Vec<Value<'a>>,
    width: usize,
}

impl<'a> Batch<'a> {
    /// Adds the arguments of one more time, as many as all the others.
    pub fn push(&mut self, args: &[Value<'a>]) {
        debug_assert!(
            self.values.is_empty() || self.width == args.len(),
            "one statement has one number of them"
        );
        self.width = args.len();
        self.values.extend_from_slice(args);
    }

    /// Each of the arguments, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Value<'a>]> {
        self.values.chunks(self.width.max(1))
    }
}

impl<'a, const N: usize> FromIterator<[Value<'a>; N]> for Batch<'a> {
    fn from_iter<I: IntoIterator<Item = [Value<'a>; N]>>(each: I) -> Self {
        Self { values: each.into_iter().flatten().collect(), width: N }
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<$id> for Value<'_> {
            fn from(id: $id) -> Self {
                Self::Id(id.uuid())
            }
        }

        impl FromValue<'_> for $id {
            fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
                Uuid::from_value(value).map($id::from_uuid)
            }
        }
    )*};
}

ids!(
    BoxId,
    DepartmentId,
    EntityId,
    EventId,
    GroupId,
    MessageId,
    OrgId,
    PacketId,
    PowerId,
    RouteId,
    TaskId,
    UserId
);

impl From<WebhookId> for Value<'_> {
    fn from(id: WebhookId) -> Self {
        Self::Id(id.0)
    }
}

impl FromValue<'_> for WebhookId {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        Uuid::from_value(value).map(WebhookId)
    }
}

macro_rules! numbers {
    ($($number:ident),*) => {$(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self::Int(number.into())
            }
        }

        impl FromValue<'_> for $number {
            fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
                let Value::Int(number) = value else { return Err("a number") };
                number.try_into().map_err(|_| concat!("a number that fits into ", stringify!($number)))
            }
        }
    )*};
}

numbers!(i64, i32, u32, u16, u8);

impl From<Uuid> for Value<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

/// Without its kind.
impl From<AddresseeId> for Value<'_> {
    fn from(id: AddresseeId) -> Self {
        match id {
            AddresseeId::User(id) => id.into(),
            AddresseeId::Department(id) => id.into(),
        }
    }
}

impl From<IndexKey> for Value<'_> {
    fn from(key: IndexKey) -> Self {
        Self::Int(key.get())
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<Ticks> for Value<'_> {
    fn from(ticks: Ticks) -> Self {
        Self::Int(ticks.get())
    }
}

/// How many rows, or how far.
impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [i64]> for Value<'a> {
    fn from(numbers: &'a [i64]) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a ContentHash> for Value<'a> {
    fn from(hash: &'a ContentHash) -> Self {
        Self::Bytes(hash.as_bytes())
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What can be read from a column.
pub trait FromValue<'r>: Sized {
    /// The value.
    ///
    /// # Errors
    /// What was expected, in words.
    fn from_value(value: Value<'r>) -> Result<Self, &'static str>;
}

impl FromValue<'_> for Uuid {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        match value {
            Value::Id(id) => Some(id),
            Value::Bytes(bytes) => Self::from_slice(bytes).ok(),
            _ => None,
        }
        .ok_or("an id")
    }
}

impl FromValue<'_> for bool {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            _ => Err("0 or 1"),
        }
    }
}

impl FromValue<'_> for Ticks {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        i64::from_value(value).map(Self::new)
    }
}

impl FromValue<'_> for IndexKey {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        i64::from_value(value).map(Self::new)
    }
}

impl<'r> FromValue<'r> for &'r str {
    fn from_value(value: Value<'r>) -> Result<Self, &'static str> {
        if let Value::Text(text) = value { Ok(text) } else { Err("a text") }
    }
}

impl FromValue<'_> for String {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        <&str>::from_value(value).map(str::to_owned)
    }
}

impl<'r> FromValue<'r> for &'r [u8] {
    fn from_value(value: Value<'r>) -> Result<Self, &'static str> {
        if let Value::Bytes(bytes) = value { Ok(bytes) } else { Err("bytes") }
    }
}

impl FromValue<'_> for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        <&[u8]>::from_value(value).map(<[u8]>::to_vec)
    }
}

impl<const N: usize> FromValue<'_> for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        <&[u8]>::from_value(value)?.try_into().map_err(|_| "bytes of the right number")
    }
}

impl FromValue<'_> for ContentHash {
    fn from_value(value: Value<'_>) -> Result<Self, &'static str> {
        <[u8; 32]>::from_value(value).map(Self::from_bytes)
    }
}

impl<'r, T: FromValue<'r>> FromValue<'r> for Option<T> {
    fn from_value(value: Value<'r>) -> Result<Self, &'static str> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// One row of an answer.
pub trait Row {
    /// What stands in a column, counted from 0.
    ///
    /// # Errors
    /// There is no such column, or it holds what no [`Value`] can.
    fn value(&self, column: usize) -> Result<Value<'_>, Failure>;
}

impl dyn Row + '_ {
    /// What stands in a column, counted from 0.
    ///
    /// # Errors
    /// There is no such column, or it holds something else.
    pub fn get<'r, T: FromValue<'r>>(&'r self, column: usize) -> Result<T, Failure> {
        let value = self.value(column)?;
        T::from_value(value).map_err(|expected| strange(column, value, expected))
    }
}

/// A column that holds something else than `expected`.
pub fn strange(column: usize, found: Value<'_>, expected: &'static str) -> Failure {
    let found = match found {
        Value::Null => "nothing".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Text(text) => format!("a text of {} bytes", text.len()),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Numbers(numbers) => format!("{} numbers", numbers.len()),
    };
    Failure::Column { column, found, expected }
}
