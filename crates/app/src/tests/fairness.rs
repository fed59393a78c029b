//! Deliveries that take long, and senders of many. Time is tokio's, and paused: it passes when everybody waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use potok_content::Contents;
use potok_domain::command::{PostMessage, Source};
use potok_domain::{SignatureDescription, Verdict};
use potok_room::NotDone;
use potok_seams::{
    AnyIssuer, Judgement, NoKeys, NotAccepted, NotStamped, SignatureToCheck, SignatureVerifier, SignedBytes,
    TimeStamping, VerifyError,
};
use potok_store::{Fault, Journal};
use potok_types::{Clock, MessageId, SeededEntropy, Ticks};
use potok_workers::pause;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{Boxes, Plain, START, Side, event_id, letter, post, side, text};
use crate::{App, AppOptions, Parts};

const JUDGING: Duration = Duration::from_secs(1);
const STAMPING: Duration = Duration::from_secs(10);
/// As many as there are by default.
const SLOTS: usize = 64;
/// Shorter than a stamp takes.
const LEASE_SECONDS: i64 = 4;

/// Follows the paused time.
#[derive(Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> Ticks {
        let passed = i64::try_from(self.0.elapsed().as_millis()).expect("a short test");
        Ticks::new(START.get() + passed * 10_000)
    }
}

/// Judges as slowly as a real one, no more at once than there are processors, and stamps even more slowly.
struct Slow {
    processors: Semaphore,
    stamps: AtomicU32,
}

#[async_trait]
impl SignatureVerifier for Slow {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
        Ok(given)
    }

    async fn verify(
        &self,
        signatures: &[SignatureToCheck],
        _: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        let _processor = self.processors.acquire().await.expect("it is never closed");
        pause(JUDGING).await;
        let judged = signatures.iter().map(|given| Verdict {
            signature: given.signature,
            is_valid: given.bytes != "bad",
            power_of_attorney: None,
            verification: None,
        });
        Ok(judged.map(Judgement::unread).collect())
    }

    async fn describe(&self, _: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        Ok(None)
    }
}

#[async_trait]
impl TimeStamping for Slow {
    async fn strengthen(&self, signature: Bytes) -> Result<Bytes, NotStamped> {
        self.stamps.fetch_add(1, Ordering::Relaxed);
        pause(STAMPING).await;
        Ok(Bytes::from([&signature[..], b" with a stamp"].concat()))
    }
}

/// A node over the store of `boxes`, whose journal fails on demand.
fn slow_node(boxes: &Boxes, slots: usize) -> (Arc<App>, Arc<Slow>) {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let slow = Arc::new(Slow { processors: Semaphore::new(processors), stamps: AtomicU32::new(0) });
    let parts = Parts {
        store: Arc::clone(&boxes.store),
        contents: Contents::in_memory(),
        clock: Arc::new(Paused(Instant::now())),
        entropy: Arc::new(SeededEntropy::new(3)),
        rendering: Arc::new(Plain),
        verifier: Arc::<Slow>::clone(&slow),
        operator: Arc::new(NoKeys),
        certificate_judge: Arc::new(AnyIssuer),
        test_signatures: Arc::new(NoKeys),
        time_stamping: Some(Arc::<Slow>::clone(&slow)),
        user_keys: Arc::new(potok_seams::NoKeys),
        options: AppOptions {
            delivery_lease_seconds: LEASE_SECONDS,
            delivery_slots: slots,
            ..AppOptions::default()
        },
    };
    let journal: Arc<dyn Journal> = Arc::<potok_store::FaultyJournal>::clone(&boxes.journal);
    (Arc::new(App::over(parts, journal)), slow)
}

/// Lets two workers deliver while `meanwhile` goes on, and no longer.
async fn with_two_workers<T>(app: &App, meanwhile: impl Future<Output = T>) -> T {
    let workers = [(); 2].map(|()| app.deliveries().worker());
    let running = workers.map(|worker| tokio::spawn(potok_workers::run(worker, std::future::pending())));
    let result = meanwhile.await;
    running.iter().for_each(tokio::task::JoinHandle::abort);
    result
}

/// Posts, and waits until the sender is told that it has arrived: how long that took.
async fn delivered(boxes: &Boxes, app: &App, from: &Side, letter: PostMessage<Source>) -> Duration {
    let began = Instant::now();
    let posted = post(app, from, letter, "honest").await.expect("nothing speaks against it");
    let message = MessageId::from_uuid(event_id(&posted).uuid());
    while boxes.events(from, message).await.len() < 2 {
        pause(Duration::from_millis(100)).await;
    }
    assert_eq!(boxes.events(from, message).await.len(), 2, "told once");
    assert_eq!(boxes.events(&boxes.b, message).await.len(), 1, "arrived once");
    began.elapsed()
}

/// So many documents, each with a signature of its own.
fn with_documents(from: &Side, to: &Side, count: usize) -> PostMessage<Source> {
    let mut letter = letter(from, to, "document");
    let first = letter.documents.remove(0);
    for nth in 0..count {
        let mut document = first.clone();
        document.path = format!("MessageToPost.DocumentAttachments[{nth}]");
        document.signature = Some(text(&format!("signature {nth}")));
        letter.documents.push(document);
    }
    letter
}

/// A letter of the flood. Its signature is its own: stamps of the same one are asked for once.
fn flood(boxes: &Boxes, nth: usize) -> PostMessage<Source> {
    let mut letter = letter(&boxes.a, &boxes.b, &format!("flood {nth}"));
    letter.documents[0].signature = Some(text(&format!("signature {nth}")));
    letter
}

/// How long a letter of somebody else takes while one sender has posted so many letters, half of them with bad signatures.
async fn beside_a_flood_of(count: usize) -> Duration {
    let boxes = Boxes::new().await;
    let (app, _) = slow_node(&boxes, SLOTS);
    let other = side(&app, "tests", "9611111111").await;
    for nth in 0..count {
        let mut flood = flood(&boxes, nth);
        if nth % 2 == 0 {
            flood.documents[0].signature = Some(text("bad"));
        }
        post(&app, &boxes.a, flood, &format!("flood {nth}")).await.expect("nobody looks at signatures yet");
    }
    let honest = async {
        pause(Duration::from_secs(5)).await;
        let took = delivered(&boxes, &app, &other, letter(&other, &boxes.b, "honest")).await;
        assert!(count == 0 || boxes.pending().await > count as u64 / 4, "the flood goes on");
        took
    };
    with_two_workers(&app, honest).await
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_one_sender_does_not_hold_up_another() {
    let idle = beside_a_flood_of(0).await;
    assert!(idle >= JUDGING + STAMPING && idle < JUDGING + STAMPING + Duration::from_secs(1), "{idle:?}");
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let busy = beside_a_flood_of(500 * processors).await;
    assert!(busy <= 2 * idle, "{busy:?} instead of {idle:?}");
}

/// The slots are few and the work in them is slow: who comes after the flood finds one free, and waits for none of its stamps.
#[tokio::test(start_paused = true)]
async fn a_flood_of_one_sender_never_holds_all_slots() {
    let took = async |flood: usize| {
        let boxes = Boxes::new().await;
        let (app, _) = slow_node(&boxes, 4);
        let other = side(&app, "tests", "9611111111").await;
        for nth in 0..flood {
            post(&app, &boxes.a, self::flood(&boxes, nth), &format!("flood {nth}"))
                .await
                .expect("they are good");
        }
        let honest = async {
            // All that the flood gets is judged by now, and its stamps are asked for.
            pause(5 * JUDGING).await;
            delivered(&boxes, &app, &other, letter(&other, &boxes.b, "honest")).await
        };
        let worker = tokio::spawn(potok_workers::run(app.deliveries().worker(), std::future::pending()));
        let took = honest.await;
        worker.abort();
        took
    };
    let (idle, busy) = (took(0).await, took(16).await);
    assert!(busy <= idle + JUDGING, "{busy:?} instead of {idle:?}");
}

#[tokio::test(start_paused = true)]
async fn slow_stamps_outlive_no_lease_and_are_asked_for_together() {
    let boxes = Boxes::new().await;
    let (app, slow) = slow_node(&boxes, SLOTS);
    let letter = with_documents(&boxes.a, &boxes.b, 8);
    let took = with_two_workers(&app, delivered(&boxes, &app, &boxes.a, letter)).await;
    assert!(took < JUDGING + STAMPING + Duration::from_secs(1), "{took:?}");
    assert_eq!(slow.stamps.load(Ordering::Relaxed), 8);
    assert_eq!(boxes.pending().await, 0);
}

#[tokio::test(start_paused = true)]
async fn stamps_are_kept_between_attempts() {
    let boxes = Boxes::new().await;
    let (app, slow) = slow_node(&boxes, SLOTS);
    let letter = with_documents(&boxes.a, &boxes.b, 3);
    // The post, then the arrival of the first attempt.
    boxes.journal.plan([Fault::None, Fault::Refused]);
    let took = with_two_workers(&app, delivered(&boxes, &app, &boxes.a, letter)).await;
    assert_eq!((slow.stamps.load(Ordering::Relaxed), boxes.journal.faults_left()), (3, 0));
    assert!(took < 2 * JUDGING + STAMPING + Duration::from_secs(4), "{took:?}");
}
