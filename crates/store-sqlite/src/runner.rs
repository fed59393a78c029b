//! Where named statements run.

use std::future::{Future, ready};
use std::task::{Context, Poll, Waker};

use potok_store_sql::{Answering, Batch, DocumentStmt, Failure, Row, Sql, SqlWrite, Stmt, Value, args};
use potok_types::{BoxId, Ticks};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Statement};

use crate::failure::OrFailure as _;
use crate::fresh;
use crate::statements::text;

/// A connection. Its statements stay prepared, and their answers are ready at once.
#[derive(Debug)]
pub struct Runner {
    conn: Connection,
    questions: u64,
    /// Words of documents are put in their places later.
    is_later: bool,
}

impl Runner {
    pub(crate) const fn new(conn: Connection) -> Self {
        Self { conn, questions: 0, is_later: false }
    }

    /// One that puts words of documents in their places later.
    pub(crate) const fn later(conn: Connection) -> Self {
        Self { conn, questions: 0, is_later: true }
    }

    /// Statements that were asked for rows since the last call, each list of arguments counting once.
    pub(crate) fn take_questions(&mut self) -> u64 {
        std::mem::take(&mut self.questions)
    }

    pub(crate) const fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Does everything in `work` in one transaction, which begins in the way that `begin` says.
    pub(crate) fn transact<T>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.control(begin)?;
        let done = work(self).and_then(|value| self.control("COMMIT").map(|()| value));
        if done.is_err() && !self.conn.is_autocommit() {
            self.control("ROLLBACK")?;
        }
        done
    }

    /// Runs a statement that begins or ends a transaction.
    pub(crate) fn control(&self, sql: &str) -> Result<(), Failure> {
        self.conn.prepare_cached(sql).and_then(|mut statement| statement.execute([])).or_failure().map(drop)
    }

    fn prepare(&self, stmt: Stmt) -> Result<CachedStatement<'_>, Failure> {
        self.conn.prepare_cached(text(stmt)).or_failure()
    }
}

/// The value of a future that waits for nothing but SQLite, which answers before it returns.
pub(crate) fn at_once<T>(mut work: Answering<'_, T>) -> Result<T, Failure> {
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Failure::Invalid("work on the database waited for something else".to_owned())),
    }
}

fn show_rows(
    statement: &mut Statement<'_>,
    args: &[Value<'_>],
    mut show: impl FnMut(&dyn Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    bind(statement, args)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().or_failure()? {
        show(&Columns(row))?;
    }
    Ok(())
}

fn bind(statement: &mut Statement<'_>, args: &[Value<'_>]) -> Result<(), Failure> {
    debug_assert_eq!(statement.parameter_count(), args.len());
    for (number, value) in (1..).zip(args) {
        let value = match value {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Id(id) => ValueRef::Blob(id.as_bytes()),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            // Read by `json_each`.
            Value::Numbers(numbers) => {
                statement.raw_bind_parameter(number, format!("{numbers:?}")).or_failure()?;
                continue;
            }
        };
        statement.raw_bind_parameter(number, ToSqlOutput::Borrowed(value)).or_failure()?;
    }
    Ok(())
}

struct Columns<'r, 's>(&'r rusqlite::Row<'s>);

impl Row for Columns<'_, '_> {
    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        Ok(match self.0.get_ref(column).or_failure()? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).map_err(Failure::engine)?),
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
            ValueRef::Real(_) => return Err(Failure::Invalid(format!("column {column} holds a fraction"))),
        })
    }
}

impl Sql for Runner {
    fn each<F>(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
        show: F,
    ) -> impl Future<Output = Result<(), Failure>> + Send
    where
        F: FnMut(&dyn Row) -> Result<(), Failure> + Send,
    {
        self.questions += 1;
        ready(self.prepare(stmt.into()).and_then(|mut statement| show_rows(&mut statement, args, show)))
    }

    fn each_of<F>(
        &mut self,
        stmt: impl Into<Stmt>,
        questions: &Batch<'_>,
        mut show: F,
    ) -> impl Future<Output = Result<(), Failure>> + Send
    where
        F: FnMut(usize, &dyn Row) -> Result<(), Failure> + Send,
    {
        self.questions += u64::from(questions.iter().len() > 0);
        let done = self.prepare(stmt.into()).and_then(|mut statement| {
            questions
                .iter()
                .enumerate()
                .try_for_each(|(place, args)| show_rows(&mut statement, args, |row| show(place, row)))
        });
        ready(done)
    }
}

impl SqlWrite for Runner {
    /// There is one writer at a time, whatever the box.
    fn enter(&mut self, _: BoxId) -> impl Future<Output = Result<(), Failure>> + Send {
        ready(Ok(()))
    }

    fn execute(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, Failure>> + Send {
        ready(self.prepare(stmt.into()).and_then(|mut statement| execute(&mut statement, args)))
    }

    fn execute_each(
        &mut self,
        stmt: impl Into<Stmt>,
        calls: &Batch<'_>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        if calls.iter().len() == 0 {
            return ready(Ok(()));
        }
        let done = self.prepare(stmt.into()).and_then(|mut statement| {
            calls.iter().try_for_each(|args| execute(&mut statement, args).map(drop))
        });
        ready(done)
    }

    fn insert_tokens(
        &mut self,
        box_id: BoxId,
        document: i64,
        scope: i64,
        created_at: Ticks,
        tokens: &[String],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        if self.is_later {
            let key = (&box_id.as_bytes()[..], scope, created_at.get(), document);
            return ready(fresh::note(&self.conn, key, tokens).or_failure());
        }
        let done = self.prepare(DocumentStmt::InsertToken.into()).and_then(|mut statement| {
            tokens.iter().try_for_each(|token| {
                execute(&mut statement, &args![box_id, token, scope, created_at, document]).map(drop)
            })
        });
        ready(done)
    }

    fn insert(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<i64, Failure>> + Send {
        let done = self.prepare(stmt.into()).and_then(|mut statement| execute(&mut statement, args));
        ready(done.map(|_| self.conn.last_insert_rowid()))
    }
}

fn execute(statement: &mut Statement<'_>, args: &[Value<'_>]) -> Result<u64, Failure> {
    bind(statement, args)?;
    statement.raw_execute().or_failure().map(|changed| changed as u64)
}
