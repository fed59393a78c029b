//! `GET /GetResolutionRoutes`, `GET /GetResolutionRoutesForOrganization`.

use potok_api::methods::{GetResolutionRoutes, GetResolutionRoutesForOrganization};
use potok_translate::directory;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetResolutionRoutes, _>(of_box);
    all.on::<GetResolutionRoutesForOrganization, _>(of_organization);
}

async fn of_box(call: Call<GetResolutionRoutes>) -> Result<Answer, ApiError> {
    let routes = call.people().resolution_routes(&call.permit).await?;
    Ok(call.answer(&directory::resolution_routes(&routes)))
}

async fn of_organization(call: Call<GetResolutionRoutesForOrganization>) -> Result<Answer, ApiError> {
    let routes = call.people().resolution_routes(&call.permit).await?;
    Ok(call.answer(&directory::resolution_routes(&routes)))
}
