//! A journal that fails on demand, for tests of what use cases do then.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::{DocumentRef, Revision};
use potok_types::{BoxId, ContentHash};
use uuid::Uuid;

use crate::{
    Append, AppendError, Appended, EventPlace, Journal, Operation, SmallContent, StoreError, StreamId,
    StreamKind, Wanted,
};

/// What becomes of one append.
pub enum Fault {
    /// Nothing bad.
    None,
    /// Its first stream is not where it was expected, though nobody did anything.
    Stale,
    /// The delivery that it settles went to another worker.
    LeaseLost,
    /// The store fails before it did anything.
    Refused,
    /// The store does it, and the answer is lost.
    AnswerLost,
    /// Somebody else does this first; what it does to the append is what really happens.
    Meanwhile(Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl Fault {
    /// Somebody else does `something` before the append reaches the store.
    pub fn meanwhile(something: impl Future<Output = ()> + Send + 'static) -> Self {
        Self::Meanwhile(Box::pin(something))
    }
}

/// A journal over another one. Reading goes through; each append takes the next fault, and goes through when none is
/// left.
pub struct FaultyJournal {
    inner: Arc<dyn Journal>,
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    faults: VecDeque<Fault>,
    is_always_stale: bool,
    appends: usize,
    readings: usize,
    events_read: usize,
}

impl FaultyJournal {
    /// A journal that is like `inner` as long as no faults are planned.
    pub fn over(inner: Arc<dyn Journal>) -> Self {
        Self { inner, plan: Mutex::default() }
    }

    /// The next appends meet these faults, in order.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.extend(faults);
    }

    /// Whether every append is [`Fault::Stale`] from now on.
    pub fn set_always_stale(&self, is_always_stale: bool) {
        self.state().is_always_stale = is_always_stale;
    }

    /// How many appends were asked for so far, whatever became of them.
    pub fn appends(&self) -> usize {
        self.state().appends
    }

    /// How often streams were read so far, and how many of their events came back.
    pub fn read(&self) -> (usize, usize) {
        let plan = self.state();
        (plan.readings, plan.events_read)
    }

    /// How many planned faults nobody has met.
    pub fn faults_left(&self) -> usize {
        self.state().faults.len()
    }

    fn state(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Fault {
        let mut plan = self.state();
        plan.appends += 1;
        if plan.is_always_stale {
            return Fault::Stale;
        }
        plan.faults.pop_front().unwrap_or(Fault::None)
    }
}

fn failure(why: &'static str) -> AppendError {
    StoreError { action: "append events", source: why.into() }.into()
}

#[async_trait]
impl Journal for FaultyJournal {
    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        match self.next() {
            Fault::None => self.inner.append(append).await,
            Fault::Stale => match append.streams.first() {
                Some(first) => {
                    Err(AppendError::Stale { stream: first.stream, found: Revision(first.expected.0 + 1) })
                }
                None => self.inner.append(append).await,
            },
            Fault::LeaseLost => Err(AppendError::LeaseLost),
            Fault::Refused => Err(failure("the connection was refused")),
            Fault::AnswerLost => {
                self.inner.append(append).await?;
                Err(failure("the connection broke before the answer came"))
            }
            Fault::Meanwhile(something) => {
                something.await;
                self.inner.append(append).await
            }
        }
    }

    async fn streams(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, StoreError> {
        let found = self.inner.streams(box_id, wanted).await?;
        let mut plan = self.state();
        plan.readings += 1;
        plan.events_read += found.iter().flatten().map(Vec::len).sum::<usize>();
        Ok(found)
    }

    async fn revision(&self, box_id: BoxId, stream: StreamId) -> Result<Revision, StoreError> {
        self.inner.revision(box_id, stream).await
    }

    async fn stream_ids(
        &self,
        box_id: BoxId,
        kind: StreamKind,
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.inner.stream_ids(box_id, kind, after, limit).await
    }

    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<EventPlace>, StoreError> {
        self.inner.operation(box_id, operation).await
    }

    async fn referrers(
        &self,
        box_id: BoxId,
        bases: &[DocumentRef],
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
        self.inner.referrers(box_id, bases).await
    }

    async fn small_contents(
        &self,
        box_id: BoxId,
        hashes: &[ContentHash],
    ) -> Result<Vec<SmallContent>, StoreError> {
        self.inner.small_contents(box_id, hashes).await
    }
}
