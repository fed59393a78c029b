//! The data folder: made, taken for one server, and nobody else's business on this machine.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::Path;

use crate::server::StartError;

/// Makes the folder if it is not there.
pub(crate) fn make_folder(data: &Path) -> Result<(), StartError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(|source| StartError::Folder { path: data.to_owned(), source })
}

/// Takes the folder for one process: two servers on the embedded store would deliver against each other and share no limits.
pub(crate) fn lock(data: &Path) -> Result<File, StartError> {
    locked(data, "serve.lock", File::try_lock)
}

/// Takes part in the folder, beside other servers on one PostgreSQL.
pub(crate) fn lock_shared(data: &Path) -> Result<File, StartError> {
    locked(data, "serve.lock", File::try_lock_shared)
}

/// Waits for other servers that start on the folder: what is missing there is made once.
pub(crate) fn lock_while_starting(data: &Path) -> Result<File, StartError> {
    locked(data, "start.lock", |file| file.lock().map_err(TryLockError::Error))
}

fn locked(
    data: &Path,
    name: &str,
    lock: impl FnOnce(&File) -> Result<(), TryLockError>,
) -> Result<File, StartError> {
    make_folder(data)?;
    let unusable = |source| StartError::Folder { path: data.to_owned(), source };
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(data.join(name)).map_err(unusable)?;
    match lock(&file) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse { path: data.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// Says aloud that others on the machine can read the folder: service managers make it so, and programs before this one wrote
/// their files so.
pub(crate) fn warn_of_readers(data: &Path) {
    #[cfg(unix)]
    if std::fs::metadata(data)
        .is_ok_and(|found| std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0)
    {
        tracing::warn!(data = %data.display(), "others on this machine can look into the data folder");
    }
}
