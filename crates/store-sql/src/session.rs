//! An open transaction.

use std::sync::Arc;

use potok_types::Clock;

use crate::heads::Heads;

/// What work that writes sees. A dialect keeps one for each of its writers, or makes one for each transaction.
pub struct Session<S> {
    /// The transaction.
    pub sql: S,
    /// What is remembered of the boxes. It must be forgotten whenever the transaction in which it was learned does not
    /// commit, and whenever somebody else wrote.
    pub heads: Heads,
    /// From which index keys are made.
    pub clock: Arc<dyn Clock>,
}

impl<S> Session<S> {
    /// Remembers nothing yet.
    pub fn new(sql: S, clock: Arc<dyn Clock>) -> Self {
        Self { sql, heads: Heads::default(), clock }
    }
}
