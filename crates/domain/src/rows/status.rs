//! The status words of `filterCategory`, each with the condition under which a document has it.

use crate::docflow::{
    ApprovalStatus, Approvals, Docflow, ProxyStatus, ReceiptStatus, ResponseStatus, RevocationStatus,
    SenderSignatureStatus,
};
use crate::{MessageState, MessageType};

/// What the conditions look at.
struct Seen<'a> {
    state: &'a MessageState,
    flow: &'a Docflow<'a>,
}

macro_rules! status_words {
    ($($(#[$doc:meta])* $name:ident = $bit:literal if $condition:expr;)*) => {
        /// A status by which documents are listed. Stores keep the number, so it never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum StatusWord {
            $($(#[$doc])* $name = $bit,)*
        }

        impl StatusWord {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word as it stands in `filterCategory`, behind the class.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            fn holds(self, seen: &Seen<'_>) -> bool {
                match self {
                    $(Self::$name => {
                        let condition: fn(&Seen<'_>) -> bool = $condition;
                        condition(seen)
                    })*
                }
            }
        }
    };
}

status_words! {
    /// Nobody of this box has seen it.
    NotRead = 1 if |seen| !seen.state.is_read;
    /// No answer is asked for, and none was given.
    NoRecipientSignatureRequest = 2 if |seen| seen.response(ResponseStatus::NotAcceptable);
    /// The recipient's answer is awaited.
    WaitingForRecipientSignature = 3 if |seen| seen.response(ResponseStatus::Waiting);
    /// An answer is awaited from this box.
    RequestsMySignature = 4 if |seen| seen.must_answer();
    /// The recipient signed, without disagreements.
    WithRecipientSignature = 5 if |seen| seen.response(ResponseStatus::Signed);
    /// The recipient signed with disagreements.
    WithRecipientPartiallySignature = 6 if |seen| seen.response(ResponseStatus::PartiallySigned);
    /// The sender's signature is good.
    WithSenderSignature = 7 if |seen| seen.sender(SenderSignatureStatus::Valid);
    /// The recipient refused.
    RecipientSignatureRequestRejected = 8 if |seen| seen.response(ResponseStatus::Rejected);
    /// It is not sent.
    WaitingForSenderSignature = 9 if |seen| seen.sender(SenderSignatureStatus::Waiting);
    /// The sender's signature is bad.
    InvalidSenderSignature = 10 if |seen| seen.sender(SenderSignatureStatus::Invalid);
    /// The recipient's signature is bad.
    InvalidRecipientSignature = 11 if |seen| seen.response(ResponseStatus::Invalid);
    /// The intermediate addressee has not answered.
    WaitingForProxySignature = 12 if |seen| seen.proxy(ProxyStatus::Waiting);
    /// It signed.
    WithProxySignature = 13 if |seen| seen.proxy(ProxyStatus::Signed);
    /// Its signature is bad.
    InvalidProxySignature = 14 if |seen| seen.proxy(ProxyStatus::Invalid);
    /// It refused.
    ProxySignatureRejected = 15 if |seen| seen.proxy(ProxyStatus::Rejected);
    /// Approved inside the organization, with a signature or without.
    Approved = 16 if |seen| {
        seen.approval(ApprovalStatus::Approved) || seen.approval(ApprovalStatus::SignedWithApprovingSignature)
    };
    /// Disapproved inside the organization.
    Disapproved = 17 if |seen| seen.approval(ApprovalStatus::Disapproved);
    /// Somebody of the organization is asked to approve or sign.
    WaitingForResolution = 18 if |seen| seen.flow.facts.approvals.open().next().is_some();
    /// Somebody refused to sign who was asked to.
    SignatureRequestRejected = 19 if |seen| seen.approval(ApprovalStatus::SignatureRequestRejected);
    /// Neither side has to act.
    Finished = 20 if |seen| seen.flow.is_finished;
    /// Somebody has to.
    NotFinished = 21 if |seen| !seen.flow.is_finished;
    /// This box owes a receipt.
    HaveToCreateReceipt = 22 if |seen| seen.owes_receipt();
    /// The other box owes a receipt.
    WaitingForReceipt = 23 if |seen| seen.awaits_receipt();
    /// The same where receipts are part of the legal exchange.
    WaitingForInvoiceReceipt = 24 if |seen| {
        seen.awaits_receipt() && seen.flow.facts.workflow.receipts_are_invoice_receipts()
    };
    /// The recipient asked for an amendment.
    InvoiceAmendmentRequested = 25 if |seen| seen.flow.steps.amendment.is_requested;
    /// This box asks to revoke it.
    RevocationIsRequestedByMe = 26 if |seen| seen.revocation(RevocationStatus::RequestedByMe);
    /// The other box asks to revoke it.
    RequestsMyRevocation = 27 if |seen| seen.revocation(RevocationStatus::RequestsMine);
    /// It is revoked.
    RevocationAccepted = 28 if |seen| seen.revocation(RevocationStatus::Accepted);
    /// The request to revoke it was refused.
    RevocationRejected = 29 if |seen| seen.revocation(RevocationStatus::Rejected);
    /// It is not revoked.
    NotRevoked = 30 if |seen| !seen.revocation(RevocationStatus::Accepted);
    /// The request to revoke it, which nobody has answered, was approved inside the organization.
    RevocationApproved = 31 if |seen| seen.revocation_approvals().is_some_and(|approvals| {
        approvals.status == ApprovalStatus::Approved
    });
    /// It was disapproved.
    RevocationDisapproved = 32 if |seen| seen.revocation_approvals().is_some_and(|approvals| {
        approvals.status == ApprovalStatus::Disapproved
    });
    /// Somebody of the organization is asked about it.
    WaitingForRevocationApprovement = 33 if |seen| seen.revocation_approvals().is_some_and(|approvals| {
        approvals.open().next().is_some()
    });
    /// Another operator said that it did not arrive.
    RoamingNotificationError = 34 if |seen| seen.flow.facts.roaming.is_some_and(|said| !said.is_success);
    /// It was deleted in this box. Deleted documents have this status alone.
    Deleted = 35 if |seen| seen.flow.facts.is_deleted;
}

impl StatusWord {
    /// The word called `name`; case matters.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.name() == name)
    }
}

impl Seen<'_> {
    fn response(&self, status: ResponseStatus) -> bool {
        self.flow.steps.response == status
    }

    fn sender(&self, status: SenderSignatureStatus) -> bool {
        self.flow.steps.sender_signature == status
    }

    fn proxy(&self, status: ProxyStatus) -> bool {
        self.flow.steps.proxy == status
    }

    fn revocation(&self, status: RevocationStatus) -> bool {
        self.flow.steps.revocation == status
    }

    fn approval(&self, status: ApprovalStatus) -> bool {
        self.flow.facts.approvals.status == status
    }

    /// Of a request to revoke the document that is still open, sent or not.
    fn revocation_approvals(&self) -> Option<&Approvals<'_>> {
        let is_open =
            !self.revocation(RevocationStatus::Accepted) && !self.revocation(RevocationStatus::Rejected);
        self.flow.facts.revocation_approvals.as_ref().filter(|_| is_open)
    }

    fn must_answer(&self) -> bool {
        match &self.flow.facts.proxy {
            Some(proxy) if proxy.is_viewer => self.proxy(ProxyStatus::Waiting),
            _ => self.flow.facts.side.is_receiving() && self.response(ResponseStatus::Waiting),
        }
    }

    fn owes_receipt(&self) -> bool {
        !self.flow.owed_receipts().is_empty()
    }

    fn awaits_receipt(&self) -> bool {
        let steps = &self.flow.steps;
        [steps.receipt, steps.sender_receipt].contains(&ReceiptStatus::Waiting)
    }
}

/// A set of statuses: what a document has, or what a list asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusSet(u64);

impl StatusSet {
    /// What a list without a status asks for: every document that is not deleted.
    pub const ANY: Self = Self(1);

    /// What the document of `flow` has. Nothing for what was never meant to be exchanged as it is: drafts, templates.
    pub(super) fn of(state: &MessageState, flow: &Docflow<'_>) -> Self {
        if state.message_type != MessageType::Letter {
            return Self::default();
        }
        if flow.facts.is_deleted {
            return Self::from(StatusWord::Deleted);
        }
        let seen = Seen { state, flow };
        StatusWord::ALL
            .iter()
            .filter(|word| word.holds(&seen))
            .fold(Self::ANY, |set, word| set.with(Self::from(*word)))
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// They have something in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// As stores keep it.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// What a store kept.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

impl From<StatusWord> for StatusSet {
    fn from(word: StatusWord) -> Self {
        Self(1 << word as u8)
    }
}
