//! Which steps a flow has, from version 3 on.
//!
//! A step is there when it is required or has happened, and never before the document is sent. Readers take "absent"
//! and "finished" alike, so an unfinished step never stands for something that nobody has to do.

use potok_domain::docflow::{
    Amendment, Confirmation, Docflow, Receipt, ReceiptStatus, Response, ResponseKind, ResponseStatus, Signed,
};

/// A receipt that is awaited or was given.
#[derive(Clone, Copy)]
pub(crate) struct ReceiptPart<'a> {
    pub(crate) is_finished: bool,
    pub(crate) status: ReceiptStatus,
    /// `None` before it was given.
    pub(crate) signed: Option<Signed<'a>>,
    pub(crate) confirmation: Option<ConfirmationPart<'a>>,
}

/// An operator's confirmation that is awaited or came.
#[derive(Clone, Copy)]
pub(crate) struct ConfirmationPart<'a> {
    pub(crate) is_finished: bool,
    /// `None` before it came.
    pub(crate) confirmation: Option<Confirmation<'a>>,
    /// This box acknowledges it: how far that got.
    pub(crate) receipt_status: Option<ReceiptStatus>,
}

/// An amendment request, or what stands for one when the document was revised without having been asked for.
#[derive(Clone, Copy)]
pub(crate) struct AmendmentPart<'a> {
    pub(crate) is_finished: bool,
    pub(crate) amendment: Option<Amendment<'a>>,
    pub(crate) receipt: Option<ReceiptPart<'a>>,
    pub(crate) confirmation: Option<ConfirmationPart<'a>>,
}

/// A response of the recipient that is awaited or was given.
#[derive(Clone, Copy)]
pub(crate) struct ResponsePart<'a> {
    pub(crate) is_finished: bool,
    pub(crate) status: ResponseStatus,
    pub(crate) response: Option<Response<'a>>,
    pub(crate) confirmation: Option<ConfirmationPart<'a>>,
}

const fn is_sent(flow: &Docflow<'_>) -> bool {
    flow.facts.sent_at.is_some()
}

/// About a file that was posted: is the confirmation there or at least expected?
fn confirmation_of<'a>(
    is_expected: bool,
    is_finished: bool,
    confirmation: Option<Confirmation<'a>>,
    receipt_status: Option<ReceiptStatus>,
) -> Option<ConfirmationPart<'a>> {
    (is_expected || confirmation.is_some()).then_some(ConfirmationPart {
        is_finished,
        confirmation,
        receipt_status,
    })
}

/// The confirmation about title 0.
pub(crate) fn confirmation<'a>(flow: &Docflow<'a>) -> Option<ConfirmationPart<'a>> {
    let needs_receipt = flow.needs.confirmation_receipt;
    confirmation_of(
        flow.needs.confirmation && is_sent(flow),
        flow.done.confirmation,
        flow.facts.confirmation,
        needs_receipt.then_some(flow.steps.confirmation_receipt),
    )
}

/// The recipient's receipt on title 0.
pub(crate) fn recipient_receipt<'a>(flow: &Docflow<'a>) -> Option<ReceiptPart<'a>> {
    let given = flow.facts.receipt;
    let needs_receipt = flow.needs.receipt_confirmation_receipt;
    receipt_of(flow.needs.receipt && is_sent(flow), flow.done.receipt, flow.steps.receipt, given, |receipt| {
        confirmation_of(
            flow.needs.receipt_confirmation,
            flow.done.receipt_confirmation,
            receipt.confirmation,
            needs_receipt.then_some(flow.steps.receipt_confirmation_receipt),
        )
    })
}

/// The sender's receipt on the recipient's title.
pub(crate) fn sender_receipt<'a>(flow: &Docflow<'a>) -> Option<ReceiptPart<'a>> {
    let given = flow.facts.sender_receipt;
    let needs_receipt = flow.needs.sender_receipt_confirmation_receipt;
    receipt_of(
        flow.needs.sender_receipt,
        flow.done.sender_receipt,
        flow.steps.sender_receipt,
        given,
        |receipt| {
            let confirmation = receipt.confirmation;
            let answer = confirmation.and_then(|confirmation| confirmation.receipt);
            let status = match (confirmation, answer) {
                (_, Some(_)) => ReceiptStatus::Finished,
                (Some(_), None) => ReceiptStatus::HaveToCreate,
                (None, None) => ReceiptStatus::NotAcceptable,
            };
            let is_finished =
                confirmation.is_some() && (!needs_receipt || answer.is_some_and(|answer| answer.is_valid()));
            confirmation_of(
                flow.needs.sender_receipt_confirmation,
                is_finished,
                confirmation,
                needs_receipt.then_some(status),
            )
        },
    )
}

fn receipt_of<'a>(
    is_expected: bool,
    is_finished: bool,
    status: ReceiptStatus,
    given: Option<Receipt<'a>>,
    confirmation: impl FnOnce(&Receipt<'a>) -> Option<ConfirmationPart<'a>>,
) -> Option<ReceiptPart<'a>> {
    (is_expected || given.is_some()).then(|| ReceiptPart {
        is_finished,
        status,
        signed: given.map(|receipt| receipt.signed),
        confirmation: given.as_ref().and_then(confirmation),
    })
}

/// The amendment request `amendment`.
pub(crate) fn amendment<'a>(flow: &Docflow<'a>, amendment: Amendment<'a>) -> AmendmentPart<'a> {
    let facts = &flow.facts;
    let status = ReceiptStatus::of_amendment(&amendment, facts);
    let receipt = amendment.receipt;
    AmendmentPart {
        is_finished: amendment.is_done(facts.workflow),
        receipt: (amendment.needs_receipt(facts.workflow) || receipt.is_some()).then(|| ReceiptPart {
            is_finished: receipt.is_some_and(|receipt| receipt.is_settled()),
            status,
            signed: receipt,
            confirmation: None,
        }),
        confirmation: confirmation_of(
            amendment.needs_confirmation(facts.workflow),
            amendment.confirmation.is_some(),
            amendment.confirmation,
            None,
        ),
        amendment: Some(amendment),
    }
}

/// The amendment request that counts; without one, what is to be said when the document was revised or corrected.
pub(crate) fn newest_amendment<'a>(flow: &Docflow<'a>) -> Option<AmendmentPart<'a>> {
    let untold = AmendmentPart { is_finished: true, amendment: None, receipt: None, confirmation: None };
    match flow.facts.amendment {
        Some(newest) => Some(amendment(flow, newest)),
        None => (flow.steps.amendment.bits() != 0).then_some(untold),
    }
}

/// The recipient's response to title 0.
pub(crate) fn response<'a>(flow: &Docflow<'a>) -> Option<ResponsePart<'a>> {
    let response = flow.facts.response;
    (response.is_some() || flow.needs.response && is_sent(flow)).then(|| ResponsePart {
        is_finished: flow.done.response,
        status: flow.steps.response,
        response,
        confirmation: response.and_then(|response| {
            let is_expected = flow.needs.response_confirmation && response.kind != ResponseKind::Signature;
            let confirmation = response.confirmation;
            confirmation_of(is_expected, confirmation.is_some(), confirmation, None)
        }),
    })
}
