//! One store copied to another one of any dialect, row by row, while servers are at work on the first.
//!
//! Triggers of the source note each row that changes, in the transaction that changes it. So every table is read once in the order of
//! its keys, and what changed meanwhile is read again, as often as it takes; the last time with everybody else kept from writing.
//! A row is always copied as it is when it is read, so it does not matter in which order that happens, nor how often: what was broken off
//! goes on from the place that the target has noted with the rows.

mod sides;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use potok_types::{ContentHash, ContentRef};
use uuid::Uuid;

use crate::StoreError;

pub use sides::{Change, Column, Kind, Mark, Marks, Rows, Source, Target};
pub use tables::{TABLES, Table};

/// Rows that are read and written together.
const PAGE: usize = 500;
/// Notes that are read together: more than come meanwhile.
const CHANGES: usize = 4000;
/// Room for rows that a box gets while it is copied.
const GROWTH: i64 = 1 << 28;
/// The place of a table that was read to its end.
const END: &str = "end";

/// What stands in one column of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A table with its columns.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The table.
    pub table: &'static Table,
    /// What is copied of it, by name.
    pub columns: Vec<Column>,
    /// Where the columns of the key are.
    pub key: Vec<usize>,
    /// Where numbers of rows are.
    numbers: Vec<usize>,
    box_id: Option<usize>,
}

impl Shape {
    fn new(table: &'static Table, columns: Vec<Column>) -> Result<Self, StoreError> {
        let place = |name: &str| {
            let found = columns.iter().position(|column| column.name == name);
            found.ok_or_else(|| refused(format!("table {} has no column {name}", table.name)))
        };
        let key = table.key.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        let numbers = table.numbers.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        let box_id = place("box_id").ok();
        Ok(Self { table, columns, key, numbers, box_id })
    }

    /// What each part of the key holds.
    pub fn key_kinds(&self) -> impl Iterator<Item = Kind> {
        self.key.iter().map(|&place| self.columns[place].kind)
    }

    /// The key of a row.
    pub fn key_of(&self, row: &[Cell]) -> Vec<Cell> {
        self.key.iter().map(|&place| row[place].clone()).collect()
    }
}

/// A key as a text: numbers as they are, everything else in hexadecimal digits, with commas between.
pub fn key_text(key: &[Cell]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let parts: Vec<String> = key
        .iter()
        .map(|cell| match cell {
            Cell::Null => String::new(),
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => hex(text.as_bytes()),
            Cell::Bytes(bytes) => hex(bytes),
        })
        .collect();
    parts.join(",")
}

fn key_from(shape: &Shape, text: &str) -> Result<Vec<Cell>, StoreError> {
    let damaged = || refused(format!("a note about table {} cannot be read: {text}", shape.table.name));
    let bytes = |hex: &str| -> Option<Vec<u8>> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
    };
    let cell = |(part, kind): (&str, Kind)| match kind {
        Kind::Number => part.parse().ok().map(Cell::Number),
        Kind::Text => String::from_utf8(bytes(part)?).ok().map(Cell::Text),
        Kind::Bytes => bytes(part).map(Cell::Bytes),
    };
    let key: Vec<Cell> = text.split(',').zip(shape.key_kinds()).map_while(cell).collect();
    if key.len() == shape.key.len() { Ok(key) } else { Err(damaged()) }
}

/// The copy cannot be made like this.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

fn refused(why: String) -> StoreError {
    StoreError { action: "copy the store", source: Box::new(Refused(why)) }
}

/// What is told while rows are copied: table, rows so far, rows that there were in the beginning.
pub type Told<'a> = dyn FnMut(&'static str, u64, u64) + Send + 'a;

/// A copy on its way.
pub struct Moving<'a> {
    source: &'a mut dyn Source,
    target: &'a mut dyn Target,
    shapes: Vec<Shape>,
    /// Where the numbers of a box begin in the target, and how many there is room for.
    bases: HashMap<Vec<u8>, (i64, i64)>,
    next_base: i64,
}

impl<'a> Moving<'a> {
    /// Begins a copy, or goes on with one. `id` names a new one.
    ///
    /// # Errors
    /// The target has something else in it, the source is copied to somewhere else, or one of them has another layout; or either fails.
    pub async fn begin(
        source: &'a mut dyn Source,
        target: &'a mut dyn Target,
        id: Uuid,
    ) -> Result<Self, StoreError> {
        let mut shapes = Vec::new();
        for table in TABLES {
            let (from, to) = (source.columns(table).await?, target.columns(table).await?);
            if from != to {
                return Err(refused(format!(
                    "table {} has other columns in the target: bring both up to date with `potok migrate`",
                    table.name
                )));
            }
            shapes.push(Shape::new(table, from)?);
        }
        pair(source, target, id, &shapes).await?;
        let bases: HashMap<_, _> =
            target.bases().await?.into_iter().map(|(b, at, room)| (b, (at, room))).collect();
        let next_base = bases.values().map(|(base, room)| base + room).max().unwrap_or_default();
        Ok(Self { source, target, shapes, bases, next_base })
    }

    /// Reads every table once, from where that was broken off. How many rows.
    ///
    /// # Errors
    /// Either side fails.
    pub async fn read_all(&mut self, told: &mut Told<'_>) -> Result<u64, StoreError> {
        let places = self.target.places().await?;
        let mut read = 0;
        for nth in 0..self.shapes.len() {
            let shape = self.shapes[nth].clone();
            let name = shape.table.name;
            let mut after = match places.get(name).map(String::as_str) {
                Some(END) => continue,
                Some(place) => Some(key_from(&shape, place)?),
                None => None,
            };
            let (there, mut done) = (self.source.count(shape.table).await?, 0);
            told(name, done, there);
            loop {
                let rows = self.source.page(&shape, after.as_deref(), PAGE).await?;
                let last = rows.last().map(|row| shape.key_of(row));
                let is_end = rows.len() < PAGE;
                done += rows.len() as u64;
                let place = match &last {
                    Some(key) if !is_end => key_text(key),
                    _ => END.to_owned(),
                };
                let keys = rows.iter().map(|row| shape.key_of(row)).collect();
                self.put(&shape, keys, rows, Some(&place)).await?;
                told(name, done, there.max(done));
                if is_end {
                    break;
                }
                after = last;
            }
            read += done;
        }
        Ok(read)
    }

    /// Reads again what was noted, until few notes come at once. How many there were.
    ///
    /// # Errors
    /// Either side fails.
    pub async fn catch_up(&mut self) -> Result<u64, StoreError> {
        let mut done = 0;
        loop {
            let changes = self.source.changes(CHANGES).await?;
            let numbers: Vec<i64> = changes.iter().map(|change| change.number).collect();
            let mut keys: BTreeMap<&str, BTreeSet<Vec<Cell>>> = BTreeMap::new();
            for change in &changes {
                let shape = self.shape(&change.table)?;
                keys.entry(shape.table.name).or_default().insert(key_from(shape, &change.key)?);
            }
            for (name, keys) in keys {
                let shape = self.shape(name)?.clone();
                let keys: Vec<Vec<Cell>> = keys.into_iter().collect();
                for keys in keys.chunks(PAGE) {
                    let rows = self.source.rows(&shape, keys).await?;
                    self.put(&shape, keys.to_vec(), rows, None).await?;
                }
            }
            // The target has them for good: should this fail, they are only read once more.
            self.source.forget(&numbers).await?;
            done += numbers.len() as u64;
            if numbers.len() < CHANGES {
                return Ok(done);
            }
        }
    }

    fn shape(&self, name: &str) -> Result<&Shape, StoreError> {
        let found = self.shapes.iter().find(|shape| shape.table.name == name);
        found.ok_or_else(|| refused(format!("there is a note about table {name}, which is not copied")))
    }

    async fn put(
        &mut self,
        shape: &Shape,
        mut keys: Vec<Vec<Cell>>,
        mut rows: Vec<Vec<Cell>>,
        place: Option<&str>,
    ) -> Result<(), StoreError> {
        self.number(shape, &mut keys, &mut rows).await?;
        self.target.put(shape, &keys, &rows, place).await
    }

    /// The contents of files on the shelf that the target names.
    ///
    /// # Errors
    /// The target fails.
    pub async fn parts(&mut self) -> Result<Vec<ContentRef>, StoreError> {
        let shape = self.shape("shelf_parts")?.clone();
        let place = |name: &str| shape.columns.iter().position(|column| column.name == name);
        let part = |row: &Vec<Cell>| match (row.get(place("hash")?)?, row.get(place("size_bytes")?)?) {
            (Cell::Bytes(hash), Cell::Number(size)) => {
                let hash = ContentHash::from_bytes(hash.as_slice().try_into().ok()?);
                Some(ContentRef { hash, size_bytes: size.unsigned_abs() })
            }
            _ => None,
        };
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let rows = self.target.page(&shape, after.as_deref(), PAGE).await?;
            parts.extend(rows.iter().filter_map(part));
            if rows.len() < PAGE {
                return Ok(parts);
            }
            after = rows.last().map(|row| shape.key_of(row));
        }
    }

    /// Gives rows numbers that count over all boxes, where the source counts within each.
    async fn number(
        &mut self,
        shape: &Shape,
        keys: &mut [Vec<Cell>],
        rows: &mut [Vec<Cell>],
    ) -> Result<(), StoreError> {
        if shape.numbers.is_empty() || !self.source.counts_by_box() || self.target.counts_by_box() {
            return Ok(());
        }
        let Some(box_place) = shape.box_id else { return Ok(()) };
        let in_key = |wanted: usize| shape.key.iter().position(|&place| place == wanted);
        if let Some(box_in_key) = in_key(box_place) {
            let numbers: Vec<usize> = shape.numbers.iter().filter_map(|&place| in_key(place)).collect();
            for key in keys {
                self.number_one(key, box_in_key, &numbers).await?;
            }
        }
        for row in rows {
            self.number_one(row, box_place, &shape.numbers).await?;
        }
        Ok(())
    }

    async fn number_one(
        &mut self,
        row: &mut [Cell],
        box_place: usize,
        numbers: &[usize],
    ) -> Result<(), StoreError> {
        let Cell::Bytes(box_id) = &row[box_place] else { return Ok(()) };
        let (base, room) = match self.bases.get(box_id) {
            Some(&known) => known,
            None => self.add_base(box_id.clone()).await?,
        };
        for &place in numbers {
            if let Cell::Number(number) = &mut row[place] {
                if *number > room {
                    return Err(refused(
                        "a box has got more rows since the copy began than there is room for: begin again with an empty \
                         target"
                            .to_owned(),
                    ));
                }
                *number += base;
            }
        }
        Ok(())
    }

    async fn add_base(&mut self, box_id: Vec<u8>) -> Result<(i64, i64), StoreError> {
        let there = self.source.numbers_of(&box_id).await?;
        let end = there.checked_add(GROWTH).and_then(|room| Some((room, self.next_base.checked_add(room)?)));
        let (room, end) =
            end.ok_or_else(|| refused("the numbers of rows have no room in the target".to_owned()))?;
        let base = self.next_base;
        self.target.add_base(&box_id, base, room).await?;
        self.next_base = end;
        self.bases.insert(box_id, (base, room));
        Ok((base, room))
    }

    /// Keeps everybody else from writing to the source and copies what is left.
    ///
    /// # Errors
    /// Either side fails: the lock ends with the source.
    pub async fn lock(&mut self) -> Result<u64, StoreError> {
        self.source.lock().await?;
        self.catch_up().await
    }

    /// Tables of which the two sides have another number of rows: name, in the source, in the target. To be asked while the source is
    /// locked.
    ///
    /// # Errors
    /// Either side fails.
    pub async fn differing(&mut self) -> Result<Vec<(&'static str, u64, u64)>, StoreError> {
        let mut differing = Vec::new();
        for table in TABLES {
            let (from, to) = (self.source.count(table).await?, self.target.count(table).await?);
            if from != to {
                differing.push((table.name, from, to));
            }
        }
        Ok(differing)
    }

    /// Reads every row of both sides: keys of those that are not the same, by table. To be asked while the source is locked.
    ///
    /// # Errors
    /// Either side fails.
    pub async fn compare(&mut self, told: &mut Told<'_>) -> Result<Vec<(&'static str, String)>, StoreError> {
        let mut differing = Vec::new();
        for nth in 0..self.shapes.len() {
            let shape = self.shapes[nth].clone();
            let there = self.source.count(shape.table).await?;
            let (mut after, mut done) = (None, 0);
            told(shape.table.name, done, there);
            loop {
                let mut rows = self.source.page(&shape, after.as_deref(), PAGE).await?;
                let is_end = rows.len() < PAGE;
                after = rows.last().map(|row| shape.key_of(row));
                done += rows.len() as u64;
                self.number(&shape, &mut [], &mut rows).await?;
                let keys: Vec<Vec<Cell>> = rows.iter().map(|row| shape.key_of(row)).collect();
                let found = self.target.rows(&shape, &keys).await?;
                let found: HashMap<Vec<Cell>, Vec<Cell>> =
                    found.into_iter().map(|row| (printable(shape.key_of(&row)), row)).collect();
                for (key, row) in keys.into_iter().zip(rows) {
                    let key = printable(key);
                    if found.get(&key) != Some(&printable(row)) {
                        differing.push((shape.table.name, key_text(&key)));
                    }
                }
                told(shape.table.name, done, there.max(done));
                if is_end {
                    break;
                }
            }
        }
        Ok(differing)
    }

    /// The target takes the place of the source: servers start on it, and nobody writes to the source any more.
    ///
    /// # Errors
    /// Either side fails: then neither can be written until it is done again.
    pub async fn switch(&mut self) -> Result<(), StoreError> {
        // The source first: at no time do both take changes.
        self.source.leave(&self.shapes).await?;
        self.target.arrive().await
    }
}

/// Texts as every store keeps them: one takes no U+0000.
fn printable(mut row: Vec<Cell>) -> Vec<Cell> {
    for cell in &mut row {
        if let Cell::Text(text) = cell
            && text.contains('\0')
        {
            *text = text.replace('\0', "\u{fffd}");
        }
    }
    row
}

/// Makes the two sides of one copy, or finds that they are.
async fn pair(
    source: &mut dyn Source,
    target: &mut dyn Target,
    id: Uuid,
    shapes: &[Shape],
) -> Result<(), StoreError> {
    let (leaving, arriving) = (source.marks().await?.leaving, target.marks().await?.arriving);
    if arriving.is_some_and(|mark| mark.is_finished) {
        return Err(refused("the target is a copy that is in use already: give an empty store".to_owned()));
    }
    let id = match arriving {
        Some(mark) => mark.id,
        None => {
            if let Some(table) = target.used().await? {
                return Err(refused(format!(
                    "there is something in the target already (in {table}): give an empty store"
                )));
            }
            if leaving.is_some() {
                return Err(refused(
                    "the source is being copied to another store: go on with that one, or end it with `potok copy --give-up`"
                        .to_owned(),
                ));
            }
            // The target first: if the source were marked alone, nobody would know for what.
            target.expect(id).await?;
            id
        }
    };
    match leaving {
        Some(mark) if mark.id != id => Err(refused(
            "the target holds a copy of another store, or one that was given up: give an empty store".to_owned(),
        )),
        // It was cut off between the two sides.
        Some(mark) if mark.is_finished => Ok(()),
        Some(_) if source.is_noting().await? => Ok(()),
        Some(_) => Err(refused(
            "the source does not note its changes any more: end the copy with `potok copy --give-up` and begin with an empty \
             target"
                .to_owned(),
        )),
        None if target.places().await?.is_empty() => source.begin_noting(id, shapes).await,
        None => Err(refused(
            "the target holds a copy of another store, or one that was given up: give an empty store".to_owned(),
        )),
    }
}
