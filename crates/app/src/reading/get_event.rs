//! `GetEvent` and `GetLastEvent`.

use std::sync::Arc;

use potok_domain::MessageState;
use potok_domain::docflow::HiddenLinks;
use potok_domain::query::FeedFilter;
use potok_store::FeedEvent;
use potok_types::EventId;
use potok_types::access::{AllDocuments, FilteredDocuments};

use crate::{Actor, Missing, Permit, Reading, ReadingError};

/// One event with the message it belongs to.
#[derive(Clone, Debug)]
pub struct EventAnswer {
    /// As it was rendered when it was written.
    pub event: FeedEvent,
    /// The message now: it names the contents of the event's entities, and what the caller may see of them.
    pub state: Arc<MessageState>,
    /// Documents to which those of the event are linked and of which the caller must not be told.
    pub hidden: HiddenLinks,
}

impl Reading {
    /// The event `event` of the actor's box.
    ///
    /// # Errors
    /// `Missing::Event`.
    pub async fn get_event(
        &self,
        actor: &Permit<AllDocuments>,
        event: EventId,
    ) -> Result<EventAnswer, ReadingError> {
        let box_id = actor.box_id();
        let found = self.core.readings.event(box_id, event).await?.ok_or(Missing::Event { box_id, event })?;
        self.with_state(actor, found).await
    }

    /// The newest event that the actor may see; `None` when there is none.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn get_last_event(
        &self,
        actor: &Permit<FilteredDocuments>,
        mut filter: FeedFilter,
    ) -> Result<Option<EventAnswer>, ReadingError> {
        filter.within = actor.scope.clone();
        filter.narrow_to(&actor.scope);
        match self.core.readings.last(actor.box_id(), &filter).await? {
            Some(found) => Ok(Some(self.with_state(actor, found).await?)),
            None => Ok(None),
        }
    }

    async fn with_state(&self, actor: &Actor, event: FeedEvent) -> Result<EventAnswer, ReadingError> {
        let state = self.core.state(actor.box_id(), event.message_id).await?;
        let states = [Arc::clone(&state)];
        let hidden = self.core.hidden_links(actor.box_id(), &states, [], &actor.scope).await?;
        Ok(EventAnswer { event, state, hidden })
    }
}
