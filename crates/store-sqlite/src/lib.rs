//! The embedded store, a dialect of `potok-store-sql`: one SQLite database in WAL mode with `synchronous=FULL`.
//!
//! * One thread writes. It commits the work of all callers that wait together, so that they share one flush of the
//!   disk, and answers them after it: what was answered survives a crash of the process and of the machine.
//! * Readers have connections of their own and see a state of the database as it was when they began.
//! * Another process may write to the same database: it waits for the lock, and this one sees what it did.

mod backend;
mod checkpoint;
mod connection;
mod copies;
#[cfg(feature = "damage")]
pub mod damage;
mod failure;
mod fresh;
mod glance;
mod leases;
mod migrations;
mod moving;
mod readers;
mod runner;
mod statements;
mod watch;
mod writer;

pub use backend::{Sqlite, SqliteStore, needs_migration, open, temporary};
pub use copies::copy;
pub use moving::Side;
pub use writer::SqliteFigures;

/// How much of the machine the store may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Connections that read at the same time, at least 1.
    pub readers: usize,
    /// Calls that wait for the writer before further ones have to wait outside, at least 1.
    pub queue_len: usize,
    /// How long to wait for another process that writes, in milliseconds.
    pub busy_timeout_ms: u32,
    /// Pages of the log after which a checkpoint begins.
    pub checkpoint_pages: u32,
    /// Memory for pages in the writer, in KiB. SQLite looks through all of it after some commits, so more than a few
    /// thousand pages make writing slower.
    pub writer_cache_kib: u32,
    /// Memory for pages in each reader, in KiB.
    pub reader_cache_kib: u32,
    /// Size of a page of a new database, a power of two in 512…65536.
    pub page_bytes: u32,
    /// Each transaction tells whoever runs on the same database, and remembers what it read there, that something changed. Only
    /// the one server need not: what it writes itself it knows.
    pub tells_others: bool,
    /// Documents whose words wait before all of them are put in their places, where a search finds them faster; 0: none waits.
    pub fresh_documents: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 8,
            queue_len: 4096,
            busy_timeout_ms: 10_000,
            checkpoint_pages: 8000,
            writer_cache_kib: 8 * 1024,
            reader_cache_kib: 16 * 1024,
            page_bytes: 4096,
            tells_others: true,
            fresh_documents: 256,
        }
    }
}
