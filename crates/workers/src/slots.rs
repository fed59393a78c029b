//! Work that is handed out under leases, so many pieces at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use potok_types::BoxId;
use tokio::task::{Id, JoinError, JoinSet};

use crate::{Bell, Listener, Progress, Worker, pause};

/// A piece of work that is not done after so many renewals of its lease never will be: it is cut off, and the lease runs out.
const MOST_RENEWALS: u32 = 60;

/// Whether a lease is still held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It is, for another life.
    Held,
    /// Somebody else has it by now: there is nothing left to do.
    Lost,
    /// That could not be found out now.
    Unknown,
}

/// What a worker can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// How many slots are free.
    pub free: usize,
    /// How many pieces of each box are being done.
    pub held: BTreeMap<BoxId, usize>,
    /// The box that was served last: those behind it come first.
    pub after: BoxId,
}

/// A queue whose pieces of work are handed out under leases.
pub trait Leases: Send + Sync + 'static {
    /// The right to one piece of work.
    type Lease: Clone + Send + Sync + 'static;
    /// Why nothing could be leased.
    type Error: Send;

    /// What its workers are called in the log.
    fn name(&self) -> &'static str;

    /// How long a lease lives without being renewed.
    fn life(&self) -> Duration;

    /// Leases what is due and fits into `capacity`, box by box.
    ///
    /// # Errors
    /// Nothing could be leased now.
    fn lease(&self, capacity: Capacity)
    -> impl Future<Output = Result<Vec<Self::Lease>, Self::Error>> + Send;

    /// Whose work it is.
    fn box_of(lease: &Self::Lease) -> BoxId;

    /// Holds a lease for another life.
    fn renew(&self, lease: &Self::Lease) -> impl Future<Output = Renewal> + Send;

    /// Does the work and ends the lease, also when it fails. Safe to repeat: it may be cut off when the lease is lost.
    fn work(&self, lease: Self::Lease) -> impl Future<Output = ()> + Send;

    /// There will be no more leases: work that has a good place to end may end there.
    fn stopping(&self) {}

    /// Tells people that nothing could be leased, which is tried again after `pause`.
    fn tell(&self, error: Self::Error, pause: Duration);

    /// Tells people that a piece of work died half-way; its lease runs out.
    fn tell_dead(&self, error: JoinError);
}

/// A worker that does so many leased pieces of work at once. Each slot is refilled as it gets free.
#[derive(Debug)]
pub struct Slots<L> {
    leases: Arc<L>,
    size: usize,
    /// Without a ring, it looks again after this time.
    idle: Duration,
    bell: Listener,
    running: JoinSet<()>,
    /// Whose work is running.
    boxes: HashMap<Id, BoxId>,
    after: BoxId,
}

impl<L: Leases> Slots<L> {
    /// So many slots for what `leases` hands out. It looks for work when `bell` rings, and in any case after `idle`.
    pub fn new(leases: Arc<L>, size: usize, idle: Duration, bell: &Bell) -> Self {
        Self {
            leases,
            size: size.max(1),
            idle,
            bell: bell.listen(),
            running: JoinSet::new(),
            boxes: HashMap::new(),
            after: BoxId::ZERO,
        }
    }

    /// Leases what fits and waits for all of it: how much that was. For tests and tools, which want to know when it is done.
    ///
    /// # Errors
    /// Nothing could be leased now.
    pub async fn turn(&mut self) -> Result<usize, L::Error> {
        self.step().await?;
        let count = self.running.len();
        self.ended_all().await;
        Ok(count)
    }

    /// Turns until nothing is due: how much was done.
    ///
    /// # Errors
    /// Nothing could be leased now.
    pub async fn drain(&mut self) -> Result<usize, L::Error> {
        let mut done = 0;
        loop {
            match self.turn().await? {
                0 => return Ok(done),
                count => done += count,
            }
        }
    }

    fn capacity(&self) -> Capacity {
        let mut held: BTreeMap<BoxId, usize> = BTreeMap::new();
        for box_id in self.boxes.values() {
            *held.entry(*box_id).or_default() += 1;
        }
        Capacity { free: self.size - self.running.len(), held, after: self.after }
    }

    async fn ended_all(&mut self) {
        while let Some(done) = self.running.join_next_with_id().await {
            self.ended(done);
        }
    }

    fn ended(&mut self, done: Result<(Id, ()), JoinError>) {
        let id = match done {
            Ok((id, ())) => id,
            Err(error) => {
                let id = error.id();
                self.leases.tell_dead(error);
                id
            }
        };
        self.boxes.remove(&id);
    }
}

impl<L: Leases> Worker for Slots<L> {
    type Error = L::Error;

    fn name(&self) -> &'static str {
        self.leases.name()
    }

    async fn step(&mut self) -> Result<Progress, L::Error> {
        self.bell.heard();
        while let Some(done) = self.running.try_join_next_with_id() {
            self.ended(done);
        }
        let capacity = self.capacity();
        if capacity.free == 0 {
            return Ok(Progress::Idle);
        }
        let leased = self.leases.lease(capacity).await?;
        if leased.is_empty() {
            return Ok(Progress::Idle);
        }
        for lease in leased {
            let box_id = L::box_of(&lease);
            let running = self.running.spawn(held(Arc::clone(&self.leases), lease));
            self.boxes.insert(running.id(), box_id);
            self.after = box_id;
        }
        Ok(Progress::Worked)
    }

    /// Until a slot gets free or the bell rings.
    async fn rest(&mut self) {
        let done = tokio::select! {
            Some(done) = self.running.join_next_with_id() => done,
            () = self.bell.rung() => return,
            () = pause(self.idle) => return,
        };
        self.ended(done);
    }

    fn tell(&self, error: L::Error, pause: Duration) {
        self.leases.tell(error, pause);
    }

    async fn finish(&mut self) {
        self.leases.stopping();
        self.ended_all().await;
    }
}

/// Does the work, and renews its lease at half its life until that is done.
async fn held<L: Leases>(leases: Arc<L>, lease: L::Lease) {
    let half = leases.life() / 2;
    let work = leases.work(lease.clone());
    tokio::pin!(work);
    for _ in 0..MOST_RENEWALS {
        tokio::select! {
            biased;
            () = &mut work => return,
            () = pause(half) => {}
        }
        // The work goes on while the store is asked.
        let renewed = tokio::select! {
            biased;
            () = &mut work => return,
            renewed = leases.renew(&lease) => renewed,
        };
        if renewed == Renewal::Lost {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
