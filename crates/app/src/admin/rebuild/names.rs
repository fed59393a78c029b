//! Names of large contents that were noted and are lost: the sweep would take the contents away.

use potok_store::{Difference, NamesPlace};
use potok_types::BoxId;

use super::{Pass, RebuildMode, Rebuilt};
use crate::core::CoreError;

/// Events that are looked at together.
const EVENTS: usize = 500;

impl Pass<'_> {
    /// Tells of names that events have and that are not noted, though these events are; and notes them again.
    pub(super) async fn compare_names(&self, done: &mut Rebuilt) -> Result<(), CoreError> {
        let mut after = Some(NamesPlace::START);
        while let Some(at) = after {
            let lost = self.names.lost_content_names(at, EVENTS).await?;
            let names = lost.names.iter().map(|(_, hash)| Difference::ContentName(*hash));
            let mut differences: Vec<Difference> = names.collect();
            differences.extend(lost.is_ahead.then_some(Difference::ContentPlace));
            self.tell(BoxId::ZERO, None, &differences, done);
            if self.mode == RebuildMode::Repair && !differences.is_empty() {
                self.names.put_content_names(&lost.names).await?;
            }
            after = lost.next;
        }
        Ok(())
    }
}
