//! `GET /.well-known/openid-configuration` and the keys: what programs read first.

use http::header::{CACHE_CONTROL, HeaderValue};
use potok_api::Json;
use potok_api::methods::{OpenidConfiguration, OpenidJwks};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<OpenidConfiguration, _>(configuration);
    all.on::<OpenidJwks, _>(keys);
}

async fn configuration(call: Call<OpenidConfiguration>) -> Result<Answer, ApiError> {
    Ok(cached(call.answer(&Json(call.login().metadata().to_string()))))
}

async fn keys(call: Call<OpenidJwks>) -> Result<Answer, ApiError> {
    Ok(cached(call.answer(&Json(call.login().jwks().await?.to_string()))))
}

/// Far shorter than a new key is published before it signs.
fn cached(answer: Answer) -> Answer {
    answer.with(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"))
}
