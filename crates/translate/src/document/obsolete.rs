//! The statuses of the typed metadata of old document types: one enumeration per family, each a different mixture of
//! direction and progress.

use potok_domain::docflow::{
    Docflow, ReceiptStatus as GeneralReceiptStatus, ResponseStatus, SenderSignatureStatus,
};
use potok_domain::{Direction, Side};
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

/// These enumerations know nobody between sender and recipient.
const fn direction(flow: &Docflow<'_>) -> Direction {
    match flow.facts.side {
        Side::Sender => Direction::Outbound,
        Side::Recipient | Side::Proxy => Direction::Inbound,
        Side::Internal => Direction::Internal,
    }
}

fn progress(flow: &Docflow<'_>) -> Progress {
    // The recipient never sees a document that is not sent.
    let sender = flow.facts.side.is_sending().then_some(flow.steps.sender_signature);
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
    let status = match (direction(flow), progress(flow)) {
        (Direction::Outbound, Progress::WaitingForSender) => N::OutboundWaitingForSenderSignature,
        (Direction::Outbound, Progress::InvalidSender) => N::OutboundInvalidSenderSignature,
        (Direction::Outbound, Progress::Rejected) => N::OutboundRecipientSignatureRequestRejected,
        (Direction::Outbound, Progress::Partially | Progress::Signed) => N::OutboundWithRecipientSignature,
        (Direction::Outbound, Progress::Waiting | Progress::InvalidRecipient) => {
            N::OutboundWaitingForRecipientSignature
        }
        (Direction::Outbound, Progress::NoRequest) => N::OutboundNoRecipientSignatureRequest,
        (Direction::Inbound, Progress::InvalidRecipient) => N::InboundInvalidRecipientSignature,
        (Direction::Inbound, Progress::Rejected) => N::InboundRecipientSignatureRequestRejected,
        (Direction::Inbound, Progress::Partially | Progress::Signed) => N::InboundWithRecipientSignature,
        (Direction::Inbound, Progress::Waiting) => N::InboundWaitingForRecipientSignature,
        (Direction::Inbound, Progress::NoRequest | Progress::WaitingForSender | Progress::InvalidSender) => {
            N::InboundNoRecipientSignatureRequest
        }
        (Direction::Internal, Progress::WaitingForSender) => N::InternalWaitingForSenderSignature,
        (Direction::Internal, Progress::InvalidSender) => N::InternalInvalidSenderSignature,
        (Direction::Internal, Progress::InvalidRecipient) => N::InternalInvalidRecipientSignature,
        (Direction::Internal, Progress::Rejected) => N::InternalRecipientSignatureRequestRejected,
        (Direction::Internal, Progress::Partially | Progress::Signed) => N::InternalWithRecipientSignature,
        (Direction::Internal, Progress::Waiting) => N::InternalWaitingForRecipientSignature,
        (Direction::Internal, Progress::NoRequest) => N::InternalNoRecipientSignatureRequest,
    };
    status as i32
}

/// This enumeration cannot say that no signature is asked for; a signature may still come, so it reads as awaited.
pub(super) fn bilateral(flow: &Docflow<'_>) -> i32 {
    use Bilateral as B;
    let status = match (direction(flow), progress(flow)) {
        (Direction::Outbound, Progress::WaitingForSender) => B::OutboundWaitingForSenderSignature,
        (Direction::Outbound, Progress::InvalidSender) => B::OutboundInvalidSenderSignature,
        (Direction::Outbound, Progress::Rejected) => B::OutboundRecipientSignatureRequestRejected,
        (Direction::Outbound, Progress::Partially) => B::OutboundWithRecipientPartiallySignature,
        (Direction::Outbound, Progress::Signed) => B::OutboundWithRecipientSignature,
        (Direction::Outbound, Progress::Waiting | Progress::NoRequest | Progress::InvalidRecipient) => {
            B::OutboundWaitingForRecipientSignature
        }
        (Direction::Inbound, Progress::InvalidRecipient) => B::InboundInvalidRecipientSignature,
        (Direction::Inbound, Progress::Rejected) => B::InboundRecipientSignatureRequestRejected,
        (Direction::Inbound, Progress::Partially) => B::InboundWithRecipientPartiallySignature,
        (Direction::Inbound, Progress::Signed) => B::InboundWithRecipientSignature,
        (
            Direction::Inbound,
            Progress::Waiting | Progress::NoRequest | Progress::WaitingForSender | Progress::InvalidSender,
        ) => B::InboundWaitingForRecipientSignature,
        (Direction::Internal, Progress::WaitingForSender) => B::InternalWaitingForSenderSignature,
        (Direction::Internal, Progress::InvalidSender) => B::InternalInvalidSenderSignature,
        (Direction::Internal, Progress::InvalidRecipient) => B::InternalInvalidRecipientSignature,
        (Direction::Internal, Progress::Rejected) => B::InternalRecipientSignatureRequestRejected,
        (Direction::Internal, Progress::Partially) => B::InternalWithRecipientPartiallySignature,
        (Direction::Internal, Progress::Signed) => B::InternalWithRecipientSignature,
        (Direction::Internal, Progress::Waiting | Progress::NoRequest) => {
            B::InternalWaitingForRecipientSignature
        }
    };
    status as i32
}

/// The same numbers as [`bilateral`], and one more: an act may go without a request.
pub(super) fn act(flow: &Docflow<'_>) -> i32 {
    match (direction(flow), progress(flow)) {
        (Direction::Outbound, Progress::NoRequest) => Act::OutboundNoRecipientSignatureRequest as i32,
        (Direction::Inbound, Progress::NoRequest) => Act::InboundNoRecipientSignatureRequest as i32,
        (Direction::Internal, Progress::NoRequest) => Act::InternalNoRecipientSignatureRequest as i32,
        _ => bilateral(flow),
    }
}

pub(super) fn unilateral(flow: &Docflow<'_>) -> i32 {
    use Unilateral as U;
    let status = match (direction(flow), flow.steps.sender_signature) {
        (Direction::Outbound, SenderSignatureStatus::Waiting) => U::OutboundWaitingForSenderSignature,
        (Direction::Outbound, SenderSignatureStatus::Invalid) => U::OutboundInvalidSenderSignature,
        (Direction::Outbound, SenderSignatureStatus::Unchecked | SenderSignatureStatus::Valid) => U::Outbound,
        (Direction::Inbound, _) => U::Inbound,
        (Direction::Internal, SenderSignatureStatus::Waiting) => U::InternalWaitingForSenderSignature,
        (Direction::Internal, SenderSignatureStatus::Invalid) => U::InternalInvalidSenderSignature,
        (Direction::Internal, SenderSignatureStatus::Unchecked | SenderSignatureStatus::Valid) => U::Internal,
    };
    status as i32
}

/// Inside one organization an invoice reads as an outbound one.
pub(super) fn invoice(flow: &Docflow<'_>) -> i32 {
    use Invoice as I;
    let is_finished = flow.done.all;
    let status = match (direction(flow), flow.steps.sender_signature) {
        (Direction::Inbound, _) if is_finished => I::InboundFinished,
        (Direction::Inbound, _) => I::InboundNotFinished,
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
    let status = if direction(flow) == Direction::Inbound { inbound(flow) } else { outbound(flow) };
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
