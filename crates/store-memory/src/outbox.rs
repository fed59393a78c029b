//! The queue of deliveries.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_store::{
    Delivery, DeliveryId, LeaseRequest, LeaseToken, Leased, NewEvent, Outbox, SettleError, StoreError,
    StreamId, WorkerId,
};
use potok_types::{BoxId, Ticks};

use crate::MemoryStore;

/// Deliveries that are not done, in the order in which they were planned.
#[derive(Default)]
pub(crate) struct Queue {
    planned: Vec<Planned>,
    last_id: i64,
}

struct Planned {
    id: DeliveryId,
    delivery: Delivery,
    /// When it may be handed out; `None`: at once.
    due_at: Option<Ticks>,
    attempt: u32,
    worker: Option<WorkerId>,
}

impl Queue {
    pub(crate) fn plan(&mut self, from: BoxId, event: &NewEvent, revision: Revision, to: BoxId) {
        self.last_id += 1;
        self.planned.push(Planned {
            id: DeliveryId(self.last_id),
            delivery: Delivery { from, to, stream: event.stream, event: event.id, revision },
            due_at: None,
            attempt: 0,
            worker: None,
        });
    }

    fn held(&mut self, lease: LeaseToken) -> Option<&mut Planned> {
        self.planned.iter_mut().find(|planned| {
            planned.id == lease.delivery
                && planned.delivery.from == lease.box_id
                && planned.attempt == lease.attempt
                && planned.worker.is_some()
        })
    }

    pub(crate) fn is_held(&mut self, lease: LeaseToken) -> bool {
        self.held(lease).is_some()
    }

    pub(crate) fn settle(&mut self, lease: LeaseToken) {
        self.planned.retain(|planned| planned.id != lease.delivery);
    }

    /// Something of a stream is to be delivered.
    pub(crate) fn has(&self, box_id: BoxId, stream: StreamId) -> bool {
        self.planned.iter().any(|it| it.delivery.from == box_id && it.delivery.stream == stream)
    }

    /// No other delivery of its stream was planned before it.
    fn is_first(&self, nth: usize) -> bool {
        let stream = |planned: &Planned| (planned.delivery.from, planned.delivery.stream);
        self.planned[..nth].iter().all(|before| stream(before) != stream(&self.planned[nth]))
    }

    fn lease(&mut self, mut request: LeaseRequest) -> Vec<Leased> {
        let (first, now, until, worker) = (request.after, request.now, request.until, request.worker);
        let is_due = |planned: &Planned| planned.due_at.is_none_or(|due_at| due_at <= now);
        let mut boxes: BTreeMap<BoxId, Vec<usize>> = BTreeMap::new();
        for nth in (0..self.planned.len()).filter(|nth| is_due(&self.planned[*nth]) && self.is_first(*nth)) {
            boxes.entry(self.planned[nth].delivery.from).or_default().push(nth);
        }
        let behind = boxes.split_off(&first);
        let is_first = |(box_id, _): &(BoxId, Vec<usize>)| *box_id == first;
        // The box whose turn was last is the last one now.
        let (last, behind): (Vec<_>, Vec<_>) = behind.into_iter().partition(is_first);
        let mut leased = Vec::new();
        for (box_id, mut due) in behind.into_iter().chain(boxes).chain(last) {
            // What was tried before is older than what was not.
            due.sort_by_key(|nth| {
                let planned = &self.planned[*nth];
                (planned.due_at.is_none(), planned.due_at, planned.id)
            });
            due.truncate(request.share(box_id));
            if due.is_empty() {
                continue;
            }
            request.take(box_id, due.len());
            due.sort_unstable();
            leased.extend(due.into_iter().map(|nth| {
                let planned = &mut self.planned[nth];
                planned.attempt += 1;
                planned.due_at = Some(until);
                planned.worker = Some(worker);
                let token = LeaseToken { box_id, delivery: planned.id, attempt: planned.attempt };
                Leased { token, delivery: planned.delivery }
            }));
        }
        leased
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn lease_due(&self, request: LeaseRequest) -> Result<Vec<Leased>, StoreError> {
        Ok(self.state().outbox.lease(request))
    }

    async fn renew(&self, lease: LeaseToken, until: Ticks) -> Result<(), SettleError> {
        self.state().outbox.held(lease).ok_or(SettleError::LeaseLost)?.due_at = Some(until);
        Ok(())
    }

    async fn free_leases(&self) -> Result<u64, StoreError> {
        let mut freed = 0;
        for planned in self.state().outbox.planned.iter_mut().filter(|planned| planned.worker.is_some()) {
            planned.worker = None;
            planned.due_at = None;
            freed += 1;
        }
        Ok(freed)
    }

    async fn retry_at(&self, lease: LeaseToken, at: Ticks, _error: &str) -> Result<(), SettleError> {
        let mut state = self.state();
        let planned = state.outbox.held(lease).ok_or(SettleError::LeaseLost)?;
        planned.due_at = Some(at);
        planned.worker = None;
        Ok(())
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        Ok(self.state().outbox.planned.len() as u64)
    }
}
