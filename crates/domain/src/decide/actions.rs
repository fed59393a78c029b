//! What a person may do with a document now: whatever a decision would accept.
//!
//! There is no second list of rules here. Each action is a command that does nothing else, and [`super::post_patch()`] or
//! [`super::housekeeping()`] say whether it is accepted. What must be done to a locked packet at once is asked of all of it.

use potok_types::access::{Access, AccessClass, MayCreate, MayDeleteRestore, MayPatch, NamedDocuments};
use potok_types::{ContentRef, DepartmentId, EntityId};

use super::{
    Context, Housekeeping, NamedByPatch, Rejection, check_patch, housekeeping, post_patch, templates,
};
use crate::access::{self, Asked};
use crate::carriage;
use crate::command::{NewRefusal, PatchTemplate, PostPatch, TransformTemplate, Transformation};
use crate::docflow::docflow;
use crate::{MessageState, Service};

mod candidates;

use candidates::{Candidate, candidates};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// Kinds of actions; numbers of the API (`DocumentActionType`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum ActionKind {
            $($(#[$doc])* $name = $number,)*
        }

        impl ActionKind {
            /// All of them, in the order of the API.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

kinds! {
    /// To give what was missing when it was stored.
    Edit = 1,
    /// To ask for an amendment.
    RequestAmendment = 2,
    /// To refuse to sign a title.
    RejectTitle = 3,
    /// To change the packet.
    ChangePacket = 5,
    /// To change tags.
    ChangeTags = 6,
    /// To sign without any effect on the flow.
    SignApprovingly = 7,
    /// To ask somebody to approve.
    RequestApprovement = 10,
    /// To ask somebody to sign.
    RequestPrimarySignature = 11,
    /// To ask somebody to sign approvingly.
    RequestApprovementSignature = 12,
    /// To approve.
    Approve = 13,
    /// To disapprove.
    Disapprove = 14,
    /// To take that back.
    CancelResolution = 15,
    /// To take a request back.
    CancelRequest = 16,
    /// To refuse a request to sign.
    DenyRequest = 17,
    /// To take that back.
    CancelDenial = 18,
    /// To put on a route.
    AssignRoute = 19,
    /// To take off a route.
    RemoveRoute = 20,
    /// To revoke without asking anybody.
    RevokeAlone = 30,
    /// To ask for a revocation.
    RequestRevocation = 31,
    /// To agree to a revocation.
    AgreeToRevocation = 33,
    /// To sign the request to revoke without any effect on the flow.
    SignRevocationApprovingly = 34,
    /// To refuse a revocation.
    RefuseRevocation = 35,
    /// To ask somebody to approve the request to revoke.
    RequestRevocationApprovement = 36,
    /// To ask somebody to sign it.
    RequestRevocationSignature = 37,
    /// To ask somebody to sign it approvingly.
    RequestRevocationApprovementSignature = 38,
    /// To approve it.
    ApproveRevocation = 39,
    /// To disapprove it.
    DisapproveRevocation = 40,
    /// To take that back.
    CancelRevocationResolution = 41,
    /// To take a request about it back.
    CancelRevocationRequest = 42,
    /// To refuse a request to sign it.
    DenyRevocationRequest = 43,
    /// To take that back.
    CancelRevocationDenial = 44,
    /// To cancel what the state was told of marked goods.
    CancelFixation = 50,
    /// To answer with a title.
    AttachTitle = 60,
    /// To sign a title.
    SignTitle = 61,
    /// To confirm that a title came.
    ReceiptTitle = 62,
    /// To tell something about a title.
    InformAboutTitle = 63,
    /// To delete.
    Delete = 70,
    /// To restore.
    Restore = 71,
    /// To move to another department.
    Move = 72,
    /// To refuse a template, or to take it back.
    RefuseTemplate = 80,
    /// To make a document of a template.
    TransformTemplate = 81,
}

/// One thing that a person may do with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentAction {
    /// What is done.
    pub kind: ActionKind,
    /// With which title, where that matters; 0 is the sender's.
    pub title: u32,
    /// Nobody waits for it.
    pub is_optional: bool,
}

/// What the person of `context` may do with the root document `document` of `state`, in the order of the API. `around` has
/// what each action may name outside of the message: the routes, and the packet of the document.
pub fn document_actions(
    state: &MessageState,
    document: EntityId,
    around: &NamedByPatch,
    context: &Context<'_>,
) -> Vec<DocumentAction> {
    let asker = Asker { state, document, around, context };
    let mut actions: Vec<DocumentAction> = candidates(state, document, around)
        .into_iter()
        .filter(|candidate| asker.accepts(candidate))
        .map(|candidate| asker.action(&candidate))
        .chain(asker.housekeeping())
        .chain(asker.of_template())
        .collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

struct Asker<'a> {
    state: &'a MessageState,
    document: EntityId,
    around: &'a NamedByPatch,
    context: &'a Context<'a>,
}

impl Asker<'_> {
    /// The command, or the same for all of a locked packet, is accepted.
    fn accepts(&self, candidate: &Candidate) -> bool {
        let mut command = self.command();
        candidate.add(&mut command, candidate.target);
        match self.post(&command) {
            Ok(()) => true,
            Err(Rejection::LockedPacket { missing, .. }) => {
                missing.iter().all(|other| match candidate.target_in(self.state, *other) {
                    Some(target) => {
                        candidate.add(&mut command, target);
                        true
                    }
                    None => false,
                }) && self.post(&command).is_ok()
            }
            Err(_) => false,
        }
    }

    fn command(&self) -> PostPatch<ContentRef> {
        PostPatch::empty(self.state.box_id, self.state.message_id)
    }

    fn post(&self, command: &PostPatch<ContentRef>) -> Result<(), Rejection> {
        let parts = access::actions_of_patch(command);
        let asked = Asked { parts: &parts, ..Asked::default() };
        let Context { permissions, organization, .. } = self.context;
        let class = &NamedDocuments::<MayPatch>::ACCESS;
        let rights = access::check(class, permissions, organization, &asked);
        check_patch(self.state, command, rights, self.context)?;
        post_patch(self.state, command, self.around, self.context).map(drop)
    }

    fn action(&self, candidate: &Candidate) -> DocumentAction {
        let flow = docflow(self.state, self.document);
        let is_free = flow.as_ref().is_some_and(|flow| flow.flags.can_be_revoked_by_sender_alone)
            && self.state.side().is_sending();
        let kind = match candidate.kind {
            ActionKind::RequestRevocation if is_free => ActionKind::RevokeAlone,
            kind => kind,
        };
        let is_optional = kind == ActionKind::AttachTitle && flow.is_some_and(|flow| !flow.needs.response);
        DocumentAction { kind, title: candidate.title, is_optional }
    }

    fn housekeeping(&self) -> impl Iterator<Item = DocumentAction> {
        let current = self.state.department_of(self.document);
        let departments = self.context.organization.departments.iter().map(|department| department.id);
        let elsewhere = departments.chain([DepartmentId::ZERO]).filter(move |id| *id != current);
        let moves = elsewhere.map(|to| (ActionKind::Move, Housekeeping::Move { to }));
        let all = [(ActionKind::Delete, Housekeeping::Delete), (ActionKind::Restore, Housekeeping::Restore)];
        let kinds = all.into_iter().chain(moves).filter(|(_, what)| self.keeps(*what));
        kinds.map(|(kind, _)| DocumentAction { kind, title: 0, is_optional: false })
    }

    /// What is done with templates, which take no patches. Whether the addressee would take the letter is not asked.
    fn of_template(&self) -> impl Iterator<Item = DocumentAction> {
        let may_create = self.state.template.is_some() && self.may(&NamedDocuments::<MayCreate>::ACCESS);
        let together = together(self.state, self.document);
        let refuses = || {
            let refusals = together.iter().map(|id| NewRefusal::<ContentRef> {
                path: String::new(),
                document: *id,
                comment: None,
                content: None,
                labels: Vec::new(),
            });
            let command = PatchTemplate { template: self.state.message_id, refusals: refusals.collect() };
            templates::check_refusals(self.state, &command, self.context).is_ok()
        };
        let transforms = || {
            let command = transformation(self.state, self.document);
            templates::check_transformation(self.state, &command, self.context).is_ok()
        };
        let refuses = (may_create && refuses()).then_some(ActionKind::RefuseTemplate);
        let transforms = (may_create && transforms()).then_some(ActionKind::TransformTemplate);
        let kinds = refuses.into_iter().chain(transforms);
        kinds.map(|kind| DocumentAction { kind, title: 0, is_optional: false })
    }

    fn may(&self, class: &Access) -> bool {
        let Context { permissions, organization, .. } = self.context;
        access::check(class, permissions, organization, &Asked::default()).is_ok()
    }

    fn keeps(&self, what: Housekeeping) -> bool {
        let class = match what {
            Housekeeping::Move { .. } => &NamedDocuments::<MayCreate>::ACCESS,
            Housekeeping::Delete | Housekeeping::Restore => &NamedDocuments::<MayDeleteRestore>::ACCESS,
        };
        if !self.may(class) {
            return false;
        }
        let ask = |named: &[EntityId]| housekeeping(self.state, named, what, "documentId", self.context);
        match ask(&[self.document]) {
            Err(Rejection::LockedTogether { .. }) => {
                let all: Vec<EntityId> = self.state.documents().map(|(found, _)| found.entity.id).collect();
                ask(&all).is_ok_and(|done| done.is_some())
            }
            done => done.is_ok_and(|done| done.is_some()),
        }
    }
}

/// The documents with which something is done to `document` of a template: all of a locked packet.
fn together(state: &MessageState, document: EntityId) -> Vec<EntityId> {
    if !carriage::is_packet_locked(state) {
        return vec![document];
    }
    state.documents().map(|(found, _)| found.entity.id).collect()
}

/// The command that makes a document of `document` of the template `state`, and of all that have to come along.
pub fn transformation(state: &MessageState, document: EntityId) -> TransformTemplate {
    let documents = together(state, document).into_iter().map(|document| Transformation {
        path: String::new(),
        document,
        custom_document_id: None,
    });
    TransformTemplate { box_id: state.box_id, template: state.message_id, documents: documents.collect() }
}

/// The newest request to revoke the document.
fn revocation_request(state: &MessageState, document: EntityId) -> Option<EntityId> {
    let is_request = |service: &Service| matches!(service, Service::RevocationRequest { .. });
    let mut children = state.children(document).rev();
    children.find(|child| child.entity.service().is_some_and(is_request)).map(|child| child.entity.id)
}
