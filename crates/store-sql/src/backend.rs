//! What a dialect gives, and a store made of it.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use potok_store::{
    AppendError, Appended, Health, Hear, LeaseRequest, Leased, Moment, Moments, Neighbours, Part, StoreError,
};

use potok_types::BoxId;

use crate::journal::{self, Prepared};
use crate::work::{Answer, Work};
use crate::{Answering, Failure, Session, Sql, SqlWrite};

/// What is asked of a connection, given what it was asked with.
pub type Asking<S, A, T> = for<'a> fn(&'a mut S, &'a A) -> Answering<'a, T>;
/// What is done in a transaction, given what it is done with.
pub type Writing<S, A, T> = for<'a> fn(&'a mut Session<S>, &'a A) -> Answering<'a, T>;

/// A dialect at work: connections, transactions, the order of writing.
pub trait Backend: Send + Sync + 'static {
    /// Where questions are asked.
    type Reader: Sql + 'static;
    /// Where transactions write.
    type Writer: SqlWrite + 'static;

    /// Answers a question of one statement, or of several that need not see the same state of the database.
    fn ask(&self, work: Work<Self::Reader>) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Answers a question from one state of the database.
    fn view(&self, work: Work<Self::Reader>) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// The same of one box. The state lacks nothing of that box that was committed before this call, and has nothing that others do
    /// not see yet: so a dialect may answer from a copy of the database that has caught up with the box.
    fn view_of(
        &self,
        _box_id: BoxId,
        work: Work<Self::Reader>,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send {
        self.view(work)
    }

    /// Does work in a transaction; what it did is durable when this returns. The work may be done again from the start,
    /// when what shared its transaction failed or the transaction has to be repeated: it changes nothing but the
    /// database and the heads of its session. Work that decides not to write returns that as its value and has not
    /// written anything before.
    fn write(
        &self,
        work: Work<Session<Self::Writer>>,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Appends. A dialect that can write many appends at once does it here in its own way, by the rules of
    /// [`append`](journal::append).
    fn append(
        &self,
        prepared: Prepared,
    ) -> impl Future<Output = Result<Result<Appended, AppendError>, Failure>> + Send {
        let append: Writing<Self::Writer, Prepared, Result<Appended, AppendError>> =
            |session, prepared| Box::pin(journal::append(session, prepared));
        async move { self.write(Work::new(prepared, append)).await?.take() }
    }

    /// Hands out deliveries of all boxes, see [`potok_store::Outbox::lease_due`].
    fn lease_due(&self, request: LeaseRequest) -> impl Future<Output = Result<Vec<Leased>, Failure>> + Send;

    /// What whoever watches the store should know, see [`Health::remark`].
    fn remark(&self) -> Option<&'static str> {
        None
    }

    /// How far the store has come, see [`Moments::moment`].
    fn moment(&self) -> Option<Moment>;

    /// Whether something may have changed, see [`Moments::has_changed`].
    fn has_changed(&self, part: Part, since: Moment, now: Moment) -> bool;

    /// Tells `hear` from now on what other nodes write, see [`Neighbours::hear`]. Where there are none, nothing.
    fn hear(&self, _: Hear) {}

    /// Whether the last transaction was written; when it was not, whether another one is now.
    fn check_writable(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Finishes accepted work and lets go of the database. Later calls fail.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// Hands work to the backend, under the name by which an error will tell of it; readings are counted.
macro_rules! forward {
    ($($(#[$about:meta])* $name:ident($work:ty) $(, $counted:ident)?;)+) => {$(
        $(#[$about])*
        pub(crate) async fn $name<A, T>(&self, action: &'static str, asked: A, work: $work) -> Result<T, StoreError>
        where
            A: Send + Sync + 'static,
            T: Send + 'static,
        {
            $(self.$counted();)?
            let answer = self.backend.$name(Work::new(asked, work)).await;
            answer.and_then(Answer::take).map_err(|failure| failure.during(action))
        }
    )+};
}

/// A store over a dialect.
#[derive(Debug)]
pub struct SqlStore<B> {
    backend: B,
    readings: AtomicU64,
}

impl<B: Backend> SqlStore<B> {
    /// The store of `backend`.
    pub const fn new(backend: B) -> Self {
        Self { backend, readings: AtomicU64::new(0) }
    }

    /// The dialect at work.
    pub const fn backend(&self) -> &B {
        &self.backend
    }

    /// How many times the store was read since it was opened, each call of a trait counting once: what a use case costs,
    /// however fast the machine is.
    pub fn readings(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }

    /// Finishes all accepted work and lets go of the database. Later calls fail.
    pub async fn close(&self) {
        self.backend.close().await;
    }

    fn count_reading(&self) {
        self.readings.fetch_add(1, Ordering::Relaxed);
    }

    forward! {
        /// Asks, see [`Backend::ask`]. The error says that the store failed to `action`.
        ask(Asking<B::Reader, A, T>), count_reading;
        /// The same from one state of the database, see [`Backend::view`].
        view(Asking<B::Reader, A, T>), count_reading;
        /// Writes, see [`Backend::write`].
        write(Writing<B::Writer, A, T>);
    }

    /// Reads lists of one box, see [`Backend::view_of`].
    pub(crate) async fn view_of<A, T>(
        &self,
        action: &'static str,
        box_id: BoxId,
        asked: A,
        work: Asking<B::Reader, A, T>,
    ) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.count_reading();
        let answer = self.backend.view_of(box_id, Work::new(asked, work)).await;
        answer.and_then(Answer::take).map_err(|failure| failure.during(action))
    }

    /// Writes what may be written twice: it leaves the same, and answers the same but for counts of what was there before. So a
    /// dialect that lost the answer to a commit does it again.
    pub(crate) async fn rewrite<A, T>(
        &self,
        action: &'static str,
        asked: A,
        work: Writing<B::Writer, A, T>,
    ) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        let answer = self.backend.write(Work::new(asked, work).repeatable()).await;
        answer.and_then(Answer::take).map_err(|failure| failure.during(action))
    }
}

#[async_trait]
impl<B: Backend> Health for SqlStore<B> {
    async fn check_writable(&self) -> Result<(), StoreError> {
        self.backend.check_writable().await.map_err(|failure| failure.during("write anything"))
    }

    fn remark(&self) -> Option<&'static str> {
        self.backend.remark()
    }
}

impl<B: Backend> Neighbours for SqlStore<B> {
    fn hear(&self, hear: Hear) {
        self.backend.hear(hear);
    }
}

impl<B: Backend> Moments for SqlStore<B> {
    fn moment(&self) -> Option<Moment> {
        self.backend.moment()
    }

    fn has_changed(&self, part: Part, since: Moment, now: Moment) -> bool {
        self.backend.has_changed(part, since, now)
    }
}
