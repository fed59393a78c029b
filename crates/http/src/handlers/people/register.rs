//! `POST /Register`, `POST /RegisterConfirm`.

use bytes::Bytes;
use potok_api::Empty;
use potok_api::methods::{Register, RegisterConfirm};
use potok_app::NamedCertificate;
use potok_translate::answers::registration;
use potok_types::Invalid;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<Register, _>(begin);
    all.on::<RegisterConfirm, _>(confirm);
}

/// `POST /Register`.
async fn begin(mut call: Call<Register>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let named = named("RegistrationRequest", body.certificate_content, body.thumbprint)?;
    let told = call.people().register(&call.permit, named).await?;
    Ok(call.answer(&registration::answer(told)))
}

/// `POST /RegisterConfirm`.
async fn confirm(mut call: Call<RegisterConfirm>) -> Result<Answer, ApiError> {
    let body = std::mem::take(&mut call.body);
    let named = named("RegistrationConfirmRequest", body.certificate_content, body.thumbprint)?;
    call.people().confirm_registration(&call.permit, named, body.data_to_sign, body.signature).await?;
    Ok(call.answer(&Empty))
}

/// The certificate, or its name: exactly one of them.
fn named(
    structure: &str,
    content: Option<Bytes>,
    thumbprint: Option<String>,
) -> Result<NamedCertificate, Invalid> {
    let content = content.filter(|content| !content.is_empty()).map(NamedCertificate::Whole);
    let thumbprint = thumbprint.filter(|text| !text.is_empty()).map(NamedCertificate::Thumbprint);
    match (content, thumbprint) {
        (Some(one), None) | (None, Some(one)) => Ok(one),
        _ => Err(Invalid::new(structure, "give exactly one of CertificateContent and Thumbprint")),
    }
}
