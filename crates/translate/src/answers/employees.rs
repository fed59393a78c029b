//! Employees, as the methods about them show them.

use potok_domain::directory::{AccessLevel, Employee, EmployeeAction, Subscription, User};
use potok_wire::proto::employees::subscriptions::{EmployeeSubscriptions, Subscription as ShownSubscription};
use potok_wire::proto::employees::{self, EmployeeList, EmployeePermissions};
use potok_wire::proto::{AuthorizationPermission, OrganizationUser, OrganizationUsersList, Timestamp};

use super::my_permissions;
use crate::directory::user_v2;

/// `Employee`.
pub fn employee(user: &User, employee: &Employee) -> employees::Employee {
    employees::Employee {
        user: user_v2(user),
        permissions: permissions(employee),
        position: employee.position.clone(),
        can_be_invited_for_chat: employee.can_be_invited_for_chat,
        creation_timestamp: Some(Timestamp { ticks: employee.created_at.get() }),
    }
}

/// Departments are listed only where access is given department by department.
fn permissions(employee: &Employee) -> EmployeePermissions {
    let may = &employee.permissions;
    let selected = match may.access {
        AccessLevel::SelectedDepartments => &may.selected_departments[..],
        _ => &[],
    };
    let action = |action: EmployeeAction| employees::EmployeeAction {
        name: action.name().to_owned(),
        is_allowed: action.is_allowed(may),
    };
    EmployeePermissions {
        user_department_id: may.department.to_string(),
        is_administrator: may.is_administrator,
        document_access_level: may.access as i32,
        selected_department_ids: selected.iter().map(ToString::to_string).collect(),
        actions: EmployeeAction::ALL.into_iter().map(action).collect(),
        authorization_permission: Some(AuthorizationPermission {
            is_blocked: may.is_blocked,
            comment: may.block_comment.clone(),
        }),
    }
}

/// `EmployeeList`: some of `total`.
pub fn list<'a>(people: impl IntoIterator<Item = (&'a User, &'a Employee)>, total: u64) -> EmployeeList {
    EmployeeList {
        employees: people.into_iter().map(|(user, found)| employee(user, found)).collect(),
        total_count: total.try_into().unwrap_or(i32::MAX),
    }
}

/// `OrganizationUsersList`, asked for by `caller`.
pub fn users<'a>(
    people: impl IntoIterator<Item = (&'a User, &'a Employee)>,
    caller: &User,
) -> OrganizationUsersList {
    let user = |(user, employee): (&User, &Employee)| OrganizationUser {
        id: user.id.to_string(),
        name: user.full_name(),
        permissions: my_permissions::answer(employee),
        position: employee.position.clone(),
    };
    OrganizationUsersList {
        users: people.into_iter().map(user).collect(),
        current_user_id: caller.id.to_string(),
    }
}

/// `EmployeeSubscriptions`: all of them, also those that nobody spoke of.
pub fn subscriptions(employee: &Employee) -> EmployeeSubscriptions {
    let shown = |what: Subscription| ShownSubscription {
        id: what.id().to_owned(),
        is_subscribed: employee.unsubscribed.wants(what),
    };
    EmployeeSubscriptions { subscriptions: Subscription::ALL.into_iter().map(shown).collect() }
}
