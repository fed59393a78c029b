//! The methods, one file each or one for a few that differ in little: decode, translate, call, translate, encode.

mod authenticate;
mod connect_token;
mod detect;
mod docflows;
mod document_types;
mod documents;
mod generation;
mod get_entity_content;
mod get_event;
mod get_last_event;
mod get_message;
mod get_new_events;
mod get_signature_info;
mod housekeeping;
mod organizations;
mod post_message;
mod post_message_patch;
mod resolution_routes;
mod shelf;

use potok_api::methods::{AuthenticateConfirmV2, AuthenticateConfirmV3, AuthenticateV2};
use potok_api::methods::{
    AuthenticateV3, ConnectToken, Delete, GetBox, GetEntityContentV4, GetEventV2, GetEventV3, GetLastEvent,
    GetLastEventV2, GetMessageV5, GetMessageV6, GetMyOrganizations, GetMyUserV2, GetNewEventsV4,
    GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8, GetOrganization,
    GetOrganizationsByInnKpp, GetSignatureInfo, MoveDocuments, PostMessagePatchV3, PostMessagePatchV4,
    PostMessageV3, Restore, ShelfDownload, ShelfUpload,
};
use potok_api::methods::{
    GetDocumentTypesV2, GetDocumentTypesV3, GetDocumentV3, GetDocumentsByCustomId, GetDocumentsByMessageId,
    GetDocumentsV3, GetDocumentsV4, GetResolutionRoutes, GetResolutionRoutesForOrganization,
    GetWorkflowsSettings, GetWorkflowsSettingsV2,
};
use potok_app::{App, AppError};
use potok_translate::{ContentBudget, ContentPlan};
use potok_types::BoxId;

use crate::registry::Registry;

/// Every method that is built. A test compares this list with the contract's.
pub(crate) fn all() -> Registry {
    let mut all = Registry::default();
    all.on::<AuthenticateConfirmV2, _>(authenticate::confirm);
    all.on::<AuthenticateConfirmV3, _>(authenticate::confirm);
    all.on::<AuthenticateV2, _>(authenticate::login);
    all.on::<AuthenticateV3, _>(authenticate::login);
    all.on::<ConnectToken, _>(connect_token::token);
    all.on::<GetBox, _>(organizations::get_box);
    all.on::<GetDocumentTypesV2, _>(document_types::get_document_types_v2);
    all.on::<GetDocumentTypesV3, _>(document_types::get_document_types_v3);
    all.on::<GetDocumentV3, _>(documents::get_document_v3);
    all.on::<GetDocumentsByCustomId, _>(documents::get_documents_by_custom_id);
    all.on::<GetDocumentsByMessageId, _>(documents::get_documents_by_message_id);
    all.on::<GetDocumentsV3, _>(documents::get_documents_v3);
    all.on::<GetDocumentsV4, _>(documents::get_documents_v4);
    detect::register(&mut all);
    docflows::register(&mut all);
    generation::register(&mut all);
    all.on::<Delete, _>(housekeeping::delete);
    all.on::<Restore, _>(housekeeping::restore);
    all.on::<MoveDocuments, _>(housekeeping::move_documents);
    all.on::<GetEntityContentV4, _>(get_entity_content::v4);
    all.on::<GetEventV2, _>(get_event::v2);
    all.on::<GetEventV3, _>(get_event::v3);
    all.on::<GetLastEvent, _>(get_last_event::v1);
    all.on::<GetLastEventV2, _>(get_last_event::v2);
    all.on::<GetMessageV5, _>(get_message::v5);
    all.on::<GetMessageV6, _>(get_message::v6);
    all.on::<GetResolutionRoutes, _>(resolution_routes::of_box);
    all.on::<GetResolutionRoutesForOrganization, _>(resolution_routes::of_organization);
    all.on::<GetMyOrganizations, _>(organizations::get_my_organizations);
    all.on::<GetMyUserV2, _>(organizations::get_my_user);
    all.on::<GetNewEventsV4, _>(get_new_events::v4);
    all.on::<GetNewEventsV5, _>(get_new_events::v5);
    all.on::<GetNewEventsV6, _>(get_new_events::v6);
    all.on::<GetNewEventsV7, _>(get_new_events::v7);
    all.on::<GetNewEventsV8, _>(get_new_events::v8);
    all.on::<GetOrganization, _>(organizations::get_organization);
    all.on::<GetOrganizationsByInnKpp, _>(organizations::get_organizations_by_inn_kpp);
    all.on::<GetSignatureInfo, _>(get_signature_info::v1);
    all.on::<GetWorkflowsSettings, _>(document_types::get_workflows_settings_v1);
    all.on::<GetWorkflowsSettingsV2, _>(document_types::get_workflows_settings_v2);
    all.on::<PostMessageV3, _>(post_message::v3);
    all.on::<PostMessagePatchV3, _>(post_message_patch::v3);
    all.on::<PostMessagePatchV4, _>(post_message_patch::v4);
    all.on::<ShelfDownload, _>(shelf::download);
    all.on::<ShelfUpload, _>(shelf::upload);
    all
}

/// Builds an answer that may carry contents: once to learn which of them fit, and once more with them.
async fn with_contents<T>(
    app: &App,
    box_id: BoxId,
    budget: ContentBudget,
    build: impl Fn(&mut ContentPlan) -> T,
) -> Result<T, AppError> {
    let mut plan = ContentPlan::planning(budget);
    let without = build(&mut plan);
    if plan.hashes().is_empty() {
        return Ok(without);
    }
    let loaded = app.load_contents(box_id, plan.hashes().iter().copied()).await?;
    Ok(build(&mut ContentPlan::filling(budget, loaded)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_built_is_what_the_contract_calls_served() {
        let mut built: Vec<_> = super::all().labels().collect();
        built.sort_unstable();
        let mut served = potok_api::SERVED.to_vec();
        served.sort_unstable();
        assert_eq!(built, served);
    }
}
