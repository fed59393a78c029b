//! Bytes of documents: where they are put and how they are found again.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use potok_content::Pieces;
use potok_store::SmallContent;
use potok_types::{BoxId, ContentHash, ContentRef};

use super::{Core, CoreError};

/// Bytes by name.
pub type LoadedContents = HashMap<ContentHash, Bytes>;

/// The bytes of one content: at hand, or to be read as somebody takes them.
#[derive(Debug)]
pub enum StoredContent {
    /// A small one.
    AtHand(Bytes),
    /// A large one.
    InPieces(Box<Pieces>),
}

impl Core {
    /// Where the bytes of `content` are, as `box_id` has them.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub(crate) async fn find_content(
        &self,
        box_id: BoxId,
        content: ContentRef,
    ) -> Result<StoredContent, CoreError> {
        let small = self.journal.small_contents(box_id, &[content.hash]).await?;
        Ok(match small.into_iter().next() {
            Some(found) => StoredContent::AtHand(found.bytes),
            None => StoredContent::InPieces(Box::new(self.contents.pieces([content]))),
        })
    }

    /// The bytes named `hashes` as `box_id` has them; what is nowhere is left out.
    ///
    /// # Errors
    /// [`CoreError::Store`], [`CoreError::Content`].
    pub(crate) async fn load_contents(
        &self,
        box_id: BoxId,
        hashes: impl IntoIterator<Item = ContentHash>,
    ) -> Result<LoadedContents, CoreError> {
        let wanted: BTreeSet<ContentHash> = hashes.into_iter().collect();
        let mut loaded = LoadedContents::with_capacity(wanted.len());
        if wanted.is_empty() {
            return Ok(loaded);
        }
        let names: Vec<ContentHash> = wanted.iter().copied().collect();
        for small in self.journal.small_contents(box_id, &names).await? {
            loaded.insert(small.hash, small.bytes);
        }
        for hash in wanted {
            if !loaded.contains_key(&hash)
                && let Some(bytes) = self.contents.get(hash).await?
            {
                loaded.insert(hash, bytes);
            }
        }
        Ok(loaded)
    }

    /// Keeps `bytes`: large ones durably at once, small ones in `small`, which the next append writes.
    pub(crate) async fn keep(
        &self,
        bytes: Bytes,
        small: &mut Vec<SmallContent>,
    ) -> Result<ContentRef, CoreError> {
        if bytes.len() as u64 > self.small_content_bytes {
            return Ok(self.contents.put(bytes, self.clock.now()).await?);
        }
        let content = ContentRef::of(&bytes);
        if small.iter().all(|kept| kept.hash != content.hash) {
            small.push(SmallContent { hash: content.hash, bytes });
        }
        Ok(content)
    }
}
