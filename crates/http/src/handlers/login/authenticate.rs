//! `POST /V3/Authenticate?type=` and `POST /V3/AuthenticateConfirm`, also in V2: a token for `DiadocAuth`.

use http::HeaderMap;
use potok_api::methods::{
    AuthenticateConfirmQuery, AuthenticateConfirmV2, AuthenticateConfirmV3, AuthenticateQuery,
    AuthenticateV2, AuthenticateV3,
};
use potok_api::{Endpoint, Payload as _, Raw, Text};
use potok_app::{NamedCertificate, ServiceUser};
use potok_types::access::KnownClient;
use potok_wire::proto::LoginPassword;

use crate::ApiError;
use crate::answer::{Answer, TEXT};
use crate::call::Call;
use crate::format::check_content_type;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<AuthenticateConfirmV2, _>(confirm);
    all.on::<AuthenticateConfirmV3, _>(confirm);
    all.on::<AuthenticateV2, _>(login);
    all.on::<AuthenticateV3, _>(login);
}

/// By which trusted services name themselves and their users.
const SERVICE_HEADERS: [&str; 2] = ["X-Diadoc-ServiceKey", "X-Diadoc-ServiceUserId"];

/// By password at once, by certificate in two steps, by the session of a browser, by a trusted service.
async fn login<E>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = AuthenticateQuery, Request = Raw, Access = KnownClient, Response = Raw>,
{
    let kind = call.query.kind.to_ascii_lowercase();
    match kind.as_str() {
        "password" => by_password(call).await,
        "certificate" => {
            let sealed = call.login().challenge(&call.permit, call.body.0.clone()).await?;
            Ok(call.ready(sealed))
        }
        "sid" => by_sid(call).await,
        "trust" => by_trust(call).await,
        _ => Err(ApiError::bad_request(format!(
            "query parameter type has the wrong value {kind:?}: password, certificate, sid or trust is expected"
        ))),
    }
}

async fn by_sid<E: Endpoint<Request = Raw, Access = KnownClient>>(call: Call<E>) -> Result<Answer, ApiError> {
    let sid = String::from_utf8_lossy(&call.body.0).into_owned();
    Ok(Answer::ok(Some(TEXT), call.login().by_sid(&call.permit, &sid).await?))
}

async fn by_trust<E: Endpoint<Access = KnownClient>>(call: Call<E>) -> Result<Answer, ApiError> {
    let service = service(&call.incoming.parts.headers)?.ok_or_else(no_service)?;
    Ok(Answer::ok(Some(TEXT), call.login().by_trust(&call.permit, &service).await?))
}

/// The trusted service that calls, if one does, and its user.
fn service(headers: &HeaderMap) -> Result<Option<ServiceUser>, ApiError> {
    let [key, id] = SERVICE_HEADERS.map(|name| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|it| !it.is_empty())
    });
    match (key, id) {
        (Some(key), Some(id)) => Ok(Some(ServiceUser { key: key.to_owned(), id: id.to_owned() })),
        (None, None) => Ok(None),
        _ => Err(no_service()),
    }
}

fn no_service() -> ApiError {
    let [key, user] = SERVICE_HEADERS;
    ApiError::bad_request(format!(
        "a trusted service names itself and its user by the headers {key} and {user}: send both"
    ))
}

/// Whom to bind after a login by certificate; nobody unless that is asked for.
fn bound(save: Option<bool>, headers: &HeaderMap) -> Result<Option<ServiceUser>, ApiError> {
    match save {
        Some(true) => service(headers)?.ok_or_else(no_service).map(Some),
        _ => Ok(None),
    }
}

async fn by_password<E: Endpoint<Access = KnownClient>>(mut call: Call<E>) -> Result<Answer, ApiError> {
    check_content_type(LoginPassword::KIND, &call.incoming.parts.headers)?;
    let given: LoginPassword = call.incoming.structure().await?;
    let service = service(&call.incoming.parts.headers)?;
    let token = call
        .login()
        .by_password(&call.permit, &given.login, &given.password, service.as_ref(), call.address())
        .await?;
    Ok(Answer::ok(Some(TEXT), token))
}

/// The second step by certificate: the decrypted secret comes back, with the certificate or its thumbprint.
async fn confirm<E>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = AuthenticateConfirmQuery, Request = Raw, Access = KnownClient, Response = Text>,
{
    let service = bound(call.query.save_binding, &call.incoming.parts.headers)?;
    let named = match &call.query.thumbprint {
        Some(thumbprint) => NamedCertificate::Thumbprint(thumbprint.clone()),
        None if call.body.0.is_empty() => {
            return Err(ApiError::bad_request(
                "query parameter thumbprint is missing: name the certificate by it, or send the certificate in DER as \
                 the body",
            ));
        }
        None => NamedCertificate::Whole(call.body.0.clone()),
    };
    let token =
        call.login().by_certificate(&call.permit, &call.query.token.0, named, service.as_ref()).await?;
    Ok(call.answer(&Text(token)))
}
