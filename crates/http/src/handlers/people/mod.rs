//! Who takes part: organizations, their boxes, their people, their routes of approval.

mod organizations;
mod refusals;
mod resolution_routes;

use potok_api::methods::{
    GetBox, GetMyOrganizations, GetMyUserV2, GetOrganization, GetOrganizationsByInnKpp, GetResolutionRoutes,
    GetResolutionRoutesForOrganization,
};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    all.on::<GetBox, _>(organizations::get_box);
    all.on::<GetMyOrganizations, _>(organizations::get_my_organizations);
    all.on::<GetMyUserV2, _>(organizations::get_my_user);
    all.on::<GetOrganization, _>(organizations::get_organization);
    all.on::<GetOrganizationsByInnKpp, _>(organizations::get_organizations_by_inn_kpp);
    all.on::<GetResolutionRoutes, _>(resolution_routes::of_box);
    all.on::<GetResolutionRoutesForOrganization, _>(resolution_routes::of_organization);
}
