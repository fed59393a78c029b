//! Documents with all that is needed to show them.

use std::sync::Arc;

use potok_domain::docflow::{Referrer, Relations};
use potok_domain::{DocumentRef, MessageState, MessageType};
use potok_types::{BoxId, EntityId, MessageId, Ticks};

use crate::{Actor, App, AppError};

/// A document of a box, now or as it was.
#[derive(Clone, Debug)]
pub struct FoundDocument {
    /// Which document.
    pub document: DocumentRef,
    /// Its message after the events that count.
    pub state: Arc<MessageState>,
    /// Documents of other messages of the box that refer to it, as far as they were there by then.
    pub referrers: Vec<Referrer>,
}

impl FoundDocument {
    /// What other messages say about it.
    pub fn relations(&self) -> Relations<'_> {
        Relations { referrers: &self.referrers }
    }
}

impl Actor {
    /// Whether the actor may see `document` of `state`. Drafts lie in no department.
    pub(crate) fn sees(&self, state: &MessageState, document: EntityId) -> bool {
        self.scope.sees_all()
            || state.message_type != MessageType::Draft && self.scope.sees(state.department_of(document))
    }
}

impl App {
    /// The documents as they are now, in the given order; those that are not there are left out.
    pub(crate) async fn find_documents(
        &self,
        box_id: BoxId,
        documents: &[DocumentRef],
    ) -> Result<Vec<FoundDocument>, AppError> {
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(box_id, &messages).await?;
        let found = documents.iter().filter_map(|document| {
            let state = states.get(&document.message_id)?;
            state.document(document.entity_id)?;
            Some((*document, Arc::clone(state), None))
        });
        self.with_referrers(box_id, found.collect()).await
    }

    /// The documents with what other messages say about them now, or by the given time.
    pub(crate) async fn with_referrers(
        &self,
        box_id: BoxId,
        found: Vec<(DocumentRef, Arc<MessageState>, Option<Ticks>)>,
    ) -> Result<Vec<FoundDocument>, AppError> {
        let bases: Vec<DocumentRef> = found.iter().map(|(document, ..)| *document).collect();
        let referrers = self.referrers(box_id, &bases).await?;
        let found = found.into_iter().map(|(document, state, by)| {
            let known = referrers.get(&document).map(Vec::as_slice).unwrap_or_default();
            let known = known.iter().filter_map(|known| by.map_or(Some(*known), |by| known.at(by)));
            FoundDocument { document, referrers: known.collect(), state }
        });
        Ok(found.collect())
    }
}
