//! What all versions of the docflow share: files, texts, and the questions every version is asked.

pub(crate) mod files;
mod version;

use potok_domain::docflow::{self, Docflow};
use potok_domain::{DocumentRef, MessageState};
use potok_types::{EntityId, Ticks};
use potok_wire::proto;
use potok_wire::proto::docflow::LastEvent;

use crate::document;

pub use potok_domain::docflow::{HiddenLinks, Referrer, Relations};
pub use version::{DocflowEvent, DocflowVersion, Previous, V2, V3, V4, V5};

/// One document with its docflow, before it takes the shape of a version.
pub(crate) struct Seen<'a> {
    pub(crate) state: &'a MessageState,
    pub(crate) flow: Docflow<'a>,
    pub(crate) relations: &'a Relations<'a>,
}

impl<'a> Seen<'a> {
    /// `None` when `state` has no root document `document`.
    pub(crate) fn of(
        state: &'a MessageState,
        document: EntityId,
        relations: &'a Relations<'a>,
    ) -> Option<Self> {
        let flow = docflow::docflow_with(state, document, relations)?;
        Some(Self { state, flow, relations })
    }

    pub(crate) fn document_id(&self) -> proto::DocumentId {
        let entity_id = self.flow.facts.entity.entity.id;
        document::id(DocumentRef { message_id: self.state.message_id, entity_id })
    }

    /// The newest event that counts, even if it changed only another document of the message.
    pub(crate) fn last_event(&self) -> LastEvent {
        let last = self.state.last_event();
        LastEvent {
            event_id: last.map(|event| event.id.to_string()).unwrap_or_default(),
            timestamp: timestamp(last.map_or(Ticks::new(0), |event| event.at)),
        }
    }

    pub(crate) fn department_id(&self) -> String {
        document::department_id(self.state, self.flow.facts.entity.entity.id)
    }
}

pub(crate) fn timestamp(at: Ticks) -> proto::Timestamp {
    proto::Timestamp { ticks: at.get() }
}
