//! Files on the shelf.

use std::collections::BTreeMap;

use async_trait::async_trait;
use potok_store::{NewPart, PartOf, Shelf, ShelfFile, ShelfPart, ShelfUse, StoreError};
use potok_types::{Ticks, UserId};

use crate::MemoryStore;

pub(crate) type Files = BTreeMap<(UserId, String), ShelfFile>;

#[async_trait]
impl Shelf for MemoryStore {
    async fn put_part(&self, new: &NewPart) -> Result<Option<ShelfFile>, StoreError> {
        let NewPart { part, is_last, expires_at, .. } = *new;
        let mut state = self.state();
        let fresh = || ShelfFile { parts: Vec::new(), part_count: None, expires_at };
        let key = (new.user, new.name.clone());
        let before = state.shelf.get(&key);
        let is_other = before.is_some_and(|file| file.is_complete() && !file.parts.contains(&part));
        if let PartOf::Begun(now) = new.of
            && (is_other || before.is_none_or(|file| file.expires_at < now))
        {
            return Ok(None);
        }
        let file = state.shelf.entry(key).or_insert_with(fresh);
        if is_other {
            *file = fresh();
        }
        file.parts.retain(|known| known.index != part.index);
        file.parts.push(part);
        file.parts.sort_by_key(|part| part.index);
        file.part_count = if is_last { Some(part.index + 1) } else { file.part_count };
        file.expires_at = expires_at;
        Ok(Some(file.clone()))
    }

    async fn delete_shelf_file(&self, user: UserId, name: &str) -> Result<bool, StoreError> {
        Ok(self.state().shelf.remove(&(user, name.to_owned())).is_some())
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
