//! Additions to a message.

mod answers;
mod approval;
mod editions;
pub(super) mod exchange;
mod fixation;
mod packets;
mod receipts;
mod routes;
mod tags;
mod universal;
mod verification;

pub(super) use self::packets::Packets;

use potok_types::{BoxId, ContentRef, EntityId, EventId, UserId};

use self::answers::Answers;
use super::parts::Signer;
use super::{Context, NamedByPatch, Outcome, Rejection, form};
use crate::access::{self, Action, Denied, Scope};
use crate::approval::open_requests;
use crate::carriage;
use crate::command::{NewService, PostPatch, PowerToAttach};
use crate::directory::Permissions;
use crate::intermediary;
use crate::{
    Change, Document, DocumentPatch, Entity, EntityState, Event, MessageState, MessageType, Origin, Patched,
    RequestKind, RequestTarget, Rewritten, Service, SignatureChecked,
};

/// `PostMessagePatch`: all additions in one event of the box, or none. `state` is the message now, `around` what the
/// command names outside of it. Signatures in an internal message are good already.
///
/// # Errors
/// [`Rejection`]: nothing follows.
pub fn post_patch(
    state: &MessageState,
    command: &PostPatch<ContentRef>,
    around: &NamedByPatch,
    context: &Context<'_>,
) -> Result<Outcome, Rejection> {
    let mut patch = Patch::new(state, around, context);
    patch.check_access(command)?;
    form::patch(command)?;
    if state.message_type != MessageType::Letter {
        return Err(Rejection::NotALetter(state.message_id));
    }
    for item in &command.editions {
        patch.edit(item)?;
    }
    for item in &command.signatures {
        patch.sign(item)?;
    }
    for item in &command.titles {
        patch.add_title(item)?;
    }
    for item in &command.rejections {
        patch.reject(&item.service, item.is_formal)?;
    }
    for item in &command.receipts {
        patch.give_receipt(item)?;
    }
    for item in &command.amendment_requests {
        patch.request_amendment(item)?;
    }
    for item in &command.revocation_requests {
        patch.request_revocation(item)?;
    }
    for item in &command.fixation_cancellations {
        patch.cancel_fixation(item)?;
    }
    for item in &command.universal_messages {
        patch.send_universal(item)?;
    }
    for item in &command.verifications {
        patch.report_signature(item)?;
    }
    patch.approve_inside(command)?;
    patch.change_tags(&command.tag_changes)?;
    for item in &command.packets {
        patch.change_packet(item)?;
    }
    patch.answers.cover_locked_packet(state)?;
    Ok(patch.outcome())
}

/// What is asked of whoever posts a patch before anything is done with it: documents within reach first, then `rights`, the
/// policy's word on what its parts need. A patch that is posted again is held to this as the first one was.
///
/// # Errors
/// [`Rejection`]: the person may not do that.
pub fn check_patch<S>(
    state: &MessageState,
    command: &PostPatch<S>,
    rights: Result<(), Denied>,
    context: &Context<'_>,
) -> Result<(), Rejection> {
    if context.permissions.is_blocked {
        return Err(Denied::Blocked.into());
    }
    let scope = context.scope();
    check_reach(state, command, &scope)?;
    let Err(denied) = rights else { return Ok(()) };
    let is_to_sign = matches!(denied, Denied::Permission { action: Action::SignDocuments });
    let handed_over = is_to_sign.then(|| handed_over(state, command, context, &scope)).flatten();
    Err(handed_over.unwrap_or_else(|| denied.into()))
}

/// What is no document is refused later, by the rules of its list.
fn check_reach<S>(state: &MessageState, command: &PostPatch<S>, scope: &Scope) -> Result<(), Denied> {
    let touched = parents(command).map(|parent| state.root_of(parent));
    access::check_documents(scope, state, touched)
}

/// Somebody without the right to sign tries to sign what others were asked to sign: they need not ask for the right.
fn handed_over<S>(
    state: &MessageState,
    command: &PostPatch<S>,
    context: &Context<'_>,
    scope: &Scope,
) -> Option<Rejection> {
    command.signatures.iter().filter(|item| !item.is_approval).find_map(|item| {
        let mut open = open_requests(state, item.parent);
        let (_, request) = open.find(|(_, request)| {
            request.kind == RequestKind::Signature
                && !is_addressee(&request.target, context.author, context.permissions, scope)
        })?;
        let target = match &request.target {
            RequestTarget::User { name, .. } | RequestTarget::Department { name, .. } => name.clone(),
        };
        Some(Rejection::HandedOver { path: item.path.clone(), document: item.parent, target })
    })
}

/// The person was asked, or somebody in a department that the person sees.
fn is_addressee(target: &RequestTarget, person: UserId, permissions: &Permissions, scope: &Scope) -> bool {
    match target {
        RequestTarget::User { id, .. } => *id == person,
        RequestTarget::Department { id, .. } => *id == permissions.department || scope.sees_department(*id),
    }
}

/// A command for one message, and what follows from it so far.
struct Patch<'a> {
    /// The message before the patch.
    state: &'a MessageState,
    around: &'a NamedByPatch,
    context: &'a Context<'a>,
    scope: Scope,
    id: EventId,
    /// The message with what the patch has added so far.
    now: MessageState,
    added: Patched,
    answers: Answers,
    packets: packets::Packets,
    /// The other box must be told, also when no entity goes there.
    must_tell: bool,
}

impl<'a> Patch<'a> {
    fn new(state: &'a MessageState, around: &'a NamedByPatch, context: &'a Context<'a>) -> Self {
        Self {
            state,
            around,
            context,
            scope: context.scope(),
            id: EventId::from_uuid(context.entropy.id()),
            now: state.clone(),
            added: Patched::by(Origin::Own { user: Some(context.author) }),
            answers: Answers::default(),
            packets: packets::Packets::default(),
            must_tell: false,
        }
    }

    /// Every document that the command touches must be within reach, where it lies now.
    fn check_access(&self, command: &PostPatch<ContentRef>) -> Result<(), Rejection> {
        Ok(check_reach(self.state, command, &self.scope)?)
    }

    fn is_addressee(&self, target: &RequestTarget) -> bool {
        is_addressee(target, self.context.author, self.context.permissions, &self.scope)
    }

    /// The root document that an item names as its parent.
    fn document(&self, path: &str, parent: EntityId) -> Result<(&'a EntityState, &'a Document), Rejection> {
        let bad = |reason| bad_parent(path, parent, reason);
        match self.state.document(parent) {
            Some(found) => Ok(found),
            None if self.state.entity(parent).is_some() => {
                Err(bad("это не документ; укажите идентификатор документа"))
            }
            None => Err(bad("такой сущности нет в сообщении")),
        }
    }

    /// The request to revoke a document that an item names as its parent, if it is one.
    fn revocation_request(&self, parent: EntityId) -> Option<&'a EntityState> {
        let found = self.state.entity(parent)?;
        matches!(found.entity.service(), Some(Service::RevocationRequest { .. })).then_some(found)
    }

    /// Whoever signs something of `document`.
    fn signer(&self, document: EntityId) -> Signer {
        Signer { department: self.state.department_of(document), is_internal: self.state.is_internal }
    }

    /// A file with its signature under `parent`; `change` fills in what only some kinds have.
    fn add_service(
        &mut self,
        item: &NewService<ContentRef>,
        parent: EntityId,
        service: Service,
        change: impl FnOnce(Entity) -> Entity,
    ) {
        let file = self.context.service(parent, item.content, service, item.file_name.as_deref());
        let signer = self.signer(self.state.root_of(parent));
        let power = item.power.as_ref().and_then(PowerToAttach::found);
        let signed = self.context.signed(file.id, item.signature, false, signer, power);
        let content_type_id = item.content_type_id.map_or(file.content_type_id, str::to_owned);
        let file = Entity { content_type_id, labels: item.labels.clone(), text: item.text.clone(), ..file };
        let file = change(file);
        self.add(std::iter::once(file).chain(signed));
    }

    /// A file without a signature.
    fn add_note(
        &mut self,
        parent: EntityId,
        content: ContentRef,
        service: Service,
        labels: &[String],
    ) -> EntityId {
        let note = self.context.service(parent, content, service, None);
        let id = note.id;
        self.add([Entity { labels: labels.to_vec(), ..note }]);
        id
    }

    fn add(&mut self, entities: impl IntoIterator<Item = Entity>) {
        let entities: Vec<Entity> = entities.into_iter().collect();
        self.apply(Patched { entities: entities.clone(), ..Patched::by(self.added.origin) });
        self.added.entities.extend(entities);
    }

    fn change(&mut self, documents: Vec<DocumentPatch>) {
        self.apply(Patched { documents: documents.clone(), ..Patched::by(self.added.origin) });
        self.added.documents.extend(documents);
    }

    fn rewrite_as(&mut self, rewritten: Rewritten) {
        self.apply(Patched { rewritten: vec![rewritten.clone()], ..Patched::by(self.added.origin) });
        self.added.rewritten.push(rewritten);
    }

    fn check(&mut self, checks: Vec<SignatureChecked>) {
        self.apply(Patched { checks: checks.clone(), ..Patched::by(self.added.origin) });
        self.added.checks.extend(checks);
    }

    fn apply(&mut self, patched: Patched) {
        let event = self.event(patched);
        self.now.apply(&event);
    }

    fn event(&self, patched: Patched) -> Event {
        Event {
            id: self.id,
            message_id: self.state.message_id,
            at: self.context.now,
            change: Change::Patched(Box::new(patched)),
        }
    }

    fn outcome(mut self) -> Outcome {
        // What changes only other messages is an event of this one too.
        self.apply(Patched::by(self.added.origin));
        // An approval of an unsent document waits in this box and goes with the document.
        let mut deliver_to = Vec::new();
        if !self.state.is_internal {
            deliver_to = intermediary::destinations(&self.now, self.id);
            if deliver_to.is_empty() && self.must_tell {
                deliver_to.push(self.state.counteragent().box_id);
            }
            if deliver_to.is_empty() && !carriage::for_operator(&self.now, self.id).is_empty() {
                deliver_to.push(BoxId::ZERO);
            }
        }
        Outcome {
            event: self.event(self.added.clone()),
            of_others: self.packets.events(self.context),
            after: self.now,
            deliver_to,
            links: Vec::new(),
        }
    }
}

fn bad_parent(path: &str, parent: EntityId, reason: &'static str) -> Rejection {
    Rejection::BadParent { path: format!("{path}.ParentEntityId"), parent, reason }
}

/// Everything that the command hangs something under, or changes.
fn parents<S>(command: &PostPatch<S>) -> impl Iterator<Item = EntityId> {
    let services = command.receipts.iter().chain(&command.amendment_requests);
    let services = services.chain(&command.revocation_requests).chain(&command.fixation_cancellations);
    let services = services.map(|item| item.parent);
    let routes = command.route_assignments.iter().chain(&command.route_removals);
    services
        .chain(command.signatures.iter().map(|item| item.parent))
        .chain(command.rejections.iter().map(|item| item.service.parent))
        .chain(command.titles.iter().map(|item| item.service.parent))
        .chain(command.resolutions.iter().map(|item| item.parent))
        .chain(command.resolution_requests.iter().map(|item| item.parent))
        .chain(command.cancellations.iter().map(|item| item.target))
        .chain(command.denials.iter().map(|item| item.request))
        .chain(routes.map(|item| item.document))
        .chain(command.tag_changes.iter().map(|item| item.document))
        .chain(command.packets.iter().map(|item| item.document))
        .chain(command.universal_messages.iter().map(|item| item.parent))
        .chain(command.verifications.iter().map(|item| item.document))
        .chain(command.editions.iter().map(|item| item.parent))
}
