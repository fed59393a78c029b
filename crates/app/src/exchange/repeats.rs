//! What was done before is told again only to whom it could be told the first time.

use std::sync::Arc;

use potok_domain::access::{self, Denied};
use potok_store::EventPlace;
use potok_types::{EntityId, MessageId};

use crate::{Actor, Exchange, ExchangeError};

impl Exchange {
    /// Insists on somebody who sees every document that the event is about, and every one to which these are linked, where it lies now. With `message`, the message
    /// that a patch names, it has to be an event of that one.
    ///
    /// # Errors
    /// `CoreError::Denied`; `CoreError::Invalid` when the operation was one of another message.
    pub(crate) async fn check_repeat(
        &self,
        actor: &Actor,
        made: EventPlace,
        message: Option<MessageId>,
    ) -> Result<(), ExchangeError> {
        let of = made.stream.message();
        if message.is_some() && message != of {
            let reason =
                "another message of this box was changed under this name; give every operation its own";
            return Err(ExchangeError::invalid("operationId", reason));
        }
        let Some(of) = of else { return Ok(()) };
        let state = self.core.state(actor.box_id(), of).await?;
        let added = state.entities().iter().filter(|found| found.event == made.event);
        let mut concerned: Vec<EntityId> = added.map(|found| state.root_of(found.entity.id)).collect();
        if concerned.is_empty() {
            // It changed documents without adding anything, and its answer names them.
            concerned = state.documents().map(|(found, _)| found.entity.id).collect();
        }
        access::check_documents(&actor.scope, &state, concerned)?;
        // Its answer names what they are linked to.
        let states = [Arc::clone(&state)];
        let hidden = self.core.hidden_links(actor.box_id(), &states, [], &actor.scope).await?;
        let added = state.documents().filter(|(found, _)| found.event == made.event);
        let mut links = added.flat_map(|(_, document)| {
            document.initial_documents.iter().chain(&document.subordinate_documents)
        });
        match links.find(|link| hidden.hides(link)) {
            Some(link) => Err(Denied::Document { document: link.entity_id }.into()),
            None => Ok(()),
        }
    }
}
