//! The status of each single step of a flow. Enumerations carry the numbers of the API.

use crate::{Check, Side};

use super::facts::{Amendment, Confirmation, Facts, Response, ResponseKind};
use super::flags::RevocationState;
use super::progress::Needs;

/// The sender's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum SenderSignatureStatus {
    /// There is none.
    Waiting = 1,
    /// It is being checked.
    Unchecked = 2,
    /// It is good.
    Valid = 3,
    /// It is bad.
    Invalid = 4,
}

/// The intermediate addressee's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ProxyStatus {
    /// There is no intermediate addressee.
    None = 1,
    /// It has not answered.
    Waiting = 2,
    /// It signed.
    Signed = 3,
    /// It refused.
    Rejected = 4,
    /// Its signature is bad.
    Invalid = 5,
}

/// The recipient's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ResponseStatus {
    /// The document is not sent yet.
    Unknown = 0,
    /// None is asked for, and none was given.
    NotAcceptable = 1,
    /// It is awaited.
    Waiting = 2,
    /// Signed.
    Signed = 3,
    /// Refused.
    Rejected = 4,
    /// The signature is bad; its author alone learns it.
    Invalid = 5,
    /// Signed with disagreements.
    PartiallySigned = 6,
}

/// A receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ReceiptStatus {
    /// The document is not sent yet.
    Unknown = 0,
    /// None is asked for, and none was given.
    NotAcceptable = 1,
    /// This box must give it.
    HaveToCreate = 2,
    /// The other box must give it.
    Waiting = 3,
    /// It was given.
    Finished = 4,
}

/// Revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum RevocationStatus {
    /// Nobody asked.
    None = 1,
    /// This box asked.
    RequestedByMe = 2,
    /// The other box asked.
    RequestsMine = 3,
    /// The document is revoked.
    Accepted = 4,
    /// The request was refused.
    Rejected = 5,
}

/// What became of the document's content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AmendmentFlags {
    /// An amendment was asked for.
    pub is_requested: bool,
    /// The document was revised.
    pub is_revised: bool,
    /// It was corrected.
    pub is_corrected: bool,
}

impl AmendmentFlags {
    /// The bit mask of the API.
    pub const fn bits(self) -> i32 {
        self.is_requested as i32 | (self.is_revised as i32) << 1 | (self.is_corrected as i32) << 2
    }
}

/// The status of each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The sender's signature.
    pub sender_signature: SenderSignatureStatus,
    /// The intermediate addressee's answer.
    pub proxy: ProxyStatus,
    /// The recipient's answer.
    pub response: ResponseStatus,
    /// The recipient's receipt on title 0.
    pub receipt: ReceiptStatus,
    /// This box's receipt on the confirmation of that receipt.
    pub receipt_confirmation_receipt: ReceiptStatus,
    /// This box's receipt on the confirmation of title 0.
    pub confirmation_receipt: ReceiptStatus,
    /// The sender's receipt on the recipient's title.
    pub sender_receipt: ReceiptStatus,
    /// Amendment.
    pub amendment: AmendmentFlags,
    /// The sender's receipt on the newest amendment request.
    pub amendment_receipt: ReceiptStatus,
    /// Revocation.
    pub revocation: RevocationStatus,
}

impl Steps {
    pub(super) fn of(facts: &Facts<'_>, needs: &Needs, revocation: RevocationState) -> Self {
        let amendment = facts.amendment.filter(|amendment| !amendment.signed.is_invalid());
        Self {
            sender_signature: match facts.title.check() {
                None => SenderSignatureStatus::Waiting,
                Some(Check::Unchecked) => SenderSignatureStatus::Unchecked,
                Some(Check::Valid) => SenderSignatureStatus::Valid,
                Some(Check::Invalid) => SenderSignatureStatus::Invalid,
            },
            proxy: proxy(facts),
            response: response(facts, needs),
            receipt: match facts.receipt {
                None if facts.title.signature.is_none() => ReceiptStatus::Unknown,
                receipt => owed(needs.receipt, receipt.is_some(), facts.side.is_receiving()),
            },
            receipt_confirmation_receipt: acknowledged(
                needs.receipt_confirmation_receipt,
                facts.receipt.and_then(|receipt| receipt.confirmation),
            ),
            confirmation_receipt: acknowledged(needs.confirmation_receipt, facts.confirmation),
            sender_receipt: owed(
                needs.sender_receipt,
                facts.sender_receipt.is_some(),
                facts.side.is_sending(),
            ),
            amendment: AmendmentFlags {
                is_requested: amendment.is_some(),
                is_revised: facts.is_revised,
                is_corrected: facts.is_corrected,
            },
            amendment_receipt: amendment.map_or(ReceiptStatus::NotAcceptable, |amendment| {
                ReceiptStatus::of_amendment(&amendment, facts)
            }),
            revocation: match revocation {
                RevocationState::None => RevocationStatus::None,
                RevocationState::Pending { by_viewer: true } => RevocationStatus::RequestedByMe,
                RevocationState::Pending { by_viewer: false } => RevocationStatus::RequestsMine,
                RevocationState::Accepted => RevocationStatus::Accepted,
                RevocationState::Rejected => RevocationStatus::Rejected,
            },
        }
    }
}

impl ReceiptStatus {
    /// The sender's receipt on an amendment request to the document of `facts`.
    pub fn of_amendment(amendment: &Amendment<'_>, facts: &Facts<'_>) -> Self {
        let is_given = amendment.receipt.is_some_and(|receipt| !receipt.is_invalid());
        owed(amendment.needs_receipt(facts.workflow), is_given, facts.side.is_sending())
    }
}

/// A receipt that `is_needed` or not, was given or not, by this box (`is_mine`) or the other one.
const fn owed(is_needed: bool, is_given: bool, is_mine: bool) -> ReceiptStatus {
    match (is_given, is_needed, is_mine) {
        (true, ..) => ReceiptStatus::Finished,
        (false, false, _) => ReceiptStatus::NotAcceptable,
        (false, true, true) => ReceiptStatus::HaveToCreate,
        (false, true, false) => ReceiptStatus::Waiting,
    }
}

/// This box's receipt on a confirmation, which cannot be given before the confirmation came.
fn acknowledged(is_needed: bool, confirmation: Option<Confirmation<'_>>) -> ReceiptStatus {
    match confirmation {
        None => ReceiptStatus::NotAcceptable,
        Some(confirmation) => owed(is_needed, confirmation.receipt.is_some(), true),
    }
}

fn response(facts: &Facts<'_>, needs: &Needs) -> ResponseStatus {
    match facts.response {
        _ if facts.title.signature.is_none() => ResponseStatus::Unknown,
        Some(Response { signed, .. }) if signed.is_invalid() && facts.side != Side::Sender => {
            ResponseStatus::Invalid
        }
        Some(Response { signed, kind, .. }) if !signed.is_invalid() => match kind {
            ResponseKind::Signature | ResponseKind::Title { with_disagreements: false } => {
                ResponseStatus::Signed
            }
            ResponseKind::Title { with_disagreements: true } => ResponseStatus::PartiallySigned,
            ResponseKind::Refusal { .. } => ResponseStatus::Rejected,
        },
        _ if needs.response => ResponseStatus::Waiting,
        _ => ResponseStatus::NotAcceptable,
    }
}

fn proxy(facts: &Facts<'_>) -> ProxyStatus {
    let Some(proxy) = facts.proxy else { return ProxyStatus::None };
    match proxy.response {
        Some(response) if response.signed.is_invalid() && proxy.is_viewer => ProxyStatus::Invalid,
        Some(response) if !response.signed.is_invalid() && response.is_refusal() => ProxyStatus::Rejected,
        Some(response) if !response.signed.is_invalid() => ProxyStatus::Signed,
        _ => ProxyStatus::Waiting,
    }
}
