//! What the shelf takes of a part: looked at before it comes, while it comes, and again when it is there.

use potok_store::{ShelfFile, ShelfPart, ShelfUse};
use potok_types::{UserId, limits};

use super::{Shelf, ShelfError};
use crate::core::CoreError;

/// Parts count for so many bytes at least: each is a file and a row, however short it is.
const PART_BYTES: u64 = 16 * 1024;

/// One part of an upload, without its bytes.
#[derive(Clone, Debug)]
pub struct ShelfUpload {
    /// The name without the prefix of the private space.
    pub name: String,
    /// From 0.
    pub part_index: u32,
    /// This is the last part.
    pub is_last: bool,
}

/// How things stand for a part.
pub(super) struct Allowed {
    user: UserId,
    name: String,
    /// What the other parts of its file have.
    others: u64,
    /// The part in whose place it comes.
    replaced: Option<ShelfPart>,
    used: ShelfUse,
}

impl Shelf {
    /// How things stand for a part; `None` when it has to be one of a file that was begun, and there is none that waits for it.
    pub(super) async fn allowed(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        is_begun: bool,
    ) -> Result<Option<Allowed>, CoreError> {
        let now = self.core.clock.now();
        let known = self.files.shelf_file(user, &upload.name, now).await?;
        let replaced = known.iter().flat_map(|file| &file.parts).find(|part| part.index == upload.part_index);
        let is_awaited = known.as_ref().is_some_and(|file| !file.is_complete()) || replaced.is_some();
        if is_begun && !is_awaited {
            return Ok(None);
        }
        // A complete file is started over.
        let others = known.iter().filter(|file| !file.is_complete()).flat_map(|file: &ShelfFile| &file.parts);
        let others = others.filter(|part| part.index != upload.part_index);
        Ok(Some(Allowed {
            user,
            name: upload.name.clone(),
            others: others.map(|part| part.content.size_bytes).sum(),
            replaced: replaced.copied(),
            used: self.files.shelf_use(user, now).await?,
        }))
    }

    /// Whether the part may have so many bytes.
    ///
    /// Parts that come at the same time are not counted for each other: it is a bound for a week, not for a second.
    ///
    /// # Errors
    /// [`ShelfError::TooLarge`], [`ShelfError::OverQuota`].
    pub(super) async fn check(&self, allowed: &Allowed, size: u64) -> Result<(), ShelfError> {
        let Allowed { user, name, others, replaced, used } = allowed;
        if others + size > limits::SHELF_FILE_BYTES {
            return Err(ShelfError::TooLarge(name.clone()));
        }
        let quota = self.user_bytes;
        let bytes = (used.bytes + size).saturating_sub(replaced.map_or(0, |part| part.content.size_bytes));
        let parts = used.parts + u64::from(replaced.is_none());
        if bytes <= quota && parts.saturating_mul(PART_BYTES) <= quota {
            return Ok(());
        }
        let known = self.core.directory.user(*user).await.map_err(CoreError::from)?;
        let login = known.map_or_else(|| format!("box {user}"), |user| user.login);
        Err(ShelfError::OverQuota { login, bytes: used.bytes, parts: used.parts, quota })
    }
}
