//! The shelf: large contents before a message names them.

mod error;

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use potok_content::Pieces;
use potok_store::{ShelfFile, ShelfPart};
use potok_types::access::User;
use potok_types::{Invalid, Ticks, UserId, limits};

pub use error::ShelfError;

use crate::core::{Core, CoreError};
use crate::{Held, Permit, Somebody};

/// Parts count for so many bytes at least: each is a file and a row, however short it is.
const PART_BYTES: u64 = 16 * 1024;

/// The shelves of all users; nobody sees those of others.
#[derive(Clone)]
pub struct Shelf {
    pub(crate) core: Arc<Core>,
    /// Which parts have come.
    pub(crate) files: Arc<dyn potok_store::Shelf>,
    /// What one user may have on the shelf.
    pub(crate) user_bytes: u64,
}

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
        let user = user.id;
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
        let ends = now.plus_seconds(limits::SHELF_LIFETIME_SECONDS);
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

    /// The whole file of the caller, to be read piece by piece.
    ///
    /// # Errors
    /// [`ShelfError::NoFile`].
    pub async fn download<C>(&self, owner: &Permit<C>, name: &str) -> Result<Pieces, ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        let file = self.complete(owner.user_id(), name).await?;
        let file = file.ok_or_else(|| ShelfError::NoFile(name.to_owned()))?;
        Ok(self.core.contents.pieces(file.parts.into_iter().map(|part| part.content)))
    }

    /// A file of the caller that can be a document; `None` when it is larger than documents are.
    ///
    /// # Errors
    /// [`ShelfError::NoFile`]; `CoreError::NoRoom`.
    pub async fn document<C>(&self, owner: &Permit<C>, name: &str) -> Result<Option<Bytes>, ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        let file = self.complete(owner.user_id(), name).await?;
        let file = file.ok_or_else(|| ShelfError::NoFile(name.to_owned()))?;
        if size_of(&file) > limits::DOCUMENT_BYTES {
            return Ok(None);
        }
        self.load(&file).await?.ok_or_else(|| ShelfError::NoFile(name.to_owned())).map(Some)
    }

    /// The file as a document that `path` of a request names; `None` when it is not there, or not all of it.
    ///
    /// # Errors
    /// [`CoreError::Invalid`] for one that is larger than documents are, before any of it is read;
    /// [`CoreError::NoRoom`], [`CoreError::Store`], [`CoreError::Content`].
    pub(crate) async fn find_document(
        &self,
        user: UserId,
        name: &str,
        path: &str,
    ) -> Result<Option<Bytes>, CoreError> {
        let Some(file) = self.complete(user, name).await? else { return Ok(None) };
        let (size, most) = (size_of(&file), limits::DOCUMENT_BYTES);
        if size > most {
            let reason = format!("{size} bytes are more than a document may have ({most}); split it");
            return Err(Invalid::new(path, reason).into());
        }
        self.load(&file).await
    }

    async fn complete(&self, user: UserId, name: &str) -> Result<Option<ShelfFile>, CoreError> {
        let file = self.files.shelf_file(user, name, self.core.clock.now()).await?;
        Ok(file.filter(ShelfFile::is_complete))
    }

    /// All of its bytes, with their room; `None` when a part is gone.
    async fn load(&self, file: &ShelfFile) -> Result<Option<Bytes>, CoreError> {
        let size = size_of(file);
        let taken = self.core.room.memory.take(size)?;
        let mut whole = BytesMut::with_capacity(usize::try_from(size).unwrap_or_default());
        for part in &file.parts {
            let Some(bytes) = self.core.contents.get(part.content.hash).await? else { return Ok(None) };
            if file.parts.len() == 1 {
                return Ok(Some(taken.with(bytes)));
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(Some(taken.with(whole.freeze())))
    }
}

fn size_of(file: &ShelfFile) -> u64 {
    file.parts.iter().map(|part| part.content.size_bytes).sum()
}
