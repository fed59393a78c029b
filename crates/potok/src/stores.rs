//! The two stores behind one name: the embedded one in the data folder, and PostgreSQL.

use std::path::Path;
use std::sync::Arc;

use potok_content::{BucketOptions, ContentError, Contents};
use potok_metrics::Kind;
use potok_store::moving::Marks;
use potok_store::{Continuity, MovedAway, Store, StoreError};
use potok_store_postgres::{PostgresOptions, PostgresStore, ReplicaFigures};
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use potok_types::Clock;

/// The embedded database, in the data folder.
pub(crate) const DATABASE: &str = "potok.db";

/// Where a server keeps everything.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// How the embedded store is used, which lies in the data folder.
    pub embedded: SqliteOptions,
    /// PostgreSQL, in the place of the embedded store.
    pub postgres: Option<PostgresOptions>,
    /// A bucket for large contents, in the place of a folder in the data folder.
    pub bucket: Option<BucketOptions>,
}

/// The folder of large contents, in the data folder.
const CONTENTS: &str = "contents";

impl StoreSettings {
    /// Where large contents are.
    ///
    /// # Errors
    /// As [`Contents::in_folder`] and [`Contents::in_bucket`].
    pub fn contents(&self, data: &Path) -> Result<Contents, ContentError> {
        if let Some(options) = &self.bucket {
            return Contents::in_bucket(options);
        }
        let contents = Contents::in_folder(data.join(CONTENTS))?;
        Ok(if self.postgres.is_some() { contents.shared() } else { contents })
    }
}

/// What can be told of a store: name, kind, meaning, value.
pub(crate) type Figure = (&'static str, Kind, &'static str, u64);

/// An open store.
#[derive(Clone, Debug)]
pub enum OpenStore {
    /// The one in the data folder.
    Embedded(Arc<SqliteStore>),
    /// A database of PostgreSQL.
    Postgres(Arc<PostgresStore>),
}

impl OpenStore {
    /// Opens it. The embedded one is made, and brought up to date; PostgreSQL is so by `potok migrate` only, for several
    /// servers may be at work on it.
    ///
    /// # Errors
    /// As [`potok_store_sqlite::open`] and [`potok_store_postgres::open`]; or it is a copy that is not whole yet, or one was made of it
    /// that is used in its place.
    pub async fn open(
        settings: StoreSettings,
        data: &Path,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let opened = Self::open_copy(settings.clone(), data, clock).await?;
        let marks = match &settings.postgres {
            Some(options) => potok_store_postgres::Side::marks_of(options).await,
            None => potok_store_sqlite::Side::marks_of(&data.join(DATABASE)),
        };
        match marks.and_then(|marks| refuse(&marks)) {
            Ok(()) => Ok(opened),
            Err(error) => {
                opened.close().await;
                Err(error)
            }
        }
    }

    /// The same for whoever copies.
    ///
    /// # Errors
    /// As [`potok_store_sqlite::open`] and [`potok_store_postgres::open`].
    pub(crate) async fn open_copy(
        settings: StoreSettings,
        data: &Path,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let clock = Arc::clone(clock);
        Ok(match settings.postgres {
            Some(options) => Self::Postgres(Arc::new(potok_store_postgres::open(&options, clock).await?)),
            None => {
                let opened = potok_store_sqlite::open(&data.join(DATABASE), clock, settings.embedded)?;
                Self::Embedded(Arc::new(opened))
            }
        })
    }

    /// What the use cases see of it.
    pub fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Embedded(store) => Arc::<SqliteStore>::clone(store),
            Self::Postgres(store) => Arc::<PostgresStore>::clone(store),
        }
    }

    /// What looks whether it holds together.
    pub(crate) fn continuity(&self) -> &dyn Continuity {
        match self {
            Self::Embedded(store) => &**store,
            Self::Postgres(store) => &**store,
        }
    }

    /// Nobody else can hold what a server before this one held.
    pub(crate) const fn is_alone(&self) -> bool {
        matches!(self, Self::Embedded(_))
    }

    /// Waits until nothing can be written any more, whatever the reason. Of a database over a network that cannot be said.
    pub(crate) async fn writer_ended(&self) {
        match self {
            Self::Embedded(store) => store.backend().writer_ended().await,
            Self::Postgres(_) => std::future::pending().await,
        }
    }

    /// How many times it was read since it was opened, each call of a trait counting once.
    pub(crate) fn readings(&self) -> u64 {
        match self {
            Self::Embedded(store) => store.readings(),
            Self::Postgres(store) => store.readings(),
        }
    }

    /// What it does now, and what it did since it was opened.
    pub(crate) fn figures(&self) -> Vec<Figure> {
        match self {
            Self::Embedded(store) => {
                let figures = store.backend().figures();
                vec![
                    (
                        "potok_store_commits_total",
                        Kind::Counter,
                        "Transactions that were written.",
                        figures.commits,
                    ),
                    ("potok_store_writes_total", Kind::Counter, "Calls that shared them.", figures.writes),
                    ("potok_store_waiting", Kind::Gauge, "Calls that wait for the writer.", figures.waiting),
                ]
            }
            Self::Postgres(store) => {
                let figures = store.backend().figures();
                let mut told = figures.replica.map(of_replica).unwrap_or_default();
                told.extend([
                    (
                        "potok_store_connections",
                        Kind::Gauge,
                        "Connections to the database.",
                        figures.connections,
                    ),
                    (
                        "potok_store_connections_idle",
                        Kind::Gauge,
                        "Connections that nobody uses.",
                        figures.idle,
                    ),
                    (
                        "potok_store_connections_limit",
                        Kind::Gauge,
                        "Connections that there may be.",
                        figures.most,
                    ),
                    (
                        "potok_store_waiting",
                        Kind::Gauge,
                        "Calls that wait for a connection.",
                        figures.waiting,
                    ),
                ]);
                told
            }
        }
    }

    /// Finishes accepted work and lets go of the database.
    pub async fn close(&self) {
        match self {
            Self::Embedded(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// What a reading replica did.
fn of_replica(figures: ReplicaFigures) -> Vec<Figure> {
    let ReplicaFigures { is_used, given, behind, failed, lag_bytes } = figures;
    vec![
        (
            "potok_store_replica_used",
            Kind::Gauge,
            "Whether lists are read at the reading replica.",
            u64::from(is_used),
        ),
        ("potok_store_replica_lists_total", Kind::Counter, "Lists that the reading replica gave.", given),
        (
            "potok_store_replica_behind_total",
            Kind::Counter,
            "Lists that were read at the primary, for the replica had another state of the box.",
            behind,
        ),
        (
            "potok_store_replica_failed_total",
            Kind::Counter,
            "Lists that were read at the primary, for the replica failed.",
            failed,
        ),
        (
            "potok_store_replica_lag_bytes",
            Kind::Gauge,
            "Bytes of the log that the replica had not replayed when it was looked at last.",
            lag_bytes,
        ),
    ]
}

/// Of a store and its copy, one is in use.
#[derive(Debug, thiserror::Error)]
enum NotInUse {
    #[error(
        "it is a copy that is not whole yet: `potok copy` goes on with it, and `potok copy --finish` makes it the one in use"
    )]
    Arriving,
    #[error(transparent)]
    Left(MovedAway),
}

fn refuse(marks: &Marks) -> Result<(), StoreError> {
    let why = match marks.arriving {
        Some(mark) if !mark.is_finished => NotInUse::Arriving,
        _ if marks.is_left() => NotInUse::Left(MovedAway),
        _ => return Ok(()),
    };
    Err(StoreError { action: "open the database", source: Box::new(why) })
}
