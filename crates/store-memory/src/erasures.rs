//! Messages that are erased: here nothing is left of them but their ids, for there is no chain to be held to.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use potok_domain::Revision;
use potok_domain::erasure::{ErasedMessage, ErasureChange, ErasureEvent};
use potok_store::stored::{StoredFormError, decode_event};
use potok_store::{
    Append, AppendError, Erasable, ErasureStep, Erasures, NewEvent, SettledContents, StoreError,
    StreamAppend, StreamId, Tombstone,
};
use potok_types::{BoxId, ContentHash, IndexKey, MessageId, Ticks};

use crate::journal::{BoxRecord, Kept, append};
use crate::{MemoryStore, State, refused};

/// Writes the next event of an act.
fn tell(state: &mut State, step: &ErasureStep, change: ErasureChange, now: Ticks) -> Result<(), AppendError> {
    let stream = step.stream();
    let event = ErasureEvent { id: step.event, at: step.at, change };
    let of_act = StreamAppend::new(stream, step.expected, vec![NewEvent::of_erasure(stream, &event)]);
    append(state, Append::new(step.box_id, vec![of_act]), now).map(drop)
}

fn named<'a>(events: impl Iterator<Item = &'a Kept>) -> Result<BTreeSet<ContentHash>, StoreError> {
    let messages = events.filter(|kept| kept.stream.message().is_some());
    let named: Result<Vec<_>, StoredFormError> = messages.map(|kept| decode_event(&kept.stored)).collect();
    let named = named.map_err(|error| refused("read what events name", error))?;
    Ok(named.iter().flat_map(|event| event.contents()).map(|content| content.hash).collect())
}

/// What an act says of a message.
fn said(record: &BoxRecord, message_id: MessageId) -> Option<ErasedMessage> {
    let left = record.stream(message_id.into()).map(|kept| Tombstone {
        revision: kept.revision,
        event: kept.id,
        key: kept.key,
        stored: ContentHash::of(&kept.stored),
    });
    let left: Vec<Tombstone> = left.collect();
    let (events, digest) = (u32::try_from(left.len()).ok()?, Tombstone::digest(&left));
    Some(ErasedMessage { message_id, events, last: left.last()?.key, digest })
}

#[async_trait]
impl Erasures for MemoryStore {
    async fn erasable(
        &self,
        box_id: BoxId,
        after: IndexKey,
        before: Ticks,
        limit: usize,
    ) -> Result<Vec<Erasable>, StoreError> {
        let state = self.state();
        let mut last_of: BTreeMap<MessageId, &Kept> = BTreeMap::new();
        for kept in state.boxes.get(&box_id).into_iter().flat_map(|record| &record.events) {
            last_of.extend(kept.stream.message().map(|message| (message, kept)));
        }
        let mut found: Vec<Erasable> = last_of
            .into_iter()
            .filter(|(_, last)| last.key > after && last.key.get() < before.get())
            .map(|(message_id, last)| Erasable {
                message_id,
                revision: last.revision,
                last: last.key,
                is_to_be_delivered: state.outbox.has(box_id, last.stream),
            })
            .collect();
        found.sort_unstable_by_key(|it| it.last);
        found.truncate(limit);
        Ok(found)
    }

    async fn erase(
        &self,
        step: ErasureStep,
        messages: &[(MessageId, Revision)],
    ) -> Result<Vec<ErasedMessage>, AppendError> {
        let mut state = self.state();
        let box_id = step.box_id;
        let Some(record) = state.boxes.get(&box_id) else { return Ok(Vec::new()) };
        let mut erased: Vec<ErasedMessage> = Vec::new();
        for (message_id, expected) in messages {
            let is_held = state.outbox.has(box_id, (*message_id).into());
            erased.extend(said(record, *message_id).filter(|it| it.events == expected.0 && !is_held));
        }
        if erased.is_empty() {
            return Ok(erased);
        }
        tell(&mut state, &step, ErasureChange::Erased(erased.clone()), self.clock.now())?;
        let record = state.boxes.entry(box_id).or_default();
        let gone: BTreeSet<StreamId> = erased.iter().map(|it| it.message_id.into()).collect();
        let is_gone = |kept: &&Kept| gone.contains(&kept.stream);
        let contents = named(record.events.iter().filter(is_gone))?;
        record.erased_contents.extend(contents);
        record.events.retain(|kept| !gone.contains(&kept.stream));
        record.documents.retain(|document, _| !gone.contains(&document.message_id.into()));
        record.erased.extend(gone);
        Ok(erased)
    }

    async fn settle_contents(&self, box_id: BoxId, limit: usize) -> Result<SettledContents, StoreError> {
        let mut state = self.state();
        let Some(record) = state.boxes.get_mut(&box_id) else { return Ok(SettledContents::default()) };
        let named = named(record.events.iter())?;
        let noted: Vec<ContentHash> = record.erased_contents.iter().take(limit).copied().collect();
        let mut settled = SettledContents { seen: noted.len() as u64, ..SettledContents::default() };
        for hash in noted {
            record.erased_contents.remove(&hash);
            if named.contains(&hash) {
                continue;
            }
            match record.contents.remove(&hash) {
                Some(_) => settled.small += 1,
                None => settled.large.push(hash),
            }
        }
        Ok(settled)
    }

    async fn end_erasure(&self, step: ErasureStep, contents: u64) -> Result<(), AppendError> {
        let mut state = self.state();
        tell(&mut state, &step, ErasureChange::Ended { contents }, self.clock.now())?;
        let record = state.boxes.entry(step.box_id).or_default();
        let erased = record.erased.clone();
        let is_gone = |message: MessageId| erased.contains(&message.into());
        record.links.retain(|(base, referrer)| !is_gone(base.message_id) && !is_gone(referrer.message_id));
        record.operations.retain(|_, made| !erased.contains(&made.stream));
        Ok(())
    }
}
