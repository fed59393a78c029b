//! What happens to organizations, departments and people: the events of the directory.
//!
//! Each box has one stream of them, and the box zero has the one about users. An event holds what it is about as it stands
//! afterwards, so rows follow from the last event about each.

use potok_types::{BoxId, DepartmentId, EventId, PowerId, RouteId, Ticks, UserId};

use super::{AccessRequest, Department, Employee, EmployeePower, Organization, ResolutionRoute, User};

/// The box in whose stream users are told of: they belong to no organization.
pub const USERS_BOX: BoxId = BoxId::ZERO;

/// One change, with who made it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEvent {
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Ticks,
    /// Who made it; `None`: whoever administers the server.
    pub author: Option<UserId>,
    /// What it was.
    pub kind: DirectoryEventKind,
    /// What there is afterwards.
    pub change: DirectoryChange,
}

/// What stands in the directory after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryChange {
    /// The organization, whose departments are told of on their own.
    Organization(Box<Organization>),
    /// A department.
    Department(Box<Department>),
    /// There is no such department any more.
    NoDepartment(DepartmentId),
    /// A person in the organization.
    Employee(Box<Employee>),
    /// The user is no employee any more.
    NoEmployee(UserId),
    /// A route of approval.
    Route(ResolutionRoute),
    /// There is no such route any more.
    NoRoute(RouteId),
    /// Somebody wants to be an employee. No row stands for it.
    AccessRequest {
        /// The user who wants it.
        user: UserId,
        /// What became of it.
        request: AccessRequest,
    },
    /// A user: in the stream of users, and where somebody unknown is employed.
    User(User),
    /// A power of attorney that an employee has at hand.
    Power(Box<EmployeePower>),
    /// The user has no such power at hand any more.
    NoPower(UserId, PowerId),
}

/// What happened. The numbers are stored and never given anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum DirectoryEventKind {
    OrganizationCreated = 1,
    OrganizationChanged = 2,
    BoxSuspended = 3,
    BoxResumed = 4,
    DepartmentCreated = 5,
    DepartmentChanged = 6,
    DepartmentDeleted = 7,
    EmployeeCreated = 8,
    EmployeeChanged = 9,
    EmployeeBlocked = 10,
    EmployeeUnblocked = 11,
    EmployeeDeleted = 12,
    RouteCreated = 13,
    RouteChanged = 14,
    RouteDeleted = 15,
    UserCreated = 16,
    UserChanged = 17,
    UserBlocked = 18,
    UserUnblocked = 19,
    AccessRequested = 20,
    AccessDeclined = 21,
    PowerAttached = 22,
    PowerChanged = 23,
    PowerDetached = 24,
}

impl DirectoryEventKind {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::OrganizationCreated,
        Self::OrganizationChanged,
        Self::BoxSuspended,
        Self::BoxResumed,
        Self::DepartmentCreated,
        Self::DepartmentChanged,
        Self::DepartmentDeleted,
        Self::EmployeeCreated,
        Self::EmployeeChanged,
        Self::EmployeeBlocked,
        Self::EmployeeUnblocked,
        Self::EmployeeDeleted,
        Self::RouteCreated,
        Self::RouteChanged,
        Self::RouteDeleted,
        Self::UserCreated,
        Self::UserChanged,
        Self::UserBlocked,
        Self::UserUnblocked,
        Self::AccessRequested,
        Self::AccessDeclined,
        Self::PowerAttached,
        Self::PowerChanged,
        Self::PowerDetached,
    ];

    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// Of an organization that is `after` now and was `before`.
    pub fn of_organization(before: Option<&Organization>, after: &Organization) -> Self {
        match before {
            None => Self::OrganizationCreated,
            Some(before) if before.is_suspended == after.is_suspended => Self::OrganizationChanged,
            Some(_) if after.is_suspended => Self::BoxSuspended,
            Some(_) => Self::BoxResumed,
        }
    }

    /// Of an employee who is `after` now and was `before`.
    pub fn of_employee(before: Option<&Employee>, after: &Employee) -> Self {
        let is_blocked = after.permissions.is_blocked;
        match before {
            None => Self::EmployeeCreated,
            Some(before) if before.permissions.is_blocked == is_blocked => Self::EmployeeChanged,
            Some(_) if is_blocked => Self::EmployeeBlocked,
            Some(_) => Self::EmployeeUnblocked,
        }
    }

    /// Of a user who is `after` now and was `before`.
    pub fn of_user(before: Option<&User>, after: &User) -> Self {
        match before {
            None => Self::UserCreated,
            Some(before) if before.is_blocked == after.is_blocked => Self::UserChanged,
            Some(_) if after.is_blocked => Self::UserBlocked,
            Some(_) => Self::UserUnblocked,
        }
    }
}

/// A change that somebody wants made: what happened, and what there is afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryWish {
    /// What happened.
    pub kind: DirectoryEventKind,
    /// What there is afterwards.
    pub change: DirectoryChange,
}

impl DirectoryWish {
    /// The organization is `after` now.
    pub fn organization(before: Option<&Organization>, after: Organization) -> Self {
        let kind = DirectoryEventKind::of_organization(before, &after);
        let after = Organization { departments: Vec::new(), ..after };
        Self { kind, change: DirectoryChange::Organization(Box::new(after)) }
    }

    /// The department, which was there before or not, is `after` now.
    pub fn department(is_new: bool, after: Department) -> Self {
        let kind = match is_new {
            true => DirectoryEventKind::DepartmentCreated,
            false => DirectoryEventKind::DepartmentChanged,
        };
        Self { kind, change: DirectoryChange::Department(Box::new(after)) }
    }

    /// The employee is `after` now.
    pub fn employee(before: Option<&Employee>, after: Employee) -> Self {
        let kind = DirectoryEventKind::of_employee(before, &after);
        Self { kind, change: DirectoryChange::Employee(Box::new(after)) }
    }

    /// The user is `after` now.
    pub fn user(before: Option<&User>, after: User) -> Self {
        Self { kind: DirectoryEventKind::of_user(before, &after), change: DirectoryChange::User(after) }
    }

    /// The route, which was there before or not, is `after` now.
    pub const fn route(is_new: bool, after: ResolutionRoute) -> Self {
        let kind = match is_new {
            true => DirectoryEventKind::RouteCreated,
            false => DirectoryEventKind::RouteChanged,
        };
        Self { kind, change: DirectoryChange::Route(after) }
    }

    /// There is no department `id` any more.
    pub const fn no_department(id: DepartmentId) -> Self {
        Self { kind: DirectoryEventKind::DepartmentDeleted, change: DirectoryChange::NoDepartment(id) }
    }

    /// `user` is no employee any more.
    pub const fn no_employee(user: UserId) -> Self {
        Self { kind: DirectoryEventKind::EmployeeDeleted, change: DirectoryChange::NoEmployee(user) }
    }

    /// Somebody wants to be an employee.
    pub const fn access_request(user: UserId, request: AccessRequest) -> Self {
        let kind = match request {
            AccessRequest::Pending => DirectoryEventKind::AccessRequested,
            AccessRequest::Declined => DirectoryEventKind::AccessDeclined,
        };
        Self { kind, change: DirectoryChange::AccessRequest { user, request } }
    }

    /// The power of attorney, which the employee had at hand before or not, is `after` now.
    pub fn power(is_new: bool, after: EmployeePower) -> Self {
        let kind = match is_new {
            true => DirectoryEventKind::PowerAttached,
            false => DirectoryEventKind::PowerChanged,
        };
        Self { kind, change: DirectoryChange::Power(Box::new(after)) }
    }

    /// `user` has the power `number` at hand no more.
    pub const fn no_power(user: UserId, number: PowerId) -> Self {
        Self { kind: DirectoryEventKind::PowerDetached, change: DirectoryChange::NoPower(user, number) }
    }

    /// There is no route `id` any more.
    pub const fn no_route(id: RouteId) -> Self {
        Self { kind: DirectoryEventKind::RouteDeleted, change: DirectoryChange::NoRoute(id) }
    }
}
