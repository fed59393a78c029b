//! The state of a message in one box: a fold over its events.

use std::collections::HashMap;
use std::sync::Arc;

use potok_types::{BoxId, DepartmentId, EntityId, EventId, MessageId, PacketId, RouteId, Ticks};

use crate::labels::is_impersonal;
use crate::powers::Validation;
use crate::{
    Check, Document, Entity, Inviting, LockMode, MadeFrom, MessageType, Party, PowerOfAttorney,
    ResolutionRequest, Service, Signature, Tag, Template, Verification,
};

mod asked;
pub mod carriage;
mod excerpt;
mod fold;
mod memo;
mod standings;
mod templates;

use memo::Memo;
pub(crate) use standings::{Standings, is_cancelled};

/// How many events of a message one box holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u32);

/// The part that the box plays in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// It sent it.
    Sender,
    /// It received it.
    Recipient,
    /// It received it and has to answer before the recipient gets it.
    Proxy,
    /// Both at once.
    Internal,
}

impl Side {
    /// The message came from another box: to its recipient or its intermediate addressee.
    pub const fn is_inbound(self) -> bool {
        matches!(self, Self::Recipient | Self::Proxy)
    }

    /// The box sent the message, perhaps to itself.
    pub const fn is_sending(self) -> bool {
        matches!(self, Self::Sender | Self::Internal)
    }

    /// The message is meant for the box.
    pub const fn is_receiving(self) -> bool {
        matches!(self, Self::Recipient | Self::Internal)
    }
}

/// The same as the API words it; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Direction {
    /// Received.
    Inbound = 1,
    /// Sent.
    Outbound = 2,
    /// Inside one organization.
    Internal = 3,
}

/// One event of the message, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMark {
    /// Its id.
    pub id: EventId,
    /// Its time.
    pub at: Ticks,
}

/// An entity with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityState {
    /// As it was recorded.
    pub entity: Entity,
    /// The event of this box that brought it.
    pub event: EventId,
    /// Somebody of this box made it.
    pub is_own: bool,
    /// When it appeared in this box.
    pub appeared_at: Ticks,
    /// When it appeared in the other box, as far as this box knows; for what came from there, when it arrived here.
    pub delivered_at: Option<Ticks>,
    /// The event that brought it will not be delivered.
    pub is_undeliverable: bool,
    /// The check of the signature, as far as this box knows; [`Check::Valid`] for what is not a signature.
    pub check: Check,
    /// What the check said about the signer's authority.
    pub power_of_attorney: Option<PowerOfAttorney>,
    /// What else the check found out; `None` for what is no signature, or was not looked into.
    pub verification: Option<Arc<Verification>>,
    /// For a root document, what became of it in this box.
    pub document: Option<Box<DocumentState>>,
}

/// What became of a document in one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentState {
    /// Where it lies.
    pub department: DepartmentId,
    /// Its packet.
    pub packet: PacketId,
    /// Since when it belongs to that packet.
    pub packet_since: Ticks,
    /// Its tags, the oldest first.
    pub tags: Vec<Tag>,
    /// When each tag was changed, by key in lower case, and by which event, which is the same one in every box.
    tag_changes: HashMap<String, (Ticks, EventId)>,
    /// It was deleted in this box.
    pub is_deleted: bool,
    /// The sender's request that revoked it without anybody's consent.
    pub revoked_by: Option<EntityId>,
    /// In the sender's box, when it appeared in the recipient's after the intermediate addressee had answered.
    pub passed_on_at: Option<Ticks>,
    /// The route on which it is.
    pub route: Option<RouteId>,
    /// The third boxes to which it was forwarded from this one, oldest first.
    pub forwards: Vec<Forward>,
}

/// A document was forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward {
    /// When that was, by the clock of the box that forwarded.
    pub at: Ticks,
    /// To which box.
    pub to: BoxId,
}

/// A message in one box after some of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageState {
    /// The box.
    pub box_id: BoxId,
    /// The message.
    pub message_id: MessageId,
    /// Letter, draft or template.
    pub message_type: MessageType,
    /// The sender.
    pub from: Party,
    /// The recipient; [`Party::NOBODY`] while a draft names none.
    pub to: Party,
    /// The intermediate addressee.
    pub proxy: Option<Party>,
    /// What must be done to all documents at once.
    pub lock_mode: LockMode,
    /// Sent inside one organization.
    pub is_internal: bool,
    /// Without legal force.
    pub is_test: bool,
    /// It invites to a partnership, by its first document.
    pub invitation: Option<Inviting>,
    /// What is to become of it, if it is a template.
    pub template: Option<Template>,
    /// A draft that is sent as it is or thrown away.
    pub is_locked: bool,
    /// A draft that was sent or thrown away.
    pub is_recycled: bool,
    /// The letters that were made of it, oldest first.
    pub letters: Vec<MessageId>,
    /// What it was made of, in the box where it was made.
    pub made_from: Option<MadeFrom>,
    /// Somebody of this box has seen it.
    pub is_read: bool,
    /// A delivery of the message itself was reported.
    pub is_delivered: bool,
    entities: Vec<EntityState>,
    positions: HashMap<EntityId, usize>,
    /// Positions of what stands directly under each entity, rising.
    children: HashMap<EntityId, Vec<usize>>,
    pub(crate) standings: Memo<Standings>,
    events: Vec<EventMark>,
}

impl MessageState {
    /// The power of attorney that came with a signature.
    pub fn power_of(&self, signature: EntityId) -> Option<&EntityState> {
        self.children(signature).find(|child| child.entity.power().is_some())
    }

    /// What the checks of a power of attorney came to, oldest first.
    pub fn power_checks(&self, power: EntityId) -> impl Iterator<Item = (&EntityState, &Validation)> {
        self.children(power).filter_map(|child| match child.entity.service() {
            Some(Service::PowerOfAttorneyStatus(validation)) => Some((child, &**validation)),
            _ => None,
        })
    }

    /// How many events were applied.
    pub fn revision(&self) -> Revision {
        Revision(u32::try_from(self.events.len()).unwrap_or(u32::MAX))
    }

    /// The part that the box plays.
    pub fn side(&self) -> Side {
        if self.is_internal {
            Side::Internal
        } else if self.from.box_id == self.box_id {
            Side::Sender
        } else if self.proxy_box() == Some(self.box_id) {
            Side::Proxy
        } else {
            Side::Recipient
        }
    }

    /// The part that the box plays, as the API words it.
    pub fn direction(&self) -> Direction {
        match self.side() {
            Side::Sender => Direction::Outbound,
            Side::Recipient | Side::Proxy => Direction::Inbound,
            Side::Internal => Direction::Internal,
        }
    }

    /// The box of the intermediate addressee, if there is one.
    pub fn proxy_box(&self) -> Option<BoxId> {
        self.proxy.as_ref().map(|proxy| proxy.box_id)
    }

    /// The other box: for the sender the recipient's, for all others the sender's; this one for an internal message.
    pub fn counteragent(&self) -> &Party {
        match self.side() {
            Side::Sender | Side::Internal => &self.to,
            Side::Recipient | Side::Proxy => &self.from,
        }
    }

    /// About how many bytes of memory it takes.
    pub fn weight_bytes(&self) -> usize {
        /// Keys of the maps, names and labels.
        const BESIDE: usize = 300;
        let texts = |state: &EntityState| {
            let metadata = state.entity.document().into_iter().flat_map(|document| &document.metadata);
            metadata.map(|item| item.key.len() + item.value.len() + 2 * size_of::<String>()).sum::<usize>()
        };
        let entities = self.entities.iter().map(|state| size_of::<EntityState>() + BESIDE + texts(state));
        size_of::<Self>() + entities.sum::<usize>() + self.events.len() * size_of::<EventMark>()
    }

    /// All events so far, in order.
    pub fn events(&self) -> &[EventMark] {
        &self.events
    }

    /// When the message appeared in this box.
    pub fn created_at(&self) -> Ticks {
        self.events.first().map_or(Ticks::new(0), |event| event.at)
    }

    /// The newest event.
    pub fn last_event(&self) -> Option<EventMark> {
        self.events.last().copied()
    }

    /// All entities in the order in which they appeared; parents before children.
    pub fn entities(&self) -> &[EntityState] {
        &self.entities
    }

    /// The entity `id`.
    pub fn entity(&self, id: EntityId) -> Option<&EntityState> {
        self.positions.get(&id).map(|&position| &self.entities[position])
    }

    /// Where the entity `id` stands among all.
    pub(crate) fn place_of(&self, id: EntityId) -> Option<usize> {
        self.positions.get(&id).copied()
    }

    /// The entities directly under `parent`, oldest first.
    pub fn children(&self, parent: EntityId) -> impl DoubleEndedIterator<Item = &EntityState> + Clone {
        let positions = self.children.get(&parent).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|&position| &self.entities[position])
    }

    /// The root documents.
    pub fn documents(&self) -> impl Iterator<Item = (&EntityState, &Document)> + Clone {
        self.entities.iter().filter_map(|state| state.entity.document().map(|document| (state, document)))
    }

    /// The root document `id`.
    pub fn document(&self, id: EntityId) -> Option<(&EntityState, &Document)> {
        let state = self.entity(id)?;
        state.entity.document().map(|document| (state, document))
    }

    /// The topmost ancestor of `id`, which is `id` itself when it has no parent here.
    pub fn root_of(&self, id: EntityId) -> EntityId {
        let mut current = id;
        // Parents stand before children, so the walk ends.
        while let Some(parent) = self.entity(current).and_then(|state| state.entity.parent) {
            if self.entity(parent).is_none() {
                break;
            }
            current = parent;
        }
        current
    }

    /// What became of the root document `id` in this box.
    pub fn document_state(&self, id: EntityId) -> Option<&DocumentState> {
        self.entity(id)?.document.as_deref()
    }

    /// The department where the document lies in this box; the head for what is no document.
    pub fn department_of(&self, document: EntityId) -> DepartmentId {
        self.document_state(document).map_or(DepartmentId::ZERO, |document| document.department)
    }

    /// The message is deleted in this box: all its documents are.
    pub fn is_deleted(&self) -> bool {
        let mut documents = self.entities.iter().filter_map(|state| state.document.as_deref()).peekable();
        documents.peek().is_some() && documents.all(|document| document.is_deleted)
    }

    /// The author of `entity`, or that of the file that it signs, asked not to be named.
    pub(crate) fn is_impersonal(&self, entity: &Entity) -> bool {
        let parent = entity.parent.and_then(|parent| self.entity(parent));
        is_impersonal(&entity.labels)
            || entity.signature().is_some()
                && parent.is_some_and(|parent| is_impersonal(&parent.entity.labels))
    }

    /// The newest best signature of `signer` under `parent` that is not an approval: valid before unchecked before
    /// invalid.
    pub fn signature_of(&self, parent: EntityId, signer: BoxId) -> Option<(&EntityState, &Signature)> {
        let rank = |check| match check {
            Check::Valid => 2,
            Check::Unchecked => 1,
            Check::Invalid => 0,
        };
        self.children(parent)
            .filter_map(|state| state.entity.signature().map(|signature| (state, signature)))
            .filter(|(_, signature)| !signature.is_approval && signature.signer_box == signer)
            .max_by_key(|(state, _)| rank(state.check))
    }
}

impl EntityState {
    /// It counts: its signature, if it is one, is not bad, and the event that brought it was not given up.
    pub fn stands(&self) -> bool {
        self.check != Check::Invalid && !self.is_undeliverable
    }

    /// A title that the sender wrote for the recipient.
    pub fn is_prepared_title(&self) -> bool {
        matches!(self.entity.service(), Some(Service::Title(title)) if title.is_prepared)
    }

    pub(crate) fn is_flow_signature(&self) -> bool {
        self.entity.signature().is_some_and(|signature| !signature.is_approval)
    }

    /// The request, if this is one.
    pub fn resolution_request(&self) -> Option<&ResolutionRequest> {
        match self.entity.service() {
            Some(Service::ResolutionRequest(request)) => Some(request),
            _ => None,
        }
    }
}

impl DocumentState {
    /// The same, as if nobody had tagged it.
    pub(crate) fn without_tags(&self) -> Self {
        Self { tags: Vec::new(), tag_changes: HashMap::new(), ..self.clone() }
    }

    /// The tag with this key; case does not matter.
    pub fn tag(&self, key: &str) -> Option<&Tag> {
        self.tags.iter().find(|tag| is_same_key(&tag.key, key))
    }
}

fn is_same_key(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
