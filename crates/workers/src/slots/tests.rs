//! Slots over a queue of numbers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::Instant;
use uuid::Uuid;

use super::*;
use crate::run;

const LIFE: Duration = Duration::from_secs(30);

/// What box it is of, and how many seconds it takes; more than a day is for ever, and 0 dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece(u128, u64);

struct Queue {
    due: Mutex<Vec<Piece>>,
    bell: Bell,
    began: Instant,
    /// When which piece was done.
    done: Mutex<Vec<(u64, Piece)>>,
    renewed: AtomicU32,
    answer: Renewal,
    deaths: AtomicU32,
    is_broken: Mutex<bool>,
}

impl Queue {
    fn of(due: &[Piece]) -> Arc<Self> {
        Self::answering(due, Renewal::Held)
    }

    fn answering(due: &[Piece], answer: Renewal) -> Arc<Self> {
        Arc::new(Self {
            due: Mutex::new(due.to_vec()),
            bell: Bell::default(),
            began: Instant::now(),
            done: Mutex::default(),
            renewed: AtomicU32::new(0),
            answer,
            deaths: AtomicU32::new(0),
            is_broken: Mutex::new(false),
        })
    }

    fn slots(self: &Arc<Self>, size: usize) -> Slots<Self> {
        Slots::new(Arc::clone(self), size, Duration::from_secs(1000), &self.bell)
    }

    fn add(&self, piece: Piece) {
        self.due.lock().unwrap().push(piece);
        self.bell.ring(Self::box_of(&piece));
    }

    fn done(&self) -> Vec<(u64, Piece)> {
        self.done.lock().unwrap().clone()
    }
}

impl Leases for Queue {
    type Lease = Piece;
    type Error = &'static str;

    fn name(&self) -> &'static str {
        "numbers"
    }

    fn life(&self) -> Duration {
        LIFE
    }

    async fn lease(&self, capacity: Capacity) -> Result<Vec<Piece>, &'static str> {
        if *self.is_broken.lock().unwrap() {
            return Err("broken");
        }
        let mut due = self.due.lock().unwrap();
        let count = capacity.free.min(due.len());
        Ok(due.drain(..count).collect())
    }

    fn box_of(lease: &Piece) -> BoxId {
        BoxId::from_uuid(Uuid::from_u128(lease.0))
    }

    async fn renew(&self, _: &Piece) -> Renewal {
        self.renewed.fetch_add(1, Ordering::Relaxed);
        self.answer
    }

    async fn work(&self, lease: Piece) {
        assert_ne!(lease.1, 0, "it dies");
        pause(Duration::from_secs(lease.1)).await;
        self.done.lock().unwrap().push((self.began.elapsed().as_secs(), lease));
    }

    fn tell(&self, _: &'static str, _: Duration) {}

    fn tell_dead(&self, error: JoinError) {
        assert!(error.is_panic());
        self.deaths.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_is_refilled_as_it_gets_free() {
    let (slow, quick) = (Piece(1, 100), Piece(2, 10));
    let queue = Queue::of(&[slow, quick, quick, quick]);
    run(queue.slots(2), pause(Duration::from_secs(90))).await;
    assert_eq!(
        queue.done(),
        [(10, quick), (20, quick), (30, quick), (100, slow)],
        "and the stop waits for the slow one"
    );
}

#[tokio::test(start_paused = true)]
async fn a_ring_fills_a_free_slot_at_once() {
    let (slow, quick) = (Piece(1, 100), Piece(2, 10));
    let queue = Queue::of(&[slow]);
    let rings = async {
        pause(Duration::from_secs(5)).await;
        queue.add(quick);
        pause(Duration::from_secs(95)).await;
    };
    run(queue.slots(2), rings).await;
    assert_eq!(queue.done(), [(15, quick), (100, slow)]);
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_at_half_its_life_while_the_work_goes_on() {
    let queue = Queue::of(&[Piece(1, 100), Piece(2, 10)]);
    assert_eq!(queue.slots(2).drain().await, Ok(2));
    // At 15, 30, 45, 60, 75 and 90 seconds; the short one never.
    assert_eq!(queue.renewed.load(Ordering::Relaxed), 6);
}

#[tokio::test(start_paused = true)]
async fn work_whose_lease_is_lost_is_cut_off_and_so_is_work_that_never_ends() {
    let queue = Queue::answering(&[Piece(1, 100)], Renewal::Lost);
    assert_eq!(queue.slots(1).drain().await, Ok(1));
    assert_eq!((queue.done(), queue.began.elapsed().as_secs()), (Vec::new(), 15));

    let queue = Queue::answering(&[Piece(1, 1_000_000)], Renewal::Unknown);
    assert_eq!(queue.slots(1).drain().await, Ok(1));
    assert_eq!(queue.done(), []);
    assert_eq!(queue.renewed.load(Ordering::Relaxed), MOST_RENEWALS);
}

#[tokio::test(start_paused = true)]
async fn a_death_frees_its_slot_and_is_told() {
    let queue = Queue::of(&[Piece(1, 0), Piece(1, 5)]);
    let mut slots = queue.slots(1);
    assert_eq!(slots.drain().await, Ok(2));
    assert_eq!((queue.deaths.load(Ordering::Relaxed), queue.done().len()), (1, 1));
    assert_eq!(
        slots.capacity(),
        Capacity { free: 1, held: BTreeMap::new(), after: Queue::box_of(&Piece(1, 5)) }
    );
}

#[tokio::test(start_paused = true)]
async fn the_capacity_tells_what_is_held_of_each_box() {
    let [one, other] = [Piece(1, 10), Piece(2, 10)];
    let queue = Queue::of(&[one, one, other]);
    let mut slots = queue.slots(5);
    assert_eq!(slots.step().await, Ok(Progress::Worked));
    let held = BTreeMap::from([(Queue::box_of(&one), 2), (Queue::box_of(&other), 1)]);
    assert_eq!(slots.capacity(), Capacity { free: 2, held, after: Queue::box_of(&other) });
    *queue.is_broken.lock().unwrap() = true;
    assert_eq!(slots.turn().await, Err("broken"));
    slots.finish().await;
    assert_eq!(slots.capacity().free, 5);
}
