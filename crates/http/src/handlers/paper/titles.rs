//! Making titles of the data of programs, and taking them apart.

use potok_api::methods::{
    GenerateRecipientTitleXml, GenerateSenderTitleXml, GenerateTitleXml, ParseTitleXml,
};
use potok_app::{TitleKind, TitleSources};

use super::generation::file;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateTitleXml, _>(generate);
    all.on::<GenerateSenderTitleXml, _>(generate_first);
    all.on::<GenerateRecipientTitleXml, _>(generate_second);
    all.on::<ParseTitleXml, _>(parse);
}

async fn generate(call: Call<GenerateTitleXml>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let wanted = TitleKind::new(
        &query.document_type_named_id,
        &query.document_function,
        &query.document_version,
        query.title_index,
    )?;
    let sources = TitleSources::new(query.letter_id.zip(query.document_id), query.disable_validation);
    let sources = sources.to_edit(&wanted, query.editing_setting_id.as_deref())?;
    file(&call, call.paper().generate_title(&call.permit, &wanted, sources, &call.body.0).await?)
}

async fn generate_first(call: Call<GenerateSenderTitleXml>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let (function, version) = (&query.document_function, &query.document_version);
    let wanted = TitleKind::new(&query.document_type_named_id, function, version, 0)?;
    let sources = TitleSources::new(None, query.disable_validation);
    let sources = sources.to_edit(&wanted, query.editing_setting_id.as_deref())?;
    file(&call, call.paper().generate_title(&call.permit, &wanted, sources, &call.body.0).await?)
}

async fn generate_second(call: Call<GenerateRecipientTitleXml>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let answered = (query.sender_title_message_id, query.sender_title_attachment_id);
    let version = query.document_version.as_deref();
    let made = call.paper().generate_recipient_title(&call.permit, answered, version, &call.body.0);
    file(&call, made.await?)
}

async fn parse(call: Call<ParseTitleXml>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let wanted = TitleKind::reading(
        &query.document_type_named_id,
        &query.document_function,
        &query.document_version,
        query.title_index,
    )?;
    Ok(call.ready(call.paper().parse_title(&call.permit, &wanted, &call.body.0).await?))
}
