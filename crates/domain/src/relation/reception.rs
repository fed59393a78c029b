//! Who may send to whom.

use potok_types::DepartmentId;

use super::{GroupDepartments, Groups, Relation, Status, still_open};
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
    /// It is with another operator, to whom nothing leads from here.
    FromElsewhere,
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

    /// Whether `organization`, whose word this is, takes what the sender sends, and the department where it comes to lie, given
    /// the one that was asked for. An invitation is always taken: how else would strangers become partners?
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn admit(
        &self,
        organization: &Organization,
        asked: Option<DepartmentId>,
        is_invitation: bool,
    ) -> Result<Option<DepartmentId>, NotTaken> {
        if organization.is_roaming {
            return Err(NotTaken::FromElsewhere);
        }
        if !is_invitation {
            self.check(organization)?;
        }
        self.department(organization, asked)
    }

    fn check(&self, organization: &Organization) -> Result<(), NotTaken> {
        let for_partners = organization.counteragents_only || self.partners_only;
        match self.status {
            Some(Status::IsMyCounteragent) => Ok(()),
            _ if for_partners => Err(NotTaken::FromStrangers),
            Some(Status::IsRejectedByMe) => Err(NotTaken::FromBlocked),
            _ => Ok(()),
        }
    }

    fn department(
        &self,
        organization: &Organization,
        asked: Option<DepartmentId>,
    ) -> Result<Option<DepartmentId>, NotTaken> {
        match (still_open(&self.departments, organization), asked) {
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

    use potok_types::{BoxId, OrgId, Ticks};
    use uuid::Uuid;

    use super::*;
    use crate::directory::Department;

    const HEAD: DepartmentId = DepartmentId::ZERO;

    fn id(number: u128) -> DepartmentId {
        DepartmentId::from_uuid(Uuid::from_u128(number))
    }

    fn organization(counteragents_only: bool) -> Organization {
        Organization {
            org_id: OrgId::ZERO,
            box_id: BoxId::ZERO,
            inn: "7700000000".to_owned(),
            kpp: None,
            full_name: "ООО".to_owned(),
            short_name: "ООО".to_owned(),
            ogrn: None,
            ifns_code: None,
            address: None,
            foreign_code: None,
            fns_participant_id: "2BM-1".to_owned(),
            counteragents_only,
            is_test: false,
            encrypts: false,
            restrictions: crate::directory::Restrictions::default(),
            is_suspended: false,
            is_roaming: false,
            departments: vec![Department::new(id(1), HEAD, "Продажи", Ticks::new(0))],
        }
    }

    #[test]
    fn who_may_write_to_some_departments_only_is_led_there() {
        let organization = organization(false);
        let led = |departments: GroupDepartments, asked| {
            Reception { departments, ..Reception::default() }.admit(&organization, asked, false)
        };
        let only = |ids: &[u128]| Some(ids.iter().copied().map(id).collect::<BTreeSet<_>>());
        assert_eq!(led(None, None), Ok(None));
        assert_eq!(led(None, Some(id(1))), Ok(Some(id(1))));
        assert_eq!(led(only(&[1]), None), Ok(Some(id(1))));
        assert_eq!(led(only(&[1]), Some(id(1))), Ok(Some(id(1))));
        assert_eq!(led(only(&[1]), Some(HEAD)), Err(NotTaken::ThereOf(HEAD)));
        // The other one was deleted.
        assert_eq!(led(only(&[1, 2]), None), Ok(Some(id(1))));
        assert_eq!(led(only(&[2]), None), Ok(Some(HEAD)));
        assert_eq!(led(only(&[2]), Some(HEAD)), Ok(Some(HEAD)));
        assert_eq!(led(only(&[2]), Some(id(1))), Err(NotTaken::ThereOf(id(1))));
    }

    #[test]
    fn strangers_and_blocked_senders_are_taken_as_the_recipient_says() {
        use Status::{InvitesMe, IsInvitedByMe, IsMyCounteragent, IsRejectedByMe, RejectsMe};
        let taken = |status, counteragents_only, partners_only, is_invitation| {
            let takes = Reception { status, partners_only, ..Reception::default() };
            takes.admit(&organization(counteragents_only), None, is_invitation).map(drop)
        };
        for (counteragents_only, partners_only) in [(true, false), (false, true), (true, true)] {
            assert_eq!(taken(Some(IsMyCounteragent), counteragents_only, partners_only, false), Ok(()));
            for status in [None, Some(InvitesMe), Some(IsInvitedByMe), Some(RejectsMe), Some(IsRejectedByMe)]
            {
                let taken = |is_invitation| taken(status, counteragents_only, partners_only, is_invitation);
                assert_eq!((taken(false), taken(true)), (Err(NotTaken::FromStrangers), Ok(())), "{status:?}");
            }
        }
        for status in [None, Some(IsMyCounteragent), Some(InvitesMe), Some(IsInvitedByMe), Some(RejectsMe)] {
            assert_eq!(taken(status, false, false, false), Ok(()), "{status:?}");
        }
        assert_eq!(taken(Some(IsRejectedByMe), false, false, false), Err(NotTaken::FromBlocked));
        assert_eq!(taken(Some(IsRejectedByMe), false, false, true), Ok(()));
    }
}
