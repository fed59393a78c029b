//! `POST /V3/Authenticate?type=` and `POST /V3/AuthenticateConfirm`, also in V2: a token for `DiadocAuth`.

use http::HeaderMap;
use potok_api::methods::{
    AuthenticateConfirmQuery, AuthenticateConfirmV2, AuthenticateConfirmV3, AuthenticateQuery,
    AuthenticateV2, AuthenticateV3,
};
use potok_api::{Endpoint, Payload as _, Raw, Text};
use potok_app::NamedCertificate;
use potok_types::access::KnownClient;
use potok_wire::proto::LoginPassword;

use crate::answer::{Answer, TEXT};
use crate::call::Call;
use crate::format::check_content_type;
use crate::registry::Registry;
use crate::{ApiError, ErrorCode};

pub(super) fn register(all: &mut Registry) {
    all.on::<AuthenticateConfirmV2, _>(confirm);
    all.on::<AuthenticateConfirmV3, _>(confirm);
    all.on::<AuthenticateV2, _>(login);
    all.on::<AuthenticateV3, _>(login);
}

/// By which trusted services name themselves and their users.
const SERVICE_HEADERS: [&str; 2] = ["X-Diadoc-ServiceKey", "X-Diadoc-ServiceUserId"];

/// By password at once, by certificate in two steps. The other ways are named in their refusal, so that nobody searches
/// for a mistake of their own.
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
        _ => Err(unserved(&kind)),
    }
}

fn unserved(kind: &str) -> ApiError {
    match kind {
        "sid" => {
            let text = "the sign-in id opens nothing: it is one of a sister service, which this server does not know. Use \
                        type=password or type=certificate";
            ApiError::new(ErrorCode::Auth, text)
        }
        "trust" => {
            let text = format!(
                "Authenticate?type={kind} is not implemented by this server yet: use type=password or \
                 type=certificate"
            );
            ApiError::new(ErrorCode::NotImplemented, text)
        }
        _ => ApiError::bad_request(format!(
            "query parameter type has the wrong value {kind:?}: password, certificate, sid or trust is expected"
        )),
    }
}

async fn by_password<E: Endpoint<Access = KnownClient>>(call: Call<E>) -> Result<Answer, ApiError> {
    check_content_type(LoginPassword::KIND, &call.incoming.parts.headers)?;
    let given = LoginPassword::from_caller(call.incoming.formats.request, call.incoming.body.clone())
        .map_err(|error| call.incoming.with_hint(error.into()))?;
    let token = call.login().by_password(&call.permit, &given.login, &given.password).await?;
    Ok(Answer::ok(Some(TEXT), token))
}

/// The second step by certificate: the decrypted secret comes back, with the certificate or its thumbprint.
async fn confirm<E>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<Query = AuthenticateConfirmQuery, Request = Raw, Access = KnownClient, Response = Text>,
{
    if call.query.save_binding == Some(true) {
        return Err(binding(&call.incoming.parts.headers));
    }
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
    let token = call.login().by_certificate(&call.permit, &call.query.token.0, named).await?;
    Ok(call.answer(&Text(token)))
}

/// Why nothing is bound: trusted services are not built, and a binding without one means nothing.
fn binding(headers: &HeaderMap) -> ApiError {
    if SERVICE_HEADERS.iter().all(|name| headers.contains_key(*name)) {
        let text = "saveBinding=true is not implemented by this server yet: log in without it";
        return ApiError::new(ErrorCode::NotImplemented, text);
    }
    let [key, user] = SERVICE_HEADERS;
    ApiError::bad_request(format!(
        "saveBinding=true binds a user of a trusted service, so it needs the headers {key} and {user}"
    ))
}
