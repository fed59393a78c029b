//! `GET /connect/userinfo`: claims about the user of the token.

use http::header::{HeaderValue, WWW_AUTHENTICATE};
use potok_api::Json;
use potok_api::methods::ConnectUserinfo;
use potok_app::{AccessError, Claims};
use serde_json::{Value, json};

use super::oauth::no_store;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectUserinfo, _>(userinfo);
}

async fn userinfo(call: Call<ConnectUserinfo>) -> Result<Answer, ApiError> {
    let scope = call.incoming.caller.as_ref().map(|caller| caller.scope()).unwrap_or_default();
    let Some(claims) = call.login().userinfo(&call.permit, scope) else {
        let refused = Answer::from(ApiError::from(AccessError::NoOpenid));
        let told = HeaderValue::from_static("Bearer error=\"insufficient_scope\", scope=\"openid\"");
        return Ok(refused.with(WWW_AUTHENTICATE, told));
    };
    Ok(no_store(call.answer(&Json(told(claims).to_string()))))
}

fn told(claims: Claims) -> Value {
    let mut told = json!({"sub": claims.subject});
    if let Some(names) = claims.profile {
        told["name"] = json!(names.name);
        told["preferred_username"] = json!(names.login);
        let parts = [
            ("family_name", Some(names.last)),
            ("given_name", Some(names.first)),
            ("middle_name", names.middle),
        ];
        for (name, value) in parts {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                told[name] = json!(value);
            }
        }
    }
    if let Some(email) = claims.email {
        // An administrator wrote it down; nobody has sent a letter there.
        told["email"] = json!(email);
        told["email_verified"] = json!(false);
    }
    told
}
