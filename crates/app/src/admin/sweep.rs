//! Taking away contents that nothing names: those of refused posts and of files that left the shelf.

use std::sync::atomic::{AtomicU8, Ordering};

use super::Admin;
use crate::core::CoreError;

/// Events whose names are noted together, and how often that is done in one step.
const EVENTS: usize = 500;
const NOTES: usize = 100;
/// Contents that are looked up together.
const CONTENTS: usize = 200;

/// Where the next step looks: each looks at the contents whose hashes begin with one byte.
#[derive(Debug, Default)]
pub(crate) struct SweepPlace(AtomicU8);

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Contents that were taken away.
    pub contents: u64,
    /// Drafts of contents that a process left when it was cut off.
    pub drafts: u64,
}

impl Admin {
    /// One step of the sweep, which takes 256 steps around: looks at a 256th of the large contents and takes away those that no
    /// event of any box and no file on a shelf names, and that nobody put within the last hour.
    ///
    /// A post puts its contents first and names them afterwards, within that hour. So the step first picks what nobody put
    /// lately, then notes the names in all events that there are by then, and only then asks what is named. Where the journal
    /// has grown so much that it is not all noted in this step, the next one goes on and nothing is taken away.
    ///
    /// Contents that live beside their events are written with them, so none of those is ever without a name.
    ///
    /// # Errors
    /// [`CoreError::Store`], [`CoreError::Content`]; the next step begins where this one did.
    pub async fn sweep(&self) -> Result<Swept, CoreError> {
        let folder = self.sweep.0.load(Ordering::Relaxed);
        let Some(swept) = self.sweep_folder(folder).await? else { return Ok(Swept::default()) };
        self.sweep.0.store(folder.wrapping_add(1), Ordering::Relaxed);
        Ok(swept)
    }

    /// `None` when the journal is not all noted yet.
    async fn sweep_folder(&self, folder: u8) -> Result<Option<Swept>, CoreError> {
        let (contents, now) = (&self.core.contents, self.core.clock.now());
        let mut swept = Swept { drafts: contents.remove_drafts(folder, now).await?, contents: 0 };
        let idle = contents.idle(folder, now).await?;
        if idle.is_empty() {
            return Ok(Some(swept));
        }
        if !self.note_names().await? {
            return Ok(None);
        }
        for some in idle.chunks(CONTENTS) {
            for hash in self.upkeep.unnamed_contents(some).await? {
                swept.contents += u64::from(contents.remove(hash, now).await?);
            }
        }
        Ok(Some(swept))
    }

    /// Whether every event is noted that was there when this was called.
    async fn note_names(&self) -> Result<bool, CoreError> {
        for _ in 0..NOTES {
            if self.upkeep.note_content_names(EVENTS).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
