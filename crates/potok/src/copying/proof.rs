//! That a copy is what was copied: chains of journals, feeds, contents.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use potok_content::{ContentError, Contents};
use potok_store::{Continuity, ReadModels};
use potok_types::{BoxId, ContentHash, ContentRef, Ticks};

use crate::audit::Chain;

/// What was held to its source so far.
pub(super) struct Proof<'a> {
    pub(super) from: &'a dyn Continuity,
    pub(super) to: &'a dyn Continuity,
    pub(super) from_contents: Contents,
    /// `None` where both sides keep them in one place.
    pub(super) to_contents: Option<Contents>,
    pub(super) now: Ticks,
    /// The chain of each box up to where both sides were read.
    chains: BTreeMap<BoxId, Chain>,
    /// Contents that the copy has.
    held: BTreeSet<ContentHash>,
    /// Lines about contents that the source itself lacks.
    pub(super) missing: Vec<String>,
}

impl<'a> Proof<'a> {
    pub(super) fn new(
        from: &'a dyn Continuity,
        to: &'a dyn Continuity,
        from_contents: Contents,
        to_contents: Option<Contents>,
        now: Ticks,
    ) -> Self {
        let (chains, held, missing) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        Self { from, to, from_contents, to_contents, now, chains, held, missing }
    }

    /// Reads what every box of the copy got since this was last called: how many events.
    pub(super) async fn look(&mut self, boxes: &dyn ReadModels) -> Result<u64, Box<dyn Error>> {
        let (mut last, mut events) = (None, 0);
        while let Some(box_id) = boxes.next_box(last).await? {
            events += self.of_box(box_id).await?;
            last = Some(box_id);
        }
        Ok(events)
    }

    async fn of_box(&mut self, box_id: BoxId) -> Result<u64, Box<dyn Error>> {
        let known = self.chains.remove(&box_id).unwrap_or_else(|| Chain::of(box_id));
        let mut copy = known.clone();
        let mut place = Some(known.last);
        while let Some(after) = place {
            let page = self.to.events(box_id, after).await?;
            page.marks.iter().for_each(|mark| copy.add(mark));
            for content in page.large {
                self.hold(content).await?;
            }
            place = page.next;
        }
        // The source may have more by now.
        let mut source = known.clone();
        let mut place = Some(known.last);
        while let Some(after) = place.filter(|_| source.events < copy.events) {
            let page = self.from.events(box_id, after).await?;
            let left = usize::try_from(copy.events - source.events).unwrap_or(usize::MAX);
            page.marks.iter().take(left).for_each(|mark| source.add(mark));
            place = page.next;
        }
        if source.end() != copy.end() {
            return Err(format!(
                "box {box_id}: the journal of the copy is not that of its source (behind event {}): give the copy up and begin \
                 with an empty target",
                known.events
            )
            .into());
        }
        let events = copy.events - known.events;
        if events > 0
            && let Some(gap) = self.to.gaps(box_id).await?.first()
        {
            return Err(format!(
                "box {box_id}: {gap} in the copy: look at the source with `potok restore --verify` of a backup, or begin again"
            )
            .into());
        }
        self.chains.insert(box_id, copy);
        Ok(events)
    }

    /// Makes sure that the copy has a content: read whole, held to its name, and there with its length.
    pub(super) async fn hold(&mut self, content: ContentRef) -> Result<(), ContentError> {
        let Some(to) = &self.to_contents else { return Ok(()) };
        if self.held.contains(&content.hash) {
            return Ok(());
        }
        if to.size_of(content.hash).await? != Some(content.size_bytes) {
            match self.from_contents.copy_to(content.hash, to, self.now).await {
                Ok(Some(_)) => {}
                Ok(None) => self.missing.push(format!("content {} is not in the source", content.hash)),
                Err(error @ ContentError::Damaged { .. }) => self.missing.push(error.to_string()),
                Err(error) => return Err(error),
            }
        }
        self.held.insert(content.hash);
        Ok(())
    }
}
