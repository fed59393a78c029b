//! The titles of a document, posted and expected, each with what the other participants do about it.

use potok_domain::docflow::{Docflow, Response, ResponseKind, Signed};
use potok_domain::{Check, MessageType, Side, roaming};
use potok_types::Ticks;
use potok_wire::proto::docflow::{
    DeliveryDocflowV5, DeliveryStatusV5, TitleAuthorDocflow, TitleAuthorStatusV5, TitleDeliveryDocflowV5,
    TitleDocflow, TitleOperationResultV5, TitleParticipantDocflow, TitleParticipantResponseDocflow,
    TitleParticipantResponseStatusV5, WellKnownTitleOperationResult,
};

use super::participants::{Participants, Role};
use super::{confirmation, receipt};
use crate::docflow::timestamp;
use crate::docflow_v4::blocks::Blocks;
use crate::docflow_v4::parts;

pub(super) fn titles(
    flow: &Docflow<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> Vec<TitleDocflow> {
    let workflow = flow.facts.workflow;
    let mut titles = vec![first_title(flow, participants, blocks)];
    if flow.needs.proxy && workflow.proxy_writes_title() {
        titles.extend(later_title(Role::Proxy, titles.len(), flow, participants, blocks));
    }
    if workflow.response_is_title() {
        titles.extend(later_title(Role::Recipient, titles.len(), flow, participants, blocks));
    }
    titles
}

/// The sender's title.
fn first_title(flow: &Docflow<'_>, participants: &Participants, blocks: &mut Blocks<'_>) -> TitleDocflow {
    let facts = &flow.facts;
    let author_signing = TitleAuthorDocflow {
        // To whom it got is told of each participant apart.
        is_finished: facts.title.is_settled(),
        status: match facts.message_type {
            // It is still being edited.
            MessageType::Draft | MessageType::Template => {
                TitleAuthorStatusV5::TitleAuthorStatusNotReadyToSign
            }
            MessageType::Letter => author_status(facts.title.check()),
        } as i32,
        title: Some(blocks.signed(&facts.title)),
        operation_result: None,
    };
    let mut others = Vec::new();
    for (role, participant) in participants.others(Role::Sender) {
        others.push(TitleParticipantDocflow {
            participant: participant.clone(),
            title_delivery: title_delivery(
                &facts.title,
                passage(flow, &facts.title, Role::Sender, role),
                parts::confirmation(flow).filter(|_| role == Role::Recipient),
                blocks,
            ),
            response: response(flow, role, blocks),
            receipt: parts::recipient_receipt(flow)
                .filter(|_| role == Role::Recipient)
                .map(|part| receipt(blocks.receipt(&part))),
        });
    }
    TitleDocflow {
        title_index: 0,
        version: None,
        author: participants.sender.clone(),
        author_signing,
        participant_docflows: others,
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(&facts.out_of_workflow),
    }
}

/// The title with which the recipient or an intermediate addressee answers, which is listed before it is there.
fn later_title(
    author: Role,
    index: usize,
    flow: &Docflow<'_>,
    participants: &Participants,
    blocks: &mut Blocks<'_>,
) -> Option<TitleDocflow> {
    let facts = &flow.facts;
    let is_recipient = author == Role::Recipient;
    let given = answer(flow, author).filter(|given| matches!(given.kind, ResponseKind::Title { .. }));
    let is_done = if is_recipient { flow.done.response } else { flow.done.proxy };
    let signed = given.map(|given| given.signed);
    let status = match (&signed, is_turn_of(author, flow)) {
        (Some(signed), _) => author_status(signed.check()),
        (None, true) => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
        (None, false) => TitleAuthorStatusV5::TitleAuthorStatusNotReadyToSign,
    };
    let author_signing = TitleAuthorDocflow {
        is_finished: given.is_some() && is_done,
        status: status as i32,
        title: signed.map(|signed| blocks.signed(&signed)),
        operation_result: given.filter(|given| given.signed.is_valid()).map(|given| operation_result(&given)),
    };
    let confirmed =
        parts::response(flow).and_then(|part| part.confirmation).filter(|_| given.is_some() && is_recipient);
    let mut others = Vec::new();
    for (role, participant) in participants.others(author) {
        let is_to_sender = role == Role::Sender;
        others.push(TitleParticipantDocflow {
            participant: participant.clone(),
            title_delivery: signed.and_then(|signed| {
                let passage = passage(flow, &signed, author, role);
                title_delivery(&signed, passage, confirmed.filter(|_| is_to_sender), blocks)
            }),
            response: None,
            receipt: parts::sender_receipt(flow)
                .filter(|_| is_recipient && is_to_sender)
                .map(|part| receipt(blocks.receipt(&part))),
        });
    }
    let out_of_workflow: &[_] = if is_recipient { &facts.response_out_of_workflow } else { &[] };
    Some(TitleDocflow {
        title_index: i32::try_from(index).ok()?,
        version: None,
        author: participants.of_role(author)?.clone(),
        author_signing,
        participant_docflows: others,
        out_of_workflow_universal_message_docflow: blocks.out_of_workflow(out_of_workflow),
    })
}

/// What a participant answered to the first title.
fn answer<'a>(flow: &Docflow<'a>, role: Role) -> Option<Response<'a>> {
    match role {
        Role::Sender => None,
        Role::Proxy => flow.facts.proxy.and_then(|proxy| proxy.response),
        Role::Recipient => flow.facts.response,
    }
}

/// Everything that has to stand before the answer of `author` stands.
fn is_turn_of(author: Role, flow: &Docflow<'_>) -> bool {
    let is_let_through = || {
        let given = answer(flow, Role::Proxy);
        given.is_some_and(|given| given.signed.is_valid() && !given.is_refusal())
    };
    flow.facts.title.is_valid() && (author != Role::Recipient || !flow.needs.proxy || is_let_through())
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

/// How far a file got on its way to one participant.
#[derive(Clone, Copy)]
enum Passage {
    OnItsWay,
    /// It arrived; when, is known to sender and receiver alone.
    Arrived(Option<Ticks>),
}

/// How far the file of `author` got on its way to `role`, as far as this box knows. Sender and recipient exchange through
/// the sender's box with an intermediate addressee, so what got there is with everybody.
fn passage(flow: &Docflow<'_>, file: &Signed<'_>, author: Role, role: Role) -> Passage {
    let facts = &flow.facts;
    let known = |at: Option<Ticks>| at.map_or(Passage::OnItsWay, |at| Passage::Arrived(Some(at)));
    let is_let_through =
        answer(flow, Role::Proxy).is_some_and(|given| given.signed.is_settled() && !given.is_refusal());
    match (facts.side, author, role) {
        (Side::Proxy, Role::Sender, Role::Recipient) if is_let_through => Passage::Arrived(None),
        (Side::Proxy, Role::Sender, Role::Recipient) => Passage::OnItsWay,
        (_, Role::Sender, Role::Recipient) => known(facts.delivered_at),
        (Side::Recipient, Role::Sender, Role::Proxy) => Passage::Arrived(None),
        (Side::Sender, Role::Proxy, Role::Recipient) => known(facts.delivered_at),
        (Side::Recipient, Role::Proxy, Role::Sender)
        | (Side::Proxy, Role::Recipient, Role::Sender)
        | (Side::Proxy, Role::Proxy, Role::Recipient)
        | (Side::Sender | Side::Recipient, Role::Recipient, Role::Proxy) => match file.delivered_at {
            Some(_) => Passage::Arrived(None),
            None => Passage::OnItsWay,
        },
        _ => known(file.delivered_at),
    }
}

/// How a title got to another participant; `None` before it was sent.
fn title_delivery(
    title: &Signed<'_>,
    passage: Passage,
    confirmed: Option<parts::ConfirmationPart<'_>>,
    blocks: &mut Blocks<'_>,
) -> Option<TitleDeliveryDocflowV5> {
    Some(TitleDeliveryDocflowV5 {
        delivery: Some(delivery_over(title, passage)?),
        confirmation: confirmed.map(|part| confirmation(blocks.confirmation(&part))),
        roaming_notification: blocks.files.roaming(roaming::newest(blocks.seen.state, title.file.entity.id)),
    })
}

/// How a file got to the other side; `None` before it was sent.
pub(super) fn delivery(file: &Signed<'_>) -> Option<DeliveryDocflowV5> {
    delivery_over(file, file.delivered_at.map_or(Passage::OnItsWay, |at| Passage::Arrived(Some(at))))
}

fn delivery_over(file: &Signed<'_>, passage: Passage) -> Option<DeliveryDocflowV5> {
    let sent_at = file.sent_at()?;
    // What failed once and is signed anew is on its way again.
    let is_tried_again = file.check() == Some(Check::Unchecked);
    let has_failed = file.is_invalid() || file.file.is_undeliverable && !is_tried_again;
    let (status, delivered_at) = match passage {
        Passage::Arrived(at) if !has_failed => (DeliveryStatusV5::DeliveryStatusDelivered, at),
        Passage::Arrived(at) => (DeliveryStatusV5::DeliveryStatusFailed, at),
        Passage::OnItsWay if has_failed => (DeliveryStatusV5::DeliveryStatusFailed, None),
        Passage::OnItsWay => (DeliveryStatusV5::DeliveryStatusNotReady, None),
    };
    Some(DeliveryDocflowV5 {
        status: status as i32,
        sent_at: Some(timestamp(sent_at)),
        delivered_at: delivered_at.map(timestamp),
    })
}

/// What a participant answers without a title of its own: a signature or a refusal. `None` before the document is sent.
fn response(
    flow: &Docflow<'_>,
    role: Role,
    blocks: &mut Blocks<'_>,
) -> Option<TitleParticipantResponseDocflow> {
    use TitleParticipantResponseStatusV5 as Status;
    flow.facts.sent_at?;
    let workflow = flow.facts.workflow;
    let (is_needed, is_title, is_done) = match role {
        Role::Proxy => (flow.needs.proxy, workflow.proxy_writes_title(), flow.done.proxy),
        _ => (flow.needs.response, workflow.response_is_title(), flow.done.response),
    };
    let given = answer(flow, role).filter(|given| !matches!(given.kind, ResponseKind::Title { .. }));
    let Some(given) = given else {
        let is_awaited = is_needed && !is_title;
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
        is_finished: is_done,
        status: status as i32,
        signature: if is_refusal { None } else { blocks.signature(&given.signed) },
        rejection: is_refusal.then(|| blocks.rejection(&given)),
        confirmation: parts::response(flow)
            .filter(|_| role == Role::Recipient)
            .and_then(|part| part.confirmation)
            .map(|part| confirmation(blocks.confirmation(&part))),
        delivery: delivery(&given.signed),
    })
}
