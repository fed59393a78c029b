//! `DetectCustomPrintForms`: which documents have print forms of their own.

use potok_domain::DocumentRef;
use potok_types::Invalid;
use potok_wire::proto::{
    CustomPrintFormDetectionItemResult, CustomPrintFormDetectionRequest, CustomPrintFormDetectionResult,
};

use crate::post::document_at;

/// The documents that are asked about.
///
/// # Errors
/// [`Invalid`] names the id that is none.
pub fn documents(request: &CustomPrintFormDetectionRequest) -> Result<Vec<DocumentRef>, Invalid> {
    let named = request.document_ids.iter().enumerate();
    let at = |index| format!("CustomPrintFormDetectionRequest.DocumentIds[{index}]");
    named.map(|(index, named)| document_at(&at(index), named)).collect()
}

/// An item for each, in order. This server draws all documents of a kind alike.
pub fn answer(request: &CustomPrintFormDetectionRequest) -> CustomPrintFormDetectionResult {
    let item = |named: &potok_wire::proto::DocumentId| CustomPrintFormDetectionItemResult {
        document_id: named.clone(),
        has_custom_print_form: false,
    };
    CustomPrintFormDetectionResult { items: request.document_ids.iter().map(item).collect() }
}
