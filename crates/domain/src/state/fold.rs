//! What each event changes in the state of its message.

use std::collections::HashMap;

use potok_types::{BoxId, EntityId, EventId, Ticks};

use super::memo::Memo;
use super::{DocumentState, EntityState, EventMark, Forward, MessageState, carriage, is_same_key};
use crate::{
    Body, Change, Check, DeliveryReport, Document, DocumentChange, Entity, Event, Origin, Patched, Posted,
    Rewritten, Service, TagChange,
};

impl MessageState {
    /// The state after `events`, which are all events of one message in `box_id` from the first one on, in order.
    /// `None` when there are none, or the first one does not open a message.
    pub fn replay<'a>(box_id: BoxId, events: impl IntoIterator<Item = &'a Event>) -> Option<Self> {
        let mut events = events.into_iter();
        let mut state = Self::open(box_id, events.next()?)?;
        events.for_each(|event| state.apply(event));
        Some(state)
    }

    /// The state after the first event; `None` when it does not open a message.
    pub fn open(box_id: BoxId, event: &Event) -> Option<Self> {
        let Change::Posted(posted) = &event.change else { return None };
        let mut state = Self {
            box_id,
            message_id: event.message_id,
            message_type: posted.message_type,
            from: posted.from.clone(),
            to: posted.to.clone(),
            proxy: posted.proxy.clone(),
            lock_mode: posted.lock_mode,
            is_internal: posted.is_internal,
            is_test: posted.is_test,
            invitation: posted.invitation.clone(),
            template: posted.template,
            is_locked: posted.is_locked,
            is_recycled: false,
            letters: Vec::new(),
            made_from: posted.made_from,
            is_read: posted.from.box_id == box_id,
            is_delivered: false,
            entities: Vec::with_capacity(posted.entities.len()),
            positions: HashMap::with_capacity(posted.entities.len()),
            children: HashMap::new(),
            standings: Memo::default(),
            events: Vec::new(),
        };
        state.apply_posted(posted, event);
        state.events.push(EventMark { id: event.id, at: event.at });
        Some(state)
    }

    /// Adds what `event` says. Never refuses: what stands in the journal has happened. An event may be applied in parts,
    /// as they become known; it counts once.
    pub fn apply(&mut self, event: &Event) {
        let standings = self.standings.take();
        match &event.change {
            // Only the first event opens a message; a second one would be a fault of the journal and changes nothing.
            Change::Posted(_) => {}
            Change::Patched(patched) => {
                self.apply_patched(patched, event);
                // Checks, reports and other bytes say something new of what was there before.
                let only_adds =
                    patched.checks.is_empty() && patched.report.is_none() && patched.rewritten.is_empty();
                if let Some(mut kept) = standings.filter(|_| only_adds)
                    && kept.keep_up(self)
                {
                    self.standings = Memo::from(kept);
                }
            }
        }
        if self.events.last().is_none_or(|last| last.id != event.id) {
            self.events.push(EventMark { id: event.id, at: event.at });
        }
    }

    fn apply_posted(&mut self, posted: &Posted, event: &Event) {
        let came_from_elsewhere = self.side().is_inbound();
        self.add(&posted.entities, event, !came_from_elsewhere, came_from_elsewhere.then_some(event.at));
        if self.is_internal {
            self.mark_delivered(event.id, event.at);
        }
    }

    fn apply_patched(&mut self, patched: &Patched, event: &Event) {
        let delivered_at = match patched.origin {
            Origin::Received { .. } | Origin::Operator => Some(event.at),
            Origin::Own { .. } => None,
        };
        let is_own = matches!(patched.origin, Origin::Own { .. });
        self.is_read |= is_own;
        self.add(&patched.entities, event, is_own, delivered_at);
        if let Some(recycled) = patched.recycled {
            self.is_recycled = true;
            self.letters.extend(recycled.letter);
        }
        for patch in &patched.documents {
            self.change_document(patch.document, patch.change, event.at);
        }
        patched.rewritten.iter().for_each(|it| self.rewrite(it));
        if self.is_internal {
            // Nothing has to travel: what is signed is there.
            self.mark_delivered(event.id, event.at);
        }
        match patched.report {
            Some(DeliveryReport::Delivered { event, whole_message, at }) => {
                self.is_delivered |= whole_message;
                // What an intermediate addressee let through had arrived there before.
                if !patched
                    .documents
                    .iter()
                    .any(|patch| matches!(patch.change, DocumentChange::PassedOn { .. }))
                {
                    self.mark_delivered(event, at);
                }
            }
            Some(DeliveryReport::NotDelivered { event }) => {
                let following = carriage::signed_to_follow(self, event);
                let is_lost =
                    |state: &EntityState| state.event == event || following.contains(&state.entity.id);
                for state in self.entities.iter_mut().filter(|state| is_lost(state)) {
                    state.is_undeliverable = true;
                }
            }
            None => {}
        }
        for checked in &patched.checks {
            if let Some(&position) = self.positions.get(&checked.signature) {
                let state = &mut self.entities[position];
                state.check = checked.check;
                state.power_of_attorney = checked.power_of_attorney;
                state.verification.clone_from(&checked.verification);
            }
        }
    }

    fn mark_delivered(&mut self, event: EventId, at: Ticks) {
        for id in carriage::carried_by(self, event).into_iter().chain(carriage::for_operator(self, event)) {
            let state = &mut self.entities[self.positions[&id]];
            state.delivered_at.get_or_insert(at);
            // A document whose first sending failed got through now.
            state.is_undeliverable = false;
            if state.check == Check::Unchecked {
                state.check = Check::Valid;
            }
        }
    }

    fn add(&mut self, entities: &[Entity], event: &Event, is_own: bool, delivered_at: Option<Ticks>) {
        for entity in entities {
            let (check, power_of_attorney, verification) = match &entity.body {
                Body::Signature(signature) => {
                    (signature.check, signature.power_of_attorney, signature.verification.clone())
                }
                _ => (Check::Valid, None, None),
            };
            let document = entity.document().map(|document| Box::new(DocumentState::new(document, event.at)));
            self.positions.insert(entity.id, self.entities.len());
            if let Some(parent) = entity.parent {
                self.children.entry(parent).or_default().push(self.entities.len());
            }
            self.entities.push(EntityState {
                entity: entity.clone(),
                event: event.id,
                is_own,
                appeared_at: event.at,
                delivered_at,
                is_undeliverable: false,
                check,
                power_of_attorney,
                verification,
                document,
            });
            if let (Some(parent), Body::Service(service)) = (entity.parent, &entity.body) {
                self.note(parent, service, (entity.created_at, event.id));
            }
        }
    }

    /// What a new service file says of its parent document.
    fn note(&mut self, parent: EntityId, service: &Service, said: (Ticks, EventId)) {
        let Some(document) = self.document_state_mut(parent) else { return };
        match service {
            Service::TagChange(change) => document.change_tag(change, said),
            Service::ResolutionRouteAssignment(on) => document.route = Some(on.route),
            Service::ResolutionRouteRemoval(_) => document.route = None,
            _ => {}
        }
    }

    fn change_document(&mut self, document: EntityId, change: DocumentChange, at: Ticks) {
        let Some(document) = self.document_state_mut(document) else { return };
        match change {
            DocumentChange::Packet(packet) => {
                document.packet = packet;
                document.packet_since = at;
            }
            DocumentChange::Moved { to } => document.department = to,
            DocumentChange::Deleted => document.is_deleted = true,
            DocumentChange::Restored => document.is_deleted = false,
            DocumentChange::Revoked { request } => document.revoked_by = Some(request),
            DocumentChange::PassedOn { at } => document.passed_on_at = Some(at),
            DocumentChange::Forwarded { to } => document.forwards.push(Forward { at, to }),
        }
    }

    /// The document has other bytes, and is called and described as they say.
    fn rewrite(&mut self, rewritten: &Rewritten) {
        let Some(&position) = self.positions.get(&rewritten.document) else { return };
        let entity = &mut self.entities[position].entity;
        let Body::Document(document) = &mut entity.body else { return };
        document.metadata.clone_from(&rewritten.metadata);
        if let Some(name) = document.metadata("FileName") {
            entity.file_name = Some(name.to_owned());
        }
        entity.content = Some(rewritten.content);
    }

    fn document_state_mut(&mut self, id: EntityId) -> Option<&mut DocumentState> {
        let position = *self.positions.get(&id)?;
        self.entities[position].document.as_deref_mut()
    }
}

impl DocumentState {
    fn new(document: &Document, at: Ticks) -> Self {
        Self {
            department: document.department,
            packet: document.packet,
            packet_since: at,
            tags: document.tags.clone(),
            tag_changes: HashMap::new(),
            is_deleted: false,
            revoked_by: None,
            passed_on_at: None,
            route: None,
            forwards: Vec::new(),
        }
    }

    /// Both sides may change a tag at once, and each sees its own change first. The one that was said last counts, so
    /// that both end with the same.
    fn change_tag(&mut self, change: &TagChange, said: (Ticks, EventId)) {
        let last = self.tag_changes.entry(change.key().to_lowercase()).or_insert(said);
        if said < *last {
            return;
        }
        *last = said;
        match change {
            TagChange::Set(new) => match self.tags.iter_mut().find(|tag| is_same_key(&tag.key, &new.key)) {
                Some(tag) => tag.clone_from(new),
                None => self.tags.push(new.clone()),
            },
            TagChange::Remove { key } => self.tags.retain(|tag| !is_same_key(&tag.key, key)),
        }
    }
}
