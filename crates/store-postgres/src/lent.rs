//! A connection that is lent out: it comes back only when nothing on it is left open.

use std::ops::Deref;

use deadpool_postgres::{Client, Object, Pool};
use potok_store_sql::Failure;

use crate::failure::OrFailure as _;

/// A connection of the pool.
pub(crate) struct Lent {
    client: Option<Object>,
    /// A transaction may be open, or an answer be on its way.
    is_busy: bool,
}

impl Lent {
    pub(crate) async fn from(pool: &Pool) -> Result<Self, Failure> {
        pool.get().await.or_failure().map(|client| Self { client: Some(client), is_busy: false })
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
    type Target = Client;

    fn deref(&self) -> &Client {
        self.client.as_ref().expect("it is taken away by the end only")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(client) = self.client.take().filter(|_| self.is_busy) {
            // Whoever asked has gone, or the answer has not come: the server ends what is open when the connection goes.
            drop(Object::take(client));
        }
    }
}
