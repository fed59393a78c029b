//! The shelf: large contents uploaded in parts before a message names them.

use async_trait::async_trait;
use potok_types::{ContentRef, Ticks, UserId};

use crate::StoreError;

/// One uploaded part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShelfPart {
    /// From 0.
    pub index: u32,
    /// Its bytes, kept by name in the content store.
    pub content: ContentRef,
}

/// A file on a user's shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfFile {
    /// The parts that have come, by index.
    pub parts: Vec<ShelfPart>,
    /// How many parts there are, once the last one was announced.
    pub part_count: Option<u32>,
    /// Kept until then.
    pub expires_at: Ticks,
}

impl ShelfFile {
    /// The parts that are still to come, once the last one was announced.
    pub fn missing(&self) -> Vec<u32> {
        let Some(count) = self.part_count else { return Vec::new() };
        (0..count).filter(|index| self.parts.iter().all(|part| part.index != *index)).collect()
    }

    /// Every part is here.
    pub fn is_complete(&self) -> bool {
        self.part_count.is_some() && self.missing().is_empty()
    }
}

/// Private files of users, kept for a week.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Keeps one part; a part that is there already is replaced. `is_last` fixes how many parts there are.
    ///
    /// A complete file is never mixed with a new one of its name: a part that differs from the one it has starts the
    /// file over. The same part again is a repeated call and changes nothing but the end of the file's life.
    async fn put_part(
        &self,
        user: UserId,
        name: &str,
        part: ShelfPart,
        is_last: bool,
        expires_at: Ticks,
    ) -> Result<ShelfFile, StoreError>;
    /// The file `name`, complete or not; `None` also when it expired before `now`.
    async fn shelf_file(&self, user: UserId, name: &str, now: Ticks)
    -> Result<Option<ShelfFile>, StoreError>;
    /// Forgets files that expired before `now`; how many.
    async fn forget_expired_files(&self, now: Ticks) -> Result<u64, StoreError>;
}
