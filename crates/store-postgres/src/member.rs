//! An append among others of one transaction: what it asks lies on its desk until all of them have gone as far as they can, and then goes
//! to the server with what the others ask.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use potok_store_sql::journal::{self, Prepared};
use potok_store_sql::{Batch, Failure, Row, Sql, SqlWrite, Stmt, Value};
use potok_types::BoxId;

use crate::arguments::{Columns, Kept};
use crate::calls::is_numbered;
use crate::runner::{MORE_NUMBERS, NUMBERS, no_head};
use crate::statements::text;

/// A statement with its arguments.
pub(crate) type Said = (&'static str, Vec<Kept>);

/// What a member wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Rows,
    /// How many rows were changed.
    Count,
}

/// What it hears.
#[derive(Debug)]
pub(crate) enum Heard {
    /// Rows, which may have columns behind those that were asked for.
    Rows(Vec<tokio_postgres::Row>),
    Count(u64),
}

/// What a member and those who ask for it hand to each other.
#[derive(Default)]
pub(crate) struct Desk {
    /// Writes, in their order: they come before what is asked.
    pub(crate) writes: VecDeque<Said>,
    /// What it waits for.
    pub(crate) asked: Vec<(Wants, Said)>,
    /// The answers, one for each.
    pub(crate) heard: Option<Vec<Heard>>,
}

/// A desk in the hands of two.
#[derive(Clone, Default)]
pub(crate) struct SharedDesk(Arc<Mutex<Desk>>);

impl SharedDesk {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Desk> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the answers.
    async fn ask(&self, asked: Vec<(Wants, Said)>) -> Vec<Heard> {
        self.lock().asked = asked;
        poll_fn(|_| match self.lock().heard.take() {
            Some(heard) => Poll::Ready(heard),
            // Whoever answers polls again.
            None => Poll::Pending,
        })
        .await
    }
}

/// An append whose box is entered.
pub(crate) struct Member {
    desk: SharedDesk,
    /// Answers to what was not asked yet, each for the first time that it is.
    foreseen: Foreseen,
    box_id: BoxId,
    /// The last number of a row that was given, and the last that may be.
    given: i64,
    last: i64,
}

/// Answers to what was not asked yet.
pub(crate) type Foreseen = HashMap<Said, Vec<tokio_postgres::Row>>;

/// What these appends will ask, as far as that is known.
pub(crate) fn foresee(all: &[Arc<Prepared>]) -> Vec<Said> {
    let mut questions = Vec::new();
    journal::foresee(all, |stmt, args| questions.push(said(text(stmt), args)));
    questions
}

/// The questions with what was heard.
pub(crate) fn foreseen(questions: Vec<Said>, heard: Vec<Heard>) -> Result<Foreseen, Failure> {
    let rows = |(said, heard)| match heard {
        Heard::Rows(rows) => Ok((said, rows)),
        Heard::Count(_) => Err(unanswered()),
    };
    questions.into_iter().zip(heard).map(rows).collect()
}

fn said(sql: &'static str, args: &[Value<'_>]) -> Said {
    (sql, args.iter().copied().map(Kept::from).collect())
}

impl Member {
    /// In a box with the number in its head after [`NUMBERS`] were taken from there, and what was heard before of what will be asked.
    pub(crate) fn new(desk: SharedDesk, box_id: BoxId, last: i64, foreseen: Foreseen) -> Self {
        Self { desk, foreseen, box_id, given: last - NUMBERS, last }
    }

    /// The answers to all of these, on one way to the server and back, or on none.
    async fn answers(&mut self, questions: Vec<Said>) -> Result<Vec<Vec<tokio_postgres::Row>>, Failure> {
        let mut answers: Vec<_> = questions.iter().map(|said| self.foreseen.remove(said)).collect();
        let unknown = questions.into_iter().zip(&answers).filter(|(_, answer)| answer.is_none());
        let asked: Vec<_> = unknown.map(|(said, _)| (Wants::Rows, said)).collect();
        if !asked.is_empty() {
            let heard = self.desk.ask(asked).await;
            for (answer, heard) in answers.iter_mut().filter(|answer| answer.is_none()).zip(heard) {
                let Heard::Rows(rows) = heard else { return Err(unanswered()) };
                *answer = Some(rows);
            }
        }
        answers.into_iter().map(|answer| answer.ok_or_else(unanswered)).collect()
    }

    async fn answer(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        self.answers(vec![said(sql, args)]).await?.pop().ok_or_else(unanswered)
    }

    /// The arguments with the number of the new row behind them, where the statement adds one that has a number.
    async fn numbered(&mut self, stmt: Stmt, args: &[Value<'_>]) -> Result<(Said, i64), Failure> {
        let (sql, mut args) = said(text(stmt), args);
        if !is_numbered(stmt) {
            return Ok(((sql, args), 0));
        }
        if self.given == self.last {
            let rows = self.answer(MORE_NUMBERS.0, &[self.box_id.into(), MORE_NUMBERS.1.into()]).await?;
            let row: &dyn Row = &Columns(rows.into_iter().next().ok_or_else(no_head)?);
            self.last = row.get(0)?;
            self.given = self.last - MORE_NUMBERS.1;
        }
        self.given += 1;
        args.push(Kept::Int(self.given));
        Ok(((sql, args), self.given))
    }
}

fn unanswered() -> Failure {
    Failure::Invalid("a statement of an append among others was answered by something else".to_owned())
}

impl Sql for Member {
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
            let rows = self.answer(text(stmt), args).await?;
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
            let questions = questions.iter().map(|args| said(text(stmt), args)).collect();
            for (place, rows) in self.answers(questions).await?.into_iter().enumerate() {
                rows.into_iter().try_for_each(|row| show(place, &Columns(row)))?;
            }
            Ok(())
        }
    }
}

impl SqlWrite for Member {
    async fn enter(&mut self, box_id: BoxId) -> Result<(), Failure> {
        match box_id == self.box_id {
            true => Ok(()),
            false => Err(Failure::Invalid("an append enters one box".to_owned())),
        }
    }

    fn execute(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, Failure>> + Send {
        let stmt = stmt.into();
        async move {
            let (said, _) = self.numbered(stmt, args).await?;
            match self.desk.ask(vec![(Wants::Count, said)]).await.pop() {
                Some(Heard::Count(count)) => Ok(count),
                _ => Err(unanswered()),
            }
        }
    }

    fn put(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let stmt = stmt.into();
        async move {
            let (said, _) = self.numbered(stmt, args).await?;
            self.desk.lock().writes.push_back(said);
            Ok(())
        }
    }

    fn execute_each(
        &mut self,
        stmt: impl Into<Stmt>,
        calls: &Batch<'_>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let stmt = stmt.into();
        async move {
            for args in calls.iter() {
                self.put(stmt, args).await?;
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
            let (said, number) = self.numbered(stmt, args).await?;
            self.desk.lock().writes.push_back(said);
            Ok(number)
        }
    }
}
