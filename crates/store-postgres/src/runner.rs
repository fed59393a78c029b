//! Where named statements run: a connection, and on it no transaction, one, or one that is still to begin.

use std::borrow::Cow;
use std::future::Future;

use futures_util::future::join;
use futures_util::stream::{FuturesOrdered, StreamExt as _};
use potok_store_sql::{Batch, Failure, Row, Sql, SqlWrite, Stmt, Value};
use potok_types::BoxId;

use crate::ahead::{self, Ahead};
use crate::arguments::{Argument, Columns};
use crate::calls::{Plan, arguments, execute, is_numbered, query};
use crate::failure::{OrFailure as _, lost_connection, met_another};
use crate::lent::Lent;
use crate::statements::text;

/// Questions that are on their way at once.
const AT_ONCE: usize = 64;
/// Numbers of rows that a transaction takes from the head of its box; most need fewer, and what is left over is lost.
pub(crate) const NUMBERS: i64 = 16;
/// The statement that takes more of them, and how many: its arguments.
pub(crate) const MORE_NUMBERS: (&str, i64) =
    ("UPDATE boxes SET rows = rows + $2 WHERE box_id = $1 RETURNING rows", NUMBERS * 16);

/// To a box: one after the other by its head, and each statement sees what was committed before it.
pub(crate) const BEGIN_OF_BOX: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on";
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

/// Why a transaction did not happen, or may not have.
pub(crate) enum Broken {
    /// It did not, and this is why.
    Undone(Failure),
    /// The answer to the commit was lost.
    Unknown(Failure),
}

impl Broken {
    /// Why, whichever it is.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Undone(failure) | Self::Unknown(failure) => failure,
        }
    }
}

/// Ends the transaction behind the last writes. Where anything in it has failed, the server would undo it and call that done: so it is
/// asked something before, which it then refuses.
pub(crate) async fn commit(
    lent: &Lent,
    last_writes: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Broken> {
    let (sent, done) = join(last_writes, lent.batch_execute("SELECT; COMMIT")).await;
    // What was refused before the commit has undone it.
    sent.map_err(
        |failure| {
            if lost_connection(&failure) { Broken::Unknown(failure) } else { Broken::Undone(failure) }
        },
    )?;
    done.or_failure().map_err(|failure| {
        if met_another(&failure) { Broken::Undone(failure) } else { Broken::Unknown(failure) }
    })
}

/// A connection at work.
pub struct Runner {
    lent: Lent,
    open: Open,
    /// Writes that are sent with what comes next.
    ahead: Ahead,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("open", &self.open).finish_non_exhaustive()
    }
}

impl Runner {
    fn new(lent: Lent, open: Open) -> Self {
        Self { lent, open, ahead: Ahead::default() }
    }

    /// Asks statement by statement.
    pub(crate) fn asking(lent: Lent) -> Self {
        Self::new(lent, Open::Nothing)
    }

    /// Asks in one state of the database.
    pub(crate) async fn viewing(mut lent: Lent) -> Result<Self, Failure> {
        lent.begin();
        lent.batch_execute(BEGIN_VIEW).await.or_failure()?;
        Ok(Self::new(lent, Open::Begun))
    }

    /// The same, with what the state has of a box. One way to the server and back.
    pub(crate) async fn viewing_box(mut lent: Lent, box_id: BoxId) -> Result<(Self, Seen), Failure> {
        lent.begin();
        let args = arguments(&[box_id.into()]);
        let (begun, seen) =
            join(lent.batch_execute(BEGIN_VIEW), query(&lent, Plan::Kept, Seen::SQL, &args)).await;
        begun.or_failure()?;
        let seen = Seen::of(&seen?)?;
        Ok((Self::new(lent, Open::Begun), seen))
    }

    /// Writes in a transaction, which begins with the first statement.
    pub(crate) fn writing(lent: Lent) -> Self {
        Self::new(lent, Open::Unbegun)
    }

    /// Ends the transaction, if there is one.
    pub(crate) async fn commit(mut self) -> Result<(), Broken> {
        if matches!(self.open, Open::Begun | Open::OfBox { .. }) {
            let ahead = std::mem::take(&mut self.ahead);
            commit(&self.lent, ahead.send(&self.lent)).await?;
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
        self.query(Plan::Kept, sql, &arguments(args)).await
    }

    /// The rows of an answer, with what waits sent before.
    async fn query(
        &mut self,
        plan: Plan,
        sql: &str,
        args: &[Argument<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        let ahead = std::mem::take(&mut self.ahead);
        let (sent, rows) = join(ahead.send(&self.lent), query(&self.lent, plan, sql, args)).await;
        sent?;
        rows
    }

    /// Lets a write wait for what comes next.
    async fn defer(&mut self, sql: Cow<'static, str>, args: &[Argument<'_>]) -> Result<(), Failure> {
        if self.ahead.is_full() {
            std::mem::take(&mut self.ahead).send(&self.lent).await?;
        }
        self.ahead.add(sql, args);
        Ok(())
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
                let (sql, more) = MORE_NUMBERS;
                let rows = self.query(Plan::Kept, sql, &arguments(&[box_id.into(), more.into()])).await?;
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

/// What a state of a server has of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The number in the head of the box, which each transaction raises that writes to it ([`HEAD`]). `None`: nobody has written.
    pub(crate) rows: Option<i64>,
    /// The server replays what another one writes.
    pub(crate) is_standby: bool,
}

impl Seen {
    /// With the box as its argument.
    pub(crate) const SQL: &str = "SELECT (SELECT rows FROM boxes WHERE box_id = $1), pg_is_in_recovery()";

    /// From the answer to that.
    pub(crate) fn of(rows: &[tokio_postgres::Row]) -> Result<Self, Failure> {
        let row = rows.first().ok_or_else(no_head)?;
        Ok(Self { rows: row.try_get(0).or_failure()?, is_standby: row.try_get(1).or_failure()? })
    }
}

pub(crate) fn no_head() -> Failure {
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
            let rows = self.query(Plan::of(stmt), text(stmt), &arguments(args)).await?;
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
            let ahead = std::mem::take(&mut self.ahead);
            let lent = &self.lent;
            let asking = async {
                let mut asked = questions.iter().map(|args| async move {
                    query(lent, Plan::of(stmt), text(stmt), &arguments(args)).await
                });
                let mut answers: FuturesOrdered<_> = asked.by_ref().take(AT_ONCE).collect();
                let mut place = 0;
                while let Some(rows) = answers.next().await {
                    answers.extend(asked.next());
                    rows?.into_iter().try_for_each(|row| show(place, &Columns(row)))?;
                    place += 1;
                }
                Ok::<(), Failure>(())
            };
            let (sent, asked) = join(ahead.send(lent), asking).await;
            sent?;
            asked?;
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
        let (begun, head) =
            join(self.lent.batch_execute(BEGIN_OF_BOX), query(&self.lent, Plan::Kept, HEAD, &args)).await;
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
            let ahead = std::mem::take(&mut self.ahead);
            let (sent, done) = join(ahead.send(&self.lent), execute(&self.lent, text(stmt), &args)).await;
            sent?;
            done
        }
    }

    fn put(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let stmt = stmt.into();
        async move {
            self.begin().await?;
            let (args, _) = self.numbered(stmt, args).await?;
            self.defer(text(stmt).into(), &args).await
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
            for (sql, args) in ahead::together(text(stmt), each) {
                self.defer(sql, &args).await?;
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
            self.defer(text(stmt).into(), &args).await?;
            Ok(number)
        }
    }
}
