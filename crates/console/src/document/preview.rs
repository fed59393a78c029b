//! The files of a document.

use bytes::Bytes;
use potok_api::methods::{
    DocumentQuery, EntityQuery, GenerateDocumentProtocol, GeneratePrintForm, GetEntityContentV4,
};
use potok_api::{Empty, Endpoint as _, QueryParams as _};
use potok_types::EntityId;
use potok_wire::proto::events::{AttachmentType, Entity};

use crate::Reply;
use crate::places::DocumentPlace;
use crate::server::{Refused, Server, ask};

/// A text longer than this is not read for a preview.
const LONGEST_FILE: i32 = 256 * 1024;
/// And so much of it is shown.
const SHOWN: usize = 12_000;

/// What is shown of a document.
#[derive(Default)]
pub(super) struct Preview {
    /// The text, if it is one.
    pub(super) text: String,
    /// There is more of it.
    pub(super) is_cut: bool,
    /// It is better read as a print form.
    pub(super) is_formal: bool,
}

/// The beginning of the document, if it is a text.
pub(super) async fn preview(server: &dyn Server, place: DocumentPlace, entity: &Entity) -> Preview {
    let size = entity.content.as_ref().map_or(0, |content| content.size);
    if size <= 0 || size > LONGEST_FILE || entity.is_encrypted_content.unwrap_or_default() {
        return Preview::default();
    }
    let query = EntityQuery::new(place.box_id, place.message, place.document);
    let Ok(content) = ask::<GetEntityContentV4>(server, &query, &Empty).await else {
        return Preview::default();
    };
    let is_formal = content.0.trim_ascii_start().starts_with(b"<");
    let Ok(text) = std::str::from_utf8(&content.0) else {
        return Preview { is_formal, ..Preview::default() };
    };
    if is_formal || text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Preview { is_formal, ..Preview::default() };
    }
    let shown: String = text.chars().take(SHOWN).collect();
    Preview { is_cut: shown.len() < text.len(), text: shown, is_formal }
}

/// Comments that a page shows.
const COMMENTS: usize = 5;

/// What was written along with the document.
pub(super) async fn comments(server: &dyn Server, place: DocumentPlace, entities: &[Entity]) -> Vec<String> {
    let document = place.document.to_string();
    let is_comment = |entity: &&Entity| {
        entity.attachment_type() == AttachmentType::AttachmentComment
            && entity.parent_entity_id.as_ref() == Some(&document)
    };
    let mut comments = Vec::new();
    for entity in entities.iter().filter(is_comment).take(COMMENTS) {
        let Ok(id) = entity.entity_id.parse::<EntityId>() else { continue };
        let query = EntityQuery::new(place.box_id, place.message, id);
        if let Ok(content) = ask::<GetEntityContentV4>(server, &query, &Empty).await {
            comments.push(String::from_utf8_lossy(&content.0).chars().take(SHOWN).collect());
        }
    }
    comments
}

/// The bytes of an entity.
pub(crate) async fn file(
    server: &dyn Server,
    place: DocumentPlace,
    entity: EntityId,
) -> Result<Reply, Refused> {
    let found = super::find(server, place).await?;
    // Only what belongs to the document of the address.
    let id = entity.to_string();
    let known = found.message.entities.iter().find(|it| it.entity_id == id).ok_or_else(Refused::not_found)?;
    let name = known.file_name.clone().filter(|name| !name.is_empty());
    let query = EntityQuery::new(place.box_id, place.message, entity);
    let content = ask::<GetEntityContentV4>(server, &query, &Empty).await?;
    let is_signature = known.entity_type() == potok_wire::proto::events::EntityType::Signature;
    let fallback = if is_signature { format!("{id}.sig") } else { id };
    Ok(Reply::File {
        name: name.unwrap_or(fallback),
        bytes: content.0,
        kind: "application/octet-stream",
        is_shown: false,
    })
}

/// The print form, as soon as it is made.
pub(crate) async fn print_form(server: &dyn Server, place: DocumentPlace) -> Result<Reply, Refused> {
    let query = DocumentQuery::new(place.box_id, place.message, place.document);
    let given = server.call(GeneratePrintForm::SPEC, query.to_query_string(), Bytes::new()).await?;
    pdf("print-form.pdf", given.body)
}

/// The protocol of the exchange.
pub(crate) async fn protocol(server: &dyn Server, place: DocumentPlace) -> Result<Reply, Refused> {
    let query = DocumentQuery::new(place.box_id, place.message, place.document);
    let given = ask::<GenerateDocumentProtocol>(server, &query, &Empty).await?;
    pdf("protocol.pdf", given.print_form)
}

fn pdf(name: &str, bytes: Bytes) -> Result<Reply, Refused> {
    if bytes.is_empty() {
        // It is being made.
        return Err(Refused { status: 503, text: String::new() });
    }
    Ok(Reply::File { name: name.to_owned(), bytes, kind: "application/pdf", is_shown: true })
}
