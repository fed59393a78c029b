//! `GetMyPermissions`: what an employee may do.

use potok_domain::directory::{AccessLevel, Employee};
use potok_wire::proto::{AuthorizationPermission, OrganizationUserPermissions};

/// `OrganizationUserPermissions`. Departments are listed only where access is given department by department.
pub fn answer(employee: &Employee) -> OrganizationUserPermissions {
    let permissions = &employee.permissions;
    let selected = match permissions.access {
        AccessLevel::SelectedDepartments => &permissions.selected_departments[..],
        AccessLevel::DepartmentOnly
        | AccessLevel::DepartmentAndSubdepartments
        | AccessLevel::AllDocuments => &[],
    };
    OrganizationUserPermissions {
        user_department_id: permissions.department.to_string(),
        is_administrator: permissions.is_administrator,
        document_access_level: Some(permissions.access as i32),
        can_sign_documents: permissions.can_sign_documents,
        can_manage_counteragents: permissions.can_manage_counteragents,
        can_add_resolutions: permissions.can_add_resolutions,
        can_request_resolutions: permissions.can_request_resolutions,
        selected_department_ids: selected.iter().map(ToString::to_string).collect(),
        job_title: Some(employee.position.clone()),
        can_create_documents: permissions.can_create_documents,
        authorization_permission: AuthorizationPermission {
            is_blocked: permissions.is_blocked,
            comment: permissions.block_comment.clone(),
        },
        can_delete_restore_documents: permissions.can_delete_restore_documents,
        can_attach_universal_messages: permissions.can_attach_universal_messages,
        can_use_goskey_fl: Some(permissions.can_use_goskey),
    }
}
