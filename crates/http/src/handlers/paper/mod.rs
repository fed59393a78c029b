//! Official files: made, recognized, read; the document types and their workflows.

mod detect;
mod document_types;
mod generation;
mod refusals;

use potok_api::methods::{
    GetDocumentTypesV2, GetDocumentTypesV3, GetWorkflowsSettings, GetWorkflowsSettingsV2,
};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    detect::register(all);
    generation::register(all);
    all.on::<GetDocumentTypesV2, _>(document_types::get_document_types_v2);
    all.on::<GetDocumentTypesV3, _>(document_types::get_document_types_v3);
    all.on::<GetWorkflowsSettings, _>(document_types::get_workflows_settings_v1);
    all.on::<GetWorkflowsSettingsV2, _>(document_types::get_workflows_settings_v2);
}
