//! Logging in by the `DiadocAuth` scheme.

use potok_types::access::KnownClient;

use crate::endpoint::endpoints;
use crate::params::queries;
use crate::{Deprecation, Empty, Example, LOGIN_BODY_LIMIT_BYTES, Opaque, Raw, Text};

queries! {
    /// The query of `Authenticate`.
    AuthenticateQuery {
        /// The way to log in: `password`, `certificate`, `sid` or `trust`.
        kind: String = "type";
    }

    /// The query of `AuthenticateConfirm`.
    AuthenticateConfirmQuery {
        /// The token.
        token: Opaque = "token";
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        thumbprint: Option<String> = "thumbprint",
        /// Remember which user of the trusted service this is; false when absent.
        save_binding: Option<bool> = "saveBinding",
    }

    /// The query of `Authenticate`.
    AuthenticateV1Query {
        ;
        /// The login.
        login: Option<String> = "login",
        /// The password.
        password: Option<String> = "password",
        /// The sign-in id.
        sid: Option<String> = "sid",
    }

    /// The query of `GetExternalServiceAuthInfo`.
    GetExternalServiceAuthInfoQuery {
        /// The key.
        key: String = "key";
    }
}

/// By password.
const LOGIN: Option<Example> =
    Some(Example::new("type=password", r#"{"login":"{login}","password":"{password}"}"#));
/// Nobody can write down the answer to a challenge.
const CONFIRM: Option<Example> =
    Some(Example::query("token=bm9ib2R5&thumbprint=0123456789ABCDEF0123456789ABCDEF01234567").answered(400));

endpoints! {
    $ Auth for_each_auth_endpoint;

    /// Logs in and answers with a token.
    AuthenticateV3 authenticate_v3 = "Authenticate" 3, Post "/V3/Authenticate",
    AuthenticateQuery, Raw => Raw {
        access: KnownClient,
        body_limit_bytes: LOGIN_BODY_LIMIT_BYTES,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        example: LOGIN,
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("/connect/token"),
        note: "body and answer depend on `type`: `LoginPassword` and a token for `password`, a certificate \
               and CMS EnvelopedData for `certificate`",
    }

    /// Finishes a login by certificate: the decrypted nonce comes back.
    AuthenticateConfirmV3 authenticate_confirm_v3 = "AuthenticateConfirm" 3, Post "/V3/AuthenticateConfirm",
    AuthenticateConfirmQuery, Raw => Text {
        access: KnownClient,
        body_limit_bytes: LOGIN_BODY_LIMIT_BYTES,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        example: CONFIRM,
        deprecation: Deprecation::Obsolete,
        replaced_by: Some("/connect/token"),
    }

    /// Finishes a login by certificate: the decrypted nonce comes back.
    AuthenticateConfirmV2 authenticate_confirm_v2 = "AuthenticateConfirm" 2, Post "/V2/AuthenticateConfirm",
    AuthenticateConfirmQuery, Raw => Text {
        access: KnownClient,
        body_limit_bytes: LOGIN_BODY_LIMIT_BYTES,
        status_codes: &[200, 400, 401, 403, 405, 415, 429, 500],
        example: CONFIRM,
        deprecation: Deprecation::Obsolete,
    }

    /// Logs in and answers with a token.
    AuthenticateV2 authenticate_v2 = "Authenticate" 2, Post "/V2/Authenticate",
    AuthenticateQuery, Raw => Raw {
        access: KnownClient,
        body_limit_bytes: LOGIN_BODY_LIMIT_BYTES,
        status_codes: &[200, 400, 401, 405, 415, 429, 500],
        example: LOGIN,
        deprecation: Deprecation::Obsolete,
        documented: false,
        note: "as V3",
    }

    /// Logs in and answers with a token.
    Authenticate authenticate = "Authenticate" 1, Post "/Authenticate",
    AuthenticateV1Query, Raw => Raw {
        access: KnownClient,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        replaced_by: Some("Authenticate V3"),
    }

    /// Told how to log in to a sister service.
    GetExternalServiceAuthInfo get_external_service_auth_info =
        "GetExternalServiceAuthInfo" 1, Post "/GetExternalServiceAuthInfo",
    GetExternalServiceAuthInfoQuery, Empty => Raw {
        access: KnownClient,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        note: "ExternalServiceAuthInfo: the structure is not in the published schema, so the bytes are handed \
               on as they are",
    }
}
