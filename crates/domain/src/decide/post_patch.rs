//! Additions to a message.

use std::collections::HashSet;

use potok_types::{ContentRef, EntityId, EventId};

use super::answers::{self, Answers};
use super::parts::Signer;
use super::{Context, Outcome, Rejection, Step, form};
use crate::access::{self, Action};
use crate::command::{NewService, NewSignature, PostPatch};
use crate::{Change, Document, Entity, EntityState, Event, MessageState, Origin, Patched, Service};

/// `PostMessagePatch`: all additions in one event of the box, or none. `state` is the message now. Signatures in an
/// internal message are good already.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn post_patch(
    state: &MessageState,
    command: &PostPatch<ContentRef>,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    if command.signatures.is_empty() && command.receipts.is_empty() && command.rejections.is_empty() {
        return Err(Rejection::EmptyPatch);
    }
    access::may(context.permissions, Action::SignDocuments)?;
    let patch = Patch { state, context };
    patch.check_access(command)?;
    let mut entities = Vec::new();
    let mut answers = Answers::default();
    for item in &command.signatures {
        patch.sign(item, &mut entities, &mut answers)?;
    }
    for item in &command.rejections {
        patch.reject(&item.service, item.is_formal, &mut entities, &mut answers)?;
    }
    let mut receipted = HashSet::new();
    for item in &command.receipts {
        patch.give_receipt(item, &mut entities, &mut receipted)?;
    }
    answers.cover_locked_packet(state)?;
    Ok(patch.outcome(entities))
}

/// A command for one message.
struct Patch<'a> {
    state: &'a MessageState,
    context: &'a Context<'a>,
}

impl<'a> Patch<'a> {
    /// Every document that the command touches must be within reach. What is no document is refused later, by the rules
    /// of its list.
    fn check_access(&self, command: &PostPatch<ContentRef>) -> Result<(), Rejection> {
        let scope = access::scope(self.context.permissions, self.context.organization);
        let signatures = command.signatures.iter().map(|item| item.parent);
        let receipts = command.receipts.iter().map(|item| item.parent);
        let rejections = command.rejections.iter().map(|item| item.service.parent);
        let touched = signatures.chain(receipts).chain(rejections).map(|parent| self.state.root_of(parent));
        Ok(access::check_documents(&scope, self.state, touched)?)
    }

    /// The root document that an item names as its parent.
    fn document(&self, path: &str, parent: EntityId) -> Result<(&'a EntityState, &'a Document), Rejection> {
        let bad = |reason| Rejection::BadParent { path: format!("{path}.ParentEntityId"), parent, reason };
        match self.state.document(parent) {
            Some(found) => Ok(found),
            None if self.state.entity(parent).is_some() => {
                Err(bad("это не документ; укажите идентификатор документа"))
            }
            None => Err(bad("такой сущности нет в сообщении")),
        }
    }

    /// Whoever signs something of `document`.
    fn signer(&self, document: EntityId) -> Signer {
        Signer { department: self.state.department_of(document), is_internal: self.state.is_internal }
    }

    fn sign(
        &self,
        item: &NewSignature<ContentRef>,
        entities: &mut Vec<Entity>,
        answers: &mut Answers,
    ) -> Result<(), Rejection> {
        let path = item.path.as_str();
        form::labels(path, &item.labels, false)?;
        form::signature(format!("{path}.Signature"), item.signature)?;
        let (found, document) = self.document(path, item.parent)?;
        answers::limit_failures(self.state, path, item.parent, self.context.now)?;
        if item.is_approval {
            answers.approve(self.state, path, found, self.context.now)?;
        } else if answers::is_unsent(self.state, item.parent) {
            answers.send(path, item.parent)?;
        } else {
            answers.respond(self.state, path, (found, document), Step::Sign)?;
        }
        let signer = self.signer(item.parent);
        let signature = self.context.signature(item.parent, item.signature, item.is_approval, signer);
        entities.push(Entity { labels: item.labels.clone(), ..signature });
        Ok(())
    }

    fn reject(
        &self,
        item: &NewService<ContentRef>,
        is_formal: bool,
        entities: &mut Vec<Entity>,
        answers: &mut Answers,
    ) -> Result<(), Rejection> {
        self.check_service(item, false)?;
        let (found, document) = self.document(&item.path, item.parent)?;
        answers::limit_failures(self.state, &item.path, item.parent, self.context.now)?;
        answers.respond(self.state, &item.path, (found, document), Step::Reject)?;
        let service =
            if is_formal { Service::XmlSignatureRejection } else { Service::SignatureRequestRejection };
        self.add_service(item, service, entities);
        Ok(())
    }

    fn give_receipt(
        &self,
        item: &NewService<ContentRef>,
        entities: &mut Vec<Entity>,
        receipted: &mut HashSet<EntityId>,
    ) -> Result<(), Rejection> {
        self.check_service(item, true)?;
        let (found, document) = self.document(&item.path, item.parent)?;
        let is_invoice = answers::receipt(self.state, &item.path, (found, document))?;
        if !receipted.insert(item.parent) {
            return Err(Rejection::AlreadyReceipted { path: item.path.clone(), parent: item.parent });
        }
        answers::limit_failures(self.state, &item.path, item.parent, self.context.now)?;
        let service = if is_invoice { Service::InvoiceReceipt } else { Service::Receipt };
        self.add_service(item, service, entities);
        Ok(())
    }

    fn check_service(&self, item: &NewService<ContentRef>, is_receipt: bool) -> Result<(), Rejection> {
        form::labels(&item.path, &item.labels, is_receipt)?;
        form::document_size(&item.path, item.content)?;
        form::signature(format!("{}.SignedContent.Signature", item.path), item.signature)
    }

    fn add_service(&self, item: &NewService<ContentRef>, service: Service, entities: &mut Vec<Entity>) {
        let file = self.context.service(item.parent, item.content, service, item.file_name.as_deref());
        let signature = self.context.signature(file.id, item.signature, false, self.signer(item.parent));
        entities.push(Entity { labels: item.labels.clone(), ..file });
        entities.push(signature);
    }

    fn outcome(&self, entities: Vec<Entity>) -> Outcome {
        let context = self.context;
        let patched = Patched { entities, ..Patched::by(Origin::Own { user: Some(context.author) }) };
        let event = Event {
            id: EventId::from_uuid(context.entropy.uuid()),
            message_id: self.state.message_id,
            at: context.now,
            change: Change::Patched(Box::new(patched)),
        };
        let mut after = self.state.clone();
        after.apply(&event);
        // An approval of an unsent document waits in this box and goes with the document.
        let must_go = !self.state.is_internal && !after.carried_by(event.id).is_empty();
        let deliver_to = must_go.then_some(self.state.counteragent().box_id).into_iter().collect();
        Outcome { event, deliver_to, links: Vec::new() }
    }
}
