//! Where named statements run: a connection, and on it no transaction, one, or one that is still to begin.

use std::future::Future;

use futures_util::future::join;
use futures_util::stream::{FuturesOrdered, StreamExt as _};
use potok_store_sql::{Batch, Failure, Row, Sql, SqlWrite, Stmt, Value};
use potok_types::BoxId;

use crate::arguments::{Argument, Columns};
use crate::calls::{arguments, execute, is_numbered, query};
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::statements::text;

/// Questions that are on their way at once.
const AT_ONCE: usize = 64;
/// Numbers of rows that a transaction takes from the head of its box; most need fewer, and what is left over is lost.
const NUMBERS: i64 = 16;

/// To a box: one after the other by its head, and each statement sees what was committed before it.
const BEGIN_OF_BOX: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on";
/// To what belongs to no box: as if there were one after the other.
const BEGIN_OF_NONE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit = on";
/// To read one state.
const BEGIN_VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The write with which a transaction begins.
const HEAD: &str = "INSERT INTO boxes (box_id, rows) VALUES ($1, $2)
    ON CONFLICT (box_id) DO UPDATE SET rows = boxes.rows + $2 RETURNING rows";

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// Nothing, and nothing will be.
    Nothing,
    /// A transaction is to begin with the first statement.
    Unbegun,
    /// A transaction that entered no box.
    Begun,
    /// A transaction of a box, with the last number of a row that was given and the last that may be.
    OfBox { box_id: BoxId, given: i64, last: i64 },
}

/// A connection at work.
pub struct Runner {
    lent: Lent,
    open: Open,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("open", &self.open).finish_non_exhaustive()
    }
}

impl Runner {
    /// Asks statement by statement.
    pub(crate) const fn asking(lent: Lent) -> Self {
        Self { lent, open: Open::Nothing }
    }

    /// Asks in one state of the database.
    pub(crate) async fn viewing(mut lent: Lent) -> Result<Self, Failure> {
        lent.begin();
        lent.batch_execute(BEGIN_VIEW).await.or_failure()?;
        Ok(Self { lent, open: Open::Begun })
    }

    /// Writes in a transaction, which begins with the first statement.
    pub(crate) const fn writing(lent: Lent) -> Self {
        Self { lent, open: Open::Unbegun }
    }

    /// Ends the transaction, if there is one. Where anything in it has failed, the server would undo it and call that done: so
    /// it is asked something before, which it then refuses.
    pub(crate) async fn commit(mut self) -> Result<(), Failure> {
        if matches!(self.open, Open::Begun | Open::OfBox { .. }) {
            self.lent.batch_execute("SELECT; COMMIT").await.or_failure()?;
        }
        self.lent.done();
        Ok(())
    }

    /// Undoes the transaction; if that fails, the connection is thrown away, which does it too.
    pub(crate) async fn undo(mut self) {
        if !matches!(self.open, Open::Begun | Open::OfBox { .. })
            || self.lent.batch_execute("ROLLBACK").await.is_ok()
        {
            self.lent.done();
        }
    }

    /// A statement of this crate alone.
    pub(crate) async fn own(
        &mut self,
        sql: &str,
        args: &[Value<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        self.begin().await?;
        query(&self.lent, sql, &arguments(args)).await
    }

    async fn begin(&mut self) -> Result<(), Failure> {
        self.lent.begin();
        if self.open == Open::Unbegun {
            self.lent.batch_execute(BEGIN_OF_NONE).await.or_failure()?;
            self.open = Open::Begun;
        }
        Ok(())
    }

    /// The next number of a row of the box.
    async fn number(&mut self) -> Result<i64, Failure> {
        let Open::OfBox { box_id, given, last } = self.open else {
            return Err(Failure::Invalid("a numbered row was added before its box was entered".to_owned()));
        };
        let (next, last) = match given < last {
            true => (given + 1, last),
            false => {
                let more = NUMBERS * 16;
                let sql = "UPDATE boxes SET rows = rows + $2 WHERE box_id = $1 RETURNING rows";
                let rows = query(&self.lent, sql, &arguments(&[box_id.into(), more.into()])).await?;
                let last: i64 = rows.first().ok_or_else(no_head)?.try_get(0).or_failure()?;
                (last - more + 1, last)
            }
        };
        self.open = Open::OfBox { box_id, given: next, last };
        Ok(next)
    }

    /// The arguments with the number of the new row behind them, where the statement adds one that has a number.
    async fn numbered<'a>(
        &mut self,
        stmt: Stmt,
        args: &[Value<'a>],
    ) -> Result<(Vec<Argument<'a>>, i64), Failure> {
        let mut args = arguments(args);
        if !is_numbered(stmt) {
            return Ok((args, 0));
        }
        let number = self.number().await?;
        args.push(Argument(Value::Int(number)));
        Ok((args, number))
    }
}

fn no_head() -> Failure {
    Failure::Invalid("the head of a box that was entered is not there".to_owned())
}

impl Sql for Runner {
    fn each<F>(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
        mut show: F,
    ) -> impl Future<Output = Result<(), Failure>> + Send
    where
        F: FnMut(&dyn Row) -> Result<(), Failure> + Send,
    {
        let stmt = stmt.into();
        async move {
            self.begin().await?;
            let rows = query(&self.lent, text(stmt), &arguments(args)).await?;
            self.rest();
            rows.into_iter().try_for_each(|row| show(&Columns(row)))
        }
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
        let stmt = stmt.into();
        async move {
            if questions.iter().len() == 0 {
                return Ok(());
            }
            self.begin().await?;
            let lent = &self.lent;
            let mut asked =
                questions.iter().map(|args| async move { query(lent, text(stmt), &arguments(args)).await });
            let mut answers: FuturesOrdered<_> = asked.by_ref().take(AT_ONCE).collect();
            let mut place = 0;
            while let Some(rows) = answers.next().await {
                answers.extend(asked.next());
                rows?.into_iter().try_for_each(|row| show(place, &Columns(row)))?;
                place += 1;
            }
            drop(answers);
            self.rest();
            Ok(())
        }
    }
}

impl Runner {
    /// An answer has come whole; without a transaction nothing is left open.
    pub(crate) fn rest(&mut self) {
        if self.open == Open::Nothing {
            self.lent.done();
        }
    }
}

impl SqlWrite for Runner {
    async fn enter(&mut self, box_id: BoxId) -> Result<(), Failure> {
        match self.open {
            Open::OfBox { box_id: entered, .. } if entered == box_id => return Ok(()),
            Open::Unbegun => {}
            _ => {
                return Err(Failure::Invalid(
                    "a transaction enters one box, and that first of all".to_owned(),
                ));
            }
        }
        self.lent.begin();
        let args = arguments(&[box_id.into(), NUMBERS.into()]);
        // One way to the server and back.
        let (begun, head) = join(self.lent.batch_execute(BEGIN_OF_BOX), query(&self.lent, HEAD, &args)).await;
        begun.or_failure()?;
        self.open = Open::Begun;
        let last: i64 = head?.first().ok_or_else(no_head)?.try_get(0).or_failure()?;
        self.open = Open::OfBox { box_id, given: last - NUMBERS, last };
        Ok(())
    }

    fn execute(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, Failure>> + Send {
        let stmt = stmt.into();
        async move {
            self.begin().await?;
            let (args, _) = self.numbered(stmt, args).await?;
            execute(&self.lent, text(stmt), &args).await
        }
    }

    fn execute_each(
        &mut self,
        stmt: impl Into<Stmt>,
        calls: &Batch<'_>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let stmt = stmt.into();
        async move {
            if calls.iter().len() == 0 {
                return Ok(());
            }
            self.begin().await?;
            let mut each = Vec::with_capacity(calls.iter().len());
            for args in calls.iter() {
                each.push(self.numbered(stmt, args).await?.0);
            }
            let lent = &self.lent;
            for some in each.chunks(AT_ONCE) {
                let mut done: FuturesOrdered<_> =
                    some.iter().map(|args| execute(lent, text(stmt), args)).collect();
                while let Some(one) = done.next().await {
                    one?;
                }
            }
            Ok(())
        }
    }

    fn insert(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<i64, Failure>> + Send {
        let stmt = stmt.into();
        async move {
            self.begin().await?;
            let (args, number) = self.numbered(stmt, args).await?;
            execute(&self.lent, text(stmt), &args).await?;
            Ok(number)
        }
    }
}
