//! `GetMyEmployee`, `GetEmployee`, `GetEmployees`, `GetOrganizationUsers`, `GetSubscriptions`.

use potok_api::methods::{
    GetEmployee, GetEmployees, GetMyEmployee, GetOrganizationUsers, GetOrganizationUsersV2, GetSubscriptions,
};
use potok_app::Person;
use potok_domain::directory::{Employee, User};
use potok_translate::answers::employees;
use potok_translate::read::employees::page;
use potok_types::limits;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetMyEmployee, _>(mine);
    all.on::<GetEmployee, _>(one);
    all.on::<GetEmployees, _>(some);
    all.on::<GetOrganizationUsers, _>(users_v1);
    all.on::<GetOrganizationUsersV2, _>(users_v2);
    all.on::<GetSubscriptions, _>(subscriptions);
}

/// `GET /GetMyEmployee`.
async fn mine(call: Call<GetMyEmployee>) -> Result<Answer, ApiError> {
    Ok(call.answer(&employees::employee(&call.permit.user, &call.permit.employee)))
}

/// `GET /GetEmployee`.
async fn one(call: Call<GetEmployee>) -> Result<Answer, ApiError> {
    let found = call.people().get_employee(&call.permit, call.query.user_id).await?;
    Ok(call.answer(&employees::employee(&found.user, &found.employee)))
}

/// `GET /GetEmployees`.
async fn some(call: Call<GetEmployees>) -> Result<Answer, ApiError> {
    let page = page(call.query.page, call.query.count, limits::EMPLOYEES_PER_PAGE)?;
    let found = call.people().get_employees(&call.permit, page.offset, page.limit).await?;
    Ok(call.answer(&employees::list(found.people.iter().map(parts), found.total)))
}

/// `GET /GetOrganizationUsers`.
async fn users_v1(call: Call<GetOrganizationUsers>) -> Result<Answer, ApiError> {
    let found = call.people().organization_users(&call.permit).await?;
    Ok(call.answer(&employees::users(found.iter().map(parts), &call.permit.user)))
}

/// `GET /V2/GetOrganizationUsers`.
async fn users_v2(call: Call<GetOrganizationUsersV2>) -> Result<Answer, ApiError> {
    let found = call.people().organization_users(&call.permit).await?;
    Ok(call.answer(&employees::users(found.iter().map(parts), &call.permit.user)))
}

/// `GET /GetSubscriptions`.
async fn subscriptions(call: Call<GetSubscriptions>) -> Result<Answer, ApiError> {
    let found = call.people().get_subscriptions(&call.permit, call.query.user_id).await?;
    Ok(call.answer(&employees::subscriptions(&found)))
}

const fn parts(person: &Person) -> (&User, &Employee) {
    (&person.user, &person.employee)
}
