//! Whether what somebody remembers is still so.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use potok_store::Moment;
use potok_store_sql::Changes;
use rusqlite::Connection;

use crate::glance::{self, Glance};
use crate::{SqliteOptions, connection};

/// Connections that look, so that threads seldom wait for each other.
const EYES: usize = 4;

/// Looks at two numbers of the database, by connections of its own. As long as nobody commits anything, that is a glance at
/// memory that all processes share.
pub(crate) struct Watch {
    glance: Glance,
    path: PathBuf,
    options: SqliteOptions,
    changes: Arc<Changes>,
    eyes: [Mutex<Option<Seen>>; EYES],
}

struct Seen {
    conn: Connection,
    /// Taken before the numbers were read.
    glance: Option<glance::Seen>,
    /// Another one after each commit of anybody.
    data_version: i64,
    numbers: Numbers,
}

#[derive(Clone, Copy)]
struct Numbers {
    sessions: i64,
    beside: i64,
}

impl Watch {
    pub(crate) fn new(path: PathBuf, options: &SqliteOptions, changes: Arc<Changes>) -> Self {
        // Whoever asks is not where waiting for another process hurts nobody. Little is read, so little is kept.
        let options = SqliteOptions { busy_timeout_ms: 0, reader_cache_kib: 64, ..options.clone() };
        Self {
            glance: Glance::new(&path),
            path,
            options,
            changes,
            eyes: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// See [`potok_store::Moments::moment`].
    pub(crate) fn moment(&self) -> Option<Moment> {
        // First what is told first: a transaction of this process is noted when it can be read already.
        let own = self.changes.now();
        let mut eye = self.eyes[place()].lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.look(eye.take());
        *eye = seen;
        eye.as_ref().map(|Seen { numbers, .. }| Moment {
            sessions: numbers.sessions,
            beside: numbers.beside,
            own,
        })
    }

    fn look(&self, before: Option<Seen>) -> Option<Seen> {
        let (conn, before) = match before {
            Some(Seen { conn, glance, data_version, numbers }) => {
                (conn, Some((glance, data_version, numbers)))
            }
            None => (connection::reading(&self.path, &self.options).ok()?, None),
        };
        let glance = self.glance.now();
        if let Some((same, data_version, numbers)) = before
            && glance.is_some()
            && same == glance
        {
            return Some(Seen { conn, glance, data_version, numbers });
        }
        let data_version = data_version(&conn).ok()?;
        let numbers = match before {
            Some((_, same, numbers)) if same == data_version => numbers,
            // Should somebody commit between the two questions, the next one looks again.
            _ => numbers(&conn).ok()?,
        };
        Some(Seen { conn, glance, data_version, numbers })
    }

    /// Lets go of the database.
    pub(crate) fn close(&self) {
        for eye in &self.eyes {
            eye.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }
}

fn data_version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

fn numbers(conn: &Connection) -> rusqlite::Result<Numbers> {
    let read = |row: &rusqlite::Row<'_>| Ok(Numbers { sessions: row.get(0)?, beside: row.get(1)? });
    conn.prepare_cached("SELECT sessions, boxes FROM moments")?.query_row([], read)
}

/// The eye of this thread.
fn place() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed) % EYES);
    }
    OWN.get()
}
