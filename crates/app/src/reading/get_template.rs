//! `GetTemplate`: a template as it stands now.

use potok_types::access::NamedDocuments;
use potok_types::{EntityId, MessageId};

use super::get_message::{FoundMessage, Shows};
use super::{Reading, ReadingError};
use crate::{Missing, Permit};

impl Reading {
    /// The template now, also a deleted one. With `document`, access to that document is enough.
    ///
    /// # Errors
    /// As [`Self::get_message`]; what is no template is not there.
    pub async fn get_template(
        &self,
        actor: &Permit<NamedDocuments>,
        template: MessageId,
        document: Option<EntityId>,
    ) -> Result<FoundMessage, ReadingError> {
        let found = self.get_message(actor, template, document, Shows::ALL).await?;
        if found.state.template.is_none() {
            return Err(Missing::Message { box_id: actor.box_id(), message: template }.into());
        }
        Ok(found)
    }
}
