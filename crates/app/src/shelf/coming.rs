//! Bytes that come to the shelf as the network brings them: never held whole, however large a part is.

use bytes::Bytes;
use potok_content::Draft;
use potok_room::{Holder, Taken};
use potok_types::{ContentRef, UserId};

use super::allowed::Allowed;
use super::{Shelf, ShelfError};
use crate::core::CoreError;

/// Bytes that come one after the other.
pub trait Source: Send {
    /// What can go wrong on their way.
    type Error: From<ShelfError> + Send;

    /// How many bytes are said to come, by somebody who need not be right.
    fn announced(&self) -> Option<u64> {
        None
    }

    /// The next bytes; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send;
}

impl Shelf {
    /// Takes what comes, within what is allowed, to be kept. Of what does not come to its end nothing stays.
    pub(super) async fn receive<S: Source>(
        &self,
        user: UserId,
        allowed: &Allowed,
        mut source: S,
    ) -> Result<Received, S::Error> {
        let memory = self.core.room.memory.of(Holder::new(user));
        let mut taken = Taken::default();
        let mut draft = self.core.contents.draft(self.core.clock.now());
        draft.expect(source.announced().unwrap_or(0));
        while let Some(piece) = source.next().await? {
            let size = draft.size_bytes() + piece.len() as u64;
            self.check(allowed, size).await?;
            let held = self.core.contents.draft_memory(size);
            taken.cover(&memory, held).map_err(|no_room| refused(no_room.into()))?;
            draft.write(piece).await.map_err(|error| refused(error.into()))?;
        }
        Ok(Received { draft, _taken: taken })
    }
}

/// What has come, not durable yet, with its room.
pub(super) struct Received {
    draft: Draft,
    _taken: Taken,
}

impl Received {
    /// Bytes.
    pub(super) const fn size(&self) -> u64 {
        self.draft.size_bytes()
    }

    /// Makes it durable.
    pub(super) async fn keep(self) -> Result<ContentRef, CoreError> {
        Ok(self.draft.keep().await?)
    }
}

fn refused(error: CoreError) -> ShelfError {
    error.into()
}
