//! Documents as the methods about documents answer with them: with what other messages say about them, and with their
//! place in a list or their bytes.

use potok_domain::MessageState;
use potok_domain::docflow::{self, Relations};
use potok_types::EntityId;
use potok_wire::proto::documents::Document;

use super::show;
use crate::{ContentKind, ContentPlan};

/// The document of a list, without its bytes; `index_key` is its place. `None` when `state` has no such root document.
pub fn listed(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    index_key: Option<String>,
) -> Option<Document> {
    let flow = docflow::docflow_with(state, document, relations)?;
    Some(Document { index_key, ..show(state, &flow, relations) })
}

/// The document with the bytes of its file, if `contents` gives them.
pub fn with_content(
    state: &MessageState,
    document: EntityId,
    relations: &Relations<'_>,
    contents: &mut ContentPlan,
) -> Option<Document> {
    let mut shown = listed(state, document, relations, None)?;
    let content = state.entity(document)?.entity.content;
    if let (Some(shown), Some(content)) = (&mut shown.content, &content) {
        shown.data = contents.take(ContentKind::Main, content, true);
    }
    Some(shown)
}
