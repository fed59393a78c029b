//! `GET /GetResolutionRoutes`, `GET /GetResolutionRoutesForOrganization`.

use potok_api::methods::{GetResolutionRoutes, GetResolutionRoutesForOrganization};
use potok_app::OrganizationQuery;
use potok_translate::directory;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

pub(super) async fn of_box(call: Call<GetResolutionRoutes>) -> Result<Answer, ApiError> {
    let actor = call.actor(call.query.box_id).await?;
    let routes = call.people().resolution_routes(actor.box_id()).await?;
    Ok(call.answer(&directory::resolution_routes(&routes)))
}

pub(super) async fn of_organization(
    call: Call<GetResolutionRoutesForOrganization>,
) -> Result<Answer, ApiError> {
    let organization = call.people().get_organization(&OrganizationQuery::Org(call.query.org_id)).await?;
    let actor = call.actor(organization.box_id).await?;
    let routes = call.people().resolution_routes(actor.box_id()).await?;
    Ok(call.answer(&directory::resolution_routes(&routes)))
}
