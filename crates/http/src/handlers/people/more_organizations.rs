//! `GetMyUser` V1, `GetMyCertificates`, `GetOrganizationFeatures`,
//! `GetOrganizationsByForeignTaxpayerCode`.

use potok_api::methods::{
    ForwardDocumentV2, GetMyCertificates, GetMyUser, GetOrganizationFeatures,
    GetOrganizationsByForeignTaxpayerCode,
};
use potok_translate::answers::{my_certificates, organization_features};
use potok_translate::directory::{self, OrganizationView};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetMyUser, _>(my_user);
    all.on::<GetMyCertificates, _>(certificates);
    all.on::<GetOrganizationFeatures, _>(features);
    all.on::<GetOrganizationsByForeignTaxpayerCode, _>(by_foreign_code);
}

/// `GET /GetMyUser`.
async fn my_user(call: Call<GetMyUser>) -> Result<Answer, ApiError> {
    Ok(call.answer(&directory::user_v1(&call.permit)))
}

/// `GET /GetMyCertificates`. Nobody has certificates of Goskey here, so asking for them too changes nothing.
async fn certificates(call: Call<GetMyCertificates>) -> Result<Answer, ApiError> {
    let held = call.people().my_certificates(&call.permit).await?;
    Ok(call.answer(&my_certificates::answer(&held)))
}

/// `GET /GetOrganizationFeatures`.
async fn features(call: Call<GetOrganizationFeatures>) -> Result<Answer, ApiError> {
    let forwards = call.serves::<ForwardDocumentV2>();
    Ok(call.answer(&organization_features::answer(&call.permit.organization, forwards, call.now())))
}

/// `GET /GetOrganizationsByForeignTaxpayerCode`.
async fn by_foreign_code(call: Call<GetOrganizationsByForeignTaxpayerCode>) -> Result<Answer, ApiError> {
    let code = &call.query.foreign_taxpayer_code;
    let found = call.people().organizations_by_foreign_code(&call.permit, code).await?;
    Ok(call.answer(&directory::organization_list(&found, OrganizationView::default())))
}
