//! Groups of counteragents.

use potok_api::Empty;
use potok_api::methods::{
    AddCounteragentToGroup, CreateCounteragentGroup, DeleteCounteragentGroup, GetCounteragentGroup,
    GetCounteragentGroups, GetCounteragentsFromGroup, UpdateCounteragentGroup,
};
use potok_app::GroupPatch;
use potok_translate::answers::{counteragent_groups, counteragents};
use potok_translate::read::counteragents as read;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<CreateCounteragentGroup, _>(create);
    all.on::<UpdateCounteragentGroup, _>(update);
    all.on::<DeleteCounteragentGroup, _>(delete);
    all.on::<GetCounteragentGroup, _>(one);
    all.on::<GetCounteragentGroups, _>(list);
    all.on::<AddCounteragentToGroup, _>(add);
    all.on::<GetCounteragentsFromGroup, _>(members);
}

async fn create(mut call: Call<CreateCounteragentGroup>) -> Result<Answer, ApiError> {
    let new = read::new_group(std::mem::take(&mut call.body))?;
    let made = call.partners().create_group(&call.permit, read::NEW_NAME, new).await?;
    Ok(call.answer(&counteragent_groups::group(&made)))
}

async fn update(mut call: Call<UpdateCounteragentGroup>) -> Result<Answer, ApiError> {
    let id = read::group_id(&call.query.counteragent_group_id)?;
    let (name, departments) = read::group_patch(std::mem::take(&mut call.body))?;
    let patch = GroupPatch { name, departments };
    let changed = call.partners().update_group(&call.permit, read::CHANGED_NAME, id, patch).await?;
    Ok(call.answer(&counteragent_groups::group(&changed)))
}

async fn delete(call: Call<DeleteCounteragentGroup>) -> Result<Answer, ApiError> {
    let id = read::group_id(&call.query.counteragent_group_id)?;
    call.partners().delete_group(&call.permit, id).await?;
    Ok(call.answer(&Empty))
}

async fn one(call: Call<GetCounteragentGroup>) -> Result<Answer, ApiError> {
    let id = read::group_id(&call.query.counteragent_group_id)?;
    let found = call.partners().group(&call.permit, id).await?;
    Ok(call.answer(&counteragent_groups::group(&found)))
}

async fn list(call: Call<GetCounteragentGroups>) -> Result<Answer, ApiError> {
    let size = read::page_size("count", call.query.count)?;
    let before = read::before_page(call.query.page, size)?;
    let all = call.partners().groups(&call.permit).await?;
    let page = all.get(before..).unwrap_or_default();
    Ok(call.answer(&counteragent_groups::groups(&page[..page.len().min(size)], all.len())))
}

async fn add(call: Call<AddCounteragentToGroup>) -> Result<Answer, ApiError> {
    let id = read::group_id(&call.query.counteragent_group_id)?;
    call.partners().move_to_group(&call.permit, call.query.counteragent_box_id, id).await?;
    Ok(call.answer(&Empty))
}

async fn members(call: Call<GetCounteragentsFromGroup>) -> Result<Answer, ApiError> {
    let id = read::group_id(&call.query.counteragent_group_id)?;
    let after = read::after(call.query.after_index_key.as_ref())?;
    let limit = read::page_size("count", call.query.count)?;
    let found = call.partners().members_of_group(&call.permit, id, after, limit).await?;
    let next = found.last.zip(found.boxes.last());
    let next = next.map(|(key, other)| counteragents::index_key(key, *other));
    Ok(call.answer(&counteragent_groups::members(&found.boxes, found.total, next)))
}
