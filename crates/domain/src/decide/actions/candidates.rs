//! The commands that are asked about: one for each thing that can be done with a document.

use potok_types::{ContentRef, DepartmentId, EntityId, RouteId};

use super::{ActionKind, revocation_request};
use crate::command::{
    NewCancellation, NewDenial, NewEdition, NewPacket, NewRejection, NewResolution, NewResolutionRequest,
    NewRouteStep, NewService, NewSignature, NewTagChange, NewTitle, NewUniversalMessage, PostPatch, Prepared,
    Recognized,
};
use crate::decide::NamedByPatch;
use crate::decide::post_patch::exchange::next_title;
use crate::{
    Decision, DocumentKind, DocumentRef, MessageState, RequestKind, Service, Tag, TagChange, UniversalEvent,
};

/// Information that means nothing to the flow.
const INFORMATION: i32 = 4002;

/// One thing, and what it is done to.
pub(super) struct Candidate {
    pub(super) kind: ActionKind,
    pub(super) title: u32,
    pub(super) target: EntityId,
    what: What,
}

enum What {
    Sign { is_approval: bool },
    Reject,
    Receipt,
    Amend,
    Revoke,
    AddTitle,
    Inform,
    Resolve(Option<Decision>),
    Request(RequestKind),
    Cancel { is_of_denial: bool },
    Deny,
    Route { id: RouteId, is_off: bool },
    Tag(TagChange),
    Leave(DocumentRef),
    Edit(DocumentKind),
    CancelFixation,
}

/// What is done to the document, the same to a request to revoke it, and how.
type OfBoth = (ActionKind, ActionKind, fn() -> What);

/// What is asked of the document, and of the request to revoke it.
const OF_BOTH: [OfBoth; 7] = [
    (ActionKind::SignApprovingly, ActionKind::SignRevocationApprovingly, || What::Sign { is_approval: true }),
    (ActionKind::RequestApprovement, ActionKind::RequestRevocationApprovement, || {
        What::Request(RequestKind::Approvement)
    }),
    (ActionKind::RequestPrimarySignature, ActionKind::RequestRevocationSignature, || {
        What::Request(RequestKind::Signature)
    }),
    (ActionKind::RequestApprovementSignature, ActionKind::RequestRevocationApprovementSignature, || {
        What::Request(RequestKind::ApprovementSignature)
    }),
    (ActionKind::Approve, ActionKind::ApproveRevocation, || What::Resolve(Some(Decision::Approve))),
    (ActionKind::Disapprove, ActionKind::DisapproveRevocation, || What::Resolve(Some(Decision::Disapprove))),
    (ActionKind::CancelResolution, ActionKind::CancelRevocationResolution, || What::Resolve(None)),
];

/// Everything that may be tried with the document.
pub(super) fn candidates(state: &MessageState, document: EntityId, around: &NamedByPatch) -> Vec<Candidate> {
    let mut all = Vec::new();
    let mut add = |kind, title, target, what| all.push(Candidate { kind, title, target, what });
    let signed = titles(state, document).into_iter().find(|(_, title)| *title == state.to_sign(document));
    let (title, target) = signed.unwrap_or((0, document));
    add(ActionKind::SignTitle, title, target, What::Sign { is_approval: false });
    add(ActionKind::RejectTitle, 0, document, What::Reject);
    add(ActionKind::RequestAmendment, 0, document, What::Amend);
    add(ActionKind::RequestRevocation, 0, document, What::Revoke);
    for (title, target) in titles(state, document) {
        add(ActionKind::ReceiptTitle, title, target, What::Receipt);
        add(ActionKind::InformAboutTitle, title, target, What::Inform);
    }
    add(ActionKind::ChangeTags, 0, document, What::Tag(tag_change(state, document)));
    if let Some((_, of)) = state.document(document) {
        add(ActionKind::AttachTitle, next_title(state, of), document, What::AddTitle);
        add(ActionKind::Edit, 0, document, What::Edit(of.kind.clone()));
    }
    let here = DocumentRef { message_id: state.message_id, entity_id: document };
    add(ActionKind::ChangePacket, 0, document, What::Leave(here));
    add(ActionKind::CancelFixation, 0, document, What::CancelFixation);
    let request = revocation_request(state, document);
    if let Some(request) = request {
        add(ActionKind::AgreeToRevocation, 0, request, What::Sign { is_approval: false });
        add(ActionKind::RefuseRevocation, 0, request, What::Reject);
    }
    for (of_document, of_request, what) in OF_BOTH {
        add(of_document, 0, document, what());
        if let Some(request) = request {
            add(of_request, 0, request, what());
        }
    }
    of_requests(state, document, false, &mut add);
    if let Some(request) = request {
        of_requests(state, request, true, &mut add);
    }
    // Only documents go on routes.
    for route in &around.routes {
        for (kind, is_off) in [(ActionKind::AssignRoute, false), (ActionKind::RemoveRoute, true)] {
            add(kind, 0, document, What::Route { id: route.id, is_off });
        }
    }
    all
}

/// What depends on requests that were made.
fn of_requests(
    state: &MessageState,
    parent: EntityId,
    of_revocation: bool,
    add: &mut impl FnMut(ActionKind, u32, EntityId, What),
) {
    let either = |of_document, of_request| if of_revocation { of_request } else { of_document };
    for found in state.children(parent) {
        let id = found.entity.id;
        if found.resolution_request().is_none() {
            continue;
        }
        let kind = either(ActionKind::CancelRequest, ActionKind::CancelRevocationRequest);
        add(kind, 0, id, What::Cancel { is_of_denial: false });
        add(either(ActionKind::DenyRequest, ActionKind::DenyRevocationRequest), 0, id, What::Deny);
        let denials = state.children(id).filter(|denial| {
            matches!(denial.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
        });
        for denial in denials {
            let kind = either(ActionKind::CancelDenial, ActionKind::CancelRevocationDenial);
            add(kind, 0, denial.entity.id, What::Cancel { is_of_denial: true });
        }
    }
}

/// The sender's title, which is the document, and those that answer it.
fn titles(state: &MessageState, document: EntityId) -> Vec<(u32, EntityId)> {
    let later = state.children(document).filter_map(|child| match child.entity.service() {
        Some(Service::Title(title)) => Some((title.index, child.entity.id)),
        _ => None,
    });
    [(0, document)].into_iter().chain(later).collect()
}

/// A change that is as good as any: of a tag that is there, as there may be no room for another one.
fn tag_change(state: &MessageState, document: EntityId) -> TagChange {
    let tags = state.document_state(document).map_or(&[][..], |document| &document.tags);
    let key = tags.first().map_or_else(|| "a".to_owned(), |tag| tag.key.clone());
    TagChange::Set(Tag { key, value: String::new() })
}

impl Candidate {
    /// The same thing of another document of the message.
    pub(super) fn target_in(&self, state: &MessageState, other: EntityId) -> Option<EntityId> {
        let of_revocation = self.kind as i32 >= ActionKind::AgreeToRevocation as i32
            && self.kind as i32 <= ActionKind::CancelRevocationDenial as i32;
        if of_revocation { revocation_request(state, other) } else { Some(other) }
    }

    /// Adds it to `command`, done to `parent`.
    pub(super) fn add(&self, command: &mut PostPatch<ContentRef>, parent: EntityId) {
        let (path, bytes, labels) = (String::new(), || ContentRef::of(b"-"), Vec::new());
        let service = || NewService {
            path: String::new(),
            parent,
            content: bytes(),
            signature: bytes(),
            power: None,
            file_name: None,
            text: Some("-".to_owned()),
            content_type_id: None,
            labels: Vec::new(),
        };
        match &self.what {
            What::Sign { is_approval } => {
                let (signature, is_approval) = (bytes(), *is_approval);
                command.signatures.push(NewSignature {
                    path,
                    parent,
                    signature,
                    power: None,
                    prepared: None,
                    is_approval,
                    labels,
                });
            }
            What::Reject => {
                command.rejections.push(NewRejection { service: service(), is_formal: true });
            }
            What::Receipt => command.receipts.push(service()),
            What::Amend => command.amendment_requests.push(service()),
            What::Revoke => command.revocation_requests.push(service()),
            What::CancelFixation => command.fixation_cancellations.push(service()),
            What::AddTitle => command.titles.push(NewTitle {
                service: service(),
                need_receipt: false,
                index: None,
                only: None,
                recognized: None,
                with_disagreements: false,
            }),
            What::Inform => command.universal_messages.push(NewUniversalMessage {
                path,
                parent,
                code_group: None,
                affects_workflow: None,
                events: vec![UniversalEvent { code: INFORMATION, text: None }],
                content: bytes(),
                file_name: None,
                labels,
            }),
            What::Resolve(decision) => {
                let (decision, comment) = (*decision, bytes());
                command.resolutions.push(NewResolution { path, parent, decision, comment, labels });
            }
            What::Request(kind) => command.resolution_requests.push(NewResolutionRequest {
                path,
                parent,
                kind: *kind,
                user: None,
                // There is always somebody whom one can ask.
                department: Some(DepartmentId::ZERO),
                comment: bytes(),
                labels,
            }),
            What::Cancel { is_of_denial } => command.cancellations.push(NewCancellation {
                path,
                target: parent,
                is_of_denial: *is_of_denial,
                comment: bytes(),
                labels,
            }),
            What::Deny => {
                command.denials.push(NewDenial { path, request: parent, comment: bytes(), labels });
            }
            What::Route { id, is_off } => {
                let step = NewRouteStep { path, document: parent, route: *id, comment: bytes(), labels };
                if *is_off { command.route_removals.push(step) } else { command.route_assignments.push(step) }
            }
            What::Tag(change) => {
                let (change, content) = (change.clone(), bytes());
                command.tag_changes.push(NewTagChange { path, document: parent, change, content });
            }
            What::Edit(kind) => {
                let (kinds, metadata) = (vec![kind.clone()], Vec::new());
                let recognized = Some(Recognized { index: 0, kinds, function: None, metadata });
                let title = Some(Prepared { content: bytes(), recognized });
                command.editions.push(NewEdition { path, parent, content: bytes(), title, labels });
            }
            What::Leave(document) => command.packets.push(NewPacket {
                path,
                document: parent,
                add: Vec::new(),
                remove: vec![*document],
            }),
        }
    }
}
