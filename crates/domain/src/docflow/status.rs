//! The words in which the state of a flow is shown to people.

use std::borrow::Cow;

use crate::{Check, MessageType, Side};

use super::approvals::ApprovalStatus;
use super::facts::{Facts, Response, ResponseKind, TemplateStanding};
use super::flags::RevocationState;
use super::progress::{Done, Needs};

/// How urgent a status is, the least one first; numbers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Severity {
    /// Nobody has to act.
    Info = 1,
    /// The parties are done.
    Success = 2,
    /// Somebody has to act.
    Warning = 3,
    /// Refused, revoked or failed.
    Error = 4,
}

/// A status as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How urgent it is.
    pub severity: Severity,
    /// For people, in Russian.
    pub text: Cow<'static, str>,
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident: $severity:ident $text:literal,)*) => {
        /// One sentence of a status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Part {
            $($(#[$doc])* $name,)*
        }

        impl Part {
            const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

parts! {
    // Before the exchange.
    Draft: Info "Черновик",
    TemplateAwaited: Warning "Ожидается создание документа",
    TemplateOwed: Warning "Требуется создать документ",
    TemplateSettled: Info "Обработан",
    Unsent: Warning "Требуется подписать и отправить",
    BadSignature: Error "Ошибка в подписи",
    InFlight: Info "Отправляется",
    // The intermediate addressee.
    ProxyAwaited: Warning "Ожидается промежуточная подпись",
    // The recipient's answer.
    AnswerAwaited: Warning "Ожидается подпись контрагента",
    // The same where a receipt is spoken of too.
    MainAnswerAwaited: Warning "Ожидается основная подпись",
    AnswerOwed: Warning "Требуется подпись",
    SignedByOther: Success "Подписан контрагентом",
    SignedByAll: Success "Подписан всеми получателями",
    Signed: Success "Подписан",
    SignedWithDisagreements: Success "Подписан с разногласиями",
    RefusedByOther: Error "Контрагент отказал в подписи",
    Refused: Error "Отказано в подписи",
    // Receipts.
    ReceiptAwaited: Warning "Ожидается извещение о получении",
    ReceiptOwed: Warning "Требуется подписать извещение о получении",
    // The same after a refusal.
    ReceiptOwedAfterRefusal: Warning "Требуется подписать извещение",
    // Amendment requests.
    AmendmentAwaited: Warning "Ожидается уточнение",
    AmendmentOwed: Warning "Требуется уточнение",
    // Revocation.
    RevocationAwaited: Warning "Ожидается аннулирование",
    RevocationOwed: Warning "Требуется аннулирование",
    Revoked: Error "Аннулирован",
    // It must not outweigh the parts it is added to.
    RevocationRefused: Info "Отказано в аннулировании",
    // Approval inside the organization.
    OnApproval: Warning "На согласовании",
    OnSigning: Warning "На подписании",
    Approved: Success "Согласован",
    Disapproved: Error "Отказано в согласовании",
    SigningDenied: Error "Отказано в запросе подписи",
    RevocationApproved: Success "Аннулирование одобрено",
    // Nothing is owed.
    ConfirmationAwaited: Info "Ожидается подтверждение оператора",
    Finished: Info "Документооборот завершен",
}

impl Status {
    /// The primary status.
    pub(super) fn primary(
        facts: &Facts<'_>,
        needs: &Needs,
        done: &Done,
        revocation: RevocationState,
    ) -> Self {
        Self::join(&parts(&View::new(facts, needs, done, revocation)))
    }

    /// The secondary status: approval inside the organization. Nothing is said once this side signed or refused.
    pub(super) fn secondary(facts: &Facts<'_>) -> Option<Self> {
        use ApprovalStatus as Approval;
        let approvals = facts.current_approvals();
        let is_about_revocation = approvals.subject != facts.entity.entity.id;
        let part = match approvals.status {
            Approval::ApprovementRequested
            | Approval::ApprovementSignatureRequested
            | Approval::ActionsRequested => Part::OnApproval,
            Approval::PrimarySignatureRequested => Part::OnSigning,
            Approval::Approved | Approval::SignedWithApprovingSignature if is_about_revocation => {
                Part::RevocationApproved
            }
            Approval::Approved | Approval::SignedWithApprovingSignature => Part::Approved,
            Approval::Disapproved => Part::Disapproved,
            Approval::SignatureRequestRejected => Part::SigningDenied,
            Approval::None | Approval::SignedWithPrimarySignature | Approval::PrimarySignatureRejected => {
                return None;
            }
        };
        Some(Self::join(&[part]))
    }

    fn join(parts: &[Part]) -> Self {
        let texts: Vec<_> = parts.iter().map(|part| part.text()).collect();
        Self {
            severity: parts
                .iter()
                .map(|part| part.severity())
                .max_by_key(|severity| *severity as i32)
                .unwrap_or(Severity::Info),
            text: match texts[..] {
                [text] => Cow::Borrowed(text),
                _ => Cow::Owned(texts.join(". ")),
            },
        }
    }
}

/// What the choice of words depends on.
struct View<'a, 'f> {
    facts: &'f Facts<'a>,
    needs: &'f Needs,
    done: &'f Done,
    revocation: RevocationState,
    /// Words for whoever must answer; else words for whoever waits. Inside one organization the box is both, and it
    /// reads the former as long as there is something to answer.
    as_recipient: bool,
}

impl<'a, 'f> View<'a, 'f> {
    fn new(facts: &'f Facts<'a>, needs: &'f Needs, done: &'f Done, revocation: RevocationState) -> Self {
        let owes_response = match facts.response {
            None => needs.response,
            Some(response) => response.signed.is_invalid(),
        };
        let owes_receipt = needs.receipt && facts.receipt.is_none();
        let as_recipient = match facts.side {
            Side::Sender => false,
            Side::Recipient | Side::Proxy => true,
            Side::Internal => owes_response || owes_receipt,
        };
        Self { facts, needs, done, revocation, as_recipient }
    }

    const fn by_side(&self, recipient: Part, sender: Part) -> Part {
        if self.as_recipient { recipient } else { sender }
    }
}

fn parts(view: &View<'_, '_>) -> Vec<Part> {
    match view.revocation {
        RevocationState::Accepted => return vec![Part::Revoked],
        RevocationState::Pending { by_viewer: true } => return vec![Part::RevocationAwaited],
        RevocationState::Pending { by_viewer: false } => return vec![Part::RevocationOwed],
        RevocationState::Rejected | RevocationState::None => {}
    }
    if let Some(part) = before_exchange(view.facts).or_else(|| proxy_part(view)) {
        return vec![part];
    }

    let mut parts: Vec<Part> = Vec::new();
    let receipts = receipt_parts(view);
    parts.extend(response_part(view, !receipts.is_empty()));
    parts.extend(receipts);
    parts.extend(amendment_part(view));
    if parts.is_empty() {
        parts.push(if view.done.all { Part::Finished } else { Part::ConfirmationAwaited });
    }
    if view.revocation == RevocationState::Rejected {
        parts.push(Part::RevocationRefused);
    }
    parts
}

/// What is said before the document is on its way. The recipient sees it only afterwards.
fn before_exchange(facts: &Facts<'_>) -> Option<Part> {
    match (facts.message_type, facts.side) {
        (MessageType::Template, _) => {
            return Some(match facts.template {
                Some(TemplateStanding::Settled) => Part::TemplateSettled,
                Some(TemplateStanding::Owed) => Part::TemplateOwed,
                Some(TemplateStanding::Awaited) | None => Part::TemplateAwaited,
            });
        }
        (MessageType::Draft, _) => return Some(Part::Draft),
        (MessageType::Letter, Side::Recipient | Side::Proxy) => return None,
        (MessageType::Letter, Side::Sender | Side::Internal) => {}
    }
    match facts.title.check() {
        None => Some(Part::Unsent),
        Some(Check::Invalid) => Some(Part::BadSignature),
        Some(Check::Unchecked) => Some(Part::InFlight),
        Some(Check::Valid) if facts.title.delivered_at.is_none() => Some(Part::InFlight),
        Some(Check::Valid) => None,
    }
}

fn proxy_part(view: &View<'_, '_>) -> Option<Part> {
    let proxy = view.facts.proxy.filter(|_| view.needs.proxy)?;
    match proxy.response.filter(|response| response.signed.is_valid() || proxy.is_viewer) {
        Some(response) if response.signed.is_invalid() => Some(Part::BadSignature),
        Some(response) if response.is_refusal() && proxy.is_viewer => Some(Part::Refused),
        Some(response) if response.is_refusal() => Some(Part::RefusedByOther),
        Some(_) if proxy.is_viewer => Some(Part::Signed),
        Some(_) => None,
        None if proxy.is_viewer => Some(Part::AnswerOwed),
        None => Some(Part::ProxyAwaited),
    }
}

fn response_part(view: &View<'_, '_>, is_joined_with_receipt: bool) -> Option<Part> {
    let waiting = || {
        let for_other = if is_joined_with_receipt { Part::MainAnswerAwaited } else { Part::AnswerAwaited };
        view.needs.response.then(|| view.by_side(Part::AnswerOwed, for_other))
    };
    match view.facts.response {
        None => waiting(),
        // Its author alone learns that a signature is bad; whoever waits goes on waiting.
        Some(Response { signed, .. }) if signed.is_invalid() => {
            if view.as_recipient {
                Some(Part::BadSignature)
            } else {
                waiting()
            }
        }
        Some(Response { kind: ResponseKind::Refusal { .. }, .. }) => {
            Some(view.by_side(Part::Refused, Part::RefusedByOther))
        }
        Some(Response { kind: ResponseKind::Title { with_disagreements: true }, .. }) => {
            Some(Part::SignedWithDisagreements)
        }
        Some(_) if view.needs.proxy => Some(view.by_side(Part::Signed, Part::SignedByAll)),
        Some(_) => Some(view.by_side(Part::Signed, Part::SignedByOther)),
    }
}

/// First what the other side owes, then what this side owes.
fn receipt_parts(view: &View<'_, '_>) -> Vec<Part> {
    let View { facts, needs, .. } = view;
    let owed_by_recipient = needs.receipt && facts.receipt.is_none();
    let owed_by_sender = needs.sender_receipt && facts.sender_receipt.is_none()
        || needs.amendment_receipt
            && facts.amendment.is_some_and(|amendment| {
                !amendment.signed.is_invalid() && amendment.receipt.is_none_or(|receipt| receipt.is_invalid())
            });
    // Only this box's confirmations are visible here, so these are always its own to acknowledge.
    let lacks_receipt = |confirmation: Option<super::facts::Confirmation<'_>>| {
        confirmation.is_some_and(|confirmation| confirmation.receipt.is_none())
    };
    let owed_on_confirmation = needs.confirmation_receipt && lacks_receipt(facts.confirmation)
        || needs.receipt_confirmation_receipt
            && lacks_receipt(facts.receipt.and_then(|receipt| receipt.confirmation))
        || needs.sender_receipt_confirmation_receipt
            && lacks_receipt(facts.sender_receipt.and_then(|receipt| receipt.confirmation));
    let (owed_by_other, owed_here) = match facts.side {
        Side::Sender => (owed_by_recipient, owed_by_sender),
        Side::Recipient => (owed_by_sender, owed_by_recipient),
        Side::Proxy => (false, false),
        Side::Internal => (false, owed_by_recipient || owed_by_sender),
    };
    let is_refused =
        facts.response.is_some_and(|response| response.is_refusal() && !response.signed.is_invalid());
    let mut parts = Vec::new();
    if owed_by_other {
        parts.push(Part::ReceiptAwaited);
    }
    if owed_here || owed_on_confirmation {
        parts.push(if is_refused { Part::ReceiptOwedAfterRefusal } else { Part::ReceiptOwed });
    }
    parts
}

fn amendment_part(view: &View<'_, '_>) -> Option<Part> {
    let facts = view.facts;
    let is_refused =
        facts.response.is_some_and(|response| response.is_refusal() && !response.signed.is_invalid());
    let is_open = facts.amendment.is_some_and(|amendment| !amendment.signed.is_invalid())
        && !facts.is_revised
        && !facts.is_corrected
        && !is_refused;
    is_open.then_some(match facts.side {
        Side::Recipient | Side::Proxy => Part::AmendmentAwaited,
        Side::Sender | Side::Internal => Part::AmendmentOwed,
    })
}
