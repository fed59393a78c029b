//! What may be done with a document now: sent, answered, approved, revoked.

use std::borrow::Cow;

use potok_types::{EntityId, Ticks};

use super::super::{Rejection, Step};
use crate::carriage;
use crate::docflow::docflow;
use crate::intermediary;
use crate::revocation::{self, RevocationStanding};
use crate::workflow::{self, ParticipantAction, WorkflowSettings};
use crate::{Document, EntityState, MessageState, Side};

/// Approval signatures of one document per box and UTC day.
const APPROVALS_PER_DAY: usize = 500;

/// What one patch does to the documents of its message.
#[derive(Default)]
pub(super) struct Answers {
    sent: Vec<EntityId>,
    signed: Vec<EntityId>,
    rejected: Vec<EntityId>,
    approved: Vec<EntityId>,
    resolved: Vec<EntityId>,
    revoked: Vec<EntityId>,
    agreed: Vec<EntityId>,
    disagreed: Vec<EntityId>,
    /// The first of the items, to tell where the others are missing.
    path: String,
}

/// Why something cannot be done with a document.
pub(super) enum Obstacle {
    /// It is revoked.
    Revoked,
    /// Somebody asked to revoke it, with this request.
    UnderRevocation(EntityId),
    /// Something else.
    Reason(Cow<'static, str>),
}

impl Obstacle {
    pub(super) fn rejection(self, path: &str, document: EntityId, step: Step) -> Rejection {
        match self {
            Self::Revoked => Rejection::Revoked { path: path.to_owned(), document },
            Self::UnderRevocation(request) => {
                Rejection::UnderRevocation { path: path.to_owned(), document, request }
            }
            Self::Reason(reason) => Rejection::state(path, document, step, reason),
        }
    }
}

impl From<&'static str> for Obstacle {
    fn from(reason: &'static str) -> Self {
        Self::Reason(reason.into())
    }
}

/// How this box says yes to the document: with a title or with a signature.
pub(super) fn answering_step(state: &MessageState, document: &Document) -> Step {
    let is_title = |rules: &WorkflowSettings| match state.side() {
        Side::Proxy => rules.proxy_writes_title(),
        Side::Sender | Side::Recipient | Side::Internal => rules.response_is_title(),
    };
    if rules(document).is_some_and(is_title) { Step::AddTitle } else { Step::Sign }
}

pub(super) fn rules(document: &Document) -> Option<&'static WorkflowSettings> {
    workflow::settings(document.workflow)
}

/// Both instants lie on one day, UTC.
pub(super) fn is_same_day(one: Ticks, other: Ticks) -> bool {
    const DAY: i64 = 24 * 3600 * Ticks::PER_SECOND;
    one.get().div_euclid(DAY) == other.get().div_euclid(DAY)
}

/// The document is revoked for good.
pub(super) fn is_revoked(state: &MessageState, document: EntityId) -> bool {
    revocation::of_document(state, document).is_some_and(|case| case.standing == RevocationStanding::Accepted)
}

/// Why nothing at all may be done with the document, or nothing that changes it.
pub(super) fn under_revocation(state: &MessageState, document: EntityId) -> Option<Obstacle> {
    let case = revocation::of_document(state, document)?;
    match case.standing {
        RevocationStanding::Accepted => Some(Obstacle::Revoked),
        RevocationStanding::Pending | RevocationStanding::Answered => {
            Some(Obstacle::UnderRevocation(case.request.entity.id))
        }
        RevocationStanding::Rejected | RevocationStanding::Void => None,
    }
}

/// There is a refusal, title or signature that counts, of the recipient or of the intermediate addressee, whichever
/// this box is.
fn is_answered(state: &MessageState, document: EntityId) -> bool {
    let author = if state.side() == Side::Proxy { state.box_id } else { state.to.box_id };
    // Inside one organization both sides sign as the same box; the first signature sent the document.
    let needed = if state.is_internal { 2 } else { 1 };
    intermediary::answers_by(state, document, author).count() >= needed
}

/// Why the box cannot take `step` as the recipient of the document or its intermediate addressee; `None` when it can.
pub(super) fn obstacle(
    state: &MessageState,
    document: &Document,
    id: EntityId,
    step: Step,
) -> Option<Obstacle> {
    if is_revoked(state, id) {
        return Some(Obstacle::Revoked);
    }
    let reason = answer_obstacle(state, document, id, step)?;
    // Whoever wants to agree to a revocation often signs the document instead of the request.
    let asked = revocation::of_document(state, id).filter(|case| {
        step == Step::Sign
            && case.standing == RevocationStanding::Pending
            && state.side() != Side::Proxy
            && (state.is_internal || case.initiator != state.box_id)
    });
    Some(match asked {
        None => reason.into(),
        Some(case) => Obstacle::Reason(
            format!(
                "{reason}; чтобы согласиться с аннулированием, подпишите запрос {}",
                case.request.entity.id
            )
            .into(),
        ),
    })
}

fn answer_obstacle(
    state: &MessageState,
    document: &Document,
    id: EntityId,
    step: Step,
) -> Option<&'static str> {
    let Some(rules) = rules(document) else { return Some("его регламент неизвестен") };
    let is_proxy = state.side() == Side::Proxy;
    if state.side() == Side::Sender {
        return Some("он уже подписан отправителем и ждет действий получателя");
    }
    if carriage::is_unsent(state, id) {
        return Some("он еще не отправлен");
    }
    let Some(part) = (if is_proxy { rules.proxy } else { rules.recipient }) else {
        return Some(if is_proxy {
            "его регламент не предусматривает промежуточного получателя"
        } else {
            "его регламент не предусматривает ответа получателя"
        });
    };
    match (step, part.action) {
        (Step::Sign, ParticipantAction::Title) => {
            return Some("на него отвечают титулом получателя, а не подписью");
        }
        (Step::AddTitle, ParticipantAction::Signature | ParticipantAction::OptionalSignature) => {
            return Some("на него отвечают подписью, а не титулом получателя");
        }
        _ => {}
    }
    is_answered(state, id).then_some(if is_proxy {
        "промежуточный получатель уже ответил на него"
    } else {
        "получатель уже ответил на него"
    })
}

/// Why the box cannot ask to revoke the document.
pub(super) fn revocation_obstacle(state: &MessageState, id: EntityId) -> Option<Obstacle> {
    if state.side() == Side::Proxy {
        return Some("его аннулируют отправитель и получатель".into());
    }
    if carriage::is_unsent(state, id) {
        return Some("он еще не отправлен; неотправленный документ удаляют".into());
    }
    if let Some(obstacle) = under_revocation(state, id) {
        return Some(obstacle);
    }
    let is_open = state.side() == Side::Recipient && !docflow(state, id).is_some_and(|flow| flow.done.all);
    is_open.then(|| "получатель может аннулировать его только после завершения документооборота".into())
}

/// Why the box cannot answer `request` to revoke a document.
fn agreement_obstacle(state: &MessageState, request: &EntityState) -> Option<&'static str> {
    let case = revocation::of_request(state, request)?;
    if state.side() == Side::Proxy {
        return Some("на запрос отвечает другая сторона");
    }
    match case.standing {
        RevocationStanding::Void => Some("запрос не действует"),
        RevocationStanding::Answered | RevocationStanding::Accepted | RevocationStanding::Rejected => {
            Some("на запрос уже ответили")
        }
        RevocationStanding::Pending if !state.is_internal && case.initiator == state.box_id => {
            Some("на запрос отвечает другая сторона")
        }
        RevocationStanding::Pending => None,
    }
}

impl Answers {
    /// The sender's signature under an unsent document.
    pub(super) fn send(
        &mut self,
        state: &MessageState,
        path: &str,
        document: EntityId,
    ) -> Result<(), Rejection> {
        // One that arrived, was found bad there, and was given up by both.
        if is_revoked(state, document) {
            return Err(Obstacle::Revoked.rejection(path, document, Step::Sign));
        }
        if self.sent.contains(&document) {
            return Err(Rejection::state(path, document, Step::Sign, "он подписан дважды в одном запросе"));
        }
        self.note(path);
        self.sent.push(document);
        Ok(())
    }

    /// The recipient's signature, title or refusal.
    pub(super) fn respond(
        &mut self,
        state: &MessageState,
        path: &str,
        (found, document): (&EntityState, &Document),
        step: Step,
    ) -> Result<(), Rejection> {
        let id = found.entity.id;
        if let Some(obstacle) = obstacle(state, document, id, step) {
            return Err(obstacle.rejection(path, id, step));
        }
        if self.signed.contains(&id) || self.rejected.contains(&id) {
            return Err(Rejection::state(path, id, step, "в одном запросе на него отвечено дважды"));
        }
        self.note(path);
        if step == Step::Reject {
            self.rejected.push(id)
        } else {
            self.signed.push(id)
        }
        Ok(())
    }

    /// A request to revoke a document.
    pub(super) fn revoke(&mut self, state: &MessageState, path: &str, id: EntityId) -> Result<(), Rejection> {
        if let Some(obstacle) = revocation_obstacle(state, id) {
            return Err(obstacle.rejection(path, id, Step::Revoke));
        }
        if self.revoked.contains(&id) {
            return Err(Rejection::state(path, id, Step::Revoke, "в одном запросе это сказано дважды"));
        }
        self.note(path);
        self.revoked.push(id);
        Ok(())
    }

    /// The answer to a request to revoke a document: agreement, or with [`Step::Reject`] a refusal.
    pub(super) fn answer_revocation(
        &mut self,
        state: &MessageState,
        path: &str,
        request: &EntityState,
        step: Step,
    ) -> Result<(), Rejection> {
        let document = state.root_of(request.entity.id);
        if let Some(reason) = agreement_obstacle(state, request) {
            return Err(Rejection::state(path, document, Step::AnswerRevocation, reason));
        }
        if self.agreed.contains(&document) || self.disagreed.contains(&document) {
            let reason = "в одном запросе на него отвечено дважды";
            return Err(Rejection::state(path, document, Step::AnswerRevocation, reason));
        }
        self.note(path);
        if step == Step::Reject {
            self.disagreed.push(document)
        } else {
            self.agreed.push(document)
        }
        Ok(())
    }

    /// An approval signature under `found`, a document or a request to revoke one. It changes nothing in the flow, so it may come
    /// at any time, with one exception: signing a formalized document for sending changes its bytes, and an earlier approval
    /// would not fit them.
    pub(super) fn approve(
        &mut self,
        state: &MessageState,
        path: &str,
        found: &EntityState,
        now: Ticks,
    ) -> Result<(), Rejection> {
        let id = found.entity.id;
        let document = state.root_of(id);
        if found.entity.version.is_some() && carriage::is_unsent(state, id) {
            let reason = "формализованный документ согласуют подписью только после отправки";
            return Err(Rejection::state(path, id, Step::Approve, reason));
        }
        if is_revoked(state, document) {
            return Err(Obstacle::Revoked.rejection(path, document, Step::Approve));
        }
        let of_today = state.children(id).filter(|child| {
            child.entity.signature().is_some_and(|signature| {
                signature.is_approval
                    && signature.signer_box == state.box_id
                    && is_same_day(child.appeared_at, now)
            })
        });
        let in_patch = self.approved.iter().filter(|approved| **approved == document);
        if of_today.count() + in_patch.count() >= APPROVALS_PER_DAY {
            let path = path.to_owned();
            return Err(Rejection::TooManyApprovals { path, entity: id, allowed: APPROVALS_PER_DAY });
        }
        self.note(path);
        self.approved.push(document);
        Ok(())
    }

    /// An approval or disapproval without a signature.
    pub(super) fn resolve(&mut self, path: &str, document: EntityId) {
        self.note(path);
        self.resolved.push(document);
    }

    fn note(&mut self, path: &str) {
        if self.path.is_empty() {
            path.clone_into(&mut self.path);
        }
    }

    /// What is done to one document of a locked packet must be done to all that it can be done to.
    pub(super) fn cover_locked_packet(&self, state: &MessageState) -> Result<(), Rejection> {
        if !carriage::is_packet_locked(state) {
            return Ok(());
        }
        let documents = || state.documents().map(|(found, document)| (found.entity.id, document));
        let all = |wanted: &dyn Fn(EntityId, &Document) -> bool| -> Vec<EntityId> {
            documents().filter(|(id, document)| wanted(*id, document)).map(|(id, _)| id).collect()
        };
        let can_answer = |id: EntityId, document: &Document| {
            obstacle(state, document, id, answering_step(state, document)).is_none()
        };
        let can_refuse =
            |id: EntityId, document: &Document| obstacle(state, document, id, Step::Reject).is_none();
        let can_agree = |id: EntityId, _: &Document| {
            revocation::of_document(state, id)
                .is_some_and(|case| agreement_obstacle(state, case.request).is_none())
        };
        self.cover(&self.sent, all(&|id, _| carriage::is_unsent(state, id)))?;
        self.cover(&self.signed, all(&can_answer))?;
        self.cover(&self.rejected, all(&can_refuse))?;
        self.cover(&self.approved, all(&|_, _| true))?;
        self.cover(&self.resolved, all(&|_, _| true))?;
        self.cover(&self.revoked, all(&|id, _| revocation_obstacle(state, id).is_none()))?;
        self.cover(&self.agreed, all(&can_agree))?;
        self.cover(&self.disagreed, all(&can_agree))
    }

    fn cover(&self, done: &[EntityId], mut wanted: Vec<EntityId>) -> Result<(), Rejection> {
        wanted.retain(|id| !done.contains(id));
        if done.is_empty() || wanted.is_empty() {
            return Ok(());
        }
        Err(Rejection::LockedPacket { path: self.path.clone(), missing: wanted })
    }
}
