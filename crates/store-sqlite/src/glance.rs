//! A glance at what all processes share about a database in WAL mode: another one after each commit of anybody.
//!
//! The head of the WAL index (`…-shm`, 48 bytes at its beginning; "WAL-mode file format", 2.1 of SQLite's documentation) counts
//! transactions and sums itself up. It is written last when a transaction is committed, before the commit returns, and twice: this is
//! the second writing. To read it costs one system call; to ask SQLite takes a lock, looks for the file, and gives the lock back.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

/// What was seen. Two of them that are the same have no commit between them.
pub(crate) type Seen = [u8; 48];

/// Looks at one database.
pub(crate) struct Glance {
    path: PathBuf,
    index: OnceLock<Option<&'static File>>,
}

impl Glance {
    /// The database at `path`, which has an index as long as anybody has opened it.
    pub(crate) fn new(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-shm");
        Self { path: name.into(), index: OnceLock::new() }
    }

    /// What is there now; `None` where it cannot be seen, and SQLite has to be asked. Called while a connection is open.
    pub(crate) fn now(&self) -> Option<Seen> {
        let index = (*self.index.get_or_init(|| open(&self.path).ok()))?;
        let mut seen = [0; 48];
        read(index, &mut seen).ok()?;
        Some(seen)
    }
}

/// The index, opened once in this process and never closed: by the rules of POSIX to close a file lets go of all locks that the
/// process has on it, also of those that SQLite took.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<&'static File> {
    use std::os::unix::fs::MetadataExt as _;

    type Opened = HashMap<(u64, u64), &'static File>;
    static OPENED: LazyLock<Mutex<Opened>> = LazyLock::new(Mutex::default);
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let named = path.metadata()?;
    if let Some(file) = opened.get(&(named.dev(), named.ino())) {
        return Ok(file);
    }
    // Not dropped from here on, whatever happens.
    let file: &'static File = Box::leak(Box::new(File::open(path)?));
    let found = file.metadata()?;
    opened.insert((found.dev(), found.ino()), file);
    Ok(file)
}

#[cfg(unix)]
fn read(file: &File, bytes: &mut Seen) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, 0)
}

/// Other systems lock the file against whoever would read it.
#[cfg(not(unix))]
fn open(_: &Path) -> io::Result<&'static File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn read(_: &File, _: &mut Seen) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn each_commit_is_seen_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it.db");
        let glance = Glance::new(&path);
        let conn = Connection::open(&path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch("CREATE TABLE t (x)").unwrap();
        let mut before = glance.now().unwrap();
        let mut other = Connection::open(&path).unwrap();
        for round in 0..50 {
            let transaction = other.transaction().unwrap();
            transaction.execute("INSERT INTO t VALUES (?)", [round]).unwrap();
            assert_eq!(glance.now(), Some(before), "not committed yet");
            transaction.commit().unwrap();
            let after = glance.now().unwrap();
            assert_ne!(after, before);
            let count: i64 = conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!((count, glance.now()), (round + 1, Some(after)), "to read changes nothing");
            before = after;
            if round % 10 == 9 {
                conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
                before = glance.now().unwrap();
            }
        }
    }

    #[test]
    fn nothing_is_closed_by_who_looks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it.db");
        let conn = Connection::open(&path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch("CREATE TABLE t (x)").unwrap();
        let opened: Vec<_> = (0..3).map(|_| Glance::new(&path)).collect();
        assert!(opened.iter().all(|glance| glance.now().is_some()));
        let files: Vec<_> = opened.iter().map(|glance| glance.index.get().unwrap().unwrap()).collect();
        assert!(files.iter().all(|file| std::ptr::eq(*file, files[0])), "one for the process");
    }
}
