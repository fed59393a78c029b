//! Waiting: at once, unless the queue is set to be slow.

use std::sync::PoisonError;

use bytes::Bytes;
use potok_types::{BoxId, EntityId, MessageId, Ticks};

use super::{Printing, Product};

/// What is made, or that it is not ready yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made<T> {
    /// Here it is.
    Ready(T),
    /// Ask again after a second.
    Working,
}

/// A made file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    /// Its name, for people.
    pub name: String,
    /// Its bytes.
    pub content: Bytes,
}

/// Forms that may wait at once; beyond them those that wait longest are forgotten, and begin anew when they are asked for.
const WAITING: usize = 10_000;

impl Printing {
    /// Whether the turn of the document has come. The first ask begins the wait, and what has been handed out begins anew.
    pub(crate) fn is_due(
        &self,
        box_id: BoxId,
        message: MessageId,
        entity: EntityId,
        product: Product,
    ) -> bool {
        if self.wait_seconds == 0 {
            return true;
        }
        let now = self.core.clock.now();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (box_id, message, entity, product);
        let first = *asked.entry(key).or_insert(now);
        let is_due = now >= first.plus_seconds(self.wait_seconds);
        if is_due {
            asked.remove(&key);
        }
        if asked.len() > WAITING {
            let oldest: Option<Ticks> = asked.values().min().copied();
            asked.retain(|_, first| Some(*first) != oldest);
        }
        is_due
    }
}
