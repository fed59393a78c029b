//! Documents that refer to others, across the messages of a box.

use std::collections::HashMap;

use potok_domain::DocumentRef;
use potok_domain::docflow::Referrer;
use potok_types::{BoxId, MessageId};

use crate::{Reading, ReadingError};

impl Reading {
    /// For each of `documents` those that refer to it, with what is known of them now. Two readings of the store,
    /// however many there are.
    pub(crate) async fn referrers(
        &self,
        box_id: BoxId,
        documents: &[DocumentRef],
    ) -> Result<HashMap<DocumentRef, Vec<Referrer>>, ReadingError> {
        let links = self.core.journal.referrers(box_id, documents).await?;
        if links.is_empty() {
            return Ok(HashMap::new());
        }
        let messages: Vec<MessageId> = links.iter().map(|(_, referrer)| referrer.message_id).collect();
        let states = self.core.states(box_id, &messages).await?;
        let mut referrers: HashMap<DocumentRef, Vec<Referrer>> = HashMap::new();
        for (base, referrer) in links {
            let found = states.get(&referrer.message_id);
            let Some((state, (_, document))) =
                found.and_then(|state| Some((state, state.document(referrer.entity_id)?)))
            else {
                continue;
            };
            let is_linked = document.initial_documents.contains(&base);
            if let Some(known) = Referrer::of(state, referrer.entity_id) {
                referrers.entry(base).or_default().push(Referrer { is_linked, ..known });
            }
        }
        Ok(referrers)
    }
}
