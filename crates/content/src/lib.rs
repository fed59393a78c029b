//! Document bytes by hash over an object store: a local folder now, S3 behind the same seam.
//!
//! Bytes are named by their SHA-256, so writing the same bytes twice is one object, and an object never changes.

mod pieces;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use potok_types::{ContentHash, ContentRef};

pub use pieces::{PIECE_BYTES, Pieces};

/// Where large contents are kept.
#[derive(Clone, Debug)]
pub struct Contents {
    objects: Arc<dyn ObjectStore>,
}

/// The bytes could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The folder cannot be used.
    #[error("the content folder {} cannot be made or opened", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The object store failed; worth repeating.
    #[error("the object store failed at content {hash}")]
    Store {
        /// Which content.
        hash: ContentHash,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// What was read is not what was written.
    #[error("content {hash} is damaged: its bytes have another hash")]
    Damaged {
        /// Which content.
        hash: ContentHash,
    },
}

impl Contents {
    /// Keeps objects as files in `folder`, made if it is missing. A write is durable when it returns: the file and its
    /// directory are synced.
    ///
    /// # Errors
    /// [`ContentError::Folder`] when the folder cannot be made or opened.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Result<Self, ContentError> {
        let folder = folder.into();
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| ContentError::Folder {
            folder: folder.clone(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(|error| failed(error.into()))?;
        let objects = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(error.into()))?;
        Ok(Self { objects: Arc::new(objects.with_fsync(true)) })
    }

    /// In memory, for tests: everything is gone with the last handle.
    pub fn in_memory() -> Self {
        Self { objects: Arc::new(InMemory::new()) }
    }

    /// Keeps `bytes`; those already there are not written again.
    ///
    /// # Errors
    /// [`ContentError::Store`]: nothing was kept.
    pub async fn put(&self, bytes: Bytes) -> Result<ContentRef, ContentError> {
        let content = ContentRef::of(&bytes);
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.objects.put_opts(&path(content.hash), PutPayload::from_bytes(bytes), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(content),
            Err(source) => Err(ContentError::Store { hash: content.hash, source }),
        }
    }

    /// The bytes named `hash`; `None` when they were never kept.
    ///
    /// # Errors
    /// [`ContentError::Store`] when they cannot be read, [`ContentError::Damaged`] when they are not what was written.
    pub async fn get(&self, hash: ContentHash) -> Result<Option<Bytes>, ContentError> {
        let found = match self.objects.get(&path(hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(ContentError::Store { hash, source }),
        };
        let bytes = found.bytes().await.map_err(|source| ContentError::Store { hash, source })?;
        if ContentHash::of(&bytes) != hash {
            return Err(ContentError::Damaged { hash });
        }
        Ok(Some(bytes))
    }
}

/// Two levels of folders, so that none grows to millions of entries.
fn path(hash: ContentHash) -> Path {
    let name = hash.to_string();
    Path::from(format!("{}/{}/{name}", &name[..2], &name[2..4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> (tempfile::TempDir, Contents) {
        let folder = tempfile::tempdir().unwrap();
        let contents = Contents::in_folder(folder.path().join("contents")).unwrap();
        (folder, contents)
    }

    #[tokio::test]
    async fn what_was_put_is_read_back_also_by_another_handle() {
        let (folder, contents) = contents();
        for bytes in [Bytes::new(), Bytes::from_static(b"a"), Bytes::from(vec![7; 300_000])] {
            let content = contents.put(bytes.clone()).await.unwrap();
            assert_eq!(content, ContentRef::of(&bytes));
            assert_eq!(contents.put(bytes.clone()).await.unwrap(), content, "a repeat is the same object");
            let other = Contents::in_folder(folder.path().join("contents")).unwrap();
            assert_eq!(other.get(content.hash).await.unwrap(), Some(bytes));
        }
        assert_eq!(contents.get(ContentHash::of(b"never put")).await.unwrap(), None);
    }

    #[tokio::test]
    async fn damage_is_told_from_absence() {
        let (folder, contents) = contents();
        let content = contents.put(Bytes::from_static(b"contract")).await.unwrap();
        let name = content.hash.to_string();
        let file = folder.path().join("contents").join(&name[..2]).join(&name[2..4]).join(&name);
        std::fs::write(file, b"Contract").unwrap();
        assert!(matches!(contents.get(content.hash).await, Err(ContentError::Damaged { .. })));
    }
}
