//! `ShelfUpload`: a file comes in parts.

use bytes::Bytes;
use potok_store::ShelfPart;
use potok_types::access::User;
use potok_types::{Ticks, UserId, limits};

use super::{Shelf, ShelfError};
use crate::Permit;

/// Parts count for so many bytes at least: each is a file and a row, however short it is.
const PART_BYTES: u64 = 16 * 1024;

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

impl Shelf {
    /// Keeps one part. The answer names the parts that are still missing; it is empty until the last one has come.
    ///
    /// # Errors
    /// [`ShelfError::TooLarge`], [`ShelfError::OverQuota`].
    pub async fn upload(&self, user: &Permit<User>, upload: ShelfUpload) -> Result<Vec<u32>, ShelfError> {
        self.put(user.id, upload, limits::SHELF_LIFETIME_SECONDS).await
    }

    /// The same for whoever has the right to the shelf of `user`.
    pub(super) async fn put(
        &self,
        user: UserId,
        upload: ShelfUpload,
        seconds: i64,
    ) -> Result<Vec<u32>, ShelfError> {
        let now = self.core.clock.now();
        let known = self.files.shelf_file(user, &upload.name, now).await?;
        let others: u64 = known
            .iter()
            .filter(|file| !file.is_complete())
            .flat_map(|file| &file.parts)
            .filter(|part| part.index != upload.part_index)
            .map(|part| part.content.size_bytes)
            .sum();
        if others + upload.bytes.len() as u64 > limits::SHELF_FILE_BYTES {
            return Err(ShelfError::TooLarge(upload.name));
        }
        let replaced = known.iter().flat_map(|file| &file.parts).find(|part| part.index == upload.part_index);
        self.check_quota(user, &upload, replaced, now).await?;
        let content = self.core.contents.put(upload.bytes, now).await?;
        let part = ShelfPart { index: upload.part_index, content };
        let ends = now.plus_seconds(seconds);
        let file = self.files.put_part(user, &upload.name, part, upload.is_last, ends).await?;
        Ok(file.missing())
    }

    /// Parts that come at the same time are not counted for each other: it is a bound for a week, not for a second.
    async fn check_quota(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        replaced: Option<&ShelfPart>,
        now: Ticks,
    ) -> Result<(), ShelfError> {
        let quota = self.user_bytes;
        let used = self.files.shelf_use(user, now).await?;
        let bytes = (used.bytes + upload.bytes.len() as u64)
            .saturating_sub(replaced.map_or(0, |part| part.content.size_bytes));
        let parts = used.parts + u64::from(replaced.is_none());
        if bytes <= quota && parts.saturating_mul(PART_BYTES) <= quota {
            return Ok(());
        }
        let login = self.core.directory.user(user).await?.map(|user| user.login).unwrap_or_default();
        Err(ShelfError::OverQuota { login, bytes: used.bytes, parts: used.parts, quota })
    }
}
