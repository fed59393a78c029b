//! Who and what the items speak of: authors, boxes, departments.

use std::collections::BTreeSet;

use potok_domain::directory::Organization;
use potok_types::UserId;
use potok_wire::proto::documents::document_history as wire;

use super::History;
use crate::directory;

/// A person of this box. Whether it is he or she is not kept.
pub(super) fn author(history: &History<'_>, id: UserId) -> wire::HistoryAuthor {
    let known = history.people.iter().find(|(user, _)| user.id == id);
    wire::HistoryAuthor {
        user_id: Some(id.to_string()),
        display_name: known.map(|(user, _)| user.full_name()),
        gender: Some(wire::HistoryGender::UnknownHistoryGender as i32),
        position: known.map(|(_, position)| position.clone()),
    }
}

/// The boxes that take part, and the departments of this box that the items name.
pub(super) fn data(
    history: &History<'_>,
    items: &[wire::DocumentHistoryItem],
) -> Option<wire::DocumentHistoryReferenceData> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for item in items {
        named.extend(item.department_id.as_deref());
        let Some(payload) = &item.payload else { continue };
        named.extend(payload.moved.as_ref().and_then(|moved| moved.target_department_id.as_deref()));
        let asked = payload.resolution_requested.as_ref().and_then(|asked| asked.request.as_ref());
        named.extend(asked.and_then(|request| request.target.department_id.as_deref()));
        let stage = payload.resolution_route_actions.as_ref().and_then(|stage| stage.target.as_ref());
        named.extend(stage.and_then(|target| target.department_id.as_deref()));
    }
    let own = history.organizations.iter().find(|known| known.box_id == history.state.box_id);
    let departments = own.into_iter().flat_map(|own| {
        let found = own.departments.iter().filter(|department| named.contains(&*department.id.to_string()));
        found.map(|department| wire::HistoryDepartmentReference {
            box_id: own.box_id.to_string(),
            department: directory::department(department),
        })
    });
    Some(wire::DocumentHistoryReferenceData {
        departments: departments.collect(),
        boxes: history.organizations.iter().map(owner).collect(),
    })
}

fn owner(organization: &Organization) -> wire::HistoryOrganizationBoxReference {
    wire::HistoryOrganizationBoxReference {
        box_id: organization.box_id.to_string(),
        box_title: organization.short_name.clone(),
        organization_id: organization.org_id.to_string(),
        organization_inn: organization.inn.clone(),
        organization_kpp: organization.kpp.clone(),
        organization_full_name: organization.full_name.clone(),
        organization_short_name: Some(organization.short_name.clone()),
    }
}
