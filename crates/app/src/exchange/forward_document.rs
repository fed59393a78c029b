//! `ForwardDocument`: a document is shown to a third box, as it is now.

use potok_domain::DocumentRef;
use potok_domain::decide::{self, Forwarded, Rejection};
use potok_domain::forwarding::Forwarding;
use potok_store::{NewEvent, StreamAppend, StreamId};
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EventId};

use crate::core::NewChange;
use crate::{Exchange, ExchangeError, Missing, Permit};

impl Exchange {
    /// Forwards `document` to the box `to`, any number of times. The box gets it by the outbox.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::DocumentInMessage`; [`ExchangeError::NoThirdBox`]; [`ExchangeError::Rejected`],
    /// `CoreError::Denied`: nothing was written. [`ExchangeError::Busy`] when others keep changing the message.
    pub async fn forward_document(
        &self,
        actor: &Permit<NamedDocuments>,
        document: DocumentRef,
        to: BoxId,
    ) -> Result<Forwarding, ExchangeError> {
        let (box_id, author_name) = (actor.box_id(), actor.user.full_name());
        let organization = self.core.organization(to).await?;
        let takes = self.core.reception(to, box_id).await?;
        let decide = || async {
            let state = self.core.state(box_id, document.message_id).await?;
            let DocumentRef { message_id: message, entity_id: id } = document;
            if state.document(id).is_none() {
                return Err(Missing::DocumentInMessage { message, document: id }.into());
            }
            let context = actor.context(&self.core, &author_name);
            potok_domain::access::check_documents(&actor.scope, &state, [id]).map_err(Rejection::from)?;
            let organization = organization.as_deref().ok_or(ExchangeError::NoThirdBox(to))?;
            let Forwarded { outcome, forwarding } =
                decide::forward(&state, id, organization, &takes, &context)?;
            let mut change = NewChange::next(&state, outcome.event);
            change.beside.push(self.on_its_way(&forwarding).await?);
            Ok::<_, ExchangeError>((vec![change], forwarding))
        };
        let (_, forwarding) = self.core.commit_telling(box_id, self.terms(None), decide).await?;
        Ok(forwarding)
    }

    /// The forwarding as the next event of all those to the same box: they get there in their order.
    async fn on_its_way(&self, forwarding: &Forwarding) -> Result<StreamAppend, ExchangeError> {
        let stream = StreamId::forwarding(forwarding.to);
        let expected = self.core.journal.revision(forwarding.from, stream).await?;
        let id = EventId::from_uuid(self.core.entropy.id());
        Ok(StreamAppend::new(stream, expected, vec![NewEvent::of_forwarding(id, forwarding)]))
    }
}
