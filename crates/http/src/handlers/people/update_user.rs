//! `POST /UpdateMyUser`.

use potok_api::methods::UpdateMyUser;
use potok_translate::directory;
use potok_translate::read::users;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<UpdateMyUser, _>(v1);
}

async fn v1(mut call: Call<UpdateMyUser>) -> Result<Answer, ApiError> {
    let patch = users::patch(std::mem::take(&mut call.body));
    let user = call.people().update_my_user(&call.permit, patch).await?;
    Ok(call.answer(&directory::user_v2(&user)))
}
