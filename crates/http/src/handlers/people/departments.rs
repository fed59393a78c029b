//! `GetDepartment`, and the methods of administrators about departments.

use potok_api::methods::{
    AdminCreateDepartment, AdminDeleteDepartment, AdminGetDepartment, AdminGetDepartments,
    AdminUpdateDepartment, GetDepartment, GetDepartmentV2,
};
use potok_app::{Missing, Place};
use potok_translate::answers::departments;
use potok_translate::read::departments as read;
use potok_translate::read::employees::page;
use potok_types::limits;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetDepartment, _>(small_v1);
    all.on::<GetDepartmentV2, _>(small_v2);
    all.on::<AdminGetDepartment, _>(one);
    all.on::<AdminGetDepartments, _>(some);
    all.on::<AdminCreateDepartment, _>(create);
    all.on::<AdminUpdateDepartment, _>(update);
    all.on::<AdminDeleteDepartment, _>(delete);
}

/// `GET /GetDepartment`.
async fn small_v1(call: Call<GetDepartment>) -> Result<Answer, ApiError> {
    let (place, id) = (Place::Organization(call.query.org_id), call.query.department_id);
    let organization = call.people().organization_at(&call.permit, place).await?;
    Ok(call.answer(&departments::small(&organization, id).ok_or(Missing::Department(id))?))
}

/// `GET /V2/GetDepartment`.
async fn small_v2(call: Call<GetDepartmentV2>) -> Result<Answer, ApiError> {
    let (place, id) = (Place::Box(call.query.box_id), call.query.department_id);
    let organization = call.people().organization_at(&call.permit, place).await?;
    Ok(call.answer(&departments::small(&organization, id).ok_or(Missing::Department(id))?))
}

/// `GET /admin/GetDepartment`.
async fn one(call: Call<AdminGetDepartment>) -> Result<Answer, ApiError> {
    let id = call.query.department_id;
    let found = departments::named(&call.permit.organization, id).ok_or(Missing::Department(id))?;
    Ok(call.answer(&found))
}

/// `GET /admin/GetDepartments`.
async fn some(call: Call<AdminGetDepartments>) -> Result<Answer, ApiError> {
    let page = page(call.query.page, call.query.count, limits::PAGE as u64)?;
    let [offset, limit] = [page.offset, page.limit].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    Ok(call.answer(&departments::list(&call.permit.organization, offset, limit)))
}

/// `POST /admin/CreateDepartment`.
async fn create(mut call: Call<AdminCreateDepartment>) -> Result<Answer, ApiError> {
    let new = read::new_department(std::mem::take(&mut call.body))?;
    let made = call.people().create_department(&call.permit, new).await?;
    Ok(call.answer(&departments::department(&made)))
}

/// `POST /admin/UpdateDepartment`.
async fn update(mut call: Call<AdminUpdateDepartment>) -> Result<Answer, ApiError> {
    let patch = read::patch(std::mem::take(&mut call.body))?;
    let id = call.query.department_id;
    let changed = call.people().update_department(&call.permit, id, patch).await?;
    Ok(call.answer(&departments::department(&changed)))
}

/// `POST /admin/DeleteDepartment`.
async fn delete(call: Call<AdminDeleteDepartment>) -> Result<Answer, ApiError> {
    call.people().delete_department(&call.permit, call.query.department_id).await?;
    Ok(call.answer(&potok_api::Empty))
}
