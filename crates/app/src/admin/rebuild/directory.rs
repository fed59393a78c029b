//! Rows of the directory against the last event about each of them. What has no events (it is older than they are) is left as
//! it is.

use std::collections::BTreeMap;

use potok_domain::Revision;
use potok_domain::directory::{DirectoryChange, Organization, USERS_BOX};
use potok_store::{Append, AppendError, Difference, DirectoryRow, StreamAppend, StreamId};
use potok_types::{BoxId, DepartmentId, PowerId, RouteId, Ticks, UserId};

use super::{Pass, RebuildMode, Rebuilt};
use crate::core::CoreError;

/// Events that are read together.
const PAGE: u32 = 1000;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Organization,
    Department(DepartmentId),
    Employee(UserId),
    Route(RouteId),
    User(UserId),
    /// No row stands for it.
    AccessRequest(UserId),
    Power(UserId, PowerId),
}

impl Subject {
    const fn of(change: &DirectoryChange) -> Self {
        match change {
            DirectoryChange::Organization(_) => Self::Organization,
            DirectoryChange::Department(it) => Self::Department(it.id),
            DirectoryChange::NoDepartment(id) => Self::Department(*id),
            DirectoryChange::Employee(it) => Self::Employee(it.user_id),
            DirectoryChange::NoEmployee(user) => Self::Employee(*user),
            DirectoryChange::Route(it) => Self::Route(it.id),
            DirectoryChange::NoRoute(id) => Self::Route(*id),
            DirectoryChange::User(it) => Self::User(it.id),
            DirectoryChange::AccessRequest { user, .. } => Self::AccessRequest(*user),
            DirectoryChange::Power(it) => Self::Power(it.user, it.name.number),
            DirectoryChange::NoPower(user, number) => Self::Power(*user, *number),
        }
    }

    const fn difference(self) -> Difference {
        match self {
            Self::Organization => Difference::Organization,
            Self::Department(id) => Difference::Department(id),
            Self::Employee(id) => Difference::Employee(id),
            Self::Route(id) => Difference::Route(id),
            Self::User(id) | Self::AccessRequest(id) => Difference::User(id),
            Self::Power(user, number) => Difference::EmployeePower(user, number),
        }
    }
}

impl Pass<'_> {
    /// Tells of rows of the directory of the box that are not what the last event says, and puts them right.
    pub(super) async fn compare_directory(&self, box_id: BoxId, done: &mut Rebuilt) -> Result<(), CoreError> {
        let (revision, last) = self.last_events(box_id).await?;
        let mut wrong = Vec::new();
        for (subject, (at, change)) in last {
            if !self.is_as_told(box_id, &change).await? {
                wrong.push((subject, DirectoryRow { change, at, password_hash: None, certificate: None }));
            }
        }
        let differences: Vec<Difference> = wrong.iter().map(|(subject, _)| subject.difference()).collect();
        self.tell(box_id, None, &differences, done);
        if self.mode == RebuildMode::Check || wrong.is_empty() {
            return Ok(());
        }
        let directory = wrong.into_iter().map(|(_, row)| row).collect();
        let stream = StreamId::directory(box_id);
        let rows = StreamAppend { directory, ..StreamAppend::new(stream, revision, Vec::new()) };
        match self.journal.append(Append::new(box_id, vec![rows])).await {
            // Somebody changed the directory meanwhile, and the rows with it: the next pass looks again.
            Ok(_) | Err(AppendError::Stale { .. } | AppendError::LoginTaken(_)) => Ok(()),
            Err(AppendError::Store(error)) => Err(error.into()),
            Err(AppendError::Repeated(_) | AppendError::LeaseLost | AppendError::Erased(_)) => Ok(()),
        }
    }

    /// The last event about each subject, and how many events there are.
    async fn last_events(
        &self,
        box_id: BoxId,
    ) -> Result<(Revision, BTreeMap<Subject, (Ticks, DirectoryChange)>), CoreError> {
        let mut last = BTreeMap::new();
        let mut revision = Revision(0);
        loop {
            let up_to = Revision(revision.0.saturating_add(PAGE));
            let events = self.journal.directory_events(box_id, revision, up_to).await?;
            if events.is_empty() {
                return Ok((revision, last));
            }
            revision.0 += u32::try_from(events.len()).unwrap_or(PAGE);
            last.extend(events.into_iter().map(|it| (Subject::of(&it.change), (it.at, it.change))));
        }
    }

    async fn is_as_told(&self, box_id: BoxId, change: &DirectoryChange) -> Result<bool, CoreError> {
        let organization = async || self.directory.organization_by_box(box_id).await;
        Ok(match change {
            DirectoryChange::Organization(it) => organization()
                .await?
                .is_some_and(|found| Organization { departments: Vec::new(), ..found } == **it),
            DirectoryChange::Department(it) => {
                organization().await?.is_some_and(|found| found.department(it.id) == Some(it))
            }
            DirectoryChange::NoDepartment(id) => {
                organization().await?.is_none_or(|found| found.department(*id).is_none())
            }
            DirectoryChange::Employee(it) => {
                let found = self.directory.member(box_id, it.user_id).await?;
                found.is_some_and(|found| found.employee == **it)
            }
            DirectoryChange::NoEmployee(user) => self.directory.member(box_id, *user).await?.is_none(),
            DirectoryChange::Route(it) => self.directory.resolution_routes(box_id).await?.contains(it),
            DirectoryChange::NoRoute(id) => {
                self.directory.resolution_routes(box_id).await?.iter().all(|found| found.id != *id)
            }
            DirectoryChange::AccessRequest { .. } => true,
            DirectoryChange::Power(it) => self.directory.employee_powers(box_id, it.user).await?.contains(it),
            DirectoryChange::NoPower(user, number) => {
                let held = self.directory.employee_powers(box_id, *user).await?;
                held.iter().all(|found| found.name.number != *number)
            }
            DirectoryChange::User(it) => {
                let found = self.directory.user(it.id).await?;
                // What became of a user after the first employment is told in the stream of users.
                found.is_some_and(|found| box_id != USERS_BOX || found == *it)
            }
        })
    }
}
