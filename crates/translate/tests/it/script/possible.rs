//! What may come next in a story.

use potok_domain::docflow::{Docflow, RevocationState, docflow};
use potok_domain::*;

use super::{Who, World, document_id};

impl World {
    /// Every step that may come next.
    pub(crate) fn possible_steps(&self) -> Vec<&'static str> {
        let mut steps = Vec::new();
        if let Some((from, event)) = self.on_their_way.front() {
            steps.push("deliver");
            let event = self.events(*from).iter().find(|found| found.id == *event).expect("it is there");
            // What is not signed cannot fail.
            if event.entities().iter().any(|entity| entity.signature().is_some()) {
                steps.push("fail");
            }
        }
        if let Some(state) = self.state(Who::A)
            && let Some(flow) = docflow(&state, document_id())
        {
            steps.push("A approve");
            if flow.flags.can_be_signed_by_sender && state.message_type == MessageType::Letter {
                steps.push("A sign");
            }
            self.sender_steps(&flow, &mut steps);
            revocation_steps(&flow, Who::A, &mut steps);
            approval_steps(&flow, &mut steps);
        }
        if let Some(state) = self.state(Who::B)
            && let Some(flow) = docflow(&state, document_id())
        {
            steps.push("B approve");
            recipient_steps(&flow, &mut steps);
            revocation_steps(&flow, Who::B, &mut steps);
            confirmation_steps(&flow, &mut steps);
        }
        steps
    }

    fn sender_steps(&self, flow: &Docflow<'_>, steps: &mut Vec<&'static str>) {
        let facts = &flow.facts;
        if facts.confirmation.is_some_and(|confirmation| confirmation.receipt.is_none()) {
            steps.push("A acknowledge");
        }
        if flow.needs.sender_receipt && facts.sender_receipt.is_none() && flow.done.title {
            steps.push("A receipt on title");
        }
        let answered = facts.amendment.is_none_or(|amendment| amendment.receipt.is_some());
        if flow.needs.amendment_receipt && !answered {
            steps.push("A receipt on amendment");
        }
        if facts.is_deleted {
            steps.push("A restore");
        } else if flow.done.title {
            steps.extend(["A delete", "A move", "A tag ключ значение", "A untag ключ", "A say 4002"]);
        }
    }
}

fn recipient_steps(flow: &Docflow<'_>, steps: &mut Vec<&'static str>) {
    let is_title = flow.facts.workflow.response_is_title();
    if flow.flags.can_be_answered_by_recipient {
        steps.extend(["B refuse", "B say 3999"]);
        match is_title {
            true => steps.extend(["B title", "B title partly", "B title asks-receipt"]),
            false => steps.extend(["B sign", "B refuse-plainly"]),
        }
    }
    if flow.flags.can_be_receipted {
        steps.extend(["B receipt", "B say 1999"]);
        if flow.flags.can_be_answered_by_recipient && !is_title {
            steps.push("B sign+receipt");
        }
    }
    let is_revoked = flow.revocation == RevocationState::Accepted;
    if flow.facts.workflow.may_request_amendment() && flow.done.title && !is_revoked {
        steps.extend(["B amend", "B say 2999", "B say 4003 aside"]);
    }
}

/// Either side asks, and the other one answers.
fn revocation_steps(flow: &Docflow<'_>, who: Who, steps: &mut Vec<&'static str>) {
    let of = |ours: &'static str, theirs: &'static str| if who == Who::A { ours } else { theirs };
    let unanswered = flow.facts.revocation.is_some_and(|revocation| revocation.answer.is_none());
    match flow.revocation {
        RevocationState::None | RevocationState::Rejected if who == Who::A && flow.done.title => {
            steps.push("A revoke");
        }
        RevocationState::None | RevocationState::Rejected if flow.is_finished => steps.push("B revoke"),
        RevocationState::Pending { by_viewer: false } if unanswered => {
            steps.extend([of("A agree", "B agree"), of("A disagree", "B disagree")]);
        }
        _ => {}
    }
}

fn approval_steps(flow: &Docflow<'_>, steps: &mut Vec<&'static str>) {
    let approvals = &flow.facts.approvals;
    steps.extend(["A ask approval", "A ask signature", "A resolve yes", "A resolve no"]);
    if approvals.requests.last().is_some_and(|request| request.resolved_with.is_none()) {
        steps.extend(["A deny", "A cancel request"]);
    }
    if !approvals.denials.is_empty() {
        steps.push("A cancel denial");
    }
    if !approvals.resolutions.is_empty() {
        steps.push("A cancel resolution");
    }
}

/// What the operator does, to both boxes, once something has arrived.
fn confirmation_steps(flow: &Docflow<'_>, steps: &mut Vec<&'static str>) {
    let facts = &flow.facts;
    if flow.done.title && facts.confirmation.is_none() {
        steps.push("confirm document");
    }
    let receipt = facts
        .receipt
        .filter(|receipt| receipt.signed.is_settled() && receipt.signed.universal_message().is_none());
    if let Some(receipt) = receipt {
        steps.push(if receipt.confirmation.is_none() { "confirm receipt" } else { "B acknowledge" });
    }
    let answer = facts.response.filter(|answer| {
        answer.signed.is_settled()
            && answer.signed.universal_message().is_none()
            && flow.needs.response_confirmation
            && answer.confirmation.is_none()
    });
    if answer.is_some() {
        steps.push("confirm answer");
    }
}
