//! `GET /V4/GetNewEvents` to `GET /V8/GetNewEvents`: the feed of a box, page by page.

use potok_api::Endpoint;
use potok_api::methods::{GetNewEventsV4, GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8};
use potok_app::{Actor, Held};
use potok_domain::query::EventsRequest;
use potok_translate::read::events;
use potok_translate::view::{EventVersion, FeedPage};
use potok_types::access::Narrowed;
use potok_wire::proto::events::BoxEventList;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetNewEventsV4, _>(v4);
    all.on::<GetNewEventsV5, _>(v5);
    all.on::<GetNewEventsV6, _>(v6);
    all.on::<GetNewEventsV7, _>(v7);
    all.on::<GetNewEventsV8, _>(v8);
}

const OLD: EventVersion = EventVersion::WithoutUniversalMessages;

async fn v4(call: Call<GetNewEventsV4>) -> Result<Answer, ApiError> {
    let request = events::v4(&call.query);
    page(call, request, OLD).await
}

async fn v5(call: Call<GetNewEventsV5>) -> Result<Answer, ApiError> {
    let request = events::v4(&call.query);
    page(call, request, OLD).await
}

async fn v6(call: Call<GetNewEventsV6>) -> Result<Answer, ApiError> {
    let request = events::v6(call.query.clone())?;
    page(call, request, OLD).await
}

async fn v7(call: Call<GetNewEventsV7>) -> Result<Answer, ApiError> {
    let request = events::v7(call.query.clone())?;
    page(call, request, OLD).await
}

async fn v8(call: Call<GetNewEventsV8>) -> Result<Answer, ApiError> {
    let request = events::v7(call.query.clone())?;
    page(call, request, EventVersion::Current).await
}

async fn page<E>(call: Call<E>, request: EventsRequest, version: EventVersion) -> Result<Answer, ApiError>
where
    E: Endpoint<Response = BoxEventList, Access: Narrowed + Held<Holder = Actor>>,
{
    let found = call.reading().get_new_events(&call.permit, request).await?;
    let events = found.page.events.iter().map(|event| (&event.box_event[..], event.key));
    let page = FeedPage::new(version, events, found.page.total, found.page.is_exact);
    let shown = match &found.cut {
        Some(cut) => page
            .cut_to(&cut.scope, &cut.hidden, |at| cut.state_of(found.page.events.get(at)?))
            .map(|list| call.answer(&list)),
        None if call.answers_json() => page.json().map(|body| call.ready(body)),
        None => page.protobuf().map(|body| call.ready(body)),
    };
    shown.map(Answer::of_box).map_err(|error| crate::refusals::unreadable(&error))
}
