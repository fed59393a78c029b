//! Golden files: what tests compare with what is made now. `POTOK_BLESS=1` rewrites them; read the diff as carefully as
//! code.
//!
//! There are three kinds. [`check`] compares one file. [`Folder`] owns a folder: every file in it is made by the test, and
//! a file that is not made any more is a failure. [`retell`] holds stories: lines at the margin of a file are told by
//! people, indented ones are what follows from them.

mod folder;
mod told;

use std::path::Path;
use std::{env, fs, io};

pub use folder::Folder;
pub use told::{Retelling, WIDTH, retell, retell_folder, wrapped};

/// The path of a file or folder of the crate that is compiled: `path!("testdata/refusals.txt")`.
///
/// The argument is a literal, so that a test finds the files that nobody names.
#[macro_export]
macro_rules! path {
    ($name:literal) => {
        ::std::path::Path::new(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $name))
    };
}

/// Compares the file with `actual`, or writes it when asked to. A file that is not there is an empty one.
///
/// # Panics
/// When they differ, with the first line that does.
#[track_caller]
pub fn check(path: &Path, actual: impl AsRef<[u8]>) {
    let actual = actual.as_ref();
    if is_blessing() {
        write(path, actual);
    }
    let expected = read(path);
    if expected != actual {
        panic!("{}", difference(path, &expected, actual));
    }
}

fn is_blessing() -> bool {
    env::var_os("POTOK_BLESS").is_some()
}

fn read(path: &Path) -> Vec<u8> {
    match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

fn write(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return;
    }
    let folder = path.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Where the texts part, in words for people.
fn difference(path: &Path, expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
    let (mut old, mut new) = (expected.lines(), actual.lines());
    let mut line = 0;
    let (told, made) = loop {
        line += 1;
        match (old.next(), new.next()) {
            (one, other) if one == other && one.is_some() => {}
            parted => break parted,
        }
    };
    let shown = |text: Option<&str>| text.unwrap_or("<the end>").to_owned();
    format!(
        "{}:{line} differs\n  is kept {}\n  is made {}\nPOTOK_BLESS=1 takes what is made now: read the diff",
        path.display(),
        shown(told),
        shown(made)
    )
}

#[cfg(test)]
mod tests;
