//! How all requests of a message stand, found in one pass: messages with thousands of requests are read as fast as others.

use std::collections::{HashMap, HashSet};

use potok_types::{EntityId, UserId};

use super::{RequestStanding, is_cancelled};
use crate::{
    Body, EntityState, MessageState, RequestKind, RequestTarget, ResolutionRequest, Service, Signature,
};

/// The requests about one document, or one request to revoke it, that nothing has answered yet.
#[derive(Default)]
struct Open {
    all: Vec<EntityId>,
    /// Those for an approval signature, by the person asked.
    of_person: HashMap<UserId, Vec<EntityId>>,
    /// Those for an approval signature of anybody in a department.
    of_departments: Vec<EntityId>,
}

struct Pass<'a> {
    state: &'a MessageState,
    open: HashMap<EntityId, Open>,
    answers: HashMap<EntityId, EntityId>,
    /// Who was ever asked for an approval signature about what.
    asked: HashSet<(EntityId, UserId)>,
}

/// The standing of each request, by its id.
pub(super) fn of(state: &MessageState) -> HashMap<EntityId, RequestStanding> {
    let requests = || state.entities().iter().filter_map(|found| Some((found, found.resolution_request()?)));
    let asked = requests().filter_map(|(found, request)| match &request.target {
        RequestTarget::User { id, .. } if request.kind == RequestKind::ApprovementSignature => {
            Some((found.entity.parent?, *id))
        }
        _ => None,
    });
    let mut pass = Pass { state, open: HashMap::new(), answers: HashMap::new(), asked: asked.collect() };
    for found in state.entities() {
        pass.note(found);
    }
    let standing = |id: EntityId| {
        if is_cancelled(state, id) {
            return RequestStanding::Cancelled;
        }
        let denial = state.children(id).find(|child| {
            matches!(child.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
                && !is_cancelled(state, child.entity.id)
        });
        match denial {
            Some(denial) => RequestStanding::Denied(denial.entity.id),
            None => pass.answers.get(&id).copied().map_or(RequestStanding::Open, RequestStanding::Resolved),
        }
    };
    requests().map(|(found, _)| (found.entity.id, standing(found.entity.id))).collect()
}

impl Pass<'_> {
    fn note(&mut self, found: &EntityState) {
        let Some(parent) = found.entity.parent else { return };
        match &found.entity.body {
            Body::Document(_) => {}
            Body::Service(Service::ResolutionRequest(request)) => self.ask(found.entity.id, parent, request),
            Body::Service(Service::Resolution(resolution)) => {
                // Whatever it names came before it.
                let asked = resolution.request.filter(|_| !is_cancelled(self.state, found.entity.id));
                let asked = asked.and_then(|asked| self.state.entity(asked));
                if let Some(asked) = asked.filter(|asked| asked.resolution_request().is_some()) {
                    self.answers.entry(asked.entity.id).or_insert(found.entity.id);
                }
            }
            Body::Signature(Signature { is_approval: true, .. }) if found.is_own && found.stands() => {
                self.approve(found, parent);
            }
            Body::Signature(Signature { is_approval: false, .. }) if found.is_own && found.stands() => {
                self.answer_all(found.entity.id, parent);
            }
            Body::Service(service) if matches!(service, Service::Title(_)) || service.is_refusal() => {
                if found.is_own && found.stands() {
                    self.answer_all(found.entity.id, parent);
                }
            }
            Body::Signature(_) | Body::Service(_) => {}
        }
    }

    fn ask(&mut self, id: EntityId, parent: EntityId, request: &ResolutionRequest) {
        let open = self.open.entry(parent).or_default();
        open.all.push(id);
        if request.kind == RequestKind::ApprovementSignature {
            match &request.target {
                RequestTarget::User { id: user, .. } => open.of_person.entry(*user).or_default().push(id),
                RequestTarget::Department { .. } => open.of_departments.push(id),
            }
        }
    }

    /// A signature that sends or answers, a title, a refusal: nothing is left to be asked for.
    fn answer_all(&mut self, answer: EntityId, parent: EntityId) {
        for id in self.open.remove(&parent).unwrap_or_default().all {
            self.answers.entry(id).or_insert(answer);
        }
    }

    /// An approval signature answers the requests to its author; without any, every request to a department.
    fn approve(&mut self, signature: &EntityState, parent: EntityId) {
        let Some(open) = self.open.get_mut(&parent) else { return };
        let author = signature.entity.author;
        let is_asked = author.is_some_and(|author| self.asked.contains(&(parent, author)));
        let answered = match author {
            Some(author) if is_asked => open.of_person.remove(&author).unwrap_or_default(),
            _ => std::mem::take(&mut open.of_departments),
        };
        for id in answered {
            self.answers.entry(id).or_insert(signature.entity.id);
        }
    }
}
