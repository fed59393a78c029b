//! OpenID Connect.

use potok_types::access::{Anyone, BearerUser, OAuthClient};

use crate::endpoint::endpoints;
use crate::params::queries;
use crate::{Empty, Example, FORM_BODY_LIMIT_BYTES, Form, Html, Json, NoQuery};

queries! {
    /// The query of `/connect/authorize`.
    AuthorizeQuery {
        /// `code`.
        response_type: String = "response_type",
        /// The client.
        client_id: String = "client_id",
        /// Scopes, separated by blanks.
        scope: String = "scope",
        /// Where to send the browser back to.
        redirect_uri: String = "redirect_uri";
        /// Handed back as it is.
        state: Option<String> = "state",
        /// Put into the id token.
        nonce: Option<String> = "nonce",
        /// PKCE challenge.
        code_challenge: Option<String> = "code_challenge",
        /// PKCE method, `S256`.
        code_challenge_method: Option<String> = "code_challenge_method",
        /// Whether to ask the user.
        prompt: Option<String> = "prompt",
        /// Who the user probably is.
        login_hint: Option<String> = "login_hint",
    }

    /// The query of `/connect/endsession`.
    EndSessionQuery {
        ;
        /// The last id token.
        id_token_hint: Option<String> = "id_token_hint",
        /// Where to send the browser after.
        post_logout_redirect_uri: Option<String> = "post_logout_redirect_uri",
        /// Handed back as it is.
        state: Option<String> = "state",
    }

    /// The query of `/device`.
    DeviceQuery {
        ;
        /// The code shown on the device.
        user_code: Option<String> = "user-code",
    }
}

endpoints! {
    $ Oidc for_each_oidc_endpoint;

    /// Where the endpoints of the identity provider are.
    OpenidConfiguration openid_configuration =
        "/.well-known/openid-configuration" 1, Get "/.well-known/openid-configuration",
    NoQuery, Empty => Json {
        access: Anyone,
        example: Some(Example::PLAIN),
        status_codes: &[200, 405, 500],
    }

    /// The keys of the identity provider.
    OpenidJwks openid_jwks =
        "/.well-known/openid-configuration/jwks" 1, Get "/.well-known/openid-configuration/jwks",
    NoQuery, Empty => Json {
        access: Anyone,
        example: Some(Example::PLAIN),
        status_codes: &[200, 405, 500],
    }

    /// Starts a login in the browser.
    ConnectAuthorize connect_authorize = "/connect/authorize" 1, Get "/connect/authorize",
    AuthorizeQuery, Empty => Html {
        access: Anyone,
        example: Some(Example::query(
            "response_type=code&client_id={app}&scope=openid&redirect_uri={redirect}&code_challenge_method=S256\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        )),
        status_codes: &[200, 302, 400],
        note: "answers with a redirect or a login page",
    }

    /// Exchanges a grant for an access token.
    ConnectToken connect_token = "/connect/token" 1, Post "/connect/token",
    NoQuery, Form => Json {
        access: OAuthClient,
        status_codes: &[200, 400, 401, 405, 415, 429],
        example: Some(Example::new(
            "",
            "grant_type=refresh_token&client_id={client}&client_secret={secret}&refresh_token={refresh}",
        )),
        body_limit_bytes: FORM_BODY_LIMIT_BYTES,
    }

    /// Starts a login on a device without a browser.
    ConnectDeviceAuthorization connect_device_authorization =
        "/connect/deviceauthorization" 1, Post "/connect/deviceauthorization",
    NoQuery, Form => Json {
        access: OAuthClient,
        example: Some(Example::new("", "client_id={client}&client_secret={secret}&scope=openid")),
        status_codes: &[200, 400, 401, 405, 415, 429],
        body_limit_bytes: FORM_BODY_LIMIT_BYTES,
    }

    /// Claims about the user of the token.
    ConnectUserinfo connect_userinfo = "/connect/userinfo" 1, Get "/connect/userinfo",
    NoQuery, Empty => Json {
        access: BearerUser,
        example: Some(Example::PLAIN),
        status_codes: &[200, 401, 403],
    }

    /// Whether a token is alive, and whose it is.
    ConnectIntrospect connect_introspect = "/connect/introspect" 1, Post "/connect/introspect",
    NoQuery, Form => Json {
        access: OAuthClient,
        example: Some(Example::new("", "client_id={client}&client_secret={secret}&token=ended-long-ago")),
        status_codes: &[200, 400, 401],
        body_limit_bytes: FORM_BODY_LIMIT_BYTES,
    }

    /// Ends a token.
    ConnectRevocation connect_revocation = "/connect/revocation" 1, Post "/connect/revocation",
    NoQuery, Form => Empty {
        access: OAuthClient,
        status_codes: &[200, 400, 401],
        example: Some(Example::new("", "client_id={client}&client_secret={secret}&token=ended-long-ago")),
        body_limit_bytes: FORM_BODY_LIMIT_BYTES,
    }

    /// Ends the session of the browser.
    ConnectEndsession connect_endsession = "/connect/endsession" 1, Get "/connect/endsession",
    EndSessionQuery, Empty => Empty {
        access: Anyone,
        example: Some(Example::PLAIN),
        status_codes: &[200, 302, 400],
        note: "answers with a redirect",
    }

    /// The page where the user of a device enters its code.
    DevicePage device_page = "/device" 1, Get "/device",
    DeviceQuery, Empty => Html {
        access: Anyone,
        example: Some(Example::PLAIN),
        status_codes: &[200],
    }

    /// First step of a login by certificate at the identity provider.
    AuthenticationCertificate authentication_certificate =
        "/authentication/certificate" 1, Post "/authentication/certificate",
    NoQuery, Form => Json {
        access: OAuthClient,
        example: Some(
            Example::new("", "client_id={client}&client_secret={secret}&public_key=bm9uZQ==").answered(400),
        ),
        status_codes: &[200, 400, 401],
        body_limit_bytes: FORM_BODY_LIMIT_BYTES,
    }
}
