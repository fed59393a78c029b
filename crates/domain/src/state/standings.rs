//! How all requests of a message stand, found in one pass and kept up with what is added: messages with thousands of requests
//! are read as fast as others, and patches with hundreds of answers look at each request once.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use potok_types::{DepartmentId, EntityId, UserId};

use super::{EntityState, MessageState};
use crate::service::RequestStanding;
use crate::{Body, RequestKind, RequestTarget, ResolutionRequest, Service, Signature};

/// Places of requests in their message, oldest first.
type Places = BTreeSet<usize>;

/// The requests about one document, or one request to revoke it, that wait for an answer.
#[derive(Default)]
struct Open {
    all: Places,
    /// Those that hand the document over to be signed.
    to_sign: Places,
    of_person: HashMap<(RequestKind, UserId), Places>,
    of_department: HashMap<(RequestKind, DepartmentId), Places>,
}

impl Open {
    fn put(&mut self, place: usize, request: &ResolutionRequest) {
        self.all.insert(place);
        if request.kind == RequestKind::Signature {
            self.to_sign.insert(place);
        }
        match &request.target {
            RequestTarget::User { id, .. } => {
                self.of_person.entry((request.kind, *id)).or_default().insert(place);
            }
            RequestTarget::Department { id, .. } => {
                self.of_department.entry((request.kind, *id)).or_default().insert(place);
            }
        }
    }

    fn take(&mut self, place: usize, request: &ResolutionRequest) {
        self.all.remove(&place);
        self.to_sign.remove(&place);
        match &request.target {
            RequestTarget::User { id, .. } => forget(&mut self.of_person, (request.kind, *id), place),
            RequestTarget::Department { id, .. } => {
                forget(&mut self.of_department, (request.kind, *id), place)
            }
        }
    }
}

fn forget<K: Eq + Hash>(places: &mut HashMap<K, Places>, key: K, place: usize) {
    if let Entry::Occupied(mut found) = places.entry(key) {
        found.get_mut().remove(&place);
        if found.get().is_empty() {
            found.remove();
        }
    }
}

/// What the entities of a message, each noted once, say of its requests.
#[derive(Default)]
pub(crate) struct Standings {
    /// So many entities were noted.
    noted: usize,
    open: HashMap<EntityId, Open>,
    /// What answered a request first.
    answers: HashMap<EntityId, EntityId>,
    /// Who was ever asked for an approval signature about what.
    asked: HashSet<(EntityId, UserId)>,
    /// Who approved what by signing, asked or not.
    approved: HashSet<(EntityId, UserId)>,
}

impl Standings {
    /// Of all that the message has.
    pub(crate) fn of(state: &MessageState) -> Self {
        let mut standings = Self::default();
        // A request counts for the signatures before it too.
        for found in state.entities() {
            if let Some(asked) = asked_person(found) {
                standings.asked.insert(asked);
            }
        }
        standings.note_all(state);
        standings
    }

    /// Notes what was added to `state` since, of which nothing else has changed; `false` when that puts what was noted before
    /// in another light, so that all has to be found anew.
    pub(crate) fn keep_up(&mut self, state: &MessageState) -> bool {
        for found in &state.entities()[self.noted..] {
            if let Some(asked) = asked_person(found)
                && self.asked.insert(asked)
                && self.approved.contains(&asked)
            {
                return false;
            }
            // A resolution that is taken back answers nothing any more, nor does a denial.
            let target = found.entity.parent.and_then(|parent| state.entity(parent));
            let is_cancellation = matches!(found.entity.service(), Some(Service::Cancellation { .. }));
            if is_cancellation && target.is_some_and(|target| target.resolution_request().is_none()) {
                return false;
            }
        }
        self.note_all(state);
        true
    }

    /// How the request `id` stands.
    ///
    /// [`RequestStanding::Cancelled`] for what is no request.
    pub(crate) fn standing(&self, state: &MessageState, id: EntityId) -> RequestStanding {
        if request(state, id).is_none() || is_cancelled(state, id) {
            return RequestStanding::Cancelled;
        }
        let denial = state.children(id).find(|child| {
            matches!(child.entity.service(), Some(Service::ResolutionRequestDenial { .. }))
                && !is_cancelled(state, child.entity.id)
        });
        match denial {
            Some(denial) => RequestStanding::Denied(denial.entity.id),
            None => self.answers.get(&id).copied().map_or(RequestStanding::Open, RequestStanding::Resolved),
        }
    }

    /// The open requests about `parent`, oldest first.
    pub(crate) fn open<'a>(
        &'a self,
        state: &'a MessageState,
        parent: EntityId,
    ) -> impl Iterator<Item = Request<'a>> {
        let all = self.open.get(&parent).into_iter().flat_map(|open| &open.all);
        all.filter_map(|place| request_at(state, *place))
    }

    /// The open request to sign `parent`, if there is one.
    pub(crate) fn to_sign<'a>(&self, state: &'a MessageState, parent: EntityId) -> Option<Request<'a>> {
        request_at(state, *self.open.get(&parent)?.to_sign.first()?)
    }

    /// The oldest open request of one of `kinds` about `parent` to a person.
    pub(crate) fn of_person<'a>(
        &self,
        state: &'a MessageState,
        (parent, kinds): (EntityId, &[RequestKind]),
        person: UserId,
    ) -> Option<Request<'a>> {
        let open = self.open.get(&parent)?;
        let found = kinds.iter().filter_map(|kind| open.of_person.get(&(*kind, person))?.first());
        request_at(state, *found.min()?)
    }

    /// The oldest open request of one of `kinds` about `parent` to one of the departments.
    pub(crate) fn of_departments<'a>(
        &self,
        state: &'a MessageState,
        (parent, kinds): (EntityId, &[RequestKind]),
        is_one: impl Fn(DepartmentId) -> bool,
    ) -> Option<Request<'a>> {
        let open = self.open.get(&parent)?;
        let asked = open.of_department.iter().filter(|((kind, id), _)| kinds.contains(kind) && is_one(*id));
        request_at(state, *asked.filter_map(|(_, places)| places.first()).min()?)
    }

    fn note_all(&mut self, state: &MessageState) {
        for (place, found) in state.entities().iter().enumerate().skip(self.noted) {
            self.note(state, place, found);
        }
        self.noted = state.entities().len();
    }

    fn note(&mut self, state: &MessageState, place: usize, found: &EntityState) {
        let Some(parent) = found.entity.parent else { return };
        match &found.entity.body {
            Body::Document(_) => {}
            Body::Service(Service::ResolutionRequest(request)) => {
                self.open.entry(parent).or_default().put(place, request);
            }
            Body::Service(Service::Cancellation { .. }) => self.close(state, parent),
            Body::Service(Service::ResolutionRequestDenial { .. }) => {
                if !is_cancelled(state, found.entity.id) {
                    self.close(state, parent);
                }
            }
            Body::Service(Service::Resolution(resolution)) => {
                // Whatever it names came before it.
                let asked = resolution.request.filter(|_| !is_cancelled(state, found.entity.id));
                if let Some(asked) = asked.filter(|asked| request(state, *asked).is_some()) {
                    self.answer(state, asked, found.entity.id);
                }
            }
            Body::Signature(Signature { is_approval: true, .. }) if found.is_own && found.stands() => {
                self.approve(state, found, parent);
            }
            Body::Signature(Signature { is_approval: false, .. }) if found.is_own && found.stands() => {
                // A title that was prepared is an answer once it is signed.
                let title = state.entity(parent).filter(|file| file.is_prepared_title());
                let document = title.and_then(|title| title.entity.parent);
                self.answer_all(state, found.entity.id, document.unwrap_or(parent));
            }
            Body::Service(service)
                if matches!(service, Service::Title(title) if !title.is_prepared) || service.is_refusal() =>
            {
                if found.is_own && found.stands() {
                    self.answer_all(state, found.entity.id, parent);
                }
            }
            Body::Signature(_) | Body::Service(_) => {}
        }
    }

    fn answer(&mut self, state: &MessageState, asked: EntityId, answer: EntityId) {
        self.answers.entry(asked).or_insert(answer);
        self.close(state, asked);
    }

    /// Nobody waits for an answer to it any more, if it is a request.
    fn close(&mut self, state: &MessageState, id: EntityId) {
        let Some((place, (found, request))) = state.place_of(id).zip(request(state, id)) else { return };
        if let Some(open) = found.entity.parent.and_then(|parent| self.open.get_mut(&parent)) {
            open.take(place, request);
        }
    }

    /// A signature that sends or answers, a title, a refusal: nothing is left to be asked for.
    fn answer_all(&mut self, state: &MessageState, answer: EntityId, parent: EntityId) {
        let open = self.open.remove(&parent).unwrap_or_default();
        for (found, _) in open.all.iter().filter_map(|place| request_at(state, *place)) {
            self.answers.entry(found.entity.id).or_insert(answer);
        }
    }

    /// An approval signature answers the requests to its author; without any, every request to a department.
    fn approve(&mut self, state: &MessageState, signature: &EntityState, parent: EntityId) {
        const KIND: RequestKind = RequestKind::ApprovementSignature;
        let author = signature.entity.author;
        self.approved.extend(author.map(|author| (parent, author)));
        let Some(open) = self.open.get(&parent) else { return };
        let answered: Vec<usize> = match author {
            Some(author) if self.asked.contains(&(parent, author)) => {
                open.of_person.get(&(KIND, author)).into_iter().flatten().copied().collect()
            }
            _ => {
                let asked = open.of_department.iter().filter(|((kind, _), _)| *kind == KIND);
                asked.flat_map(|(_, places)| places).copied().collect()
            }
        };
        for (found, _) in answered.into_iter().filter_map(|place| request_at(state, place)) {
            self.answer(state, found.entity.id, signature.entity.id);
        }
    }
}

/// Somebody withdrew the request, denial or resolution `id`.
pub(crate) fn is_cancelled(state: &MessageState, id: EntityId) -> bool {
    state.children(id).any(|child| matches!(child.entity.service(), Some(Service::Cancellation { .. })))
}

/// A request, and what it asks for.
pub(crate) type Request<'a> = (&'a EntityState, &'a ResolutionRequest);

fn request(state: &MessageState, id: EntityId) -> Option<Request<'_>> {
    let found = state.entity(id)?;
    Some((found, found.resolution_request()?))
}

fn request_at(state: &MessageState, place: usize) -> Option<Request<'_>> {
    let found = state.entities().get(place)?;
    Some((found, found.resolution_request()?))
}

/// Who is asked for an approval signature about what, if that is what this asks for.
fn asked_person(found: &EntityState) -> Option<(EntityId, UserId)> {
    let request = found.resolution_request()?;
    match &request.target {
        RequestTarget::User { id, .. } if request.kind == RequestKind::ApprovementSignature => {
            Some((found.entity.parent?, *id))
        }
        _ => None,
    }
}
