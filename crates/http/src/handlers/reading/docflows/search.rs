//! `POST /SearchDocflows` and `POST /V{2–5}/SearchDocflows`: documents found by words or tags.

use potok_api::Endpoint;
use potok_api::methods::{
    BoxQuery, SearchDocflows, SearchDocflowsV2, SearchDocflowsV3, SearchDocflowsV4, SearchDocflowsV5,
};
use potok_translate::docflow::{DocflowVersion, V2, V3, V4, V5};
use potok_translate::read::docflows;
use potok_types::access::FilteredDocuments;
use potok_wire::proto::docflow::SearchDocflowsRequest;

use super::super::with_contents;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    // The first version of the search has the answer of the second.
    all.on::<SearchDocflows, _>(answer::<_, V2>);
    all.on::<SearchDocflowsV2, _>(answer::<_, V2>);
    all.on::<SearchDocflowsV3, _>(answer::<_, V3>);
    all.on::<SearchDocflowsV4, _>(answer::<_, V4>);
    all.on::<SearchDocflowsV5, _>(answer::<_, V5>);
}

/// Any version of it.
async fn answer<E, V>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = SearchDocflowsRequest,
            Access = FilteredDocuments,
            Response = V::Search,
        >,
    V: DocflowVersion,
{
    let found = call.reading().search_docflows(&call.permit, docflows::search(&call.body)?).await?;
    let inject_content = call.body.inject_entity_content();
    let documents = with_contents(call.reading(), &call.permit, budget(inject_content), |contents| {
        found.documents.iter().filter_map(|found| shown::<V>(found, inject_content, contents)).collect()
    });
    call.answer_long(V::search(documents.await?, found.have_more)).await
}
