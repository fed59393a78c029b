//! `GET /V4/GetMessage` to `GET /V6/GetMessage`: a message as it stands now.

use potok_api::Endpoint;
use potok_api::methods::{GetMessageQuery, GetMessageV4, GetMessageV5, GetMessageV6};
use potok_app::{Actor, Shows};
use potok_translate::view::{self, MessageVersion, MessageView};
use potok_types::MessageId;
use potok_types::access::NamedDocuments;
use potok_wire::proto::events::Message;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetMessageV4, _>(v4);
    all.on::<GetMessageV5, _>(v5);
    all.on::<GetMessageV6, _>(v6);
}

async fn v4(call: Call<GetMessageV4>) -> Result<Answer, ApiError> {
    message(call, MessageVersion::V4).await
}

async fn v5(call: Call<GetMessageV5>) -> Result<Answer, ApiError> {
    message(call, MessageVersion::V5).await
}

async fn v6(call: Call<GetMessageV6>) -> Result<Answer, ApiError> {
    message(call, MessageVersion::V6).await
}

async fn message<E>(call: Call<E>, version: MessageVersion) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = GetMessageQuery, Access = NamedDocuments, Response = Message>,
{
    let GetMessageQuery {
        box_id: _,
        message_id,
        entity_id: entity,
        original_signature,
        inject_entity_content,
    } = call.query;
    let found = call.reading().get_message(&call.permit, message_id, entity, shows(version)).await?;
    let view = MessageView { entity, original_signature, version };
    let budget = super::message_budget(inject_entity_content.unwrap_or(false));
    let (shown, is_whole) = super::filled(call.reading(), &call.permit, budget, |contents| {
        view::message_without_links(view::message(&found.state, &view, contents), &found.hidden)
    })
    .await?;
    Ok(of_message(call.answer_long(shown).await?, &call.permit, message_id).again_if(is_whole))
}

const fn shows(version: MessageVersion) -> Shows {
    Shows { deleted: version.shows_deleted(), templates: version.shows_templates() }
}

/// Who does not see everything is not told of some documents of other messages, whatever happens to those.
fn of_message(answer: Answer, actor: &Actor, message: MessageId) -> Answer {
    if actor.scope.sees_all() { answer.of_messages([message]) } else { answer.of_box() }
}
