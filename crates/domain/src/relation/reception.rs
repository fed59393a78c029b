//! Who may send to whom.

use potok_types::DepartmentId;

use super::{GroupDepartments, Groups, Relation, Status};
use crate::directory::Organization;

/// What an organization lets one sender do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    /// What the sender is to it.
    pub status: Option<Status>,
    /// The departments to which the sender may write.
    pub departments: GroupDepartments,
    /// The operator lets partners alone exchange anything.
    pub partners_only: bool,
}

/// Why something is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It takes nothing from who is no partner.
    FromStrangers,
    /// It declined the sender, or broke up with it.
    FromBlocked,
    /// Not in this department.
    ThereOf(DepartmentId),
}

impl Reception {
    /// What the organization of `relation`, which has `groups`, lets the other one do.
    pub fn of(relation: &Relation, groups: &Groups, partners_only: bool) -> Self {
        let status = relation.status();
        let is_partner = status == Some(Status::IsMyCounteragent);
        let departments = is_partner.then(|| groups.live(relation.group()).departments.clone()).flatten();
        Self { status, departments, partners_only }
    }

    /// Is anything taken at all?
    ///
    /// # Errors
    /// [`NotTaken::FromStrangers`], [`NotTaken::FromBlocked`].
    pub fn check(&self, organization: &Organization) -> Result<(), NotTaken> {
        let for_partners = organization.counteragents_only || self.partners_only;
        match self.status {
            Some(Status::IsMyCounteragent) => Ok(()),
            _ if for_partners => Err(NotTaken::FromStrangers),
            Some(Status::IsRejectedByMe) => Err(NotTaken::FromBlocked),
            _ => Ok(()),
        }
    }

    /// The department where it comes to lie, given the one that was asked for.
    ///
    /// # Errors
    /// [`NotTaken::ThereOf`].
    pub fn department(&self, asked: Option<DepartmentId>) -> Result<Option<DepartmentId>, NotTaken> {
        match (&self.departments, asked) {
            (None, asked) => Ok(asked),
            (Some(open), None) => Ok(open.first().copied()),
            (Some(open), Some(asked)) if open.contains(&asked) => Ok(Some(asked)),
            (Some(_), Some(asked)) => Err(NotTaken::ThereOf(asked)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn who_may_write_to_some_departments_only_is_led_there() {
        let [head, sales] = [0, 1].map(|n| DepartmentId::from_uuid(uuid::Uuid::from_u128(n)));
        let anywhere = Reception::default();
        assert_eq!(
            (anywhere.department(None), anywhere.department(Some(sales))),
            (Ok(None), Ok(Some(sales)))
        );
        let narrow = Reception { departments: Some(BTreeSet::from([sales])), ..Reception::default() };
        assert_eq!(narrow.department(None), Ok(Some(sales)));
        assert_eq!(narrow.department(Some(sales)), Ok(Some(sales)));
        assert_eq!(narrow.department(Some(head)), Err(NotTaken::ThereOf(head)));
    }
}
