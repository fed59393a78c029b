//! Documents that other boxes forwarded: where they stand, and what is seen of them.
//!
//! A forwarding names a place in the journal of the box that forwarded. That journal is read for it: events never change, so
//! nothing is copied, and nothing that came later is seen.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use potok_domain::forwarding::{self, Forwarding};
use potok_domain::{MessageState, Revision};
use potok_store::stored::decode_forwarding;
use potok_store::{StoreError, StreamId, Wanted};
use potok_types::{BoxId, EventId, MessageId};

use super::{Core, CoreError, Missing};

/// What somebody names of a forwarding: all of it has to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardedId {
    /// The box that forwarded.
    pub from: BoxId,
    /// The document there.
    pub document: potok_domain::DocumentRef,
    /// The event by which it was forwarded.
    pub event: EventId,
}

/// A document as it was forwarded.
#[derive(Clone, Debug)]
pub struct ForwardedDocument {
    /// How it came.
    pub forwarding: Forwarding,
    /// Its message, as far as it is seen; of the box that forwarded, where its contents are.
    pub seen: Arc<MessageState>,
}

impl Core {
    /// What the stored form of a forwarding says.
    ///
    /// # Errors
    /// [`StoreError`]: it is damaged, or a newer program wrote it.
    pub(crate) fn forwarding_of(stored: &Bytes) -> Result<Forwarding, StoreError> {
        decode_forwarding(stored)
            .map_err(|error| StoreError { action: "read forwardings", source: Box::new(error) })
    }

    /// The documents that were forwarded to the box under `ids`, in their order; what was not is left out.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub(crate) async fn forwarded(
        &self,
        box_id: BoxId,
        ids: &[ForwardedId],
    ) -> Result<Vec<ForwardedDocument>, CoreError> {
        let wanted: Vec<Wanted> = ids.iter().map(|id| Wanted::all(StreamId::forwarded(id.event))).collect();
        let found = self.journal.streams(box_id, &wanted).await?;
        let mut forwardings = Vec::with_capacity(ids.len());
        for (id, stored) in ids.iter().zip(found) {
            let Some(stored) = stored.and_then(|events| events.into_iter().next()) else { continue };
            let forwarding = Self::forwarding_of(&stored)?;
            if forwarding.from == id.from && forwarding.document == id.document {
                forwardings.push(forwarding);
            }
        }
        self.forwarded_by(&forwardings).await
    }

    /// The document that was forwarded to the box under `id`.
    ///
    /// # Errors
    /// [`Missing::Forwarded`]; [`CoreError::Store`].
    pub(crate) async fn one_forwarded(
        &self,
        box_id: BoxId,
        id: ForwardedId,
    ) -> Result<ForwardedDocument, CoreError> {
        let found = self.forwarded(box_id, &[id]).await?.pop();
        found.ok_or_else(|| Missing::Forwarded { box_id, asked: 1 }.into())
    }

    /// The documents of `forwardings`, in their order, with one reading of each box that forwarded.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub(crate) async fn forwarded_by(
        &self,
        forwardings: &[Forwarding],
    ) -> Result<Vec<ForwardedDocument>, CoreError> {
        let mut places: BTreeMap<BoxId, Vec<(MessageId, Revision)>> = BTreeMap::new();
        for Forwarding { from, document, as_of, .. } in forwardings {
            let of_box = places.entry(*from).or_default();
            if !of_box.contains(&(document.message_id, *as_of)) {
                of_box.push((document.message_id, *as_of));
            }
        }
        let mut states = BTreeMap::new();
        for (from, places) in places {
            for state in self.states_as_of(from, &places).await? {
                states.insert((from, state.message_id, state.revision()), state);
            }
        }
        let seen = forwardings.iter().filter_map(|forwarding| {
            let Forwarding { from, document, as_of, .. } = *forwarding;
            let state = states.get(&(from, document.message_id, as_of))?;
            let seen = Arc::new(forwarding::excerpt(state, document.entity_id)?);
            Some(ForwardedDocument { forwarding: *forwarding, seen })
        });
        Ok(seen.collect())
    }
}
