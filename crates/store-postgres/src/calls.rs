//! Single statements on their way to the server. None has a name, so a pooler may give each transaction another connection.

use potok_store_sql::{DirectoryStmt, DocumentStmt, Failure, JournalStmt, OutboxStmt, Stmt, Value};
use tokio_postgres::types::{ToSql, Type};

use crate::arguments::Argument;
use crate::failure::OrFailure as _;
use crate::lent::Lent;

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

fn typed<'a>(args: &'a [Argument<'_>]) -> Vec<Typed<'a>> {
    args.iter().map(|argument| (argument as &(dyn ToSql + Sync), argument.kind())).collect()
}

/// The rows of an answer.
pub(crate) async fn query(
    lent: &Lent,
    sql: &str,
    args: &[Argument<'_>],
) -> Result<Vec<tokio_postgres::Row>, Failure> {
    lent.query_typed(sql, &typed(args)).await.or_failure()
}

/// How many rows were changed.
pub(crate) async fn execute(lent: &Lent, sql: &str, args: &[Argument<'_>]) -> Result<u64, Failure> {
    lent.execute_typed(sql, &typed(args)).await.or_failure()
}
