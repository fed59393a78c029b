//! `DetectDocumentTitles`, `DetectDocumentTypes`, of a body and of a file on the shelf: as what a file can be sent.

use potok_api::methods::{
    DetectDocumentTitles, DetectDocumentTitlesOnShelf, DetectDocumentTypes, DetectDocumentTypesOnShelf,
};
use potok_app::DetectedTitle;
use potok_wire::proto::documents::types::{DetectDocumentTypesResponse, DetectedDocumentType};
use potok_wire::proto::documents::{DetectTitleResponse, DetectedDocumentTitle};
use potok_wire::proto::events::MetadataItem;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::handlers::shelf::PRIVATE;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<DetectDocumentTitles, _>(titles);
    all.on::<DetectDocumentTitlesOnShelf, _>(titles_on_shelf);
    all.on::<DetectDocumentTypes, _>(types);
    all.on::<DetectDocumentTypesOnShelf, _>(types_on_shelf);
}

async fn titles(call: Call<DetectDocumentTitles>) -> Result<Answer, ApiError> {
    Ok(call.answer(&shown_titles(call.paper().detect_titles(&call.permit, &call.body.0).await?)))
}

async fn titles_on_shelf(call: Call<DetectDocumentTitlesOnShelf>) -> Result<Answer, ApiError> {
    let name = on_shelf(&call.query.name_on_shelf);
    let bytes = call.shelf().document(&call.permit, name).await?.unwrap_or_default();
    Ok(call.answer(&shown_titles(call.paper().detect_titles(&call.permit, &bytes).await?)))
}

async fn types(call: Call<DetectDocumentTypes>) -> Result<Answer, ApiError> {
    Ok(call.answer(&shown_types(call.paper().detect_titles(&call.permit, &call.body.0).await?)))
}

async fn types_on_shelf(call: Call<DetectDocumentTypesOnShelf>) -> Result<Answer, ApiError> {
    let name = on_shelf(&call.query.name_on_shelf);
    let bytes = call.shelf().document(&call.permit, name).await?.unwrap_or_default();
    Ok(call.answer(&shown_types(call.paper().detect_titles(&call.permit, &bytes).await?)))
}

/// These methods have no answer 400: a name outside of the caller's own space is one that is not there.
fn on_shelf(name: &str) -> &str {
    name.strip_prefix(PRIVATE).unwrap_or(name)
}

fn shown_titles(found: Vec<DetectedTitle>) -> DetectTitleResponse {
    let shown = |title: DetectedTitle| DetectedDocumentTitle {
        type_named_id: title.kind.type_named_id,
        function: title.kind.function,
        version: title.kind.version,
        title_index: title.index,
        metadata: title
            .metadata
            .into_iter()
            .map(|item| MetadataItem { key: item.key, value: item.value })
            .collect(),
    };
    DetectTitleResponse { document_titles: found.into_iter().map(shown).collect() }
}

fn shown_types(found: Vec<DetectedTitle>) -> DetectDocumentTypesResponse {
    let shown = |title: DetectedTitle| DetectedDocumentType {
        type_named_id: title.kind.type_named_id,
        function: title.kind.function,
        version: title.kind.version,
    };
    DetectDocumentTypesResponse { document_types: found.into_iter().map(shown).collect() }
}
