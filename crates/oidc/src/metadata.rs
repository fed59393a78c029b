//! What programs read first: where everything is, and what is served.

use serde_json::{Value, json};

use crate::scope::Scope;

/// Names in the discovery document, with their paths under the issuer.
pub const ENDPOINTS: [(&str, &str); 8] = [
    ("jwks_uri", "/.well-known/openid-configuration/jwks"),
    ("authorization_endpoint", "/connect/authorize"),
    ("token_endpoint", "/connect/token"),
    ("userinfo_endpoint", "/connect/userinfo"),
    ("end_session_endpoint", "/connect/endsession"),
    ("revocation_endpoint", "/connect/revocation"),
    ("introspection_endpoint", "/connect/introspect"),
    ("device_authorization_endpoint", "/connect/deviceauthorization"),
];

/// The discovery document of `issuer`, which has no slash at its end.
pub fn metadata(issuer: &str) -> Value {
    let mut all = json!({
        "issuer": issuer,
        "scopes_supported": Scope::ALL,
        "response_types_supported": ["code", "code id_token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
            "certificate",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash", "name", "family_name", "given_name",
            "middle_name", "preferred_username", "email", "email_verified",
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["ru", "en"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    for (name, path) in ENDPOINTS {
        all[name] = json!(format!("{issuer}{path}"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_stands_as_it_was_given() {
        let all = metadata("https://edo.example");
        assert_eq!(all["issuer"], "https://edo.example");
        for (name, path) in ENDPOINTS {
            assert_eq!(all[name], format!("https://edo.example{path}"));
        }
    }
}
