//! `PrepareDocumentsToSign`.

use bytes::Bytes;
use potok_domain::paper::PreparedId;
use potok_wire::proto::DocumentId;
use potok_wire::proto::events::{DocumentPatchedContent, PrepareDocumentsToSignResponse};

/// `PrepareDocumentsToSignResponse`, in the order of the request; bytes are left out where there are none.
pub fn answer(made: Vec<(PreparedId, Option<Bytes>)>) -> PrepareDocumentsToSignResponse {
    let shown = |(id, content): (PreparedId, Option<Bytes>)| DocumentPatchedContent {
        document_id: DocumentId { message_id: id.message.to_string(), entity_id: id.document.to_string() },
        patched_content_id: id.to_string(),
        content,
    };
    PrepareDocumentsToSignResponse { document_patched_contents: made.into_iter().map(shown).collect() }
}
