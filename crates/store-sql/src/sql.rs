//! The seam: where named statements run.
//!
//! Everything is a future, so that a dialect over a network needs no thread that waits; the futures of an embedded
//! engine are ready at once, and whoever runs them there polls once and never waits. Rows are shown, not collected:
//! what an algorithm keeps of them is its own affair.

use std::future::Future;
use std::pin::Pin;

use potok_types::{BoxId, Ticks};

use crate::{Batch, DocumentStmt, Failure, Row, Stmt, Value, args};

/// Work on the way.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A connection, or a transaction on one, that answers named statements. What a statement gives is bounded by its own
/// `LIMIT`, or small by nature: it is read to its end.
pub trait Sql: Send {
    /// Shows each row of the answer.
    fn each<F>(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
        show: F,
    ) -> impl Future<Output = Result<(), Failure>> + Send
    where
        F: FnMut(&dyn Row) -> Result<(), Failure> + Send;

    /// The same statement with each of several arguments, none of which depends on the answer to another: a dialect may
    /// ask for all of them at once. Shows each row with the place of its arguments in the list; rows of one question
    /// come in the order of the statement, and questions in that of the list.
    fn each_of<F>(
        &mut self,
        stmt: impl Into<Stmt>,
        questions: &Batch<'_>,
        show: F,
    ) -> impl Future<Output = Result<(), Failure>> + Send
    where
        F: FnMut(usize, &dyn Row) -> Result<(), Failure> + Send;

    /// What `read` makes of each row.
    fn rows<T: Send>(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Failure> + Send,
    ) -> impl Future<Output = Result<Vec<T>, Failure>> + Send {
        let stmt = stmt.into();
        async move {
            let mut rows = Vec::new();
            self.each(stmt, args, |row| {
                rows.push(read(row)?);
                Ok(())
            })
            .await?;
            Ok(rows)
        }
    }

    /// What `read` makes of the only row, if there is one.
    fn row<T: Send>(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Failure> + Send,
    ) -> impl Future<Output = Result<Option<T>, Failure>> + Send {
        let stmt = stmt.into();
        async move {
            let mut found = None;
            self.each(stmt, args, |row| {
                found = Some(read(row)?);
                Ok(())
            })
            .await?;
            Ok(found)
        }
    }

    /// Whether there is a row.
    fn exists(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let found = self.row(stmt, args, |_| Ok(()));
        async move { Ok(found.await?.is_some()) }
    }
}

/// A transaction that may also write.
pub trait SqlWrite: Sql {
    /// Begins to write to a box: from here to its end, the transaction is the only one that does. It comes before every
    /// other statement on the box, and a transaction enters one box only.
    fn enter(&mut self, box_id: BoxId) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Runs a statement that gives no rows. How many it changed.
    fn execute(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, Failure>> + Send;

    /// The same where nobody wants to know how many. A dialect over a network may send it together with what comes next: when it
    /// fails, that fails, or the commit.
    fn put(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let done = self.execute(stmt, args);
        async move { done.await.map(drop) }
    }

    /// The same as [`Self::put`] with each of several arguments, in this order.
    fn execute_each(
        &mut self,
        stmt: impl Into<Stmt>,
        calls: &Batch<'_>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Adds the words by which a document is found, which has none yet. A dialect may put them in their places later, as long as
    /// [`DocumentStmt::HasToken`] and searches find them at once.
    fn insert_tokens(
        &mut self,
        box_id: BoxId,
        document: i64,
        scope: i64,
        created_at: Ticks,
        tokens: &[String],
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        async move {
            let each = tokens.iter().map(|token| args![box_id, token, scope, created_at, document]);
            self.execute_each(DocumentStmt::InsertToken, &each.collect()).await
        }
    }

    /// Adds one row to a table whose rows the database numbers, when [`Self::put`] would. The new number.
    fn insert(
        &mut self,
        stmt: impl Into<Stmt>,
        args: &[Value<'_>],
    ) -> impl Future<Output = Result<i64, Failure>> + Send;
}
