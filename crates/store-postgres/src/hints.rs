//! What this node tells the others of what it wrote: which boxes have something to deliver, in a small table, and which boxes
//! were written to at all, by notifications.
//!
//! Both come after the commit, many boxes together, and may be lost. Deliveries are found without them by [`Hints::sweep`], and
//! whoever waits for a feed looks again now and then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join4;
use potok_store_sql::{Failure, Row};
use potok_types::{BoxId, Ticks};
use tokio::sync::Notify;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::arguments::Columns;
use crate::calls::{Typed, execute_typed, query_typed};
use crate::connections::Pool;
use crate::failure::OrFailure as _;
use crate::lent::Lent;

/// On which nodes hear each other.
pub(crate) const CHANNEL: &str = "potok";
/// Boxes that are told of together: a notification has room for 7 999 bytes.
const TOGETHER: usize = 100;
/// Each node looks through the outbox for boxes that nobody noted after so many seconds.
const SWEEP_SECONDS: i64 = 10;
/// Before what could not be told is told again.
const PAUSE: Duration = Duration::from_secs(1);

/// What is told may be lost, so nobody waits for the disk, and those who wait for what may not do not wait for this.
const BEGIN: &str = "BEGIN; SET LOCAL synchronous_commit = off";
/// Notes boxes, or brings forward when they are due. In the order of the boxes, so that nodes wait for each other in one order.
const NOTE: &str = "INSERT INTO waiting (box_id, due_at, noted)
         SELECT box_id, due_at, 1 FROM unnest($1::bytea[], $2::bigint[]) AS it (box_id, due_at)
     ON CONFLICT (box_id) DO UPDATE
         SET due_at = LEAST(waiting.due_at, excluded.due_at), noted = waiting.noted + 1";
/// Tells the others.
const TELL: &str = "SELECT pg_notify($1, $2)";
/// The boxes behind one that have something due, in order.
const DUE: &str =
    "SELECT box_id, noted FROM waiting WHERE box_id > $1 AND due_at <= $2 ORDER BY box_id LIMIT $3";
/// When boxes that were looked at are due next; unless somebody noted them meanwhile.
const LOOKED_AT: &str = "UPDATE waiting SET due_at = it.due_at
     FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS it (box_id, noted, due_at)
     WHERE waiting.box_id = it.box_id AND waiting.noted = it.noted AND it.due_at IS NOT NULL";
/// Forgets those that have nothing to deliver any more; unless somebody noted them meanwhile.
const EMPTY: &str = "DELETE FROM waiting
     USING unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS it (box_id, noted, due_at)
     WHERE waiting.box_id = it.box_id AND waiting.noted = it.noted AND it.due_at IS NULL";
/// The truth: when each box is due first. It goes through all that is not delivered.
const TRUTH: &str = "SELECT box_id, min(due_at) FROM outbox GROUP BY box_id ORDER BY box_id";
/// Notes the boxes of the truth that are noted for later than they are due, or not at all.
const CORRECT: &str = "INSERT INTO waiting (box_id, due_at, noted)
         SELECT box_id, due_at, 1 FROM unnest($1::bytea[], $2::bigint[]) AS it (box_id, due_at)
     ON CONFLICT (box_id) DO UPDATE SET due_at = excluded.due_at, noted = waiting.noted + 1
         WHERE waiting.due_at > excluded.due_at";

/// A box that was looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LookedAt {
    pub(crate) box_id: BoxId,
    /// The number of its note before.
    pub(crate) noted: i64,
    /// When it is due next; `None`: it has nothing.
    pub(crate) due_at: Option<i64>,
}

/// What this node has to tell.
pub(crate) struct Hints {
    pool: Pool,
    /// This node among the others.
    pub(crate) node: Uuid,
    untold: Mutex<Untold>,
    /// Held by whoever tells, so that whoever looks for boxes after this finds those that are being told.
    telling: tokio::sync::Mutex<()>,
    wake: Notify,
    next_sweep: AtomicI64,
}

#[derive(Debug, Default)]
struct Untold {
    waiting: BTreeMap<BoxId, i64>,
    written: BTreeSet<BoxId>,
}

impl Hints {
    pub(crate) fn new(pool: Pool, node: Uuid) -> Self {
        Self {
            pool,
            node,
            untold: Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            wake: Notify::new(),
            next_sweep: AtomicI64::new(i64::MIN),
        }
    }

    fn untold(&self) -> MutexGuard<'_, Untold> {
        // Nothing can panic while the lock is held, so its content is whole.
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something of the box is due then.
    pub(crate) fn note_waiting(&self, box_id: BoxId, due_at: i64) {
        let mut untold = self.untold();
        let noted = untold.waiting.entry(box_id).or_insert(due_at);
        *noted = due_at.min(*noted);
        drop(untold);
        self.wake.notify_one();
    }

    /// The box was written to.
    pub(crate) fn note_written(&self, box_id: BoxId) {
        self.untold().written.insert(box_id);
        self.wake.notify_one();
    }

    /// Something of any box may be due.
    pub(crate) fn sweep_next_time(&self) {
        self.next_sweep.store(i64::MIN, Ordering::Relaxed);
    }

    /// Tells what is noted, again and again.
    #[expect(clippy::disallowed_methods, reason = "a database that is away does not say when it is back")]
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            self.wake.notified().await;
            while let Err(failure) = self.tell().await {
                tracing::debug!(error = %failure, "other nodes could not be told; they find it later");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Tells what is noted so far.
    pub(crate) async fn tell(&self) -> Result<(), Failure> {
        let _telling = self.telling.lock().await;
        loop {
            let Untold { waiting, written } = {
                let mut untold = self.untold();
                let rest = Untold {
                    waiting: split(&mut untold.waiting, TOGETHER),
                    written: split_set(&mut untold.written, TOGETHER),
                };
                std::mem::replace(&mut *untold, rest)
            };
            if waiting.is_empty() && written.is_empty() {
                return Ok(());
            }
            if let Err(failure) = self.tell_of(&waiting, &written).await {
                let mut untold = self.untold();
                untold.written.extend(written);
                for (box_id, due_at) in waiting {
                    let noted = untold.waiting.entry(box_id).or_insert(due_at);
                    *noted = due_at.min(*noted);
                }
                return Err(failure);
            }
        }
    }

    async fn tell_of(
        &self,
        waiting: &BTreeMap<BoxId, i64>,
        written: &BTreeSet<BoxId>,
    ) -> Result<(), Failure> {
        let mut said = self.node.simple().to_string();
        for box_id in waiting.keys().chain(written).collect::<BTreeSet<_>>() {
            said.push(' ');
            said.push_str(&box_id.uuid().simple().to_string());
        }
        let mut lent = Lent::from(&self.pool).await?;
        lent.begin();
        let noted = async {
            match waiting.is_empty() {
                true => Ok(()),
                false => note(&lent, NOTE, waiting.iter().map(|(box_id, due_at)| (*box_id, *due_at))).await,
            }
        };
        let told = [(&CHANNEL as &(dyn ToSql + Sync), Type::TEXT), (&said, Type::TEXT)];
        let told = query_typed(&lent, TELL, &told);
        // One way to the server and back. What cannot be done undoes all of it.
        let (begun, noted, told, ended) =
            join4(lent.batch_execute(BEGIN), noted, told, lent.batch_execute("END")).await;
        begun.or_failure()?;
        noted?;
        told?;
        ended.or_failure()?;
        lent.done();
        Ok(())
    }

    /// The next boxes that have something due, with the numbers of their notes.
    pub(crate) async fn due(
        &self,
        after: &[u8],
        now: i64,
        most: usize,
    ) -> Result<Vec<(BoxId, i64)>, Failure> {
        let mut lent = Lent::from(&self.pool).await?;
        lent.begin();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let args: [Typed<'_>; 3] = [(&after, Type::BYTEA), (&now, Type::INT8), (&most, Type::INT8)];
        let rows = query_typed(&lent, DUE, &args).await?;
        lent.done();
        rows.into_iter().map(box_and_number).collect()
    }

    /// Writes down what was found in boxes that were looked at.
    pub(crate) async fn looked_at(&self, boxes: &[LookedAt]) -> Result<(), Failure> {
        if boxes.is_empty() {
            return Ok(());
        }
        let mut lent = Lent::from(&self.pool).await?;
        lent.begin();
        // Sorted, so that nodes wait for each other in one order.
        let mut boxes = boxes.to_vec();
        boxes.sort_unstable_by_key(|looked| looked.box_id);
        let ids: Vec<&[u8]> = boxes.iter().map(|looked| &looked.box_id.as_bytes()[..]).collect();
        let noted: Vec<i64> = boxes.iter().map(|looked| looked.noted).collect();
        let due: Vec<Option<i64>> = boxes.iter().map(|looked| looked.due_at).collect();
        for sql in [LOOKED_AT, EMPTY] {
            let args: [Typed<'_>; 3] =
                [(&ids, Type::BYTEA_ARRAY), (&noted, Type::INT8_ARRAY), (&due, Type::INT8_ARRAY)];
            execute_typed(&lent, sql, &args).await?;
        }
        lent.done();
        Ok(())
    }

    /// Looks through the outbox when it is time: what nobody noted is found there.
    pub(crate) async fn sweep(&self, now: Ticks) -> Result<(), Failure> {
        let period = Ticks::new(0).plus_seconds(SWEEP_SECONDS).get();
        let next = self.next_sweep.load(Ordering::Relaxed);
        // A clock that was set back does not put the next one off.
        let is_time = now.get() >= next || now.get() < next.saturating_sub(period);
        if !is_time {
            return Ok(());
        }
        self.next_sweep.store(now.get().saturating_add(period), Ordering::Relaxed);
        let swept = self.sweep_now().await;
        if swept.is_err() {
            self.sweep_next_time();
        }
        swept
    }

    async fn sweep_now(&self) -> Result<(), Failure> {
        let mut lent = Lent::from(&self.pool).await?;
        lent.begin();
        let rows = lent.query_typed(TRUTH, &[]).await.or_failure()?;
        let boxes: Result<Vec<(BoxId, i64)>, Failure> = rows.into_iter().map(box_and_number).collect();
        note(&lent, CORRECT, boxes?.into_iter()).await?;
        lent.done();
        Ok(())
    }
}

fn box_and_number(row: tokio_postgres::Row) -> Result<(BoxId, i64), Failure> {
    let row: &dyn Row = &Columns(row);
    Ok((row.get(0)?, row.get(1)?))
}

async fn note(lent: &Lent, sql: &str, boxes: impl Iterator<Item = (BoxId, i64)>) -> Result<(), Failure> {
    let (ids, due): (Vec<BoxId>, Vec<i64>) = boxes.unzip();
    let ids: Vec<&[u8]> = ids.iter().map(|box_id| &box_id.as_bytes()[..]).collect();
    let args: [Typed<'_>; 2] = [(&ids, Type::BYTEA_ARRAY), (&due, Type::INT8_ARRAY)];
    execute_typed(lent, sql, &args).await.map(drop)
}

/// Leaves the first `most`, gives the others.
fn split(all: &mut BTreeMap<BoxId, i64>, most: usize) -> BTreeMap<BoxId, i64> {
    let first_of_rest = all.keys().nth(most).copied();
    first_of_rest.map(|first| all.split_off(&first)).unwrap_or_default()
}

fn split_set(all: &mut BTreeSet<BoxId>, most: usize) -> BTreeSet<BoxId> {
    let first_of_rest = all.iter().nth(most).copied();
    first_of_rest.map(|first| all.split_off(&first)).unwrap_or_default()
}
