//! `CreateEmployee`, `UpdateEmployee`, `DeleteEmployee`, `UpdateSubscriptions`.

use potok_api::methods::{CreateEmployee, DeleteEmployee, UpdateEmployee, UpdateSubscriptions};
use potok_translate::answers::employees;
use potok_translate::read::employees as read;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<CreateEmployee, _>(create);
    all.on::<UpdateEmployee, _>(update);
    all.on::<DeleteEmployee, _>(delete);
    all.on::<UpdateSubscriptions, _>(subscriptions);
}

/// `POST /CreateEmployee`.
async fn create(mut call: Call<CreateEmployee>) -> Result<Answer, ApiError> {
    let new = read::new_employee(std::mem::take(&mut call.body))?;
    let made = call.people().create_employee(&call.permit, new).await?;
    Ok(call.answer(&employees::employee(&made.user, &made.employee)))
}

/// `POST /UpdateEmployee`.
async fn update(mut call: Call<UpdateEmployee>) -> Result<Answer, ApiError> {
    let patch = read::patch(std::mem::take(&mut call.body))?;
    let changed = call.people().update_employee(&call.permit, call.query.user_id, patch).await?;
    Ok(call.answer(&employees::employee(&changed.user, &changed.employee)))
}

/// `POST /DeleteEmployee`.
async fn delete(call: Call<DeleteEmployee>) -> Result<Answer, ApiError> {
    call.people().delete_employee(&call.permit, call.query.user_id).await?;
    Ok(call.answer(&potok_api::Empty))
}

/// `POST /UpdateSubscriptions`.
async fn subscriptions(call: Call<UpdateSubscriptions>) -> Result<Answer, ApiError> {
    let changes = read::subscriptions(&call.body)?;
    let found = call.people().update_subscriptions(&call.permit, call.query.user_id, &changes).await?;
    Ok(call.answer(&employees::subscriptions(&found)))
}
