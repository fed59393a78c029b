//! Groups of counteragents.

use potok_domain::relation::{Group, GroupDepartments, NewGroup, RelationChange, Status, still_open};
use potok_store::{Among, CounteragentQuery};
use potok_types::access::{Administers, BoxEmployee, ManagesCounteragents};
use potok_types::{BoxId, GroupId, IndexKey};

use super::{Partners, PartnersError};
use crate::core::{Missing, Terms};
use crate::{Actor, Permit};

/// Who keeps the groups of an organization.
type Keeper = Permit<ManagesCounteragents<Administers<BoxEmployee>>>;
/// Who may look at them.
type Reader = Permit<ManagesCounteragents<BoxEmployee>>;

/// Counting stops here.
const COUNTED: u64 = 10_000;

/// What is to become of a group; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupPatch {
    /// Its name.
    pub name: Option<String>,
    /// Where its members may write to.
    pub departments: Option<GroupDepartments>,
}

/// Members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembersAnswer {
    /// Their boxes.
    pub boxes: Vec<BoxId>,
    /// How many there are.
    pub total: u64,
    /// After which to go on; `None` at the end.
    pub last: Option<IndexKey>,
}

impl Partners {
    /// Makes a group; `path` is where its name stands.
    ///
    /// # Errors
    /// `GroupRefusal::NameTaken`; `Missing::Department`.
    pub async fn create_group(
        &self,
        actor: &Keeper,
        path: &'static str,
        new: NewGroup,
    ) -> Result<Group, PartnersError> {
        check_departments(actor, &new.departments)?;
        let id = GroupId::from_uuid(self.core.entropy.uuid());
        let groups = self.core.change_groups(actor.box_id(), actor.user.id, |groups| {
            Ok::<_, PartnersError>(Some(groups.create(path, id, new.clone())?))
        });
        Ok(shown(actor, groups.await?.get(id)?))
    }

    /// Changes a group; `path` is where its name stands.
    ///
    /// # Errors
    /// `GroupRefusal::NoGroup`, `GroupRefusal::DefaultRenamed`, `GroupRefusal::NameTaken`; `Missing::Department`.
    pub async fn update_group(
        &self,
        actor: &Keeper,
        path: &'static str,
        id: GroupId,
        patch: GroupPatch,
    ) -> Result<Group, PartnersError> {
        if let Some(departments) = &patch.departments {
            check_departments(actor, departments)?;
        }
        let groups = self.core.change_groups(actor.box_id(), actor.user.id, |groups| {
            let GroupPatch { name, departments } = patch.clone();
            Ok::<_, PartnersError>(groups.update(path, id, name, departments)?)
        });
        Ok(shown(actor, groups.await?.get(id)?))
    }

    /// Dissolves a group: its members are in the default group then.
    ///
    /// # Errors
    /// `GroupRefusal::DefaultDeleted`, `GroupRefusal::NoGroup`.
    pub async fn delete_group(&self, actor: &Keeper, id: GroupId) -> Result<(), PartnersError> {
        self.core
            .change_groups(actor.box_id(), actor.user.id, |groups| {
                Ok::<_, PartnersError>(Some(groups.delete(id)?))
            })
            .await?;
        Ok(())
    }

    /// One group.
    ///
    /// # Errors
    /// `GroupRefusal::NoGroup`.
    pub async fn group(&self, actor: &Reader, id: GroupId) -> Result<Group, PartnersError> {
        Ok(shown(actor, self.core.groups(actor.box_id()).await?.get(id)?))
    }

    /// All groups, the default group first, then oldest first.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn groups(&self, actor: &Reader) -> Result<Vec<Group>, PartnersError> {
        let groups = self.core.groups(actor.box_id()).await?;
        Ok(groups.all().iter().map(|group| shown(actor, group)).collect())
    }

    /// Moves a partner into a group.
    ///
    /// # Errors
    /// `GroupRefusal::NoGroup`; [`PartnersError::NoPartner`].
    pub async fn move_to_group(
        &self,
        actor: &Keeper,
        other: BoxId,
        group: GroupId,
    ) -> Result<(), PartnersError> {
        let (box_id, by) = (actor.box_id(), actor.user.id);
        self.core
            .change_relation(box_id, other, Terms::default(), |known, groups| {
                groups.get(group)?;
                if known.status() != Some(Status::IsMyCounteragent) {
                    return Err(PartnersError::NoPartner { box_id, other });
                }
                let is_there = groups.live(known.group()).id == group;
                Ok((!is_there).then_some(RelationChange::Grouped { group, by }))
            })
            .await?;
        Ok(())
    }

    /// A page of the members of a group.
    ///
    /// # Errors
    /// `GroupRefusal::NoGroup`.
    pub async fn members_of_group(
        &self,
        actor: &Keeper,
        group: GroupId,
        after: Option<IndexKey>,
        limit: usize,
    ) -> Result<MembersAnswer, PartnersError> {
        let box_id = actor.box_id();
        let groups = self.core.groups(box_id).await?;
        groups.get(group)?;
        let among = Among::Groups(groups.behind(group));
        let query = CounteragentQuery { box_id, among, after, limit, count_up_to: COUNTED };
        let page = self.core.readings.counteragents(query).await?;
        let last = page.counteragents.last().map(|it| it.key).filter(|_| page.counteragents.len() == limit);
        let boxes = page.counteragents.into_iter().map(|it| it.box_id).collect();
        Ok(MembersAnswer { boxes, total: page.total, last })
    }
}

/// The group without departments that were deleted since it was changed.
fn shown(actor: &Actor, group: &Group) -> Group {
    Group { departments: still_open(&group.departments, &actor.organization), ..group.clone() }
}

/// The organization has all of them.
fn check_departments(actor: &Actor, departments: &GroupDepartments) -> Result<(), Missing> {
    let named = departments.iter().flatten();
    match named.copied().find(|id| !actor.organization.has_department(*id)) {
        Some(unknown) => Err(Missing::Department(unknown)),
        None => Ok(()),
    }
}
