//! A way past the store to what it keeps, for tests that damage it.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

/// What a column holds.
pub type Cell = Value;
/// Why a test cannot go on.
type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A column of the layout as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    kind: String,
    may_be_null: bool,
}

/// How a value is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Another value of the same shape: the next number, an id with another last byte, a longer text.
    Other,
    /// A value that no column of the product has: a huge number, an id of one byte, an unknown word.
    Rubbish,
    /// Nothing where something was, or something where nothing was.
    Absence,
    /// The row is taken away.
    Row,
}

/// A connection of its own to the database of a store.
#[derive(Debug)]
pub struct Bypass(Connection);

impl Bypass {
    /// Opens `path`.
    ///
    /// # Errors
    /// It is no database.
    pub fn open(path: &Path) -> Done<Self> {
        let conn = Connection::open(path)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))?;
        Ok(Self(conn))
    }

    /// Every column of every table of the layout.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn columns(&self) -> Done<Vec<Column>> {
        let mut statement = self.0.prepare(
            "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
        )?;
        let columns = statement.query_map([], |row| {
            Ok(Column { table: row.get(0)?, name: row.get(1)?, kind: row.get(2)?, may_be_null: row.get(3)? })
        })?;
        Ok(columns.collect::<Result<_, _>>()?)
    }

    /// Rows of a table with the columns of which `is_wanted`, in an order of their own.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn rows(&self, table: &str, is_wanted: impl Fn(&str) -> bool) -> Done<Vec<String>> {
        let columns: Vec<Column> = self.columns()?.into_iter().filter(|it| it.table == table).collect();
        let mut rows = Vec::new();
        for row in self.raw(table)? {
            let mut text = String::new();
            for (column, cell) in columns.iter().zip(row).filter(|(column, _)| is_wanted(&column.name)) {
                write!(text, "{}={cell:?} ", column.name)?;
            }
            rows.push(text);
        }
        rows.sort_unstable();
        Ok(rows)
    }

    fn raw(&self, table: &str) -> Done<Vec<Vec<Cell>>> {
        let mut statement = self.0.prepare(&format!("SELECT * FROM {table}"))?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|column| row.get(column)).collect())?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Damages `column` in one row, the first from `nth` on where the layout lets it. Whether there is one.
    ///
    /// # Errors
    /// The database fails.
    pub fn damage(&self, column: &Column, nth: usize, how: Damage) -> Done<bool> {
        let columns: Vec<Column> =
            self.columns()?.into_iter().filter(|it| it.table == column.table).collect();
        let Some(place) = columns.iter().position(|it| it == column) else { return Ok(false) };
        let same: Vec<String> =
            (1..).zip(&columns).map(|(n, column)| format!("{} IS ?{n}", column.name)).collect();
        let same = same.join(" AND ");
        let rows = self.raw(&column.table)?;
        for n in 0..rows.len() {
            let row = &rows[(n + nth) % rows.len()];
            let Column { table, name, .. } = column;
            let mut args = row.clone();
            let sql = match damaged(&row[place], column, how) {
                Some(cell) => {
                    args.push(cell);
                    format!("UPDATE {table} SET {name} = ?{} WHERE {same}", args.len())
                }
                None if how == Damage::Row => format!("DELETE FROM {table} WHERE {same}"),
                None => continue,
            };
            // The layout does not let the same key twice.
            if self.0.execute(&sql, params_from_iter(args)).is_ok_and(|changed| changed == 1) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Runs a statement with one answer at most.
    ///
    /// # Errors
    /// It cannot be run.
    pub fn run(&self, sql: &str) -> Done<Option<Cell>> {
        Ok(self.0.query_row(sql, [], |row| row.get(0)).optional()?)
    }
}

fn damaged(cell: &Cell, column: &Column, how: Damage) -> Option<Cell> {
    Some(match (how, cell) {
        (Damage::Row, _) => return None,
        (Damage::Absence, Value::Null) => match column.kind.as_str() {
            "INTEGER" => Value::Integer(7),
            "TEXT" => Value::Text("x".to_owned()),
            _ => Value::Blob(vec![7; 16]),
        },
        (Damage::Absence, _) if column.may_be_null => Value::Null,
        (Damage::Absence, _) => return None,
        (Damage::Other | Damage::Rubbish, Value::Null) => return None,
        (Damage::Other, Value::Integer(number)) => Value::Integer(number.checked_add(1)?),
        (Damage::Rubbish, Value::Integer(number)) => Value::Integer((i64::MAX / 2).wrapping_sub(*number)),
        (Damage::Other, Value::Text(text)) => Value::Text(format!("{text}x")),
        (Damage::Rubbish, Value::Text(_)) => Value::Text("\u{1f525}".to_owned()),
        (Damage::Other, Value::Blob(bytes)) => {
            let mut bytes = bytes.clone();
            *bytes.last_mut()? ^= 0x5a;
            Value::Blob(bytes)
        }
        (Damage::Rubbish, Value::Blob(_)) => Value::Blob(vec![7]),
        (_, Value::Real(_)) => return None,
    })
}
