//! `GET /V4/GetNewEvents` to `GET /V8/GetNewEvents`: the feed of a box, page by page.

use bytes::Bytes;
use potok_api::methods::{GetNewEventsV4, GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8};
use potok_api::{Endpoint, Format, Payload as _};
use potok_app::{Actor, EventsAnswer, Held};
use potok_domain::query::EventsRequest;
use potok_translate::read::events;
use potok_translate::view::{EventVersion, FeedPage};
use potok_types::access::Narrowed;
use potok_wire::DecodeError;
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
    let is_empty_page = found.page.events.is_empty();
    let length = found.page.events.iter().map(|event| event.box_event.len()).sum();
    let is_json = call.answers_json();
    let body = call.write(length, move || body(&found, version, is_json)).await?;
    let answer = body.map(|body| Answer { is_empty_page, ..call.ready(body).of_box() });
    answer.map_err(|error| crate::refusals::unreadable(&error))
}

fn body(found: &EventsAnswer, version: EventVersion, is_json: bool) -> Result<Bytes, DecodeError> {
    let events = found.page.events.iter().map(|event| (&event.box_event[..], event.key));
    let page = FeedPage::new(version, events, found.page.total, found.page.is_exact);
    match &found.cut {
        Some(cut) => {
            let state = |at| cut.state_of(found.page.events.get(at)?);
            let list = page.cut_to(&cut.scope, &cut.hidden, state)?;
            Ok(list.to_body(if is_json { Format::Json } else { Format::Protobuf }))
        }
        None if is_json => page.json().map(Bytes::from),
        None => page.protobuf().map(Bytes::from),
    }
}
