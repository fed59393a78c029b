//! `GetOrganizationsByInnList`: organizations with the state of partnership.

use potok_domain::directory::Organization;
use potok_wire::proto::{
    CounteragentStatus, GetOrganizationsByInnListResponse, OrganizationWithCounteragentStatus,
};

use crate::directory::{OrganizationView, organization};

/// `GetOrganizationsByInnListResponse`. Who asks for no box has no counteragents.
pub fn answer(found: &[Organization]) -> GetOrganizationsByInnListResponse {
    let shown = |one: &Organization| OrganizationWithCounteragentStatus {
        organization: organization(one, OrganizationView::default()),
        counteragent_status: Some(CounteragentStatus::NotInCounteragentList as i32),
        ..OrganizationWithCounteragentStatus::default()
    };
    GetOrganizationsByInnListResponse { organizations: found.iter().map(shown).collect() }
}
