//! What happens when an event of one box reaches another: the pure part of delivery.
//!
//! `source` is always the newest known state of the box whose event is delivered; entities after the event are ignored.

use std::collections::BTreeSet;

use potok_types::{ContentRef, EntityId, Entropy, EventId, Ticks};

use crate::directory::Organization;
use crate::{Change, DocumentRef, Event, MessageState, Origin, Patched, PowerOfAttorney};

/// What the check of a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which signature.
    pub signature: EntityId,
    /// It is good.
    pub is_valid: bool,
    /// Whether the signer needs a power of attorney.
    pub power_of_attorney: PowerOfAttorney,
}

/// What an event means to the box that it is delivered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It came before.
    Already {
        /// When.
        at: Ticks,
    },
    /// It adds this event.
    New(Event),
    /// What it hangs under was never delivered and by now cannot be (the sender's signature turned out bad meanwhile).
    /// There is nothing to deliver and nothing to report; it travels when the document is signed again.
    Nothing,
}

/// The bytes that tell why an event was not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureContents {
    /// UTF-8 text for people.
    pub notification: ContentRef,
    /// One report for each bad signature.
    pub reports: Vec<(EntityId, ContentRef)>,
}

/// The signatures whose check decides whether `event` is delivered.
pub fn signatures_to_check(source: &MessageState, event: &Event) -> Vec<EntityId> {
    let _ = (source, event);
    Vec::new()
}

/// What `event` of the box of `source` means to the box of `to`, whose state of the message is `target`.
///
/// `existing` are the documents of other messages that documents of the event link to, as far as the box of `to` has
/// them. `verdicts` are good, one for each of [`signatures_to_check`].
pub fn receive(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    target: Option<&MessageState>,
    to: &Organization,
    now: Ticks,
    existing: &BTreeSet<DocumentRef>,
) -> Receipt {
    let _ = (source, event, verdicts, target, to, now, existing);
    Receipt::Nothing
}

/// Pairs (document, its base) of documents of `event` that reach over messages.
pub fn links(event: &Event) -> Vec<(DocumentRef, DocumentRef)> {
    let _ = event;
    Vec::new()
}

/// The delivery patch: tells the box of `source` that its `event` arrived at `arrived_at`.
pub fn delivered(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    arrived_at: Ticks,
    now: Ticks,
    patch_id: EventId,
) -> Event {
    let _ = (source, verdicts, arrived_at);
    patch(event, now, patch_id)
}

/// The failure patch: tells the box of `source` that its `event` will not arrive, and why.
pub fn not_delivered(
    source: &MessageState,
    event: &Event,
    verdicts: &[Verdict],
    failure: FailureContents,
    now: Ticks,
    patch_id: EventId,
    entropy: &dyn Entropy,
) -> Event {
    let _ = (source, verdicts, failure, entropy);
    patch(event, now, patch_id)
}

fn patch(event: &Event, now: Ticks, id: EventId) -> Event {
    let patched =
        Patched { origin: Origin::Operator, entities: Vec::new(), checks: Vec::new(), report: None };
    Event { id, message_id: event.message_id, at: now, change: Change::Patched(Box::new(patched)) }
}
