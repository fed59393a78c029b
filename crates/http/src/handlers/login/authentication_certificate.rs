//! `POST /authentication/certificate`: the first step of a login by certificate at the provider.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_api::Json;
use potok_api::methods::AuthenticationCertificate;
use serde_json::json;

use super::oauth::{Stopped, asked, needed, told};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<AuthenticationCertificate, _>(challenge);
}

async fn challenge(call: Call<AuthenticationCertificate>) -> Result<Answer, ApiError> {
    let done = sealed(&call).await.map(|sealed| {
        let told = json!({"encrypted_key": STANDARD.encode(sealed)});
        call.answer(&Json(told.to_string()))
    });
    told(&call, done)
}

/// The certificate stands in `public_key`, in PEM or in base64. `free`, by which the vendor leaves its checks out, changes
/// nothing: what is out of date opens no account.
async fn sealed(call: &Call<AuthenticationCertificate>) -> Result<Vec<u8>, Stopped> {
    let (form, proof) = asked(call).await?;
    // In a form that was not encoded a plus has become a blank.
    let text = needed(&form, "public_key")?;
    let is_pem = text.contains("-----BEGIN");
    let certificate = if is_pem { text.to_owned() } else { text.trim().replace(' ', "+") };
    Ok(call.login().certificate_challenge(&proof, Bytes::from(certificate)).await?)
}
