//! What programs are given.

use super::Login;

/// The answer of `/connect/token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedTokens {
    /// Opens the API.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in_seconds: i64,
    /// Makes further access tokens; `None` for robots with a secret.
    pub refresh_token: Option<String>,
    /// Who the user is, signed; with the scope `openid`.
    pub id_token: Option<String>,
    /// What it opens, blank-separated.
    pub scope: String,
}

impl Login {
    pub(super) fn answer(
        &self,
        access_token: String,
        refresh_token: Option<String>,
        scope: String,
    ) -> IssuedTokens {
        let expires_in_seconds = self.tokens.access_seconds;
        IssuedTokens { access_token, expires_in_seconds, refresh_token, id_token: None, scope }
    }
}
