//! The numbered rule sets of an exchange, as data: who writes or signs what, and what answers what.
//!
//! A document gets its workflow when it is posted and keeps it. Everything that depends on the workflow asks one of the
//! predicates here, so that no other place names a workflow by its number. Enumerations carry the numbers of the API
//! (`GetWorkflowsSettings`).

use crate::WorkflowId;

/// What a participant contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ParticipantAction {
    /// A signed file of its own.
    Title = 1,
    /// A signature under the sender's title.
    Signature = 2,
    /// A signature, if the sender asked for one.
    OptionalSignature = 3,
}

/// Is a title answered with a receipt?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum TitleReceiptBehavior {
    /// No.
    Never = 1,
    /// When its author asked for it (`NeedReceipt`).
    DefineByUser = 2,
    /// Yes.
    Always = 3,
}

/// To whom the operator confirms that something was transmitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ConfirmationBehavior {
    /// To nobody.
    Never = 1,
    /// To its author.
    Initiator = 2,
    /// To both sides.
    InitiatorCounterpart = 3,
}

/// How an amendment request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum AmendmentResponse {
    /// There are no amendment requests.
    None = 1,
    /// With a receipt of the sender.
    Receipt = 2,
    /// With a confirmation of the operator.
    OperatorConfirmation = 3,
    /// With one of both, see [`WorkflowSettings::amendment_is_confirmed`].
    OperatorConfirmationOrReceipt = 4,
}

/// Does the document travel as an invitation to exchange?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum InvitationBehavior {
    /// No.
    Never = 1,
    /// When the sender says so.
    DefineByUser = 2,
    /// Yes.
    Always = 3,
}

/// A proxy or the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Participant {
    /// What it contributes.
    pub action: ParticipantAction,
    /// Is its title answered with a receipt? `Never` when it writes none.
    pub receipt: TitleReceiptBehavior,
}

/// One workflow. The sender always writes title 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkflowSettings {
    /// Its number.
    pub id: WorkflowId,
    /// Is title 0 answered with a receipt?
    pub sender_receipt: TitleReceiptBehavior,
    /// An intermediate addressee is possible, and this is its part.
    pub proxy: Option<Participant>,
    /// The recipient's part; `None` when it answers nothing but receipts.
    pub recipient: Option<Participant>,
    /// How many titles, from title 0 on, the operator confirms to both sides.
    pub confirmed_titles: u8,
    /// Addressees acknowledge confirmations of titles.
    pub confirmation_receipt: bool,
    /// The author of a receipt acknowledges the confirmation of that receipt.
    pub receipt_confirmation_receipt: bool,
    /// To whom receipts are confirmed.
    pub receipt_confirmation: ConfirmationBehavior,
    /// How amendment requests are answered.
    pub amendment: AmendmentResponse,
    /// Receipts are confirmed by a foreign operator too.
    pub receipt_roaming_confirmation: bool,
    /// The document invites to exchange.
    pub invitation: InvitationBehavior,
}

impl WorkflowSettings {
    /// The recipient may sign, answer with a title, or refuse.
    pub const fn may_respond(&self) -> bool {
        self.recipient.is_some()
    }

    /// The recipient must respond. `is_requested` is `NeedRecipientSignature` of the posted document.
    pub fn needs_response(&self, is_requested: bool) -> bool {
        self.recipient.is_some_and(|recipient| match recipient.action {
            ParticipantAction::Title | ParticipantAction::Signature => true,
            ParticipantAction::OptionalSignature => is_requested,
        })
    }

    /// The recipient responds with a title and not with a bare signature.
    pub fn response_is_title(&self) -> bool {
        self.recipient.is_some_and(|recipient| recipient.action == ParticipantAction::Title)
    }

    /// An intermediate addressee answers with a title and not with a bare signature.
    pub fn proxy_writes_title(&self) -> bool {
        self.proxy.is_some_and(|proxy| proxy.action == ParticipantAction::Title)
    }

    /// How many titles the document gets from all who take part.
    pub fn titles(&self) -> usize {
        1 + usize::from(self.proxy_writes_title()) + usize::from(self.response_is_title())
    }

    /// Title 0 may be answered with a receipt.
    pub fn may_receipt(&self) -> bool {
        self.sender_receipt != TitleReceiptBehavior::Never
    }

    /// Title 0 must be answered with a receipt. `is_requested` is `NeedReceipt` of the posted document.
    pub fn needs_receipt(&self, is_requested: bool) -> bool {
        match self.sender_receipt {
            TitleReceiptBehavior::Never => false,
            TitleReceiptBehavior::DefineByUser => is_requested,
            TitleReceiptBehavior::Always => true,
        }
    }

    /// The sender must answer the recipient's title with a receipt. `is_requested` is `NeedReceipt` of that title.
    pub fn needs_sender_receipt(&self, is_requested: bool) -> bool {
        self.recipient.is_some_and(|recipient| match recipient.receipt {
            TitleReceiptBehavior::Never => false,
            TitleReceiptBehavior::DefineByUser => is_requested,
            TitleReceiptBehavior::Always => true,
        })
    }

    /// The operator confirms title 0 to both sides.
    pub const fn title_is_confirmed(&self) -> bool {
        self.confirmed_titles > 0
    }

    /// The operator confirms the recipient's title or refusal to both sides.
    pub const fn response_is_confirmed(&self) -> bool {
        self.confirmed_titles > 1
    }

    /// The operator confirms a receipt on a title to a box that wrote it (`is_author`) or got it.
    pub const fn receipt_is_confirmed(&self, is_author: bool) -> bool {
        match self.receipt_confirmation {
            ConfirmationBehavior::Never => false,
            ConfirmationBehavior::Initiator => is_author,
            ConfirmationBehavior::InitiatorCounterpart => true,
        }
    }

    /// Receipts travel as `InvoiceReceipt` and not as `Receipt`.
    pub fn receipts_are_invoice_receipts(&self) -> bool {
        self.receipt_confirmation != ConfirmationBehavior::Never
    }

    /// The recipient may ask for an amendment.
    pub fn may_request_amendment(&self) -> bool {
        self.amendment != AmendmentResponse::None
    }

    /// The operator confirms amendment requests. Where the API leaves the answer open, a confirmation is chosen for
    /// documents that have confirmations which nobody acknowledges; all others get a receipt.
    pub const fn amendment_is_confirmed(&self) -> bool {
        match self.amendment {
            AmendmentResponse::None | AmendmentResponse::Receipt => false,
            AmendmentResponse::OperatorConfirmation => true,
            AmendmentResponse::OperatorConfirmationOrReceipt => {
                self.title_is_confirmed() && !self.confirmation_receipt
            }
        }
    }

    /// The sender answers amendment requests with a receipt.
    pub const fn amendment_needs_receipt(&self) -> bool {
        match self.amendment {
            AmendmentResponse::None | AmendmentResponse::OperatorConfirmation => false,
            AmendmentResponse::Receipt => true,
            AmendmentResponse::OperatorConfirmationOrReceipt => !self.amendment_is_confirmed(),
        }
    }
}

/// The rules of workflow `id`; `None` for a number nobody has defined yet.
pub fn settings(id: WorkflowId) -> Option<&'static WorkflowSettings> {
    let position = usize::try_from(id.0).ok()?.checked_sub(1)?;
    WORKFLOWS.get(position)
}

/// All workflows by ascending number, without gaps from 1 on.
pub static WORKFLOWS: [WorkflowSettings; 19] = {
    use ConfirmationBehavior::{Initiator, InitiatorCounterpart, Never as NotConfirmed};
    use TitleReceiptBehavior::{Always, DefineByUser, Never};

    const fn part(action: ParticipantAction, receipt: TitleReceiptBehavior) -> Option<Participant> {
        Some(Participant { action, receipt })
    }
    const fn title(receipt: TitleReceiptBehavior) -> Option<Participant> {
        part(ParticipantAction::Title, receipt)
    }
    const SIGNATURE: Option<Participant> = part(ParticipantAction::Signature, Never);
    const OPTIONAL: Option<Participant> = part(ParticipantAction::OptionalSignature, Never);

    /// What the two parties do; the rest is as in an exchange without the operator's confirmations.
    const fn plain(
        id: i32,
        sender_receipt: TitleReceiptBehavior,
        proxy: Option<Participant>,
        recipient: Option<Participant>,
    ) -> WorkflowSettings {
        WorkflowSettings {
            id: WorkflowId(id),
            sender_receipt,
            proxy,
            recipient,
            confirmed_titles: 0,
            confirmation_receipt: false,
            receipt_confirmation_receipt: false,
            receipt_confirmation: NotConfirmed,
            amendment: AmendmentResponse::OperatorConfirmationOrReceipt,
            receipt_roaming_confirmation: false,
            invitation: InvitationBehavior::Never,
        }
    }
    /// The order valid before July 2021: every confirmation is acknowledged.
    const fn order_174(id: i32, recipient: Option<Participant>) -> WorkflowSettings {
        WorkflowSettings {
            confirmed_titles: 1,
            confirmation_receipt: true,
            receipt_confirmation_receipt: true,
            receipt_confirmation: Initiator,
            ..plain(id, Always, None, recipient)
        }
    }
    /// The order valid since July 2021: both sides get confirmations and acknowledge none.
    const fn order_14(id: i32, recipient: Option<Participant>, confirmed_titles: u8) -> WorkflowSettings {
        WorkflowSettings {
            confirmed_titles,
            receipt_confirmation: InitiatorCounterpart,
            amendment: AmendmentResponse::OperatorConfirmation,
            receipt_roaming_confirmation: true,
            ..plain(id, Always, None, recipient)
        }
    }

    [
        plain(1, DefineByUser, SIGNATURE, OPTIONAL),
        plain(2, DefineByUser, SIGNATURE, SIGNATURE),
        plain(3, DefineByUser, SIGNATURE, title(DefineByUser)),
        order_174(4, None),
        order_174(5, title(Never)),
        plain(6, DefineByUser, SIGNATURE, None),
        WorkflowSettings {
            amendment: AmendmentResponse::None,
            invitation: InvitationBehavior::Always,
            ..plain(7, DefineByUser, None, OPTIONAL)
        },
        WorkflowSettings {
            invitation: InvitationBehavior::DefineByUser,
            ..plain(8, Never, None, title(Never))
        },
        plain(9, DefineByUser, SIGNATURE, None),
        order_174(10, None),
        plain(11, DefineByUser, SIGNATURE, title(DefineByUser)),
        order_174(12, title(Never)),
        plain(13, DefineByUser, title(Never), title(Never)),
        WorkflowSettings { amendment: AmendmentResponse::Receipt, ..plain(14, Always, None, SIGNATURE) },
        order_14(15, None, 1),
        order_14(16, title(DefineByUser), 1),
        order_14(17, None, 1),
        order_14(18, title(DefineByUser), 2),
        WorkflowSettings { confirmed_titles: 2, ..plain(19, DefineByUser, SIGNATURE, title(DefineByUser)) },
    ]
};

#[cfg(test)]
mod tests;
