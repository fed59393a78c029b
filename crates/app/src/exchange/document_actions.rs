//! `GetDocumentActions`: what the caller may do with a document now.

use std::collections::BTreeSet;

use potok_domain::command::{NewPacket, PostPatch, Source};
use potok_domain::decide::{self, DocumentAction};
use potok_domain::{DocumentRef, MessageState, access};
use potok_types::access::NamedDocuments;
use potok_types::{ContentRef, EntityId, MessageId};

use crate::{Exchange, ExchangeError, Missing, Permit};

impl Exchange {
    /// What the actor may do with a document now, as the rules of the exchange would say when it is tried.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; `CoreError::Denied` when it lies where the actor may not see it.
    pub async fn document_actions(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
    ) -> Result<Vec<DocumentAction>, ExchangeError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, message).await?;
        if state.document(document).is_none() {
            return Err(Missing::Document { message, document }.into());
        }
        access::check_documents(&actor.scope, &state, [document])?;
        let here = DocumentRef { message_id: message, entity_id: document };
        let mut named = self.packets_of(actor, &BTreeSet::from([here])).await?;
        named.around.documents.retain(|member| member.document.message_id != message);
        named.around.routes = self.core.directory.resolution_routes(box_id).await?;
        named.around.refused = self.refused_origins(&state).await?;
        let author_name = actor.user.full_name();
        let context = actor.context(&self.core, &author_name);
        let mut actions = decide::document_actions(&state, document, &named.around, &context);
        // A packet of which the actor sees only a part is not changed.
        let leave = NewPacket { path: String::new(), document, add: Vec::new(), remove: vec![here] };
        let command = PostPatch::<ContentRef> { packets: vec![leave], ..PostPatch::empty(box_id, message) };
        if self.named_by_patch(actor, &state, &command).await.is_err() {
            actions.retain(|action| action.kind != decide::ActionKind::ChangePacket);
        }
        let transforms = |action: &DocumentAction| action.kind == decide::ActionKind::TransformTemplate;
        if actions.iter().any(transforms) && !self.would_transform(actor, &state, document).await? {
            actions.retain(|action| !transforms(action));
        }
        Ok(actions)
    }

    /// The addressee would take the letter that is made of the document of a template.
    async fn would_transform(
        &self,
        actor: &Permit<NamedDocuments>,
        template: &MessageState,
        document: EntityId,
    ) -> Result<bool, ExchangeError> {
        let command = decide::transformation(template, document);
        let author_name = actor.user.full_name();
        let context = actor.context(&self.core, &author_name);
        let letter = decide::letter_of_template(template, &command, &context, Source::Kept)?;
        match self.would_post(actor, letter).await {
            Ok(()) => Ok(true),
            Err(ExchangeError::Rejected(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
