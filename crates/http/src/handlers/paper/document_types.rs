//! `GET /V2/GetDocumentTypes`, `GET /V3/GetDocumentTypes`, `GET /GetWorkflowsSettings`, `GET /V2/GetWorkflowsSettings`.

use potok_api::methods::{
    GetDocumentTypesV2, GetDocumentTypesV3, GetWorkflowsSettings, GetWorkflowsSettingsV2,
};
use potok_translate::{document_types, workflows};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocumentTypesV2, _>(get_document_types_v2);
    all.on::<GetDocumentTypesV3, _>(get_document_types_v3);
    all.on::<GetWorkflowsSettings, _>(get_workflows_settings_v1);
    all.on::<GetWorkflowsSettingsV2, _>(get_workflows_settings_v2);
}

async fn get_document_types_v2(call: Call<GetDocumentTypesV2>) -> Result<Answer, ApiError> {
    Ok(call.answer(&document_types::types_v2(potok_app::makes_titles)))
}

async fn get_document_types_v3(call: Call<GetDocumentTypesV3>) -> Result<Answer, ApiError> {
    Ok(call.answer(&document_types::types_v3(potok_app::makes_titles)))
}

async fn get_workflows_settings_v1(call: Call<GetWorkflowsSettings>) -> Result<Answer, ApiError> {
    Ok(call.answer(&workflows::settings_v1()))
}

async fn get_workflows_settings_v2(call: Call<GetWorkflowsSettingsV2>) -> Result<Answer, ApiError> {
    Ok(call.answer(&workflows::settings_v2()))
}
