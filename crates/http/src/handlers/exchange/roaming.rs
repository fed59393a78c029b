//! `POST /PostRoamingNotification`: what another operator says of its delivery.

use potok_api::Empty;
use potok_api::methods::PostRoamingNotification;
use potok_translate::post;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PostRoamingNotification, _>(report);
}

async fn report(mut call: Call<PostRoamingNotification>) -> Result<Answer, ApiError> {
    let report = post::roaming_report(std::mem::take(&mut call.body))?;
    call.exchange().post_roaming_notification(&call.permit, report).await?;
    Ok(call.answer(&Empty))
}
