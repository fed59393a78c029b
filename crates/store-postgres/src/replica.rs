//! Lists that are read at a standby of the primary, and answer as the primary would.
//!
//! Every transaction that writes to a box begins with a write to its head, which raises a number there. Two states of the database
//! in which that number is the same have the same of the box. So the primary is asked for the number, which is one row, and the
//! standby for the number and the list in one state: when both say the same, the list is the one that the primary would give now,
//! whoever wrote it and at whichever node. Neither more nor less will do: a standby that lacks a commit hides what was acknowledged, and
//! one that has a commit that the primary does not show yet (it waits for its own standbys) would show what is not to be seen a
//! moment later. Places in the log say less: the log of a busy server never stands still, that of a box does.
//!
//! Whatever goes wrong at the standby, the primary is asked. One that does not answer is left, and looked at again every second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{join, try_join};
use potok_store::StoreError;
use potok_store_sql::{Answer, Failure, Work};
use potok_types::BoxId;
use tokio::time::timeout;
use tokio_postgres::Client;

use crate::calls::{Plan, arguments, query};
use crate::connections::Pool;
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::runner::{Runner, Seen};
use crate::{PostgresOptions, backend, migrations};

/// How long it may take until both have said where the box is.
const BEGIN: Duration = Duration::from_secs(1);
/// How long a list may take: after that it is read at the primary.
const LIST: Duration = Duration::from_secs(5);
/// Between two looks at the standby.
const PERIOD: Duration = Duration::from_secs(1);
/// A standby that is so many bytes of the log behind is told of: one file of it.
pub const FAR_BEHIND: u64 = 16 << 20;

/// Where the primary stands: system, timeline, database, table of boxes, place in the log.
const OF_PRIMARY: &str = "SELECT pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system()),
     ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint,
     (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())::bigint,
     to_regclass('boxes')::oid::bigint,
     EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'),
     pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
/// Whether a server is a standby at all: of the rest it is asked only then.
const IS_STANDBY: &str = "SELECT pg_is_in_recovery()";
/// The same of a standby. The timeline is that of its last restart point: behind a change of primaries it waits for the next one.
const OF_STANDBY: &str = "SELECT pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system()),
     (SELECT timeline_id FROM pg_control_checkpoint())::bigint,
     (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())::bigint,
     to_regclass('boxes')::oid::bigint,
     EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'),
     pg_wal_lsn_diff(COALESCE(pg_last_wal_replay_lsn(), '0/0'), '0/0')::bigint";

/// What a standby did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicaFigures {
    /// It is asked.
    pub is_used: bool,
    /// Lists that it gave.
    pub given: u64,
    /// Lists that it did not give, for it had another state of the box than the primary.
    pub behind: u64,
    /// Lists that it failed to give.
    pub failed: u64,
    /// Bytes of the log that it had not replayed when it was looked at last.
    pub lag_bytes: u64,
}

/// A standby.
pub(crate) struct Replica {
    pub(crate) pool: Pool,
    is_used: AtomicBool,
    given: AtomicU64,
    behind: AtomicU64,
    failed: AtomicU64,
    lag_bytes: AtomicU64,
}

impl Replica {
    /// Over these connections; used when it was looked at.
    pub(crate) const fn new(pool: Pool) -> Self {
        Self {
            pool,
            is_used: AtomicBool::new(false),
            given: AtomicU64::new(0),
            behind: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            lag_bytes: AtomicU64::new(0),
        }
    }

    pub(crate) fn figures(&self) -> ReplicaFigures {
        ReplicaFigures {
            is_used: self.is_used.load(Ordering::Acquire),
            given: self.given.load(Ordering::Relaxed),
            behind: self.behind.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            lag_bytes: self.lag_bytes.load(Ordering::Relaxed),
        }
    }

    /// In a few words, when it is of no use.
    pub(crate) fn remark(&self) -> Option<&'static str> {
        match self.figures() {
            ReplicaFigures { is_used: false, .. } => {
                Some("the reading replica is not used, and everything is read at the primary")
            }
            ReplicaFigures { lag_bytes: FAR_BEHIND.., .. } => {
                Some("the reading replica is far behind, and much is read at the primary")
            }
            ReplicaFigures { .. } => None,
        }
    }

    /// Asks the standby, if it has of the box what the primary has; else `None`: the primary is to be asked.
    pub(crate) async fn view(&self, primary: &Pool, box_id: BoxId, work: &Work<Runner>) -> Option<Answer> {
        if !self.is_used.load(Ordering::Acquire) {
            return None;
        }
        let (counted, answer) = match timeout(LIST, self.view_once(primary, box_id, work)).await {
            Ok(Ok(Some(answer))) => (&self.given, Some(answer)),
            Ok(Ok(None)) => (&self.behind, None),
            Ok(Err(failure)) => {
                if matches!(failure, Failure::Unwritable(_) | Failure::Invalid(_)) {
                    self.leave(&failure);
                }
                (&self.failed, None)
            }
            Err(_late) => {
                self.leave(&late());
                (&self.failed, None)
            }
        };
        counted.fetch_add(1, Ordering::Relaxed);
        answer
    }

    async fn view_once(
        &self,
        primary: &Pool,
        box_id: BoxId,
        work: &Work<Runner>,
    ) -> Result<Option<Answer>, Failure> {
        let standby = async { Runner::viewing_box(Lent::from(&self.pool).await?, box_id).await };
        let begun = timeout(BEGIN, join(standby, seen_by(primary, box_id))).await;
        let (standby, here) = begun.map_err(|_late| late())?;
        let (mut runner, there) = standby?;
        // What is wrong with the primary is told by it.
        let is_same = here.is_ok_and(|here| there.is_standby && !here.is_standby && there.rows == here.rows);
        let done = if is_same { work.on(&mut runner).await.map(Some) } else { Ok(None) };
        runner.undo().await;
        done
    }

    fn leave(&self, why: &Failure) {
        if self.is_used.swap(false, Ordering::AcqRel) {
            tracing::warn!(error = %why, "the reading replica is not used: everything is read at the primary");
        }
    }

    /// Looks at the standby again and again, and takes it up or leaves it.
    #[expect(clippy::disallowed_methods, reason = "a standby that is away does not say when it is back")]
    pub(crate) async fn watch(self: Arc<Self>, primary: Pool) {
        let mut told = String::new();
        loop {
            match self.look(&primary).await {
                Ok(lag_bytes) => {
                    told.clear();
                    self.lag_bytes.store(lag_bytes, Ordering::Relaxed);
                    if !self.is_used.swap(true, Ordering::AcqRel) {
                        tracing::info!("lists are read at the reading replica");
                    }
                }
                Err(failure) => {
                    self.leave(&failure);
                    let why = failure.to_string();
                    // Once for each reason, also when it was never used.
                    if told != why {
                        tracing::warn!(error = %why, "the reading replica cannot be used");
                        told = why;
                    }
                }
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn look(&self, primary: &Pool) -> Result<u64, Failure> {
        let looked = async {
            let standby = async { self.pool.get().await.or_failure() };
            let primary = async { primary.get().await.or_failure() };
            let (standby, primary) = try_join(standby, primary).await?;
            compare(&primary, &standby).await
        };
        timeout(LIST, looked).await.unwrap_or_else(|_late| Err(late()))
    }
}

fn late() -> Failure {
    Failure::Invalid("the reading replica did not answer in time".to_owned())
}

/// Where the box is at the primary.
async fn seen_by(primary: &Pool, box_id: BoxId) -> Result<Seen, Failure> {
    let mut lent = Lent::from(primary).await?;
    lent.begin();
    let seen = Seen::of(&query(&lent, Plan::Kept, Seen::SQL, &arguments(&[box_id.into()])).await?)?;
    lent.done();
    Ok(seen)
}

/// What a server says of itself.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    is_standby: bool,
    system: i64,
    timeline: i64,
    database: Option<i64>,
    boxes: Option<i64>,
    is_citus: bool,
    log: i64,
}

impl Place {
    async fn of(client: &Client, sql: &str) -> Result<Self, Failure> {
        let row = client.query_typed_one(sql, &[]).await.or_failure()?;
        let place = || {
            Ok::<_, tokio_postgres::Error>(Self {
                is_standby: row.try_get(0)?,
                system: row.try_get(1)?,
                timeline: row.try_get(2)?,
                database: row.try_get(3)?,
                boxes: row.try_get(4)?,
                is_citus: row.try_get(5)?,
                log: row.try_get(6)?,
            })
        };
        place().or_failure()
    }
}

/// Holds a standby to its primary. By how many bytes of the log it is behind.
async fn compare(primary: &Client, standby: &Client) -> Result<u64, Failure> {
    let refused = |text: &str| Err(Failure::Invalid(text.to_owned()));
    let is_standby: bool =
        standby.query_typed_one(IS_STANDBY, &[]).await.and_then(|row| row.try_get(0)).or_failure()?;
    if !is_standby {
        return refused(
            "the server of `store_replica` is no standby: give the address of one that replays the log of the primary",
        );
    }
    // Before that of the standby, so that nobody is behind who is not.
    let here = Place::of(primary, OF_PRIMARY).await?;
    let there = Place::of(standby, OF_STANDBY).await?;
    if here.is_citus || there.is_citus {
        return refused("a database of Citus is not read at a standby: take `store_replica` away");
    }
    if (here.system, here.database, here.boxes) != (there.system, there.database, there.boxes) {
        return refused(
            "`store_replica` is another database than `store`: give a standby of that server, with the same name of the database",
        );
    }
    if here.timeline != there.timeline {
        return refused("the standby has not yet followed the primary after a change of primaries");
    }
    if !migrations::layout(standby).await?.is_current() {
        return refused("the standby has not the layout of this program yet");
    }
    Ok(here.log.saturating_sub(there.log).try_into().unwrap_or(0))
}

/// Looks once at the standby that `options` name; `None` when they name none. By how many bytes of the log it is behind.
///
/// # Errors
/// It cannot be used, and why.
pub async fn look_at_replica(options: &PostgresOptions) -> Result<Option<u64>, StoreError> {
    let Some(of_replica) = options.of_replica() else { return Ok(None) };
    let looked = async {
        let (primary, standby) = try_join(backend::connect(options), backend::connect(&of_replica)).await?;
        compare(&primary, &standby).await
    };
    let looked = timeout(LIST, looked).await.unwrap_or_else(|_late| Err(late()));
    looked.map(Some).map_err(|failure| failure.during("look at the reading replica"))
}
