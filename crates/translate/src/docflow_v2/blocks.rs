//! The building blocks of every flow: files, signatures, and what is said about single steps.

use potok_domain::docflow::{Amendment, Confirmation, Facts, Receipt, Response, Signed};
use potok_domain::{Check, EntityState};
use potok_wire::proto;
use potok_wire::proto::docflow::{
    Attachment, BuyerTitleDocflow, Entity, InboundInvoiceReceiptDocflow, InvoiceConfirmationDocflow,
    InvoiceCorrectionRequestDocflow, ReceiptDocflow, RecipientSignatureDocflow,
    RecipientSignatureRejectionDocflow, Signature, SignedAttachment,
};

use super::{kind_of, timestamp};
use crate::{ContentPlan, document};

/// Builds blocks and puts bytes into them.
pub(super) struct Blocks<'a> {
    pub(super) inject_content: bool,
    pub(super) contents: &'a mut ContentPlan,
}

impl Blocks<'_> {
    fn entity(&mut self, found: &EntityState) -> Entity {
        let entity = &found.entity;
        let kind = kind_of(entity.document().is_some());
        Entity {
            entity_id: Some(entity.id.to_string()),
            creation_timestamp: Some(timestamp(entity.created_at)),
            content: entity.content.as_ref().map(|content| proto::Content {
                size: document::size(content),
                data: self.contents.take(kind, content, self.inject_content),
            }),
        }
    }

    /// A time-stamped copy stands in place of the signature it copies.
    fn signature(&mut self, signed: &Signed<'_>) -> Option<Signature> {
        let found = signed.signature?;
        let signature = found.entity.signature();
        Some(Signature {
            entity: Some(self.entity(signed.time_stamped.unwrap_or(found))),
            signer_box_id: signature.map(|signature| signature.signer_box.to_string()),
            signer_department_id: signature.map(|signature| signature.signer_department.to_string()),
            is_valid: Some(found.check != Check::Invalid),
            // What else a check finds out about the certificate is not kept yet.
            verification_result: (self.inject_content && found.check != Check::Unchecked).then(|| {
                proto::SignatureVerificationResult {
                    is_valid: found.check == Check::Valid,
                    ..proto::SignatureVerificationResult::default()
                }
            }),
        })
    }

    fn signed(&mut self, signed: &Signed<'_>, display_name: Option<String>) -> Box<SignedAttachment> {
        let file_name = signed.file.entity.file_name.clone();
        Box::new(SignedAttachment {
            attachment: Some(Attachment {
                entity: Some(self.entity(signed.file)),
                display_filename: display_name.or_else(|| file_name.clone()),
                attachment_filename: file_name,
            }),
            signature: self.signature(signed),
            comment: signed.comment.map(|comment| self.entity(comment)),
        })
    }

    /// The document with the sender's signature.
    pub(super) fn document(&mut self, facts: &Facts<'_>) -> Box<SignedAttachment> {
        self.signed(&facts.title, Some(document::title::display_file_name(facts)))
    }

    /// A file that is not a root document.
    pub(super) fn service(&mut self, signed: &Signed<'_>) -> Box<SignedAttachment> {
        self.signed(signed, None)
    }

    /// A receipt that is awaited or was given.
    pub(super) fn receipt(&mut self, is_finished: bool, receipt: Option<&Signed<'_>>) -> ReceiptDocflow {
        ReceiptDocflow {
            is_finished: Some(is_finished),
            receipt_attachment: receipt.map(|receipt| self.service(receipt)),
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
            receipt_attachment: receipt.map(|receipt| self.service(&receipt.signed)),
            confirmation_docflow: confirmation.map(|confirmation| self.confirmation(confirmation)),
        }
    }

    /// An operator's confirmation that is awaited or came.
    pub(super) fn confirmation(&mut self, expected: ExpectedConfirmation<'_>) -> InvoiceConfirmationDocflow {
        let ExpectedConfirmation { is_finished, needs_receipt, confirmation } = expected;
        let receipt = confirmation.and_then(|confirmation| confirmation.receipt);
        InvoiceConfirmationDocflow {
            is_finished: Some(is_finished),
            confirmation_attachment: confirmation.map(|confirmation| self.service(&confirmation.signed)),
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
            correction_request_attachment: Some(self.service(&amendment.signed)),
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
            recipient_signature_rejection_attachment: Some(self.service(&given.signed)),
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
            buyer_title_attachment: signed.map(|signed| self.service(signed)),
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
