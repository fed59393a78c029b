//! The whole database as one file, while servers go on.

use std::path::Path;

use potok_store::StoreError;
use potok_store_sql::Failure;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::failure::OrFailure as _;
use crate::{SqliteOptions, connection, migrations};

/// Writes one state of the database `from` to the new file `to`. Blocks. Which layout it has.
///
/// # Errors
/// One of the files fails, or `from` is none of this program.
pub fn copy(from: &Path, to: &Path) -> Result<u32, StoreError> {
    copied(from, to).map_err(|failure| failure.during("copy the database"))
}

fn copied(from: &Path, to: &Path) -> Result<u32, Failure> {
    let source = connection::reading(from, &SqliteOptions::default())?;
    let mut copy = Connection::open(to).or_failure()?;
    {
        let backup = Backup::new(&source, &mut copy).or_failure()?;
        // All pages under one view: a page that others write meanwhile is none of it.
        match backup.step(-1).or_failure()? {
            StepResult::Done => {}
            other => return Err(Failure::Invalid(format!("the database cannot be copied now: {other:?}"))),
        }
    }
    // The copy is a single file: what reads it first decides about a log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE").or_failure()?;
    let layout = migrations::applied(&copy).or_failure()?;
    copy.close().map_err(|(_, error)| error).or_failure()?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(Failure::engine)?;
    u32::try_from(layout).map_err(Failure::engine)
}
