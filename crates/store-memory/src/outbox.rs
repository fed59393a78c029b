//! The queue of deliveries.

use async_trait::async_trait;
use potok_domain::Revision;
use potok_store::{
    Delivery, DeliveryId, LeaseToken, Leased, NewEvent, Outbox, SettleError, StoreError, WorkerId,
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

    /// No other delivery of its stream was planned before it.
    fn is_first(&self, nth: usize) -> bool {
        let stream = |planned: &Planned| (planned.delivery.from, planned.delivery.stream);
        self.planned[..nth].iter().all(|before| stream(before) != stream(&self.planned[nth]))
    }

    fn lease(&mut self, worker: WorkerId, now: Ticks, until: Ticks, limit: usize) -> Vec<Leased> {
        let is_due = |planned: &Planned| planned.due_at.is_none_or(|due_at| due_at <= now);
        let mut due: Vec<usize> = (0..self.planned.len())
            .filter(|nth| is_due(&self.planned[*nth]) && self.is_first(*nth))
            .collect();
        // What was tried before is older than what was not.
        due.sort_by_key(|nth| {
            let planned = &self.planned[*nth];
            (planned.due_at.is_none(), planned.due_at, planned.id)
        });
        due.truncate(limit);
        due.sort_unstable();
        let take = |nth: usize| {
            let planned = &mut self.planned[nth];
            planned.attempt += 1;
            planned.due_at = Some(until);
            planned.worker = Some(worker);
            let Delivery { from: box_id, .. } = planned.delivery;
            let token = LeaseToken { box_id, delivery: planned.id, attempt: planned.attempt };
            Leased { token, delivery: planned.delivery }
        };
        due.into_iter().map(take).collect()
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn lease_due(
        &self,
        worker: WorkerId,
        now: Ticks,
        until: Ticks,
        limit: usize,
    ) -> Result<Vec<Leased>, StoreError> {
        Ok(self.state().outbox.lease(worker, now, until, limit))
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
