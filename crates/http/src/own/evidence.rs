//! `GET /potok/v1/boxes/{boxId}/messages/{messageId}/evidence`: the package of evidence of a message, or of one of its documents
//! (`documentId`).

use std::sync::Arc;

use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use http::request::Parts;
use potok_api::methods::GenerateDocumentZip;
use potok_app::MadeFile;
use potok_types::{BoxId, EntityId, MessageId, box_at, id_at};

use super::permit;
use crate::answer::Answer;
use crate::form::Form;
use crate::trace::Notes;
use crate::{ApiError, Edge};

const BEFORE: &str = "/potok/v1/boxes/";
const BETWEEN: &str = "/messages/";
const AFTER: &str = "/evidence";

/// Box and message, as they stand in the path.
pub(super) fn named(path: &str) -> Option<(&str, &str)> {
    let (box_id, message) = path.strip_prefix(BEFORE)?.strip_suffix(AFTER)?.split_once(BETWEEN)?;
    let is_name = |text: &str| !text.is_empty() && !text.contains('/');
    (is_name(box_id) && is_name(message)).then_some((box_id, message))
}

pub(super) async fn answer(edge: &Arc<Edge>, parts: &Parts, notes: &Arc<Notes>) -> Result<Answer, ApiError> {
    let (box_id, message, document) = asked(parts)?;
    let permit = permit::<GenerateDocumentZip>(edge, parts, box_id, notes).await?;
    let MadeFile { name, content } = edge.app.printing().evidence(&permit, message, document).await?;
    let shown = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let answer = Answer::ok(Some("application/zip"), content);
    Ok(shown.into_iter().fold(answer, |answer, value| answer.with(CONTENT_DISPOSITION, value)))
}

fn asked(parts: &Parts) -> Result<(BoxId, MessageId, Option<EntityId>), ApiError> {
    let (box_id, message) = named(parts.uri.path()).unwrap_or_default();
    let form = Form::parse(parts.uri.query().unwrap_or_default());
    let form = form.map_err(|repeated| ApiError::bad_request(repeated.to_string()))?;
    let document = match form.get("documentId") {
        Some(text) => Some(id_at("documentId", text)?),
        None => None,
    };
    Ok((box_at("boxId", box_id)?, id_at("messageId", message)?, document))
}
