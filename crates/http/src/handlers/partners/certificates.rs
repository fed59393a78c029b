//! `GetCounteragentCertificates`.

use potok_api::Endpoint;
use potok_api::methods::{GetCounteragentCertificates, GetCounteragentCertificatesV2};
use potok_app::OtherSide;
use potok_translate::answers::counteragent_certificates;
use potok_types::access::{BoxEmployee, EncryptsDocuments};
use potok_wire::proto::CounteragentCertificateList;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<GetCounteragentCertificates, _>(v1);
    all.on::<GetCounteragentCertificatesV2, _>(v2);
}

async fn v1(call: Call<GetCounteragentCertificates>) -> Result<Answer, ApiError> {
    let other = OtherSide::Organization(call.query.counteragent_org_id);
    certificates(call, other).await
}

async fn v2(call: Call<GetCounteragentCertificatesV2>) -> Result<Answer, ApiError> {
    let other = OtherSide::Box(call.query.counteragent_box_id);
    certificates(call, other).await
}

async fn certificates<E>(call: Call<E>, other: OtherSide) -> Result<Answer, ApiError>
where
    E: Endpoint<Access = EncryptsDocuments<BoxEmployee>, Response = CounteragentCertificateList>,
{
    let found = call.partners().counteragent_certificates(&call.permit, other).await?;
    Ok(call.answer(&counteragent_certificates::answer(found)))
}
