//! An open transaction.

use std::sync::Arc;

use potok_store::StreamId;
use potok_types::{BoxId, Clock};

use crate::Touched;
use crate::heads::Heads;

/// Where there is something to deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// In this box, due at this time.
    In(BoxId, i64),
    /// In any of them.
    Anywhere,
}

/// What work that writes sees. A dialect keeps one for each of its writers, or makes one for each transaction.
pub struct Session<S> {
    /// The transaction.
    pub sql: S,
    /// What is remembered of the boxes. It must be forgotten whenever the transaction in which it was learned does not
    /// commit, and whenever somebody else wrote.
    pub heads: Heads,
    /// From which index keys are made.
    pub clock: Arc<dyn Clock>,
    /// What the work has changed of what readings of boxes answer; taken after each caller's work.
    pub touched: Touched,
    /// Where there is something to deliver by this work. A hint for dialects whose boxes lie apart.
    pub waiting: Option<Waiting>,
}

impl<S> Session<S> {
    /// Remembers nothing yet.
    pub fn new(sql: S, clock: Arc<dyn Clock>) -> Self {
        Self { sql, heads: Heads::default(), clock, touched: Touched::Unsaid, waiting: None }
    }

    /// Says that no answer about a box changes by this work, whatever it writes. Where nothing is said, all of them are taken
    /// for changed.
    pub fn touches_nothing(&mut self) {
        self.touched = Touched::Nothing;
    }

    /// Says that something of the box is to be delivered, and when it is due.
    pub(crate) fn waits(&mut self, box_id: BoxId, due_at: i64) {
        self.waiting = Some(Waiting::In(box_id, due_at));
    }

    /// Says that these streams of the box change, and nothing else.
    pub(crate) fn touches(&mut self, box_id: BoxId, streams: Vec<StreamId>) {
        self.touched = Touched::Streams(box_id, streams);
    }
}
