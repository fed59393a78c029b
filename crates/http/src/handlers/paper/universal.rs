//! Universal messages: made of the data of programs, and taken apart into them.

use potok_api::methods::{GenerateUniversalMessage, ParseUniversalMessage, ParseUniversalMessageXml};

use super::generation::file;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateUniversalMessage, _>(generate);
    all.on::<ParseUniversalMessage, _>(parse);
    all.on::<ParseUniversalMessageXml, _>(parse_xml);
}

async fn generate(call: Call<GenerateUniversalMessage>) -> Result<Answer, ApiError> {
    let about = (call.query.message_id, call.query.attachment_id);
    file(&call, call.paper().generate_universal_message(&call.permit, about, &call.body.0).await?)
}

async fn parse(call: Call<ParseUniversalMessage>) -> Result<Answer, ApiError> {
    let named = (call.query.message_id, call.query.attachment_id);
    let contract = call.paper().parse_universal_message(&call.permit, named).await?;
    Ok(call.ready(contract))
}

async fn parse_xml(call: Call<ParseUniversalMessageXml>) -> Result<Answer, ApiError> {
    let contract = call.paper().parse_universal_message_xml(&call.permit, &call.body.0).await?;
    Ok(call.ready(contract))
}
