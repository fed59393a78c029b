//! The docflow: where the exchange of one document stands, as seen from one box.
//!
//! It is never stored. It is computed from a [`MessageState`]; the docflow at an earlier event is that of a state with
//! fewer events. Nothing here knows a version of the API: every version is a projection of [`Docflow`].
//!
//! The parts build on each other: [`Facts`] say what happened, [`Needs`] what the workflow asks for, [`Done`] what of
//! it is done, [`Flags`] what may be done next, and [`Status`] puts it into words.

mod approvals;
mod authority;
mod facts;
mod flags;
mod progress;
mod read;
mod relations;
mod status;
mod steps;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use potok_types::EntityId;

use crate::{DocumentRef, MessageState};

pub use approvals::{ApprovalRequest, ApprovalSignature, ApprovalStatus, Approvals};
pub use authority::Authority;
pub use facts::{
    Amendment, Confirmation, Facts, Proxy, Receipt, Response, ResponseKind, Revocation, Signed,
    TemplateStanding,
};
pub use flags::{Flags, RevocationState};
pub use progress::{Done, Needs};
pub use read::signed;
pub use relations::{
    HiddenLinks, Original, Referrer, Relations, is_original_of, may_be_succeeded, originals,
};
pub use status::{Severity, Status};
pub use steps::{
    AmendmentFlags, ProxyStatus, ReceiptStatus, ResponseStatus, RevocationStatus, SenderSignatureStatus,
    Steps,
};

/// The state of a document's exchange in one box.
#[derive(Clone, Debug)]
pub struct Docflow<'a> {
    /// What happened.
    pub facts: Facts<'a>,
    /// What the workflow asks for.
    pub needs: Needs,
    /// What is done.
    pub done: Done,
    /// What may be done next.
    pub flags: Flags,
    /// How a revocation stands.
    pub revocation: RevocationState,
    /// The status of each step.
    pub steps: Steps,
    /// The state of the exchange in words.
    pub primary_status: Status,
    /// The state of approval inside this organization in words; `None` when nothing was asked.
    pub secondary_status: Option<Status>,
    /// What is known about powers of attorney; `None` when none is involved.
    pub authority: Option<Authority>,
    /// Neither side has to act: the document is revoked, or all is done and no revocation is pending.
    pub is_finished: bool,
}

impl Docflow<'_> {
    /// On what this box owes a receipt now: the title or the answer of the other side, and confirmations of the operator.
    pub fn owed_receipts(&self) -> Vec<EntityId> {
        let (facts, steps) = (&self.facts, &self.steps);
        let confirmed = |it: Option<Confirmation<'_>>| it.map(|it| it.signed.file.entity.id);
        [
            (steps.receipt, Some(facts.title.file.entity.id)),
            (steps.sender_receipt, facts.response.map(|response| response.signed.file.entity.id)),
            (steps.confirmation_receipt, confirmed(facts.confirmation)),
            (
                steps.receipt_confirmation_receipt,
                confirmed(facts.receipt.and_then(|receipt| receipt.confirmation)),
            ),
        ]
        .into_iter()
        .filter(|(status, _)| *status == ReceiptStatus::HaveToCreate)
        .filter_map(|(_, entity)| entity)
        .collect()
    }
}

/// The docflow of the root document `document` in the box of `state`, as far as it follows from its message alone;
/// `None` when there is no such document.
pub fn docflow(state: &MessageState, document: EntityId) -> Option<Docflow<'_>> {
    docflow_with(state, document, &Relations::default())
}

/// The same with what other messages of the box say about the document.
pub fn docflow_with<'a>(
    state: &'a MessageState,
    document: EntityId,
    relations: &Relations<'_>,
) -> Option<Docflow<'a>> {
    let mut flow = Docflow::of(Facts::read(state, document, relations)?);
    flow.authority = Authority::read(state, document);
    Some(flow)
}

/// The docflows of one state's documents, as far as they follow from its message alone. Each is computed when somebody first
/// asks for it, and then kept for the others.
#[derive(Clone, Debug)]
pub struct Docflows<'a> {
    state: &'a MessageState,
    flows: BTreeMap<EntityId, OnceCell<Option<Docflow<'a>>>>,
}

impl<'a> Docflows<'a> {
    /// Those of `state`; nothing is computed yet.
    pub fn of(state: &'a MessageState) -> Self {
        let documents = state.documents().map(|(found, _)| (found.entity.id, OnceCell::new()));
        Self { state, flows: documents.collect() }
    }

    /// The state.
    pub const fn state(&self) -> &'a MessageState {
        self.state
    }

    /// The docflow of the root document `document`; `None` when there is no such document.
    pub fn get(&self, document: EntityId) -> Option<&Docflow<'a>> {
        self.flows.get(&document)?.get_or_init(|| docflow(self.state, document)).as_ref()
    }

    /// How many were computed so far.
    pub fn computed(&self) -> usize {
        self.flows.values().filter(|flow| flow.get().is_some()).count()
    }
}

impl<'a> Docflow<'a> {
    /// What follows from `facts`.
    pub fn of(facts: Facts<'a>) -> Self {
        let needs = Needs::of(&facts);
        let done = Done::of(&facts, &needs);
        let revocation = RevocationState::of(&facts);
        Self {
            flags: Flags::of(&facts, &needs, revocation),
            steps: Steps::of(&facts, &needs, revocation),
            primary_status: Status::primary(&facts, &needs, &done, revocation),
            secondary_status: Status::secondary(&facts),
            authority: None,
            is_finished: match revocation {
                RevocationState::Accepted => true,
                RevocationState::Pending { .. } => false,
                RevocationState::None | RevocationState::Rejected => done.all,
            },
            facts,
            needs,
            done,
            revocation,
        }
    }
}

impl Referrer {
    /// The document `id` of `state` as one that refers to others; `None` when there is no such document.
    pub fn of(state: &MessageState, id: EntityId) -> Option<Self> {
        let flow = docflow(state, id)?;
        Some(Self {
            document: DocumentRef { message_id: state.message_id, entity_id: id },
            is_linked: true,
            attachment_type: flow.facts.document.attachment_type,
            appeared_at: flow.facts.entity.appeared_at,
            delivered_at: flow.facts.delivered_at.filter(|_| flow.done.title),
        })
    }
}
