//! Documents with the state of their exchange, in every version. The versions differ in the shape of their answers and
//! in nothing else, so each method is one function over [`DocflowVersion`].
//!
//! [`DocflowVersion`]: potok_translate::docflow::DocflowVersion

use potok_app::FoundDocument;
use potok_translate::docflow::DocflowVersion;
use potok_translate::{ContentBudget, ContentPlan};

potok_modules::modules! { "src/handlers/reading/docflows" => registered }

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
