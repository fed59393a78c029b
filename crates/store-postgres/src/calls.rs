//! Single statements on their way to the server: by name where the connection has names and the server knows this one already, else
//! without. Each is sent when it is first polled, so statements follow each other as they are polled.

use potok_store_sql::{DirectoryStmt, DocumentStmt, Failure, JournalStmt, OutboxStmt, Stmt, Value};
use tokio_postgres::Statement;
use tokio_postgres::types::{ToSql, Type};

use crate::arguments::Argument;
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::statements::text;

/// Whether a statement adds a row that gets a number, as its last argument.
pub(crate) const fn is_numbered(stmt: Stmt) -> bool {
    matches!(
        stmt,
        Stmt::Journal(JournalStmt::InsertEvent | JournalStmt::InsertLink)
            | Stmt::Documents(DocumentStmt::Insert)
            | Stmt::Outbox(OutboxStmt::Plan)
            | Stmt::Directory(DirectoryStmt::PutDepartment)
    )
}

/// In the form in which they are sent.
pub(crate) fn arguments<'a>(args: &[Value<'a>]) -> Vec<Argument<'a>> {
    args.iter().copied().map(Argument).collect()
}

/// An argument and what the server is told that it is.
pub(crate) type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

/// Which plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// One for all arguments.
    Kept,
    /// One for these arguments.
    Anew,
}

impl Plan {
    /// Of a statement: lists of documents are looked up in one of several orders, and which is best depends on the box.
    pub(crate) fn of(stmt: Stmt) -> Self {
        match stmt {
            Stmt::Documents(_) | Stmt::Rebuild(_) if text(stmt).contains("LIMIT $") => Self::Anew,
            _ => Self::Kept,
        }
    }
}

fn typed<'a>(args: &'a [Argument<'_>]) -> Vec<Typed<'a>> {
    args.iter().map(|argument| (argument as &(dyn ToSql + Sync), argument.kind())).collect()
}

/// The statement by its name, if there is one, and the arguments without their types.
fn by_name<'a>(
    lent: &Lent,
    sql: &str,
    args: &[Typed<'a>],
) -> Option<(Statement, Vec<&'a (dyn ToSql + Sync)>)> {
    let types: Vec<Type> = args.iter().map(|(_, kind)| kind.clone()).collect();
    let statement = lent.named.as_ref()?.find(sql, &types)?;
    Some((statement, args.iter().map(|(value, _)| *value).collect()))
}

fn heard<T>(lent: &Lent, done: Result<T, tokio_postgres::Error>) -> Result<T, Failure> {
    if let (Err(error), Some(named)) = (&done, &lent.named) {
        named.hear(error);
    }
    done.or_failure()
}

/// The rows of an answer.
pub(crate) async fn query_typed(
    lent: &Lent,
    sql: &str,
    args: &[Typed<'_>],
) -> Result<Vec<tokio_postgres::Row>, Failure> {
    let done = match by_name(lent, sql, args) {
        Some((statement, values)) => lent.query(&statement, &values).await,
        None => lent.query_typed(sql, args).await,
    };
    heard(lent, done)
}

/// How many rows were changed.
pub(crate) async fn execute_typed(lent: &Lent, sql: &str, args: &[Typed<'_>]) -> Result<u64, Failure> {
    let done = match by_name(lent, sql, args) {
        Some((statement, values)) => lent.execute(&statement, &values).await,
        None => lent.execute_typed(sql, args).await,
    };
    heard(lent, done)
}

/// As [`query_typed`].
pub(crate) async fn query(
    lent: &Lent,
    plan: Plan,
    sql: &str,
    args: &[Argument<'_>],
) -> Result<Vec<tokio_postgres::Row>, Failure> {
    match plan {
        Plan::Kept => query_typed(lent, sql, &typed(args)).await,
        Plan::Anew => lent.query_typed(sql, &typed(args)).await.or_failure(),
    }
}

/// As [`execute_typed`].
pub(crate) async fn execute(lent: &Lent, sql: &str, args: &[Argument<'_>]) -> Result<u64, Failure> {
    execute_typed(lent, sql, &typed(args)).await
}
