//! The journal of each box, and what is written beside its events.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::rows::DocumentRow;
use potok_domain::{DocumentRef, Revision};
use potok_store::{
    Append, AppendError, Appended, AppendedStream, CounteragentRow, EventPlace, FeedEntry, Journal, NewEvent,
    Operation, SmallContent, StoreError, StreamAppend, StreamId, StreamKind, TokensOf, Wanted,
};
use potok_types::{BoxId, ContentHash, EventId, IndexKey};
use uuid::Uuid;

use crate::{MemoryStore, State, refused};

const APPEND: &str = "append events";

/// Everything of one box.
#[derive(Default)]
pub(crate) struct BoxRecord {
    /// In the order of the journal, which is that of their keys.
    pub(crate) events: Vec<Kept>,
    /// The newest row of each document.
    pub(crate) documents: BTreeMap<DocumentRef, DocumentRow>,
    pub(crate) operations: BTreeMap<(&'static str, String), EventPlace>,
    /// Pairs (base, referrer), oldest first.
    pub(crate) links: Vec<(DocumentRef, DocumentRef)>,
    pub(crate) contents: BTreeMap<ContentHash, Bytes>,
    /// The boxes of the list.
    pub(crate) counteragents: BTreeMap<BoxId, CounteragentRow>,
    /// Messages that were erased.
    pub(crate) erased: BTreeSet<StreamId>,
    /// Contents that they named, to be looked at.
    pub(crate) erased_contents: BTreeSet<ContentHash>,
}

/// One event.
pub(crate) struct Kept {
    pub(crate) key: IndexKey,
    pub(crate) stream: StreamId,
    pub(crate) revision: Revision,
    pub(crate) id: EventId,
    pub(crate) stored: Bytes,
    pub(crate) ready: Bytes,
    pub(crate) feed: Option<FeedEntry>,
}

impl BoxRecord {
    pub(crate) fn stream(&self, stream: StreamId) -> impl Iterator<Item = &Kept> {
        self.events.iter().filter(move |kept| kept.stream == stream)
    }

    fn stream_ids(&self, kind: StreamKind) -> impl Iterator<Item = Uuid> {
        self.events
            .iter()
            .map(|kept| kept.stream)
            .filter(move |stream| stream.kind == kind)
            .map(|stream| stream.id)
    }

    fn revision(&self, stream: StreamId) -> Revision {
        Revision(self.stream(stream).count() as u32)
    }

    /// No event has the id of another one.
    fn check_ids(&self, append: &Append) -> Result<(), StoreError> {
        let mut ids: BTreeSet<EventId> = self.events.iter().map(|kept| kept.id).collect();
        let mut events = append.streams.iter().flat_map(|of_stream| &of_stream.events);
        match events.find(|event| !ids.insert(event.id)) {
            Some(taken) => Err(refused(APPEND, format!("there is an event {} already", taken.id))),
            None => Ok(()),
        }
    }

    fn insert(&mut self, append: StreamAppend, now: potok_types::Ticks) -> AppendedStream {
        let mut revision = append.expected;
        let mut keys = Vec::new();
        for new in append.events {
            revision.0 += 1;
            let key = IndexKey::next(self.events.last().map(|kept| kept.key), now);
            let NewEvent { stream, id, stored, ready, feed, .. } = new;
            self.events.push(Kept { key, stream, revision, id, stored, ready, feed });
            keys.push(key);
        }
        if let (Some(row), Some(other)) = (append.counteragent, append.stream.counteragent()) {
            match row.status {
                Some(_) => self.counteragents.insert(other, row),
                None => self.counteragents.remove(&other),
            };
        }
        self.documents.extend(append.documents.into_iter().map(|row| (row.document, row)));
        for content in append.contents {
            self.contents.entry(content.hash).or_insert(content.bytes);
        }
        self.add_links(&append.links);
        AppendedStream { revision, keys }
    }

    /// Adds pairs (document, its base), each once.
    pub(crate) fn add_links(&mut self, links: &[(DocumentRef, DocumentRef)]) {
        for (referrer, base) in links {
            if !self.links.contains(&(*base, *referrer)) {
                self.links.push((*base, *referrer));
            }
        }
    }
}

/// Each stream is named once, and each event stands in the stream and at the place that it was made for.
fn check_places(append: &Append) -> Result<(), StoreError> {
    let mut named = BTreeSet::new();
    for of_stream in &append.streams {
        let stream = of_stream.stream;
        if !named.insert(stream) {
            return Err(refused(APPEND, format!("the {stream} is named twice")));
        }
        if stream.kind != StreamKind::DIRECTORY && !of_stream.directory.is_empty() {
            return Err(refused(APPEND, format!("rows of the directory with the {stream}")));
        }
        if of_stream.expected.0 == 0 && of_stream.events.is_empty() && !of_stream.documents.is_empty() {
            return Err(refused(APPEND, format!("rows of the {stream}, which has no events")));
        }
        let is_misplaced = of_stream.events.is_empty() || stream.counteragent().is_none();
        if of_stream.counteragent.is_some() && is_misplaced {
            return Err(refused(APPEND, format!("the {stream} has no place in the list of counteragents")));
        }
        for (nth, event) in of_stream.events.iter().enumerate() {
            let is_first = of_stream.expected.0 == 0 && nth == 0;
            let is_named = stream.message().is_none_or(|it| is_first == (event.id == it.first_event()));
            if event.stream != stream || !is_named {
                return Err(refused(APPEND, format!("event {} cannot stand at {nth} of {stream}", event.id)));
            }
        }
    }
    Ok(())
}

pub(crate) fn append(
    state: &mut State,
    it: Append,
    now: potok_types::Ticks,
) -> Result<Appended, AppendError> {
    check_places(&it)?;
    let record = state.boxes.entry(it.box_id).or_default();
    if let Some(new) = &it.operation
        && let Some(made) = record.operations.get(&(new.operation.method, new.operation.id.clone()))
    {
        return Err(AppendError::Repeated(*made));
    }
    if let Some(lease) = it.settles
        && !(lease.box_id == it.box_id && state.outbox.is_held(lease))
    {
        return Err(AppendError::LeaseLost);
    }
    for of_stream in &it.streams {
        if record.erased.contains(&of_stream.stream) {
            return Err(AppendError::Erased(of_stream.stream));
        }
        let found = record.revision(of_stream.stream);
        if found != of_stream.expected {
            return Err(AppendError::Stale { stream: of_stream.stream, found });
        }
    }
    for of_stream in &it.streams {
        if let Some(login) = state.directory.taken_login(&of_stream.directory) {
            return Err(AppendError::LoginTaken(login));
        }
        if let Some(login) = state.login.taken_certificate(&of_stream.directory) {
            return Err(AppendError::LoginTaken(login));
        }
        if state.directory.is_taken(&of_stream.directory) {
            return Err(refused(APPEND, "another organization has its box or participant id").into());
        }
    }
    record.check_ids(&it)?;
    let mut streams = Vec::new();
    for mut of_stream in it.streams {
        state.login.add_certificates(&of_stream.directory);
        for user in state.directory.put(it.box_id, std::mem::take(&mut of_stream.directory)) {
            state.sign_in.forget(&TokensOf::User(user));
            state.login.revoke(&TokensOf::User(user));
        }
        let mut revision = of_stream.expected;
        for event in &of_stream.events {
            revision.0 += 1;
            for to in &event.deliver_to {
                state.outbox.plan(it.box_id, event, revision, *to);
            }
        }
        streams.push(record.insert(of_stream, now));
    }
    if let Some(new) = it.operation {
        record.operations.insert((new.operation.method, new.operation.id), new.made);
    }
    if let Some(lease) = it.settles {
        state.outbox.settle(lease);
    }
    Ok(Appended { streams })
}

#[async_trait]
impl Journal for MemoryStore {
    async fn append(&self, it: Append) -> Result<Appended, AppendError> {
        append(&mut self.state(), it, self.clock.now())
    }

    async fn streams(&self, box_id: BoxId, wanted: &[Wanted]) -> Result<Vec<Option<Vec<Bytes>>>, StoreError> {
        let state = self.state();
        let Some(record) = state.boxes.get(&box_id) else { return Ok(vec![None; wanted.len()]) };
        let found = wanted.iter().map(|wanted| {
            // The last known event shows that the stream is there.
            let mut met = record
                .stream(wanted.stream)
                .filter(|kept| wanted.after <= kept.revision && kept.revision <= wanted.up_to)
                .peekable();
            met.peek()?;
            Some(met.filter(|kept| kept.revision > wanted.after).map(|kept| kept.stored.clone()).collect())
        });
        Ok(found.collect())
    }

    async fn revision(&self, box_id: BoxId, stream: StreamId) -> Result<Revision, StoreError> {
        let state = self.state();
        Ok(state.boxes.get(&box_id).map_or(Revision(0), |record| record.revision(stream)))
    }

    async fn stream_ids(
        &self,
        box_id: BoxId,
        kind: StreamKind,
        after: Uuid,
        limit: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        let state = self.state();
        let Some(record) = state.boxes.get(&box_id) else { return Ok(Vec::new()) };
        let found: BTreeSet<Uuid> = record.stream_ids(kind).filter(|id| *id > after).collect();
        Ok(found.into_iter().take(limit).collect())
    }

    async fn operation(
        &self,
        box_id: BoxId,
        operation: &Operation,
    ) -> Result<Option<EventPlace>, StoreError> {
        let state = self.state();
        let record = state.boxes.get(&box_id);
        let key = (operation.method, operation.id.clone());
        Ok(record.and_then(|record| record.operations.get(&key).copied()))
    }

    async fn referrers(
        &self,
        box_id: BoxId,
        bases: &[DocumentRef],
    ) -> Result<Vec<(DocumentRef, DocumentRef)>, StoreError> {
        let state = self.state();
        let links = state.boxes.get(&box_id).map_or(&[][..], |record| &record.links);
        Ok(links.iter().filter(|(base, _)| bases.contains(base)).copied().collect())
    }

    async fn small_contents(
        &self,
        box_id: BoxId,
        hashes: &[ContentHash],
    ) -> Result<Vec<SmallContent>, StoreError> {
        let state = self.state();
        let Some(record) = state.boxes.get(&box_id) else { return Ok(Vec::new()) };
        let found = record.contents.iter().filter(|(hash, _)| hashes.contains(hash));
        Ok(found.map(|(hash, bytes)| SmallContent { hash: *hash, bytes: bytes.clone() }).collect())
    }
}
