//! Rows that nothing in the journal accounts for: told, and taken away.

use std::collections::BTreeMap;

use potok_domain::docflow::{Docflows, Original, originals};
use potok_domain::rows::{DocumentRow, document_rows};
use potok_domain::{DocumentRef, MessageState, receive};
use potok_store::{Difference, KeptLink, MessageTail, Stray, StrayKind, Wanted};
use potok_types::{BoxId, MessageId};

use super::{Pass, RebuildMode, Rebuilt};
use crate::core::CoreError;

impl Pass<'_> {
    /// Tells of every stray row of the box, or of those that are not kept by box; when repairing only of orphans, which
    /// are taken away. Whether others were seen, which have to wait until the rows that judge them are put right.
    pub(super) async fn remove_orphans(
        &self,
        box_id: Option<BoxId>,
        done: &mut Rebuilt,
    ) -> Result<bool, CoreError> {
        let mut strays = self.read_models.strays(box_id).await?;
        if self.mode == RebuildMode::Check {
            self.tell_strays(box_id, &strays, done);
            return Ok(false);
        }
        let mut is_doubtful = false;
        loop {
            is_doubtful |= strays.iter().any(|stray| !stray.is_orphan);
            let found = std::mem::take(&mut strays);
            strays.extend(found.into_iter().filter(|stray| stray.is_orphan));
            if strays.is_empty() {
                return Ok(is_doubtful);
            }
            self.tell_strays(box_id, &strays, done);
            self.read_models.remove_strays(box_id, &strays).await?;
            // The words of a row that was taken away are alone now.
            strays = self.read_models.strays(box_id).await?;
        }
    }

    /// Takes every stray row of the box away.
    pub(super) async fn remove_strays(&self, box_id: BoxId, done: &mut Rebuilt) -> Result<(), CoreError> {
        let mut last = Vec::new();
        loop {
            let strays = self.read_models.strays(Some(box_id)).await?;
            // Somebody uses by now what is left.
            if strays.is_empty() || strays == last {
                return Ok(());
            }
            self.tell_strays(Some(box_id), &strays, done);
            self.read_models.remove_strays(Some(box_id), &strays).await?;
            last = strays;
        }
    }

    fn tell_strays(&self, box_id: Option<BoxId>, strays: &[Stray], done: &mut Rebuilt) {
        let differences: Vec<Difference> = strays.iter().map(|it| Difference::Stray(it.kind)).collect();
        self.tell(box_id.unwrap_or(BoxId::ZERO), None, &differences, done);
    }

    /// Links that no document accounts for.
    pub(super) async fn compare_links(&self, box_id: BoxId, done: &mut Rebuilt) -> Result<(), CoreError> {
        let mut after: Option<KeptLink> = None;
        loop {
            let page = self.read_models.links_behind(box_id, after.as_ref(), self.page).await?;
            let Some(last) = page.last().cloned() else { return Ok(()) };
            let strays = self.stray_links(box_id, page).await?;
            self.tell_strays(Some(box_id), &strays, done);
            if self.mode == RebuildMode::Repair && !strays.is_empty() {
                self.read_models.remove_strays(Some(box_id), &strays).await?;
            }
            after = Some(last);
        }
    }

    async fn stray_links(&self, box_id: BoxId, page: Vec<KeptLink>) -> Result<Vec<Stray>, CoreError> {
        let sides = page.iter().filter_map(|kept| kept.link);
        let mut messages: Vec<MessageId> =
            sides.flat_map(|(referrer, base)| [referrer.message_id, base.message_id]).collect();
        messages.sort_unstable();
        messages.dedup();
        let wanted: Vec<Wanted> = messages.into_iter().map(Wanted::all).collect();
        let tails = self.journal.messages(box_id, &wanted).await?;
        let tails = tails.into_iter().map(|tail| (tail.message_id, tail)).collect();
        let strays =
            page.into_iter().filter(|kept| !kept.link.is_some_and(|it| is_known(box_id, &tails, it)));
        let stray = |kept: KeptLink| Stray { kind: StrayKind::Link, is_orphan: false, key: kept.key };
        Ok(strays.map(stray).collect())
    }
}

/// An event names it, or it could have been found by number and date.
fn is_known(
    box_id: BoxId,
    tails: &BTreeMap<MessageId, MessageTail>,
    (referrer, base): (DocumentRef, DocumentRef),
) -> bool {
    let events = |document: DocumentRef| tails.get(&document.message_id).map_or(&[][..], |tail| &tail.events);
    let mut named = events(referrer).iter().chain(events(base)).flat_map(receive::links);
    if named.any(|link| link == (referrer, base)) {
        return true;
    }
    let [referrers, bases] = [referrer, base].map(|document| MessageState::replay(box_id, events(document)));
    let (Some(later), Some(earlier)) = (referrers, bases) else { return false };
    let mut entities = events(referrer).iter().flat_map(|event| event.entities());
    let entity = entities.find(|entity| entity.id == referrer.entity_id);
    let Some(document) = entity.and_then(|entity| entity.document()) else { return false };
    let rows = document_rows(&Docflows::of(&earlier));
    referrer.message_id != base.message_id
        && rows.iter().find(|row| row.document == base).is_some_and(|row| {
            row.counteragent == later.counteragent().box_id
                && row.traits.direction == later.direction()
                && originals(document).iter().any(|original| is_original(original, row))
        })
}

/// The document of `row` is meant.
fn is_original(original: &Original, row: &DocumentRow) -> bool {
    original.types.contains(&row.traits.type_named_id.as_str())
        && row.number.as_ref() == Some(&original.number)
        && row.date == Some(original.date)
}
