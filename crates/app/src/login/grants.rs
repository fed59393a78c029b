//! What programs get tokens for at `/connect/token`, besides their own credentials and refresh tokens.

use potok_oidc::{Challenge, Scope};
use potok_store::{ApiClient, Proof, Redeemed, Token, TokenHash, TokenKind};
use potok_types::UserId;

use super::certificate::{NamedCertificate, stored};
use super::id_tokens::IdTokenOf;
use super::scopes::{asked_scope, scope_kept};
use super::{ClientProof, GrantError, IssuedTokens, Login, LoginError};
use crate::access::{self, hash_of};
use crate::core::CoreError;

/// Who gets what.
struct Bought<'a> {
    client: &'a ApiClient,
    user: UserId,
    scope: &'a Scope,
    /// What the chain of the tokens begins with; `None`: with its first refresh token.
    family: Option<TokenHash>,
}

impl Login {
    /// `/connect/token` with a code: once, by the program that it was sent to, with the verifier of its challenge.
    ///
    /// # Errors
    /// [`GrantError::BadCode`], whatever is wrong with it. A second use ends what the first one bought.
    pub async fn tokens_by_code(
        &self,
        proof: &ClientProof,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.prove(proof).await?.client;
        let (hash, now) = (hash_of(code), self.core.clock.now());
        let found = self.logins.code(hash).await?.filter(|code| code.client_id == client.id);
        let found = found.ok_or(GrantError::BadCode)?;
        let is_good = found.expires_at > now
            && redirect_uri == Some(found.redirect_uri.as_str())
            && Challenge::is_met(found.challenge.as_deref(), verifier);
        // One that was used is offered again, so that the store can end what it bought.
        if !is_good && found.used_at.is_none() {
            return Err(GrantError::BadCode);
        }
        if access::is_blocked(&self.core, found.user).await? {
            return Err(GrantError::BadCode);
        }
        let scope = scope_kept(&found.scope);
        let (mut issued, tokens) = self.make_tokens(&Bought {
            client: &client,
            user: found.user,
            scope: &scope,
            family: Some(hash),
        });
        match self.logins.redeem_code(hash, now, &tokens).await? {
            Redeemed::Done => {}
            Redeemed::Unknown => return Err(GrantError::BadCode),
            Redeemed::UsedBefore => {
                tracing::warn!(
                    client_id = client.id,
                    user_id = %found.user,
                    "an authorization code was used twice: what it bought is revoked"
                );
                return Err(GrantError::BadCode);
            }
        }
        let about = IdTokenOf {
            client_id: &client.id,
            user: found.user,
            signed_in_at: Some(found.signed_in_at),
            nonce: found.nonce,
        };
        self.add_id_token(&mut issued, &scope, about).await?;
        Ok(issued)
    }

    /// `/connect/token` with the decrypted secret of [`Login::certificate_challenge`].
    ///
    /// # Errors
    /// [`GrantError::BadCertificate`] with the reason; [`GrantError::Scope`].
    pub async fn tokens_by_certificate(
        &self,
        proof: &ClientProof,
        answer: &str,
        thumbprint: String,
        scope: &str,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.prove(proof).await?.client;
        let scope = asked_scope(scope)?;
        let named = NamedCertificate::Thumbprint(thumbprint);
        let held = self.holder_of_certificate(&client, answer, named).await;
        let (user, thumbprint) = held.map_err(GrantError::of_login)?;
        self.let_in(user).await.map_err(GrantError::of_login)?;
        let bought = Bought { client: &client, user, scope: &scope, family: None };
        let (mut issued, tokens) = self.make_tokens(&bought);
        let held = Proof::Certificate(stored(thumbprint));
        for token in tokens {
            if !self.tokens.put_proved(token, &held).await? {
                let taken = LoginError::UnknownCertificate(thumbprint.to_string());
                return Err(GrantError::of_login(taken));
            }
        }
        let signed_in_at = Some(self.core.clock.now());
        let about = IdTokenOf { client_id: &client.id, user, signed_in_at, nonce: None };
        self.add_id_token(&mut issued, &scope, about).await?;
        Ok(issued)
    }

    /// The first step of a login by certificate at the provider: a secret, encrypted to the certificate.
    ///
    /// # Errors
    /// [`GrantError::BadCertificate`] when nothing can be encrypted to it.
    pub async fn certificate_challenge(
        &self,
        proof: &ClientProof,
        certificate: bytes::Bytes,
    ) -> Result<Vec<u8>, GrantError> {
        let client = self.prove(proof).await?.client;
        self.challenge_for(&client, certificate).await.map_err(GrantError::of_login)
    }

    /// Tokens for `user` after a device was allowed, kept by `keep`, and what the device is told.
    pub(super) fn tokens_of_device(
        &self,
        client: &ApiClient,
        user: UserId,
        scope: &Scope,
    ) -> (IssuedTokens, Vec<Token>) {
        self.make_tokens(&Bought { client, user, scope, family: None })
    }

    /// An access token, and with `offline_access` a refresh token of the same chain. Nobody knows them yet.
    fn make_tokens(&self, bought: &Bought<'_>) -> (IssuedTokens, Vec<Token>) {
        let Bought { client, user, scope, family } = *bought;
        let text = scope.to_string();
        let (access_token, access) = self.tokens.make(TokenKind::Access, &client.id, user, &text);
        let refresh =
            scope.has(Scope::OFFLINE).then(|| self.tokens.make(TokenKind::Refresh, &client.id, user, &text));
        let family = family.or(refresh.as_ref().map(|(_, token)| token.hash));
        let mut tokens = vec![Token { family, ..access }];
        let refresh_token = refresh.map(|(refresh_token, token)| {
            tokens.push(Token { family, ..token });
            refresh_token
        });
        (self.answer(access_token, refresh_token, text), tokens)
    }
}

impl GrantError {
    /// As the OAuth endpoints tell it.
    fn of_login(error: LoginError) -> Self {
        match error {
            LoginError::Core(CoreError::Invalid(invalid)) => Self::BadCertificate(invalid.to_string()),
            LoginError::Core(error) => Self::Core(error),
            other => Self::BadCertificate(other.to_string()),
        }
    }
}
