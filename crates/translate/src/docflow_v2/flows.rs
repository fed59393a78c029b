//! The typed flows of version 2. Exactly one of them is filled, and which one follows from the workflow.
//!
//! A part of a flow is present when its step is required or has happened. Readers take "absent" and "finished" alike,
//! so an unfinished part never stands for a step that nobody has to do.

use potok_domain::AttachmentType;
use potok_domain::docflow::{Docflow, Response, ResponseKind, RevocationState};
use potok_types::Ticks;
use potok_wire::proto::docflow as wire;

use super::blocks::{Blocks, ExpectedConfirmation};
use crate::docflow::timestamp;

/// The families of flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// A signature answers the document.
    Bilateral,
    /// A title answers it.
    XmlBilateral,
    /// Nothing but a receipt does.
    Unilateral,
    /// The operator confirms receipts, and no title answers.
    Invoice,
    /// The operator confirms receipts, and a title may answer.
    UniversalTransfer,
}

/// Invoices and universal documents keep their families under any workflow; all other types follow the workflow.
pub(super) fn family(flow: &Docflow<'_>) -> Family {
    use AttachmentType as Type;
    let workflow = flow.facts.workflow;
    match flow.facts.document.attachment_type {
        Type::Invoice | Type::InvoiceRevision | Type::InvoiceCorrection | Type::InvoiceCorrectionRevision => {
            Family::Invoice
        }
        Type::UniversalTransferDocument
        | Type::UniversalTransferDocumentRevision
        | Type::UniversalCorrectionDocument
        | Type::UniversalCorrectionDocumentRevision => Family::UniversalTransfer,
        _ => match (workflow.receipts_are_invoice_receipts(), workflow.may_respond()) {
            (true, false) => Family::Invoice,
            (true, true) => Family::UniversalTransfer,
            (false, false) => Family::Unilateral,
            (false, true) if workflow.response_is_title() => Family::XmlBilateral,
            (false, true) => Family::Bilateral,
        },
    }
}

/// Fills the flow of the document's family and the revocation, in the order of the field numbers.
pub(super) fn fill(shown: &mut wire::Docflow, flow: &Docflow<'_>, blocks: &mut Blocks<'_>) {
    let family = family(flow);
    // Inside one organization the flow is shown from the sender's side.
    let is_inbound = flow.facts.side.is_inbound();
    match (family, is_inbound) {
        (Family::Invoice, true) => {
            shown.inbound_invoice_docflow = Some(inbound_invoice(flow, blocks));
        }
        (Family::Invoice, false) => {
            shown.outbound_invoice_docflow = Some(outbound_invoice(flow, blocks));
        }
        (Family::XmlBilateral, _) => {
            shown.xml_bilateral_docflow = Some(xml_bilateral(flow, blocks));
        }
        (Family::Bilateral, _) => {
            shown.bilateral_docflow = Some(bilateral(flow, blocks));
        }
        (Family::Unilateral, _) => {
            shown.unilateral_docflow = Some(unilateral(flow, blocks));
        }
        (Family::UniversalTransfer, _) => {}
    }
    shown.revocation_docflow = revocation(flow, blocks).map(Box::new);
    if family == Family::UniversalTransfer {
        if is_inbound {
            shown.inbound_universal_transfer_document_docflow =
                Some(inbound_universal_transfer(flow, blocks));
        } else {
            shown.outbound_universal_transfer_document_docflow =
                Some(outbound_universal_transfer(flow, blocks));
        }
    }
}

fn bilateral(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> wire::BilateralDocflow {
    let signature = answer(flow, |kind| kind == ResponseKind::Signature);
    wire::BilateralDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: receipt(flow, blocks),
        recipient_signature_docflow: expects_answer(flow, signature.is_some())
            .then(|| blocks.recipient_signature(signature.as_ref())),
        recipient_signature_rejection_docflow: rejection(flow, blocks),
        is_receipt_requested: Some(flow.needs.receipt),
        is_recipient_signature_requested: Some(flow.needs.response),
        is_document_signed_by_recipient: Some(flow.flags.is_signed_by_recipient),
        is_document_rejected_by_recipient: Some(flow.flags.is_rejected_by_recipient),
        can_document_be_receipted: Some(flow.flags.can_be_receipted),
        can_document_be_signed_by_sender: Some(flow.flags.can_be_signed_by_sender),
        can_document_be_signed_or_rejected_by_recipient: Some(flow.flags.can_be_answered_by_recipient),
    }
}

fn xml_bilateral(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> wire::XmlBilateralDocflow {
    wire::XmlBilateralDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: receipt(flow, blocks),
        buyer_title_docflow: buyer_title(flow, blocks),
        recipient_signature_rejection_docflow: rejection(flow, blocks),
        is_receipt_requested: Some(flow.needs.receipt),
        is_document_signed_by_recipient: Some(flow.flags.is_signed_by_recipient),
        is_document_rejected_by_recipient: Some(flow.flags.is_rejected_by_recipient),
        can_document_be_receipted: Some(flow.flags.can_be_receipted),
        can_document_be_signed_by_sender: Some(flow.flags.can_be_signed_by_sender),
        can_document_be_signed_or_rejected_by_recipient: Some(flow.flags.can_be_answered_by_recipient),
    }
}

fn unilateral(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> wire::UnilateralDocflow {
    wire::UnilateralDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: receipt(flow, blocks),
        is_receipt_requested: Some(flow.needs.receipt),
        can_document_be_receipted: Some(flow.flags.can_be_receipted),
        can_document_be_signed_by_sender: Some(flow.flags.can_be_signed_by_sender),
    }
}

fn inbound_invoice(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> wire::InboundInvoiceDocflow {
    wire::InboundInvoiceDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: own_receipt(flow, blocks),
        confirmation_docflow: confirmation(flow, blocks),
        correction_request_docflow: amendment(flow, blocks),
        confirmation_timestamp: confirmed_at(flow).map(timestamp),
        is_amendment_requested: Some(flow.flags.is_amendment_requested),
        is_revised: Some(flow.facts.is_revised),
        is_corrected: Some(flow.facts.is_corrected),
    }
}

fn outbound_invoice(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> wire::OutboundInvoiceDocflow {
    wire::OutboundInvoiceDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: receipt(flow, blocks),
        confirmation_docflow: confirmation(flow, blocks),
        correction_request_docflow: amendment(flow, blocks),
        confirmation_timestamp: confirmed_at(flow).map(timestamp),
        is_amendment_requested: Some(flow.flags.is_amendment_requested),
        is_revised: Some(flow.facts.is_revised),
        is_corrected: Some(flow.facts.is_corrected),
        can_document_be_signed_by_sender: Some(flow.flags.can_be_signed_by_sender),
    }
}

fn inbound_universal_transfer(
    flow: &Docflow<'_>,
    blocks: &mut Blocks<'_>,
) -> wire::InboundUniversalTransferDocumentDocflow {
    wire::InboundUniversalTransferDocumentDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: own_receipt(flow, blocks),
        confirmation_docflow: confirmation(flow, blocks),
        correction_request_docflow: amendment(flow, blocks),
        confirmation_timestamp: confirmed_at(flow).map(timestamp),
        is_amendment_requested: Some(flow.flags.is_amendment_requested),
        is_revised: Some(flow.facts.is_revised),
        is_corrected: Some(flow.facts.is_corrected),
        buyer_title_docflow: buyer_title(flow, blocks),
        recipient_signature_rejection_docflow: rejection(flow, blocks),
        is_receipt_requested: Some(flow.needs.receipt),
        is_recipient_signature_requested: Some(flow.needs.response),
        is_document_signed_by_recipient: Some(flow.flags.is_signed_by_recipient),
        is_document_rejected_by_recipient: Some(flow.flags.is_rejected_by_recipient),
        can_document_be_receipted: Some(flow.flags.can_be_receipted),
        can_document_be_signed_or_rejected_by_recipient: Some(flow.flags.can_be_answered_by_recipient),
    }
}

fn outbound_universal_transfer(
    flow: &Docflow<'_>,
    blocks: &mut Blocks<'_>,
) -> wire::OutboundUniversalTransferDocumentDocflow {
    wire::OutboundUniversalTransferDocumentDocflow {
        is_finished: Some(flow.done.all),
        receipt_docflow: receipt(flow, blocks),
        confirmation_docflow: confirmation(flow, blocks),
        correction_request_docflow: amendment(flow, blocks),
        confirmation_timestamp: confirmed_at(flow).map(timestamp),
        is_amendment_requested: Some(flow.flags.is_amendment_requested),
        is_revised: Some(flow.facts.is_revised),
        is_corrected: Some(flow.facts.is_corrected),
        can_document_be_signed_by_sender: Some(flow.flags.can_be_signed_by_sender),
        buyer_title_docflow: buyer_title(flow, blocks),
        recipient_signature_rejection_docflow: rejection(flow, blocks),
        is_receipt_requested: Some(flow.needs.receipt),
        is_recipient_signature_requested: Some(flow.needs.response),
        is_document_signed_by_recipient: Some(flow.flags.is_signed_by_recipient),
        is_document_rejected_by_recipient: Some(flow.flags.is_rejected_by_recipient),
        can_document_be_receipted: Some(flow.flags.can_be_receipted),
        can_document_be_signed_or_rejected_by_recipient: Some(flow.flags.can_be_answered_by_recipient),
    }
}

/// The recipient's receipt on the document.
fn receipt(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::ReceiptDocflow> {
    let given = flow.facts.receipt;
    (flow.needs.receipt || given.is_some())
        .then(|| blocks.receipt(flow.done.receipt, given.as_ref().map(|receipt| &receipt.signed)))
}

/// The same in the recipient's box, where flows with confirmations show the confirmation of the receipt too.
fn own_receipt(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::InboundInvoiceReceiptDocflow> {
    let given = flow.facts.receipt;
    (flow.needs.receipt || given.is_some()).then(|| {
        let confirmation = given.and_then(|receipt| receipt.confirmation);
        let expected = ExpectedConfirmation {
            is_finished: flow.done.receipt_confirmation,
            needs_receipt: flow.needs.receipt_confirmation_receipt,
            confirmation,
        };
        let is_expected = flow.needs.receipt_confirmation || confirmation.is_some();
        blocks.own_receipt(flow.done.receipt, given.as_ref(), is_expected.then_some(expected))
    })
}

/// The operator's confirmation about the document.
fn confirmation(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::InvoiceConfirmationDocflow> {
    let confirmation = flow.facts.confirmation;
    (flow.needs.confirmation || confirmation.is_some()).then(|| {
        blocks.confirmation(ExpectedConfirmation {
            is_finished: flow.done.confirmation,
            needs_receipt: flow.needs.confirmation_receipt,
            confirmation,
        })
    })
}

fn confirmed_at(flow: &Docflow<'_>) -> Option<Ticks> {
    flow.facts.confirmation.map(|confirmation| confirmation.signed.file.entity.created_at)
}

fn amendment(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::InvoiceCorrectionRequestDocflow> {
    let amendment = flow.facts.amendment?;
    Some(blocks.amendment(flow.done.amendment, &amendment, flow.needs.amendment_receipt))
}

/// The recipient's answer, if it is of a kind that `is`.
fn answer<'a>(flow: &Docflow<'a>, is: impl Fn(ResponseKind) -> bool) -> Option<Response<'a>> {
    flow.facts.response.filter(|response| is(response.kind))
}

/// Is the object of a positive answer present? It goes away after a refusal.
const fn expects_answer(flow: &Docflow<'_>, is_given: bool) -> bool {
    is_given || flow.needs.response && !flow.flags.is_rejected_by_recipient
}

fn buyer_title(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::BuyerTitleDocflow> {
    let title = answer(flow, |kind| matches!(kind, ResponseKind::Title { .. }));
    let is_finished = title.is_some() && flow.done.response;
    expects_answer(flow, title.is_some()).then(|| blocks.buyer_title(is_finished, title.as_ref()))
}

fn rejection(
    flow: &Docflow<'_>,
    blocks: &mut Blocks<'_>,
) -> Option<wire::RecipientSignatureRejectionDocflow> {
    let refusal = answer(flow, |kind| matches!(kind, ResponseKind::Refusal { .. }))?;
    Some(blocks.rejection(&refusal))
}

fn revocation(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<wire::RevocationDocflow> {
    let revocation = flow.facts.revocation?;
    let is_accepted = flow.revocation == RevocationState::Accepted;
    let is_rejected = flow.revocation == RevocationState::Rejected;
    let request = blocks.service(&revocation.request);
    let agreement = revocation.answer.filter(|answer| !answer.is_refusal());
    let refusal = revocation.answer.filter(|answer| answer.is_refusal());
    Some(wire::RevocationDocflow {
        is_finished: Some(is_accepted || is_rejected),
        revocation_request_attachment: request,
        recipient_signature_docflow: (!revocation.is_unilateral && refusal.is_none())
            .then(|| blocks.recipient_signature(agreement.as_ref())),
        recipient_signature_rejection_docflow: refusal.map(|refusal| blocks.rejection(&refusal)),
        initiator_box_id: Some(revocation.initiator.to_string()),
        is_revocation_accepted: Some(is_accepted),
        is_revocation_rejected: Some(is_rejected),
    })
}
