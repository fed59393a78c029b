//! Documents with the state of their exchange, in every version. The versions differ in the shape of their answers and
//! in nothing else, so each method is one function over [`DocflowVersion`].
//!
//! [`DocflowVersion`]: potok_translate::docflow::DocflowVersion

mod batch;
mod events;
mod packet;
mod search;

use potok_api::methods::{
    GetDocflowEventsV2, GetDocflowEventsV3, GetDocflowEventsV4, GetDocflowEventsV5, GetDocflowsByPacketIdV2,
    GetDocflowsByPacketIdV3, GetDocflowsByPacketIdV4, GetDocflowsByPacketIdV5, GetDocflowsV2, GetDocflowsV3,
    GetDocflowsV4, GetDocflowsV5, SearchDocflows, SearchDocflowsV2, SearchDocflowsV3, SearchDocflowsV4,
    SearchDocflowsV5,
};
use potok_app::FoundDocument;
use potok_translate::docflow::{DocflowVersion, V2, V3, V4, V5};
use potok_translate::{ContentBudget, ContentPlan};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocflowsV2, _>(batch::answer::<_, V2>);
    all.on::<GetDocflowsV3, _>(batch::answer::<_, V3>);
    all.on::<GetDocflowsV4, _>(batch::answer::<_, V4>);
    all.on::<GetDocflowsV5, _>(batch::answer::<_, V5>);
    all.on::<GetDocflowsByPacketIdV2, _>(packet::answer::<_, V2>);
    all.on::<GetDocflowsByPacketIdV3, _>(packet::answer::<_, V3>);
    all.on::<GetDocflowsByPacketIdV4, _>(packet::answer::<_, V4>);
    all.on::<GetDocflowsByPacketIdV5, _>(packet::answer::<_, V5>);
    // The first version of the search has the answer of the second.
    all.on::<SearchDocflows, _>(search::answer::<_, V2>);
    all.on::<SearchDocflowsV2, _>(search::answer::<_, V2>);
    all.on::<SearchDocflowsV3, _>(search::answer::<_, V3>);
    all.on::<SearchDocflowsV4, _>(search::answer::<_, V4>);
    all.on::<SearchDocflowsV5, _>(search::answer::<_, V5>);
    all.on::<GetDocflowEventsV2, _>(events::answer::<_, V2>);
    all.on::<GetDocflowEventsV3, _>(events::answer::<_, V3>);
    all.on::<GetDocflowEventsV4, _>(events::answer::<_, V4>);
    all.on::<GetDocflowEventsV5, _>(events::answer::<_, V5>);
}

const fn budget(inject_content: bool) -> ContentBudget {
    if inject_content { ContentBudget::DOCFLOWS } else { ContentBudget::Nothing }
}

fn shown<V: DocflowVersion>(
    found: &FoundDocument,
    inject_content: bool,
    contents: &mut ContentPlan,
) -> Option<V::Document> {
    V::document(&found.state, found.document.entity_id, &found.relations(), inject_content, contents)
}
