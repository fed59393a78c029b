//! Connections to the server, kept and lent.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use deadpool::managed::{Manager, Metrics, Object, RecycleError, RecycleResult};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Error};

use crate::Statements;
use crate::backend::Address;
use crate::direct::is_direct;
use crate::named::Named;

/// Connections that are kept.
pub(crate) type Pool = deadpool::managed::Pool<Maker>;
/// One that is lent.
pub(crate) type Borrowed = Object<Maker>;
/// Why none was lent.
pub(crate) type PoolError = deadpool::managed::PoolError<Error>;

/// Makes connections.
pub(crate) struct Maker {
    address: Address,
    statements: Statements,
    has_names: Arc<AtomicBool>,
}

impl Maker {
    pub(crate) fn new(address: Address, statements: Statements) -> Self {
        let has_names = Arc::new(AtomicBool::new(statements != Statements::Unnamed));
        Self { address, statements, has_names }
    }

    /// Statements go without names from now on, unless it was said that they have them.
    pub(crate) fn finds_no_names(&self) {
        if self.statements == Statements::FoundOut {
            self.has_names.store(false, Ordering::Relaxed);
        }
    }

    async fn may_name(&self, client: &Client) -> Result<bool, Error> {
        match self.statements {
            _ if !self.has_names.load(Ordering::Relaxed) => Ok(false),
            Statements::FoundOut => is_direct(client).await,
            statements => Ok(statements == Statements::Named),
        }
    }
}

impl Manager for Maker {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        let (client, connection) = self.address.config.connect(self.address.tls.clone()).await?;
        // It ends with an error that the calls tell, too.
        let task = tokio::spawn(async { drop(connection.await) });
        let mut made = Connection { client, named: None, task };
        if self.may_name(&made).await? {
            made.named = Some(Named::new(Arc::clone(&self.has_names)));
        }
        Ok(made)
    }

    /// Nothing is set on a connection, so there is nothing to clean when it comes back.
    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        match connection.is_closed() {
            true => Err(RecycleError::message("the connection is closed")),
            false => Ok(()),
        }
    }
}

/// A connection, which ends with this.
pub(crate) struct Connection {
    client: Client,
    /// `None` where statements go without names.
    pub(crate) named: Option<Named>,
    task: JoinHandle<()>,
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}
