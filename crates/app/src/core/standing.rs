//! Who others are, and what they are to a box, remembered for as long as nobody changes it: every post asks that.

use std::sync::Arc;

use potok_domain::directory::Organization;
use potok_domain::relation::{Reception, Relation, Status};
use potok_store::{Moment, Part, StoreError, StreamId};
use potok_types::BoxId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::Core;

/// Memory of the remembered organizations.
const ORGANIZATIONS_BYTES: u64 = 8 << 20;
/// Pairs of boxes that are remembered: some hundred bytes each.
const STANDINGS: usize = 1 << 16;

/// Something that was read at a moment, and is believed as long as nothing that it stands on has changed.
#[derive(Clone, Debug)]
struct Read<T> {
    value: T,
    at: Moment,
}

#[derive(Clone, Copy, Debug)]
struct Weight;

impl Weighter<BoxId, Read<Arc<Organization>>> for Weight {
    fn weight(&self, _: &BoxId, read: &Read<Arc<Organization>>) -> u64 {
        read.value.weight_bytes()
    }
}

/// What one box is to another.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// How their relation is.
    pub(crate) status: Option<Status>,
    /// What the first one lets the second one do.
    pub(crate) reception: Reception,
}

/// What is remembered of others.
#[derive(Debug)]
pub(crate) struct Others {
    organizations: Cache<BoxId, Read<Arc<Organization>>, Weight>,
    standings: Cache<(BoxId, BoxId), Read<Standing>>,
}

impl Default for Others {
    fn default() -> Self {
        let most = usize::try_from(ORGANIZATIONS_BYTES / Organization::ORDINARY_BYTES).unwrap_or(usize::MAX);
        Self {
            organizations: Cache::with_weighter(most, ORGANIZATIONS_BYTES, Weight),
            standings: Cache::new(STANDINGS),
        }
    }
}

impl Core {
    /// The organization of a box. The store is not read when it was before and nothing of any organization has changed since.
    pub(crate) async fn organization(&self, box_id: BoxId) -> Result<Option<Arc<Organization>>, StoreError> {
        // Before anything is read.
        let now = self.moments.moment();
        if let Some(now) = now
            && let Some(read) = self.others.organizations.get(&box_id)
            && read.at.sessions == now.sessions
        {
            return Ok(Some(read.value));
        }
        let Some(found) = self.directory.organization_by_box(box_id).await? else { return Ok(None) };
        let value = Arc::new(found);
        if let Some(at) = now {
            self.others.organizations.insert(box_id, Read { value: Arc::clone(&value), at });
        }
        Ok(Some(value))
    }

    /// What `other` is to the box. The store is not read when it was before and neither their relation nor the groups of the box
    /// have changed since.
    pub(crate) async fn standing(&self, box_id: BoxId, other: BoxId) -> Result<Standing, StoreError> {
        let now = self.moments.moment();
        let parts = [StreamId::relation(other), StreamId::groups(box_id)];
        if let Some(now) = now
            && let Some(read) = self.others.standings.get(&(box_id, other))
            && !parts
                .iter()
                .any(|stream| self.moments.has_changed(Part::Stream(box_id, *stream), read.at, now))
        {
            return Ok(read.value);
        }
        let (relations, groups) = self.relations_and_groups(box_id, &[other]).await?;
        let relation = relations.into_iter().next().unwrap_or_else(|| Relation::none(box_id, other));
        let reception = Reception::of(&relation, &groups, self.partners_only);
        let value = Standing { status: relation.status(), reception };
        if let Some(at) = now {
            self.others.standings.insert((box_id, other), Read { value: value.clone(), at });
        }
        Ok(value)
    }
}
