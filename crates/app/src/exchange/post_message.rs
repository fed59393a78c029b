//! `PostMessage`: a new message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use potok_domain::access::{self, Action};
use potok_domain::command::{Link, PostMessage, Source, TransformTemplate};
use potok_domain::decide::{self, Addressees, Context};
use potok_domain::directory::Organization;
use potok_domain::relation::Reception;
use potok_domain::{DocumentRef, Verdict};
use potok_store::{Operation, SmallContent};
use potok_types::access::{BoxEmployee, MayCreate};
use potok_types::{BoxId, ContentHash, ContentRef, MessageId};

use super::internal_signatures::GivenSignature;
use super::resolve::Resolver;
use crate::core::{Committed, NewChange};
use crate::{Actor, Exchange, ExchangeError, Permit};

/// What a message is made of.
#[derive(Clone, Copy)]
pub(super) enum MadeOf<'a> {
    /// Of the request alone.
    Request,
    /// Of this draft.
    Draft(MessageId),
    /// Of the template that the command names.
    Template(&'a TransformTemplate),
}

/// A message about which nothing but the decision is missing.
struct Prepared {
    command: PostMessage<ContentRef>,
    recipient: Option<Arc<Organization>>,
    proxy: Option<Arc<Organization>>,
    recipient_takes: Option<Reception>,
    proxy_takes: Option<Reception>,
    /// The recipient of the letter that is to be made of a template.
    letter_to: Option<Arc<Organization>>,
    /// The intermediate addressee of that letter.
    letter_proxy: Option<Arc<Organization>>,
    /// The documents of other messages that it links to.
    existing: BTreeSet<DocumentRef>,
    /// Contents that the append has to write.
    small: Vec<SmallContent>,
    /// What was found out about its signatures.
    checked: BTreeMap<ContentHash, Verdict>,
}

impl Prepared {
    fn addressees(&self) -> Addressees<'_> {
        Addressees {
            recipient: self.recipient.as_deref(),
            proxy: self.proxy.as_deref(),
            recipient_takes: self.recipient_takes.as_ref(),
            proxy_takes: self.proxy_takes.as_ref(),
            letter_to: self.letter_to.as_deref(),
            letter_proxy: self.letter_proxy.as_deref(),
        }
    }
}

impl Exchange {
    /// Stores a message and plans its delivery. The answer is the ready `BoxEvent` of its first event, as the sender's feed
    /// has it; for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// [`ExchangeError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was written.
    /// [`ExchangeError::InProgress`]: the same operation is still running. [`ExchangeError::Busy`]: others keep changing the packets
    /// that the message joins.
    pub async fn post_message(
        &self,
        actor: &Permit<BoxEmployee<MayCreate>>,
        command: PostMessage<Source>,
        operation: Operation,
    ) -> Result<Bytes, ExchangeError> {
        actor.check_parts(&access::actions_of_post(&command))?;
        // Nothing of a command that will be refused is kept.
        decide::form::message(&command)?;
        let box_id = actor.box_id();
        let call = self.commit_post(actor, command, MadeOf::Request, Some(&operation));
        self.core.once(box_id, &operation, call, |made| self.check_repeat(actor, made, None)).await
    }

    /// The message, and what becomes of what it is made of.
    pub(super) async fn commit_post(
        &self,
        actor: &Actor,
        command: PostMessage<Source>,
        made_of: MadeOf<'_>,
        operation: Option<&Operation>,
    ) -> Result<Committed, ExchangeError> {
        let box_id = actor.box_id();
        let resolver = Resolver::message(self, actor, command.is_internal, command.draft);
        let prepared = self.prepare(actor, command, resolver).await?;
        let author_name = actor.user.full_name();
        let terms = self.terms(operation);
        let prepared = &prepared;
        self.core
            .commit(box_id, terms, || async {
                let Prepared { command, existing, small, checked, .. } = prepared;
                let mut named = self.packets_of(actor, existing).await?;
                let context = Context { checked, ..actor.context(&self.core, &author_name) };
                let (around, to) = (&named.around, prepared.addressees());
                let mut outcome = match made_of {
                    MadeOf::Request => decide::post_message(command, to, existing, around, &context)?,
                    MadeOf::Draft(id) => {
                        let draft = self.core.state_to_change(box_id, id).await?;
                        let outcome = decide::send_draft(&draft, command, to, existing, around, &context)?;
                        named.messages.insert(id, draft);
                        outcome
                    }
                    MadeOf::Template(of) => {
                        let template = self.core.state_to_change(box_id, of.template).await?;
                        let outcome =
                            decide::transform_template(&template, of, command, to, around, &context)?;
                        named.messages.insert(of.template, template);
                        outcome
                    }
                };
                if command.is_letter() {
                    outcome.links.extend(self.core.found_by_name(&outcome.after, &outcome.event).await?);
                }
                Ok(NewChange::all(outcome, &named.messages, small.clone()))
            })
            .await
    }

    /// Whether [`Self::post_message`] would take the message. It goes the same way, but nothing is kept.
    ///
    /// # Errors
    /// Those of [`Self::post_message`].
    pub async fn can_post_message(
        &self,
        actor: &Permit<BoxEmployee>,
        command: PostMessage<Source>,
    ) -> Result<(), ExchangeError> {
        let mut parts = vec![Action::CreateDocuments];
        parts.extend(access::actions_of_post(&command));
        actor.check_parts(&parts)?;
        self.would_post(actor, command).await
    }

    /// The same of somebody who may.
    pub(super) async fn would_post(
        &self,
        actor: &Actor,
        command: PostMessage<Source>,
    ) -> Result<(), ExchangeError> {
        decide::form::message(&command)?;
        self.brief_trial().commit_post(actor, command, MadeOf::Request, None).await.map(drop)
    }

    /// Keeps the bytes of a message, and finds what it names.
    async fn prepare(
        &self,
        actor: &Actor,
        command: PostMessage<Source>,
        mut resolver: Resolver<'_>,
    ) -> Result<Prepared, ExchangeError> {
        let box_id = actor.box_id();
        let recipient = self.addressee(command.to).await?;
        let proxy = self.addressee(command.proxy).await?;
        let recipient_takes = self.reception(command.to, box_id).await?;
        let proxy_takes = self.reception(command.proxy, box_id).await?;
        let letter_to = self.addressee(command.template.map(|template| template.to)).await?;
        let letter_proxy = self.addressee(command.template.and_then(|template| template.proxy)).await?;
        let existing = self.core.existing_documents(box_id, links_of(&command), &actor.scope).await?;
        let command = command.try_map_sources(&mut resolver).await?;
        let mut small = resolver.small;
        let given = || signed_in(&command);
        let checked = self.check_signatures(actor, command.is_internal, given, &mut small).await?;
        Ok(Prepared {
            command,
            recipient,
            proxy,
            recipient_takes,
            proxy_takes,
            letter_to,
            letter_proxy,
            existing,
            small,
            checked,
        })
    }

    /// The organization of the box that a command names, if it names one.
    async fn addressee(&self, box_id: Option<BoxId>) -> Result<Option<Arc<Organization>>, ExchangeError> {
        match box_id {
            Some(box_id) => Ok(self.core.organization(box_id).await?),
            None => Ok(None),
        }
    }
}

/// The signatures of the command.
fn signed_in(command: &PostMessage<ContentRef>) -> Vec<GivenSignature> {
    // What is encrypted only its recipient can check.
    let open = command.documents.iter().filter(|document| !document.is_encrypted);
    let signed = open.filter_map(|document| {
        let path = format!("{}.Signature", document.signed_path());
        Some(GivenSignature { path, signature: document.signature?, signed: document.content })
    });
    signed.collect()
}

fn links_of<S>(command: &PostMessage<S>) -> Vec<DocumentRef> {
    command
        .documents
        .iter()
        .flat_map(|document| document.initial_documents.iter().chain(&document.subordinate_documents))
        .filter_map(|link| match link {
            Link::Existing(document) => Some(*document),
            Link::SameRequest(_) => None,
        })
        .collect()
}
