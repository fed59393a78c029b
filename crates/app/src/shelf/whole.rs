//! `ShelfUpload` V2: a whole file in one call, kept piece by piece as it comes, so that a large one costs no more memory than a
//! small one.

use bytes::{Bytes, BytesMut};
use potok_room::Holder;
use potok_types::access::User;
use potok_types::{UserId, limits};

use super::{Shelf, ShelfError, ShelfUpload, Source};
use crate::Permit;
use crate::core::CoreError;

/// Bytes that are gathered before they are kept as one part. Each part is synced to disk, so they should not be small.
const GATHERED_BYTES: usize = 4 << 20;

impl Shelf {
    /// Keeps a whole file; the name that the server gives it. Nothing of it stays on the shelf when it does not come to its
    /// end, unless the server is cut off: then what came stays for a week, as of every upload that nobody goes on with.
    ///
    /// # Errors
    /// What `source` says; `CoreError::Invalid` for the extension; [`ShelfError::OverQuota`]; `CoreError::NoRoom`.
    pub async fn upload_whole<S: Source>(
        &self,
        user: &Permit<User>,
        extension: Option<&str>,
        source: S,
    ) -> Result<String, S::Error> {
        let name = self.new_name(extension)?;
        let kept = self.keep_whole(user.id, &name, source).await;
        if kept.is_err() {
            // Whoever hears of the error below does not hear of one here: the sweep takes away what is left.
            let _deleted = self.files.delete_shelf_file(user.id, &name).await;
        }
        kept.map(|()| name)
    }

    async fn keep_whole<S: Source>(&self, user: UserId, name: &str, mut source: S) -> Result<(), S::Error> {
        let memory = self.core.room.memory.of(Holder::new(user));
        // What is gathered, and what the last piece has beyond it.
        let taken = memory
            .take(2 * GATHERED_BYTES as u64)
            .map_err(|no_room| ShelfError::from(CoreError::from(no_room)))?;
        let mut gathered = BytesMut::new();
        let mut part_index = 0;
        while let Some(piece) = source.next().await? {
            gathered.extend_from_slice(&piece);
            // The last part is known by nothing following it, so one byte at least is kept back.
            while gathered.len() > GATHERED_BYTES {
                let bytes = gathered.split_to(GATHERED_BYTES).freeze();
                self.keep_gathered(user, name, part_index, false, bytes).await?;
                part_index += 1;
            }
        }
        self.keep_gathered(user, name, part_index, true, gathered.freeze()).await?;
        drop(taken);
        Ok(())
    }

    async fn keep_gathered(
        &self,
        user: UserId,
        name: &str,
        part_index: u32,
        is_last: bool,
        bytes: Bytes,
    ) -> Result<(), ShelfError> {
        let part = ShelfUpload { name: name.to_owned(), part_index, is_last };
        self.put(user, &part, bytes, limits::SHELF_LIFETIME_SECONDS).await
    }
}
