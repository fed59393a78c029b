//! `PrevalidatePowerOfAttorney`.

use potok_api::methods::{PrevalidatePowerOfAttorney, PrevalidatePowerOfAttorneyV2};
use potok_translate::answers::powers_of_attorney as answers;
use potok_translate::read::powers as read;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PrevalidatePowerOfAttorney, _>(v1);
    all.on::<PrevalidatePowerOfAttorneyV2, _>(v2);
}

/// `POST /PrevalidatePowerOfAttorney`: the power is named in the query.
async fn v1(mut call: Call<PrevalidatePowerOfAttorney>) -> Result<Answer, ApiError> {
    const CERTIFICATE: &str = "PowerOfAttorneyPrevalidateRequest.ConfidantCertificate";
    let name = read::power_in_query(&call.query.registration_number, &call.query.issuer_inn)?;
    let given = std::mem::take(&mut call.body.confidant_certificate);
    let certificate = read::certificate(CERTIFICATE, given)?;
    let (name, certificate) = (("registrationNumber", name), (CERTIFICATE, certificate));
    let found = call.powers().prevalidate(&call.permit, name, certificate).await?;
    Ok(call.answer(&answers::prevalidated(&found)))
}

/// `POST /V2/PrevalidatePowerOfAttorney`: the power is named in the body.
async fn v2(mut call: Call<PrevalidatePowerOfAttorneyV2>) -> Result<Answer, ApiError> {
    const POWER: &str = "PowerOfAttorneyPrevalidateRequestV2.FullId";
    const CERTIFICATE: &str = "PowerOfAttorneyPrevalidateRequestV2.ConfidantCertificate";
    let body = std::mem::take(&mut call.body);
    let name = (POWER, read::power_name(POWER, &body.full_id)?);
    let certificate = (CERTIFICATE, read::certificate(CERTIFICATE, body.confidant_certificate)?);
    let found = call.powers().prevalidate(&call.permit, name, certificate).await?;
    Ok(call.answer(&answers::prevalidated(&found)))
}
