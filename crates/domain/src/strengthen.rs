//! Time stamps on signatures: the sender's box keeps the strengthened copy beside the original, the other box gets it in
//! the place of the original.

use potok_types::{ContentRef, EntityId};

use crate::{Body, Change, Check, Entity, Event, MessageState, Verdict};

/// A signature that got a time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strengthened {
    /// The signature as it was posted.
    pub original: EntityId,
    /// The copy with the time stamp.
    pub id: EntityId,
    /// Its bytes.
    pub content: ContentRef,
}

/// The delivery patch `event` of the box of `source` with the copies at its beginning, each under its original and with
/// what its verdict says.
pub fn beside_originals(
    mut event: Event,
    source: &MessageState,
    verdicts: &[Verdict],
    made: &[Strengthened],
) -> Event {
    let at = event.at;
    let copies = made.iter().filter_map(|copy| {
        let original = &source.entity(copy.original)?.entity;
        let mut signature = original.signature()?.clone();
        signature.check = Check::Valid;
        if let Some(verdict) = verdicts.iter().find(|verdict| verdict.signature == copy.original) {
            signature.power_of_attorney = verdict.power_of_attorney;
        }
        Some(Entity {
            id: copy.id,
            parent: Some(copy.original),
            created_at: at,
            content: Some(copy.content),
            body: Body::Signature(signature),
            ..original.clone()
        })
    });
    let copies: Vec<Entity> = copies.collect();
    entities(&mut event).splice(0..0, copies);
    event
}

/// The event that arrives in the other box, with the copies in the place of the originals.
pub fn in_place_of_originals(mut event: Event, made: &[Strengthened]) -> Event {
    for entity in entities(&mut event) {
        if let Some(copy) = made.iter().find(|copy| copy.original == entity.id) {
            entity.content = Some(copy.content);
        }
    }
    event
}

fn entities(event: &mut Event) -> &mut Vec<Entity> {
    match &mut event.change {
        Change::Posted(posted) => &mut posted.entities,
        Change::Patched(patched) => &mut patched.entities,
    }
}
