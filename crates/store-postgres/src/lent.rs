//! A connection that is lent out: it comes back only when nothing on it is left open.

use std::ops::Deref;

use potok_store_sql::Failure;
use tokio::runtime::Handle;

use crate::connections::{Borrowed, Connection, Pool};
use crate::failure::OrFailure as _;
use crate::named::Named;

/// A connection of the pool.
pub(crate) struct Lent {
    connection: Option<Borrowed>,
    /// A transaction may be open, or an answer be on its way.
    is_busy: bool,
}

impl Lent {
    pub(crate) async fn from(pool: &Pool) -> Result<Self, Failure> {
        pool.get().await.or_failure().map(|connection| Self { connection: Some(connection), is_busy: false })
    }

    /// From here on the connection is thrown away, unless [`Self::done`] is said before it comes back.
    pub(crate) const fn begin(&mut self) {
        self.is_busy = true;
    }

    /// Nothing is open.
    pub(crate) const fn done(&mut self) {
        self.is_busy = false;
    }
}

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("it is taken away by the end only")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.is_busy {
            // Whoever asked has gone, or the answer has not come: the server ends what is open when the connection goes.
            drop(Borrowed::take(connection));
        } else if connection.named.as_ref().is_some_and(Named::is_wanting)
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(learn(connection));
        }
    }
}

/// Gives the connection back when its server has learned what was asked here.
async fn learn(connection: Borrowed) {
    if let Some(named) = &connection.named {
        named.learn(&connection).await;
    }
}
