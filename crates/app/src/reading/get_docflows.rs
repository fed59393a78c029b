//! `GetDocflows`: the state of documents, now or as it was after an event.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::docflow::Referrer;
use potok_domain::query::DocflowRequest;
use potok_domain::{DocumentRef, MessageState};
use potok_types::access::AllDocuments;
use potok_types::{EventId, Invalid, MessageId, limits};

use crate::{Missing, Permit, Reading, ReadingError};

/// One document found.
#[derive(Clone, Debug)]
pub struct DocflowAnswer {
    /// What was asked for.
    pub request: DocflowRequest,
    /// Its message after the events that count.
    pub state: Arc<MessageState>,
    /// Documents of other messages of the box that refer to it, as they were known after the events that count.
    pub referrers: Vec<Referrer>,
}

impl Reading {
    /// The documents that were found, in the order of the request.
    ///
    /// # Errors
    /// `CoreError::Invalid` for none or more than 100 requests; `Missing::Documents` when none is found.
    pub async fn get_docflows(
        &self,
        actor: &Permit<AllDocuments>,
        requests: &[DocflowRequest],
    ) -> Result<Vec<DocflowAnswer>, ReadingError> {
        let box_id = actor.box_id();
        if requests.is_empty() || requests.len() > limits::DOCFLOWS_PER_REQUEST {
            return Err(Invalid::new(
                "GetDocflowBatchRequest.Requests",
                format!(
                    "{} requests were given; ask for 1 to {} documents at once",
                    requests.len(),
                    limits::DOCFLOWS_PER_REQUEST
                ),
            )
            .into());
        }
        let messages: Vec<MessageId> = requests.iter().map(|request| request.document.message_id).collect();
        let states = self.core.states(box_id, &messages).await?;
        let old: Vec<(MessageId, EventId)> = requests
            .iter()
            .filter_map(|request| Some((request.document.message_id, request.last_event?)))
            .collect();
        let past = self.core.past_states(box_id, &states, &old, &HashMap::new()).await?;
        let mut found: Vec<DocflowAnswer> = Vec::with_capacity(requests.len());
        for request in requests {
            let message = request.document.message_id;
            let state = match request.last_event {
                None => states.get(&message),
                Some(event) => past.get(&(message, event)),
            };
            let Some(state) = state else { continue };
            if state.document(request.document.entity_id).is_some() {
                let state = Arc::clone(state);
                found.push(DocflowAnswer { request: *request, state, referrers: Vec::new() });
            }
        }
        if found.is_empty() {
            return Err(Missing::Documents { box_id, asked: requests.len() }.into());
        }
        let documents: Vec<DocumentRef> = found.iter().map(|answer| answer.request.document).collect();
        let referrers = self.referrers(box_id, &documents).await?;
        for answer in &mut found {
            let all = referrers.get(&answer.request.document).into_iter().flatten().copied();
            answer.referrers = match (answer.request.last_event, answer.state.last_event()) {
                // As it was right after the event that was named.
                (Some(_), Some(last)) => all.filter_map(|referrer| referrer.at(last.at)).collect(),
                _ => all.collect(),
            };
        }
        Ok(found)
    }
}
