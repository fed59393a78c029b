//! `POST /connect/token`: tokens for `Bearer`, as OAuth 2.0 describes it (RFC 6749).

use potok_api::Json;
use potok_api::methods::ConnectToken;
use potok_app::{ClientProof, IssuedTokens, Login};
use serde::Serialize;

use super::oauth::{Refused, Stopped, asked, json, needed, told};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::form::Form;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectToken, _>(token);
}

#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    scope: &'a str,
}

async fn token(call: Call<ConnectToken>) -> Result<Answer, ApiError> {
    let done = grant(&call).await.map(|issued| {
        call.answer(&Json(json(&TokenAnswer {
            access_token: &issued.access_token,
            token_type: "Bearer",
            expires_in: issued.expires_in_seconds,
            refresh_token: issued.refresh_token.as_deref(),
            id_token: issued.id_token.as_deref(),
            scope: &issued.scope,
        })))
    });
    told(&call, done)
}

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn grant(call: &Call<ConnectToken>) -> Result<IssuedTokens, Stopped> {
    let (form, proof) = asked(call).await?;
    bought(call.login(), &form, &proof).await
}

/// By what the form names.
async fn bought(login: &Login, form: &Form, proof: &ClientProof) -> Result<IssuedTokens, Stopped> {
    let scope = form.get("scope");
    Ok(match needed(form, "grant_type")? {
        "authorization_code" => {
            let (code, redirect_uri) = (needed(form, "code")?, form.get("redirect_uri"));
            login.tokens_by_code(proof, code, redirect_uri, form.get("code_verifier")).await?
        }
        "refresh_token" => login.tokens_by_refresh(proof, needed(form, "refresh_token")?, scope).await?,
        "client_credentials" => login.tokens_by_client(proof, scope.unwrap_or_default()).await?,
        DEVICE => login.tokens_by_device(proof, needed(form, "device_code")?).await?,
        "certificate" => {
            let (answer, thumbprint) = (needed(form, "decrypted_key")?, needed(form, "thumbprint")?);
            let scope = scope.unwrap_or_default();
            login.tokens_by_certificate(proof, answer, thumbprint.to_owned(), scope).await?
        }
        other => return Err(unserved(other).into()),
    })
}

fn unserved(grant: &str) -> Refused {
    let description = format!(
        "grant_type {:?} is not served: use authorization_code, refresh_token, client_credentials, {DEVICE} or certificate",
        grant.chars().take(100).collect::<String>()
    );
    Refused { error: "unsupported_grant_type", description }
}

#[cfg(test)]
mod tests {
    use potok_app::GrantError;
    use potok_oidc::Scope;

    use super::*;

    #[test]
    fn every_refusal_has_its_name() {
        let scope = Scope::parse("everything").unwrap_err();
        for (error, name) in [
            (GrantError::InvalidClient, "invalid_client"),
            (GrantError::InvalidGrant, "invalid_grant"),
            (GrantError::BadCode, "invalid_grant"),
            (GrantError::BadCertificate(String::new()), "invalid_grant"),
            (GrantError::UserBlocked, "invalid_grant"),
            (GrantError::UnauthorizedClient, "unauthorized_client"),
            (GrantError::InvalidScope, "invalid_scope"),
            (GrantError::Scope(scope), "invalid_scope"),
            (GrantError::Pending, "authorization_pending"),
            (GrantError::SlowDown, "slow_down"),
            (GrantError::Expired, "expired_token"),
            (GrantError::Denied, "access_denied"),
        ] {
            let Stopped::Refused(refused) = error.into() else { panic!("{name} is a refusal") };
            assert_eq!(refused.error, name);
        }
    }
}
