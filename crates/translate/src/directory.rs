//! Organizations, boxes and people, as the API shows them.

use potok_domain::directory::{Department, Organization, ResolutionRoute, User};
use potok_wire::proto;
use potok_wire::proto::{
    ForeignInformation, OrganizationType, ReadyForEpdStatus, ResolutionRouteList, Sociability,
};

use crate::address;

/// Digits of the taxpayer number of a legal entity; an individual's has 12.
const LEGAL_ENTITY_INN_DIGITS: usize = 10;

/// What a method shows of an organization besides its own data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrganizationView {
    /// Whether the caller works there; only `GetMyOrganizations` says it.
    pub is_employee: Option<bool>,
    /// Leave the departments out, as the lists of counteragents do.
    pub without_departments: bool,
    /// How many invitations wait for its answer; only `GetOrganizationsByInnKpp` says it, when asked for relations.
    pub invitations: Option<u64>,
}

impl OrganizationView {
    /// As `GetMyOrganizations` shows it.
    pub const MINE: Self = Self { is_employee: Some(true), without_departments: false, invitations: None };
}

/// `Organization`, with its box and the departments below the head.
pub fn organization(organization: &Organization, view: OrganizationView) -> proto::Organization {
    let departments: &[Department] = if view.without_departments { &[] } else { &organization.departments };
    let kind = match organization.inn.len() {
        LEGAL_ENTITY_INN_DIGITS => OrganizationType::Juridical,
        _ => OrganizationType::Individual,
    };
    let sociability = match organization.counteragents_only {
        true => Sociability::CounteragentsOnly,
        false => Sociability::AllOrganizations,
    };
    proto::Organization {
        org_id: organization.org_id.to_string(),
        inn: organization.inn.clone(),
        // Clients read it of everybody, also of individuals, who have none.
        kpp: Some(organization.kpp.clone().unwrap_or_default()),
        full_name: organization.full_name.clone(),
        short_name: Some(organization.short_name.clone()),
        joined_diadoc_treaty: Some(!organization.is_test),
        boxes: vec![bare_box(organization)],
        ogrn: organization.ogrn.clone(),
        ifns_code: organization.ifns_code.clone(),
        liquidation_date: organization.restrictions.liquidated_on.as_deref().map(as_russian),
        address: organization.address.as_ref().map(address::shown),
        fns_participant_id: Some(organization.fns_participant_id.clone()),
        departments: departments.iter().map(department).collect(),
        is_pilot: Some(false),
        is_active: Some(true),
        is_test: Some(organization.is_test),
        is_branch: Some(false),
        is_roaming: Some(organization.is_roaming),
        is_employee: view.is_employee,
        invitation_count: view.invitations.map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
        sociability: sociability as i32,
        is_foreign: Some(organization.foreign_code.is_some()),
        foreign_information: organization.foreign_code.as_ref().map(|code| ForeignInformation {
            foreign_taxpayer_code: code.clone(),
            ..ForeignInformation::default()
        }),
        organization_type: kind as i32,
        // Whether an organization takes part in the exchange of transport documents is not kept.
        ready_for_epd_status: ReadyForEpdStatus::UndefinedEpdStatus as i32,
        ..proto::Organization::default()
    }
}

/// `DD.MM.YYYY`, as dates stand in the API.
fn as_russian(date: &str) -> String {
    date.split('-').rev().collect::<Vec<_>>().join(".")
}

/// `OrganizationList`.
pub fn organization_list<'a>(
    organizations: impl IntoIterator<Item = &'a Organization>,
    view: OrganizationView,
) -> proto::OrganizationList {
    let organizations = organizations.into_iter().map(|found| organization(found, view)).collect();
    proto::OrganizationList { organizations }
}

/// `OrganizationList` with how many invitations wait for each.
pub fn organization_list_with_invitations<'a>(
    organizations: impl IntoIterator<Item = (&'a Organization, u64)>,
) -> proto::OrganizationList {
    let shown = |(found, count)| {
        organization(found, OrganizationView { invitations: Some(count), ..OrganizationView::default() })
    };
    proto::OrganizationList { organizations: organizations.into_iter().map(shown).collect() }
}

/// `Box` with its organization, as only `GetBox` shows it.
pub fn box_with_organization(owner: &Organization) -> proto::Box {
    let shown = organization(owner, OrganizationView::default());
    proto::Box { organization: Some(Box::new(shown)), ..bare_box(owner) }
}

fn bare_box(organization: &Organization) -> proto::Box {
    proto::Box {
        box_id: organization.box_id.to_string(),
        box_id_guid: organization.box_id.guid(),
        title: organization.short_name.clone(),
        encrypted_documents_allowed: organization.encrypts.then_some(true),
        ..proto::Box::default()
    }
}

/// `Department` as it stands inside an organization.
pub fn department(department: &Department) -> proto::Department {
    proto::Department {
        department_id: department.id.to_string(),
        parent_department_id: department.parent.to_string(),
        name: department.name.clone(),
        abbreviation: Some(department.abbreviation.clone()),
        kpp: department.kpp.clone(),
        address: department.address.as_ref().map(address::shown),
        ..proto::Department::default()
    }
}

/// `UserV2`.
pub fn user_v2(user: &User) -> proto::UserV2 {
    proto::UserV2 {
        user_id: user.id.to_string(),
        login: Some(user.login.clone()),
        full_name: Some(proto::FullName {
            last_name: user.last_name.clone(),
            first_name: user.first_name.clone(),
            middle_name: user.middle_name.clone(),
        }),
        is_registered: user.is_registered,
    }
}

/// `User`, as the first version shows it. Nobody's keys are kept here, so there are no certificates among them.
pub fn user_v1(user: &User) -> proto::User {
    proto::User {
        id: Some(user.id.to_string()),
        last_name: Some(user.last_name.clone()),
        first_name: Some(user.first_name.clone()),
        middle_name: user.middle_name.clone(),
        cloud_certificates: Vec::new(),
    }
}

/// The answer of `GetResolutionRoutes`.
pub fn resolution_routes(routes: &[ResolutionRoute]) -> ResolutionRouteList {
    let route = |route: &ResolutionRoute| proto::ResolutionRoute {
        route_id: route.id.to_string(),
        name: route.name.clone(),
    };
    ResolutionRouteList { resolution_routes: routes.iter().map(route).collect() }
}

#[cfg(test)]
mod tests;
