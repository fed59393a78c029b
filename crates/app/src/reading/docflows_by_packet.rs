//! `GetDocflowsByPacketId`: documents of one packet.

use potok_domain::DocumentRef;
use potok_domain::query::PacketPlace;
use potok_types::access::FilteredDocuments;
use potok_types::{Invalid, PacketId, limits};

use super::found_documents::pair_in_order;
use crate::{FoundDocument, Permit, Reading, ReadingError};

/// A page of a packet.
#[derive(Clone, Debug)]
pub struct PacketAnswer {
    /// The documents with their places, in the order in which they joined the packet.
    pub documents: Vec<(FoundDocument, PacketPlace)>,
    /// Where to read on; `None` when nothing more follows.
    pub next: Option<PacketPlace>,
}

impl Reading {
    /// The documents of a packet that the actor may see, behind `after`. An unknown packet is empty.
    ///
    /// # Errors
    /// `CoreError::Invalid` when `count` is not 1…100.
    pub async fn docflows_by_packet(
        &self,
        actor: &Permit<FilteredDocuments>,
        packet: PacketId,
        after: Option<PacketPlace>,
        count: i32,
    ) -> Result<PacketAnswer, ReadingError> {
        let limit = usize::try_from(count).ok().filter(|count| (1..=limits::PAGE).contains(count));
        let limit = limit.ok_or_else(|| {
            Invalid::new(
                "GetDocflowsByPacketIdRequest.Count",
                format!("{count} is not possible; ask for 1 to {} documents", limits::PAGE),
            )
        })?;
        let box_id = actor.box_id();
        let mut places = self.core.readings.packet(box_id, packet, &actor.scope, after, limit + 1).await?;
        let has_more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().copied().filter(|_| has_more);
        let documents: Vec<DocumentRef> = places.iter().map(|place| place.document()).collect();
        let found = self.find_documents(actor, &documents).await?;
        let belongs = |found: &FoundDocument, place: &PacketPlace| found.document == place.document();
        Ok(PacketAnswer { documents: pair_in_order(found, places, belongs), next })
    }
}
