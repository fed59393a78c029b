//! `POST /potok/v1/validate?boxId=`: what the file in the body has against its format.
//!
//! `documentVersion` and `titleIndex` say what the file is meant to be; without them it says so itself.

use std::sync::Arc;

use http::request::Parts;
use potok_api::Endpoint as _;
use potok_api::methods::ParseTitleXml;
use potok_app::NamedFormat;
use potok_room::Holder;
use potok_types::{BoxId, box_at};

use super::{json, language, permit};
use crate::answer::Answer;
use crate::body::{self, Announced};
use crate::came::Came;
use crate::form::Form;
use crate::trace::Notes;
use crate::{ApiError, Edge};

pub(super) async fn answer(
    edge: &Arc<Edge>,
    parts: &Parts,
    body: &mut Came,
    announced: &Announced,
    notes: &Arc<Notes>,
) -> Result<Answer, ApiError> {
    let (box_id, named) = asked(parts)?;
    let permit = permit::<ParseTitleXml>(edge, parts, box_id, notes).await?;
    let limit = ParseTitleXml::SPEC.body_limit_bytes;
    let _set_once = notes.body_limit_bytes.set(limit);
    let holder = Holder::new(permit.user.id);
    let file = body::read(announced, body, limit, edge.app.room(), holder).await?;
    json(&edge.app.paper().validate(&permit, &file, named, language(&parts.headers)).await?)
}

fn asked(parts: &Parts) -> Result<(BoxId, NamedFormat), ApiError> {
    let form = Form::parse(parts.uri.query().unwrap_or_default());
    let form = form.map_err(|repeated| ApiError::bad_request(repeated.to_string()))?;
    let box_id = box_at("boxId", form.get("boxId").unwrap_or_default())?;
    let title_index = match form.get("titleIndex") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| {
            let text: String = text.chars().take(20).collect();
            let text = format!("query parameter titleIndex has the wrong value {text:?}: 0 or 1 is expected");
            ApiError::bad_request(text)
        })?),
    };
    let version = form.text("documentVersion").filter(|version| version.len() <= 1000);
    Ok((box_id, NamedFormat { version, title_index }))
}
