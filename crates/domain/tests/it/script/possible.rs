//! What may come next in a story.

use potok_domain::MessageType;
use potok_domain::docflow::docflow;

use super::{Who, World, document_id};

impl World {
    /// Every step that may come next.
    pub(crate) fn possible_steps(&self) -> Vec<&'static str> {
        let mut steps = Vec::new();
        if self.is_in_flight() {
            steps.extend(["deliver", "fail"]);
        }
        let Some(sender) = self.state(Who::A) else { return steps };
        let Some(flow) = docflow(&sender, document_id()) else { return steps };
        steps.push("A approve");
        if flow.flags.can_be_signed_by_sender && sender.message_type == MessageType::Letter {
            steps.push("A sign");
        }
        if flow.facts.confirmation.is_some_and(|confirmation| confirmation.receipt.is_none()) {
            steps.push("A acknowledge");
        }
        let Some(recipient) = self.state(Who::B) else { return steps };
        let Some(flow) = docflow(&recipient, document_id()) else { return steps };
        steps.push("B approve");
        if flow.flags.can_be_answered_by_recipient {
            steps.extend(["B sign", "B refuse", "B refuse-plainly"]);
        }
        if flow.flags.can_be_receipted {
            steps.push("B receipt");
        }
        if flow.flags.can_be_answered_by_recipient && flow.flags.can_be_receipted {
            steps.push("B sign+receipt");
        }
        if flow.done.title && flow.facts.confirmation.is_none() {
            steps.push("confirm document");
        }
        if let Some(receipt) = flow.facts.receipt.filter(|receipt| receipt.signed.is_settled()) {
            steps.push(if receipt.confirmation.is_none() { "confirm receipt" } else { "B acknowledge" });
        }
        steps
    }
}
