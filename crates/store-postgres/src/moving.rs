//! A database of PostgreSQL as a side of a copy.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::StoreError;
use potok_store::moving::{
    Cell, Change, Column, Kind, Mark, Marks, Rows, Shape, Source, TABLES, Table, Target,
};
use potok_store_sql::{Failure, Row as _, Value};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};
use uuid::Uuid;

use crate::arguments::Columns;
use crate::backend::connect;
use crate::citus::is_citus;
use crate::failure::{OrFailure as _, met_a_row, met_another};
use crate::{PostgresOptions, checks, migrations};

/// Tables are locked one after the other while servers are at work: who meets one of them begins again.
const TRIES: usize = 20;
const COLUMNS: &str = "SELECT column_name::text, data_type::text FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name::text COLLATE \"C\"";
/// What may be in a table once: columns, and of which rows.
const ONCE: &str = "SELECT array_agg(a.attname::text ORDER BY k.place), pg_get_expr(i.indpred, i.indrelid)
     FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
     WHERE i.indrelid = to_regclass($1) AND i.indisunique GROUP BY i.indexrelid, i.indpred, i.indrelid";
/// Columns whose numbers come from a counter.
const COUNTED: &str = "SELECT table_name::text, column_name::text FROM information_schema.columns
     WHERE table_schema = current_schema() AND is_identity = 'YES'";
/// Columns that the head of a box counts.
const OF_HEADS: [(&str, &str); 5] =
    [("events", "id"), ("documents", "id"), ("links", "id"), ("outbox", "id"), ("departments", "number")];

type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

/// A database as a side of a copy.
pub struct Side {
    client: Client,
    /// How each column of a table is written, by table: what it is made of `c0`, `c1`….
    written: BTreeMap<&'static str, Vec<String>>,
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Side").finish_non_exhaustive()
    }
}

impl Side {
    /// Opens a database with the layout of this program.
    ///
    /// # Errors
    /// Nobody answers, the server may lose what it acknowledged, the layout is another one, or the tables are spread over a cluster.
    pub async fn open(options: &PostgresOptions) -> Result<Self, StoreError> {
        let opened = async {
            let client = connect(options).await?;
            checks::server(&client, options.unsafe_server).await?;
            migrations::check(&client).await?;
            if is_citus(&client).await? {
                return Err(Failure::Invalid(
                    "the database is one of Citus, where rows cannot be noted: give one of plain PostgreSQL"
                        .to_owned(),
                ));
            }
            Ok(Self { client, written: BTreeMap::new() })
        };
        opened.await.map_err(|failure| failure.during("open the database"))
    }

    /// What the database says of copies; nothing where it has another layout.
    ///
    /// # Errors
    /// Nobody answers.
    pub async fn marks_of(options: &PostgresOptions) -> Result<Marks, StoreError> {
        let read = async {
            let client = connect(options).await?;
            if !migrations::layout(&client).await?.is_current() {
                return Ok(Marks::default());
            }
            marks(&client).await
        };
        read.await.map_err(|failure| failure.during("look for a copy"))
    }

    async fn begin(&self) -> Result<(), Failure> {
        self.client.batch_execute("BEGIN; SET LOCAL synchronous_commit = on").await.or_failure()
    }

    /// Ends a transaction as it went. A failure of the end itself is that of the connection, which does it then.
    async fn end(&self, done: Result<(), Failure>) -> Result<(), Failure> {
        match done {
            Ok(()) => self.client.batch_execute("COMMIT").await.or_failure(),
            Err(failure) => {
                drop(self.client.batch_execute("ROLLBACK").await);
                Err(failure)
            }
        }
    }

    /// Keeps everybody else from writing, in a transaction that has begun when this returns. Readers go on.
    async fn lock_all(&self) -> Result<(), Failure> {
        let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let sql = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
        for attempt in 1.. {
            self.begin().await?;
            match self.client.batch_execute(&sql).await.or_failure() {
                Ok(()) => break,
                Err(failure) => {
                    drop(self.client.batch_execute("ROLLBACK").await);
                    if attempt == TRIES || !met_another(&failure) {
                        return Err(failure);
                    }
                }
            }
        }
        Ok(())
    }

    async fn put_once(
        &self,
        shape: &Shape,
        keys: &[Vec<Cell>],
        rows: &[Vec<Cell>],
        place: Option<&str>,
        clears: bool,
    ) -> Result<(), Failure> {
        self.begin().await?;
        let done = self.put_in(shape, keys, rows, place, clears).await;
        self.end(done).await
    }

    async fn put_in(
        &self,
        shape: &Shape,
        keys: &[Vec<Cell>],
        rows: &[Vec<Cell>],
        place: Option<&str>,
        clears: bool,
    ) -> Result<(), Failure> {
        let name = shape.table.name;
        if !keys.is_empty() {
            let lists = Lists::of(shape.key_kinds(), keys);
            let sql = format!("DELETE FROM {name} AS t USING {} WHERE {}", lists.unnested(), same_key(shape));
            self.client.execute_typed(&sql, &lists.arguments()).await.or_failure()?;
        }
        if !rows.is_empty() {
            let lists = Lists::of(shape.columns.iter().map(|column| column.kind), rows);
            if clears {
                self.clear(shape, &lists).await?;
            }
            let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
            let made = self.written.get(name).map(|made| made.join(", ")).unwrap_or_default();
            let sql =
                format!("INSERT INTO {name} ({}) SELECT {made} FROM {}", names.join(", "), lists.unnested());
            self.client.execute_typed(&sql, &lists.arguments()).await.or_failure()?;
            if let Some(count) = heads(shape, &lists) {
                self.client.execute_typed(&count, &lists.arguments()).await.or_failure()?;
            }
        }
        match place {
            Some(place) => note(&self.client, name, place).await,
            None => Ok(()),
        }
    }

    /// Takes away what stands in the way of rows: it has changed in the source since it was copied, and comes again.
    async fn clear(&self, shape: &Shape, lists: &Lists) -> Result<(), Failure> {
        let name = shape.table.name;
        for row in self.client.query_typed(ONCE, &[(&name, Type::TEXT)]).await.or_failure()? {
            let columns: Vec<String> = row.try_get(0).or_failure()?;
            let only: Option<String> = row.try_get(1).or_failure()?;
            let same = |column: &String| {
                let place = shape.columns.iter().position(|it| it.name == *column)?;
                Some(format!("t.{column} = c{place}"))
            };
            let Some(same) = columns.iter().map(same).collect::<Option<Vec<_>>>() else { continue };
            let only = only.map(|only| format!(" AND {only}")).unwrap_or_default();
            let sql = format!(
                "DELETE FROM {name} AS t USING {} WHERE {}{only}",
                lists.unnested(),
                same.join(" AND ")
            );
            self.client.execute_typed(&sql, &lists.arguments()).await.or_failure()?;
        }
        Ok(())
    }
}

pub(crate) async fn marks(client: &Client) -> Result<Marks, Failure> {
    let mut marks = Marks::default();
    let sql = "SELECT role, id, is_finished FROM copy_marks";
    for row in client.query_typed(sql, &[]).await.or_failure()? {
        let id: Vec<u8> = row.try_get(1).or_failure()?;
        let id = Uuid::from_slice(&id).map_err(Failure::engine)?;
        let mark = Some(Mark { id, is_finished: row.try_get(2).or_failure()? });
        match row.try_get::<_, i64>(0).or_failure()? {
            1 => marks.leaving = mark,
            _ => marks.arriving = mark,
        }
    }
    Ok(marks)
}

async fn mark(client: &Client, role: i64, id: Uuid) -> Result<(), Failure> {
    let sql = "INSERT INTO copy_marks (role, id, is_finished) VALUES ($1, $2, false)";
    let id = id.as_bytes().as_slice();
    client.execute_typed(sql, &[(&role, Type::INT8), (&id, Type::BYTEA)]).await.or_failure().map(drop)
}

async fn note(client: &Client, name: &str, place: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO copy_places (name, place) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET place = excluded.place";
    client.execute_typed(sql, &[(&name, Type::TEXT), (&place, Type::TEXT)]).await.or_failure().map(drop)
}

/// Many rows as one argument for each column.
struct Lists(Vec<List>);

enum List {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Lists {
    fn of(kinds: impl Iterator<Item = Kind>, rows: &[Vec<Cell>]) -> Self {
        let list = |(place, kind): (usize, Kind)| {
            let cells = rows.iter().map(move |row| &row[place]);
            match kind {
                Kind::Number => List::Numbers(
                    cells
                        .map(|cell| if let Cell::Number(number) = cell { Some(*number) } else { None })
                        .collect(),
                ),
                // The one character that the server takes in no text.
                Kind::Text => List::Texts(
                    cells
                        .map(|cell| match cell {
                            Cell::Text(text) => Some(text.replace('\0', "\u{fffd}")),
                            _ => None,
                        })
                        .collect(),
                ),
                Kind::Bytes => List::Bytes(
                    cells
                        .map(|cell| if let Cell::Bytes(bytes) = cell { Some(bytes.clone()) } else { None })
                        .collect(),
                ),
            }
        };
        Self(kinds.enumerate().map(list).collect())
    }

    fn arguments(&self) -> Vec<Typed<'_>> {
        self.0
            .iter()
            .map(|list| match list {
                List::Numbers(numbers) => (numbers as &(dyn ToSql + Sync), Type::INT8_ARRAY),
                List::Texts(texts) => (texts as &(dyn ToSql + Sync), Type::TEXT_ARRAY),
                List::Bytes(bytes) => (bytes as &(dyn ToSql + Sync), Type::BYTEA_ARRAY),
            })
            .collect()
    }

    fn unnested(&self) -> String {
        let many = |mark: char| (0..self.0.len()).map(move |nth| (nth, mark));
        let arguments: Vec<String> = many('$').map(|(nth, mark)| format!("{mark}{}", nth + 1)).collect();
        let names: Vec<String> = many('c').map(|(nth, mark)| format!("{mark}{nth}")).collect();
        format!("unnest({}) AS a ({})", arguments.join(", "), names.join(", "))
    }
}

fn same_key(shape: &Shape) -> String {
    let parts: Vec<String> =
        shape.table.key.iter().enumerate().map(|(nth, name)| format!("t.{name} = c{nth}")).collect();
    parts.join(" AND ")
}

/// What makes the heads of boxes count the rows that were written.
fn heads(shape: &Shape, lists: &Lists) -> Option<String> {
    let (_, counted) = OF_HEADS.iter().find(|(table, _)| *table == shape.table.name)?;
    let place = |name: &str| shape.columns.iter().position(|column| column.name == name);
    let (box_id, number) = (place("box_id")?, place(counted)?);
    Some(format!(
        "INSERT INTO boxes (box_id, rows) SELECT c{box_id}, max(c{number}) FROM {} GROUP BY 1 ORDER BY 1
         ON CONFLICT (box_id) DO UPDATE SET rows = greatest(boxes.rows, excluded.rows)",
        lists.unnested()
    ))
}

fn listed(shape: &Shape) -> String {
    let names: Vec<String> = shape.columns.iter().map(|column| format!("t.{}", column.name)).collect();
    names.join(", ")
}

fn cells(rows: Vec<Row>, width: usize) -> Result<Vec<Vec<Cell>>, Failure> {
    let cell = |row: &Columns, place| {
        Ok(match row.value(place)? {
            Value::Int(number) => Cell::Number(number),
            Value::Text(text) => Cell::Text(text.to_owned()),
            Value::Bytes(bytes) => Cell::Bytes(bytes.to_vec()),
            Value::Id(id) => Cell::Bytes(id.as_bytes().to_vec()),
            Value::Null | Value::Numbers(_) => Cell::Null,
        })
    };
    rows.into_iter().map(Columns).map(|row| (0..width).map(|place| cell(&row, place)).collect()).collect()
}

/// The function of a table that notes the key of a row, as `potok_store::moving::key_text` tells it.
fn noting(shape: &Shape) -> String {
    let table = shape.table.name;
    let told = |row: &str| {
        let parts: Vec<String> = shape
            .table
            .key
            .iter()
            .zip(shape.key_kinds())
            .map(|(name, kind)| match kind {
                Kind::Number => format!("{row}.{name}::text"),
                Kind::Text => format!("encode(convert_to({row}.{name}, 'UTF8'), 'hex')"),
                Kind::Bytes => format!("encode({row}.{name}, 'hex')"),
            })
            .collect();
        format!("INSERT INTO copy_changes (name, key) VALUES ('{table}', {});", parts.join(" || ',' || "))
    };
    format!(
        "CREATE OR REPLACE FUNCTION potok_copy_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
           IF TG_OP <> 'INSERT' THEN {} END IF;
           IF TG_OP <> 'DELETE' THEN {} END IF;
           RETURN NULL;
         END $body$;
         CREATE OR REPLACE TRIGGER potok_copy_note AFTER INSERT OR UPDATE OR DELETE ON {table}
           FOR EACH ROW EXECUTE FUNCTION potok_copy_note_{table}();",
        told("OLD"),
        told("NEW")
    )
}

/// The same function when the copy is used: nobody writes any more.
fn refusing(table: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION potok_copy_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
           RAISE EXCEPTION 'this store was copied to another one, which is used in its place'
             USING ERRCODE = 'read_only_sql_transaction';
         END $body$;"
    )
}

#[async_trait]
impl Rows for Side {
    fn counts_by_box(&self) -> bool {
        true
    }

    async fn columns(&mut self, table: &Table) -> Result<Vec<Column>, StoreError> {
        let read = async {
            let mut columns = Vec::new();
            let mut written = Vec::new();
            for row in self.client.query_typed(COLUMNS, &[(&table.name, Type::TEXT)]).await.or_failure()? {
                let (name, kind): (String, String) =
                    (row.try_get(0).or_failure()?, row.try_get(1).or_failure()?);
                let place = columns.len();
                let (kind, made) = match kind.as_str() {
                    "bytea" => (Kind::Bytes, format!("c{place}")),
                    "text" => (Kind::Text, format!("c{place}")),
                    "boolean" => (Kind::Number, format!("c{place} <> 0")),
                    "smallint" => (Kind::Number, format!("c{place}::smallint")),
                    _ => (Kind::Number, format!("c{place}")),
                };
                columns.push(Column { name, kind });
                written.push(made);
            }
            Ok((columns, written))
        };
        let (columns, written) = read.await.map_err(|failure: Failure| failure.during("look at a table"))?;
        self.written.insert(table.name, written);
        Ok(columns)
    }

    async fn marks(&mut self) -> Result<Marks, StoreError> {
        marks(&self.client).await.map_err(|failure| failure.during("look for a copy"))
    }

    async fn page(
        &mut self,
        shape: &Shape,
        after: Option<&[Cell]>,
        most: usize,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let keys: Vec<String> = shape.table.key.iter().map(|name| format!("t.{name}")).collect();
        let order = keys.join(", ");
        let marks: Vec<String> = (1..=keys.len()).map(|nth| format!("${nth}[1]")).collect();
        let behind = match after {
            Some(_) => format!("WHERE ({order}) > ({})", marks.join(", ")),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {} FROM {} AS t {behind} ORDER BY {order} LIMIT {most}",
            listed(shape),
            shape.table.name
        );
        let key = after.map(|key| Lists::of(shape.key_kinds(), &[key.to_vec()]));
        let arguments = key.as_ref().map(Lists::arguments).unwrap_or_default();
        let read = self.client.query_typed(&sql, &arguments).await.or_failure();
        read.and_then(|rows| cells(rows, shape.columns.len())).map_err(|failure| failure.during("read rows"))
    }

    async fn rows(&mut self, shape: &Shape, keys: &[Vec<Cell>]) -> Result<Vec<Vec<Cell>>, StoreError> {
        let lists = Lists::of(shape.key_kinds(), keys);
        let sql = format!(
            "SELECT {} FROM {} JOIN {} AS t ON {}",
            listed(shape),
            lists.unnested(),
            shape.table.name,
            same_key(shape)
        );
        let read = self.client.query_typed(&sql, &lists.arguments()).await.or_failure();
        read.and_then(|rows| cells(rows, shape.columns.len())).map_err(|failure| failure.during("read rows"))
    }

    async fn count(&mut self, table: &Table) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM {}", table.name);
        let counted: Result<i64, Failure> =
            self.client.query_typed_one(&sql, &[]).await.and_then(|row| row.try_get(0)).or_failure();
        counted.map(i64::unsigned_abs).map_err(|failure| failure.during("count rows"))
    }
}

#[async_trait]
impl Source for Side {
    async fn begin_noting(&mut self, id: Uuid, shapes: &[Shape]) -> Result<(), StoreError> {
        let begun = async {
            // Whoever writes now is waited for: what comes after is noted.
            self.lock_all().await?;
            let sql: String = shapes.iter().map(noting).collect();
            let done = match self.client.batch_execute(&sql).await.or_failure() {
                Ok(()) => mark(&self.client, 1, id).await,
                Err(failure) => Err(failure),
            };
            self.end(done).await
        };
        begun.await.map_err(|failure| failure.during("note changes"))
    }

    async fn is_noting(&mut self) -> Result<bool, StoreError> {
        const SQL: &str =
            "SELECT count(*) FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND t.tgname = 'potok_copy_note' AND t.tgenabled <> 'D'";
        let found: Result<i64, Failure> =
            self.client.query_typed_one(SQL, &[]).await.and_then(|row| row.try_get(0)).or_failure();
        let found = found.map_err(|failure| failure.during("look for a copy"))?;
        Ok(usize::try_from(found).is_ok_and(|found| found == TABLES.len()))
    }

    async fn changes(&mut self, most: usize) -> Result<Vec<Change>, StoreError> {
        let read = async {
            let sql = format!("SELECT number, name, key FROM copy_changes ORDER BY number LIMIT {most}");
            let change = |row: &Row| -> Result<Change, Error> {
                Ok(Change { number: row.try_get(0)?, table: row.try_get(1)?, key: row.try_get(2)? })
            };
            let rows = self.client.query_typed(&sql, &[]).await.or_failure()?;
            rows.iter().map(|row| change(row).or_failure()).collect::<Result<_, _>>()
        };
        read.await.map_err(|failure: Failure| failure.during("read what changed"))
    }

    async fn forget(&mut self, numbers: &[i64]) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let sql = "DELETE FROM copy_changes WHERE number = ANY ($1)";
        let done = self.client.execute_typed(sql, &[(&numbers, Type::INT8_ARRAY)]).await.or_failure();
        done.map(drop).map_err(|failure| failure.during("forget what was copied"))
    }

    async fn numbers_of(&mut self, box_id: &[u8]) -> Result<i64, StoreError> {
        let sql = "SELECT rows FROM boxes WHERE box_id = $1";
        let read = async {
            let rows = self.client.query_typed(sql, &[(&box_id, Type::BYTEA)]).await.or_failure()?;
            rows.first().map_or(Ok(0), |row| row.try_get(0).or_failure())
        };
        read.await.map_err(|failure: Failure| failure.during("look at a box"))
    }

    async fn lock(&mut self) -> Result<(), StoreError> {
        self.lock_all().await.map_err(|failure| failure.during("lock the store"))
    }

    async fn leave(&mut self, shapes: &[Shape]) -> Result<(), StoreError> {
        let left = async {
            let sql: String = shapes.iter().map(|shape| refusing(shape.table.name)).collect();
            self.client.batch_execute(&sql).await.or_failure()?;
            let sql = "UPDATE copy_marks SET is_finished = true WHERE role = 1; COMMIT";
            self.client.batch_execute(sql).await.or_failure()
        };
        left.await.map_err(|failure| failure.during("close the store"))
    }

    async fn give_up(&mut self) -> Result<(), StoreError> {
        let mut sql = "BEGIN;".to_owned();
        for table in TABLES {
            sql += &format!("DROP FUNCTION IF EXISTS potok_copy_note_{}() CASCADE;", table.name);
        }
        sql += "DELETE FROM copy_changes; DELETE FROM copy_marks WHERE role = 1; COMMIT";
        let mut done = Ok(());
        for _ in 0..TRIES {
            done = self.client.batch_execute(&sql).await.or_failure();
            match &done {
                Err(failure) if met_another(failure) => drop(self.client.batch_execute("ROLLBACK").await),
                _ => break,
            }
        }
        done.map_err(|failure| failure.during("end the copy"))
    }
}

#[async_trait]
impl Target for Side {
    async fn used(&mut self) -> Result<Option<&'static str>, StoreError> {
        for table in TABLES {
            let sql = format!("SELECT 1 FROM {} LIMIT 1", table.name);
            let found = self.client.query_typed(&sql, &[]).await.or_failure();
            if !found.map_err(|failure| failure.during("look at a table"))?.is_empty() {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }

    async fn expect(&mut self, id: Uuid) -> Result<(), StoreError> {
        mark(&self.client, 2, id).await.map_err(|failure| failure.during("begin the copy"))
    }

    async fn places(&mut self) -> Result<BTreeMap<String, String>, StoreError> {
        let read = async {
            let rows =
                self.client.query_typed("SELECT name, place FROM copy_places", &[]).await.or_failure()?;
            let place =
                |row: &Row| -> Result<(String, String), Error> { Ok((row.try_get(0)?, row.try_get(1)?)) };
            rows.iter().map(|row| place(row).or_failure()).collect::<Result<_, _>>()
        };
        read.await.map_err(|failure: Failure| failure.during("read how far the copy is"))
    }

    async fn note(&mut self, name: &str, place: &str) -> Result<(), StoreError> {
        note(&self.client, name, place).await.map_err(|failure| failure.during("note how far the copy is"))
    }

    async fn put(
        &mut self,
        shape: &Shape,
        keys: &[Vec<Cell>],
        rows: &[Vec<Cell>],
        place: Option<&str>,
    ) -> Result<(), StoreError> {
        let done = match self.put_once(shape, keys, rows, place, false).await {
            Err(failure) if met_a_row(&failure) => self.put_once(shape, keys, rows, place, true).await,
            done => done,
        };
        done.map_err(|failure| failure.during("write rows"))
    }

    async fn bases(&mut self) -> Result<Vec<(Vec<u8>, i64, i64)>, StoreError> {
        Ok(Vec::new())
    }

    async fn add_base(&mut self, _box_id: &[u8], _base: i64, _room: i64) -> Result<(), StoreError> {
        Ok(())
    }

    async fn arrive(&mut self) -> Result<(), StoreError> {
        let arrived = async {
            for row in self.client.query_typed(COUNTED, &[]).await.or_failure()? {
                let (table, column): (String, String) =
                    (row.try_get(0).or_failure()?, row.try_get(1).or_failure()?);
                let last = format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"
                );
                self.client.query_typed(&last, &[]).await.or_failure()?;
            }
            let sql = "BEGIN; SET LOCAL synchronous_commit = on; DELETE FROM copy_places;
                       UPDATE copy_marks SET is_finished = true WHERE role = 2; COMMIT; ANALYZE";
            self.client.batch_execute(sql).await.or_failure()
        };
        arrived.await.map_err(|failure| failure.during("finish the copy"))
    }
}
