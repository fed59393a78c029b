//! Bytes that come to the shelf as the network brings them: never held whole, however large a part is.

use bytes::Bytes;
use potok_room::{Holder, Taken};
use potok_types::{ContentRef, UserId};

use super::allowed::Allowed;
use super::{Shelf, ShelfError};
use crate::core::CoreError;

/// Bytes that come one after the other.
pub trait Source: Send {
    /// What can go wrong on their way.
    type Error: From<ShelfError> + Send;

    /// The next bytes; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send;
}

impl Shelf {
    /// Keeps what comes as a content, within what is allowed. Of what does not come to its end nothing stays.
    pub(super) async fn receive<S: Source>(
        &self,
        user: UserId,
        allowed: &Allowed,
        mut source: S,
    ) -> Result<ContentRef, S::Error> {
        let memory = self.core.room.memory.of(Holder::new(user));
        let mut taken = Taken::default();
        let mut draft = self.core.contents.draft(self.core.clock.now());
        while let Some(piece) = source.next().await? {
            let size = draft.size_bytes() + piece.len() as u64;
            self.check(allowed, size).await?;
            let held = self.core.contents.draft_memory(size);
            taken.cover(&memory, held).map_err(|no_room| refused(no_room.into()))?;
            draft.write(piece).await.map_err(|error| refused(error.into()))?;
        }
        let kept = draft.keep().await.map_err(|error| refused(error.into()))?;
        drop(taken);
        Ok(kept)
    }
}

fn refused(error: CoreError) -> ShelfError {
    error.into()
}
