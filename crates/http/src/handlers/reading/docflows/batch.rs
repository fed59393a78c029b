//! `POST /V{2–5}/GetDocflows`: documents by their ids, each with the state of its exchange.

use potok_api::Endpoint;
use potok_api::methods::BoxQuery;
use potok_app::DocflowAnswer;
use potok_domain::DocumentRef;
use potok_domain::query::DocflowRequest;
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations};
use potok_types::InvalidId;
use potok_types::access::AllDocuments;
use potok_wire::proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};

use super::super::with_contents;
use super::budget;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

/// Any version of it.
pub(super) async fn answer<E, V>(mut call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowBatchRequest,
            Access = AllDocuments,
            Response = V::Batch,
        >,
    V: DocflowVersion,
{
    let requests = requests(&std::mem::take(&mut call.body))?;
    let found = call.app().get_docflows(&call.permit, &requests).await?;
    let wants_contents = requests.iter().any(|request| request.inject_content);
    let answer = with_contents(call.app(), &call.permit, budget(wants_contents), |contents| {
        shown::<V>(&found, contents)
    });
    Ok(call.answer(&answer.await?))
}

fn requests(batch: &GetDocflowBatchRequest) -> Result<Vec<DocflowRequest>, ApiError> {
    batch.requests.iter().enumerate().map(|(index, one)| request(index, one)).collect()
}

fn request(index: usize, given: &GetDocflowRequest) -> Result<DocflowRequest, ApiError> {
    let wrong = |field: &'static str| {
        move |error: InvalidId| {
            ApiError::bad_request(format!("GetDocflowBatchRequest.Requests[{index}].{field}: {error}"))
        }
    };
    let document = &given.document_id;
    let document = DocumentRef {
        message_id: document.message_id.parse().map_err(wrong("DocumentId.MessageId"))?,
        entity_id: document.entity_id.parse().map_err(wrong("DocumentId.EntityId"))?,
    };
    let last_event = given.last_event_id.as_deref().filter(|id| !id.is_empty());
    Ok(DocflowRequest {
        document,
        last_event: last_event.map(str::parse).transpose().map_err(wrong("LastEventId"))?,
        inject_content: given.inject_entity_content(),
    })
}

fn shown<V: DocflowVersion>(found: &[DocflowAnswer], contents: &mut ContentPlan) -> V::Batch {
    let documents = found.iter().filter_map(|answer| {
        let DocflowAnswer { request, state, referrers } = answer;
        let relations = Relations { referrers };
        V::document(state, request.document.entity_id, &relations, request.inject_content, contents)
    });
    V::batch(documents.collect())
}
