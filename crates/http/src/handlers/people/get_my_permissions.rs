//! `GET /GetMyPermissions`: what the caller may do in an organization.

use potok_api::methods::GetMyPermissions;
use potok_translate::answers::my_permissions;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetMyPermissions, _>(v1);
}

async fn v1(call: Call<GetMyPermissions>) -> Result<Answer, ApiError> {
    Ok(call.answer(&my_permissions::answer(&call.permit.employee)))
}
