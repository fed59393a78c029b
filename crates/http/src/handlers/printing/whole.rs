//! All of an exchange: its protocol, and an archive of it.

use potok_api::Endpoint;
use potok_api::methods::{GenerateDocumentProtocol, GenerateDocumentZip};
use potok_app::{Held, Made};
use potok_wire::proto::documents::{DocumentProtocol, DocumentZipGenerationResult};

use super::forms::working;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::handlers::shelf::PRIVATE;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GenerateDocumentProtocol, _>(protocol);
    all.on::<GenerateDocumentZip, _>(zip);
}

async fn protocol(call: Call<GenerateDocumentProtocol>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let made = call.printing().document_protocol(&call.permit, query.message_id, query.document_id).await?;
    Ok(shown(&call, made))
}

/// A protocol, or that it is not ready yet.
pub(super) fn shown<E>(call: &Call<E>, made: Made<potok_app::DocumentProtocol>) -> Answer
where
    E: Endpoint<Response = DocumentProtocol, Access: Held>,
{
    match made {
        Made::Ready(protocol) => call
            .answer(&DocumentProtocol { print_form: protocol.form.content, signature: protocol.signature }),
        Made::Working => working(call.answer(&DocumentProtocol::default())),
    }
}

async fn zip(call: Call<GenerateDocumentZip>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let (document, is_full) = (query.document_id, query.full_docflow.unwrap_or(false));
    let made = call.printing().document_zip(&call.permit, query.message_id, document, is_full).await?;
    let zip_file_name_on_shelf = match &made {
        Made::Ready(name) => Some(format!("{PRIVATE}{name}")),
        Made::Working => None,
    };
    let answer = call.answer(&DocumentZipGenerationResult { zip_file_name_on_shelf });
    Ok(if made == Made::Working { working(answer) } else { answer })
}
