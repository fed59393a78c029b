//! `RegisterPowerOfAttorney` and `RegisterPowerOfAttorneyResult`.

use potok_api::methods::{RegisterPowerOfAttorney, RegisterPowerOfAttorneyResult};
use potok_app::{PowerRegistration, RegisteredPower};
use potok_translate::answers::powers_of_attorney as answers;
use potok_translate::read::powers as read;
use potok_types::Ticks;
use potok_wire::proto::AsyncMethodResult;
use potok_wire::proto::powers_of_attorney::PowerOfAttorneyRegisterResult;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<RegisterPowerOfAttorney, _>(begin);
    all.on::<RegisterPowerOfAttorneyResult, _>(result);
}

/// `POST /RegisterPowerOfAttorney`.
async fn begin(mut call: Call<RegisterPowerOfAttorney>) -> Result<Answer, ApiError> {
    let given = read::to_register(std::mem::take(&mut call.body))?;
    let task = call.powers().register(&call.permit, given).await?;
    Ok(call.answer(&AsyncMethodResult { task_id: Some(task.to_string()) }))
}

/// `GET /RegisterPowerOfAttorneyResult`: always 200, the status stands in the answer.
async fn result(call: Call<RegisterPowerOfAttorneyResult>) -> Result<Answer, ApiError> {
    let task = read::registration(&call.query.task_id)?;
    Ok(call.answer(&match call.powers().registration(&call.permit, task).await? {
        PowerRegistration::Done { power, ancestors, at } => done(&power, &ancestors, at),
        PowerRegistration::Refused { code, reason } => answers::not_registered(code, reason),
    }))
}

fn done(it: &RegisteredPower, ancestors: &[RegisteredPower], at: Ticks) -> PowerOfAttorneyRegisterResult {
    let standing = it.power.standing(it.registered.revoked().is_some(), at);
    answers::registered(&it.power, ancestors.iter().map(|it| &it.power), standing, at)
}
