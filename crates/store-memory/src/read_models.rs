//! Read models, compared with what should be kept.

use std::collections::BTreeSet;

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_domain::feed::ConcernedDocument;
use potok_store::{
    Compared, Derived, Difference, FeedEntry, KeptLink, KeyPart, ReadModels, RebuildPlace, StoreError, Stray,
    StrayKind, StreamId,
};
use potok_types::{BoxId, EventId, MessageId};

use crate::MemoryStore;
use crate::journal::BoxRecord;

/// What filters of the feed see of an entry.
fn seen(entry: &FeedEntry) -> impl PartialEq + use<> {
    let facts = |it: &ConcernedDocument| {
        (it.type_named_id.clone(), it.direction as i32, it.counteragent, it.department, it.asked.clone())
    };
    let mut documents: Vec<_> = entry.concerned.iter().map(facts).collect();
    documents.sort_unstable();
    (entry.at, entry.message_type, documents)
}

/// What differs; `None` when the message has other events.
fn differences(record: &BoxRecord, derived: &Derived) -> Option<Vec<Difference>> {
    let stream = StreamId::from(derived.message_id);
    let kept: Vec<_> = record.events.iter().filter(|kept| kept.stream == stream).collect();
    if !kept.iter().map(|kept| kept.id).eq(derived.events.iter().map(|event| event.id)) {
        return None;
    }
    let mut found = Vec::new();
    for (kept, expected) in kept.iter().zip(&derived.events) {
        found.extend((kept.ready != expected.ready).then_some(Difference::Ready(kept.id)));
        let is_in_place = kept.feed.as_ref().is_some_and(|entry| seen(entry) == seen(&expected.feed));
        found.extend((!is_in_place).then_some(Difference::Feed(kept.id)));
    }
    let rows = record.documents.values().filter(|row| row.document.message_id == derived.message_id);
    let strays = rows.filter(|row| derived.documents.iter().all(|it| it.document != row.document));
    found.extend(strays.map(|row| Difference::Document(row.document.entity_id)));
    for expected in &derived.documents {
        let is_kept = record.documents.get(&expected.document) == Some(expected);
        found.extend((!is_kept).then_some(Difference::Document(expected.document.entity_id)));
    }
    let missing = derived.links.iter().filter(|(referrer, base)| {
        // Nothing links to a message that was erased.
        let is_erased = |it: &DocumentRef| record.erased.contains(&it.message_id.into());
        !(record.links.contains(&(*base, *referrer)) || is_erased(base) || is_erased(referrer))
    });
    found.extend(missing.map(|(referrer, _)| Difference::Link(*referrer)));
    Some(found)
}

fn key(documents: &[DocumentRef]) -> Vec<KeyPart> {
    let ids = documents.iter().flat_map(|it| [*it.message_id.as_bytes(), *it.entity_id.as_bytes()]);
    ids.map(|id| KeyPart::Bytes(id.to_vec())).collect()
}

fn told(differences: Option<Vec<Difference>>) -> Compared {
    differences.map_or(Compared::Moved, Compared::Differences)
}

#[async_trait]
impl ReadModels for MemoryStore {
    async fn next_box(&self, after: Option<BoxId>) -> Result<Option<BoxId>, StoreError> {
        let state = self.state();
        let is_kept = |record: &BoxRecord| !(record.events.is_empty() && record.documents.is_empty());
        let mut with_events = state.boxes.iter().filter(|(_, record)| is_kept(record));
        Ok(with_events.find(|(box_id, _)| after.is_none_or(|after| **box_id > after)).map(|(id, _)| *id))
    }

    async fn messages_behind(
        &self,
        box_id: BoxId,
        after: Option<MessageId>,
        limit: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        let state = self.state();
        let events = state.boxes.get(&box_id).into_iter().flat_map(|record| &record.events);
        let mut messages: Vec<MessageId> = events.filter_map(|kept| kept.stream.message()).collect();
        messages.sort_unstable();
        messages.dedup();
        messages.retain(|message| after.is_none_or(|after| *message > after));
        messages.truncate(limit);
        Ok(messages)
    }

    async fn count_messages(&self) -> Result<u64, StoreError> {
        let state = self.state();
        let messages = state.boxes.values().flat_map(|record| &record.events);
        let firsts =
            messages.filter(|kept| kept.stream.message().is_some_and(|it| it.first_event() == kept.id));
        Ok(firsts.count() as u64)
    }

    async fn compare(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError> {
        let state = self.state();
        let record = state.boxes.get(&box_id);
        Ok(told(record.and_then(|record| differences(record, derived))))
    }

    async fn put_right(&self, box_id: BoxId, derived: &Derived) -> Result<Compared, StoreError> {
        let mut state = self.state();
        let Some(record) = state.boxes.get_mut(&box_id) else { return Ok(Compared::Moved) };
        let found = differences(record, derived);
        if found.is_some() {
            for expected in &derived.events {
                for kept in record.events.iter_mut().filter(|kept| kept.id == expected.id) {
                    kept.ready.clone_from(&expected.ready);
                }
            }
            record.documents.retain(|document, _| document.message_id != derived.message_id);
            record.documents.extend(derived.documents.iter().map(|row| (row.document, row.clone())));
            record.add_links(&derived.links);
        }
        Ok(told(found))
    }

    async fn compare_feed(&self, _: BoxId) -> Result<Vec<Difference>, StoreError> {
        // Nothing is added up here.
        Ok(Vec::new())
    }

    async fn put_feed_right(
        &self,
        box_id: BoxId,
        entries: &[(EventId, FeedEntry)],
    ) -> Result<Vec<Difference>, StoreError> {
        let mut state = self.state();
        let events = state.boxes.get_mut(&box_id).into_iter().flat_map(|record| &mut record.events);
        for kept in events.filter(|kept| kept.stream.message().is_some()) {
            if let Some((_, entry)) = entries.iter().find(|(event, _)| *event == kept.id) {
                kept.feed = Some(entry.clone());
            }
        }
        Ok(Vec::new())
    }

    async fn compare_counteragents(
        &self,
        box_id: BoxId,
        _: Option<BoxId>,
        is_put_right: bool,
    ) -> Result<(Vec<Difference>, Option<BoxId>), StoreError> {
        let mut state = self.state();
        let Some(record) = state.boxes.get_mut(&box_id) else { return Ok((Vec::new(), None)) };
        let expected = record.derived_counteragents();
        let differs = |other: &&BoxId| record.counteragents.get(other) != expected.get(other);
        let all: BTreeSet<&BoxId> = record.counteragents.keys().chain(expected.keys()).collect();
        let found = all.into_iter().filter(differs).map(|other| Difference::Counteragent(*other)).collect();
        if is_put_right {
            record.counteragents = expected;
        }
        Ok((found, None))
    }

    async fn strays(&self, box_id: Option<BoxId>) -> Result<Vec<Stray>, StoreError> {
        let state = self.state();
        let Some(record) = box_id.and_then(|box_id| state.boxes.get(&box_id)) else { return Ok(Vec::new()) };
        let messages: BTreeSet<_> = record.events.iter().filter_map(|kept| kept.stream.message()).collect();
        let alone = record.documents.keys().filter(|document| !messages.contains(&document.message_id));
        let stray = |document: &DocumentRef| Stray {
            kind: StrayKind::Document,
            is_orphan: true,
            key: key(&[*document]),
        };
        Ok(alone.map(stray).collect())
    }

    async fn links_behind(
        &self,
        box_id: BoxId,
        after: Option<&KeptLink>,
        limit: usize,
    ) -> Result<Vec<KeptLink>, StoreError> {
        let state = self.state();
        let links = state.boxes.get(&box_id).into_iter().flat_map(|record| &record.links);
        let kept = links.map(|(base, referrer)| KeptLink {
            link: Some((*referrer, *base)),
            key: key(&[*base, *referrer]),
        });
        let behind = kept.skip_while(|it| after.is_some_and(|after| after != it));
        Ok(behind.skip(usize::from(after.is_some())).take(limit).collect())
    }

    async fn remove_strays(&self, box_id: Option<BoxId>, strays: &[Stray]) -> Result<(), StoreError> {
        let mut state = self.state();
        let Some(record) = box_id.and_then(|box_id| state.boxes.get_mut(&box_id)) else { return Ok(()) };
        let is_stray = |documents: &[DocumentRef]| strays.iter().any(|stray| stray.key == key(documents));
        record.documents.retain(|document, _| !is_stray(&[*document]));
        record.links.retain(|(base, referrer)| !is_stray(&[*base, *referrer]));
        Ok(())
    }

    async fn rebuild_place(&self) -> Result<Option<RebuildPlace>, StoreError> {
        Ok(self.state().rebuild_place)
    }

    async fn put_rebuild_place(&self, place: Option<RebuildPlace>) -> Result<(), StoreError> {
        self.state().rebuild_place = place;
        Ok(())
    }
}
