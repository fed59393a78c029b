//! `GetPartnerEvents`: what happened to the documents of all boxes of a user, in one list.
//!
//! The feeds of the boxes are merged by the time of their events. How far each box was read the program carries, box by box:
//! within a box no event comes to stand before one that was seen, between boxes that is not so.

use std::collections::{BTreeSet, VecDeque};

use potok_domain::query::{
    DocflowEventPlace, DocflowEventsRequest, FeedFilter, FeedOrder, PartnerEventsRequest, PartnerPlaces,
};
use potok_store::{FeedEvent, FeedQuery};
use potok_types::access::Partner;
use potok_types::{BoxId, IndexKey, Invalid, MessageId, limits};

use super::docflow_events::{Place, page_limit, places};
use crate::core::histories::Histories;
use crate::{Actor, DocflowEvent, Permit, Reading, ReadingError};

/// Events that are read of a box together.
const PIECE: usize = 16;
/// Behind all documents of an event.
const BEHIND: u32 = u32::MAX;

/// A page.
#[derive(Clone, Debug)]
pub struct PartnerEventsAnswer {
    /// The oldest event first, as far as it was there when its box was read.
    pub events: Vec<DocflowEvent>,
    /// How far the boxes were read; `None` when there was nothing to read.
    pub places: Option<PartnerPlaces>,
}

impl Reading {
    /// A page of the events of all boxes that let the user in, as far as the user sees their documents.
    ///
    /// # Errors
    /// `CoreError::Invalid` when `limit` is not 1…100, or the user works in more boxes than are read at once.
    pub async fn partner_events(
        &self,
        user: &Permit<Partner>,
        request: PartnerEventsRequest,
    ) -> Result<PartnerEventsAnswer, ReadingError> {
        let limit = page_limit("GetPartnerEventsRequest.Limit", request.limit)?;
        if user.actors.len() > limits::PARTNER_BOXES {
            let reason = format!(
                "the user works in {} boxes, and {} are read at once: share them among several users",
                user.actors.len(),
                limits::PARTNER_BOXES
            );
            return Err(Invalid::new("GetPartnerEventsRequest", reason).into());
        }
        let mut sources: Vec<Source<'_>> =
            user.actors.iter().map(|actor| Source::new(actor, &request)).collect();
        let next = self.next_events(&mut sources, limit).await?;
        let mut histories = Vec::with_capacity(sources.len());
        for (nth, source) in sources.iter().enumerate() {
            let of_box = next.iter().filter(|(of, _)| *of == nth);
            let messages: Vec<MessageId> = of_box.map(|(_, event)| event.message_id).collect();
            histories.push(match messages.is_empty() {
                true => Histories::default(),
                false => self.core.histories(source.actor.box_id(), &messages).await?,
            });
        }
        let page = Page::of(&sources, &next, &histories, &request.after, limit);
        let mut shown: Vec<VecDeque<DocflowEvent>> = Vec::with_capacity(sources.len());
        let wanted = wanted(&request);
        for ((source, histories), places) in sources.iter().zip(&histories).zip(&page.by_source) {
            shown.push(match places.is_empty() {
                true => VecDeque::new(),
                false => self.shown(source.actor, places, &wanted, histories).await?.into(),
            });
        }
        let events = page.order.iter().filter_map(|source| shown[*source].pop_front()).collect();
        Ok(PartnerEventsAnswer { events, places: (!next.is_empty()).then_some(page.after) })
    }

    /// The next events of all boxes, each with the number of its source.
    async fn next_events(
        &self,
        sources: &mut [Source<'_>],
        limit: usize,
    ) -> Result<Vec<(usize, FeedEvent)>, ReadingError> {
        let mut next = Vec::with_capacity(limit);
        while next.len() < limit {
            for source in sources.iter_mut().filter(|source| source.must_read()) {
                let page = self.core.readings.page_by_documents(source.question()).await?;
                source.take(page.events);
            }
            let fronts = sources.iter().enumerate();
            let fronts = fronts.filter_map(|(nth, source)| Some((source.events.front()?.key, nth)));
            let Some((_, nth)) = fronts.min() else { break };
            next.extend(sources[nth].events.pop_front().map(|event| (nth, event)));
        }
        Ok(next)
    }
}

/// The documents are always wanted.
fn wanted(request: &PartnerEventsRequest) -> DocflowEventsRequest {
    DocflowEventsRequest {
        after: None,
        order: FeedOrder::Ascending,
        limit: request.limit,
        filter: request.filter.clone(),
        department: None,
        with_documents: true,
        with_previous: request.with_previous,
    }
}

/// The feed of one box.
struct Source<'a> {
    actor: &'a Actor,
    filter: FeedFilter,
    /// What was read up to here is in `events`, or was.
    after: Option<IndexKey>,
    events: VecDeque<FeedEvent>,
    is_at_end: bool,
}

impl<'a> Source<'a> {
    fn new(actor: &'a Actor, request: &PartnerEventsRequest) -> Self {
        let mut filter = request.filter.clone();
        filter.within = actor.scope.clone();
        filter.narrow_to(&actor.scope);
        // An event of which some documents were told is read again.
        let after = request.after.of(actor.box_id()).map(|place| match place.ordinal {
            BEHIND => place.key,
            _ => IndexKey::new(place.key.get().saturating_sub(1)),
        });
        Self { actor, filter, after, events: VecDeque::new(), is_at_end: false }
    }

    fn must_read(&self) -> bool {
        self.events.is_empty() && !self.is_at_end
    }

    fn question(&self) -> FeedQuery {
        FeedQuery {
            box_id: self.actor.box_id(),
            after: self.after,
            order: FeedOrder::Ascending,
            limit: PIECE,
            filter: self.filter.clone(),
            count_up_to: 0,
        }
    }

    fn take(&mut self, events: Vec<FeedEvent>) {
        self.is_at_end = events.is_empty();
        self.after = events.last().map_or(self.after, |event| Some(event.key));
        self.events = events.into();
    }
}

/// What is told of the next events.
struct Page<'h> {
    /// The documents of each source.
    by_source: Vec<Vec<Place<'h>>>,
    /// Of which source each document of the page is.
    order: Vec<usize>,
    /// How far the boxes are read then.
    after: PartnerPlaces,
}

impl<'h> Page<'h> {
    fn of(
        sources: &[Source<'_>],
        next: &[(usize, FeedEvent)],
        histories: &'h [Histories],
        before: &PartnerPlaces,
        limit: usize,
    ) -> Self {
        let by_source = sources.iter().map(|_| Vec::new()).collect();
        let mut page = Self { by_source, order: Vec::new(), after: before.clone() };
        for (nth, event) in next {
            let room = limit - page.order.len();
            if room == 0 {
                break;
            }
            let source = &sources[*nth];
            let box_id = source.actor.box_id();
            let told = page.after.of(box_id);
            let mut here: Vec<Place<'h>> = of_event(&histories[*nth], event, &source.filter)
                .filter(|place| told.is_none_or(|told| place.place > told))
                .collect();
            let is_whole = here.len() <= room;
            here.truncate(room);
            let last = here.last().map(|place| place.place).filter(|_| !is_whole);
            page.after.note(box_id, last.unwrap_or(DocflowEventPlace { key: event.key, ordinal: BEHIND }));
            page.order.extend(here.iter().map(|_| *nth));
            page.by_source[*nth].extend(here);
        }
        // A box that is shut for a while is not told from its beginning when it is open again, as long as there is room.
        if page.after.len() > limits::PARTNER_BOXES {
            let open: BTreeSet<BoxId> = sources.iter().map(|source| source.actor.box_id()).collect();
            page.after.retain(&open);
        }
        page
    }
}

/// The matching documents of the event.
fn of_event<'h>(
    histories: &'h Histories,
    event: &FeedEvent,
    filter: &FeedFilter,
) -> impl Iterator<Item = Place<'h>> {
    let history = histories.found.get(&event.message_id);
    let found = history.and_then(|history| Some((history, history.step(event.event_id)?)));
    let key = event.key;
    found.into_iter().flat_map(move |(history, step)| places(history, step, key, filter))
}
