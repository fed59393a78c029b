//! The statuses of the typed metadata of old document types: one enumeration per family, each a different mixture of
//! direction and progress.

use potok_domain::Side;
use potok_domain::docflow::{
    Docflow, ReceiptStatus as GeneralReceiptStatus, ResponseStatus, SenderSignatureStatus,
};
use potok_wire::proto::documents::ReceiptStatus;
use potok_wire::proto::documents::acceptance_certificate_document::AcceptanceCertificateDocumentStatus as Act;
use potok_wire::proto::documents::bilateral_document::BilateralDocumentStatus as Bilateral;
use potok_wire::proto::documents::invoice_document::InvoiceStatus as Invoice;
use potok_wire::proto::documents::nonformalized_document::NonformalizedDocumentStatus as Nonformalized;
use potok_wire::proto::documents::unilateral_document::UnilateralDocumentStatus as Unilateral;
use potok_wire::proto::documents::universal_transfer_document::UniversalTransferDocumentStatus as Transfer;

/// How far a document with an answer got; the first that holds counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    WaitingForSender,
    InvalidSender,
    InvalidRecipient,
    Rejected,
    Partially,
    Signed,
    Waiting,
    NoRequest,
}

fn progress(flow: &Docflow<'_>) -> Progress {
    // The recipient never sees a document that is not sent.
    let sender = (flow.facts.side != Side::Recipient).then_some(flow.steps.sender_signature);
    match (sender, flow.steps.response) {
        (Some(SenderSignatureStatus::Waiting), _) => Progress::WaitingForSender,
        (Some(SenderSignatureStatus::Invalid), _) => Progress::InvalidSender,
        (_, ResponseStatus::Invalid) => Progress::InvalidRecipient,
        (_, ResponseStatus::Rejected) => Progress::Rejected,
        (_, ResponseStatus::PartiallySigned) => Progress::Partially,
        (_, ResponseStatus::Signed) => Progress::Signed,
        (_, ResponseStatus::Waiting) => Progress::Waiting,
        (_, ResponseStatus::NotAcceptable | ResponseStatus::Unknown) => Progress::NoRequest,
    }
}

pub(super) fn nonformalized(flow: &Docflow<'_>) -> i32 {
    use Nonformalized as N;
    let status = match (flow.facts.side, progress(flow)) {
        (Side::Sender, Progress::WaitingForSender) => N::OutboundWaitingForSenderSignature,
        (Side::Sender, Progress::InvalidSender) => N::OutboundInvalidSenderSignature,
        (Side::Sender, Progress::Rejected) => N::OutboundRecipientSignatureRequestRejected,
        (Side::Sender, Progress::Partially | Progress::Signed) => N::OutboundWithRecipientSignature,
        (Side::Sender, Progress::Waiting | Progress::InvalidRecipient) => {
            N::OutboundWaitingForRecipientSignature
        }
        (Side::Sender, Progress::NoRequest) => N::OutboundNoRecipientSignatureRequest,
        (Side::Recipient, Progress::InvalidRecipient) => N::InboundInvalidRecipientSignature,
        (Side::Recipient, Progress::Rejected) => N::InboundRecipientSignatureRequestRejected,
        (Side::Recipient, Progress::Partially | Progress::Signed) => N::InboundWithRecipientSignature,
        (Side::Recipient, Progress::Waiting) => N::InboundWaitingForRecipientSignature,
        (Side::Recipient, Progress::NoRequest | Progress::WaitingForSender | Progress::InvalidSender) => {
            N::InboundNoRecipientSignatureRequest
        }
        (Side::Internal, Progress::WaitingForSender) => N::InternalWaitingForSenderSignature,
        (Side::Internal, Progress::InvalidSender) => N::InternalInvalidSenderSignature,
        (Side::Internal, Progress::InvalidRecipient) => N::InternalInvalidRecipientSignature,
        (Side::Internal, Progress::Rejected) => N::InternalRecipientSignatureRequestRejected,
        (Side::Internal, Progress::Partially | Progress::Signed) => N::InternalWithRecipientSignature,
        (Side::Internal, Progress::Waiting) => N::InternalWaitingForRecipientSignature,
        (Side::Internal, Progress::NoRequest) => N::InternalNoRecipientSignatureRequest,
    };
    status as i32
}

/// This enumeration cannot say that no signature is asked for; a signature may still come, so it reads as awaited.
pub(super) fn bilateral(flow: &Docflow<'_>) -> i32 {
    use Bilateral as B;
    let status = match (flow.facts.side, progress(flow)) {
        (Side::Sender, Progress::WaitingForSender) => B::OutboundWaitingForSenderSignature,
        (Side::Sender, Progress::InvalidSender) => B::OutboundInvalidSenderSignature,
        (Side::Sender, Progress::Rejected) => B::OutboundRecipientSignatureRequestRejected,
        (Side::Sender, Progress::Partially) => B::OutboundWithRecipientPartiallySignature,
        (Side::Sender, Progress::Signed) => B::OutboundWithRecipientSignature,
        (Side::Sender, Progress::Waiting | Progress::NoRequest | Progress::InvalidRecipient) => {
            B::OutboundWaitingForRecipientSignature
        }
        (Side::Recipient, Progress::InvalidRecipient) => B::InboundInvalidRecipientSignature,
        (Side::Recipient, Progress::Rejected) => B::InboundRecipientSignatureRequestRejected,
        (Side::Recipient, Progress::Partially) => B::InboundWithRecipientPartiallySignature,
        (Side::Recipient, Progress::Signed) => B::InboundWithRecipientSignature,
        (
            Side::Recipient,
            Progress::Waiting | Progress::NoRequest | Progress::WaitingForSender | Progress::InvalidSender,
        ) => B::InboundWaitingForRecipientSignature,
        (Side::Internal, Progress::WaitingForSender) => B::InternalWaitingForSenderSignature,
        (Side::Internal, Progress::InvalidSender) => B::InternalInvalidSenderSignature,
        (Side::Internal, Progress::InvalidRecipient) => B::InternalInvalidRecipientSignature,
        (Side::Internal, Progress::Rejected) => B::InternalRecipientSignatureRequestRejected,
        (Side::Internal, Progress::Partially) => B::InternalWithRecipientPartiallySignature,
        (Side::Internal, Progress::Signed) => B::InternalWithRecipientSignature,
        (Side::Internal, Progress::Waiting | Progress::NoRequest) => B::InternalWaitingForRecipientSignature,
    };
    status as i32
}

/// The same numbers as [`bilateral`], and one more: an act may go without a request.
pub(super) fn act(flow: &Docflow<'_>) -> i32 {
    match (flow.facts.side, progress(flow)) {
        (Side::Sender, Progress::NoRequest) => Act::OutboundNoRecipientSignatureRequest as i32,
        (Side::Recipient, Progress::NoRequest) => Act::InboundNoRecipientSignatureRequest as i32,
        (Side::Internal, Progress::NoRequest) => Act::InternalNoRecipientSignatureRequest as i32,
        _ => bilateral(flow),
    }
}

pub(super) fn unilateral(flow: &Docflow<'_>) -> i32 {
    use Unilateral as U;
    let status = match (flow.facts.side, flow.steps.sender_signature) {
        (Side::Sender, SenderSignatureStatus::Waiting) => U::OutboundWaitingForSenderSignature,
        (Side::Sender, SenderSignatureStatus::Invalid) => U::OutboundInvalidSenderSignature,
        (Side::Sender, SenderSignatureStatus::Unchecked | SenderSignatureStatus::Valid) => U::Outbound,
        (Side::Recipient, _) => U::Inbound,
        (Side::Internal, SenderSignatureStatus::Waiting) => U::InternalWaitingForSenderSignature,
        (Side::Internal, SenderSignatureStatus::Invalid) => U::InternalInvalidSenderSignature,
        (Side::Internal, SenderSignatureStatus::Unchecked | SenderSignatureStatus::Valid) => U::Internal,
    };
    status as i32
}

/// Inside one organization an invoice reads as an outbound one.
pub(super) fn invoice(flow: &Docflow<'_>) -> i32 {
    use Invoice as I;
    let is_finished = flow.done.all;
    let status = match (flow.facts.side, flow.steps.sender_signature) {
        (Side::Recipient, _) if is_finished => I::InboundFinished,
        (Side::Recipient, _) => I::InboundNotFinished,
        (_, SenderSignatureStatus::Waiting) => I::OutboundWaitingForSenderSignature,
        (_, SenderSignatureStatus::Invalid) => I::OutboundInvalidSenderSignature,
        _ if is_finished => I::OutboundFinished,
        _ if flow.facts.receipt.is_none() => I::OutboundWaitingForInvoiceReceipt,
        _ => I::OutboundNotFinished,
    };
    status as i32
}

/// Inside one organization a universal document reads as an outbound one. A refusal outweighs a missing receipt.
pub(super) fn transfer(flow: &Docflow<'_>) -> i32 {
    use Transfer as T;
    let status = if flow.facts.side == Side::Recipient { inbound(flow) } else { outbound(flow) };
    return status as i32;

    fn outbound(flow: &Docflow<'_>) -> Transfer {
        let lacks_receipt = flow.needs.receipt && flow.facts.receipt.is_none();
        match (flow.steps.sender_signature, flow.steps.response) {
            (SenderSignatureStatus::Waiting, _) => T::OutboundWaitingForSenderSignature,
            (SenderSignatureStatus::Invalid, _) => T::OutboundInvalidSenderSignature,
            (_, ResponseStatus::Rejected) => T::OutboundRecipientSignatureRequestRejected,
            (_, ResponseStatus::Waiting | ResponseStatus::Invalid) if lacks_receipt => {
                T::OutboundWaitingForInvoiceReceiptAndRecipientSignature
            }
            (_, ResponseStatus::Waiting | ResponseStatus::Invalid) => T::OutboundWaitingForRecipientSignature,
            _ if lacks_receipt => T::OutboundWaitingForInvoiceReceipt,
            (_, ResponseStatus::Signed | ResponseStatus::PartiallySigned) => {
                T::OutboundWithRecipientSignature
            }
            _ if flow.done.all => T::OutboundFinished,
            _ => T::OutboundNotFinished,
        }
    }

    fn inbound(flow: &Docflow<'_>) -> Transfer {
        match flow.steps.response {
            ResponseStatus::Waiting => T::InboundWaitingForRecipientSignature,
            ResponseStatus::Invalid => T::InboundInvalidRecipientSignature,
            ResponseStatus::Rejected => T::InboundRecipientSignatureRequestRejected,
            ResponseStatus::Signed | ResponseStatus::PartiallySigned
                if !flow.needs.receipt || flow.done.receipt =>
            {
                T::InboundWithRecipientSignature
            }
            ResponseStatus::NotAcceptable | ResponseStatus::Unknown if flow.done.all => T::InboundFinished,
            _ => T::InboundNotFinished,
        }
    }
}

/// The recipient's receipt.
pub(super) const fn receipt(flow: &Docflow<'_>) -> i32 {
    let status = match flow.steps.receipt {
        GeneralReceiptStatus::Unknown | GeneralReceiptStatus::NotAcceptable => {
            ReceiptStatus::ReceiptStatusNone
        }
        GeneralReceiptStatus::Finished => ReceiptStatus::ReceiptStatusFinished,
        GeneralReceiptStatus::HaveToCreate => ReceiptStatus::ReceiptStatusHaveToCreateReceipt,
        GeneralReceiptStatus::Waiting => ReceiptStatus::ReceiptStatusWaitingForReceipt,
    };
    status as i32
}
