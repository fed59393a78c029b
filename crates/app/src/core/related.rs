//! Documents that others of the same box refer to.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use potok_domain::access::Scope;
use potok_domain::docflow::HiddenLinks;
use potok_domain::{DocumentRef, MessageState, carriage};
use potok_types::{BoxId, MessageId, PacketId};

use super::{Core, CoreError};

impl Core {
    /// Those of `documents` that the box has where `scope` sees them.
    pub(crate) async fn existing_documents(
        &self,
        box_id: BoxId,
        documents: Vec<DocumentRef>,
        scope: &Scope,
    ) -> Result<BTreeSet<DocumentRef>, CoreError> {
        if documents.is_empty() {
            return Ok(BTreeSet::new());
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(box_id, &messages).await?;
        let is_here = |document: &DocumentRef| {
            let state = states.get(&document.message_id);
            let state = state.filter(|state| state.document(document.entity_id).is_some());
            state.is_some_and(|state| scope.sees_document(state, document.entity_id))
        };
        Ok(documents.into_iter().filter(is_here).collect())
    }

    /// Which of the documents to which those of `states` are linked, and of the `others`, `scope` does not see. Nothing is hidden
    /// from who sees everything, and nothing is read for that.
    pub(crate) async fn hidden_links(
        &self,
        box_id: BoxId,
        states: &[Arc<MessageState>],
        others: impl IntoIterator<Item = DocumentRef>,
        scope: &Scope,
    ) -> Result<HiddenLinks, CoreError> {
        if scope.sees_all() {
            return Ok(HiddenLinks::default());
        }
        let mut linked: BTreeSet<DocumentRef> = others.into_iter().collect();
        for state in states {
            for (found, document) in state.documents() {
                // Within a message the link may stand at either end.
                linked.insert(DocumentRef { message_id: state.message_id, entity_id: found.entity.id });
                linked.extend(&document.initial_documents);
                linked.extend(&document.subordinate_documents);
            }
        }
        let seen = self.existing_documents(box_id, linked.iter().copied().collect(), scope).await?;
        linked.retain(|document| !seen.contains(document));
        Ok(HiddenLinks::new(linked))
    }

    /// The packets of `documents` of the box, as far as they take others in.
    pub(crate) async fn open_packets(
        &self,
        box_id: BoxId,
        documents: &BTreeSet<DocumentRef>,
    ) -> Result<HashMap<DocumentRef, PacketId>, CoreError> {
        if documents.is_empty() {
            return Ok(HashMap::new());
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.states(box_id, &messages).await?;
        let open = documents.iter().filter_map(|document| {
            let state =
                states.get(&document.message_id).filter(|state| !carriage::is_packet_locked(state))?;
            Some((*document, state.document_state(document.entity_id)?.packet))
        });
        Ok(open.collect())
    }
}
