//! `POST /UpdateOrganizationProperties`.

use potok_api::Empty;
use potok_api::methods::UpdateOrganizationProperties;
use potok_translate::read::organization;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<UpdateOrganizationProperties, _>(v1);
}

async fn v1(mut call: Call<UpdateOrganizationProperties>) -> Result<Answer, ApiError> {
    let patch = organization::patch(std::mem::take(&mut call.body))?;
    call.people().update_organization(&call.permit, patch).await?;
    Ok(call.answer(&Empty))
}
