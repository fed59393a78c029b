//! What may be done with a document now: sent, answered, approved, confirmed to have come.

use std::collections::HashSet;

use potok_types::{EntityId, Ticks, limits};

use super::{Rejection, Step};
use crate::workflow::{self, WorkflowSettings};
use crate::{Body, Check, Document, EntityState, LockMode, MessageState, Service, Side};

/// Approval signatures of one document per box and UTC day.
const APPROVALS_PER_DAY: usize = 500;

/// What one patch does to the documents of its message.
#[derive(Default)]
pub(super) struct Answers {
    sent: Vec<EntityId>,
    signed: Vec<EntityId>,
    rejected: Vec<EntityId>,
    approved: Vec<EntityId>,
    /// The first of the items, to tell where the others are missing.
    path: String,
}

/// The document waits for the sender's signature.
pub(super) fn is_unsent(state: &MessageState, document: EntityId) -> bool {
    state.side() != Side::Recipient && state.sending_signature(document).is_none()
}

fn wrong_state(path: &str, document: EntityId, step: Step, reason: &'static str) -> Rejection {
    Rejection::InvalidDocumentState { path: path.to_owned(), document, step, reason }
}

fn rules(document: &Document) -> Option<&'static WorkflowSettings> {
    workflow::settings(document.workflow)
}

/// The recipient's refusal or signature, if it counts.
fn is_answered(state: &MessageState, document: EntityId) -> bool {
    let is_refused = state.children(document).any(|child| {
        matches!(
            child.entity.service(),
            Some(Service::SignatureRequestRejection | Service::XmlSignatureRejection)
        ) && child.stands()
    });
    is_refused
        || match state.side() {
            // Both sides sign as the same box; the first signature sent the document.
            Side::Internal => state.standing_signatures(document).count() > 1,
            Side::Sender | Side::Recipient => state.standing_signatures(document).any(|child| {
                child.entity.signature().is_some_and(|signature| signature.signer_box == state.to.box_id)
            }),
        }
}

/// Why the box cannot take `step` as the recipient of the document; `None` when it can.
fn obstacle(state: &MessageState, document: &Document, id: EntityId, step: Step) -> Option<&'static str> {
    let Some(rules) = rules(document) else { return Some("его регламент неизвестен") };
    if state.side() == Side::Sender {
        return Some("он уже подписан отправителем и ждет действий получателя");
    }
    if is_unsent(state, id) {
        return Some("он еще не отправлен");
    }
    if !rules.may_respond() {
        return Some("его регламент не предусматривает ответа получателя");
    }
    if step == Step::Sign && rules.response_is_title() {
        return Some("на него отвечают титулом получателя, а не подписью");
    }
    is_answered(state, id).then_some("получатель уже ответил на него")
}

impl Answers {
    /// The sender's signature under an unsent document.
    pub(super) fn send(&mut self, path: &str, document: EntityId) -> Result<(), Rejection> {
        if self.sent.contains(&document) {
            return Err(wrong_state(path, document, Step::Sign, "он подписан дважды в одном запросе"));
        }
        self.note(path);
        self.sent.push(document);
        Ok(())
    }

    /// The recipient's signature or refusal.
    pub(super) fn respond(
        &mut self,
        state: &MessageState,
        path: &str,
        (found, document): (&EntityState, &Document),
        step: Step,
    ) -> Result<(), Rejection> {
        let id = found.entity.id;
        if let Some(reason) = obstacle(state, document, id, step) {
            return Err(wrong_state(path, id, step, reason));
        }
        if self.signed.contains(&id) || self.rejected.contains(&id) {
            return Err(wrong_state(path, id, step, "в одном запросе на него отвечено дважды"));
        }
        self.note(path);
        if step == Step::Reject {
            self.rejected.push(id)
        } else {
            self.signed.push(id)
        }
        Ok(())
    }

    /// An approval signature. It changes nothing in the flow, so it may come at any time, with one exception: signing a
    /// formalized document for sending changes its bytes, and an earlier approval would not fit them.
    pub(super) fn approve(
        &mut self,
        state: &MessageState,
        path: &str,
        found: &EntityState,
        now: Ticks,
    ) -> Result<(), Rejection> {
        let id = found.entity.id;
        if found.entity.version.is_some() && is_unsent(state, id) {
            let reason = "формализованный документ согласуют подписью только после отправки";
            return Err(wrong_state(path, id, Step::Approve, reason));
        }
        let of_today = state.children(id).filter(|child| {
            child.entity.signature().is_some_and(|signature| {
                signature.is_approval
                    && signature.signer_box == state.box_id
                    && is_same_day(child.appeared_at, now)
            })
        });
        let in_patch = self.approved.iter().filter(|approved| **approved == id);
        if of_today.count() + in_patch.count() >= APPROVALS_PER_DAY {
            let path = path.to_owned();
            return Err(Rejection::TooManyApprovals { path, entity: id, allowed: APPROVALS_PER_DAY });
        }
        self.note(path);
        self.approved.push(id);
        Ok(())
    }

    fn note(&mut self, path: &str) {
        if self.path.is_empty() {
            path.clone_into(&mut self.path);
        }
    }

    /// What is done to one document of a locked packet must be done to all that it can be done to.
    pub(super) fn cover_locked_packet(&self, state: &MessageState) -> Result<(), Rejection> {
        let documents = || state.documents().map(|(found, document)| (found.entity.id, document));
        let is_sending = documents().any(|(id, _)| is_unsent(state, id));
        let is_locked = match state.lock_mode {
            LockMode::None => false,
            LockMode::Send => is_sending,
            LockMode::Full => true,
        };
        if !is_locked {
            return Ok(());
        }
        let all = |wanted: &dyn Fn(EntityId, &Document) -> bool| -> Vec<EntityId> {
            documents().filter(|(id, document)| wanted(*id, document)).map(|(id, _)| id).collect()
        };
        let can =
            |step| move |id: EntityId, document: &Document| obstacle(state, document, id, step).is_none();
        self.cover(&self.sent, all(&|id, _| is_unsent(state, id)))?;
        self.cover(&self.signed, all(&can(Step::Sign)))?;
        self.cover(&self.rejected, all(&can(Step::Reject)))?;
        self.cover(&self.approved, all(&|_, _| true))
    }

    fn cover(&self, done: &[EntityId], mut wanted: Vec<EntityId>) -> Result<(), Rejection> {
        wanted.retain(|id| !done.contains(id));
        if done.is_empty() || wanted.is_empty() {
            return Ok(());
        }
        Err(Rejection::LockedPacket { path: self.path.clone(), missing: wanted })
    }
}

/// Checks that the document may be receipted now, and says whether the receipt is one of those that the operator
/// confirms.
pub(super) fn receipt(
    state: &MessageState,
    path: &str,
    (found, document): (&EntityState, &Document),
) -> Result<bool, Rejection> {
    let id = found.entity.id;
    let rules = rules(document).filter(|rules| rules.may_receipt());
    let Some(rules) = rules else {
        let reason = "его регламент не предусматривает извещений о получении";
        return Err(Rejection::ReceiptNotSupported { path: path.to_owned(), document: id, reason });
    };
    if state.side() == Side::Sender {
        return Err(wrong_state(path, id, Step::Receipt, "извещение подписывает получатель"));
    }
    if is_unsent(state, id) {
        return Err(wrong_state(path, id, Step::Receipt, "он еще не отправлен"));
    }
    let has_receipt = state.children(id).any(|child| {
        matches!(child.entity.service(), Some(Service::Receipt | Service::InvoiceReceipt)) && child.stands()
    });
    if has_receipt {
        return Err(Rejection::AlreadyReceipted { path: path.to_owned(), parent: id });
    }
    Ok(rules.receipts_are_invoice_receipts())
}

/// Refuses a further signature under `parent`, or under a file of this box there, when too many of today's were bad.
pub(super) fn limit_failures(
    state: &MessageState,
    path: &str,
    parent: EntityId,
    now: Ticks,
) -> Result<(), Rejection> {
    let files: HashSet<EntityId> = state
        .children(parent)
        .filter(|child| matches!(child.entity.body, Body::Service(_)))
        .map(|child| child.entity.id)
        .collect();
    let bad = state.entities().iter().filter(|signature| {
        let is_near = signature.entity.parent.is_some_and(|id| id == parent || files.contains(&id));
        is_near && is_reported_bad(state, signature) && is_same_day(signature.appeared_at, now)
    });
    let attempts = bad.count();
    let allowed = limits::INVALID_SIGNATURES_PER_DAY;
    if attempts < allowed {
        return Ok(());
    }
    Err(Rejection::TooManyFailedSignatures { path: path.to_owned(), entity: parent, attempts, allowed })
}

/// A signature of this box that the operator found bad. Those that only shared its fate have no report.
fn is_reported_bad(state: &MessageState, signature: &EntityState) -> bool {
    signature.check == Check::Invalid
        && signature.entity.signature().is_some_and(|signature| signature.signer_box == state.box_id)
        && state
            .children(signature.entity.id)
            .any(|child| matches!(child.entity.service(), Some(Service::SignatureVerificationReport)))
}

/// Both instants lie on one day, UTC.
fn is_same_day(one: Ticks, other: Ticks) -> bool {
    const DAY: i64 = 24 * 3600 * Ticks::PER_SECOND;
    one.get().div_euclid(DAY) == other.get().div_euclid(DAY)
}
