//! `POST /V{2–5}/GetDocflows`: documents by their ids, each with the state of its exchange.

use std::collections::BTreeSet;

use potok_api::Endpoint;
use potok_api::methods::{BoxQuery, GetDocflowsV2, GetDocflowsV3, GetDocflowsV4, GetDocflowsV5};
use potok_app::DocflowAnswer;
use potok_domain::query::DocflowRequest;
use potok_translate::ContentPlan;
use potok_translate::docflow::{DocflowVersion, Relations, V2, V3, V4, V5};
use potok_translate::read::docflows;
use potok_types::MessageId;
use potok_types::access::AllDocuments;
use potok_wire::proto::docflow::GetDocflowBatchRequest;

use super::super::filled;
use super::budget;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDocflowsV2, _>(answer::<_, V2>);
    all.on::<GetDocflowsV3, _>(answer::<_, V3>);
    all.on::<GetDocflowsV4, _>(answer::<_, V4>);
    all.on::<GetDocflowsV5, _>(answer::<_, V5>);
}

/// Any version of it.
async fn answer<E, V>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowBatchRequest,
            Access = AllDocuments,
            Response = V::Batch,
        >,
    V: DocflowVersion,
{
    let requests = docflows::batch(&call.body)?;
    let found = call.reading().get_docflows(&call.permit, &requests).await?;
    let wants_contents = requests.iter().any(|request| request.inject_content);
    let shown =
        filled(call.reading(), &call.permit, budget(wants_contents), |contents| shown::<V>(&found, contents));
    let (shown, is_whole) = shown.await?;
    let answer = call.answer_long(shown).await?;
    Ok(answer.of_messages(messages(&requests, &found)).again_if(is_whole))
}

/// The messages that were asked for, also those that are not there yet, and those whose documents refer to them.
fn messages(requests: &[DocflowRequest], found: &[DocflowAnswer]) -> BTreeSet<MessageId> {
    let asked = requests.iter().map(|request| request.document.message_id);
    let referring = found.iter().flat_map(|answer| &answer.referrers);
    asked.chain(referring.map(|referrer| referrer.document.message_id)).collect()
}

fn shown<V: DocflowVersion>(found: &[DocflowAnswer], contents: &mut ContentPlan) -> V::Batch {
    let documents = found.iter().filter_map(|answer| {
        let DocflowAnswer { request, state, referrers } = answer;
        let relations = Relations { referrers, hidden: None };
        V::document(state, request.document.entity_id, &relations, request.inject_content, contents)
    });
    V::batch(documents.collect())
}
