//! `POST /connect/introspect`: whether a token is alive, and whose it is (RFC 7662).

use potok_api::Json;
use potok_api::methods::ConnectIntrospect;
use potok_app::KnownGrant;
use serde_json::{Value, json};

use super::oauth::{Stopped, asked, needed, told};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectIntrospect, _>(introspect);
}

async fn introspect(call: Call<ConnectIntrospect>) -> Result<Answer, ApiError> {
    let done = known(&call).await.map(|known| call.answer(&Json(known.to_string())));
    told(&call, done)
}

async fn known(call: &Call<ConnectIntrospect>) -> Result<Value, Stopped> {
    let (form, proof) = asked(call).await?;
    let grant = call.login().introspect(&proof, needed(&form, "token")?).await?;
    Ok(grant.map_or_else(|| json!({"active": false}), |grant| alive(&grant)))
}

fn alive(grant: &KnownGrant) -> Value {
    let mut told = json!({
        "active": true,
        "scope": grant.scope,
        "client_id": grant.client_id,
        "sub": grant.user.to_string(),
        "iss": grant.issuer,
        "iat": grant.issued_at.unix_seconds(),
        "exp": grant.expires_at.unix_seconds(),
    });
    if !grant.is_refresh {
        told["token_type"] = json!("Bearer");
    }
    told
}
