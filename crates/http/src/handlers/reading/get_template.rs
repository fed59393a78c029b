//! `GET /GetTemplate`: a template as it stands now, in the older structure.

use potok_api::methods::GetTemplate;
use potok_translate::view::{self, MessageVersion, MessageView};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetTemplate, _>(v1);
}

async fn v1(call: Call<GetTemplate>) -> Result<Answer, ApiError> {
    let entity = call.query.entity_id;
    let found = call.reading().get_template(&call.permit, call.query.template_id, entity).await?;
    let view = MessageView { entity, ..MessageView::whole(MessageVersion::V6) };
    let budget = super::message_budget(true);
    let (shown, _) = super::filled(call.reading(), &call.permit, budget, |contents| {
        view::message_without_links(view::message(&found.state, &view, contents), &found.hidden)
    })
    .await?;
    let template = view::template(shown).ok_or_else(ApiError::internal)?;
    Ok(call.answer(&template))
}
