//! Requests to amend the document, all of them.

use potok_domain::docflow::{AmendmentFlags, Docflow};
use potok_wire::proto::docflow::{AmendmentRequestDocflowV5, AmendmentRequestRecipientDocflow};

use super::participants::Participants;
use super::titles::delivery;
use super::{confirmation, receipt};
use crate::docflow_v4::blocks::{Blocks, plain_text};
use crate::docflow_v4::parts::{self, AmendmentPart};

/// Every request, oldest first. A document that was revised without having been asked for says so in an element without
/// a file, because the flags have no other place.
pub(super) fn amendments(
    flow: &Docflow<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> Vec<AmendmentRequestDocflowV5> {
    let facts = &flow.facts;
    let requests: Vec<AmendmentPart<'_>> = match facts.amendments[..] {
        [] => parts::newest_amendment(flow).into_iter().collect(),
        _ => facts.amendments.iter().map(|request| parts::amendment(flow, *request)).collect(),
    };
    requests.iter().map(|part| amendment(flow, part, participants, blocks)).collect()
}

fn amendment(
    flow: &Docflow<'_>,
    part: &AmendmentPart<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> AmendmentRequestDocflowV5 {
    let signed = part.amendment.as_ref().map(|amendment| &amendment.signed);
    let is_requested = signed.is_some_and(|signed| !signed.is_invalid());
    let flags = AmendmentFlags { is_requested, ..flow.steps.amendment };
    AmendmentRequestDocflowV5 {
        requester: participants.recipient().clone(),
        recipient_docflows: signed
            .map(|signed| AmendmentRequestRecipientDocflow {
                recipient: participants.sender.clone(),
                receipt: part.receipt.map(|part| receipt(blocks.receipt(&part))),
                delivery: delivery(signed),
                confirmation: part.confirmation.map(|part| confirmation(blocks.confirmation(&part))),
            })
            .into_iter()
            .collect(),
        is_finished: part.is_finished,
        amendment_request: signed.and_then(|signed| blocks.classic(signed)),
        amendment_flags: flags.bits(),
        plain_text: signed.and_then(plain_text),
        universal_message: signed.and_then(|signed| blocks.universal(signed)),
        target_entity_id: Some(flow.facts.entity.entity.id.to_string()),
    }
}
