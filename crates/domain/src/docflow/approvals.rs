//! Approval inside one organization: who was asked for what, and what came of it.
//!
//! All of it lies in the own box; the other side sees nothing of it, and it changes nothing in the exchange. The newest
//! fact that was not withdrawn decides.

use std::collections::HashMap;

use potok_types::EntityId;

use crate::approval::{self, RequestStanding};
use crate::{
    Body, Check, CodeGroup, Decision, EntityState, MessageState, RequestKind, ResolutionRequest, Service,
};

/// How approval stands; numbers of the API (`ResolutionStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum ApprovalStatus {
    /// Nothing was asked or said, or all of it was withdrawn.
    None = 1,
    /// Approved.
    Approved = 2,
    /// Disapproved.
    Disapproved = 3,
    /// A resolution is asked for.
    ApprovementRequested = 4,
    /// An approval signature is asked for.
    ApprovementSignatureRequested = 5,
    /// A signature that sends or answers the document is asked for.
    PrimarySignatureRequested = 6,
    /// Somebody refused to sign who was asked to.
    SignatureRequestRejected = 7,
    /// An approval signature was put.
    SignedWithApprovingSignature = 8,
    /// This side signed.
    SignedWithPrimarySignature = 9,
    /// This side refused to sign.
    PrimarySignatureRejected = 10,
    /// The stage of a route waits.
    ActionsRequested = 11,
}

/// Somebody was asked.
#[derive(Clone, Copy, Debug)]
pub struct ApprovalRequest<'a> {
    /// The request as an entity, with its attributes below.
    pub entity: &'a EntityState,
    /// Its attributes.
    pub request: &'a ResolutionRequest,
    /// What closed it; `None` while it is open.
    pub resolved_with: Option<EntityId>,
}

/// An approval signature.
#[derive(Clone, Copy, Debug)]
pub struct ApprovalSignature<'a> {
    /// The signature.
    pub entity: &'a EntityState,
    /// The request that it answers.
    pub request: Option<EntityId>,
}

/// What became of one document, or of one request to revoke it, inside the organization. What was withdrawn is left out
/// of the lists.
#[derive(Clone, Debug)]
pub struct Approvals<'a> {
    /// The document or the request to revoke it.
    pub subject: EntityId,
    /// Requests, oldest first.
    pub requests: Vec<ApprovalRequest<'a>>,
    /// Resolutions, oldest first.
    pub resolutions: Vec<&'a EntityState>,
    /// This side's approval signatures, oldest first.
    pub signatures: Vec<ApprovalSignature<'a>>,
    /// Refusals of requests, oldest first.
    pub denials: Vec<&'a EntityState>,
    /// What decides.
    pub status: ApprovalStatus,
    /// The entity that decides; `None` for [`ApprovalStatus::None`].
    pub newest: Option<&'a EntityState>,
    /// Something was asked or said, even if it was withdrawn.
    pub exists: bool,
    /// The first request that each answer closed.
    closed: HashMap<EntityId, EntityId>,
}

impl ApprovalStatus {
    /// Nobody in the organization is waited for.
    pub const fn is_finished(self) -> bool {
        !matches!(
            self,
            Self::ApprovementRequested
                | Self::ApprovementSignatureRequested
                | Self::PrimarySignatureRequested
                | Self::ActionsRequested
        )
    }

    const fn decided(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approved,
            Decision::Disapprove => Self::Disapproved,
        }
    }

    const fn asked(kind: RequestKind) -> Self {
        match kind {
            RequestKind::Approvement => Self::ApprovementRequested,
            RequestKind::Signature => Self::PrimarySignatureRequested,
            RequestKind::ApprovementSignature => Self::ApprovementSignatureRequested,
            RequestKind::Custom => Self::ActionsRequested,
        }
    }
}

impl<'a> Approvals<'a> {
    /// What became of `subject` so far.
    pub(super) fn read(state: &'a MessageState, subject: EntityId) -> Self {
        let mut approvals = Self {
            subject,
            requests: Vec::new(),
            resolutions: Vec::new(),
            signatures: Vec::new(),
            denials: Vec::new(),
            status: ApprovalStatus::None,
            newest: None,
            exists: false,
            closed: HashMap::new(),
        };
        for found in state.entities() {
            approvals.note(state, found);
        }
        approvals
    }

    /// The requests that nobody has answered.
    pub fn open(&self) -> impl Iterator<Item = &ApprovalRequest<'a>> {
        self.requests.iter().filter(|request| request.resolved_with.is_none())
    }

    fn note(&mut self, state: &'a MessageState, found: &'a EntityState) {
        let id = found.entity.id;
        let is_below_subject = found.entity.parent == Some(self.subject);
        match &found.entity.body {
            Body::Service(Service::ResolutionRequest(request)) if is_below_subject => {
                self.exists = true;
                let standing = approval::request_standing(state, id);
                if standing != RequestStanding::Cancelled {
                    let resolved_with = standing.resolved_with();
                    if let Some(answer) = resolved_with {
                        self.closed.entry(answer).or_insert(id);
                    }
                    self.requests.push(ApprovalRequest { entity: found, request, resolved_with });
                    self.decide(ApprovalStatus::asked(request.kind), found);
                }
            }
            Body::Service(Service::Resolution(resolution)) if is_below_subject => {
                self.exists = true;
                if !approval::is_cancelled(state, id) {
                    self.resolutions.push(found);
                    self.decide(ApprovalStatus::decided(resolution.decision), found);
                }
            }
            Body::Service(Service::ResolutionRequestDenial { .. }) if self.answered_by(id).is_some() => {
                self.denials.push(found);
                self.decide(ApprovalStatus::SignatureRequestRejected, found);
            }
            Body::Service(Service::UniversalMessage(message))
                if is_below_subject
                    && message.code_group == Some(CodeGroup::Rejection)
                    && !message.is_out_of_workflow
                    && message.creator_box == state.box_id =>
            {
                self.decide(ApprovalStatus::PrimarySignatureRejected, found);
            }
            Body::Signature(signature)
                if signature.signer_box == state.box_id && found.check != Check::Invalid =>
            {
                match signature.is_approval {
                    true if is_below_subject => {
                        self.exists = true;
                        self.signatures
                            .push(ApprovalSignature { entity: found, request: self.answered_by(id) });
                        self.decide(ApprovalStatus::SignedWithApprovingSignature, found);
                    }
                    true => {}
                    false if is_below_subject => {
                        self.decide(ApprovalStatus::SignedWithPrimarySignature, found);
                    }
                    false => self.note_answer(state, found),
                }
            }
            _ => {}
        }
    }

    /// A `signature` of this side under a file that answers the subject: it is the file that answers.
    fn note_answer(&mut self, state: &'a MessageState, signature: &'a EntityState) {
        let file = signature.entity.parent.and_then(|parent| state.entity(parent));
        let Some(file) = file.filter(|file| file.entity.parent == Some(self.subject)) else { return };
        match file.entity.service() {
            Some(Service::Title(_)) => self.decide(ApprovalStatus::SignedWithPrimarySignature, signature),
            Some(Service::XmlSignatureRejection | Service::SignatureRequestRejection) => {
                self.decide(ApprovalStatus::PrimarySignatureRejected, file);
            }
            _ => {}
        }
    }

    /// The request that `answer` closed.
    fn answered_by(&self, answer: EntityId) -> Option<EntityId> {
        self.closed.get(&answer).copied()
    }

    fn decide(&mut self, status: ApprovalStatus, newest: &'a EntityState) {
        self.status = status;
        self.newest = Some(newest);
    }
}
