//! Id tokens beside what programs are given.

use potok_oidc::{IdToken, Scope, half_hash};
use potok_types::{Ticks, UserId};

use super::keys::ID_TOKEN_SECONDS;
use super::{IssuedTokens, Login};
use crate::core::CoreError;

/// About whom an id token is made.
pub(super) struct IdTokenOf<'a> {
    pub(super) client_id: &'a str,
    pub(super) user: UserId,
    pub(super) signed_in_at: Option<Ticks>,
    pub(super) nonce: Option<String>,
}

impl Login {
    pub(super) async fn add_id_token(
        &self,
        issued: &mut IssuedTokens,
        scope: &Scope,
        about: IdTokenOf<'_>,
    ) -> Result<(), CoreError> {
        if scope.has(Scope::OPENID) {
            let hash = half_hash(&issued.access_token);
            issued.id_token = Some(self.id_token(about, |token| token.at_hash = Some(hash)).await?);
        }
        Ok(())
    }

    /// A signed id token, with what `add` puts there.
    pub(super) async fn id_token(
        &self,
        about: IdTokenOf<'_>,
        add: impl FnOnce(&mut IdToken),
    ) -> Result<String, CoreError> {
        let now = self.core.clock.now().unix_seconds();
        let mut token = IdToken {
            iss: self.issuer.clone(),
            sub: about.user.to_string(),
            aud: about.client_id.to_owned(),
            exp: now + ID_TOKEN_SECONDS,
            iat: now,
            auth_time: about.signed_in_at.map(Ticks::unix_seconds),
            nonce: about.nonce,
            ..IdToken::default()
        };
        add(&mut token);
        let key = self.keys.signing().await?;
        let signed = self.core.room.work.serve(move || token.sign(&key)).await?;
        signed.map_err(|error| {
            tracing::error!(%error, "an id token could not be signed");
            CoreError::CutOff
        })
    }
}
