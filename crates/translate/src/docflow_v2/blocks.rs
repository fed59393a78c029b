//! The building blocks of every flow: files, signatures, and what is said about single steps.

use potok_domain::Check;
use potok_domain::docflow::{Amendment, Confirmation, Facts, Receipt, Response, Signed};
use potok_wire::proto::docflow::{
    BuyerTitleDocflow, InboundInvoiceReceiptDocflow, InvoiceConfirmationDocflow,
    InvoiceCorrectionRequestDocflow, ReceiptDocflow, RecipientSignatureDocflow,
    RecipientSignatureRejectionDocflow, Signature, SignedAttachment,
};

use crate::docflow::files::{Files, display_name};
use crate::docflow::timestamp;

/// Builds blocks and puts bytes into them.
pub(super) struct Blocks<'a> {
    pub(super) files: Files<'a>,
}

impl Blocks<'_> {
    /// A time-stamped copy stands in place of the signature it copies.
    fn signature(&mut self, signed: &Signed<'_>) -> Option<Signature> {
        let found = signed.signature?;
        let signature = found.entity.signature();
        Some(Signature {
            entity: Some(self.files.entity(signed.time_stamped.unwrap_or(found))),
            signer_box_id: signature.map(|signature| signature.signer_box.to_string()),
            signer_department_id: signature.map(|signature| signature.signer_department.to_string()),
            is_valid: Some(found.check != Check::Invalid),
            verification_result: self.files.verification(found),
        })
    }

    fn signed(&mut self, signed: &Signed<'_>, display_name: Option<String>) -> Box<SignedAttachment> {
        Box::new(SignedAttachment {
            attachment: Some(self.files.attachment(signed.file, display_name)),
            signature: self.signature(signed),
            comment: signed.comment.map(|comment| self.files.entity(comment)),
        })
    }

    /// The document with the sender's signature.
    pub(super) fn document(&mut self, facts: &Facts<'_>) -> Box<SignedAttachment> {
        self.signed(&facts.title, display_name(facts, &facts.title))
    }

    /// A file that is not a root document. Universal messages have no place here: that they came is shown, they are not.
    pub(super) fn service(&mut self, signed: &Signed<'_>) -> Option<Box<SignedAttachment>> {
        signed.universal_message().is_none().then(|| self.signed(signed, None))
    }

    /// A receipt that is awaited or was given.
    pub(super) fn receipt(&mut self, is_finished: bool, receipt: Option<&Signed<'_>>) -> ReceiptDocflow {
        ReceiptDocflow {
            is_finished: Some(is_finished),
            receipt_attachment: receipt.and_then(|receipt| self.service(receipt)),
        }
    }

    /// The recipient's receipt as the recipient sees it: with the operator's confirmation of it.
    pub(super) fn own_receipt(
        &mut self,
        is_finished: bool,
        receipt: Option<&Receipt<'_>>,
        confirmation: Option<ExpectedConfirmation<'_>>,
    ) -> InboundInvoiceReceiptDocflow {
        InboundInvoiceReceiptDocflow {
            is_finished: Some(is_finished),
            receipt_attachment: receipt.and_then(|receipt| self.service(&receipt.signed)),
            confirmation_docflow: confirmation.map(|confirmation| self.confirmation(confirmation)),
        }
    }

    /// An operator's confirmation that is awaited or came.
    pub(super) fn confirmation(&mut self, expected: ExpectedConfirmation<'_>) -> InvoiceConfirmationDocflow {
        let ExpectedConfirmation { is_finished, needs_receipt, confirmation } = expected;
        let receipt = confirmation.and_then(|confirmation| confirmation.receipt);
        InvoiceConfirmationDocflow {
            is_finished: Some(is_finished),
            confirmation_attachment: confirmation.and_then(|confirmation| self.service(&confirmation.signed)),
            receipt_docflow: (needs_receipt || receipt.is_some())
                .then(|| self.receipt(receipt.is_some_and(|receipt| receipt.is_valid()), receipt.as_ref())),
        }
    }

    /// An amendment request.
    pub(super) fn amendment(
        &mut self,
        is_finished: bool,
        amendment: &Amendment<'_>,
        needs_receipt: bool,
    ) -> InvoiceCorrectionRequestDocflow {
        InvoiceCorrectionRequestDocflow {
            is_finished: Some(is_finished),
            correction_request_attachment: self.service(&amendment.signed),
            receipt_docflow: (needs_receipt || amendment.receipt.is_some()).then(|| {
                let is_finished = amendment.receipt.is_some_and(|receipt| receipt.is_settled());
                self.receipt(is_finished, amendment.receipt.as_ref())
            }),
        }
    }

    /// A signature of the recipient that is awaited or was given.
    pub(super) fn recipient_signature(&mut self, given: Option<&Response<'_>>) -> RecipientSignatureDocflow {
        let signed = given.map(|given| &given.signed);
        RecipientSignatureDocflow {
            is_finished: Some(signed.is_some_and(Signed::is_settled)),
            recipient_signature: signed.and_then(|signed| self.signature(signed)),
            delivery_timestamp: signed.and_then(|signed| signed.delivered_at).map(timestamp),
        }
    }

    /// A refusal.
    pub(super) fn rejection(&mut self, given: &Response<'_>) -> RecipientSignatureRejectionDocflow {
        RecipientSignatureRejectionDocflow {
            is_finished: Some(given.signed.is_settled()),
            recipient_signature_rejection_attachment: self.service(&given.signed),
            delivery_timestamp: given.signed.delivered_at.map(timestamp),
        }
    }

    /// A title of the recipient that is awaited or was given.
    pub(super) fn buyer_title(
        &mut self,
        is_finished: bool,
        given: Option<&Response<'_>>,
    ) -> BuyerTitleDocflow {
        let signed = given.map(|given| &given.signed);
        BuyerTitleDocflow {
            is_finished: Some(is_finished),
            buyer_title_attachment: signed.and_then(|signed| self.service(signed)),
            send_timestamp: signed.and_then(Signed::sent_at).map(timestamp),
            delivery_timestamp: signed.and_then(|signed| signed.delivered_at).map(timestamp),
        }
    }
}

/// A confirmation that this box gets.
#[derive(Clone, Copy)]
pub(super) struct ExpectedConfirmation<'a> {
    pub(super) is_finished: bool,
    /// This box acknowledges it.
    pub(super) needs_receipt: bool,
    /// `None` before it came.
    pub(super) confirmation: Option<Confirmation<'a>>,
}
