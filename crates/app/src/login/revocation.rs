//! Tokens that their own program ends.

use potok_store::{TokenKind, TokensOf};

use super::{ClientProof, GrantError, Login};
use crate::access::hash_of;

impl Login {
    /// `/connect/revocation` (RFC 7009): ends a token of the client; with a refresh token the others of its chain and what they
    /// bought. One that nobody knows has ended already.
    ///
    /// # Errors
    /// [`GrantError::InvalidClient`]; [`GrantError::InvalidGrant`] when the token was issued to another client.
    pub async fn revoke(&self, proof: &ClientProof, token: &str) -> Result<(), GrantError> {
        let client = self.prove(proof).await?.client;
        let Some(found) = self.logins.token(hash_of(token)).await? else { return Ok(()) };
        if found.client_id != client.id {
            return Err(GrantError::InvalidGrant);
        }
        let whose = match (found.kind, found.family) {
            (TokenKind::Refresh, Some(family)) => TokensOf::Family(family),
            _ => TokensOf::One(found.hash),
        };
        self.logins.revoke_tokens(&whose).await?;
        Ok(())
    }
}
