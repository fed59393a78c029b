//! Departments, as the methods of administrators show them.

use potok_domain::directory::{Department, Organization};
use potok_types::DepartmentId;
use potok_wire::proto::departments::{self, DepartmentList, Routing};
use potok_wire::proto::{self, Timestamp};

use crate::address;

/// `Departments.Department`.
pub fn department(department: &Department) -> departments::Department {
    departments::Department {
        id: department.id.to_string(),
        parent_department_id: Some(department.parent.to_string()),
        name: department.name.clone(),
        abbreviation: department.abbreviation.clone(),
        kpp: department.kpp.clone(),
        address: department.address.as_ref().map(address::shown),
        routing: Routing { kpp: department.routing.by_kpp, address: department.routing.by_address },
        creation_timestamp: Timestamp { ticks: department.created_at.get() },
    }
}

/// The head, which is the organization itself and was there before every time.
pub fn head(organization: &Organization) -> departments::Department {
    departments::Department {
        id: DepartmentId::ZERO.to_string(),
        parent_department_id: None,
        name: organization.short_name.clone(),
        abbreviation: String::new(),
        kpp: organization.kpp.clone(),
        address: organization.address.as_ref().map(address::shown),
        routing: Routing { kpp: false, address: false },
        creation_timestamp: Timestamp { ticks: 0 },
    }
}

/// The department `id` of `organization`, the head too.
pub fn named(organization: &Organization, id: DepartmentId) -> Option<departments::Department> {
    match id {
        DepartmentId::ZERO => Some(head(organization)),
        _ => organization.department(id).map(department),
    }
}

/// `DepartmentList`: the head first, then the others in the order in which they were made; of these `limit` behind the first
/// `offset`.
pub fn list(organization: &Organization, offset: usize, limit: usize) -> DepartmentList {
    let all = std::iter::once(None).chain(organization.departments.iter().map(Some));
    let page = all.skip(offset).take(limit);
    DepartmentList {
        departments: page.map(|it| it.map_or_else(|| head(organization), department)).collect(),
        total_count: (1 + organization.departments.len()).try_into().unwrap_or(i32::MAX),
    }
}

/// The small `Department` of any organization, the head too: it has no parent.
pub fn small(organization: &Organization, id: DepartmentId) -> Option<proto::Department> {
    match id {
        DepartmentId::ZERO => Some(proto::Department {
            department_id: id.to_string(),
            parent_department_id: String::new(),
            name: organization.short_name.clone(),
            abbreviation: Some(String::new()),
            kpp: organization.kpp.clone(),
            address: organization.address.as_ref().map(address::shown),
            ..proto::Department::default()
        }),
        _ => organization.department(id).map(crate::directory::department),
    }
}
