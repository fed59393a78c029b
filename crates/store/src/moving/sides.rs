//! The two sides of a copy, as a dialect is asked for them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use uuid::Uuid;

use super::{Cell, Shape, Table};
use crate::StoreError;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers, and truth as 0 and 1.
    Number,
    /// Texts.
    Text,
    /// Bytes and ids.
    Bytes,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// That a store has to do with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Of the copy: the same on both sides.
    pub id: Uuid,
    /// The other store is used in the place of this one, or this one in its place.
    pub is_finished: bool,
}

/// What a store says of copies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// It is copied to another one.
    pub leaving: Option<Mark>,
    /// It is a copy of another one.
    pub arriving: Option<Mark>,
}

impl Marks {
    /// Whether its copy is used in its place.
    pub fn is_left(&self) -> bool {
        self.leaving.is_some_and(|mark| mark.is_finished)
    }
}

/// A row that was written, changed or taken away.
#[derive(Clone, Debug)]
pub struct Change {
    /// Of this note; rising.
    pub number: i64,
    /// The table.
    pub table: String,
    /// The row, see [`super::key_text`].
    pub key: String,
}

/// What either side tells of its rows.
#[async_trait]
pub trait Rows: Send {
    /// Numbers of rows count within a box, not over all of them.
    fn counts_by_box(&self) -> bool;

    /// The columns of a table that are copied, by name.
    ///
    /// # Errors
    /// [`StoreError`], also in all that follows.
    async fn columns(&mut self, table: &Table) -> Result<Vec<Column>, StoreError>;

    /// What the store says of copies.
    async fn marks(&mut self) -> Result<Marks, StoreError>;

    /// Rows behind a key, in the order of keys.
    async fn page(
        &mut self,
        shape: &Shape,
        after: Option<&[Cell]>,
        most: usize,
    ) -> Result<Vec<Vec<Cell>>, StoreError>;

    /// The rows with these keys that there are, in no order.
    async fn rows(&mut self, shape: &Shape, keys: &[Vec<Cell>]) -> Result<Vec<Vec<Cell>>, StoreError>;

    /// How many rows there are.
    async fn count(&mut self, table: &Table) -> Result<u64, StoreError>;
}

/// The store that is copied, while servers are at work on it.
#[async_trait]
pub trait Source: Rows {
    /// From here on each change of a row is noted, in the transaction that makes it, by whomever.
    async fn begin_noting(&mut self, id: Uuid, shapes: &[Shape]) -> Result<(), StoreError>;

    /// Whether every table is being noted.
    async fn is_noting(&mut self) -> Result<bool, StoreError>;

    /// The first notes.
    async fn changes(&mut self, most: usize) -> Result<Vec<Change>, StoreError>;

    /// Takes notes away.
    async fn forget(&mut self, numbers: &[i64]) -> Result<(), StoreError>;

    /// A number that no row of the box has reached yet, but for those that are written meanwhile.
    async fn numbers_of(&mut self, box_id: &[u8]) -> Result<i64, StoreError>;

    /// From here on nobody else writes; readers go on. It ends with [`Self::leave`], or with this side.
    async fn lock(&mut self) -> Result<(), StoreError>;

    /// Nothing that is copied can be written any more, by whomever, and servers do not start: the copy is used.
    async fn leave(&mut self, shapes: &[Shape]) -> Result<(), StoreError>;

    /// There is no copy any more: nothing is noted, everybody may write.
    async fn give_up(&mut self) -> Result<(), StoreError>;
}

/// The store that becomes a copy.
#[async_trait]
pub trait Target: Rows {
    /// A table that has rows, if there is one.
    async fn used(&mut self) -> Result<Option<&'static str>, StoreError>;

    /// Becomes a copy: servers do not start until it is finished.
    async fn expect(&mut self, id: Uuid) -> Result<(), StoreError>;

    /// How far the copy is, by name.
    async fn places(&mut self) -> Result<BTreeMap<String, String>, StoreError>;

    /// Notes how far it is.
    async fn note(&mut self, name: &str, place: &str) -> Result<(), StoreError>;

    /// Takes away the rows with these keys and writes these, all or nothing, with a new place.
    async fn put(
        &mut self,
        shape: &Shape,
        keys: &[Vec<Cell>],
        rows: &[Vec<Cell>],
        place: Option<&str>,
    ) -> Result<(), StoreError>;

    /// Where the numbers of boxes begin: box, number, how many there is room for.
    async fn bases(&mut self) -> Result<Vec<(Vec<u8>, i64, i64)>, StoreError>;

    /// Notes where those of a box begin.
    async fn add_base(&mut self, box_id: &[u8], base: i64, room: i64) -> Result<(), StoreError>;

    /// The copy is whole: servers may start.
    async fn arrive(&mut self) -> Result<(), StoreError>;
}
