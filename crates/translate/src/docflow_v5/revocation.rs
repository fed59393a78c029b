//! The newest request to revoke the document, with the answers of all who must answer it.

use potok_domain::docflow::Docflow;
use potok_wire::proto::docflow::{
    RevocationDocflowV5, RevocationRequestDocflowV5, RevocationResponseDocflowV5,
};

use super::participants::Participants;
use super::resolution;
use crate::docflow::timestamp;
use crate::docflow_v4::blocks::{Blocks, plain_text};
use crate::docflow_v4::is_decided;

pub(super) fn revocation(
    flow: &Docflow<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> Option<RevocationDocflowV5> {
    let revocation = flow.facts.revocation?;
    let request = &revocation.request;
    let (initiator, other) = participants.with_box(revocation.initiator);
    let answer = revocation.answer;
    let refusal = answer.filter(|answer| answer.is_refusal());
    let agreement = answer.filter(|answer| !answer.is_refusal());
    Some(RevocationDocflowV5 {
        is_finished: is_decided(flow),
        revocation_request: RevocationRequestDocflowV5 {
            revocation_request: blocks.signed(request),
            sent_at: request.sent_at().map(timestamp),
            delivered_at: request.delivered_at.map(timestamp),
            roaming_notification: blocks.files.roaming(revocation.roaming),
            plain_text: plain_text(request),
        },
        revocation_response: if revocation.is_unilateral {
            Vec::new()
        } else {
            vec![RevocationResponseDocflowV5 {
                participant: other.clone(),
                is_finished: answer.is_some_and(|answer| answer.signed.is_settled()),
                signature: agreement.and_then(|agreement| blocks.signature(&agreement.signed)),
                rejection: refusal.map(|refusal| blocks.rejection(&refusal)),
            }]
        },
        initiator: initiator.clone(),
        revocation_status: flow.steps.revocation as i32,
        resolution: flow
            .facts
            .revocation_approvals
            .as_ref()
            .and_then(|approvals| resolution(approvals, blocks)),
        outer_docflows: Vec::new(),
    })
}
