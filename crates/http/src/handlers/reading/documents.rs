//! `GET /V3/GetDocument`, `GET /V3/GetDocuments`, `POST /V4/GetDocuments`, `GET /GetDocumentsByMessageId`,
//! `GET /GetDocumentsByCustomId`.

use potok_api::methods::{
    GetDocumentV3, GetDocumentsByCustomId, GetDocumentsByMessageId, GetDocumentsV3, GetDocumentsV4,
};
use potok_app::{DocumentsAnswer, FoundDocument};
use potok_domain::query::DocumentPlace;
use potok_translate::{document, read};
use potok_wire::proto::documents::{Document, DocumentList};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocumentV3, _>(get_document_v3);
    all.on::<GetDocumentsByCustomId, _>(get_documents_by_custom_id);
    all.on::<GetDocumentsByMessageId, _>(get_documents_by_message_id);
    all.on::<GetDocumentsV3, _>(get_documents_v3);
    all.on::<GetDocumentsV4, _>(get_documents_v4);
}

async fn get_document_v3(call: Call<GetDocumentV3>) -> Result<Answer, ApiError> {
    let (message, id) = (call.query.message_id, call.query.entity_id);
    let found = call.reading().get_document(&call.permit, message, id).await?;
    let budget = super::message_budget(call.query.inject_entity_content.unwrap_or(true));
    let shown = super::filled(call.reading(), &call.permit, budget, |contents| {
        document::with_content(&found.state, id, &found.relations(), contents)
    });
    let (shown, is_whole) = shown.await?;
    let shown = shown.ok_or(potok_app::Missing::Document { message, document: id })?;
    Ok(call.answer_long(shown).await?.of_box().again_if(is_whole))
}

async fn get_documents_v3(call: Call<GetDocumentsV3>) -> Result<Answer, ApiError> {
    let found = call.reading().get_documents(&call.permit, read::documents::v3(&call.query)?).await?;
    Ok(call.answer_long(list(&found)).await?.of_box())
}

async fn get_documents_v4(mut call: Call<GetDocumentsV4>) -> Result<Answer, ApiError> {
    let request = read::documents::v4(std::mem::take(&mut call.body))?;
    let found = call.reading().get_documents(&call.permit, request).await?;
    Ok(call.answer_long(list(&found)).await?.of_box())
}

async fn get_documents_by_message_id(call: Call<GetDocumentsByMessageId>) -> Result<Answer, ApiError> {
    let found = call.reading().documents_by_message(&call.permit, call.query.message_id).await?;
    Ok(call.answer_long(whole_list(&found)).await?.of_box())
}

async fn get_documents_by_custom_id(call: Call<GetDocumentsByCustomId>) -> Result<Answer, ApiError> {
    let found = call.reading().documents_by_custom_id(&call.permit, &call.query.custom_document_id).await?;
    Ok(call.answer_long(whole_list(&found)).await?.of_box())
}

fn list(found: &DocumentsAnswer) -> DocumentList {
    DocumentList {
        total_count: i32::try_from(found.total).unwrap_or(i32::MAX),
        documents: found.documents.iter().filter_map(|(found, place)| shown(found, Some(place))).collect(),
        has_more_results: Some(found.has_more),
    }
}

/// A list that is always there as a whole.
fn whole_list(found: &[FoundDocument]) -> DocumentList {
    DocumentList {
        total_count: i32::try_from(found.len()).unwrap_or(i32::MAX),
        documents: found.iter().filter_map(|found| shown(found, None)).collect(),
        has_more_results: Some(false),
    }
}

fn shown(found: &FoundDocument, place: Option<&DocumentPlace>) -> Option<Document> {
    let index_key = place.map(|place| document::index_key(*place));
    document::listed(&found.state, found.document.entity_id, &found.relations(), index_key)
}
