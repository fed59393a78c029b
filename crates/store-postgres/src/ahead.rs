//! Writes whose answers nobody waits for: they are sent together with what is asked next, or with the commit, and fail with it. So a
//! transaction goes to the server and back for what it reads, not for each row that it writes.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::{MaybeDone, maybe_done};
use potok_store_sql::Failure;

use crate::arguments::{Argument, Kept};
use crate::calls::execute;
use crate::lent::Lent;

/// Writes that wait at most.
const AT_ONCE: usize = 64;
/// Rows that one statement adds at most.
const ROWS: usize = 64;

/// Writes that wait, in their order.
#[derive(Debug, Default)]
pub(crate) struct Ahead(Vec<(Cow<'static, str>, Vec<Kept>)>);

impl Ahead {
    /// One more.
    pub(crate) fn add(&mut self, sql: impl Into<Cow<'static, str>>, args: &[Argument<'_>]) {
        self.0.push((sql.into(), args.iter().map(|argument| Kept::from(argument.0)).collect()));
    }

    /// There should be no more of them.
    pub(crate) const fn is_full(&self) -> bool {
        self.0.len() >= AT_ONCE
    }

    /// Sends all of them in their order; whatever is polled after this comes behind them. The first that failed is told.
    pub(crate) async fn send(self, lent: &Lent) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let args: Vec<Vec<Argument<'_>>> =
            self.0.iter().map(|(_, args)| args.iter().map(Kept::argument).collect()).collect();
        let sent = self.0.iter().zip(&args).map(|((sql, _), args)| execute(lent, sql, args));
        in_order(sent).await.into_iter().try_for_each(|done| done.map(drop))
    }
}

/// Begins all in their order, and waits for all.
pub(crate) async fn in_order<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut all: Vec<Pin<Box<MaybeDone<F>>>> = all.map(|one| Box::pin(maybe_done(one))).collect();
    poll_fn(|context| {
        // Each has its turn, also behind one that waits.
        let mut is_waiting = false;
        for one in &mut all {
            is_waiting |= one.as_mut().poll(context).is_pending();
        }
        if is_waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    all.iter_mut().filter_map(|one| one.as_mut().take_output()).collect()
}

/// A statement that adds one row, as one that adds so many; `None` when it does something else, or looks at rows that are there.
fn of_rows(sql: &str, rows: usize) -> Option<String> {
    let (head, rest) = sql.split_once("VALUES (")?;
    let (row, tail) = rest.split_once(')')?;
    let is_plain = row.split(", ").zip(1..).all(|(argument, nth)| argument == format!("${nth}"));
    if !is_plain || tail.contains("DO UPDATE") || tail.contains('$') {
        return None;
    }
    let width = row.split(", ").count();
    let row = |nth: usize| {
        let arguments: Vec<String> =
            (1..=width).map(|argument| format!("${}", nth * width + argument)).collect();
        format!("({})", arguments.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    Some(format!("{head}VALUES {}{tail}", rows.join(", ")))
}

/// The same statement with each of several arguments, as few statements as do it: each with all of its arguments.
pub(crate) fn together<'a>(
    sql: &'static str,
    each: Vec<Vec<Argument<'a>>>,
) -> Vec<(Cow<'static, str>, Vec<Argument<'a>>)> {
    let mut statements = Vec::new();
    let mut each = each.into_iter().peekable();
    while each.peek().is_some() {
        let some: Vec<Vec<Argument<'a>>> = each.by_ref().take(ROWS).collect();
        match of_rows(sql, some.len()).filter(|_| some.len() > 1) {
            Some(of_rows) => statements.push((of_rows.into(), some.into_iter().flatten().collect())),
            None => statements.extend(some.into_iter().map(|args| (sql.into(), args))),
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use potok_store_sql::Value;

    use super::*;

    #[test]
    fn a_row_becomes_many_where_nothing_but_rows_is_added() {
        assert_eq!(
            of_rows("INSERT INTO t (a, b) VALUES ($1, $2)\n ON CONFLICT DO NOTHING", 3).as_deref(),
            Some("INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6)\n ON CONFLICT DO NOTHING")
        );
        for other in [
            "INSERT INTO t (a, b) VALUES ($1, $2 <> 0)",
            "INSERT INTO t (a, b) VALUES ($2, $1)",
            "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = $2",
            "INSERT INTO t (a) SELECT $1 FROM u",
            "DELETE FROM t WHERE a = $1",
        ] {
            assert_eq!(of_rows(other, 2), None, "{other}");
        }
    }

    #[test]
    fn rows_are_added_together_and_the_rest_one_by_one() {
        let rows = |count: i64| (0..count).map(|nth| vec![Argument(Value::Int(nth))]).collect();
        let widths =
            |sql, count| together(sql, rows(count)).iter().map(|(_, args)| args.len()).collect::<Vec<_>>();
        assert_eq!(widths("INSERT INTO t (a) VALUES ($1)", 130), [64, 64, 2]);
        assert_eq!(widths("INSERT INTO t (a) VALUES ($1)", 1), [1]);
        assert_eq!(widths("DELETE FROM t WHERE a = $1", 3), [1, 1, 1]);
        assert_eq!(widths("DELETE FROM t WHERE a = $1", 0), [0; 0]);
    }
}
