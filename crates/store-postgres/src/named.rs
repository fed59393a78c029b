//! Statements that the server knows by name on one connection: it has read and planned them before, which costs it more than doing
//! them. The first time a statement goes without a name, so that nothing waits for it out of its turn; before the connection is
//! lent again the server learns it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use crate::failure::{is_misnamed, is_outdated};

/// Statements of a connection at most. What the product asks are some three hundred, a node most of the time a tenth of them; those for
/// many rows at once have a text for each number.
const MOST: usize = 256;

#[derive(Default)]
struct Known {
    /// By text, and by what the arguments are.
    statements: HashMap<String, Vec<(Vec<Type>, Statement)>>,
    count: usize,
    /// What was asked and is not known.
    wanted: Vec<(String, Vec<Type>)>,
}

/// Those of one connection.
pub(crate) struct Named {
    /// For all connections of the program to this server.
    is_on: Arc<AtomicBool>,
    known: Mutex<Known>,
}

impl Named {
    /// None yet.
    pub(crate) fn new(is_on: Arc<AtomicBool>) -> Self {
        Self { is_on, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The statement, if the server knows it; else it is to learn it.
    pub(crate) fn find(&self, sql: &str, types: &[Type]) -> Option<Statement> {
        if !self.is_on.load(Ordering::Relaxed) {
            return None;
        }
        let mut known = self.known();
        let found = known.statements.get(sql).and_then(|all| all.iter().find(|(its, _)| its == types));
        if let Some((_, statement)) = found {
            return Some(statement.clone());
        }
        if !known.wanted.iter().any(|(text, its)| text == sql && its == types) {
            known.wanted.push((sql.to_owned(), types.to_owned()));
        }
        None
    }

    /// Whether there is anything to learn.
    pub(crate) fn is_wanting(&self) -> bool {
        !self.known().wanted.is_empty()
    }

    /// Has the server learn what was asked. Nothing may be open on the connection.
    pub(crate) async fn learn(&self, client: &Client) {
        let wanted = std::mem::take(&mut self.known().wanted);
        let all = wanted.iter().map(|(sql, types)| client.prepare_typed(sql, types));
        let learned = join_all(all).await;
        let mut known = self.known();
        // When there are too many, it begins anew: those that are needed come back.
        if known.count + wanted.len() > MOST {
            *known = Known::default();
        }
        for ((sql, types), statement) in wanted.into_iter().zip(learned) {
            match statement {
                Ok(statement) => {
                    known.count += 1;
                    known.statements.entry(sql).or_default().push((types, statement));
                }
                Err(error) => self.hear_of(&error),
            }
        }
    }

    /// What an error says of the names: those of this connection hold no more, or none hold anywhere.
    pub(crate) fn hear(&self, error: &Error) {
        if is_outdated(error) || is_misnamed(error) {
            *self.known() = Known::default();
        }
        self.hear_of(error);
    }

    fn hear_of(&self, error: &Error) {
        if is_misnamed(error) && self.is_on.swap(false, Ordering::Relaxed) {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "the database server does not keep statements by their names; they go without"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use deadpool::managed::Object;
    use potok_store_sql::Failure;
    use tokio_postgres::NoTls;

    use crate::backend::address;
    use crate::calls::query_typed;
    use crate::cluster::{Cluster, Database};
    use crate::connections::{Maker, Pool};
    use crate::failure::was_named;
    use crate::lent::Lent;
    use crate::{PostgresOptions, Statements};

    use super::*;

    /// One connection, so that each call gets the one that the call before gave back.
    fn pool(database: &Database, statements: Statements) -> Pool {
        let options = PostgresOptions { statements, ..database.options() };
        let maker = Maker::new(address(&options).expect("an address"), statements);
        Pool::builder(maker).max_size(1).build().expect("a pool")
    }

    async fn ask(pool: &Pool, sql: &str) -> Result<i64, Failure> {
        let lent = Lent::from(pool).await?;
        let rows = query_typed(&lent, sql, &[]).await?;
        let row = rows.first().expect("a row");
        Ok(row.try_get::<_, i64>(0).unwrap_or_else(|_| row.get::<_, i32>(0).into()))
    }

    /// What the server knows on the connection, and what is known of that here.
    async fn known(pool: &Pool) -> (i64, Option<usize>) {
        let lent = Lent::from(pool).await.expect("a connection");
        let row =
            lent.query_typed_one("SELECT count(*) FROM pg_prepared_statements", &[]).await.expect("readable");
        (row.get(0), lent.named.as_ref().map(|named| named.known().count))
    }

    #[tokio::test]
    async fn a_statement_is_known_when_it_is_asked_again_and_none_without_names() {
        let database = Cluster::shared().database();
        for statements in [Statements::FoundOut, Statements::Named, Statements::Unnamed] {
            let pool = pool(&database, statements);
            for _ in 0..3 {
                assert_eq!(ask(&pool, "SELECT 7").await.expect("it is plain"), 7);
            }
            let expected = if statements == Statements::Unnamed { (0, None) } else { (1, Some(1)) };
            assert_eq!(known(&pool).await, expected, "{statements:?}");
        }
        let pool = pool(&database, Statements::FoundOut);
        pool.manager().finds_no_names();
        assert_eq!(ask(&pool, "SELECT 7").await.expect("it is plain"), 7);
        assert_eq!(known(&pool).await, (0, None));
    }

    #[tokio::test]
    async fn no_connection_knows_more_than_it_may() {
        let database = Cluster::shared().database();
        let pool = pool(&database, Statements::FoundOut);
        for nth in 0..=MOST as i64 {
            assert_eq!(ask(&pool, &format!("SELECT {nth}")).await.expect("it is plain"), nth);
        }
        // The server hears of what is forgotten on the way of the next call.
        assert_eq!(ask(&pool, "SELECT 7").await.expect("it is plain"), 7);
        let (server, here) = known(&pool).await;
        assert_eq!((server, here), (2, Some(2)));
    }

    #[tokio::test]
    async fn what_the_layout_outdates_fails_once_and_what_is_forgotten_takes_all_names_away() {
        let database = Cluster::shared().empty_database();
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.expect("it runs");
        tokio::spawn(connection);
        client.batch_execute("CREATE TABLE it AS SELECT 7::int AS a").await.expect("it is new");
        let pool = pool(&database, Statements::FoundOut);
        let (asked, other) = ("SELECT a FROM it", "SELECT 8");
        for sql in [asked, asked, other, other] {
            ask(&pool, sql).await.expect("it is there");
        }
        client.batch_execute("ALTER TABLE it ALTER a TYPE bigint").await.expect("nobody uses it");
        let failure = ask(&pool, asked).await.expect_err("it has another type than before");
        assert!(was_named(&failure), "{failure}");
        assert_eq!(known(&pool).await, (0, Some(0)));
        for _ in 0..2 {
            assert_eq!(ask(&pool, asked).await.expect("it is learned anew"), 7);
        }
        assert_eq!(known(&pool).await, (1, Some(1)));

        let lent = Lent::from(&pool).await.expect("a connection");
        lent.batch_execute("DISCARD ALL").await.expect("nothing is open");
        drop(lent);
        let failure = ask(&pool, asked).await.expect_err("the server has forgotten it");
        assert!(was_named(&failure), "{failure}");
        for _ in 0..3 {
            assert_eq!(ask(&pool, asked).await.expect("it goes without a name"), 7);
        }
        assert_eq!(known(&pool).await, (0, Some(0)));
        // Nor does a new connection have any.
        drop(Object::take(pool.get().await.expect("a connection")));
        assert_eq!(ask(&pool, asked).await.expect("it goes without a name"), 7);
        assert_eq!(known(&pool).await, (0, None));
    }
}
