//! Everything that somebody may try with a document, as stories do it.

use std::collections::BTreeSet;

use potok_domain::command::{NewRefusal, PatchTemplate, TransformTemplate, Transformation};
use potok_domain::decide::{ActionKind, Housekeeping};
use potok_domain::{MessageState, Service, Side};
use potok_stories::{Action, EXPORT, SALES, STORAGE, Story, Who, box_of, bytes, patch};
use potok_types::{DepartmentId, EntityId, UserId};

/// One thing that is tried.
pub(super) struct Deed {
    /// The kinds of actions that it is.
    pub(super) kinds: &'static [ActionKind],
    /// With which title.
    pub(super) title: u32,
    what: What,
}

enum What {
    /// A patch; the verb of the stories, and how, done to any of these.
    Patch(&'static str, &'static str, Vec<EntityId>),
    /// The same with the newest request to revoke, of this document and of any other one.
    OfRevocation(&'static str),
    /// Any of these.
    Keep(Vec<Housekeeping>),
    Refuse,
    Transform,
}

/// What is said of the document, the same of the newest request to revoke it, and how.
const OF_BOTH: [(&[ActionKind], &[ActionKind], &str); 7] = [
    (&[ActionKind::SignApprovingly], &[ActionKind::SignRevocationApprovingly], "approves"),
    (&[ActionKind::RequestApprovement], &[ActionKind::RequestRevocationApprovement], "asks-approval"),
    (&[ActionKind::RequestPrimarySignature], &[ActionKind::RequestRevocationSignature], "asks-signature"),
    (
        &[ActionKind::RequestApprovementSignature],
        &[ActionKind::RequestRevocationApprovementSignature],
        "asks-approval-signature",
    ),
    (&[ActionKind::Approve], &[ActionKind::ApproveRevocation], "resolves-yes"),
    (&[ActionKind::Disapprove], &[ActionKind::DisapproveRevocation], "resolves-no"),
    (&[ActionKind::CancelResolution], &[ActionKind::CancelRevocationResolution], "withdraws"),
];

/// What is said of requests that hang under the document, and of those under the newest request to revoke it.
const OF_REQUESTS: [(&[ActionKind], &[ActionKind], &str); 2] = [
    (&[ActionKind::CancelRequest], &[ActionKind::CancelRevocationRequest], "cancels"),
    (&[ActionKind::DenyRequest], &[ActionKind::DenyRevocationRequest], "denies"),
];

/// What is said of the document alone.
const OF_DOCUMENT: [(&[ActionKind], &str, &str); 9] = [
    (&[ActionKind::Edit], "edits", ""),
    (&[ActionKind::RequestAmendment], "amends", ""),
    (&[ActionKind::RejectTitle], "refuses", ""),
    (&[ActionKind::ChangePacket], "leaves", ""),
    (&[ActionKind::ChangeTags], "tags", "a=1"),
    (&[ActionKind::RevokeAlone, ActionKind::RequestRevocation], "revokes", ""),
    (&[ActionKind::CancelFixation], "cancels-fixation", ""),
    (&[ActionKind::AssignRoute], "puts-on-route", ""),
    (&[ActionKind::RemoveRoute], "takes-off-route", ""),
];

/// All that can be tried with `document`.
pub(super) fn of(state: &MessageState, document: EntityId) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let mut add = |kinds, title, what| deeds.push(Deed { kinds, title, what });
    let titles = titles(state, document);
    let at = |wanted: EntityId| titles.iter().find(|(_, id)| *id == wanted).map_or(0, |(title, _)| *title);
    let signed = state.prepared_title(document).filter(|_| state.side() == Side::Recipient);
    let signed = signed.map_or(0, |title| at(title.entity.id));
    add(&[ActionKind::SignTitle], signed, What::Patch("signs", "", vec![document]));
    let is_third = state.to.box_id == state.box_id
        && state.proxy.is_some()
        && state.document(document).is_some_and(|(_, document)| document.workflow.0 == 13);
    let next = if is_third { 2 } else { 1 };
    add(&[ActionKind::AttachTitle], next, What::Patch("titles", "", vec![document]));
    // One that got lost may have been written again.
    for title in titles.iter().map(|(title, _)| *title).collect::<BTreeSet<u32>>() {
        let ids: Vec<EntityId> =
            titles.iter().filter(|(number, _)| *number == title).map(|(_, id)| *id).collect();
        add(&[ActionKind::ReceiptTitle], title, What::Patch("receipts", "", ids.clone()));
        add(&[ActionKind::InformAboutTitle], title, What::Patch("says", "4002", ids));
    }
    for (kinds, verb, how) in OF_DOCUMENT {
        add(kinds, 0, What::Patch(verb, how, vec![document]));
    }
    let revocation = revocation(state, document);
    for (of_document, of_revocation, verb) in OF_BOTH {
        add(of_document, 0, What::Patch(verb, "", vec![document]));
        add(of_revocation, 0, What::OfRevocation(verb));
    }
    add(&[ActionKind::AgreeToRevocation], 0, What::OfRevocation("signs"));
    add(&[ActionKind::RefuseRevocation], 0, What::OfRevocation("refuses"));
    let is_request = |service: &Service| matches!(service, Service::ResolutionRequest(_));
    let is_denial = |service: &Service| matches!(service, Service::ResolutionRequestDenial { .. });
    let of_document = under(state, &[document], is_request);
    let of_revocation = under(state, &revocation.into_iter().collect::<Vec<_>>(), is_request);
    for (kinds, kinds_of_revocation, verb) in OF_REQUESTS {
        add(kinds, 0, What::Patch(verb, "", of_document.clone()));
        add(kinds_of_revocation, 0, What::Patch(verb, "", of_revocation.clone()));
    }
    let denials = [of_document, of_revocation].map(|requests| under(state, &requests, is_denial));
    let [of_document, of_revocation] = denials;
    add(&[ActionKind::CancelDenial], 0, What::Patch("cancels-denial", "", of_document));
    add(&[ActionKind::CancelRevocationDenial], 0, What::Patch("cancels-denial", "", of_revocation));
    add(&[ActionKind::Delete], 0, What::Keep(vec![Housekeeping::Delete]));
    add(&[ActionKind::Restore], 0, What::Keep(vec![Housekeeping::Restore]));
    let moves = [DepartmentId::ZERO, SALES, EXPORT, STORAGE].map(|to| Housekeeping::Move { to });
    add(&[ActionKind::Move], 0, What::Keep(moves.into()));
    add(&[ActionKind::RefuseTemplate], 0, What::Refuse);
    add(&[ActionKind::TransformTemplate], 0, What::Transform);
    deeds
}

impl Deed {
    /// It is taken, of the document alone or of all documents of the message at once. Nothing happens.
    pub(super) fn is_taken(
        &self,
        story: &mut Story,
        (who, author): (Who, UserId),
        document: EntityId,
    ) -> bool {
        let message = story.message();
        let state = story.simulation.state(who, message).expect("the message is in the box");
        let all: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).collect();
        let mut patched = |verb, how, targets: &[EntityId]| {
            let mut command = patch(who, message);
            for target in targets {
                story.add_item(&mut command, &Action { who, verb, adverbs: vec![how] }, *target);
            }
            !targets.is_empty() && story.simulation.would(who, author, &command).is_ok()
        };
        match &self.what {
            What::Patch(verb, how, targets) => {
                let is_whole = targets == &[document];
                targets.iter().any(|target| patched(*verb, *how, &[*target]))
                    || is_whole && patched(*verb, *how, &all)
            }
            What::OfRevocation(verb) => {
                let Some(own) = revocation(&state, document) else { return false };
                let all: Vec<EntityId> = all.iter().filter_map(|id| revocation(&state, *id)).collect();
                patched(*verb, "", &[own]) || patched(*verb, "", &all)
            }
            What::Keep(ways) => ways.iter().any(|what| {
                [&[document][..], &all].into_iter().any(|named| {
                    let mut trial = story.simulation.fork(1);
                    trial.housekeeping(who, author, message, named, *what).is_ok_and(|done| done.is_some())
                })
            }),
            What::Refuse => [&[document][..], &all].into_iter().any(|named| {
                let refusals = named.iter().map(|document| NewRefusal {
                    path: String::new(),
                    document: *document,
                    comment: None,
                    content: Some(bytes("no")),
                    labels: Vec::new(),
                });
                let command = PatchTemplate { template: message, refusals: refusals.collect() };
                story.simulation.fork(1).refuse_template_by(who, author, &command).is_ok()
            }),
            What::Transform => [&[document][..], &all].into_iter().any(|named| {
                let documents = named.iter().map(|document| Transformation {
                    path: String::new(),
                    document: *document,
                    custom_document_id: None,
                });
                let documents = documents.collect();
                let command = TransformTemplate { box_id: box_of(who), template: message, documents };
                story.simulation.fork(1).transform_by(who, author, &command).is_ok()
            }),
        }
    }
}

/// The sender's title, and those that answer it, with their numbers.
fn titles(state: &MessageState, document: EntityId) -> Vec<(u32, EntityId)> {
    let later = state.children(document).filter_map(|child| match child.entity.service() {
        Some(Service::Title(title)) => Some((title.index, child.entity.id)),
        _ => None,
    });
    std::iter::once((0, document)).chain(later).collect()
}

/// The newest request to revoke the document.
fn revocation(state: &MessageState, document: EntityId) -> Option<EntityId> {
    let is_request = |service: &Service| matches!(service, Service::RevocationRequest { .. });
    under(state, &[document], is_request).pop()
}

/// What hangs under any of `parents`, of one kind.
fn under(state: &MessageState, parents: &[EntityId], is: impl Fn(&Service) -> bool) -> Vec<EntityId> {
    let children = parents.iter().flat_map(|parent| state.children(*parent));
    children.filter(|found| found.entity.service().is_some_and(&is)).map(|found| found.entity.id).collect()
}
