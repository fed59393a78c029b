//! The shelf: large contents before a message names them.

mod error;

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use potok_store::{ShelfFile, ShelfPart};
use potok_types::access::User;
use potok_types::{UserId, limits};

pub use error::ShelfError;

use crate::core::{Core, CoreError};
use crate::{Held, Permit, Somebody};

/// The shelves of all users; nobody sees those of others.
#[derive(Clone)]
pub struct Shelf {
    pub(crate) core: Arc<Core>,
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
    /// [`ShelfError::TooLarge`].
    pub async fn upload(&self, user: &Permit<User>, upload: ShelfUpload) -> Result<Vec<u32>, ShelfError> {
        let user = user.id;
        let now = self.core.clock.now();
        let known = self.core.store.shelf_file(user, &upload.name, now).await?;
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
        let content = self.core.contents.put(upload.bytes).await?;
        let part = ShelfPart { index: upload.part_index, content };
        let ends = now.plus_seconds(limits::SHELF_LIFETIME_SECONDS);
        let file = self.core.store.put_part(user, &upload.name, part, upload.is_last, ends).await?;
        Ok(file.missing())
    }

    /// The whole file of the caller.
    ///
    /// # Errors
    /// [`ShelfError::NoFile`].
    pub async fn download<C>(&self, owner: &Permit<C>, name: &str) -> Result<Bytes, ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        self.find(owner.user_id(), name).await?.ok_or_else(|| ShelfError::NoFile(name.to_owned()))
    }

    /// The whole file, if all of its parts have come.
    ///
    /// # Errors
    /// [`CoreError::Store`], [`CoreError::Content`].
    pub(crate) async fn find(&self, user: UserId, name: &str) -> Result<Option<Bytes>, CoreError> {
        let file = self.core.store.shelf_file(user, name, self.core.clock.now()).await?;
        let Some(file) = file.filter(ShelfFile::is_complete) else { return Ok(None) };
        let size: u64 = file.parts.iter().map(|part| part.content.size_bytes).sum();
        let mut whole = BytesMut::with_capacity(usize::try_from(size).unwrap_or_default());
        for part in &file.parts {
            let Some(bytes) = self.core.contents.get(part.content.hash).await? else { return Ok(None) };
            if file.parts.len() == 1 {
                return Ok(Some(bytes));
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(Some(whole.freeze()))
    }
}
