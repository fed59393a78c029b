//! The flow of version 4: `DocflowV4`.

use potok_domain::EntityState;
use potok_domain::docflow::{
    Docflow, ProxyStatus, Response, ResponseKind, ResponseStatus, RevocationState, Signed,
};
use potok_wire::proto::docflow::{
    AmendmentRequestDocflowV4, DocflowV4, ParticipantResponseDocflowV4, RevocationDocflowV4,
    RevocationRequestDocflow, RevocationResponseDocflowV4, SenderTitleDocflow,
};

use super::approval;
use super::blocks::{Blocks, plain_text};
use super::parts::{self, AmendmentPart, ResponsePart};
use crate::docflow::{Seen, timestamp};
use crate::document;

pub(crate) fn docflow(seen: &Seen<'_>, blocks: &mut Blocks<'_>) -> DocflowV4 {
    let flow = &seen.flow;
    let facts = &flow.facts;
    // As the wire numbers them: the proxy's response stands behind all others.
    let sender_title = sender_title(flow, blocks);
    let confirmation = parts::confirmation(flow).map(|part| Box::new(blocks.confirmation(&part)));
    let recipient_receipt = parts::recipient_receipt(flow).map(|part| Box::new(blocks.receipt(&part)));
    let recipient_response =
        parts::response(flow).map(|part| Box::new(response(&part, &facts.response_out_of_workflow, blocks)));
    let amendment_request =
        parts::newest_amendment(flow).map(|part| Box::new(amendment(flow, &part, blocks)));
    let revocation = revocation(flow, blocks).map(Box::new);
    let sender_receipt = parts::sender_receipt(flow).map(|part| Box::new(blocks.receipt(&part)));
    let resolution_entities = blocks.resolution_entities(&facts.approvals);
    DocflowV4 {
        sender_title,
        confirmation,
        recipient_receipt,
        recipient_response,
        amendment_request,
        revocation,
        sender_receipt,
        resolution: approval::resolution(facts.current_approvals()),
        resolution_entities,
        proxy_response: proxy_response(flow, blocks).map(Box::new),
        // There are no gateways to other systems.
        outer_docflows: Vec::new(),
        outer_docflow_entities: Vec::new(),
        docflow_status: document::docflow_status(flow),
        tt_gis_fixation: blocks.fixation(facts.fixation_cancellation.as_ref()),
    }
}

fn sender_title(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> SenderTitleDocflow {
    let facts = &flow.facts;
    SenderTitleDocflow {
        is_finished: flow.done.title,
        attachment: blocks.signed(&facts.title),
        sent_at: facts.sent_at.map(timestamp),
        delivered_at: facts.delivered_at.map(timestamp),
        roaming_notification: blocks.files.roaming(facts.roaming),
        sender_signature_status: flow.steps.sender_signature as i32,
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(&facts.out_of_workflow),
    }
}

fn response(
    part: &ResponsePart<'_>,
    out_of_workflow: &[&EntityState],
    blocks: &mut Blocks<'_>,
) -> ParticipantResponseDocflowV4 {
    let given = part.response.as_ref();
    let signed = given.map(|given| &given.signed);
    let of_kind = |is: fn(ResponseKind) -> bool| given.filter(|given| is(given.kind));
    let signature = of_kind(|kind| kind == ResponseKind::Signature);
    let title = of_kind(|kind| matches!(kind, ResponseKind::Title { .. }));
    ParticipantResponseDocflowV4 {
        is_finished: part.is_finished,
        signature: signature.and_then(|given| blocks.signature(&given.signed)),
        title: title.map(|given| blocks.signed(&given.signed)),
        rejection: given.filter(|given| given.is_refusal()).map(|refusal| blocks.rejection(refusal)),
        sent_at: signed.and_then(Signed::sent_at).map(timestamp),
        delivered_at: signed.and_then(|signed| signed.delivered_at).map(timestamp),
        response_status: part.status as i32,
        confirmation: part.confirmation.map(|confirmation| Box::new(blocks.confirmation(&confirmation))),
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(out_of_workflow),
    }
}

fn proxy_response(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<ParticipantResponseDocflowV4> {
    let proxy = flow.facts.proxy.filter(|_| flow.needs.proxy)?;
    let part = ResponsePart {
        is_finished: flow.done.proxy,
        status: match flow.steps.proxy {
            ProxyStatus::None => ResponseStatus::NotAcceptable,
            ProxyStatus::Waiting => ResponseStatus::Waiting,
            ProxyStatus::Signed => ResponseStatus::Signed,
            ProxyStatus::Rejected => ResponseStatus::Rejected,
            ProxyStatus::Invalid => ResponseStatus::Invalid,
        },
        response: proxy.response,
        confirmation: None,
    };
    Some(response(&part, &[], blocks))
}

fn amendment(
    flow: &Docflow<'_>,
    part: &AmendmentPart<'_>,
    blocks: &mut Blocks<'_>,
) -> AmendmentRequestDocflowV4 {
    let signed = part.amendment.as_ref().map(|amendment| &amendment.signed);
    AmendmentRequestDocflowV4 {
        is_finished: part.is_finished,
        amendment_request: signed.and_then(|signed| blocks.classic(signed)),
        sent_at: signed.and_then(Signed::sent_at).map(timestamp),
        delivered_at: signed.and_then(|signed| signed.delivered_at).map(timestamp),
        receipt: part.receipt.map(|receipt| Box::new(blocks.receipt(&receipt))),
        amendment_flags: flow.steps.amendment.bits(),
        plain_text: signed.and_then(plain_text),
        confirmation_docflow: part
            .confirmation
            .map(|confirmation| Box::new(blocks.confirmation(&confirmation))),
        universal_message: signed.and_then(|signed| blocks.universal(signed)),
    }
}

fn revocation(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<RevocationDocflowV4> {
    let revocation = flow.facts.revocation?;
    let request = RevocationRequestDocflow {
        revocation_request: blocks.signed(&revocation.request),
        sent_at: revocation.request.sent_at().map(timestamp),
        delivered_at: revocation.request.delivered_at.map(timestamp),
        roaming_notification: blocks.files.roaming(revocation.roaming),
        plain_text: plain_text(&revocation.request),
    };
    Some(RevocationDocflowV4 {
        is_finished: is_decided(flow),
        revocation_request: request,
        revocation_response: revocation.answer.map(|answer| revocation_response(&answer, blocks)),
        initiator_box_id: revocation.initiator.to_string(),
        revocation_status: flow.steps.revocation as i32,
        resolution_entities: flow
            .facts
            .revocation_approvals
            .as_ref()
            .and_then(|approvals| blocks.resolution_entities(approvals)),
        outer_docflow_entities: Vec::new(),
    })
}

fn revocation_response(answer: &Response<'_>, blocks: &mut Blocks<'_>) -> RevocationResponseDocflowV4 {
    let is_refusal = answer.is_refusal();
    RevocationResponseDocflowV4 {
        recipient_signature: if is_refusal { None } else { blocks.signature(&answer.signed) },
        signature_rejection: is_refusal.then(|| blocks.rejection(answer)),
    }
}

/// The revocation was agreed to or refused.
pub(crate) const fn is_decided(flow: &Docflow<'_>) -> bool {
    matches!(flow.revocation, RevocationState::Accepted | RevocationState::Rejected)
}
