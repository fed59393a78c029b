//! What lists of documents are filtered, ordered and searched by: one row for each document of a box.
//!
//! A row is a pure function of the message's state, so that all of them can be made again from the journal. Stores keep
//! the newest row of each document, and replace it with the event that changes it.

mod status;
mod tokens;

use potok_types::{BoxId, DepartmentId, PacketId, Ticks};

use crate::docflow::{Docflow, Docflows};
use crate::{
    AddresseeId, Direction, Document, DocumentRef, EntityState, MessageState, MessageType, Side, Tag,
};

pub use crate::values::{DocumentDate, Sum};
pub use status::{StatusSet, StatusWord};
pub use tokens::{TagQuery, counteragent_token, fold, name_token, original_token, query_tokens, tag_query};

/// One document of a box, as lists see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Which document.
    pub document: DocumentRef,
    /// What many documents have in common.
    pub traits: RowTraits,
    /// When it was made, the same in every box.
    pub created_at: Ticks,
    /// By what it is ordered: when it was sent (outbound and internal) or arrived (inbound); when it was made, as long
    /// as it is not sent. Never before [`Self::created_at`].
    pub listed_at: Ticks,
    /// The other box.
    pub counteragent: BoxId,
    /// Its number.
    pub number: Option<String>,
    /// Its own date, when it has one that can be read.
    pub date: Option<DocumentDate>,
    /// Its file.
    pub file_name: Option<String>,
    /// What it is about in money, when that can be read.
    pub total_sum: Option<Sum>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The poster's own id; in the poster's box only.
    pub custom_document_id: Option<String>,
    /// Its packet.
    pub packet: PacketId,
    /// Since when it belongs to that packet.
    pub packet_since: Ticks,
    /// Who was asked about it, each once, in order: they see it wherever it lies.
    pub asked: Vec<AddresseeId>,
    /// By which words it is found: folded, sorted, each once. [`name_token`] of its number and of its file is among them.
    pub tokens: Vec<String>,
}

/// The part of a row that has few values in a box, so that documents can be counted and found by it together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowTraits {
    /// `TypeNamedId`.
    pub type_named_id: String,
    /// Letter, draft or template.
    pub message_type: MessageType,
    /// From where to where.
    pub direction: Direction,
    /// An intermediate addressee takes part.
    pub has_proxy: bool,
    /// It was deleted in this box.
    pub is_deleted: bool,
    /// The sender signed it.
    pub is_sent: bool,
    /// The statuses by which it is found.
    pub statuses: StatusSet,
    /// Where it lies in this box.
    pub department: DepartmentId,
    /// From which department to which one, for documents inside the organization.
    pub route: Option<(DepartmentId, DepartmentId)>,
}

/// The rows of all documents of the state of `docflows`.
pub fn document_rows(docflows: &Docflows<'_>) -> Vec<DocumentRow> {
    let mut asked = docflows.state().asked();
    let rows = docflows.state().documents().filter_map(|(found, document)| {
        let mut row = row(docflows, found, document)?;
        row.asked.extend(asked.remove(&found.entity.id).unwrap_or_default());
        Some(row)
    });
    rows.collect()
}

fn row(docflows: &Docflows<'_>, found: &EntityState, document: &Document) -> Option<DocumentRow> {
    let (state, id) = (docflows.state(), found.entity.id);
    let flow = docflows.get(id)?;
    let now = state.document_state(id)?;
    let file_name =
        found.entity.file_name.clone().or_else(|| document.metadata("FileName").map(str::to_owned));
    let number = document.metadata("DocumentNumber").map(str::trim).filter(|number| !number.is_empty());
    let mut row = DocumentRow {
        document: DocumentRef { message_id: state.message_id, entity_id: id },
        traits: traits(state, flow),
        created_at: found.entity.created_at,
        listed_at: listed_at(flow),
        counteragent: state.counteragent().box_id,
        number: number.map(str::to_owned),
        date: document.metadata("DocumentDate").and_then(DocumentDate::parse),
        file_name,
        total_sum: document.metadata("TotalSum").and_then(Sum::parse),
        tags: now.tags.clone(),
        custom_document_id: document.custom_document_id.clone(),
        packet: now.packet,
        packet_since: now.packet_since,
        asked: Vec::new(),
        tokens: Vec::new(),
    };
    row.tokens = tokens::of_row(&row, document, &state.counteragent().title);
    Some(row)
}

fn traits(state: &MessageState, flow: &Docflow<'_>) -> RowTraits {
    let zero = DepartmentId::ZERO;
    RowTraits {
        type_named_id: flow.facts.document.kind.type_named_id.clone(),
        message_type: state.message_type,
        direction: state.direction(),
        has_proxy: flow.facts.proxy.is_some(),
        is_deleted: flow.facts.is_deleted,
        is_sent: flow.facts.sent_at.is_some(),
        statuses: StatusSet::of(state, flow),
        department: state.department_of(flow.facts.entity.entity.id),
        route: state
            .is_internal
            .then(|| (state.from.department.unwrap_or(zero), state.to.department.unwrap_or(zero))),
    }
}

fn listed_at(flow: &Docflow<'_>) -> Ticks {
    let facts = &flow.facts;
    let at = match facts.side {
        Side::Sender | Side::Internal => facts.sent_at,
        Side::Recipient | Side::Proxy => facts.sent_at.and(facts.delivered_at),
    };
    // Clocks of several machines may differ; searches rely on this order.
    at.map_or(facts.entity.entity.created_at, |at| at.max(facts.entity.entity.created_at))
}

#[cfg(test)]
mod tests;
