//! A database of SQLite as a side of a copy. Calls block: a program that copies does nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use async_trait::async_trait;
use potok_store::StoreError;
use potok_store::moving::{
    Cell, Change, Column, Kind, Mark, Marks, Rows, Shape, Source, TABLES, Table, Target,
};
use potok_store_sql::Failure;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params, params_from_iter};
use uuid::Uuid;

use crate::failure::OrFailure;
use crate::{SqliteOptions, connection, fresh, migrations};

/// How long to wait for others that write, who commit many times a second.
const PATIENCE_MS: u32 = 60_000;
/// Nobody else looks after the log while a database is filled.
const CHECKPOINT_PAGES: u32 = 8000;

/// A database as a side of a copy.
#[derive(Debug)]
pub struct Side {
    conn: Connection,
}

impl Side {
    /// Opens a database that is there.
    ///
    /// # Errors
    /// It is not, has another layout, or cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::opened(path).map_err(|failure| failure.during("open the database"))
    }

    fn opened(path: &Path) -> Result<Self, Failure> {
        if migrations::are_pending(path)? {
            return Err(Failure::Invalid(format!(
                "{} is not there, or has the layout of an older program: run `potok migrate`",
                path.display()
            )));
        }
        let options = SqliteOptions { busy_timeout_ms: PATIENCE_MS, ..SqliteOptions::default() };
        let conn = connection::writing(path, &options)?;
        conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).or_failure()?;
        Ok(Self { conn })
    }

    /// What the database says of copies; nothing where there is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn marks_of(path: &Path) -> Result<Marks, StoreError> {
        let read = || {
            if migrations::are_pending(path)? {
                return Ok(Marks::default());
            }
            marks(&connection::reading(path, &SqliteOptions::default())?)
        };
        read().map_err(|failure| failure.during("look for a copy"))
    }

    /// Does everything in one transaction, which may be one that is there already.
    fn transact(&self, work: impl FnOnce(&Connection) -> Result<(), Failure>) -> Result<(), Failure> {
        if !self.conn.is_autocommit() {
            return work(&self.conn);
        }
        self.conn.execute_batch("BEGIN IMMEDIATE").or_failure()?;
        let done = work(&self.conn).and_then(|()| self.conn.execute_batch("COMMIT").or_failure());
        if done.is_err() && !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK").or_failure()?;
        }
        done
    }

    fn columns(&self, table: &Table) -> Result<Vec<Column>, Failure> {
        let mut statement = self.conn.prepare("SELECT name, type FROM pragma_table_info(?1)").or_failure()?;
        let rows = statement.query_map([table.name], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
        let mut columns = Vec::new();
        for row in rows.or_failure()? {
            let (name, kind) = row.or_failure()?;
            let kind = match kind.as_str() {
                "INTEGER" => Kind::Number,
                "TEXT" => Kind::Text,
                _ => Kind::Bytes,
            };
            columns.push(Column { name, kind });
        }
        match table.name {
            // The number of the row, which is a column elsewhere.
            "organizations" => columns.push(Column { name: "added".to_owned(), kind: Kind::Number }),
            // Says nothing, and there is none elsewhere.
            "small_contents" => columns.retain(|column| column.name != "id"),
            _ => {}
        }
        columns.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(columns)
    }

    fn asked(
        &self,
        sql: &str,
        shape: &Shape,
        key: &[Cell],
        rows: &mut Vec<Vec<Cell>>,
    ) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(sql).or_failure()?;
        let width = shape.columns.len();
        let found = statement.query_map(params_from_iter(key.iter().map(Bound)), |row| cells(row, width));
        for row in found.or_failure()? {
            rows.push(row.or_failure()?);
        }
        Ok(())
    }
}

pub(crate) fn marks(conn: &Connection) -> Result<Marks, Failure> {
    let mut statement = conn.prepare("SELECT role, id, is_finished FROM copy_marks").or_failure()?;
    let found = statement.query_map([], |row| {
        let id: Vec<u8> = row.get(1)?;
        Ok((row.get::<_, i64>(0)?, id, row.get(2)?))
    });
    let mut marks = Marks::default();
    for row in found.or_failure()? {
        let (role, id, is_finished) = row.or_failure()?;
        let mark = Some(Mark { id: Uuid::from_slice(&id).map_err(Failure::engine)?, is_finished });
        match role {
            1 => marks.leaving = mark,
            _ => marks.arriving = mark,
        }
    }
    Ok(marks)
}

struct Bound<'a>(&'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn cells(row: &Row<'_>, width: usize) -> rusqlite::Result<Vec<Cell>> {
    (0..width)
        .map(|place| {
            Ok(match row.get(place)? {
                Value::Null => Cell::Null,
                Value::Integer(number) => Cell::Number(number),
                Value::Text(text) => Cell::Text(text),
                Value::Blob(bytes) => Cell::Bytes(bytes),
                // No table has any.
                Value::Real(number) => Cell::Text(number.to_string()),
            })
        })
        .collect()
}

/// The name of a column in a statement.
fn column<'a>(table: &Table, name: &'a str) -> &'a str {
    if table.name == "organizations" && name == "added" { "rowid" } else { name }
}

fn listed(shape: &Shape) -> String {
    let names: Vec<&str> = shape.columns.iter().map(|it| column(shape.table, &it.name)).collect();
    names.join(", ")
}

/// The columns of the key in an order for which there is an index here. Words of documents are found by the number of the document.
fn ordered(shape: &Shape) -> Vec<usize> {
    let places = 0..shape.key.len();
    if shape.table.name == "document_words" { places.rev().collect() } else { places.collect() }
}

fn has_key(shape: &Shape) -> String {
    let parts: Vec<String> =
        shape.table.key.iter().enumerate().map(|(nth, name)| format!("{name} = ?{}", nth + 1)).collect();
    parts.join(" AND ")
}

/// What tells the key of `row`, which is OLD or NEW, as `potok_store::moving::key_text` does.
fn told_key(shape: &Shape, row: &str) -> String {
    let parts: Vec<String> = shape
        .table
        .key
        .iter()
        .zip(shape.key_kinds())
        .map(|(name, kind)| match kind {
            Kind::Number => format!("{row}.{name}"),
            Kind::Text | Kind::Bytes => format!("hex({row}.{name})"),
        })
        .collect();
    parts.join(" || ',' || ")
}

/// Each trigger that notes changes: name, when, of which rows.
const NOTING: [(&str, &str, &[&str]); 3] = [
    ("insert", "AFTER INSERT", &["NEW"]),
    ("update", "AFTER UPDATE", &["OLD", "NEW"]),
    ("delete", "AFTER DELETE", &["OLD"]),
];

fn noting(shape: &Shape) -> String {
    let table = shape.table.name;
    let mut sql = String::new();
    for (name, when, rows) in NOTING {
        let notes: String = rows
            .iter()
            .map(|row| {
                format!("INSERT INTO copy_changes (name, key) VALUES ('{table}', {}); ", told_key(shape, row))
            })
            .collect();
        sql += &format!("CREATE TRIGGER copy_note_{table}_{name} {when} ON {table} BEGIN {notes}END;\n");
    }
    sql
}

fn refusing(table: &str) -> String {
    let triggers = NOTING.map(|(name, _, _)| {
        let when = name.to_uppercase();
        format!(
            "CREATE TRIGGER IF NOT EXISTS copy_left_{table}_{name} BEFORE {when} ON {table} BEGIN SELECT \
             RAISE(ABORT, 'this store was copied to another one, which is used in its place'); END;\n"
        )
    });
    triggers.concat()
}

fn dropped(kind: &str) -> String {
    let each = |table: &Table| {
        NOTING
            .map(|(name, _, _)| format!("DROP TRIGGER IF EXISTS copy_{kind}_{}_{name};\n", table.name))
            .concat()
    };
    TABLES.iter().map(each).collect()
}

fn mark(conn: &Connection, role: i64, id: Uuid) -> Result<(), Failure> {
    let sql = "INSERT INTO copy_marks (role, id, is_finished) VALUES (?1, ?2, 0)";
    conn.execute(sql, params![role, id.as_bytes()]).or_failure().map(drop)
}

#[async_trait]
impl Rows for Side {
    fn counts_by_box(&self) -> bool {
        false
    }

    async fn columns(&mut self, table: &Table) -> Result<Vec<Column>, StoreError> {
        Self::columns(self, table).map_err(|failure| failure.during("look at a table"))
    }

    async fn marks(&mut self) -> Result<Marks, StoreError> {
        marks(&self.conn).map_err(|failure| failure.during("look for a copy"))
    }

    async fn page(
        &mut self,
        shape: &Shape,
        after: Option<&[Cell]>,
        most: usize,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let order = ordered(shape);
        let names: Vec<&str> = order.iter().map(|&nth| shape.table.key[nth]).collect();
        let names = names.join(", ");
        let behind = match after {
            Some(_) => {
                let marks: Vec<String> = order.iter().map(|nth| format!("?{}", nth + 1)).collect();
                format!("WHERE ({names}) > ({})", marks.join(", "))
            }
            None => String::new(),
        };
        let sql = format!(
            "SELECT {} FROM {} {behind} ORDER BY {names} LIMIT {most}",
            listed(shape),
            shape.table.name
        );
        let mut rows = Vec::new();
        self.asked(&sql, shape, after.unwrap_or_default(), &mut rows)
            .map_err(|failure| failure.during("read rows"))?;
        Ok(rows)
    }

    async fn rows(&mut self, shape: &Shape, keys: &[Vec<Cell>]) -> Result<Vec<Vec<Cell>>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {}", listed(shape), shape.table.name, has_key(shape));
        let mut rows = Vec::new();
        for key in keys {
            self.asked(&sql, shape, key, &mut rows).map_err(|failure| failure.during("read rows"))?;
        }
        Ok(rows)
    }

    async fn count(&mut self, table: &Table) -> Result<u64, StoreError> {
        let counted = self
            .conn
            .query_row(&format!("SELECT count(*) FROM {}", table.name), [], |row| row.get::<_, i64>(0))
            .or_failure();
        counted.map(i64::unsigned_abs).map_err(|failure| failure.during("count rows"))
    }
}

#[async_trait]
impl Source for Side {
    async fn begin_noting(&mut self, id: Uuid, shapes: &[Shape]) -> Result<(), StoreError> {
        let begun = self.transact(|conn| {
            shapes.iter().try_for_each(|shape| conn.execute_batch(&noting(shape)).or_failure())?;
            mark(conn, 1, id)
        });
        begun.map_err(|failure| failure.during("note changes"))
    }

    async fn is_noting(&mut self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'copy\\_note\\_%' ESCAPE '\\'";
        let found: Result<i64, Failure> = self.conn.query_row(SQL, [], |row| row.get(0)).or_failure();
        let found = found.map_err(|failure| failure.during("look for a copy"))?;
        Ok(usize::try_from(found).is_ok_and(|found| found == TABLES.len() * NOTING.len()))
    }

    async fn changes(&mut self, most: usize) -> Result<Vec<Change>, StoreError> {
        let read = || {
            let sql = "SELECT number, name, key FROM copy_changes ORDER BY number LIMIT ?1";
            let mut statement = self.conn.prepare_cached(sql).or_failure()?;
            let limit = i64::try_from(most).unwrap_or(i64::MAX);
            let found = statement.query_map([limit], |row| {
                Ok(Change { number: row.get(0)?, table: row.get(1)?, key: row.get(2)? })
            });
            found.or_failure()?.map(OrFailure::or_failure).collect::<Result<_, _>>()
        };
        read().map_err(|failure: Failure| failure.during("read what changed"))
    }

    async fn forget(&mut self, numbers: &[i64]) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let done = self.transact(|conn| {
            let mut statement =
                conn.prepare_cached("DELETE FROM copy_changes WHERE number = ?1").or_failure()?;
            numbers.iter().try_for_each(|number| statement.execute([number]).or_failure().map(drop))
        });
        done.map_err(|failure| failure.during("forget what was copied"))
    }

    async fn numbers_of(&mut self, _box_id: &[u8]) -> Result<i64, StoreError> {
        Ok(0)
    }

    async fn lock(&mut self) -> Result<(), StoreError> {
        let locked = self.conn.execute_batch("BEGIN IMMEDIATE").or_failure();
        // They are copied from their places only.
        let locked = locked.and_then(|()| fresh::settle(&self.conn));
        locked.map_err(|failure| failure.during("lock the store"))
    }

    async fn leave(&mut self, shapes: &[Shape]) -> Result<(), StoreError> {
        let left = || {
            self.conn.execute_batch(&dropped("note")).or_failure()?;
            let refused: String = shapes.iter().map(|shape| refusing(shape.table.name)).collect();
            self.conn.execute_batch(&refused).or_failure()?;
            self.conn
                .execute_batch("UPDATE copy_marks SET is_finished = 1 WHERE role = 1; COMMIT")
                .or_failure()
        };
        left().map_err(|failure| failure.during("close the store"))
    }

    async fn give_up(&mut self) -> Result<(), StoreError> {
        let done = self.transact(|conn| {
            let sql = format!(
                "{}{}DELETE FROM copy_changes; DELETE FROM copy_marks WHERE role = 1;",
                dropped("note"),
                dropped("left")
            );
            conn.execute_batch(&sql).or_failure()
        });
        done.map_err(|failure| failure.during("end the copy"))
    }
}

#[async_trait]
impl Target for Side {
    async fn used(&mut self) -> Result<Option<&'static str>, StoreError> {
        for table in TABLES {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
            let found: Result<bool, Failure> = self.conn.query_row(&sql, [], |row| row.get(0)).or_failure();
            if found.map_err(|failure| failure.during("look at a table"))? {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }

    async fn expect(&mut self, id: Uuid) -> Result<(), StoreError> {
        self.transact(|conn| mark(conn, 2, id)).map_err(|failure| failure.during("begin the copy"))
    }

    async fn places(&mut self) -> Result<BTreeMap<String, String>, StoreError> {
        let read = || {
            let mut statement = self.conn.prepare("SELECT name, place FROM copy_places").or_failure()?;
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            found.or_failure()?.map(OrFailure::or_failure).collect::<Result<_, _>>()
        };
        read().map_err(|failure: Failure| failure.during("read how far the copy is"))
    }

    async fn note(&mut self, name: &str, place: &str) -> Result<(), StoreError> {
        self.transact(|conn| note(conn, name, place))
            .map_err(|failure| failure.during("note how far the copy is"))
    }

    async fn put(
        &mut self,
        shape: &Shape,
        keys: &[Vec<Cell>],
        rows: &[Vec<Cell>],
        place: Option<&str>,
    ) -> Result<(), StoreError> {
        let delete = format!("DELETE FROM {} WHERE {}", shape.table.name, has_key(shape));
        let marks: Vec<String> = (1..=shape.columns.len()).map(|nth| format!("?{nth}")).collect();
        // A row that stands in the way has changed in the source since it was copied, and comes again.
        let insert = format!(
            "INSERT OR REPLACE INTO {} ({}) VALUES ({})",
            shape.table.name,
            listed(shape),
            marks.join(", ")
        );
        let done = self.transact(|conn| {
            for (sql, many) in [(delete, keys), (insert, rows)] {
                let mut statement = conn.prepare_cached(&sql).or_failure()?;
                for cells in many {
                    statement.execute(params_from_iter(cells.iter().map(Bound))).or_failure()?;
                }
            }
            place.map_or(Ok(()), |place| note(conn, shape.table.name, place))
        });
        done.map_err(|failure| failure.during("write rows"))
    }

    async fn bases(&mut self) -> Result<Vec<(Vec<u8>, i64, i64)>, StoreError> {
        let read = || {
            let mut statement =
                self.conn.prepare("SELECT box_id, base, room FROM copy_boxes").or_failure()?;
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            found.or_failure()?.map(OrFailure::or_failure).collect::<Result<_, _>>()
        };
        read().map_err(|failure: Failure| failure.during("read how far the copy is"))
    }

    async fn add_base(&mut self, box_id: &[u8], base: i64, room: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO copy_boxes (box_id, base, room) VALUES (?1, ?2, ?3)";
        self.transact(|conn| conn.execute(sql, params![box_id, base, room]).or_failure().map(drop))
            .map_err(|failure| failure.during("note how far the copy is"))
    }

    async fn arrive(&mut self) -> Result<(), StoreError> {
        let sql = "DELETE FROM copy_places; DELETE FROM copy_boxes; UPDATE copy_marks SET is_finished = 1 WHERE role = 2;";
        self.transact(|conn| conn.execute_batch(sql).or_failure())
            .map_err(|failure| failure.during("finish the copy"))
    }
}

fn note(conn: &Connection, name: &str, place: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO copy_places (name, place) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET place = excluded.place";
    conn.prepare_cached(sql).and_then(|mut statement| statement.execute([name, place])).or_failure().map(drop)
}
