//! A new message joins the packets of the documents to which it is linked.

use std::collections::BTreeSet;

use potok_types::{ContentRef, PacketId, limits};

use super::NamedByPatch;
use super::links::Links;
use super::post_patch::Packets;
use crate::LockMode;
use crate::command::PostMessage;

/// The packet of the new message, and what becomes of those of documents of other messages. The packets of all documents
/// that the new ones are linked to merge with `own`; a packet that has grown large takes the new ones in instead, so that
/// a long chain does not cost an event in each of its messages for each new link.
///
/// A draft joins when it is sent. A locked packet takes nobody in, and a message that will be locked takes nobody along; the links hold all the same.
/// `around` has whole packets; one of which the person sees only a part is not there and stays as it is.
pub(super) fn join(
    command: &PostMessage<ContentRef>,
    links: &Links,
    own: PacketId,
    around: &NamedByPatch,
) -> (PacketId, Packets) {
    let mut packets = Packets::default();
    let mut packet = own;
    if command.lock_mode != LockMode::None || command.draft.is_some() {
        return (packet, packets);
    }
    let linked: BTreeSet<PacketId> = around
        .documents
        .iter()
        .filter(|member| links.reaches(member.document))
        .map(|member| member.packet)
        .collect();
    for joined in linked {
        let members = || around.documents.iter().filter(|member| member.packet == joined);
        if members().any(|member| member.is_locked) {
            continue;
        }
        if members().count() > limits::MERGED_DOCUMENTS {
            packet = joined;
        } else {
            packets.put(members().map(|member| member.document).collect(), own);
        }
    }
    if packet != own {
        packets = Packets::default();
    }
    (packet, packets)
}
