//! `GetMyUser` V1, `GetMyCertificates`, `GetOrganizationFeatures`, `GetOrganizationsByInnList`,
//! `GetOrganizationsByForeignTaxpayerCode`.

use potok_api::methods::{
    GetMyCertificates, GetMyUser, GetOrganizationFeatures, GetOrganizationsByForeignTaxpayerCode,
    GetOrganizationsByInnList, GetOrganizationsByInnListV2,
};
use potok_translate::answers::{inn_list, my_certificates, organization_features};
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
    all.on::<GetOrganizationsByInnList, _>(by_inn_list_v1);
    all.on::<GetOrganizationsByInnListV2, _>(by_inn_list_v2);
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
    Ok(call.answer(&organization_features::answer()))
}

/// `GET /GetOrganizationsByForeignTaxpayerCode`.
async fn by_foreign_code(call: Call<GetOrganizationsByForeignTaxpayerCode>) -> Result<Answer, ApiError> {
    let code = &call.query.foreign_taxpayer_code;
    let found = call.people().organizations_by_foreign_code(&call.permit, code).await?;
    let with_invitations = call.query.include_relations.unwrap_or_default();
    let view = OrganizationView { with_invitations, ..OrganizationView::default() };
    Ok(call.answer(&directory::organization_list(&found, view)))
}

/// `POST /GetOrganizationsByInnList`.
async fn by_inn_list_v1(call: Call<GetOrganizationsByInnList>) -> Result<Answer, ApiError> {
    let found = call.people().organizations_by_inn_list(&call.permit, &call.body.inn_list).await?;
    Ok(call.answer(&inn_list::answer(&found)))
}

/// `POST /V2/GetOrganizationsByInnList`.
async fn by_inn_list_v2(call: Call<GetOrganizationsByInnListV2>) -> Result<Answer, ApiError> {
    let found = call.people().organizations_by_inn_list(&call.permit, &call.body.inn_list).await?;
    Ok(call.answer(&inn_list::answer(&found)))
}
