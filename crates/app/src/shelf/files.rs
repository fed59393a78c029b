//! Whole files: what they are put on the shelf for.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use potok_content::Pieces;
use potok_store::ShelfFile;
use potok_types::{ContentHash, ContentRef, Invalid, Ticks, UserId, limits};
use sha2::{Digest as _, Sha256};

use super::{Shelf, ShelfError, ShelfUpload};
use crate::core::CoreError;
use crate::{Held, Permit, Somebody};

/// What stands before the names of a user's own files, where programs say it. Names without it once lay in one space for everybody.
pub const PRIVATE_SPACE: &str = "__userId__/";

/// A file of which every part is there.
#[derive(Clone, Debug)]
pub struct WholeFile {
    contents: Vec<ContentRef>,
    /// Its bytes.
    pub length: u64,
    /// Another one when the bytes are others.
    pub version: ContentHash,
}

impl Shelf {
    /// The whole file of the caller, to be read piece by piece.
    ///
    /// # Errors
    /// [`ShelfError::NoFile`].
    pub async fn download<C>(&self, owner: &Permit<C>, name: &str) -> Result<Pieces, ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        let file = self.find(owner, name).await?;
        Ok(self.pieces(owner, &file, 0..file.length))
    }

    /// A whole file of the caller, before it is said what of it is to be read.
    ///
    /// # Errors
    /// [`ShelfError::NoFile`].
    pub async fn find<C>(&self, owner: &Permit<C>, name: &str) -> Result<WholeFile, ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        let file = self.complete(owner.user_id(), name).await?;
        let file = file.ok_or_else(|| ShelfError::NoFile(name.to_owned()))?;
        let length = size_of(&file);
        let contents: Vec<ContentRef> = file.parts.into_iter().map(|part| part.content).collect();
        let mut digest = Sha256::new();
        contents.iter().for_each(|content| digest.update(content.hash.as_bytes()));
        Ok(WholeFile { contents, length, version: ContentHash::from_bytes(digest.finalize().into()) })
    }

    /// Bytes of `range` of a file that [`Self::find`] found, to be read piece by piece.
    pub fn pieces<C: Held>(&self, _owner: &Permit<C>, file: &WholeFile, range: Range<u64>) -> Pieces {
        self.core.contents.pieces_of(file.contents.iter().copied(), range)
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
        let name = name.strip_prefix(PRIVATE_SPACE).unwrap_or(name);
        let Some(file) = self.complete(user, name).await? else { return Ok(None) };
        let (size, most) = (size_of(&file), limits::DOCUMENT_BYTES);
        if size > most {
            let reason = format!("{size} bytes are more than a document may have ({most}); split it");
            return Err(Invalid::new(path, reason).into());
        }
        self.load(&file).await
    }

    /// Puts a file there that the server has made for the caller; it counts as if the caller had.
    ///
    /// # Errors
    /// [`ShelfError::OverQuota`], [`ShelfError::TooLarge`].
    pub(crate) async fn keep<C>(
        &self,
        owner: &Permit<C>,
        name: &str,
        bytes: Bytes,
        seconds: i64,
    ) -> Result<(), ShelfError>
    where
        C: Held<Holder: Somebody>,
    {
        let upload = ShelfUpload { name: name.to_owned(), part_index: 0, is_last: true };
        self.put(owner.user_id(), &upload, bytes, seconds).await
    }

    /// Such a file, with the time it was put there; `None` when it is not there any more.
    ///
    /// # Errors
    /// [`CoreError::NoRoom`], [`CoreError::Store`], [`CoreError::Content`].
    pub(crate) async fn kept<C>(
        &self,
        owner: &Permit<C>,
        name: &str,
        seconds: i64,
    ) -> Result<Option<(Bytes, Ticks)>, CoreError>
    where
        C: Held<Holder: Somebody>,
    {
        let Some(file) = self.complete(owner.user_id(), name).await? else { return Ok(None) };
        let since = file.expires_at.plus_seconds(-seconds);
        Ok(self.load(&file).await?.map(|bytes| (bytes, since)))
    }

    pub(super) async fn complete(&self, user: UserId, name: &str) -> Result<Option<ShelfFile>, CoreError> {
        let file = self.files.shelf_file(user, name, self.core.clock.now()).await?;
        Ok(file.filter(ShelfFile::is_complete).map(|mut file| {
            // A part behind the last one belongs to nothing.
            file.parts.retain(|part| file.part_count.is_some_and(|count| part.index < count));
            file
        }))
    }

    /// All of its bytes, with their room; `None` when a part is gone.
    pub(super) async fn load(&self, file: &ShelfFile) -> Result<Option<Bytes>, CoreError> {
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
