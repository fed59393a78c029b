//! `GetDocflowEvents`: the feed of a box, document by document, with states before and after.
//!
//! One event of the box that is about several documents is several events here. Which documents an event is about, and
//! what they were like, follows from replaying the message, which is remembered; the feed only says where to look.

use std::sync::Arc;

use potok_domain::access::Scope;
use potok_domain::query::{DocflowEventPlace, DocflowEventsRequest, FeedFilter, FeedOrder};
use potok_domain::{DocumentRef, EventMark};
use potok_store::FeedQuery;
use potok_types::access::OneDepartment;
use potok_types::{EntityId, EventId, IndexKey, Invalid, MessageId, Ticks, limits};

use crate::core::histories::{Histories, History};
use crate::{Actor, FoundDocument, Permit, Reading, ReadingError};

/// An event of one document.
#[derive(Clone, Debug)]
pub struct DocflowEvent {
    /// The event of the box.
    pub event: EventId,
    /// When it happened.
    pub at: Ticks,
    /// The document that it is about.
    pub document: DocumentRef,
    /// Where it stands.
    pub place: DocflowEventPlace,
    /// The document right after it, if that was asked for and the actor sees it where it lies now.
    pub found: Option<FoundDocument>,
    /// The event before this one that was about the document, with the document right after that, if that was asked for
    /// and there is one.
    pub previous: Option<(EventId, FoundDocument)>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct DocflowEventsAnswer {
    /// In order; fewer than asked for only at the end.
    pub events: Vec<DocflowEvent>,
    /// Matching events after the bookmark, up to 100 000.
    pub total: u64,
    /// There are no more than that.
    pub is_exact: bool,
}

impl Reading {
    /// A page of the docflow events of the box.
    ///
    /// # Errors
    /// `CoreError::Denied` without access to all documents and without a department; `Missing::Department`;
    /// [`ReadingError::DepartmentDenied`]; `CoreError::Invalid` when `limit` is not 1…100.
    pub async fn docflow_events(
        &self,
        actor: &Permit<OneDepartment>,
        request: DocflowEventsRequest,
    ) -> Result<DocflowEventsAnswer, ReadingError> {
        let filter = filter_of(actor, &request)?;
        let limit = page_limit("GetDocflowEventsRequest.Limit", request.limit)?;
        // The bookmark may stand between the documents of one event, so that event is read too; what lies before the
        // bookmark is taken away again.
        let (after, order) = (request.after, request.order);
        let inclusive = after.and_then(|after| match order {
            FeedOrder::Ascending => after.key.get().checked_sub(1),
            FeedOrder::Descending => after.key.get().checked_add(1),
        });
        let query = FeedQuery {
            box_id: actor.box_id(),
            after: inclusive.map(IndexKey::new),
            order,
            limit: limit + 1,
            filter: filter.clone(),
            count_up_to: limits::TOTAL_COUNT + limits::DOCUMENTS_PER_MESSAGE as u64,
        };
        let page = self.core.readings.page_by_documents(query).await?;
        let messages: Vec<MessageId> = page.events.iter().map(|event| event.message_id).collect();
        let histories = self.core.histories(actor.box_id(), &messages).await?;
        let mut all = Vec::with_capacity(limit);
        let mut passed = 0;
        for event in &page.events {
            let Some(history) = histories.found.get(&event.message_id) else { continue };
            let Some(step) = history.step(event.event_id) else { continue };
            let mut here: Vec<Place<'_>> = places(history, step, event.key, &filter).collect();
            if order == FeedOrder::Descending {
                here.reverse();
            }
            let count = here.len();
            here.retain(|place| match (after, order) {
                (None, _) => true,
                (Some(after), FeedOrder::Ascending) => place.place > after,
                (Some(after), FeedOrder::Descending) => place.place < after,
            });
            passed += (count - here.len()) as u64;
            all.extend(here);
        }
        all.truncate(limit);
        let total = page.total.saturating_sub(passed);
        Ok(DocflowEventsAnswer {
            events: self.shown(actor, &all, &request, &histories).await?,
            total: total.min(limits::TOTAL_COUNT),
            is_exact: page.is_exact && total <= limits::TOTAL_COUNT,
        })
    }

    /// An event is shown where its document lay then; the document itself, also as it was, where it lies now.
    pub(super) async fn shown(
        &self,
        actor: &Actor,
        places: &[Place<'_>],
        request: &DocflowEventsRequest,
        histories: &Histories,
    ) -> Result<Vec<DocflowEvent>, ReadingError> {
        let box_id = actor.box_id();
        let now = histories.found.iter().map(|(message, history)| (*message, Arc::clone(history.state())));
        let steps = places
            .iter()
            .flat_map(|place| place.steps(actor, request).into_iter().map(move |step| (place, step)));
        let steps: Vec<(&Place<'_>, EventMark)> =
            steps.filter_map(|(place, step)| Some((place, place.history.mark(step?)?))).collect();
        let events: Vec<(MessageId, EventId)> =
            steps.iter().map(|(place, mark)| (place.document().message_id, mark.id)).collect();
        let past = self.core.past_states(box_id, &now.collect(), &events, &histories.read).await?;
        let wanted = steps.into_iter().filter_map(|(place, mark)| {
            let document = place.document();
            let state = past.get(&(document.message_id, mark.id))?;
            Some((document, Arc::clone(state), Some(mark.at)))
        });
        let mut found = self.with_referrers(actor, wanted.collect()).await?.into_iter();
        let shown = places.iter().filter_map(|place| {
            let mark = place.history.mark(place.step)?;
            let [here, previous] = place.steps(actor, request);
            Some(DocflowEvent {
                event: mark.id,
                at: mark.at,
                document: place.document(),
                place: place.place,
                found: here.and_then(|_| found.next()),
                previous: previous.and_then(|step| Some((place.history.mark(step)?.id, found.next()?))),
            })
        });
        Ok(shown.collect())
    }
}

/// So many events, which were asked for at `path`.
pub(super) fn page_limit(path: &str, limit: i32) -> Result<usize, Invalid> {
    let found = usize::try_from(limit).ok().filter(|limit| (1..=limits::PAGE).contains(limit));
    found.ok_or_else(|| {
        Invalid::new(path, format!("{limit} is not possible; ask for 1 to {} events", limits::PAGE))
    })
}

/// What the actor may be shown of what is asked for.
fn filter_of(actor: &Actor, request: &DocflowEventsRequest) -> Result<FeedFilter, ReadingError> {
    let mut filter = request.filter.clone();
    filter.within = match (request.department, &actor.scope) {
        (None, _) => {
            actor.must_see_all()?;
            Scope::All
        }
        (Some(department), scope) => {
            // The method has no answer 404, also not for a department that does not exist.
            if !actor.organization.has_department(department) || !scope.sees_department(department) {
                return Err(ReadingError::DepartmentDenied(department));
            }
            let below = actor.organization.subtree(department);
            scope.narrowed_to(below.into_iter().filter(|department| scope.sees_department(*department)))
        }
    };
    filter.narrow_to(&actor.scope);
    Ok(filter)
}

/// One document of one event.
pub(super) struct Place<'h> {
    history: &'h History,
    step: usize,
    entity_id: EntityId,
    pub(super) place: DocflowEventPlace,
}

/// The matching documents of the event number `step`.
pub(super) fn places<'h>(
    history: &'h History,
    step: usize,
    key: IndexKey,
    filter: &FeedFilter,
) -> impl Iterator<Item = Place<'h>> {
    let concerned = history.concerned(step).iter().zip(0..);
    concerned.filter(|(document, _)| filter.accepts_document(document)).map(move |(document, ordinal)| {
        Place { history, step, entity_id: document.document, place: DocflowEventPlace { key, ordinal } }
    })
}

impl Place<'_> {
    fn document(&self) -> DocumentRef {
        DocumentRef { message_id: self.history.state().message_id, entity_id: self.entity_id }
    }

    /// The events after which the document is to be shown: this one, and the one before it that was about the document.
    fn steps(&self, actor: &Actor, request: &DocflowEventsRequest) -> [Option<usize>; 2] {
        if !actor.scope.sees_document(self.history.state(), self.entity_id) {
            return [None, None];
        }
        let previous = || self.history.previous(self.step, self.entity_id);
        [request.with_documents.then_some(self.step), request.with_previous.then(previous).flatten()]
    }
}
