//! `POST /V3/Authenticate?type=`: a token for `DiadocAuth`.

use potok_api::Payload as _;
use potok_api::methods::AuthenticateV3;
use potok_wire::proto::LoginPassword;

use crate::answer::{Answer, TEXT};
use crate::call::Call;
use crate::format::check_content_type;
use crate::{ApiError, ErrorCode};

/// By password. The other ways are named in their refusal, so that nobody searches for a mistake of their own.
pub(super) async fn v3(call: Call<AuthenticateV3>) -> Result<Answer, ApiError> {
    let kind = call.query.kind.to_ascii_lowercase();
    match kind.as_str() {
        "password" => by_password(call).await,
        "certificate" | "sid" | "trust" => {
            let text =
                format!("Authenticate?type={kind} is not implemented by this server yet: use type=password");
            Err(ApiError::new(ErrorCode::NotImplemented, text))
        }
        _ => Err(ApiError::bad_request(format!(
            "query parameter type has the wrong value {kind:?}: password, certificate, sid or trust is expected"
        ))),
    }
}

async fn by_password(call: Call<AuthenticateV3>) -> Result<Answer, ApiError> {
    check_content_type(LoginPassword::KIND, &call.incoming.parts.headers)?;
    let given = LoginPassword::from_body(call.incoming.formats.request, call.incoming.body.clone())
        .map_err(|error| call.incoming.with_hint(error.into()))?;
    let token = call.app().login_by_password(call.caller()?, &given.login, &given.password).await?;
    Ok(Answer::ok(Some(TEXT), token))
}
