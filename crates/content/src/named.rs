//! Names of files, made durable: each with the names of the two folders above it, which somebody may have made just now.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use potok_types::ContentHash;

/// The folders of contents whose own names are known to be durable: nobody takes a folder away, so that is looked after once.
#[derive(Debug)]
pub(crate) struct Named(Box<[AtomicU64]>);

/// There is a folder for each value of the first two bytes of a hash.
const FOLDERS: usize = 1 << 16;

impl Default for Named {
    fn default() -> Self {
        Self((0..FOLDERS / 64).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Named {
    /// Makes the folder of a content, its name and that of the one above it durable. Waits for the disk.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn make_folder(&self, file: &Path, content: ContentHash) -> io::Result<()> {
        let [first, second, ..] = *content.as_bytes();
        let number = usize::from(u16::from_be_bytes([first, second]));
        let (word, bit) = (&self.0[number / 64], 1 << (number % 64));
        if word.load(Ordering::Acquire) & bit != 0 {
            return Ok(());
        }
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        file.ancestors().skip(2).take(2).try_for_each(sync_folder)?;
        word.fetch_or(bit, Ordering::Release);
        Ok(())
    }

    /// Makes the name of the file of a content durable. Waits for the disk.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn sync(&self, file: &Path, content: ContentHash) -> io::Result<()> {
        self.make_folder(file, content)?;
        file.parent().map_or(Ok(()), sync_folder)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
