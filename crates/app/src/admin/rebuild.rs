//! Read models made again from the journal, beside a running server.

#[cfg(test)]
mod damage;
mod directory;
mod names;
mod originals;
mod strays;
#[cfg(test)]
mod tests;

use potok_domain::docflow::Docflows;
use potok_domain::rows::document_rows;
use potok_domain::{Event, MessageState, receive};
use potok_seams::Rendering;
use potok_store::{
    Compared, ContentNames, Derived, DerivedEvent, Difference, Directory, FeedEntry, Journal, MessageTail,
    ReadModels, Readings, RebuildPlace, Wanted,
};
use potok_types::{BoxId, EventId, MessageId};

use super::Admin;
use crate::core::{CoreError, read_models};

/// Messages that are read together.
const PAGE: usize = 64;
/// Places in the feed are put right together, as the whole feed of the box is added up then. Beyond so many it is done
/// before the end of the box, so that they need not all be kept in memory.
const ENTRIES: usize = 20_000;

/// What is done with differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildMode {
    /// They are told; nothing is written.
    Check,
    /// They are told and put right.
    Repair,
}

/// Hears what a rebuild does.
pub trait RebuildWatcher: Send + Sync {
    /// It begins. Of `messages` in all boxes those of `done` were done by an earlier one, which was broken off.
    fn started(&self, messages: u64, done: u64);
    /// So many messages are done by now.
    fn advanced(&self, messages: u64);
    /// Something differs; in a message, or in the feed of the box as a whole.
    fn differs(&self, box_id: BoxId, message: Option<MessageId>, difference: &Difference);
}

/// What a rebuild came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Messages that were looked at, also by an earlier one that was broken off.
    pub messages: u64,
    /// Differences that were found, likewise.
    pub differences: u64,
}

impl Admin {
    /// Compares what is kept for readers with what follows from the journal. Messages are looked at one by one, and what
    /// differs is put right in small transactions; [`RebuildMode::Repair`] goes on where the last one was broken off.
    ///
    /// # Errors
    /// [`CoreError::Store`]; what was done so far stays done.
    pub async fn rebuild(
        &self,
        mode: RebuildMode,
        watcher: &dyn RebuildWatcher,
    ) -> Result<Rebuilt, CoreError> {
        let pass = Pass {
            read_models: &*self.upkeep,
            names: &*self.upkeep,
            readings: &*self.core.readings,
            journal: &*self.core.journal,
            directory: &*self.core.directory,
            rendering: &*self.core.rendering,
            mode,
            watcher,
            page: PAGE,
        };
        pass.run().await
    }
}

/// A rebuild on its way.
struct Pass<'a> {
    read_models: &'a dyn ReadModels,
    names: &'a dyn ContentNames,
    readings: &'a dyn Readings,
    journal: &'a dyn Journal,
    directory: &'a dyn Directory,
    rendering: &'a dyn Rendering,
    mode: RebuildMode,
    watcher: &'a dyn RebuildWatcher,
    page: usize,
}

impl Pass<'_> {
    async fn run(&self) -> Result<Rebuilt, CoreError> {
        let place = match self.mode {
            RebuildMode::Check => None,
            RebuildMode::Repair => self.read_models.rebuild_place().await?,
        };
        let mut done = place.map_or_else(Rebuilt::default, |place| Rebuilt {
            messages: place.messages,
            differences: place.differences,
        });
        self.watcher.started(self.read_models.count_messages().await?, done.messages);
        self.remove_orphans(None, &mut done).await?;
        if let Some(place) = place {
            self.rebuild_box(place.box_id, Some(place.message_id), &mut done).await?;
        }
        let mut last = place.map(|place| place.box_id);
        while let Some(box_id) = self.read_models.next_box(last).await? {
            self.rebuild_box(box_id, None, &mut done).await?;
            last = Some(box_id);
        }
        self.compare_names(&mut done).await?;
        if self.mode == RebuildMode::Repair {
            self.read_models.put_rebuild_place(None).await?;
        }
        Ok(done)
    }

    async fn rebuild_box(
        &self,
        box_id: BoxId,
        mut after: Option<MessageId>,
        done: &mut Rebuilt,
    ) -> Result<(), CoreError> {
        self.compare_directory(box_id, done).await?;
        let (before, is_resumed) = (done.differences, after.is_some());
        let is_doubtful = self.remove_orphans(Some(box_id), done).await?;
        let mut later = Vec::new();
        self.rebuild_messages(box_id, &mut after, &mut later, done).await?;
        self.compare_links(box_id, done).await?;
        self.compare_counteragents(box_id, done).await?;
        // Rows that were put right leave others behind, and those judge what was left of the words.
        if self.mode == RebuildMode::Repair && (is_doubtful || done.differences > before) {
            self.remove_strays(box_id, done).await?;
        }
        // Rows that are right by now find what these name. Those before the place are not at hand.
        if is_resumed {
            later = self.later_documents(box_id).await?;
        }
        self.find_originals(box_id, &later, done).await
    }

    async fn rebuild_messages(
        &self,
        box_id: BoxId,
        after: &mut Option<MessageId>,
        later: &mut Vec<MessageId>,
        done: &mut Rebuilt,
    ) -> Result<(), CoreError> {
        let mut entries: Vec<(EventId, FeedEntry)> = Vec::new();
        loop {
            let messages = self.read_models.messages_behind(box_id, *after, self.page).await?;
            let Some(&last) = messages.last() else { break };
            let wanted: Vec<Wanted> = messages.iter().map(|message| Wanted::all(*message)).collect();
            for tail in self.journal.messages(box_id, &wanted).await? {
                later.extend(originals::names_any(&tail).then_some(tail.message_id));
                self.rebuild_message(box_id, tail, &mut entries, done).await?;
            }
            done.messages += messages.len() as u64;
            self.watcher.advanced(done.messages);
            *after = Some(last);
            if entries.len() >= ENTRIES {
                self.put_feed_right(box_id, &mut entries).await?;
            }
            // What waits in `entries` would be forgotten: then the place stays before it.
            if self.mode == RebuildMode::Repair && entries.is_empty() {
                let Rebuilt { messages, differences } = *done;
                let place = RebuildPlace { box_id, message_id: last, messages, differences };
                self.read_models.put_rebuild_place(Some(place)).await?;
            }
        }
        if entries.is_empty() {
            let totals = self.read_models.compare_feed(box_id).await?;
            self.tell(box_id, None, &totals, done);
            if totals.is_empty() {
                return Ok(());
            }
        }
        self.put_feed_right(box_id, &mut entries).await
    }

    async fn rebuild_message(
        &self,
        box_id: BoxId,
        mut tail: MessageTail,
        entries: &mut Vec<(EventId, FeedEntry)>,
        done: &mut Rebuilt,
    ) -> Result<(), CoreError> {
        while let Some(derived) = derive(self.rendering, box_id, &tail) {
            let mut compared = self.read_models.compare(box_id, &derived).await?;
            // Places in the feed are put right later, for the whole box.
            let is_in_message = |it: &Difference| !matches!(it, Difference::Feed(_));
            if self.mode == RebuildMode::Repair
                && matches!(&compared, Compared::Differences(found) if found.iter().any(is_in_message))
            {
                compared = self.read_models.put_right(box_id, &derived).await?;
            }
            if let Compared::Differences(found) = compared {
                self.tell(box_id, Some(derived.message_id), &found, done);
                let moved = derived.events.into_iter().filter(|it| found.contains(&Difference::Feed(it.id)));
                entries.extend(moved.map(|event| (event.id, event.feed)));
                return Ok(());
            }
            // Somebody appended since the events were read.
            let again = self.journal.messages(box_id, &[Wanted::all(derived.message_id)]).await?;
            let Some(newer) = again.into_iter().next() else { return Ok(()) };
            tail = newer;
        }
        Ok(())
    }

    /// Places in the list of counteragents.
    async fn compare_counteragents(&self, box_id: BoxId, done: &mut Rebuilt) -> Result<(), CoreError> {
        let is_put_right = self.mode == RebuildMode::Repair;
        let mut after = None;
        loop {
            let (found, next) = self.read_models.compare_counteragents(box_id, after, is_put_right).await?;
            self.tell(box_id, None, &found, done);
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn put_feed_right(
        &self,
        box_id: BoxId,
        entries: &mut Vec<(EventId, FeedEntry)>,
    ) -> Result<(), CoreError> {
        if self.mode == RebuildMode::Repair {
            self.read_models.put_feed_right(box_id, entries).await?;
        }
        entries.clear();
        Ok(())
    }

    fn tell(&self, box_id: BoxId, message: Option<MessageId>, found: &[Difference], done: &mut Rebuilt) {
        done.differences += found.len() as u64;
        found.iter().for_each(|difference| self.watcher.differs(box_id, message, difference));
    }
}

/// What follows from the events; `None` where they do not begin with a post.
fn derive(rendering: &dyn Rendering, box_id: BoxId, tail: &MessageTail) -> Option<Derived> {
    let mut events = tail.events.iter();
    let first = events.next()?;
    let mut state = MessageState::open(box_id, first)?;
    let mut derived = Vec::with_capacity(tail.events.len());
    derived.push(derive_event(rendering, &state, first)?);
    for event in events {
        state.apply(event);
        derived.push(derive_event(rendering, &state, event)?);
    }
    Some(Derived {
        message_id: tail.message_id,
        events: derived,
        documents: document_rows(&Docflows::of(&state)),
        links: tail.events.iter().flat_map(receive::links).collect(),
    })
}

fn derive_event(rendering: &dyn Rendering, after: &MessageState, event: &Event) -> Option<DerivedEvent> {
    let new = read_models::of_event(rendering, &Docflows::of(after), event);
    Some(DerivedEvent { id: new.id, ready: new.ready, feed: new.feed? })
}
