//! The database at work: one writer, many readers, a checkpointer.

use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use potok_store::{LeaseRequest, Leased, Moment, MovedAway, Part, StoreError};
use potok_store_sql::{Answer, Asking, Backend, Changes, Failure, Session, SqlStore, Work, Writing};
use potok_types::Clock;
use tempfile::TempDir;

use crate::failure::OrFailure as _;
use crate::leases;
use crate::readers::Readers;
use crate::runner::Runner;
use crate::watch::Watch;
use crate::writer::{SqliteFigures, Writer};
use crate::{SqliteOptions, checkpoint, connection, migrations, moving};

/// A store in one file.
///
/// Dropping it lets accepted work finish in the background; [`SqlStore::close`] waits for that.
pub type SqliteStore = SqlStore<Sqlite>;

/// Opens the database `path`, making it if there is none, and brings its layout up to date. `clock` gives the times from
/// which index keys are made.
///
/// # Errors
/// The file cannot be opened, is not a database, lies where WAL does not work, or a newer program made it.
pub fn open(path: &Path, clock: Arc<dyn Clock>, options: SqliteOptions) -> Result<SqliteStore, StoreError> {
    let opened = Sqlite::open(path, clock, options, None);
    opened.map(SqlStore::new).map_err(|failure| failure.during("open the database"))
}

/// Whether [`open`] would change the layout of the database `path`, or make it. Programs that know other layouts may not be at
/// work on it then.
///
/// # Errors
/// The file cannot be read, or is not a database.
pub fn needs_migration(path: &Path) -> Result<bool, StoreError> {
    migrations::are_pending(path).map_err(|failure| failure.during("look at the layout of the database"))
}

/// A new store in a folder that disappears with it, for tests and demonstrations.
///
/// # Errors
/// The folder cannot be made, or as [`open`].
pub fn temporary(clock: Arc<dyn Clock>) -> Result<SqliteStore, StoreError> {
    const ACTION: &str = "make a temporary database";
    let folder =
        tempfile::tempdir().map_err(|error| StoreError { action: ACTION, source: Box::new(error) })?;
    let path = folder.path().join("potok.db");
    let opened = Sqlite::open(&path, clock, SqliteOptions::default(), Some(folder));
    opened.map(SqlStore::new).map_err(|failure| failure.during(ACTION))
}

/// An open database.
pub struct Sqlite {
    writer: Writer,
    readers: Arc<Readers>,
    changes: Arc<Changes>,
    watch: Watch,
    checkpointer: Mutex<Option<JoinHandle<()>>>,
    path: PathBuf,
    /// Removed with the store, after its connections.
    _folder: Option<TempDir>,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Sqlite {
    /// Waits until the thread that writes has ended: by [`Backend::close`], or because it died. Then nothing can be changed any
    /// more until the database is opened again.
    pub async fn writer_ended(&self) {
        self.writer.ended().await;
    }

    fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        options: SqliteOptions,
        folder: Option<TempDir>,
    ) -> Result<Self, Failure> {
        let mut conn = connection::writing(path, &options)?;
        migrations::apply(&mut conn)?;
        let (checkpoints, checkpointer) = checkpoint::start(path, &options, &mut conn)?;
        let changes = Arc::new(Changes::default());
        let writer = Writer::start(conn, clock, checkpoints, &options, Arc::clone(&changes))?;
        Ok(Self {
            watch: Watch::new(path.to_owned(), &options, Arc::clone(&changes)),
            changes,
            writer,
            readers: Arc::new(Readers::new(path.to_owned(), options)),
            checkpointer: Mutex::new(Some(checkpointer)),
            path: path.to_owned(),
            _folder: folder,
        })
    }
}

impl Sqlite {
    /// What the writer does, and what it did since the database was opened.
    pub fn figures(&self) -> SqliteFigures {
        self.writer.figures()
    }

    /// Statements that readers asked since it was opened, several arguments for the same one at a time counting once: how
    /// often a dialect over a network would have waited.
    pub fn questions(&self) -> u64 {
        self.readers.questions()
    }
}

impl Backend for Sqlite {
    type Reader = Runner;
    type Writer = Runner;

    async fn ask(&self, work: Work<Runner>) -> Result<Answer, Failure> {
        self.readers.read(work, Readers::statements).await
    }

    async fn view(&self, work: Work<Runner>) -> Result<Answer, Failure> {
        self.readers.read(work, Readers::in_one_state).await
    }

    async fn write(&self, work: Work<Session<Runner>>) -> Result<Answer, Failure> {
        self.writer.write(work).await
    }

    async fn lease_due(&self, request: LeaseRequest) -> Result<Vec<Leased>, Failure> {
        let lease: Writing<Runner, LeaseRequest, Vec<Leased>> = |session, request| {
            session.touches_nothing();
            Box::pin(ready(leases::lease(session.sql.conn(), request).or_failure()))
        };
        self.writer.write(Work::new(request, lease)).await?.take()
    }

    fn moment(&self) -> Option<Moment> {
        self.watch.moment()
    }

    fn has_changed(&self, part: Part, since: Moment, now: Moment) -> bool {
        since.beside != now.beside || self.changes.has_changed(part, since.own)
    }

    /// Writes the layout's number again, if the last change could not be written: a page of the database is written, and says the same
    /// as before.
    async fn check_writable(&self) -> Result<(), Failure> {
        let look: Asking<Runner, (), bool> =
            |sql, ()| Box::pin(ready(moving::marks(sql.conn()).map(|marks| marks.is_left())));
        if self.ask(Work::new((), look)).await?.take()? {
            return Err(Failure::MovedAway(MovedAway));
        }
        if self.writer.unwritten().is_none() {
            return Ok(());
        }
        let touch: Writing<Runner, (), ()> = |session, ()| {
            session.touches_nothing();
            Box::pin(ready(migrations::touch(session.sql.conn()).or_failure()))
        };
        self.writer.write(Work::new((), touch)).await?;
        self.writer.note_written();
        Ok(())
    }

    /// Finishes all accepted work, moves it into the database file and closes it.
    async fn close(&self) {
        let writer = self.writer.stop();
        self.readers.close().await;
        self.watch.close();
        let checkpointer = self.checkpointer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let joined = tokio::task::spawn_blocking(move || {
            for thread in [writer, checkpointer].into_iter().flatten() {
                if thread.join().is_err() {
                    tracing::error!("a thread of the store panicked");
                }
            }
        });
        if let Err(error) = joined.await {
            tracing::error!(%error, "the store could not wait for its threads");
        }
    }
}
