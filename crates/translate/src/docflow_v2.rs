//! The docflow as version 2 of the API shows it: `DocumentWithDocflow`.
//!
//! Structures are built in the order of their field numbers, because that is the order in which contents draw on the
//! budgets of an answer. Facts equal to the default of their field are written all the same: readers compare them.

mod blocks;
mod flows;
mod info;

use potok_domain::MessageState;
use potok_domain::docflow::{Relations, Severity, Status};
use potok_types::EntityId;
use potok_wire::proto::docflow::{
    Docflow, DocflowStatus, DocflowStatusModel, DocflowStatusSeverity, DocumentWithDocflow,
};

use crate::ContentPlan;
use crate::docflow::files::Files;
use crate::docflow::{Seen, timestamp};
use crate::document::{self, links};

use blocks::Blocks;

/// The docflow of `document` in the box of `state`, with the bytes that `contents` gives when `inject_content` is set
/// for it (`GetDocflowRequest.InjectEntityContent`). `None` when `state` has no such root document.
pub fn document_with_docflow(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<DocumentWithDocflow> {
    let seen = Seen::of(state, document, relations)?;
    let flow = &seen.flow;
    let last_event = seen.last_event();
    let mut blocks = Blocks { files: Files { inject_content, contents } };
    Some(DocumentWithDocflow {
        document_id: Some(seen.document_id()),
        last_event_id: Some(last_event.event_id),
        last_event_timestamp: Some(last_event.timestamp),
        document_info: Some(Box::new(info::document_info(state, flow))),
        docflow: Some(Box::new(show(&seen, &mut blocks))),
        initial_document_ids: links::initial(state, flow, relations),
        subordinate_document_ids: links::subordinate(state, flow, relations),
        forward_document_events: document::forwards(seen.flow.facts.state),
    })
}

fn show(seen: &Seen<'_>, blocks: &mut Blocks<'_>) -> Docflow {
    let flow = &seen.flow;
    let facts = &flow.facts;
    let mut shown = Docflow {
        is_finished: Some(flow.is_finished),
        document_attachment: Some(blocks.document(facts)),
        department_id: Some(seen.department_id()),
        document_is_deleted: Some(facts.is_deleted),
        docflow_status: Some(DocflowStatus {
            primary_status: Some(status(&flow.primary_status)),
            secondary_status: flow.secondary_status.as_ref().map(status),
        }),
        send_timestamp: facts.sent_at.map(timestamp),
        delivery_timestamp: facts.delivered_at.map(timestamp),
        can_document_be_revoked_unilaterally_by_sender: Some(flow.flags.can_be_revoked_by_sender_alone),
        packet_id: Some(facts.state.packet.to_string()),
        custom_data: document::tags(seen.state, facts.entity.entity.id),
        ..Docflow::default()
    };
    flows::fill(&mut shown, flow, blocks);
    shown.roaming_notification = blocks.files.roaming(facts.roaming);
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
