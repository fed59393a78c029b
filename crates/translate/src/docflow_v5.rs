//! The docflow as version 5 of the API shows it: one flow for each title, with what every other participant does about
//! it, for any number of titles and participants.

mod amendments;
pub(crate) mod participants;
mod revocation;
mod titles;

use potok_domain::MessageState;
use potok_domain::docflow::{Approvals, Relations};
use potok_types::EntityId;
use potok_wire::proto::docflow::{ConfirmationDocflowV4, ReceiptDocflowV4};
use potok_wire::proto::docflow::{
    ConfirmationDocflowV5, DocflowV5, DocumentInfoV3, DocumentInfoV5, DocumentTemplateInfoV2,
    DocumentWithDocflowV5, ReceiptDocflowV5, ResolutionDocflowV5,
};

use crate::docflow::Seen;
use crate::docflow::files::Files;
use crate::docflow_v4::blocks::{Blocks, UniversalMessages};
use crate::docflow_v4::info;
use crate::{ContentPlan, document};

use participants::Participants;

/// The docflow of `document` in the box of `state`, with the bytes that `contents` gives when `inject_content` is set
/// for it (`GetDocflowRequest.InjectEntityContent`). `None` when `state` has no such root document.
pub fn document_with_docflow(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<DocumentWithDocflowV5> {
    let seen = Seen::of(state, document, relations)?;
    let files = Files { inject_content, contents };
    let mut blocks = Blocks { seen: &seen, universal_messages: UniversalMessages::Shown, files };
    Some(DocumentWithDocflowV5 {
        document_id: seen.document_id(),
        last_event: seen.last_event(),
        document_info: document_info(state, info::document_info(&seen)),
        docflow: docflow(&seen, &mut blocks),
    })
}

fn docflow(seen: &Seen<'_>, blocks: &mut Blocks<'_>) -> DocflowV5 {
    let flow = &seen.flow;
    let participants = Participants::of(seen.state);
    DocflowV5 {
        titles: titles::titles(flow, &participants, blocks),
        amendment_requests: amendments::amendments(flow, &participants, blocks),
        revocation: revocation::revocation(flow, &participants, blocks).map(Box::new),
        // There are no gateways to other systems.
        outer_docflows: Vec::new(),
        docflow_status: document::docflow_status(flow),
        tt_gis_fixation: blocks.fixation(flow.facts.fixation_cancellation.as_ref()),
        resolution: resolution(&flow.facts.approvals, blocks),
    }
}

/// As version 3, but for the participants.
fn document_info(state: &MessageState, v3: DocumentInfoV3) -> DocumentInfoV5 {
    let participants = || Participants::of(state).all();
    DocumentInfoV5 {
        full_version: v3.full_version,
        message_type: v3.message_type,
        workflow_id: v3.workflow_id,
        participants: participants(),
        document_direction: v3.document_direction,
        department_id: v3.department_id,
        custom_document_id: v3.custom_document_id,
        metadata: v3.metadata,
        custom_data: v3.custom_data,
        document_links: v3.document_links,
        packet_info: v3.packet_info,
        is_read: v3.is_read,
        is_deleted: v3.is_deleted,
        is_invitation: v3.is_invitation,
        letter_info: v3.letter_info,
        draft_info: v3.draft_info,
        template_info: v3.template_info.map(|template| DocumentTemplateInfoV2 {
            letter_participants: state
                .template
                .map_or_else(participants, |template| participants::of_letter(state, &template)),
            transformed_to_letter_ids: template.transformed_to_letter_ids,
            template_transformation_infos: template.template_transformation_infos,
            template_refusal_info: template.template_refusal_info,
            is_reusable: template.is_reusable,
        }),
        origin: v3.origin,
        editing_setting_id: v3.editing_setting_id,
        has_unread_out_of_workflow_universal_messages: v3.has_unread_out_of_workflow_universal_messages,
    }
}

/// How approval stands; `None` when nothing was ever asked or said.
fn resolution(approvals: &Approvals<'_>, blocks: &mut Blocks<'_>) -> Option<ResolutionDocflowV5> {
    let entities = blocks.resolution_entities(approvals)?;
    Some(ResolutionDocflowV5 {
        is_finished: approvals.status.is_finished(),
        resolution_status: approvals.status as i32,
        current_resolution_entity_id: approvals.newest.map(|newest| newest.entity.id.to_string()),
        resolution_entities: Some(entities),
    })
}

fn receipt(v4: ReceiptDocflowV4) -> Box<ReceiptDocflowV5> {
    Box::new(ReceiptDocflowV5 {
        is_finished: v4.is_finished,
        receipt_attachment: v4.receipt_attachment,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        status: v4.status,
        confirmation: v4.confirmation.map(|v4| confirmation(*v4)),
        universal_message: v4.universal_message,
    })
}

fn confirmation(v4: ConfirmationDocflowV4) -> Box<ConfirmationDocflowV5> {
    Box::new(ConfirmationDocflowV5 {
        is_finished: v4.is_finished,
        confirmation_attachment: v4.confirmation_attachment,
        confirmed_at: v4.confirmed_at,
        receipt: v4.receipt.map(|v4| receipt(*v4)),
        roaming_confirmation: v4.roaming_confirmation,
    })
}
