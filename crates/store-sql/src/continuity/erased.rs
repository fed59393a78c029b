//! What was erased, held to the acts that say so.

use std::collections::BTreeMap;

use potok_domain::Revision;
use potok_domain::erasure::{ErasedMessage, Erasure, ErasureChange, ErasureEvent};
use potok_store::stored::decode_erasure_event;
use potok_store::{Erased, Gap, StreamId, StreamKind, Tombstone};
use potok_types::{BoxId, EventId, MessageId};
use uuid::Uuid;

use super::PAGE;
use crate::{ErasureStmt, Failure, JournalStmt, Sql, args};

/// The acts of a box, and what is gone otherwise than they say.
pub(super) async fn erased(sql: &mut impl Sql, box_id: BoxId) -> Result<Erased, Failure> {
    let mut erased = Erased::default();
    let mut named: BTreeMap<MessageId, ErasedMessage> = BTreeMap::new();
    for (id, events) in acts(sql, box_id).await? {
        for event in &events {
            let ErasureChange::Erased(messages) = &event.change else { continue };
            for message in messages {
                if named.insert(message.message_id, *message).is_some() {
                    erased.gaps.push(Gap::Erased(message.message_id.into()));
                }
            }
        }
        match Erasure::of(&events) {
            Some(act) => erased.acts.push(act),
            None => erased.gaps.push(Gap::Erased(StreamId::erasure(EventId::from_uuid(id)))),
        }
    }
    erased.acts.sort_by_key(|act| act.begun_at);
    hold(sql, box_id, named, &mut erased.gaps).await?;
    Ok(erased)
}

/// The events of each act, in their order.
async fn acts(sql: &mut impl Sql, box_id: BoxId) -> Result<BTreeMap<Uuid, Vec<ErasureEvent>>, Failure> {
    let mut acts: BTreeMap<Uuid, Vec<ErasureEvent>> = BTreeMap::new();
    let mut after = Some(i64::MIN);
    while let Some(key) = after {
        let args = args![box_id, StreamKind::ERASURE.number(), key, i64::MAX, PAGE];
        let rows = sql.rows(JournalStmt::OfKind, &args, |row| {
            Ok((row.get::<i64>(0)?, row.get::<Uuid>(1)?, decode_erasure_event(&row.get::<Vec<u8>>(2)?)?))
        });
        let rows = rows.await?;
        after = rows.last().map(|(key, ..)| *key).filter(|_| rows.len() == PAGE);
        rows.into_iter().for_each(|(_, act, event)| acts.entry(act).or_default().push(event));
    }
    Ok(acts)
}

/// Compares what is left of each message with what an act says of it.
async fn hold(
    sql: &mut impl Sql,
    box_id: BoxId,
    mut named: BTreeMap<MessageId, ErasedMessage>,
    gaps: &mut Vec<Gap>,
) -> Result<(), Failure> {
    let mut judge = |message: MessageId, left: &[Tombstone]| {
        let said = named.remove(&message);
        if said.map(|said| said.digest) != Some(Tombstone::digest(left)) {
            gaps.push(Gap::Erased(message.into()));
        }
    };
    let mut left: Vec<Tombstone> = Vec::new();
    let mut place = (MessageId::from_uuid(Uuid::nil()), 0_u32);
    loop {
        let args = args![box_id, place.0, place.1, PAGE];
        let rows = sql.rows(ErasureStmt::OfMessages, &args, |row| {
            let (message, revision): (MessageId, u32) = (row.get(0)?, row.get(1)?);
            let (event, key, stored) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((message, Tombstone { revision: Revision(revision), event, key, stored }))
        });
        let rows = rows.await?;
        let is_end = rows.len() < PAGE;
        for (message, tombstone) in rows {
            if message != place.0 && !left.is_empty() {
                judge(place.0, &left);
                left.clear();
            }
            place = (message, tombstone.revision.0);
            left.push(tombstone);
        }
        if is_end {
            break;
        }
    }
    if !left.is_empty() {
        judge(place.0, &left);
    }
    gaps.extend(named.into_keys().map(|message| Gap::Erased(message.into())));
    Ok(())
}
