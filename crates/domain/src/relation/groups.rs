//! Groups of partners, of which each partner is in one. All groups of a box are one stream.

use std::collections::BTreeSet;

use potok_types::{DepartmentId, EventId, GroupId, Ticks, UserId};

use crate::Revision;
use crate::directory::Organization;

/// The group that is always there.
pub const DEFAULT_GROUP: GroupId = GroupId::ZERO;

/// Its name.
const DEFAULT_NAME: &str = "По умолчанию";

/// The departments to which members of a group may write: any, or these.
pub type GroupDepartments = Option<BTreeSet<DepartmentId>>;

/// Those of the departments that `organization` still has. When it has none of them any more, its head is what is left: who
/// was led to some departments is not let into all of them by the end of the last one.
pub fn still_open(listed: &GroupDepartments, organization: &Organization) -> GroupDepartments {
    let mut open = listed.clone()?;
    open.retain(|department| organization.has_department(*department));
    if open.is_empty() {
        open.insert(DepartmentId::ZERO);
    }
    Some(open)
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id; zero is the default group.
    pub id: GroupId,
    /// Its name, which no other group of the box has.
    pub name: String,
    /// Where its members may write to.
    pub departments: GroupDepartments,
}

/// A group to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// Where its members may write to.
    pub departments: GroupDepartments,
}

/// One event of the groups of a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupEvent {
    /// Its id; unlike any other of the box.
    pub id: EventId,
    /// When the group changed.
    pub at: Ticks,
    /// By whom.
    pub by: UserId,
    /// What happened.
    pub change: GroupChange,
}

/// What happened to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It is there now, or is like this now.
    Put(Group),
    /// It is gone, and its members are in the default group.
    Dissolved(GroupId),
}

/// Why groups stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupRefusal {
    /// Another group has the name.
    #[error("{path}: there is a group named {name:?} already; choose another name")]
    NameTaken {
        /// Where it stands in the request.
        path: &'static str,
        /// The name.
        name: String,
    },
    /// There is no such group.
    #[error("there is no counteragent group {0}: take the id from GetCounteragentGroups")]
    NoGroup(GroupId),
    /// The default group has its name for ever.
    #[error("{path}: the default group cannot be renamed; leave the name out")]
    DefaultRenamed {
        /// Where it stands in the request.
        path: &'static str,
    },
    /// The default group stays.
    #[error("the default group cannot be deleted: name another group")]
    DefaultDeleted,
}

/// The groups of a box, folded from their events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    revision: Revision,
    /// Oldest first, the default group before all.
    live: Vec<Group>,
    dissolved: Vec<GroupId>,
}

impl Default for Groups {
    fn default() -> Self {
        let default = Group { id: DEFAULT_GROUP, name: DEFAULT_NAME.to_owned(), departments: None };
        Self { revision: Revision(0), live: vec![default], dissolved: Vec::new() }
    }
}

impl Groups {
    /// What the events come to, in order.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a GroupEvent>) -> Self {
        let mut groups = Self::default();
        events.into_iter().for_each(|event| groups.apply(&event.change));
        groups
    }

    /// The groups after one more event.
    pub fn apply(&mut self, change: &GroupChange) {
        match change {
            GroupChange::Put(group) => match self.live.iter_mut().find(|known| known.id == group.id) {
                Some(known) => known.clone_from(group),
                None => self.live.push(group.clone()),
            },
            GroupChange::Dissolved(id) => {
                self.live.retain(|group| group.id != *id);
                self.dissolved.push(*id);
            }
        }
        self.revision.0 += 1;
    }

    /// How many events they have.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// All groups, the default group first, then oldest first.
    pub fn all(&self) -> &[Group] {
        &self.live
    }

    /// The group `id`.
    ///
    /// # Errors
    /// [`GroupRefusal::NoGroup`].
    pub fn get(&self, id: GroupId) -> Result<&Group, GroupRefusal> {
        self.live.iter().find(|group| group.id == id).ok_or(GroupRefusal::NoGroup(id))
    }

    /// The group where a partner is that was put into `id`: the default one if that was dissolved since.
    pub fn live(&self, id: GroupId) -> &Group {
        self.get(id).unwrap_or(&self.live[0])
    }

    /// The groups into which the members of `id` were put: it, and for the default group those that were dissolved.
    pub fn behind(&self, id: GroupId) -> Vec<GroupId> {
        let dissolved = if id == DEFAULT_GROUP { &self.dissolved[..] } else { &[] };
        std::iter::once(id).chain(dissolved.iter().copied()).collect()
    }

    fn check_name(&self, path: &'static str, id: GroupId, name: &str) -> Result<(), GroupRefusal> {
        if self.live.iter().any(|group| group.id != id && group.name == name) {
            return Err(GroupRefusal::NameTaken { path, name: name.to_owned() });
        }
        Ok(())
    }

    /// Makes a group; `path` is where its name stands.
    ///
    /// # Errors
    /// [`GroupRefusal::NameTaken`].
    pub fn create(
        &self,
        path: &'static str,
        id: GroupId,
        new: NewGroup,
    ) -> Result<GroupChange, GroupRefusal> {
        self.check_name(path, id, &new.name)?;
        Ok(GroupChange::Put(Group { id, name: new.name, departments: new.departments }))
    }

    /// Changes a group, in what is given; `path` is where its name stands. `None`: it is like that already.
    ///
    /// # Errors
    /// [`GroupRefusal::NoGroup`], [`GroupRefusal::DefaultRenamed`], [`GroupRefusal::NameTaken`].
    pub fn update(
        &self,
        path: &'static str,
        id: GroupId,
        name: Option<String>,
        departments: Option<GroupDepartments>,
    ) -> Result<Option<GroupChange>, GroupRefusal> {
        let mut group = self.get(id)?.clone();
        if let Some(name) = name.filter(|name| *name != group.name) {
            if id == DEFAULT_GROUP {
                return Err(GroupRefusal::DefaultRenamed { path });
            }
            self.check_name(path, id, &name)?;
            group.name = name;
        }
        group.departments = departments.unwrap_or(group.departments);
        Ok((*self.get(id)? != group).then_some(GroupChange::Put(group)))
    }

    /// Dissolves a group.
    ///
    /// # Errors
    /// [`GroupRefusal::DefaultDeleted`], [`GroupRefusal::NoGroup`].
    pub fn delete(&self, id: GroupId) -> Result<GroupChange, GroupRefusal> {
        if id == DEFAULT_GROUP {
            return Err(GroupRefusal::DefaultDeleted);
        }
        self.get(id).map(|group| GroupChange::Dissolved(group.id))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PATH: &str = "CounteragentGroupToCreate.Name";

    fn id(number: u128) -> GroupId {
        GroupId::from_uuid(Uuid::from_u128(number))
    }

    fn with(names: &[&str]) -> Groups {
        let mut groups = Groups::default();
        for (number, name) in (1..).zip(names) {
            let new = NewGroup { name: (*name).to_owned(), departments: None };
            groups.apply(&groups.create(PATH, id(number), new).unwrap());
        }
        groups
    }

    #[test]
    fn names_are_unique_and_the_default_group_stays() {
        let groups = with(&["Север", "Юг"]);
        let new = NewGroup { name: "Юг".to_owned(), departments: None };
        assert!(matches!(groups.create(PATH, id(3), new), Err(GroupRefusal::NameTaken { .. })));
        let renamed = |id, name: &str| groups.update(PATH, id, Some(name.to_owned()), None);
        assert!(matches!(renamed(id(1), "Юг"), Err(GroupRefusal::NameTaken { .. })));
        assert_eq!(renamed(id(1), "Север"), Ok(None));
        assert!(matches!(renamed(DEFAULT_GROUP, "Юга"), Err(GroupRefusal::DefaultRenamed { .. })));
        assert_eq!(renamed(DEFAULT_GROUP, DEFAULT_NAME), Ok(None));
        assert_eq!(groups.delete(DEFAULT_GROUP), Err(GroupRefusal::DefaultDeleted));
        assert_eq!(groups.delete(id(7)), Err(GroupRefusal::NoGroup(id(7))));
    }

    #[test]
    fn members_of_a_dissolved_group_are_in_the_default_one() {
        let mut groups = with(&["Север", "Юг"]);
        let only = BTreeSet::from([DepartmentId::ZERO]);
        let narrow = groups.update(PATH, DEFAULT_GROUP, None, Some(Some(only.clone()))).unwrap().unwrap();
        groups.apply(&narrow);
        groups.apply(&groups.delete(id(1)).unwrap());
        assert_eq!(groups.revision(), Revision(4));
        assert_eq!(groups.live(id(1)).departments, Some(only));
        assert_eq!(groups.live(id(2)).name, "Юг");
        assert_eq!(groups.behind(DEFAULT_GROUP), [DEFAULT_GROUP, id(1)]);
        assert_eq!(groups.behind(id(2)), [id(2)]);
        assert!(groups.get(id(1)).is_err());
        // The name is free again.
        let new = NewGroup { name: "Север".to_owned(), departments: None };
        assert!(groups.create(PATH, id(3), new).is_ok());
    }
}
