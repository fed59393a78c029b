//! `POST /connect/deviceauthorization`: a device without a browser begins (RFC 8628).

use potok_api::Json;
use potok_api::methods::ConnectDeviceAuthorization;
use potok_app::DeviceStart;
use serde_json::json;

use super::oauth::{Stopped, asked, told};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectDeviceAuthorization, _>(begin);
}

async fn begin(call: Call<ConnectDeviceAuthorization>) -> Result<Answer, ApiError> {
    let done = started(&call).await.map(|start| {
        let complete = format!("{}?user-code={}", start.page, start.user_code);
        let told = json!({
            "device_code": start.device_code,
            "user_code": start.user_code,
            "verification_uri": start.page,
            "verification_uri_complete": complete,
            "expires_in": start.expires_in_seconds,
            "interval": start.interval_seconds,
        });
        call.answer(&Json(told.to_string()))
    });
    told(&call, done)
}

async fn started(call: &Call<ConnectDeviceAuthorization>) -> Result<DeviceStart, Stopped> {
    let (form, proof) = asked(call).await?;
    Ok(call.login().begin_device(&proof, form.get("scope").unwrap_or_default()).await?)
}
