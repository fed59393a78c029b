//! Changes of packets. A packet is the box's own, and its documents may lie in several messages.

use std::collections::BTreeMap;

use potok_types::{EntityId, EventId, MessageId, PacketId};

use super::super::{Context, Rejection};
use super::Patch;
use crate::carriage;
use crate::command::NewPacket;
use crate::{Change, DocumentChange, DocumentPatch, DocumentRef, Event, Origin, Patched};

/// What a decision makes of the packets of other messages.
#[derive(Default)]
pub(in crate::decide) struct Packets {
    elsewhere: BTreeMap<DocumentRef, PacketId>,
}

impl Packets {
    /// Puts documents of other messages into `packet`.
    pub(in crate::decide) fn put(&mut self, documents: Vec<DocumentRef>, packet: PacketId) {
        self.elsewhere.extend(documents.into_iter().map(|document| (document, packet)));
    }

    /// One event for each other message.
    pub(in crate::decide) fn events(&self, context: &Context<'_>) -> Vec<Event> {
        let mut by_message: BTreeMap<MessageId, Vec<DocumentPatch>> = BTreeMap::new();
        for (document, packet) in &self.elsewhere {
            let change = DocumentChange::Packet(*packet);
            let patches = by_message.entry(document.message_id).or_default();
            patches.push(DocumentPatch { document: document.entity_id, change });
        }
        let event = |(message_id, documents)| Event {
            id: EventId::from_uuid(context.entropy.id()),
            message_id,
            at: context.now,
            change: Change::Patched(Box::new(Patched {
                documents,
                ..Patched::by(Origin::Own { user: Some(context.author) })
            })),
        };
        by_message.into_iter().map(event).collect()
    }
}

impl Patch<'_> {
    /// Joining merges whole packets under a new id; what leaves is alone in a packet with a new id; what is no member
    /// cannot leave.
    pub(super) fn change_packet(&mut self, item: &NewPacket) -> Result<(), Rejection> {
        let path = item.path.as_str();
        self.document_at(&format!("{path}.DocumentId"), item.document)?;
        let here = self.here(item.document);
        self.check_open(&format!("{path}.DocumentId"), here)?;
        let own = self.packet_of(here).unwrap_or(PacketId::ZERO);
        let mut joined = vec![own];
        for (i, document) in item.add.iter().enumerate() {
            let path = format!("{path}.AddDocumentsToPacket[{i}]");
            let packet = self.packet_of(*document).ok_or_else(|| unknown(&path, *document))?;
            for member in self.members(packet) {
                self.check_open(&path, member)?;
            }
            if !joined.contains(&packet) {
                joined.push(packet);
            }
        }
        let leaving: Vec<DocumentRef> =
            item.remove.iter().copied().filter(|document| self.packet_of(*document) == Some(own)).collect();
        if joined.len() > 1 {
            let members: Vec<_> = joined.iter().flat_map(|packet| self.members(*packet)).collect();
            let packet = self.new_packet();
            self.set(&members, packet);
        }
        for document in leaving {
            let packet = self.new_packet();
            self.set(&[document], packet);
        }
        Ok(())
    }

    fn here(&self, entity_id: EntityId) -> DocumentRef {
        DocumentRef { message_id: self.state.message_id, entity_id }
    }

    fn new_packet(&self) -> PacketId {
        PacketId::from_uuid(self.context.entropy.id())
    }

    /// The packet of a document of the box, with what the patch has made of it so far.
    fn packet_of(&self, document: DocumentRef) -> Option<PacketId> {
        if document.message_id == self.state.message_id {
            return Some(self.now.document_state(document.entity_id)?.packet);
        }
        let found = self.around.documents.iter().find(|member| member.document == document)?;
        Some(self.packets.elsewhere.get(&document).copied().unwrap_or(found.packet))
    }

    fn members(&self, packet: PacketId) -> Vec<DocumentRef> {
        let here = self.now.documents().map(|(found, _)| self.here(found.entity.id));
        let elsewhere = self.around.documents.iter().map(|member| member.document);
        here.chain(elsewhere).filter(|document| self.packet_of(*document) == Some(packet)).collect()
    }

    fn check_open(&self, path: &str, document: DocumentRef) -> Result<(), Rejection> {
        let is_locked = if document.message_id == self.state.message_id {
            carriage::is_packet_locked(self.state)
        } else {
            self.around.documents.iter().any(|member| member.document == document && member.is_locked)
        };
        if is_locked {
            return Err(Rejection::LockedMembership { path: path.to_owned(), document: document.entity_id });
        }
        Ok(())
    }

    fn set(&mut self, documents: &[DocumentRef], packet: PacketId) {
        let (here, elsewhere): (Vec<DocumentRef>, Vec<DocumentRef>) =
            documents.iter().partition(|document| document.message_id == self.state.message_id);
        self.packets.put(elsewhere, packet);
        let patches = here.into_iter().map(|document| DocumentPatch {
            document: document.entity_id,
            change: DocumentChange::Packet(packet),
        });
        self.change(patches.collect());
    }
}

fn unknown(path: &str, document: DocumentRef) -> Rejection {
    let DocumentRef { message_id, entity_id } = document;
    Rejection::invalid(path, format!("there is no document {entity_id} in message {message_id} of this box"))
}
