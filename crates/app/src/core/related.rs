//! Documents that others of the same box refer to.

use std::collections::{BTreeSet, HashMap};

use potok_domain::access::Scope;
use potok_domain::{DocumentRef, carriage};
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
