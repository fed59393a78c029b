//! Scopes as they are kept and asked for.

use potok_oidc::Scope;

use super::GrantError;
use super::tokens::DEFAULT_SCOPE;

/// Scopes as they were kept; those of logins without any are all.
pub(super) fn scope_kept(text: &str) -> Scope {
    Scope::parse(if text.is_empty() { DEFAULT_SCOPE } else { text }).unwrap_or_default()
}

/// Scopes that a request without a browser asks for; the API when it names none.
pub(super) fn asked_scope(text: &str) -> Result<Scope, GrantError> {
    let scope = Scope::parse(if text.trim().is_empty() { Scope::API } else { text })?;
    Ok(scope)
}
