//! `GetCounteragent`, `GetCounteragents`: who stands in the list.

use std::collections::{BTreeSet, HashMap};

use potok_domain::directory::{Department, Organization};
use potok_domain::relation::{Groups, Status, Told, still_open};
use potok_store::stored::decode_relation_event;
use potok_store::{Among, Counteragent, CounteragentQuery, StoreError};
use potok_types::access::BoxEmployee;
use potok_types::{BoxId, DepartmentId, GroupId, IndexKey};

use super::{OtherSide, Partners, PartnersError};
use crate::Permit;

/// Counting stops here.
const COUNTED: u64 = 10_000;
/// Boxes that a search looks at together.
const PIECE: usize = 1000;

/// A box of the list, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCounteragent {
    /// Its organization.
    pub organization: Organization,
    /// The key of the last event.
    pub key: IndexKey,
    /// What is told of it.
    pub told: Told,
    /// The group where it is; `None` for who is no partner.
    pub group: Option<GroupId>,
}

/// Which page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounteragentsRequest {
    /// Those with one of these statuses; `None` is all.
    pub statuses: Option<Vec<Status>>,
    /// Exclusive start.
    pub after: Option<IndexKey>,
    /// Part of a name or an INN; only from the start of the list.
    pub words: Option<String>,
    /// Boxes on the page.
    pub limit: usize,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounteragentsAnswer {
    /// The newest event first.
    pub counteragents: Vec<ShownCounteragent>,
    /// All that match.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

/// What the stored event tells.
pub(super) fn told(stored: &[u8]) -> Result<Told, StoreError> {
    let event = decode_relation_event(stored);
    Ok(event.map_err(|error| StoreError { action: "read relations", source: Box::new(error) })?.told)
}

/// The group of a partner.
pub(super) fn group_of(groups: &Groups, told: &Told) -> Option<GroupId> {
    (told.status == Some(Status::IsMyCounteragent)).then(|| groups.live(told.group).id)
}

impl Partners {
    /// One box of the list. `narrow`: without the departments to which it does not let this box write.
    ///
    /// # Errors
    /// [`PartnersError::NoCounteragent`], also where there is no such organization: nobody is told which.
    pub async fn counteragent(
        &self,
        actor: &Permit<BoxEmployee>,
        other: OtherSide,
        narrow: bool,
    ) -> Result<ShownCounteragent, PartnersError> {
        let box_id = actor.box_id();
        let missing = || PartnersError::NoCounteragent { box_id, other };
        let other = self.box_of(other).await?.ok_or_else(missing)?;
        let found = self.core.readings.counteragent(box_id, other).await?.ok_or_else(missing)?;
        let organization = self.core.directory.organization_by_box(other).await?;
        let mut organization = organization.ok_or_else(missing)?;
        if narrow {
            let takes = self.core.reception(other, box_id).await?;
            if let Some(open) = still_open(&takes.departments, &organization) {
                organization.departments = with_parents(&organization.departments, &open);
            }
        }
        let groups = self.core.groups(box_id).await?;
        Ok(shown(&groups, &found, organization)?)
    }

    /// A page of the list. What it costs does not depend on where it lies; a search looks at the whole list.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn counteragents(
        &self,
        actor: &Permit<BoxEmployee>,
        request: CounteragentsRequest,
    ) -> Result<CounteragentsAnswer, PartnersError> {
        let box_id = actor.box_id();
        let CounteragentsRequest { statuses, after, words, limit } = request;
        let among = statuses.map_or(Among::All, Among::Statuses);
        let query = CounteragentQuery { box_id, among, after, limit, count_up_to: COUNTED };
        let groups = self.core.groups(box_id).await?;
        if let Some(words) = words {
            return self.search(query, &words.to_lowercase(), &groups).await;
        }
        let page = self.core.readings.counteragents(query).await?;
        let counteragents = self.with_organizations(&groups, page.counteragents, |_| true).await?;
        Ok(CounteragentsAnswer { counteragents, total: page.total, is_exact: page.is_exact })
    }

    async fn search(
        &self,
        query: CounteragentQuery,
        words: &str,
        groups: &Groups,
    ) -> Result<CounteragentsAnswer, PartnersError> {
        let is_meant = |it: &Organization| {
            let names = [&it.short_name, &it.full_name, &it.inn];
            names.into_iter().any(|name| name.to_lowercase().contains(words))
        };
        let (mut counteragents, mut total, mut after) = (Vec::new(), 0_u64, query.after);
        while total <= COUNTED {
            let piece = CounteragentQuery { after, limit: PIECE, count_up_to: 0, ..query.clone() };
            let page = self.core.readings.counteragents(piece).await?.counteragents;
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            let found = self.with_organizations(groups, page, is_meant).await?;
            total += found.len() as u64;
            let room = query.limit - counteragents.len();
            counteragents.extend(found.into_iter().take(room));
        }
        Ok(CounteragentsAnswer { counteragents, total: total.min(COUNTED), is_exact: total <= COUNTED })
    }

    /// Those whose organizations are wanted, without departments.
    async fn with_organizations(
        &self,
        groups: &Groups,
        found: Vec<Counteragent>,
        is_wanted: impl Fn(&Organization) -> bool,
    ) -> Result<Vec<ShownCounteragent>, PartnersError> {
        let boxes: Vec<BoxId> = found.iter().map(|it| it.box_id).collect();
        let organizations = self.core.directory.organizations_of_boxes(&boxes).await?;
        let mut organizations: HashMap<BoxId, Organization> =
            organizations.into_iter().map(|it| (it.box_id, it)).collect();
        let mut all = Vec::with_capacity(found.len());
        for it in &found {
            let Some(organization) = organizations.remove(&it.box_id).filter(&is_wanted) else { continue };
            all.push(shown(groups, it, organization)?);
        }
        Ok(all)
    }
}

pub(super) fn shown(
    groups: &Groups,
    found: &Counteragent,
    organization: Organization,
) -> Result<ShownCounteragent, StoreError> {
    let told = told(&found.last_event)?;
    let group = group_of(groups, &told);
    Ok(ShownCounteragent { organization, key: found.key, told, group })
}

/// Those of `all` that are open, and what they lie in.
fn with_parents(all: &[Department], open: &BTreeSet<DepartmentId>) -> Vec<Department> {
    let mut shown: BTreeSet<DepartmentId> = BTreeSet::new();
    for id in open {
        let mut next = Some(*id);
        while let Some(id) = next.filter(|id| shown.insert(*id)) {
            next = all.iter().find(|department| department.id == id).map(|department| department.parent);
        }
    }
    all.iter().filter(|department| shown.contains(&department.id)).cloned().collect()
}
