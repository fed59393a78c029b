//! The store for many boxes and many machines, a dialect of `potok-store-sql`: PostgreSQL, and by the same layout Citus.
//!
//! * Every transaction that writes to a box begins with a write to the head of that box, so they follow each other there, and
//!   boxes do not wait for each other. Work that concerns no box runs serializable and is done again when it met other work.
//! * Appends that come while others of their box are on their way wait for them and go together; those of many boxes go in one
//!   transaction where the options say so, and never on Citus.
//! * An answer comes after a commit with `synchronous_commit = on`. A commit of which nobody knows whether it happened is settled
//!   by appending the same events again: those that are there already are told as appended.
//! * Lists may be read at a standby: only when it has of their box what the primary has, so nobody sees the difference.
//! * Nothing is set for longer than a transaction, and statements have names only where nothing stands between, so a pooler in
//!   transaction mode may.

mod ahead;
mod arguments;
mod backend;
mod calls;
mod checks;
mod citus;
#[cfg(feature = "cluster")]
pub mod cluster;
mod connections;
mod copies;
mod direct;
mod facts;
mod failure;
mod hints;
mod leases;
mod lent;
mod many;
mod member;
mod merging;
mod migrations;
mod moving;
mod named;
mod notices;
mod queues;
mod reading;
mod replica;
mod rounds;
mod runner;
mod statements;
mod tls;
mod writing;

#[cfg(feature = "cluster")]
pub use backend::open_keeping;
pub use backend::{Postgres, PostgresFigures, PostgresStore, layout, migrate, open};
pub use citus::distribute;
pub use copies::{dump, load};
pub use facts::{ServerFacts, facts};
pub use migrations::Layout;
pub use moving::Side;
pub use replica::{FAR_BEHIND, ReplicaFigures, look_at_replica};

/// How appends that wait for others go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appends {
    /// Those of many boxes in one transaction. Where the database is one of Citus they go apart all the same.
    Together,
    /// Those of each box in a transaction of their own.
    Apart,
    /// As [`Self::Together`], by statements for many even where there is one: for tests.
    #[cfg(feature = "cluster")]
    Merged,
}

/// Whether statements have names, by which the server knows them again on a connection: then it reads and plans each of them once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Where nothing stands between, which each connection finds out when it is made; not on Citus.
    FoundOut,
    /// They have. What stands between has to hold names together with the transactions that use them.
    Named,
    /// They have none.
    Unnamed,
}

/// Where the database is and how it is used.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresOptions {
    /// The address: `postgres://user:password@host:port/database`.
    pub url: String,
    /// Connections at most, at least 2.
    pub connections: usize,
    /// How long to wait for a free connection, or for a new one, in milliseconds.
    pub wait_ms: u64,
    /// The address of a standby at which lists are read, if there is one.
    pub replica: Option<String>,
    /// How appends that wait go together.
    pub appends: Appends,
    /// Whether statements have names.
    pub statements: Statements,
    /// A server that may lose what it acknowledged (`fsync` or `full_page_writes` off) will do. For tests.
    pub unsafe_server: bool,
}

impl PostgresOptions {
    /// The defaults over the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 16,
            wait_ms: 10_000,
            replica: None,
            appends: Appends::Apart,
            statements: Statements::FoundOut,
            unsafe_server: false,
        }
    }

    /// How the standby is reached, if there is one.
    pub(crate) fn of_replica(&self) -> Option<Self> {
        let url = self.replica.clone()?;
        Some(Self { url, replica: None, ..self.clone() })
    }
}

/// Without the addresses, which hold passwords.
impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("connections", &self.connections)
            .field("wait_ms", &self.wait_ms)
            .field("appends", &self.appends)
            .field("statements", &self.statements)
            .field("unsafe_server", &self.unsafe_server)
            .finish_non_exhaustive()
    }
}
