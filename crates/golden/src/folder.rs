//! A folder of which every file is made by one test.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of golden files, all of which one test makes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    made: RefCell<BTreeSet<String>>,
}

impl Folder {
    /// The folder at `path`, of which nothing is made yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), made: RefCell::default() }
    }

    /// [`crate::check`] of the file `name`.
    ///
    /// # Panics
    /// When it differs, or is made a second time.
    #[track_caller]
    pub fn check(&self, name: &str, actual: impl AsRef<[u8]>) {
        assert!(self.made.borrow_mut().insert(name.to_owned()), "{name} is made twice");
        crate::check(&self.path.join(name), actual);
    }

    /// Nothing else lies there; what does is deleted when files are rewritten.
    ///
    /// # Panics
    /// When other files do.
    #[track_caller]
    pub fn finish(self) {
        let made = self.made.into_inner();
        let others: Vec<String> = names(&self.path).into_iter().filter(|name| !made.contains(name)).collect();
        if crate::is_blessing() {
            for name in others {
                let path = self.path.join(name);
                fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            }
            return;
        }
        assert!(others.is_empty(), "no test makes these files of {}: {others:?}", self.path.display());
    }
}

/// The names of the files in a folder, sorted.
pub(crate) fn names(path: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let names = entries.map(|entry| {
        let name = entry.unwrap_or_else(|error| panic!("{}: {error}", path.display())).file_name();
        name.into_string().unwrap_or_else(|name| panic!("{name:?} is no text"))
    });
    names.collect()
}
