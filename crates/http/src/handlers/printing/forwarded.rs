//! Print forms and protocols of forwarded documents.

use bytes::Bytes;
use potok_api::methods::{
    ForwardedDocumentQuery, GenerateForwardedDocumentPrintForm, GenerateForwardedDocumentProtocolV2,
};
use potok_app::{ForwardedId, Made};
use potok_domain::DocumentRef;

use super::forms::{pdf, working};
use super::whole;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateForwardedDocumentPrintForm, _>(form);
    all.on::<GenerateForwardedDocumentProtocolV2, _>(protocol);
}

async fn form(call: Call<GenerateForwardedDocumentPrintForm>) -> Result<Answer, ApiError> {
    let made = call.printing().forwarded_form(&call.permit, id(&call.query)).await?;
    Ok(match made {
        Made::Ready(form) => pdf(&call, &form.name, form.content),
        Made::Working => working(call.ready(Bytes::new())),
    })
}

async fn protocol(call: Call<GenerateForwardedDocumentProtocolV2>) -> Result<Answer, ApiError> {
    let made = call.printing().forwarded_protocol(&call.permit, id(&call.query)).await?;
    Ok(whole::shown(&call, made))
}

const fn id(query: &ForwardedDocumentQuery) -> ForwardedId {
    let document = DocumentRef { message_id: query.message_id, entity_id: query.document_id };
    ForwardedId { from: query.from_box_id, document, event: query.forward_event_id }
}
