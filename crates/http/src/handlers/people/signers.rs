//! `POST` and `GET /V2/ExtendedSignerDetails`, and the first version of both.

use potok_api::methods::{
    GetExtendedSignerDetails, GetExtendedSignerDetailsV2, PostExtendedSignerDetails,
    PostExtendedSignerDetailsV2,
};
use potok_translate::answers::extended_signer;
use potok_translate::read::signers;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<PostExtendedSignerDetailsV2, _>(post_v2);
    all.on::<GetExtendedSignerDetailsV2, _>(get_v2);
    all.on::<PostExtendedSignerDetails, _>(post_v1);
    all.on::<GetExtendedSignerDetails, _>(get_v1);
}

/// `POST /V2/ExtendedSignerDetails`.
async fn post_v2(mut call: Call<PostExtendedSignerDetailsV2>) -> Result<Answer, ApiError> {
    let title = signers::title(&call.query.document_title_type)?;
    let details = signers::details(std::mem::take(&mut call.body))?;
    let told = call.people().put_signer(&call.permit, &call.query.thumbprint, title, details).await?;
    Ok(call.answer(&extended_signer::answer(told)))
}

/// `GET /V2/ExtendedSignerDetails`.
async fn get_v2(call: Call<GetExtendedSignerDetailsV2>) -> Result<Answer, ApiError> {
    let title = signers::title(&call.query.document_title_type)?;
    let told = call.people().signer(&call.permit, &call.query.thumbprint, title).await?;
    Ok(call.answer(&extended_signer::answer(told)))
}

/// `POST /ExtendedSignerDetails`.
async fn post_v1(mut call: Call<PostExtendedSignerDetails>) -> Result<Answer, ApiError> {
    let title = signers::title_v1(call.query.buyer.unwrap_or(false), call.query.correction);
    let details = signers::details(std::mem::take(&mut call.body))?;
    let told = call.people().put_signer(&call.permit, &call.query.thumbprint, title, details).await?;
    Ok(call.answer(&extended_signer::answer(told)))
}

/// `GET /ExtendedSignerDetails`.
async fn get_v1(call: Call<GetExtendedSignerDetails>) -> Result<Answer, ApiError> {
    let title = signers::title_v1(call.query.buyer.unwrap_or(false), call.query.correction);
    let told = call.people().signer(&call.permit, &call.query.thumbprint, title).await?;
    Ok(call.answer(&extended_signer::answer(told)))
}
