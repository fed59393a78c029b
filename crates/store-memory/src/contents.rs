//! Names of contents: found anew each time.

use std::collections::BTreeSet;

use async_trait::async_trait;
use potok_store::stored::decode_event;
use potok_store::{ContentNames, LostNames, NamesPlace, StoreError, StreamKind};
use potok_types::{BoxId, ContentHash};

use crate::{MemoryStore, refused};

#[async_trait]
impl ContentNames for MemoryStore {
    async fn note_content_names(&self, _: usize) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn unnamed_contents(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
        let state = self.state();
        let mut named: BTreeSet<ContentHash> =
            state.shelf.values().flat_map(|file| &file.parts).map(|part| part.content.hash).collect();
        for kept in state.boxes.values().flat_map(|of_box| &of_box.events) {
            if kept.stream.kind == StreamKind::MESSAGE {
                let event = decode_event(&kept.stored)
                    .map_err(|error| refused("look for contents without a name", error))?;
                named.extend(event.contents().map(|content| content.hash));
            }
        }
        Ok(hashes.iter().filter(|hash| !named.contains(hash)).copied().collect())
    }

    async fn lost_content_names(&self, _: NamesPlace, _: usize) -> Result<LostNames, StoreError> {
        Ok(LostNames::default())
    }

    async fn put_content_names(&self, _: &[(BoxId, ContentHash)]) -> Result<(), StoreError> {
        Ok(())
    }
}
