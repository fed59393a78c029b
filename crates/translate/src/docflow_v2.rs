//! The docflow as version 2 of the API shows it: `DocumentWithDocflow`.
//!
//! Structures are built in the order of their field numbers, because that is the order in which contents draw on the
//! budgets of an answer. Facts equal to the default of their field are written all the same: readers compare them.

mod blocks;
mod flows;
mod info;

use potok_domain::docflow::{self, Severity, Status};
use potok_domain::{DocumentRef, MessageState, MessageType};
use potok_types::{EntityId, Ticks};
use potok_wire::proto;
use potok_wire::proto::docflow::{
    Docflow, DocflowStatus, DocflowStatusModel, DocflowStatusSeverity, DocumentWithDocflow,
};

use crate::document::{self, links};
use crate::{ContentKind, ContentPlan};

use blocks::Blocks;

/// What is known about a document outside its own message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relations<'a> {
    /// Documents of other messages of the box that refer to it.
    pub subordinates: &'a [DocumentRef],
}

/// The docflow of `document` in the box of `state`, with the bytes that `contents` gives when `inject_content` is set
/// for it (`GetDocflowRequest.InjectEntityContent`). `None` when `state` has no such root document.
pub fn document_with_docflow(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<DocumentWithDocflow> {
    let flow = docflow::docflow(state, document)?;
    let last_event = state.last_event();
    Some(DocumentWithDocflow {
        document_id: Some(document::id(DocumentRef { message_id: state.message_id, entity_id: document })),
        last_event_id: last_event.map(|event| event.id.to_string()),
        last_event_timestamp: last_event.map(|event| timestamp(event.at)),
        document_info: Some(Box::new(info::document_info(state, &flow))),
        docflow: Some(Box::new(show(state, &flow, &mut Blocks { inject_content, contents }))),
        initial_document_ids: links::initial(state, &flow),
        subordinate_document_ids: links::subordinate(state, &flow, relations.subordinates),
        forward_document_events: Vec::new(),
    })
}

fn show(state: &MessageState, flow: &docflow::Docflow<'_>, blocks: &mut Blocks<'_>) -> Docflow {
    let facts = &flow.facts;
    let mut shown = Docflow {
        is_finished: Some(flow.is_finished),
        document_attachment: Some(blocks.document(facts)),
        department_id: Some(match facts.message_type {
            MessageType::Draft => String::new(),
            MessageType::Letter | MessageType::Template => {
                state.department_of(facts.entity.entity.id).to_string()
            }
        }),
        document_is_deleted: Some(facts.is_deleted),
        docflow_status: Some(DocflowStatus {
            primary_status: Some(status(&flow.primary_status)),
            secondary_status: flow.secondary_status.as_ref().map(status),
        }),
        send_timestamp: facts.sent_at.map(timestamp),
        delivery_timestamp: facts.delivered_at.map(timestamp),
        can_document_be_revoked_unilaterally_by_sender: Some(flow.flags.can_be_revoked_by_sender_alone),
        packet_id: facts.entity.document.as_ref().map(|document| document.packet.to_string()),
        custom_data: document::tags(state, facts.entity.entity.id),
        ..Docflow::default()
    };
    flows::fill(&mut shown, flow, blocks);
    shown
}

fn status(status: &Status) -> DocflowStatusModel {
    let severity = match status.severity {
        Severity::Info => DocflowStatusSeverity::Info,
        Severity::Success => DocflowStatusSeverity::Success,
        Severity::Warning => DocflowStatusSeverity::Warning,
        Severity::Error => DocflowStatusSeverity::Error,
    };
    DocflowStatusModel {
        severity: Some(severity as i32),
        status_text: Some(status.text.clone().into_owned()),
        status_hint: None,
    }
}

fn timestamp(at: Ticks) -> proto::Timestamp {
    proto::Timestamp { ticks: at.get() }
}

/// The file of a root document draws on a budget of its own; all other files share the second one.
const fn kind_of(is_document: bool) -> ContentKind {
    if is_document { ContentKind::Main } else { ContentKind::Other }
}
