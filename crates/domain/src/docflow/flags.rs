//! What may be done next, and how a revocation stands.

use crate::{Check, MessageType, Side};

use super::facts::Facts;
use super::progress::Needs;

/// How a revocation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationState {
    /// Nobody asked for it, or the request's signature is bad.
    None,
    /// It waits for the answer.
    Pending {
        /// This box asked.
        by_viewer: bool,
    },
    /// The document is revoked.
    Accepted,
    /// The other side refused.
    Rejected,
}

impl RevocationState {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let Some(revocation) = facts.revocation else { return Self::None };
        if revocation.is_granted() {
            return Self::Accepted;
        }
        if facts.side == Side::Proxy {
            // It is not asked.
            return Self::None;
        }
        let is_answered = revocation.answer.is_some_and(|answer| answer.signed.is_settled());
        if is_answered {
            return Self::Rejected;
        }
        // Inside one organization the same people have to agree.
        let is_mine = revocation.initiator == facts.viewer && facts.side != Side::Internal;
        Self::Pending { by_viewer: is_mine }
    }
}

/// What may be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags {
    /// This box may post a receipt on title 0, asked for or not.
    pub can_be_receipted: bool,
    /// The sender may sign: nothing is sent yet, or what was sent had a bad signature.
    pub can_be_signed_by_sender: bool,
    /// This box may sign or refuse as the recipient.
    pub can_be_answered_by_recipient: bool,
    /// The sender may revoke the document without asking. The same value in both boxes, as far as they know the same.
    pub can_be_revoked_by_sender_alone: bool,
    /// The recipient signed or sent a title, and its signature is not bad.
    pub is_signed_by_recipient: bool,
    /// The recipient refused, and the signature is not bad.
    pub is_rejected_by_recipient: bool,
    /// An amendment was asked for, and the signature is not bad.
    pub is_amendment_requested: bool,
}

impl Flags {
    pub(super) fn of(facts: &Facts<'_>, needs: &Needs, revocation: RevocationState) -> Self {
        let is_revoked = revocation == RevocationState::Accepted;
        let is_recipient = facts.side.is_receiving();
        // A template is there to be filled in: neither side signs it.
        let is_template = facts.message_type == MessageType::Template;
        let is_delivered = facts.delivered_at.is_some() && !is_template;
        let response = facts.response.filter(|response| !response.signed.is_invalid());
        let waits_for_proxy = facts.proxy.is_some_and(|proxy| {
            !proxy.response.is_some_and(|response| response.signed.is_valid() && !response.is_refusal())
        });
        let is_rejected = response.is_some_and(|response| response.is_refusal());
        let is_signed = response.is_some() && !is_rejected;
        let is_under_revocation =
            matches!(revocation, RevocationState::Accepted | RevocationState::Pending { .. });
        Self {
            can_be_receipted: needs.may_receipt
                && is_recipient
                && is_delivered
                && facts.receipt.is_none()
                && !is_revoked,
            can_be_signed_by_sender: facts.side.is_sending()
                && !facts.is_recycled
                && !is_template
                && !is_revoked
                && matches!(facts.title.check(), None | Some(Check::Invalid)),
            can_be_answered_by_recipient: needs.may_respond
                && is_recipient
                && !waits_for_proxy
                && is_delivered
                && response.is_none()
                && !is_revoked,
            can_be_revoked_by_sender_alone: facts.title.is_valid()
                && !is_under_revocation
                && is_free_to_revoke(facts, is_signed, response.is_some()),
            is_signed_by_recipient: is_signed,
            is_rejected_by_recipient: is_rejected,
            is_amendment_requested: facts.amendment.is_some_and(|amendment| !amendment.signed.is_invalid()),
        }
    }
}

/// The recipient has not bound itself yet, so nobody has to be asked. Where receipts are part of the legal exchange
/// (those that the operator confirms), a receipt binds; elsewhere only a signature does, and a refusal binds nobody.
fn is_free_to_revoke(facts: &Facts<'_>, is_signed: bool, is_answered: bool) -> bool {
    if !facts.workflow.receipts_are_invoice_receipts() {
        return !is_signed;
    }
    facts.receipt.is_none() && !is_answered
}
