//! `GetCounteragent`, `GetCounteragents`, `BreakWithCounteragent`, `GetCounteragentEvents`.

use potok_api::methods::{
    BreakWithCounteragent, BreakWithCounteragentV2, CounteragentsQuery, GetCounteragent,
    GetCounteragentEvents, GetCounteragentV2, GetCounteragentV3, GetCounteragents, GetCounteragentsV2,
    GetCounteragentsV3,
};
use potok_api::{Empty, Endpoint};
use potok_app::{
    CounteragentEventsRequest, CounteragentsRequest, OtherSide, ShownCounteragent, ShownRelationEvent,
};
use potok_translate::answers::counteragents::{self, Shown, ShownEvent};
use potok_translate::read::counteragents as read;
use potok_types::access::{BoxEmployee, ManagesCounteragents};
use potok_types::limits;
use potok_wire::proto;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetCounteragent, _>(one_v1);
    all.on::<GetCounteragentV2, _>(one_v2);
    all.on::<GetCounteragentV3, _>(one_v3);
    all.on::<GetCounteragents, _>(list_v1);
    all.on::<GetCounteragentsV2, _>(list_v2);
    all.on::<GetCounteragentsV3, _>(list_v3);
    all.on::<BreakWithCounteragent, _>(break_up_v1);
    all.on::<BreakWithCounteragentV2, _>(break_up_v2);
    all.on::<GetCounteragentEvents, _>(events);
}

async fn one_v1(call: Call<GetCounteragent>) -> Result<Answer, ApiError> {
    let other = OtherSide::Organization(call.query.counteragent_org_id);
    one(call, other, false).await
}

async fn one_v2(call: Call<GetCounteragentV2>) -> Result<Answer, ApiError> {
    let other = OtherSide::Organization(call.query.counteragent_org_id);
    one(call, other, true).await
}

async fn one_v3(call: Call<GetCounteragentV3>) -> Result<Answer, ApiError> {
    let other = OtherSide::Box(call.query.counteragent_box_id);
    one(call, other, true).await
}

async fn one<E>(call: Call<E>, other: OtherSide, narrow: bool) -> Result<Answer, ApiError>
where
    E: Endpoint<Access = BoxEmployee, Response = proto::Counteragent>,
{
    let found = call.partners().counteragent(&call.permit, other, narrow).await?;
    Ok(call.answer(&counteragents::counteragent(shown(&found), true)))
}

pub(super) fn shown(found: &ShownCounteragent) -> Shown<'_> {
    let ShownCounteragent { organization, key, told, group } = found;
    Shown { organization, key: *key, told, group: *group }
}

async fn list_v1(mut call: Call<GetCounteragents>) -> Result<Answer, ApiError> {
    let (status, after) = (call.query.counteragent_status.take(), call.query.after_index_key.take());
    let request = request(status.as_deref(), after.as_ref(), None, None)?;
    list(call, request).await
}

async fn list_v2(mut call: Call<GetCounteragentsV2>) -> Result<Answer, ApiError> {
    let query = &mut call.query;
    let (status, after) = (query.counteragent_status.take(), query.after_index_key.take());
    let request = request(status.as_deref(), after.as_ref(), query.query.take(), query.page_size)?;
    list(call, request).await
}

async fn list_v3(mut call: Call<GetCounteragentsV3>) -> Result<Answer, ApiError> {
    let query: &mut CounteragentsQuery = &mut call.query;
    let (status, after) = (query.counteragent_status.take(), query.after_index_key.take());
    let request = request(status.as_deref(), after.as_ref(), query.query.take(), query.page_size)?;
    list(call, request).await
}

fn request(
    status: Option<&str>,
    after: Option<&potok_api::Opaque>,
    words: Option<String>,
    page_size: Option<i64>,
) -> Result<CounteragentsRequest, ApiError> {
    let after = read::after(after)?;
    Ok(CounteragentsRequest {
        statuses: read::statuses(status)?,
        after,
        words: read::search(words, after)?,
        limit: read::page_size("pageSize", page_size)?,
    })
}

async fn list<E>(call: Call<E>, request: CounteragentsRequest) -> Result<Answer, ApiError>
where
    E: Endpoint<Access = BoxEmployee, Response = proto::CounteragentList>,
{
    let found = call.partners().counteragents(&call.permit, request).await?;
    let shown = found.counteragents.iter().map(shown);
    Ok(call.answer(&counteragents::list(shown, found.total, found.is_exact)))
}

async fn break_up_v1(mut call: Call<BreakWithCounteragent>) -> Result<Answer, ApiError> {
    let other = OtherSide::Organization(call.query.counteragent_org_id);
    let comment = call.query.comment.take();
    break_up(call, other, comment).await
}

async fn break_up_v2(mut call: Call<BreakWithCounteragentV2>) -> Result<Answer, ApiError> {
    let (other, comment) = (OtherSide::Box(call.query.counteragent_box_id), call.query.comment.take());
    break_up(call, other, comment).await
}

async fn break_up<E>(call: Call<E>, other: OtherSide, comment: Option<String>) -> Result<Answer, ApiError>
where
    E: Endpoint<Access = ManagesCounteragents<BoxEmployee>, Response = Empty>,
{
    let comment = read::bounded("comment", comment, limits::COMMENT_CHARS)?;
    call.partners().break_up(&call.permit, other, comment).await?;
    Ok(call.answer(&Empty))
}

async fn events(mut call: Call<GetCounteragentEvents>) -> Result<Answer, ApiError> {
    let query = &mut call.query;
    let request = CounteragentEventsRequest {
        after: read::after(query.after_index_key.take().as_ref())?,
        from: query.timestamp_from_ticks,
        to: query.timestamp_to_ticks,
        limit: read::page_size("limit", query.limit)?,
    };
    let found = call.partners().counteragent_events(&call.permit, request).await?;
    let shown = found.events.iter().map(shown_event);
    Ok(call.answer(&counteragents::events(shown, found.total, found.is_exact)))
}

fn shown_event(event: &ShownRelationEvent) -> ShownEvent<'_> {
    let ShownRelationEvent { id, key, counteragent, told, group } = event;
    ShownEvent { id: *id, key: *key, counteragent: *counteragent, told, group: *group }
}
