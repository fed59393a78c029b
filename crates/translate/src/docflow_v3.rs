//! The docflow as version 3 of the API shows it: version 4 without universal messages.

use potok_domain::MessageState;
use potok_domain::docflow::Relations;
use potok_types::EntityId;
use potok_wire::proto::docflow as wire;

use crate::ContentPlan;
use crate::docflow::Seen;
use crate::docflow::files::Files;
use crate::docflow_v4::blocks::UniversalMessages;

/// The docflow of `document` in the box of `state`, with the bytes that `contents` gives when `inject_content` is set
/// for it (`GetDocflowRequest.InjectEntityContent`). `None` when `state` has no such root document.
pub fn document_with_docflow(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<wire::DocumentWithDocflowV3> {
    let seen = Seen::of(state, document, relations)?;
    let files = Files { inject_content, contents };
    let shown = crate::docflow_v4::show(&seen, UniversalMessages::Hidden, files);
    Some(wire::DocumentWithDocflowV3 {
        document_id: shown.document_id,
        last_event: shown.last_event,
        document_info: shown.document_info,
        docflow: docflow(shown.docflow),
    })
}

fn docflow(v4: wire::DocflowV4) -> wire::DocflowV3 {
    wire::DocflowV3 {
        sender_title: v4.sender_title,
        confirmation: boxed(v4.confirmation, confirmation),
        proxy_response: boxed(v4.proxy_response, response),
        recipient_receipt: boxed(v4.recipient_receipt, receipt),
        recipient_response: boxed(v4.recipient_response, response),
        amendment_request: boxed(v4.amendment_request, amendment),
        revocation: boxed(v4.revocation, revocation),
        sender_receipt: boxed(v4.sender_receipt, receipt),
        resolution: v4.resolution,
        resolution_entities: v4.resolution_entities,
        outer_docflows: v4.outer_docflows,
        outer_docflow_entities: v4.outer_docflow_entities,
        docflow_status: v4.docflow_status,
        tt_gis_fixation: v4.tt_gis_fixation,
    }
}

fn boxed<A, B>(part: Option<Box<A>>, convert: fn(A) -> B) -> Option<Box<B>> {
    part.map(|part| Box::new(convert(*part)))
}

fn receipt(v4: wire::ReceiptDocflowV4) -> wire::ReceiptDocflowV3 {
    wire::ReceiptDocflowV3 {
        is_finished: v4.is_finished,
        receipt_attachment: v4.receipt_attachment,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        confirmation: boxed(v4.confirmation, confirmation),
        status: v4.status,
    }
}

fn confirmation(v4: wire::ConfirmationDocflowV4) -> wire::ConfirmationDocflow {
    wire::ConfirmationDocflow {
        is_finished: v4.is_finished,
        confirmation_attachment: v4.confirmation_attachment,
        confirmed_at: v4.confirmed_at,
        receipt: boxed(v4.receipt, receipt),
        roaming_confirmation: v4.roaming_confirmation,
    }
}

fn response(v4: wire::ParticipantResponseDocflowV4) -> wire::ParticipantResponseDocflow {
    wire::ParticipantResponseDocflow {
        is_finished: v4.is_finished,
        signature: v4.signature,
        title: v4.title,
        rejection: rejection(v4.rejection),
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        response_status: v4.response_status,
        confirmation: boxed(v4.confirmation, confirmation),
    }
}

/// Version 3 requires the file. It is always there, because without universal messages theirs stands in its place.
fn rejection(
    v4: Option<Box<wire::SignatureRejectionDocflowV4>>,
) -> Option<Box<wire::SignatureRejectionDocflow>> {
    let v4 = *v4?;
    Some(Box::new(wire::SignatureRejectionDocflow {
        signature_rejection: v4.signature_rejection?,
        is_formal: v4.is_formal,
        delivered_at: v4.delivered_at,
        plain_text: v4.plain_text,
    }))
}

fn amendment(v4: wire::AmendmentRequestDocflowV4) -> wire::AmendmentRequestDocflow {
    wire::AmendmentRequestDocflow {
        is_finished: v4.is_finished,
        amendment_request: v4.amendment_request,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        receipt: boxed(v4.receipt, receipt),
        amendment_flags: v4.amendment_flags,
        plain_text: v4.plain_text,
        confirmation_docflow: boxed(v4.confirmation_docflow, confirmation),
    }
}

fn revocation(v4: wire::RevocationDocflowV4) -> wire::RevocationDocflowV3 {
    wire::RevocationDocflowV3 {
        is_finished: v4.is_finished,
        revocation_request: v4.revocation_request,
        revocation_response: v4.revocation_response.map(|response| wire::RevocationResponseDocflow {
            recipient_signature: response.recipient_signature,
            signature_rejection: rejection(response.signature_rejection),
        }),
        initiator_box_id: v4.initiator_box_id,
        revocation_status: v4.revocation_status,
        resolution_entities: v4.resolution_entities,
        outer_docflow_entities: v4.outer_docflow_entities,
    }
}
