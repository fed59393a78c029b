//! The shelf: large contents before a message names them.

use bytes::Bytes;
use potok_store::{ShelfFile, ShelfPart};
use potok_types::{UserId, limits};

use crate::{App, AppError, Caller, Missing};

/// One part of an upload.
#[derive(Clone, Debug)]
pub struct ShelfUpload {
    /// The name without the prefix of the private space.
    pub name: String,
    /// From 0.
    pub part_index: u32,
    /// This is the last part.
    pub is_last: bool,
    /// The bytes.
    pub bytes: Bytes,
}

impl App {
    /// Keeps one part. The answer names the parts that are still missing; it is empty until the last one has come.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the file would grow over its limit; `CoreError::Content`, `CoreError::Store`.
    pub async fn shelf_upload(&self, caller: &Caller, upload: ShelfUpload) -> Result<Vec<u32>, AppError> {
        let user = caller.user()?.id;
        let now = self.clock.now();
        let known = self.store.shelf_file(user, &upload.name, now).await?;
        let others: u64 = known
            .iter()
            .filter(|file| !file.is_complete())
            .flat_map(|file| &file.parts)
            .filter(|part| part.index != upload.part_index)
            .map(|part| part.content.size_bytes)
            .sum();
        if others + upload.bytes.len() as u64 > limits::SHELF_FILE_BYTES {
            return Err(AppError::invalid(
                "nameOnShelf",
                format!(
                    "file {:?} would be larger than {} bytes; a shelf file may not be",
                    upload.name,
                    limits::SHELF_FILE_BYTES
                ),
            ));
        }
        let content = self.contents.put(upload.bytes).await?;
        let part = ShelfPart { index: upload.part_index, content };
        let ends = now.plus_seconds(limits::SHELF_LIFETIME_SECONDS);
        let file = self.store.put_part(user, &upload.name, part, upload.is_last, ends).await?;
        Ok(file.missing())
    }

    /// The whole file.
    ///
    /// # Errors
    /// `Missing::ShelfFile` when it is not there, or not complete.
    pub async fn shelf_download(&self, caller: &Caller, name: &str) -> Result<Bytes, AppError> {
        let file = self.complete_shelf_file(caller.user()?.id, name).await?;
        self.shelf_bytes(name, &file).await
    }

    pub(crate) async fn complete_shelf_file(&self, user: UserId, name: &str) -> Result<ShelfFile, AppError> {
        let file = self.store.shelf_file(user, name, self.clock.now()).await?;
        Ok(file.filter(ShelfFile::is_complete).ok_or_else(|| Missing::ShelfFile(name.to_owned()))?)
    }
}
