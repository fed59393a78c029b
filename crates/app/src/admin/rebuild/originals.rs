//! Links of documents that name others by number and date: what they name is looked for again, whichever came first.

use potok_domain::docflow::originals;
use potok_domain::{DocumentRef, MessageState};
use potok_store::{Compared, Difference, MessageTail, Wanted};
use potok_types::{BoxId, MessageId};

use super::{Pass, RebuildMode, Rebuilt, derive};
use crate::core::CoreError;
use crate::core::named_originals::named_originals;

/// Some document of the message names what it revises or corrects.
pub(super) fn names_any(tail: &MessageTail) -> bool {
    let entities = tail.events.iter().flat_map(|event| event.entities());
    entities.filter_map(|entity| entity.document()).any(|document| !originals(document).is_empty())
}

impl Pass<'_> {
    /// The messages of the box of which [`names_any`] holds.
    pub(super) async fn later_documents(&self, box_id: BoxId) -> Result<Vec<MessageId>, CoreError> {
        let (mut later, mut after) = (Vec::new(), None);
        loop {
            let messages = self.read_models.messages_behind(box_id, after, self.page).await?;
            let Some(&last) = messages.last() else { return Ok(later) };
            let wanted: Vec<Wanted> = messages.into_iter().map(Wanted::all).collect();
            let tails = self.journal.messages(box_id, &wanted).await?;
            later.extend(tails.iter().filter(|tail| names_any(tail)).map(|tail| tail.message_id));
            after = Some(last);
        }
    }

    /// Tells of links of the messages `later` that are lost, and makes them again.
    pub(super) async fn find_originals(
        &self,
        box_id: BoxId,
        later: &[MessageId],
        done: &mut Rebuilt,
    ) -> Result<(), CoreError> {
        for message in later {
            let tails = self.journal.messages(box_id, &[Wanted::all(*message)]).await?;
            let Some(mut derived) = tails.first().and_then(|tail| derive(self.rendering, box_id, tail))
            else {
                continue;
            };
            derived.links = match self.named(box_id, &tails[0]).await {
                // Rows that cannot be read were told of, and find nothing.
                Err(_) if self.mode == RebuildMode::Check => continue,
                named => named?,
            };
            let is_lost = |it: &Difference| matches!(it, Difference::Link(_));
            let mut compared = self.read_models.compare(box_id, &derived).await?;
            if self.mode == RebuildMode::Repair
                && matches!(&compared, Compared::Differences(found) if found.iter().any(is_lost))
            {
                compared = self.read_models.put_right(box_id, &derived).await?;
            }
            // The rest was told of the message itself. Somebody who appended has found the links of his documents.
            if let Compared::Differences(mut found) = compared {
                found.retain(is_lost);
                self.tell(box_id, Some(*message), &found, done);
            }
        }
        Ok(())
    }

    /// Pairs (document of the message, its original).
    async fn named(
        &self,
        box_id: BoxId,
        tail: &MessageTail,
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, CoreError> {
        let mut named = Vec::new();
        let Some(state) = MessageState::replay(box_id, &tail.events) else { return Ok(named) };
        for event in &tail.events {
            named.extend(named_originals(self.readings, &state, event).await?);
        }
        Ok(named)
    }
}
