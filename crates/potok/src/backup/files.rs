//! Files of a copy.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use potok_types::ContentHash;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used", path.display())]
pub(crate) struct FileError {
    path: PathBuf,
    source: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError { path, source }
}

/// An empty folder, whatever an attempt before left there.
pub(super) fn make_empty(folder: &Path) -> Result<(), FileError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(folder)(error)),
        _ => {}
    }
    std::fs::create_dir_all(folder).map_err(at(folder))
}

/// Copies a small folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), FileError> {
    make_empty(to)?;
    for name in names(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            copy_file(&from, &to)?;
        }
    }
    Ok(())
}

/// Copies a file; it is durable when this returns, but for its name.
pub(super) fn copy_file(from: &Path, to: &Path) -> Result<(), FileError> {
    std::fs::copy(from, to).map_err(at(from))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(at(to))
}

fn names(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let found = std::fs::read_dir(folder).map_err(at(folder))?;
    let names: io::Result<Vec<PathBuf>> = found.map(|entry| Ok(PathBuf::from(entry?.file_name()))).collect();
    let mut names = names.map_err(at(folder))?;
    names.sort_unstable();
    Ok(names)
}

/// Marks every file of `folder`, which is in `top` if it is there at all.
pub(super) fn mark_folder(
    top: &Path,
    folder: &Path,
    marks: &mut BTreeMap<String, Mark>,
) -> Result<(), FileError> {
    if !top.join(folder).exists() {
        return Ok(());
    }
    for name in names(&top.join(folder))? {
        let place = folder.join(name);
        if top.join(&place).is_dir() {
            mark_folder(top, &place, marks)?;
        } else {
            marks.insert(place.to_string_lossy().into_owned(), mark(&top.join(&place))?);
        }
    }
    Ok(())
}

/// Size and digest of a file.
pub(super) fn mark(path: &Path) -> Result<Mark, FileError> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut digest, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut piece).map_err(at(path))?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        bytes += read as u64;
    }
    Ok(Mark { bytes, sha256: ContentHash::from_bytes(digest.finalize().into()).to_string() })
}

/// Writes a file that is there whole or not at all, with everything that was written before it.
pub(super) fn write_last(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let draft = path.with_extension("new");
    let mut file = File::create(&draft).map_err(at(&draft))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&draft))?;
    rename(&draft, path)
}

/// Gives a file its name, for good.
pub(super) fn rename(draft: &Path, path: &Path) -> Result<(), FileError> {
    std::fs::rename(draft, path).map_err(at(path))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}
