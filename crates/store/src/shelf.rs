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
    /// The parts that have come, by rising index.
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
        let mut here = self.parts.iter().map(|part| part.index).peekable();
        let is_missing = |index: &u32| here.next_if_eq(index).is_none();
        (0..count).filter(is_missing).collect()
    }

    /// Every part is here.
    pub fn is_complete(&self) -> bool {
        let here =
            self.parts.iter().filter(|part| self.part_count.is_some_and(|count| part.index < count)).count();
        self.part_count.is_some_and(|count| here == count as usize)
    }
}

/// Which file a part may become one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOf {
    /// Any of its name: there need be none, and a complete one that has another part in its place is started over.
    Any,
    /// One that was begun before and had not ended by this moment, and that is not complete, unless it has this very part.
    Begun(Ticks),
}

/// A part that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart {
    /// Whose file it is.
    pub user: UserId,
    /// The name of the file.
    pub name: String,
    /// The part.
    pub part: ShelfPart,
    /// Fixes how many parts there are.
    pub is_last: bool,
    /// Until when the file is kept.
    pub expires_at: Ticks,
    /// Which file it may become a part of.
    pub of: PartOf,
}

/// What a user has on the shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShelfUse {
    /// Parts of all files, complete or not.
    pub parts: u64,
    /// Their bytes together.
    pub bytes: u64,
}

/// Private files of users, kept for a week.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Keeps one part; a part that is there already is replaced. `None`, and nothing is written, when there is no file that it
    /// may become a part of.
    ///
    /// A complete file is never mixed with a new one of its name. The same part again is a repeated call and changes
    /// nothing but the end of the file's life.
    async fn put_part(&self, new: &NewPart) -> Result<Option<ShelfFile>, StoreError>;
    /// Deletes a file; whether it was there.
    async fn delete_shelf_file(&self, user: UserId, name: &str) -> Result<bool, StoreError>;
    /// The file `name`, complete or not; `None` also when it expired before `now`.
    async fn shelf_file(&self, user: UserId, name: &str, now: Ticks)
    -> Result<Option<ShelfFile>, StoreError>;
    /// What `user` has on the shelf; files that expired before `now` do not count.
    async fn shelf_use(&self, user: UserId, now: Ticks) -> Result<ShelfUse, StoreError>;
    /// Forgets files that expired before `now`; how many.
    async fn forget_expired_files(&self, now: Ticks) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use potok_types::ContentHash;

    use super::*;

    #[test]
    fn what_is_missing_is_told_once_the_last_part_is_known() {
        for (here, part_count, missing, is_complete) in [
            (&[][..], None, &[][..], false),
            (&[0, 1], None, &[], false),
            (&[1, 3], Some(4), &[0, 2], false),
            (&[0, 1, 2], Some(3), &[], true),
            // A part after the last one belongs to nothing.
            (&[0, 2, 5], Some(3), &[1], false),
            (&[0, 1, 2, 5], Some(3), &[], true),
        ] {
            let content = ContentRef { hash: ContentHash::from_bytes([0; 32]), size_bytes: 1 };
            let parts = here.iter().map(|&index| ShelfPart { index, content }).collect();
            let file = ShelfFile { parts, part_count, expires_at: Ticks::new(0) };
            assert_eq!(
                (&*file.missing(), file.is_complete()),
                (missing, is_complete),
                "{here:?} of {part_count:?}"
            );
        }
    }
}
