//! What the disk does alone.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::time::{Duration, Instant};

use crate::Result;

/// Pages of the log that are written over old ones and flushed, one after the other: how many a second.
pub(crate) fn flushes(per_line: Duration) -> Result<f64> {
    const PAGES: usize = 512;
    let page = [0x5a; 8192];
    let mut file = tempfile::tempfile()?;
    (0..PAGES).try_for_each(|_| file.write_all(&page))?;
    file.sync_all()?;
    let start = Instant::now();
    let mut done = 0_usize;
    while start.elapsed() < per_line {
        if done.is_multiple_of(PAGES) {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&page)?;
        file.sync_data()?;
        done += 1;
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}
