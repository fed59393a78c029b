//! `PostMessage`: a new message.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use potok_domain::access::Scope;
use potok_domain::command::{Link, PostMessage, Source};
use potok_domain::decide::{self, Addressees, Context};
use potok_domain::directory::Organization;
use potok_domain::{DocumentRef, Verdict};
use potok_store::Operation;
use potok_types::access::{BoxEmployee, MayCreate};
use potok_types::{BoxId, ContentHash, ContentRef, MessageId};

use super::internal::GivenSignature;
use super::resolve::Resolver;
use crate::core::{Committed, NewChange, Terms};
use crate::{Actor, App, AppError, Permit};

/// Of most commands no signature is checked before.
static NOTHING_CHECKED: BTreeMap<ContentHash, Verdict> = BTreeMap::new();

impl App {
    /// Stores a message and plans its delivery. The answer is the ready `BoxEvent` of its first event, as the sender's feed
    /// has it; for a repeat of `operation` that of the first call.
    ///
    /// # Errors
    /// [`AppError::Rejected`], `CoreError::Invalid`, `CoreError::Denied`: nothing was written.
    /// [`AppError::InProgress`]: the same operation is still running. [`AppError::Busy`]: others keep changing the packets
    /// that the message joins.
    pub async fn post_message(
        &self,
        actor: &Permit<BoxEmployee<MayCreate>>,
        command: PostMessage<Source>,
        operation: Operation,
    ) -> Result<Bytes, AppError> {
        // Nothing of a command that will be refused is kept.
        decide::form::message(&command)?;
        let box_id = actor.box_id();
        self.once(box_id, &operation, self.commit_post(actor, command, &operation)).await
    }

    async fn commit_post(
        &self,
        actor: &Actor,
        command: PostMessage<Source>,
        operation: &Operation,
    ) -> Result<Committed, AppError> {
        let box_id = actor.box_id();
        let recipient = self.addressee(command.to).await?;
        let proxy = self.addressee(command.proxy).await?;
        let existing = self.existing_documents(box_id, links_of(&command), &actor.scope).await?;
        let mut resolver = Resolver::new(self, actor);
        let command = resolver.message(command).await?;
        let mut small = resolver.small;
        let given = if command.is_internal { signed_in(&command) } else { Vec::new() };
        let checked = self.check_internal(actor, given, &mut small).await?;
        let author_name = actor.user.full_name();
        let (command, existing, small) = (&command, &existing, &small);
        let context = || Context { checked: &checked, ..self.context(actor, &author_name) };
        let addressees = Addressees { recipient: recipient.as_ref(), proxy: proxy.as_ref() };
        let terms = Terms { operation: Some(operation), settles: None };
        self.commit(box_id, terms, || async {
            let named = self.packets_of(actor, existing).await?;
            let mut outcome = decide::post_message(command, addressees, existing, &named.around, &context())?;
            outcome.links.extend(self.named_originals(&outcome.after, &outcome.event).await?);
            Ok(NewChange::all(outcome, &named.messages, small.clone()))
        })
        .await
    }

    /// The organization of the box that a command names, if it names one.
    async fn addressee(&self, box_id: Option<BoxId>) -> Result<Option<Organization>, AppError> {
        match box_id {
            Some(box_id) => Ok(self.store.organization_by_box(box_id).await?),
            None => Ok(None),
        }
    }

    /// What a decision needs to know besides the command.
    pub(crate) fn context<'a>(&'a self, actor: &'a Actor, author_name: &'a str) -> Context<'a> {
        Context {
            now: self.clock.now(),
            entropy: &*self.entropy,
            author: actor.user.id,
            author_name,
            organization: &actor.organization,
            permissions: &actor.employee.permissions,
            checked: &NOTHING_CHECKED,
        }
    }

    /// Those of `documents` that the box has where `scope` sees them.
    pub(crate) async fn existing_documents(
        &self,
        box_id: BoxId,
        documents: Vec<DocumentRef>,
        scope: &Scope,
    ) -> Result<BTreeSet<DocumentRef>, AppError> {
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
}

/// The signatures of the command.
fn signed_in(command: &PostMessage<ContentRef>) -> Vec<GivenSignature> {
    // What is encrypted only its recipient can check.
    let open = command.documents.iter().filter(|document| !document.is_encrypted);
    let signed = open.filter_map(|document| {
        let path = format!("{}.SignedContent.Signature", document.path);
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
