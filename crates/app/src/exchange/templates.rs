//! `PostTemplatePatch`, `TransformTemplateToMessage`: what becomes of templates.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use potok_domain::command::{NewRefusal, PatchTemplate, Source, TransformTemplate};
use potok_domain::decide;
use potok_domain::{DocumentRef, MessageState};
use potok_store::Operation;
use potok_types::access::{MayCreate, NamedDocuments};
use potok_types::{ContentRef, EntityId};

use super::post_message::MadeOf;
use super::resolve::Resolver;
use crate::core::{Committed, NewChange};
use crate::{Actor, Exchange, ExchangeError, Permit};

impl Exchange {
    /// Makes an unsent letter of documents of a template. The answer is the ready `BoxEvent` of the letter, as the feed of the
    /// box has it; for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// `Missing::ToChange`; [`ExchangeError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was written.
    /// [`ExchangeError::InProgress`]: the same operation is still running.
    pub async fn transform_template(
        &self,
        actor: &Permit<NamedDocuments<MayCreate>>,
        command: TransformTemplate,
        operation: Operation,
    ) -> Result<Bytes, ExchangeError> {
        let box_id = actor.box_id();
        let author_name = actor.user.full_name();
        let call = async {
            let template = self.core.state_to_change(box_id, command.template).await?;
            let context = actor.context(&self.core, &author_name);
            let letter = decide::letter_of_template(&template, &command, &context, Source::Kept)?;
            decide::form::message(&letter)?;
            self.commit_post(actor, letter, MadeOf::Template(&command), Some(&operation)).await
        };
        self.core.once(box_id, &operation, call, |made| self.check_repeat(actor, made, None)).await
    }

    /// Lets nothing be made of documents of a template any more, and plans that the other side is told. The answer is the ready
    /// `BoxEvent` of the patch; for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// As [`Self::transform_template`]; [`ExchangeError::Busy`]: others keep changing the template.
    pub async fn refuse_template(
        &self,
        actor: &Permit<NamedDocuments<MayCreate>>,
        command: PatchTemplate<Source>,
        operation: Operation,
    ) -> Result<Bytes, ExchangeError> {
        let (box_id, template) = (actor.box_id(), command.template);
        let call = self.commit_refusals(actor, command, &operation);
        self.core.once(box_id, &operation, call, |made| self.check_repeat(actor, made, Some(template))).await
    }

    async fn commit_refusals(
        &self,
        actor: &Actor,
        command: PatchTemplate<Source>,
        operation: &Operation,
    ) -> Result<Committed, ExchangeError> {
        let (box_id, template) = (actor.box_id(), command.template);
        let author_name = actor.user.full_name();
        // Nothing of a command that will be refused is kept.
        let state = self.core.state_to_change(box_id, template).await?;
        decide::check_refusals(&state, &command, &actor.context(&self.core, &author_name))?;
        let mut resolver = Resolver::new(self, actor, false);
        let mut refusals: Vec<NewRefusal<ContentRef>> = Vec::with_capacity(command.refusals.len());
        for item in command.refusals {
            let NewRefusal { path, document, comment, content, labels } = item;
            let content = match content {
                Some(text) => Some(resolver.text(&format!("{path}.Comment"), text).await?),
                None => None,
            };
            refusals.push(NewRefusal { path, document, comment, content, labels });
        }
        let command = PatchTemplate { template, refusals };
        let (command, small) = (&command, &resolver.small);
        let terms = self.terms(Some(operation));
        self.core
            .commit(box_id, terms, || async {
                let state = self.core.state_to_change(box_id, template).await?;
                let context = actor.context(&self.core, &author_name);
                let outcome = decide::refuse_template(&state, command, &context)?;
                self.check_patch_is_taken(&state, &outcome.deliver_to).await?;
                Ok(NewChange::all(outcome, &HashMap::new(), small.clone()))
            })
            .await
    }

    /// The documents of `state` which were made of documents of a template that somebody has refused since.
    pub(super) async fn refused_origins(
        &self,
        state: &MessageState,
    ) -> Result<BTreeSet<EntityId>, ExchangeError> {
        let Some(template) = self.core.template_of(state).await? else { return Ok(BTreeSet::new()) };
        let is_refused = |id: &EntityId| {
            let made = DocumentRef { message_id: state.message_id, entity_id: *id };
            template.template_of(made).is_some_and(|of| template.template_refusal(of).is_some())
        };
        Ok(state.documents().map(|(found, _)| found.entity.id).filter(is_refused).collect())
    }
}
