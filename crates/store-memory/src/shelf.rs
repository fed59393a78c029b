//! Files on the shelf.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::{Shelf, ShelfFile, ShelfPart, ShelfUse, StoreError};
use potok_types::{Ticks, UserId};

use crate::MemoryStore;

pub(crate) type Files = BTreeMap<(UserId, String), ShelfFile>;

#[async_trait]
impl Shelf for MemoryStore {
    async fn put_part(
        &self,
        user: UserId,
        name: &str,
        part: ShelfPart,
        is_last: bool,
        expires_at: Ticks,
    ) -> Result<ShelfFile, StoreError> {
        let mut state = self.state();
        let fresh = || ShelfFile { parts: Vec::new(), part_count: None, expires_at };
        let file = state.shelf.entry((user, name.to_owned())).or_insert_with(fresh);
        if file.is_complete() && !file.parts.contains(&part) {
            *file = fresh();
        }
        file.parts.retain(|known| known.index != part.index);
        file.parts.push(part);
        file.parts.sort_by_key(|part| part.index);
        file.part_count = if is_last { Some(part.index + 1) } else { file.part_count };
        file.expires_at = expires_at;
        Ok(file.clone())
    }

    async fn shelf_file(
        &self,
        user: UserId,
        name: &str,
        now: Ticks,
    ) -> Result<Option<ShelfFile>, StoreError> {
        let state = self.state();
        let file = state.shelf.get(&(user, name.to_owned()));
        Ok(file.filter(|file| file.expires_at >= now).cloned())
    }

    async fn shelf_use(&self, user: UserId, now: Ticks) -> Result<ShelfUse, StoreError> {
        let state = self.state();
        let of_user =
            state.shelf.iter().filter(|((owner, _), file)| *owner == user && file.expires_at >= now);
        let parts: Vec<&ShelfPart> = of_user.flat_map(|(_, file)| &file.parts).collect();
        let bytes = parts.iter().map(|part| part.content.size_bytes).sum();
        Ok(ShelfUse { parts: parts.len() as u64, bytes })
    }

    async fn forget_expired_files(&self, now: Ticks) -> Result<u64, StoreError> {
        let mut state = self.state();
        let before = state.shelf.len();
        state.shelf.retain(|_, file| file.expires_at >= now);
        Ok((before - state.shelf.len()) as u64)
    }
}
