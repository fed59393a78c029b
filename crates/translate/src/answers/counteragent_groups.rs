//! The answers about groups of counteragents.

use potok_domain::relation::Group;
use potok_types::BoxId;
use potok_wire::proto::counteragent_groups::{
    CounteragentFromGroupResponse, CounteragentGroup, CounteragentGroupsList, DepartmentsInGroup,
};

/// `CounteragentGroup`. Without `Departments` its members may write to any.
pub fn group(group: &Group) -> CounteragentGroup {
    let departments = group.departments.as_ref().map(|departments| DepartmentsInGroup {
        department_ids: departments.iter().map(ToString::to_string).collect(),
    });
    CounteragentGroup { counteragent_group_id: group.id.to_string(), name: group.name.clone(), departments }
}

/// `CounteragentGroupsList`: a page of all groups.
pub fn groups(page: &[Group], total: usize) -> CounteragentGroupsList {
    CounteragentGroupsList {
        groups: page.iter().map(group).collect(),
        total_count: i32::try_from(total).unwrap_or(i32::MAX),
    }
}

/// `CounteragentFromGroupResponse`: a page of the members of a group.
pub fn members(boxes: &[BoxId], total: u64, after: Option<String>) -> CounteragentFromGroupResponse {
    CounteragentFromGroupResponse {
        counteragent_box_id: boxes.iter().map(|box_id| box_id.guid()).collect(),
        total_count: i32::try_from(total).unwrap_or(i32::MAX),
        after_index_key: after,
    }
}
