//! `GET /GetLastEvent`, `GET /V2/GetLastEvent`: where the feed ends now.

use potok_api::methods::{BoxQuery, GetLastEvent, GetLastEventV2};
use potok_api::{Endpoint, Maybe};
use potok_domain::query::FeedFilter;
use potok_translate::view::{self, EventVersion};
use potok_types::access::FilteredDocuments;
use potok_wire::proto::events::BoxEvent;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetLastEvent, _>(v1);
    all.on::<GetLastEventV2, _>(v2);
}

async fn v1(call: Call<GetLastEvent>) -> Result<Answer, ApiError> {
    last(call, EventVersion::WithoutUniversalMessages).await
}

async fn v2(call: Call<GetLastEventV2>) -> Result<Answer, ApiError> {
    last(call, EventVersion::Current).await
}

async fn last<E>(call: Call<E>, version: EventVersion) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = BoxQuery, Access = FilteredDocuments, Response = Maybe<BoxEvent>>,
{
    let Some(found) = call.reading().get_last_event(&call.permit, FeedFilter::default()).await? else {
        return Ok(Answer::no_content());
    };
    let mut shown = view::for_version(super::get_event::decoded(&found)?, version);
    if !call.permit.scope.sees_all() {
        let sees = |document| call.permit.scope.sees_document(&found.state, document);
        shown = view::without_links(view::cut_to_departments(shown, &found.state, &sees), &found.hidden);
    }
    Ok(call.answer_long(Maybe(Some(shown))).await?.of_box())
}
