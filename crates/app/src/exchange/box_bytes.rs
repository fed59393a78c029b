//! The bytes that a request may build upon.

use async_trait::async_trait;
use bytes::Bytes;
use potok_seams::{LoadError, SignedBytes};
use potok_store::SmallContent;
use potok_types::{BoxId, ContentRef};

use crate::core::{Core, CoreError};

/// The bytes of one box, with those that a request brought and that are not written yet.
pub(super) struct BoxBytes<'a> {
    pub(super) core: &'a Core,
    pub(super) box_id: BoxId,
    pub(super) small: &'a [SmallContent],
}

impl BoxBytes<'_> {
    pub(super) async fn bytes(&self, content: ContentRef) -> Result<Bytes, CoreError> {
        if let Some(kept) = self.small.iter().find(|kept| kept.hash == content.hash) {
            return Ok(kept.bytes.clone());
        }
        let mut loaded = self.core.load_contents(self.box_id, [content.hash]).await?;
        loaded.remove(&content.hash).ok_or(CoreError::LostBytes(content.hash))
    }
}

#[async_trait]
impl SignedBytes for BoxBytes<'_> {
    async fn load(&self, content: ContentRef) -> Result<Bytes, LoadError> {
        self.bytes(content).await.map_err(|error| LoadError(Box::new(error)))
    }
}
