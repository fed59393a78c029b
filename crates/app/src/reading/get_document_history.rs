//! `GetDocumentHistory`: all that happened to a document.

use std::collections::BTreeSet;
use std::sync::Arc;

use potok_domain::directory::{Organization, ResolutionRoute, User};
use potok_domain::{Change, DocumentRef, DocumentState, Event, MessageState, Origin, access, templates};
use potok_store::Wanted;
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EntityId, MessageId, UserId};

use crate::{Actor, Missing, Permit, Reading, ReadingError};

/// What the history of a document is told from.
#[derive(Clone, Debug)]
pub struct DocumentHistoryAnswer {
    /// Its message now.
    pub state: Arc<MessageState>,
    /// All events of the message, from the first one on.
    pub events: Vec<Event>,
    /// Other documents that refer to it and that the caller sees, each in its message.
    pub referrers: Vec<(Arc<MessageState>, EntityId)>,
    /// The document of a template of which this one was made, if the caller sees it, in its message.
    pub template: Option<(Arc<MessageState>, EntityId)>,
    /// Who of the organization took part, with positions; people who are employees no more have an empty one.
    pub people: Vec<(User, String)>,
    /// The organizations that take part.
    pub organizations: Vec<Organization>,
    /// The routes of approval of the organization.
    pub routes: Vec<ResolutionRoute>,
}

impl Reading {
    /// The history of one document.
    ///
    /// # Errors
    /// `Missing::Message`; `Missing::Document`, also when it is deleted or no root document; `CoreError::Denied` when it
    /// lies where the actor may not see it.
    pub async fn get_document_history(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
    ) -> Result<DocumentHistoryAnswer, ReadingError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, message).await?;
        let missing = Missing::Document { message, document };
        let Some(found) = state.document_state(document) else { return Err(missing.into()) };
        access::check_documents(&actor.scope, &state, [document])?;
        if found.is_deleted {
            return Err(missing.into());
        }
        let tails = self.core.journal.messages(box_id, &[Wanted::all(message)]).await?;
        let mut events = tails.into_iter().next().map(|tail| tail.events).unwrap_or_default();
        // One that came after the state was read would speak of entities that are not there.
        events.truncate(state.events().len());
        let template = self.visible_template(actor, &state, document).await?;
        Ok(DocumentHistoryAnswer {
            referrers: self.visible_referrers(actor, &state, document).await?,
            people: self.people_in(box_id, (&state, document, &events), template.as_ref()).await?,
            template,
            organizations: self.parties(&state, found).await?,
            routes: self.core.directory.resolution_routes(box_id).await?,
            state,
            events,
        })
    }

    /// The documents of the box that refer to `document`, as far as the actor sees them.
    async fn visible_referrers(
        &self,
        actor: &Actor,
        state: &Arc<MessageState>,
        document: EntityId,
    ) -> Result<Vec<(Arc<MessageState>, EntityId)>, ReadingError> {
        let base = DocumentRef { message_id: state.message_id, entity_id: document };
        let within = state.documents().filter(|(_, other)| other.initial_documents.contains(&base));
        let mut referrers: Vec<DocumentRef> = within
            .map(|(found, _)| DocumentRef { message_id: state.message_id, entity_id: found.entity.id })
            .collect();
        let elsewhere = self.referrers(state.box_id, &[base]).await?.remove(&base).unwrap_or_default();
        referrers.extend(elsewhere.iter().map(|referrer| referrer.document));
        referrers.sort_unstable();
        referrers.dedup();
        let messages: Vec<MessageId> = referrers.iter().map(|referrer| referrer.message_id).collect();
        let states = self.core.states(state.box_id, &messages).await?;
        let seen = referrers.into_iter().filter_map(|referrer| {
            let state = states.get(&referrer.message_id)?;
            let is_seen = actor.scope.sees_document(state, referrer.entity_id);
            is_seen.then(|| (Arc::clone(state), referrer.entity_id))
        });
        Ok(seen.collect())
    }

    /// The document of a template of which `document` was made, as far as the actor sees it.
    async fn visible_template(
        &self,
        actor: &Actor,
        letter: &MessageState,
        document: EntityId,
    ) -> Result<Option<(Arc<MessageState>, EntityId)>, ReadingError> {
        let Some(id) = templates::template_of(letter) else { return Ok(None) };
        let template = self.core.state(letter.box_id, id).await?;
        let made = DocumentRef { message_id: letter.message_id, entity_id: document };
        let of = template.template_of(made).filter(|of| actor.scope.sees_document(&template, *of));
        Ok(of.map(|of| (template, of)))
    }

    /// Everybody of the box who did something with the document, or with that of a template of which it was made.
    async fn people_in(
        &self,
        box_id: BoxId,
        (state, document, events): (&MessageState, EntityId, &[Event]),
        template: Option<&(Arc<MessageState>, EntityId)>,
    ) -> Result<Vec<(User, String)>, ReadingError> {
        let concerns = |event: &Event| {
            event.entities().iter().any(|entity| state.root_of(entity.id) == document)
                || event.documents().iter().any(|patch| patch.document == document)
        };
        let mut ids: BTreeSet<UserId> = BTreeSet::new();
        for event in events.iter().filter(|event| concerns(event)) {
            ids.extend(event.entities().iter().filter_map(|entity| entity.author));
            ids.extend(match &event.change {
                Change::Posted(posted) => posted.author,
                Change::Patched(patched) => match patched.origin {
                    Origin::Own { user } => user,
                    Origin::Received { .. } | Origin::Operator => None,
                },
            });
        }
        if let Some((template, of)) = template {
            let own = template.children(*of).filter(|found| found.is_own);
            ids.extend(own.filter_map(|found| found.entity.author));
        }
        let mut people = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(user) = self.core.directory.user(id).await? else { continue };
            let member = self.core.directory.member(box_id, id).await?;
            people.push((user, member.map(|member| member.employee.position).unwrap_or_default()));
        }
        Ok(people)
    }

    /// Both sides, the intermediate addressee, and to whom the document was forwarded.
    async fn parties(
        &self,
        state: &MessageState,
        document: &DocumentState,
    ) -> Result<Vec<Organization>, ReadingError> {
        let boxes = [Some(state.from.box_id), state.proxy_box(), Some(state.to.box_id)];
        let third = document.forwards.iter().map(|forward| forward.to);
        let boxes: BTreeSet<BoxId> = boxes.into_iter().flatten().chain(third).collect();
        let mut organizations = Vec::with_capacity(boxes.len());
        for box_id in boxes {
            organizations.extend(self.core.directory.organization_by_box(box_id).await?);
        }
        Ok(organizations)
    }
}
