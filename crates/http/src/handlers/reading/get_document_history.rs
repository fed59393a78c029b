//! `GET /GetDocumentHistory`: what happened to a document.

use potok_api::methods::GetDocumentHistory;
use potok_translate::ContentBudget;
use potok_translate::answers::document_history::{self, Embed, History};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocumentHistory, _>(v1);
}

async fn v1(call: Call<GetDocumentHistory>) -> Result<Answer, ApiError> {
    let (message, document) = (call.query.message_id, call.query.entity_id);
    let embed = Embed::read(&call.query.embed)?;
    let found = call.reading().get_document_history(&call.permit, message, document).await?;
    let amendments: Vec<_> = found.referrers.iter().map(|(state, id)| (&**state, *id)).collect();
    let (state, amendments, reader) = (&*found.state, &amendments[..], &*call.permit.employee);
    let potok_app::DocumentHistoryAnswer { events, people, organizations, routes, .. } = &found;
    let template = found.template.as_ref().map(|(state, id)| (&**state, *id));
    let history =
        History { state, document, events, amendments, template, people, organizations, routes, reader };
    let budget = if embed.wants_contents() { ContentBudget::MESSAGE } else { ContentBudget::Nothing };
    let shown = super::with_contents(call.reading(), &call.permit, budget, |contents| {
        document_history::answer(&history, embed, contents)
    });
    let shown = shown.await?.ok_or(potok_app::Missing::Document { message, document })?;
    call.answer_long(shown).await
}
