//! `GetDocflowEvents`: the feed of a box, document by document, with states before and after.
//!
//! One event of the box that is about several documents is several events here. Which documents an event is about, and
//! what they were like, follows from replaying the message; the feed only says where to look.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use potok_domain::feed::concerned_documents;
use potok_domain::query::{DocflowEventPlace, DocflowEventsRequest, FeedFilter, FeedOrder};
use potok_domain::{DocumentRef, Event, MessageState};
use potok_store::{FeedQuery, Wanted};
use potok_types::access::OneDepartment;
use potok_types::{BoxId, EntityId, EventId, IndexKey, Invalid, MessageId, Ticks, limits};

use crate::core::states::states_after;
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
        let limit = usize::try_from(request.limit).ok().filter(|limit| (1..=limits::PAGE).contains(limit));
        let limit = limit.ok_or_else(|| {
            Invalid::new(
                "GetDocflowEventsRequest.Limit",
                format!("{} is not possible; ask for 1 to {} events", request.limit, limits::PAGE),
            )
        })?;
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
        let histories = self.histories(actor.box_id(), &messages).await?;
        let mut places = Vec::with_capacity(limit);
        let mut passed = 0;
        for event in &page.events {
            let Some(history) = histories.get(&event.message_id) else { continue };
            let Some(step) = history.step(event.event_id) else { continue };
            let mut here: Vec<Place<'_>> = history.places(step, event.key, &filter).collect();
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
            places.extend(here);
        }
        places.truncate(limit);
        let total = page.total.saturating_sub(passed);
        Ok(DocflowEventsAnswer {
            events: self.shown(actor, &places, &request).await?,
            total: total.min(limits::TOTAL_COUNT),
            is_exact: page.is_exact && total <= limits::TOTAL_COUNT,
        })
    }

    /// All events of the messages, with one reading of the store.
    async fn histories(
        &self,
        box_id: BoxId,
        messages: &[MessageId],
    ) -> Result<HashMap<MessageId, History>, ReadingError> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for &message_id in messages {
            let of_message = Wanted::all(message_id);
            if !wanted.contains(&of_message) {
                wanted.push(of_message);
            }
        }
        let tails = self.core.journal.messages(box_id, &wanted).await?;
        Ok(tails.into_iter().map(|tail| (tail.message_id, History::new(box_id, tail.events))).collect())
    }

    /// An event is shown where its document lay then; the document itself, also as it was, where it lies now.
    async fn shown(
        &self,
        actor: &Actor,
        places: &[Place<'_>],
        request: &DocflowEventsRequest,
    ) -> Result<Vec<DocflowEvent>, ReadingError> {
        let box_id = actor.box_id();
        let visible = self.seen_now(actor, places).await?;
        let with_document = |place: &Place<'_>| request.with_documents && visible.contains(&place.document());
        let previous_of = |place: &Place<'_>| {
            place.previous().filter(|_| request.with_previous && visible.contains(&place.document()))
        };
        let mut snapshots = Snapshots::default();
        for place in places {
            if with_document(place) {
                snapshots.want(place.history, place.step);
            }
            if let Some(previous) = previous_of(place) {
                snapshots.want(place.history, previous);
            }
        }
        snapshots.take();
        let mut wanted = Vec::new();
        for place in places {
            let document = place.document();
            let mut add = |step: usize| {
                if let Some(state) = snapshots.get(place.history, step) {
                    wanted.push((document, state, Some(place.history.events[step].at)));
                }
            };
            if with_document(place) {
                add(place.step);
            }
            if let Some(previous) = previous_of(place) {
                add(previous);
            }
        }
        let mut found = self.with_referrers(box_id, wanted).await?.into_iter();
        let shown = places.iter().map(|place| {
            let event = &place.history.events[place.step];
            let previous = previous_of(place);
            DocflowEvent {
                event: event.id,
                at: event.at,
                document: place.document(),
                place: place.place,
                found: if with_document(place) { found.next() } else { None },
                previous: previous.and_then(|step| Some((place.history.events[step].id, found.next()?))),
            }
        });
        Ok(shown.collect())
    }
}

impl Reading {
    /// Those of the documents that the actor sees, where they lie now.
    async fn seen_now(
        &self,
        actor: &Actor,
        places: &[Place<'_>],
    ) -> Result<BTreeSet<DocumentRef>, ReadingError> {
        let mut documents: BTreeSet<DocumentRef> = places.iter().map(Place::document).collect();
        if !actor.scope.sees_all() {
            let messages: Vec<MessageId> = documents.iter().map(|document| document.message_id).collect();
            let states = self.core.states(actor.box_id(), &messages).await?;
            documents.retain(|document| {
                let state = states.get(&document.message_id);
                state.is_some_and(|state| actor.scope.sees_document(state, document.entity_id))
            });
        }
        Ok(documents)
    }
}

/// What the actor may be shown of what is asked for.
fn filter_of(actor: &Actor, request: &DocflowEventsRequest) -> Result<FeedFilter, ReadingError> {
    let mut filter = request.filter.clone();
    filter.departments = match (request.department, &actor.scope) {
        (None, _) => {
            actor.must_see_all()?;
            None
        }
        (Some(department), scope) => {
            // The method has no answer 404, also not for a department that does not exist.
            if !actor.organization.has_department(department) || !scope.sees_department(department) {
                return Err(ReadingError::DepartmentDenied(department));
            }
            let below = actor.organization.subtree(department);
            Some(below.into_iter().filter(|department| scope.sees_department(*department)).collect())
        }
    };
    filter.narrow_to(&actor.scope);
    Ok(filter)
}

/// A message event by event.
struct History {
    box_id: BoxId,
    events: Vec<Event>,
    /// For each event, the documents that it is about.
    concerned: Vec<Vec<potok_domain::feed::ConcernedDocument>>,
}

impl History {
    fn new(box_id: BoxId, events: Vec<Event>) -> Self {
        let mut concerned = Vec::with_capacity(events.len());
        let mut state: Option<MessageState> = None;
        for event in &events {
            match &mut state {
                Some(state) => state.apply(event),
                None => state = MessageState::open(box_id, event),
            }
            concerned.push(state.as_ref().map(|state| concerned_documents(state, event)).unwrap_or_default());
        }
        Self { box_id, events, concerned }
    }

    /// The number of `event`.
    fn step(&self, event: EventId) -> Option<usize> {
        self.events.iter().position(|known| known.id == event)
    }

    /// The matching documents of one event.
    fn places(&self, step: usize, key: IndexKey, filter: &FeedFilter) -> impl Iterator<Item = Place<'_>> {
        let concerned = self.concerned[step].iter().zip(0..);
        concerned.filter(|(document, _)| filter.accepts_document(document)).map(move |(document, ordinal)| {
            let place = DocflowEventPlace { key, ordinal };
            Place { history: self, step, entity_id: document.document, place }
        })
    }
}

/// One document of one event.
struct Place<'h> {
    history: &'h History,
    step: usize,
    entity_id: EntityId,
    place: DocflowEventPlace,
}

impl Place<'_> {
    fn document(&self) -> DocumentRef {
        DocumentRef { message_id: self.history.events[self.step].message_id, entity_id: self.entity_id }
    }

    /// The event before this one that was about the document.
    fn previous(&self) -> Option<usize> {
        let is_about = |concerned: &Vec<potok_domain::feed::ConcernedDocument>| {
            concerned.iter().any(|document| document.document == self.entity_id)
        };
        self.history.concerned[..self.step].iter().rposition(is_about)
    }
}

/// The state after each wanted event of a message, once it is made.
type Steps = BTreeMap<usize, Option<Arc<MessageState>>>;

/// States of messages after some of their events, each made once.
#[derive(Default)]
struct Snapshots<'h> {
    wanted: BTreeMap<MessageId, (Option<&'h History>, Steps)>,
}

impl<'h> Snapshots<'h> {
    fn want(&mut self, history: &'h History, step: usize) {
        let (known, steps) = self.wanted.entry(history.events[step].message_id).or_default();
        *known = Some(history);
        steps.insert(step, None);
    }

    fn take(&mut self) {
        for (history, steps) in self.wanted.values_mut() {
            let Some(history) = history else { continue };
            let wanted: Vec<usize> = steps.keys().copied().collect();
            for (step, state) in states_after(history.box_id, &history.events, wanted) {
                steps.insert(step, Some(state));
            }
        }
    }

    fn get(&self, history: &History, step: usize) -> Option<Arc<MessageState>> {
        let (_, steps) = self.wanted.get(&history.events[step].message_id)?;
        steps.get(&step)?.clone()
    }
}
