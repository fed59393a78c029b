//! What a patch names outside of its message: people, routes, documents of other messages.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use potok_domain::access::{self, Scope};
use potok_domain::carriage;
use potok_domain::command::PostPatch;
use potok_domain::decide::{NamedByPatch, PacketMember, Person};
use potok_domain::{DocumentRef, MessageState};
use potok_types::{BoxId, ContentRef, MessageId, PacketId, limits};

use crate::{Actor, Exchange, ExchangeError};

/// What a patch names, with the states that its decision changes besides that of its message.
#[derive(Default)]
pub(crate) struct Named {
    pub(crate) around: NamedByPatch,
    pub(crate) messages: HashMap<MessageId, Arc<MessageState>>,
}

impl Exchange {
    /// # Errors
    /// `CoreError::Denied` when a packet that the command changes has a document that the actor may not see.
    pub(crate) async fn named_by_patch(
        &self,
        actor: &Actor,
        state: &MessageState,
        command: &PostPatch<ContentRef>,
    ) -> Result<Named, ExchangeError> {
        let mut named = Named::default();
        let box_id = actor.box_id();
        let users: BTreeSet<_> = command.resolution_requests.iter().filter_map(|item| item.user).collect();
        for id in users {
            let member = self.core.directory.member(box_id, id).await?;
            let user = self.core.directory.user(id).await?;
            if let (Some(member), Some(user)) = (member, user) {
                let is_blocked = member.employee.permissions.is_blocked;
                named.around.people.push(Person { id, name: user.full_name(), is_blocked });
            }
        }
        if !command.route_assignments.is_empty() || !command.resolutions.is_empty() {
            named.around.routes = self.core.directory.resolution_routes(box_id).await?;
        }
        if !command.signatures.is_empty() {
            named.around.refused = self.refused_origins(state).await?;
        }
        if !command.packets.is_empty() {
            self.add_packets(actor, state, command, &mut named).await?;
        }
        Ok(named)
    }

    /// The packets of all documents that the command names, as far as they reach into other messages.
    async fn add_packets(
        &self,
        actor: &Actor,
        state: &MessageState,
        command: &PostPatch<ContentRef>,
        named: &mut Named,
    ) -> Result<(), ExchangeError> {
        let box_id = actor.box_id();
        let here = state.message_id;
        let added = command.packets.iter().flat_map(|item| item.add.iter().chain(&item.remove));
        let mut documents: BTreeSet<DocumentRef> = added.copied().collect();
        let own = command.packets.iter();
        documents.extend(own.map(|item| DocumentRef { message_id: here, entity_id: item.document }));
        let mut states = self.with_packets(box_id, &mut documents).await?;
        for document in documents {
            let Some(state) = states.get(&document.message_id) else { continue };
            let Some(found) = state.document_state(document.entity_id) else { continue };
            access::check_documents(&actor.scope, state, [document.entity_id])?;
            if document.message_id == here {
                continue;
            }
            let member =
                PacketMember { document, packet: found.packet, is_locked: carriage::is_packet_locked(state) };
            named.around.documents.push(member);
        }
        states.remove(&here);
        named.messages = states;
        Ok(())
    }

    /// The packets of `documents`, whole. Packets of which the actor sees only a part are left out.
    pub(crate) async fn packets_of(
        &self,
        actor: &Actor,
        documents: &BTreeSet<DocumentRef>,
    ) -> Result<Named, ExchangeError> {
        let mut named = Named::default();
        if documents.is_empty() {
            return Ok(named);
        }
        let mut documents = documents.clone();
        named.messages = self.with_packets(actor.box_id(), &mut documents).await?;
        let mut hidden: BTreeSet<PacketId> = BTreeSet::new();
        for document in documents {
            let Some(state) = named.messages.get(&document.message_id) else { continue };
            let Some(found) = state.document_state(document.entity_id) else { continue };
            if !actor.scope.sees_document(state, document.entity_id) {
                hidden.insert(found.packet);
            }
            let member =
                PacketMember { document, packet: found.packet, is_locked: carriage::is_packet_locked(state) };
            named.around.documents.push(member);
        }
        named.around.documents.retain(|member| !hidden.contains(&member.packet));
        Ok(named)
    }

    /// Adds the rest of their packets to `documents`; the states of all their messages.
    async fn with_packets(
        &self,
        box_id: BoxId,
        documents: &mut BTreeSet<DocumentRef>,
    ) -> Result<HashMap<MessageId, Arc<MessageState>>, ExchangeError> {
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        let states = self.core.states(box_id, &messages).await?;
        let packets: BTreeSet<PacketId> = documents
            .iter()
            .filter_map(|document| {
                Some(states.get(&document.message_id)?.document_state(document.entity_id)?.packet)
            })
            .collect();
        for packet in packets {
            documents.extend(self.members(box_id, packet).await?);
        }
        let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
        Ok(self.core.states(box_id, &messages).await?)
    }

    async fn members(&self, box_id: BoxId, packet: PacketId) -> Result<Vec<DocumentRef>, ExchangeError> {
        let mut members = Vec::new();
        let mut after = None;
        loop {
            let page = self.core.readings.packet(box_id, packet, &Scope::All, after, limits::PAGE).await?;
            members.extend(page.iter().map(|place| place.document()));
            after = page.last().copied();
            if page.len() < limits::PAGE {
                return Ok(members);
            }
        }
    }
}
