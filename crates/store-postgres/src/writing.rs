//! Transactions that write: done again when they met others, and settled when nobody knows how they ended.

use std::sync::Arc;
use std::time::Duration;

use potok_store::{AppendError, Appended};
use potok_store_sql::journal::{self, Prepared};
use potok_store_sql::{Answer, Failure, Session, SqlWrite, Touched, Waiting, Work, Writing};
use potok_types::Clock;

use crate::connections::Pool;
use crate::failure::{lost_connection, met_a_row, met_another, was_named};
use crate::hints::Hints;
use crate::lent::Lent;
use crate::queues::Queues;
use crate::runner::{Broken, Runner};

/// Times that a transaction is done again when it met others.
const AGAIN: u32 = 24;
/// Times that it is done again when it met a row: when it looks again it sees that row, if ever.
const ROWS: u32 = 2;
/// Times that a lost connection is replaced by another one.
const LOST: u32 = 8;
/// Times that it is done again when a statement was not what its name had been: the connection has forgotten all of them.
const NAMED: u32 = 2;
/// The first pause before something is done again; each is twice as long, up to a bound. Who met others finds them gone soon, and
/// a server that starts again takes a few seconds.
const PAUSE: Duration = Duration::from_millis(1);
const PAUSE_WHEN_LOST: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// What an append answers.
pub(crate) type Outcome = Result<Appended, AppendError>;

/// The writing side.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hints: Arc<Hints>,
    /// Appends that wait for others.
    pub(crate) queues: Arc<Queues>,
}

impl Writer {
    /// See [`potok_store_sql::Backend::write`]. When the answer to a commit is lost, what is repeatable is done again; of
    /// the rest it is said that nothing can be written now, and it may be done or not.
    pub(crate) async fn write(&self, work: &Work<Session<Runner>>) -> Result<Answer, Failure> {
        let mut tries = Tries::default();
        loop {
            match self.once(work).await {
                Ok(value) => return Ok(value),
                Err(Broken::Unknown(failure)) if !work.is_repeatable() => return Err(failure),
                Err(Broken::Unknown(failure) | Broken::Undone(failure)) => tries.another(failure).await?,
            }
        }
    }

    /// Appends to one box in one transaction: each as if it were behind the one before it. When that does not happen, or nobody knows,
    /// each goes alone. They may be there already, when somebody did the same before and does not know how it ended.
    pub(crate) async fn append_all(
        &self,
        all: &[Arc<Prepared>],
        mut may_be_there: bool,
    ) -> Vec<Result<Outcome, Failure>> {
        let together: Writing<Runner, Vec<Arc<Prepared>>, Vec<Outcome>> =
            |session, all| Box::pin(append_each(session, all));
        if all.len() > 1 && !may_be_there {
            let broken = match self.once(&Work::new(all.to_vec(), together)).await {
                Ok(done) => match done.take::<Vec<Outcome>>() {
                    Ok(done) => return done.into_iter().map(Ok).collect(),
                    Err(failure) => Broken::Undone(failure),
                },
                Err(broken) => broken,
            };
            may_be_there = matches!(broken, Broken::Unknown(_));
        }
        let mut done = Vec::with_capacity(all.len());
        for prepared in all {
            done.push(self.appended(Arc::clone(prepared), may_be_there).await);
        }
        done
    }

    /// One append. When the answer to a commit is lost, the same events are appended again: the first write waits for the transaction
    /// that may still be on its way, and then they are there or they are not.
    async fn appended(&self, prepared: Arc<Prepared>, may_be_there: bool) -> Result<Outcome, Failure> {
        let mut tries = Tries::default();
        let first: Writing<Runner, Arc<Prepared>, Outcome> =
            |session, prepared| Box::pin(journal::append(session, prepared));
        let again: Writing<Runner, Arc<Prepared>, Outcome> =
            |session, prepared| Box::pin(append_unless_there(session, prepared));
        let mut work = Work::new(Arc::clone(&prepared), if may_be_there { again } else { first });
        loop {
            match self.once(&work).await {
                Ok(done) => return done.take(),
                Err(Broken::Unknown(failure)) => {
                    work = Work::new(Arc::clone(&prepared), again);
                    tracing::warn!(error = %failure, "it is not known whether a transaction was committed; it is repeated");
                    tries.another(failure).await?;
                }
                Err(Broken::Undone(failure)) => tries.another(failure).await?,
            }
        }
    }

    /// Notes what a transaction that is durable has done, for other nodes.
    pub(crate) fn note(&self, touched: Touched, waiting: Option<Waiting>) {
        match waiting {
            Some(Waiting::In(box_id, due_at)) => self.hints.note_waiting(box_id, due_at),
            Some(Waiting::Anywhere) => self.hints.sweep_next_time(),
            None => {}
        }
        if let Touched::Streams(box_id, _) = touched {
            self.hints.note_written(box_id);
        }
    }

    async fn once(&self, work: &Work<Session<Runner>>) -> Result<Answer, Broken> {
        let lent = Lent::from(&self.pool).await.map_err(Broken::Undone)?;
        let mut session = Session::new(Runner::writing(lent), Arc::clone(&self.clock));
        match work.on(&mut session).await {
            Ok(value) => {
                let Session { sql, touched, waiting, .. } = session;
                sql.commit().await?;
                self.note(touched, waiting);
                Ok(value)
            }
            Err(failure) => {
                session.sql.undo().await;
                Err(Broken::Undone(failure))
            }
        }
    }
}

/// One behind the other. What each refuses has touched nothing.
pub(crate) async fn append_each<S: SqlWrite>(
    session: &mut Session<S>,
    all: &[Arc<Prepared>],
) -> Result<Vec<Outcome>, Failure> {
    let (mut done, mut touched) = (Vec::with_capacity(all.len()), Touched::Nothing);
    for prepared in all {
        done.push(journal::append(session, prepared).await?);
        if matches!(session.touched, Touched::Streams(..)) {
            touched = std::mem::replace(&mut session.touched, Touched::Nothing);
        }
    }
    session.touched = touched;
    Ok(done)
}

async fn append_unless_there(session: &mut Session<Runner>, prepared: &Prepared) -> Result<Outcome, Failure> {
    match journal::find_appended(session, prepared).await? {
        Some(appended) => Ok(Ok(appended)),
        None => journal::append(session, prepared).await,
    }
}

/// How often something was done again.
#[derive(Default)]
pub(crate) struct Tries {
    again: u32,
    rows: u32,
    lost: u32,
    named: u32,
}

impl Tries {
    /// Waits for the next try, if there is to be one after `failure`.
    #[expect(
        clippy::disallowed_methods,
        reason = "neither the others nor a server that starts tell when they are done"
    )]
    pub(crate) async fn another(&mut self, failure: Failure) -> Result<(), Failure> {
        let (tried, most, pause) = if met_another(&failure) {
            (&mut self.again, AGAIN, PAUSE)
        } else if met_a_row(&failure) {
            (&mut self.rows, ROWS, PAUSE)
        } else if lost_connection(&failure) {
            (&mut self.lost, LOST, PAUSE_WHEN_LOST)
        } else if was_named(&failure) {
            (&mut self.named, NAMED, PAUSE)
        } else {
            return Err(failure);
        };
        if *tried == most {
            return Err(failure);
        }
        let pause = pause.saturating_mul(1 << (*tried).min(16)).min(LONGEST_PAUSE);
        *tried += 1;
        tokio::time::sleep(pause).await;
        Ok(())
    }
}
