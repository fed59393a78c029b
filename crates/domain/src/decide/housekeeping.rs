//! What an organization does with documents in its own box: deletes, restores and moves them. The other side sees nothing
//! of it.

use potok_types::{DepartmentId, EntityId, EventId};

use super::{Context, Outcome, Rejection, Step};
use crate::access::{self, Denied};
use crate::carriage;
use crate::{
    Change, DocumentChange, DocumentPatch, DocumentState, Event, MessageState, Origin, Patched, Service,
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Housekeeping {
    /// The documents are hidden from lists.
    Delete,
    /// They are shown again.
    Restore,
    /// They lie in this department from now on.
    Move {
        /// Which; zero is the head.
        to: DepartmentId,
    },
}

impl Housekeeping {
    const fn step(self) -> Step {
        match self {
            Self::Delete => Step::Delete,
            Self::Restore => Step::Restore,
            Self::Move { .. } => Step::Move,
        }
    }

    /// There is something to do with a document that stands so.
    fn applies_to(self, document: &DocumentState) -> bool {
        match self {
            Self::Delete => !document.is_deleted,
            Self::Restore => document.is_deleted,
            Self::Move { to } => document.department != to,
        }
    }

    /// What the document is told, and the record of it for those who read the message.
    fn of(self, document: &DocumentState) -> (DocumentChange, Option<Service>) {
        match self {
            Self::Delete => (DocumentChange::Deleted, None),
            Self::Restore => (DocumentChange::Restored, Some(Service::DeletionRestoration)),
            Self::Move { to } => {
                (DocumentChange::Moved { to }, Some(Service::MoveDocument { from: document.department, to }))
            }
        }
    }
}

/// `Delete`, `Restore`, `MoveDocuments`: the patch of one message; `None` when nothing is left to do. `named` are root
/// documents of the message; none mean all of them. `path` is where they stand in the request.
///
/// # Errors
/// [`Rejection`]: nothing follows. A document that is deleted is not deleted again, and what is not is not restored;
/// moving to where a document lies is no fault.
pub fn housekeeping(
    state: &MessageState,
    named: &[EntityId],
    what: Housekeeping,
    path: &str,
    context: &Context<'_>,
) -> Result<Option<Outcome>, Rejection> {
    let documents: Vec<EntityId> = if named.is_empty() {
        state.documents().map(|(found, _)| found.entity.id).collect()
    } else {
        named.to_vec()
    };
    let scope = context.scope();
    access::check_documents(&scope, state, documents.iter().copied())?;
    if let Housekeeping::Move { to } = what {
        if !state.message_type.lies_in_departments() {
            return Err(Rejection::NotALetter(state.message_id));
        }
        let path = || "DocumentsMoveOperation.ToDepartmentId".to_owned();
        if !context.organization.has_department(to) {
            let box_id = context.organization.box_id;
            return Err(Rejection::DepartmentNotFound { path: path(), box_id, department: to });
        }
        if !scope.sees_department(to) {
            return Err(Denied::Department { path: path(), department: to }.into());
        }
    }
    if carriage::is_packet_locked(state) {
        let others = state.documents().map(|(found, _)| found.entity.id);
        let missing: Vec<EntityId> = others.filter(|id| !documents.contains(id)).collect();
        if !missing.is_empty() {
            return Err(Rejection::LockedTogether { path: path.to_owned(), step: what.step(), missing });
        }
    }
    let standing = |id: &EntityId| Some((*id, state.document_state(*id)?));
    let concerned: Vec<(EntityId, &DocumentState)> =
        documents.iter().filter_map(standing).filter(|(_, document)| what.applies_to(document)).collect();
    // A message is deleted with what is left of it; a named document has to be what the request takes it for.
    let is_done = |id: &&EntityId| concerned.iter().all(|(concerned, _)| concerned != *id);
    let unfit = match (what, named.is_empty()) {
        (Housekeeping::Move { .. }, _) => None,
        (_, true) if !concerned.is_empty() => None,
        _ => documents.iter().find(is_done),
    };
    if let Some(id) = unfit {
        let reason =
            if what == Housekeeping::Delete { "он уже удален" } else { "он не удален" };
        return Err(Rejection::state(path, *id, what.step(), reason));
    }
    if concerned.is_empty() {
        return Ok(None);
    }
    let mut patched = Patched::by(Origin::Own { user: Some(context.author) });
    for (document, standing) in concerned {
        let (change, record) = what.of(standing);
        patched.documents.push(DocumentPatch { document, change });
        patched.entities.extend(record.map(|record| context.record(document, record)));
    }
    let event = Event {
        id: EventId::from_uuid(context.entropy.id()),
        message_id: state.message_id,
        at: context.now,
        change: Change::Patched(Box::new(patched)),
    };
    Ok(Some(Outcome::inside(state, event)))
}
