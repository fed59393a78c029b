//! What has to be done in a flow, and what is done, as seen from one box.

use crate::Side;
use crate::workflow::WorkflowSettings;

use super::facts::{Amendment, Confirmation, Facts, ResponseKind, Signed};

/// What the workflow and the flags of the post ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The recipient may sign, answer with a title, or refuse.
    pub may_respond: bool,
    /// It must.
    pub response: bool,
    /// Title 0 may be answered with a receipt.
    pub may_receipt: bool,
    /// It must be.
    pub receipt: bool,
    /// The sender must answer the recipient's title with a receipt.
    pub sender_receipt: bool,
    /// An intermediate addressee has to answer first.
    pub proxy: bool,
    /// The operator confirms title 0 to this box.
    pub confirmation: bool,
    /// This box acknowledges that confirmation.
    pub confirmation_receipt: bool,
    /// The operator confirms the recipient's answer to this box.
    pub response_confirmation: bool,
    /// The operator confirms the recipient's receipt to this box.
    pub receipt_confirmation: bool,
    /// This box acknowledges that confirmation.
    pub receipt_confirmation_receipt: bool,
    /// The operator confirms the sender's receipt to this box.
    pub sender_receipt_confirmation: bool,
    /// This box acknowledges that confirmation.
    pub sender_receipt_confirmation_receipt: bool,
    /// The operator confirms amendment requests to this box.
    pub amendment_confirmation: bool,
    /// The sender answers amendment requests with a receipt.
    pub amendment_receipt: bool,
}

impl Needs {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let needs = Self::of_parties(facts);
        if facts.side != Side::Proxy {
            return needs;
        }
        // It signs or refuses; all else is between sender and recipient, and it does not see that.
        Self {
            may_respond: needs.may_respond,
            response: needs.response,
            proxy: needs.proxy,
            ..Self::default()
        }
    }

    fn of_parties(facts: &Facts<'_>) -> Self {
        let workflow = facts.workflow;
        let title = facts.response.filter(|response| matches!(response.kind, ResponseKind::Title { .. }));
        let is_recipient = facts.side.is_receiving();
        let is_sender = facts.side.is_sending();
        // The operator confirms no universal messages, and nobody answers them.
        let is_confirmed =
            |signed: Option<Signed<'_>>| signed.is_none_or(|signed| signed.universal_message().is_none());
        let receipt = is_confirmed(facts.receipt.map(|receipt| receipt.signed));
        let sender_receipt = is_confirmed(facts.sender_receipt.map(|receipt| receipt.signed));
        let response = is_confirmed(facts.response.map(|response| response.signed));
        Self {
            may_respond: workflow.may_respond(),
            response: workflow.needs_response(facts.document.need_recipient_signature),
            may_receipt: workflow.may_receipt(),
            receipt: workflow.needs_receipt(facts.entity.entity.need_receipt),
            sender_receipt: title.is_some_and(|title| {
                !title.signed.is_invalid()
                    && workflow.needs_sender_receipt(title.signed.file.entity.need_receipt)
            }),
            proxy: workflow.proxy.is_some() && facts.proxy.is_some(),
            confirmation: workflow.title_is_confirmed(),
            confirmation_receipt: workflow.confirmation_receipt,
            response_confirmation: response && workflow.response_is_confirmed(),
            receipt_confirmation: receipt && workflow.receipt_is_confirmed(is_recipient),
            receipt_confirmation_receipt: receipt && workflow.receipt_confirmation_receipt && is_recipient,
            sender_receipt_confirmation: sender_receipt && workflow.receipt_is_confirmed(is_sender),
            sender_receipt_confirmation_receipt: sender_receipt
                && workflow.receipt_confirmation_receipt
                && is_sender,
            amendment_confirmation: match &facts.amendment {
                Some(amendment) => amendment.needs_confirmation(workflow),
                None => workflow.amendment_is_confirmed(),
            },
            amendment_receipt: match &facts.amendment {
                Some(amendment) => amendment.needs_receipt(workflow),
                None => workflow.amendment_needs_receipt(),
            },
        }
    }
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Title 0 is signed and arrived.
    pub title: bool,
    /// Title 0 is confirmed to this box, and the confirmation is acknowledged where it must be.
    pub confirmation: bool,
    /// The intermediate addressee answered.
    pub proxy: bool,
    /// The recipient's receipt arrived and is confirmed where it must be.
    pub receipt: bool,
    /// The confirmation of that receipt is there, and acknowledged where it must be.
    pub receipt_confirmation: bool,
    /// The recipient's answer arrived and is confirmed where it must be.
    pub response: bool,
    /// The sender's receipt on the recipient's title arrived and is confirmed where it must be.
    pub sender_receipt: bool,
    /// The newest amendment request arrived and is answered.
    pub amendment: bool,
    /// Neither side owes anything that this box can see. Amendment requests and revocation do not count.
    pub all: bool,
}

impl Done {
    pub(super) fn of(facts: &Facts<'_>, needs: &Needs) -> Self {
        let title = facts.title.is_valid() && facts.delivered_at.is_some();
        let confirmation = confirmed(facts.confirmation, needs.confirmation_receipt);
        let proxy = facts.proxy.and_then(|proxy| proxy.response);
        let is_refused_by_proxy =
            proxy.is_some_and(|response| response.is_refusal() && response.signed.is_settled());
        let proxy = proxy.is_some_and(|response| response.signed.is_settled());
        let receipt_confirmation = confirmed(
            facts.receipt.and_then(|receipt| receipt.confirmation),
            needs.receipt_confirmation_receipt,
        );
        let receipt = facts.receipt.is_some_and(|receipt| receipt.signed.is_settled())
            && (!needs.receipt_confirmation || receipt_confirmation);
        let response = facts.response.is_some_and(|response| {
            response.signed.is_settled() && (!needs.response_confirmation || response.confirmation.is_some())
        });
        let sender_receipt = facts.sender_receipt.is_some_and(|receipt| {
            receipt.signed.is_settled()
                && (!needs.sender_receipt_confirmation
                    || confirmed(receipt.confirmation, needs.sender_receipt_confirmation_receipt))
        });
        let amendment = facts.amendment.is_some_and(|amendment| amendment.is_done(facts.workflow));
        let all = if is_refused_by_proxy {
            // The recipient never gets the document.
            facts.title.is_valid()
        } else if facts.side == Side::Proxy {
            // Its part is over with its answer, whatever the recipient does.
            title && proxy
        } else {
            title
                && (!needs.confirmation || confirmation)
                && (!needs.proxy || proxy)
                && (!needs.receipt || receipt)
                && (!needs.response || response)
                && (!needs.sender_receipt || sender_receipt)
        };
        Self {
            title,
            confirmation,
            proxy,
            receipt,
            receipt_confirmation,
            response,
            sender_receipt,
            amendment,
            all,
        }
    }
}

impl Amendment<'_> {
    /// The operator confirms it. Universal messages are neither confirmed nor acknowledged.
    pub fn needs_confirmation(&self, workflow: &WorkflowSettings) -> bool {
        self.signed.universal_message().is_none() && workflow.amendment_is_confirmed()
    }

    /// The sender has to answer it with a receipt.
    pub fn needs_receipt(&self, workflow: &WorkflowSettings) -> bool {
        self.signed.universal_message().is_none() && workflow.amendment_needs_receipt()
    }

    /// It arrived and is answered.
    pub fn is_done(&self, workflow: &WorkflowSettings) -> bool {
        self.signed.is_settled()
            && (!self.needs_confirmation(workflow) || self.confirmation.is_some())
            && (!self.needs_receipt(workflow) || self.receipt.is_some_and(|receipt| receipt.is_settled()))
    }
}

fn confirmed(confirmation: Option<Confirmation<'_>>, needs_receipt: bool) -> bool {
    confirmation.is_some_and(|confirmation| {
        !needs_receipt || confirmation.receipt.is_some_and(|receipt| receipt.is_valid())
    })
}
