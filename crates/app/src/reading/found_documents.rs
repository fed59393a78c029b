//! Documents with all that is needed to show them.

use std::sync::Arc;

use potok_domain::docflow::{HiddenLinks, Referrer, Relations};
use potok_domain::{DocumentRef, MessageState};
use potok_types::{MessageId, Ticks};

use crate::{Actor, Reading, ReadingError};

/// A document of a box, now or as it was.
#[derive(Clone, Debug)]
pub struct FoundDocument {
    /// Which document.
    pub document: DocumentRef,
    /// Its message after the events that count.
    pub state: Arc<MessageState>,
    /// Documents of other messages of the box that refer to it, as far as they were there by then.
    pub referrers: Vec<Referrer>,
    /// Documents to which it may be linked and of which the reader must not be told.
    pub hidden: HiddenLinks,
}

impl FoundDocument {
    /// What other messages say about it.
    pub fn relations(&self) -> Relations<'_> {
        Relations { referrers: &self.referrers, hidden: Some(&self.hidden) }
    }
}

impl Reading {
    /// The documents as they are now, in the given order, for a reader who sees them; those that are not there are left out.
    pub(crate) async fn find_documents(
        &self,
        actor: &Actor,
        documents: &[DocumentRef],
    ) -> Result<Vec<FoundDocument>, ReadingError> {
        let box_id = actor.box_id();
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.core.states(box_id, &messages).await?;
        let found = documents.iter().filter_map(|document| {
            let state = states.get(&document.message_id)?;
            state.document(document.entity_id)?;
            Some((*document, Arc::clone(state), None))
        });
        self.with_referrers(actor, found.collect()).await
    }

    /// The documents with what other messages say about them now, or by the given time.
    pub(crate) async fn with_referrers(
        &self,
        actor: &Actor,
        found: Vec<(DocumentRef, Arc<MessageState>, Option<Ticks>)>,
    ) -> Result<Vec<FoundDocument>, ReadingError> {
        let bases: Vec<DocumentRef> = found.iter().map(|(document, ..)| *document).collect();
        let box_id = actor.box_id();
        let referrers = self.referrers(box_id, &bases).await?;
        let states: Vec<Arc<MessageState>> = found.iter().map(|(_, state, _)| Arc::clone(state)).collect();
        let referring = referrers.values().flatten().map(|referrer| referrer.document);
        let hidden = self.core.hidden_links(box_id, &states, referring, &actor.scope).await?;
        let found = found.into_iter().map(|(document, state, by)| {
            let known = referrers.get(&document).map(Vec::as_slice).unwrap_or_default();
            let known = known.iter().filter_map(|known| by.map_or(Some(*known), |by| known.at(by)));
            FoundDocument { document, referrers: known.collect(), state, hidden: hidden.clone() }
        });
        Ok(found.collect())
    }
}

/// Puts what was found beside what was listed of it. `found` has the order of `listed`; what is listed and was not found
/// is left out, so that nothing gets the neighbour of what it belongs to.
pub(crate) fn pair_in_order<F, L>(
    found: impl IntoIterator<Item = F>,
    listed: impl IntoIterator<Item = L>,
    belongs: impl Fn(&F, &L) -> bool,
) -> Vec<(F, L)> {
    let mut found = found.into_iter().peekable();
    let pairs = listed.into_iter().filter_map(|listed| {
        let one = found.next_if(|found| belongs(found, &listed))?;
        Some((one, listed))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_does_not_move_the_others() {
        let listed = [(1, "a"), (2, "b"), (3, "c"), (1, "d")];
        let pairs = |found: &[i32]| -> String {
            let belongs = |found: &i32, listed: &(i32, &str)| *found == listed.0;
            let pairs = pair_in_order(found.iter().copied(), listed, belongs);
            pairs.iter().map(|(found, (_, place))| format!("{found}{place} ")).collect()
        };
        assert_eq!(pairs(&[1, 2, 3, 1]), "1a 2b 3c 1d ");
        assert_eq!(pairs(&[2, 3]), "2b 3c ");
        assert_eq!(pairs(&[1, 3]), "1a 3c ");
        assert_eq!(pairs(&[1, 2]), "1a 2b ");
        assert_eq!(pairs(&[]), "");
    }
}
