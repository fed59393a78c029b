//! The titles of a document, posted and expected, each with what the other participants do about it.

use potok_domain::docflow::{Docflow, Response, ResponseKind, Signed};
use potok_domain::{Check, MessageType};
use potok_wire::proto::docflow::{
    DeliveryDocflowV5, DeliveryStatusV5, TitleAuthorDocflow, TitleAuthorStatusV5, TitleDeliveryDocflowV5,
    TitleDocflow, TitleOperationResultV5, TitleParticipantDocflow, TitleParticipantResponseDocflow,
    TitleParticipantResponseStatusV5, WellKnownTitleOperationResult,
};

use super::participants::Participants;
use super::{confirmation, receipt};
use crate::docflow::timestamp;
use crate::docflow_v4::blocks::Blocks;
use crate::docflow_v4::parts;

pub(super) fn titles(
    flow: &Docflow<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> Vec<TitleDocflow> {
    let first = first_title(flow, participants, blocks);
    let answer = flow.facts.workflow.response_is_title().then(|| answer_title(flow, participants, blocks));
    std::iter::once(first).chain(answer).collect()
}

/// The sender's title.
fn first_title(flow: &Docflow<'_>, participants: &Participants, blocks: &mut Blocks<'_>) -> TitleDocflow {
    let facts = &flow.facts;
    TitleDocflow {
        title_index: 0,
        version: None,
        author: participants.sender.clone(),
        author_signing: TitleAuthorDocflow {
            is_finished: flow.done.title,
            status: match facts.message_type {
                // It is still being edited.
                MessageType::Draft | MessageType::Template => {
                    TitleAuthorStatusV5::TitleAuthorStatusNotReadyToSign
                }
                MessageType::Letter => author_status(facts.title.check()),
            } as i32,
            title: Some(blocks.signed(&facts.title)),
            operation_result: None,
        },
        participant_docflows: vec![TitleParticipantDocflow {
            participant: participants.recipient.clone(),
            title_delivery: title_delivery(
                &Signed { delivered_at: facts.delivered_at, ..facts.title },
                parts::confirmation(flow),
                blocks,
            ),
            response: response(flow, blocks),
            receipt: parts::recipient_receipt(flow).map(|part| receipt(blocks.receipt(&part))),
        }],
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(&facts.out_of_workflow),
    }
}

/// The recipient's title, which is listed before it is there.
fn answer_title(flow: &Docflow<'_>, participants: &Participants, blocks: &mut Blocks<'_>) -> TitleDocflow {
    let facts = &flow.facts;
    let part = parts::response(flow);
    let given = facts.response.filter(|response| matches!(response.kind, ResponseKind::Title { .. }));
    let signed = given.map(|given| given.signed);
    let confirmed = part.and_then(|part| part.confirmation).filter(|_| given.is_some());
    let status = match (&signed, facts.title.is_valid()) {
        (Some(signed), _) => author_status(signed.check()),
        (None, true) => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
        (None, false) => TitleAuthorStatusV5::TitleAuthorStatusNotReadyToSign,
    };
    TitleDocflow {
        title_index: 1,
        version: None,
        author: participants.recipient.clone(),
        author_signing: TitleAuthorDocflow {
            is_finished: given.is_some() && flow.done.response,
            status: status as i32,
            title: signed.map(|signed| blocks.signed(&signed)),
            operation_result: given
                .filter(|given| given.signed.is_valid())
                .map(|given| operation_result(&given)),
        },
        participant_docflows: vec![TitleParticipantDocflow {
            participant: participants.sender.clone(),
            title_delivery: signed.and_then(|signed| title_delivery(&signed, confirmed, blocks)),
            response: None,
            receipt: parts::sender_receipt(flow).map(|part| receipt(blocks.receipt(&part))),
        }],
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(&facts.response_out_of_workflow),
    }
}

const fn author_status(check: Option<Check>) -> TitleAuthorStatusV5 {
    match check {
        None => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
        Some(Check::Unchecked) => TitleAuthorStatusV5::TitleAuthorStatusVerifying,
        Some(Check::Valid) => TitleAuthorStatusV5::TitleAuthorStatusSigned,
        Some(Check::Invalid) => TitleAuthorStatusV5::TitleAuthorStatusInvalidSignature,
    }
}

fn operation_result(given: &Response<'_>) -> TitleOperationResultV5 {
    let result = match given.kind {
        ResponseKind::Title { with_disagreements: true } => {
            WellKnownTitleOperationResult::WellKnownTitleOperationResultPartiallySigned
        }
        _ => WellKnownTitleOperationResult::WellKnownTitleOperationResultSigned,
    };
    TitleOperationResultV5 { well_known: Some(result as i32) }
}

/// How a title got to another participant; `None` before it was sent.
fn title_delivery(
    title: &Signed<'_>,
    confirmed: Option<parts::ConfirmationPart<'_>>,
    blocks: &mut Blocks<'_>,
) -> Option<TitleDeliveryDocflowV5> {
    Some(TitleDeliveryDocflowV5 {
        delivery: Some(delivery(title)?),
        confirmation: confirmed.map(|part| confirmation(blocks.confirmation(&part))),
        roaming_notification: None,
    })
}

/// How a file got to the other side; `None` before it was sent.
pub(super) fn delivery(file: &Signed<'_>) -> Option<DeliveryDocflowV5> {
    let sent_at = file.sent_at()?;
    // What failed once and is signed anew is on its way again.
    let is_tried_again = file.check() == Some(Check::Unchecked);
    let has_failed = file.is_invalid() || file.file.is_undeliverable && !is_tried_again;
    let status = match file.delivered_at {
        Some(_) if !has_failed => DeliveryStatusV5::DeliveryStatusDelivered,
        _ if has_failed => DeliveryStatusV5::DeliveryStatusFailed,
        _ => DeliveryStatusV5::DeliveryStatusNotReady,
    };
    Some(DeliveryDocflowV5 {
        status: status as i32,
        sent_at: Some(timestamp(sent_at)),
        delivered_at: file.delivered_at.map(timestamp),
    })
}

/// What the recipient answers without a title of its own: a signature or a refusal. `None` before the document is sent.
fn response(flow: &Docflow<'_>, blocks: &mut Blocks<'_>) -> Option<TitleParticipantResponseDocflow> {
    use TitleParticipantResponseStatusV5 as Status;
    flow.facts.sent_at?;
    let given = flow.facts.response.filter(|given| !matches!(given.kind, ResponseKind::Title { .. }));
    let Some(given) = given else {
        let is_awaited = flow.needs.response && !flow.facts.workflow.response_is_title();
        let status = match is_awaited {
            true => Status::TitleParticipantResponseStatusWaiting,
            false => Status::TitleParticipantResponseStatusNotAcceptable,
        };
        return Some(TitleParticipantResponseDocflow {
            is_finished: !is_awaited,
            status: status as i32,
            ..TitleParticipantResponseDocflow::default()
        });
    };
    let is_refusal = given.is_refusal();
    let status = match given.signed.check() {
        None | Some(Check::Unchecked) => Status::TitleParticipantResponseStatusVerifying,
        Some(Check::Valid) if is_refusal => Status::TitleParticipantResponseStatusSignatureRejected,
        Some(Check::Valid) => Status::TitleParticipantResponseStatusSigned,
        Some(Check::Invalid) => Status::TitleParticipantResponseStatusInvalidSignature,
    };
    Some(TitleParticipantResponseDocflow {
        is_finished: flow.done.response,
        status: status as i32,
        signature: if is_refusal { None } else { blocks.signature(&given.signed) },
        rejection: is_refusal.then(|| blocks.rejection(&given)),
        confirmation: parts::response(flow)
            .and_then(|part| part.confirmation)
            .map(|part| confirmation(blocks.confirmation(&part))),
        delivery: delivery(&given.signed),
    })
}
