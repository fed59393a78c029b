//! Erasing messages that a box has kept for as long as it has to.
//!
//! The act is written down first, as a stream of its own, and then worked off in steps, each of which is one transaction: messages
//! go, and the next event of the act names them. What was broken off goes on where its events end. Read models go with
//! the messages; contents follow when all messages are gone, as it is only known then that nothing else names them. The bytes of large
//! ones are taken away by the sweep of a server, which knows what was put lately.

use potok_domain::erasure::{Erasure, ErasureChange, ErasureEvent, ErasureOrder, Held, held};
use potok_domain::{MessageState, Revision};
use potok_store::{
    Append, AppendError, Erasable, ErasureStep, NewEvent, StoreError, StreamAppend, StreamId, Wanted,
};
use potok_types::{BoxId, EventId, IndexKey, MessageId, Ticks};

use super::{Admin, AdminError, invalid};
use crate::core::CoreError;

/// Messages that are looked at and erased together.
const PAGE: usize = 64;
/// Contents that are looked up together: the journal of the box is read once for them.
const CONTENTS: usize = 100_000;
/// Longest texts of an order, in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 500;

/// What an act would come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// Messages that would go.
    pub messages: u64,
    /// Their events.
    pub events: u64,
    /// The key of the last of those.
    pub up_to: Option<IndexKey>,
    /// Messages in which somebody has yet to act, and drafts and templates that nobody has thrown away.
    pub unfinished: u64,
    /// Messages that stay until their events are delivered.
    pub undelivered: u64,
    /// Messages that stay because another box reads a document of them here.
    pub forwarded: u64,
}

/// Hears how far an act is.
pub trait ErasureWatcher: Send + Sync {
    /// So many messages are gone.
    fn advanced(&self, messages: u64);
}

/// Some old messages, and which of them go.
struct Page {
    /// Behind which key to go on.
    last: IndexKey,
    going: Vec<(MessageId, Revision)>,
    foreseen: Foreseen,
}

impl Admin {
    /// What erasing the messages of the box that have no event of `before` or later would come to. Nothing is written.
    ///
    /// # Errors
    /// [`AdminError::NoBox`]; a time to come is refused; [`CoreError::Store`].
    pub async fn foresee_erasure(
        &self,
        box_id: BoxId,
        before: Ticks,
        with_unfinished: bool,
    ) -> Result<Foreseen, AdminError> {
        self.check_time(box_id, before).await?;
        let (mut sum, mut after) = (Foreseen::default(), IndexKey::new(0));
        while let Some(Page { last, foreseen, .. }) =
            self.old_messages(box_id, after, before, with_unfinished).await?
        {
            after = last;
            sum = Foreseen {
                messages: sum.messages + foreseen.messages,
                events: sum.events + foreseen.events,
                up_to: sum.up_to.max(foreseen.up_to),
                unfinished: sum.unfinished + foreseen.unfinished,
                undelivered: sum.undelivered + foreseen.undelivered,
                forwarded: sum.forwarded + foreseen.forwarded,
            };
        }
        Ok(sum)
    }

    /// Writes down that messages of the box are to be erased; [`Self::work_off_erasure`] does it. The act that is begun.
    ///
    /// # Errors
    /// [`AdminError::NoBox`]; a time to come, an order without a name or a reason, or an act of the box that is not ended
    /// are refused; [`CoreError::Store`]. Nothing was written then.
    pub async fn begin_erasure(&self, box_id: BoxId, order: ErasureOrder) -> Result<Erasure, AdminError> {
        self.check_time(box_id, order.before).await?;
        check_text("by", &order.by, LONGEST_NAME)?;
        check_text("reason", &order.reason, LONGEST_REASON)?;
        if let Some(act) = self.open_erasure(box_id).await? {
            let id = act.id;
            let reason = format!(
                "the act {id} of box {box_id} is not ended: end it with `potok admin box erase {box_id} --resume`"
            );
            return Err(invalid("box", reason));
        }
        let id = EventId::from_uuid(self.core.entropy.uuid());
        let stream = StreamId::erasure(id);
        let at = self.core.clock.now();
        let event = ErasureEvent { id, at, change: ErasureChange::Begun(order.clone()) };
        let begun = StreamAppend::new(stream, Revision(0), vec![NewEvent::of_erasure(stream, &event)]);
        let appended = self.core.journal.append(Append::new(box_id, vec![begun])).await;
        appended.map_err(|error| failed(box_id, error))?;
        Ok(Erasure::begun(id, at, order))
    }

    /// The act of the box that is not ended yet, if there is one.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn open_erasure(&self, box_id: BoxId) -> Result<Option<Erasure>, AdminError> {
        Ok(self.erasures(box_id).await?.into_iter().find(|act| act.ended.is_none()))
    }

    /// The acts of the box, oldest first.
    ///
    /// # Errors
    /// [`CoreError::Store`], also when an event of one is damaged or a newer program wrote it.
    pub async fn erasures(&self, box_id: BoxId) -> Result<Vec<Erasure>, AdminError> {
        Ok(self.core.journal.erasures(box_id).await?)
    }

    /// Does what is left of an act, to its end. It may be called again after it was broken off, by several at once too. The act as
    /// it is then.
    ///
    /// # Errors
    /// The box has no such act; [`CoreError::Store`], [`CoreError::Content`]: what was done so far stays done.
    pub async fn work_off_erasure(
        &self,
        box_id: BoxId,
        act: EventId,
        watcher: &dyn ErasureWatcher,
    ) -> Result<Erasure, AdminError> {
        let mut contents = 0;
        loop {
            let known = self.core.journal.erasure(box_id, act).await?;
            let known = known.ok_or_else(|| invalid("act", format!("box {box_id} has no act {act}")))?;
            if known.ended.is_some() {
                return Ok(known);
            }
            match self.work_off(box_id, &known, &mut contents, watcher).await {
                // Somebody else went on with it: it is looked at again.
                Ok(()) | Err(AppendError::Stale { .. }) => {}
                Err(error) => return Err(failed(box_id, error)),
            }
        }
    }

    async fn work_off(
        &self,
        box_id: BoxId,
        act: &Erasure,
        contents: &mut u64,
        watcher: &dyn ErasureWatcher,
    ) -> Result<(), AppendError> {
        let order = &act.order;
        let (mut expected, mut done, mut after) = (act.revision, act.messages, IndexKey::new(0));
        let step = |expected| ErasureStep {
            box_id,
            act: act.id,
            expected,
            event: EventId::from_uuid(self.core.entropy.uuid()),
            at: self.core.clock.now(),
        };
        while let Some(page) = self.old_messages(box_id, after, order.before, order.with_unfinished).await? {
            after = page.last;
            if page.going.is_empty() {
                continue;
            }
            let erased = self.upkeep.erase(step(expected), &page.going).await?;
            expected.0 += u32::from(!erased.is_empty());
            done += erased.len() as u64;
            watcher.advanced(done);
        }
        loop {
            let settled = self.upkeep.settle_contents(box_id, CONTENTS).await?;
            if settled.seen == 0 {
                break;
            }
            *contents += settled.small + settled.large.len() as u64;
        }
        self.upkeep.end_erasure(step(expected), *contents).await
    }

    /// The next old messages behind a key; `None` at the end.
    async fn old_messages(
        &self,
        box_id: BoxId,
        after: IndexKey,
        before: Ticks,
        with_unfinished: bool,
    ) -> Result<Option<Page>, StoreError> {
        let old = self.upkeep.erasable(box_id, after, before, PAGE).await?;
        let Some(last) = old.last().map(|it| it.last) else { return Ok(None) };
        let wanted: Vec<Wanted> = old.iter().map(|it| Wanted::all(it.message_id)).collect();
        let tails = self.core.journal.messages(box_id, &wanted).await?;
        let mut page = Page { last, going: Vec::new(), foreseen: Foreseen::default() };
        for it in old {
            let tail = tails.iter().find(|tail| tail.message_id == it.message_id);
            let state = tail.and_then(|tail| MessageState::replay(box_id, &tail.events));
            // What does not begin with a post is damaged, and stays to be looked at.
            let Some(state) = state else { continue };
            page.count(it, held(&state), with_unfinished);
        }
        Ok(Some(page))
    }

    async fn check_time(&self, box_id: BoxId, before: Ticks) -> Result<(), AdminError> {
        self.organization(box_id).await?;
        match before <= self.core.clock.now() {
            true => Ok(()),
            false => Err(invalid("before", "it is a time to come: give one that is past")),
        }
    }
}

impl Page {
    fn count(&mut self, old: Erasable, held: Option<Held>, with_unfinished: bool) {
        let of = &mut self.foreseen;
        of.unfinished += u64::from(held == Some(Held::Unfinished));
        match held {
            _ if old.is_to_be_delivered => of.undelivered += 1,
            Some(Held::Forwarded) => of.forwarded += 1,
            Some(Held::Unfinished) if !with_unfinished => {}
            Some(Held::Unfinished) | None => {
                of.messages += 1;
                of.events += u64::from(old.revision.0);
                of.up_to = of.up_to.max(Some(old.last));
                self.going.push((old.message_id, old.revision));
            }
        }
    }
}

fn check_text(field: &str, text: &str, longest: usize) -> Result<(), AdminError> {
    match text.trim().chars().count() {
        0 => Err(invalid(field, "it is empty: the act names who wants it and why")),
        count if count > longest => {
            Err(invalid(field, format!("it has {count} characters: give {longest} at most")))
        }
        _ => Ok(()),
    }
}

/// An event of an act was not written.
fn failed(box_id: BoxId, error: AppendError) -> AdminError {
    match error {
        AppendError::Store(error) => error.into(),
        _ => CoreError::Busy(box_id).into(),
    }
}
