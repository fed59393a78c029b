//! `GetEmployeePowersOfAttorney`, `AddEmployeePowerOfAttorney`, `UpdateEmployeePowerOfAttorney`,
//! `DeleteEmployeePowerOfAttorney`.

use potok_api::Empty;
use potok_api::methods::{
    AddEmployeePowerOfAttorney, AddEmployeePowerOfAttorneyV2, DeleteEmployeePowerOfAttorney,
    DeleteEmployeePowerOfAttorneyV2, EmployeePowerOfAttorneyV1Query, GetEmployeePowersOfAttorney,
    UpdateEmployeePowerOfAttorney, UpdateEmployeePowerOfAttorneyV2,
};
use potok_app::PowerAtHand;
use potok_domain::powers::PowerName;
use potok_translate::answers::powers_of_attorney as answers;
use potok_translate::read::powers as read;
use potok_wire::proto::employees::powers_of_attorney::{
    EmployeePowerOfAttorney, EmployeePowerOfAttorneyList,
};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

/// Where a power is named in the body.
const NAME: &str = "PowerOfAttorneyFullId";
const CHANGED: &str = "EmployeePowerOfAttorneyToUpdateV2.PowerOfAttorneyFullId";

pub(super) fn register(all: &mut Registry) {
    all.on::<GetEmployeePowersOfAttorney, _>(list);
    all.on::<AddEmployeePowerOfAttorney, _>(add_v1);
    all.on::<AddEmployeePowerOfAttorneyV2, _>(add_v2);
    all.on::<UpdateEmployeePowerOfAttorney, _>(update_v1);
    all.on::<UpdateEmployeePowerOfAttorneyV2, _>(update_v2);
    all.on::<DeleteEmployeePowerOfAttorney, _>(delete_v1);
    all.on::<DeleteEmployeePowerOfAttorneyV2, _>(delete_v2);
}

/// `GET /GetEmployeePowersOfAttorney`.
async fn list(call: Call<GetEmployeePowersOfAttorney>) -> Result<Answer, ApiError> {
    let only_actual = call.query.only_actual.unwrap_or_default();
    let found = call.powers().employee_powers(&call.permit, call.query.user_id, only_actual).await?;
    let powers_of_attorney = found.iter().map(shown).collect();
    Ok(call.answer(&EmployeePowerOfAttorneyList { powers_of_attorney }))
}

async fn add_v1(call: Call<AddEmployeePowerOfAttorney>) -> Result<Answer, ApiError> {
    let name = in_query(&call.query)?;
    let attached = call.powers().attach_power(&call.permit, call.query.user_id, name).await?;
    Ok(call.answer(&shown(&attached)))
}

async fn add_v2(call: Call<AddEmployeePowerOfAttorneyV2>) -> Result<Answer, ApiError> {
    let name = (NAME, read::power_name(NAME, &call.body)?);
    let attached = call.powers().attach_power(&call.permit, call.query.user_id, name).await?;
    Ok(call.answer(&shown(&attached)))
}

async fn update_v1(call: Call<UpdateEmployeePowerOfAttorney>) -> Result<Answer, ApiError> {
    let name = in_query(&call.query)?;
    let is_default = call.body.is_default_patch.as_ref().map(|patch| patch.is_default);
    let changed = call.powers().update_power(&call.permit, call.query.user_id, name, is_default).await?;
    Ok(call.answer(&shown(&changed)))
}

async fn update_v2(call: Call<UpdateEmployeePowerOfAttorneyV2>) -> Result<Answer, ApiError> {
    let name = (CHANGED, read::power_name(CHANGED, &call.body.power_of_attorney_full_id)?);
    let is_default = call.body.is_default_patch.as_ref().map(|patch| patch.is_default);
    let changed = call.powers().update_power(&call.permit, call.query.user_id, name, is_default).await?;
    Ok(call.answer(&shown(&changed)))
}

async fn delete_v1(call: Call<DeleteEmployeePowerOfAttorney>) -> Result<Answer, ApiError> {
    let name = in_query(&call.query)?;
    call.powers().detach_power(&call.permit, call.query.user_id, name).await?;
    Ok(call.answer(&Empty))
}

async fn delete_v2(call: Call<DeleteEmployeePowerOfAttorneyV2>) -> Result<Answer, ApiError> {
    let name = (NAME, read::power_name(NAME, &call.body)?);
    call.powers().detach_power(&call.permit, call.query.user_id, name).await?;
    Ok(call.answer(&Empty))
}

fn in_query(query: &EmployeePowerOfAttorneyV1Query) -> Result<(&'static str, PowerName), ApiError> {
    Ok(("registrationNumber", read::power_in_query(&query.registration_number, &query.issuer_inn)?))
}

fn shown(it: &PowerAtHand) -> EmployeePowerOfAttorney {
    answers::at_hand(&it.power.power, it.ancestors.iter().map(|it| &it.power), it.is_default)
}
