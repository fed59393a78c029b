//! Programs on devices without a browser (RFC 8628): somebody signs in for them elsewhere.

use std::net::IpAddr;

use potok_oidc::Scope;
use potok_store::{ApiClient, DeviceAnswer, DeviceCode, TokensOf};
use potok_types::Entropy;

use super::id_tokens::IdTokenOf;
use super::scopes::{asked_scope, scope_kept};
use super::tokens::random_text;
use super::{ClientProof, GrantError, IssuedTokens, Login, LoginError, SignedIn};
use crate::access::{self, hash_of};
use crate::core::CoreError;

/// How long somebody has to sign in.
const DEVICE_SECONDS: i64 = 300;
/// Seconds between two questions of a device.
const INTERVAL: u32 = 3;
/// So much longer for one that does not wait.
const SLOWER: u32 = 5;
/// Consonants that nobody mistakes for one another, and of which no words are made.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters of a user code, in two groups: 34 bits, of which the attempts of people are limited.
const CODE_LETTERS: usize = 8;
/// Tries to find a user code that is free.
const TRIES: usize = 8;

/// What a device shows and keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceStart {
    /// The device's own.
    pub device_code: String,
    /// What people type.
    pub user_code: String,
    /// Until when, in seconds.
    pub expires_in_seconds: i64,
    /// Seconds between two questions.
    pub interval_seconds: u32,
    /// The page where it is typed.
    pub page: String,
}

/// A device that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The program that runs on it.
    pub client: ApiClient,
    /// What it wants.
    pub scope: Scope,
    /// What it shows.
    pub user_code: String,
}

fn user_code(entropy: &dyn Entropy) -> String {
    let mut text = String::with_capacity(CODE_LETTERS + 1);
    while text.len() < CODE_LETTERS + 1 {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // Bytes beyond the last whole round would make some letters likelier.
        if byte[0] >= 240 {
            continue;
        }
        if text.len() == CODE_LETTERS / 2 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
    }
    text
}

/// As it is kept, whatever people type between the letters.
fn folded(typed: &str) -> String {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).take(64).collect();
    match letters.len() {
        CODE_LETTERS => format!("{}-{}", &letters[..CODE_LETTERS / 2], &letters[CODE_LETTERS / 2..]),
        _ => letters,
    }
}

impl Login {
    /// `/connect/deviceauthorization`.
    ///
    /// # Errors
    /// [`GrantError::InvalidClient`]; [`GrantError::Scope`].
    pub async fn begin_device(&self, proof: &ClientProof, scope: &str) -> Result<DeviceStart, GrantError> {
        let client = self.prove(proof).await?.client;
        let scope = asked_scope(scope)?;
        let device_code = random_text(&*self.core.entropy);
        let mut code = DeviceCode {
            hash: hash_of(&device_code),
            user_code: String::new(),
            client_id: client.id,
            scope: scope.to_string(),
            expires_at: self.core.clock.now().plus_seconds(DEVICE_SECONDS),
            interval_seconds: INTERVAL,
            asked_at: None,
            answer: DeviceAnswer::Waits,
        };
        for _ in 0..TRIES {
            code.user_code = user_code(&*self.core.entropy);
            if self.logins.put_device_code(&code).await? {
                return Ok(DeviceStart {
                    device_code,
                    user_code: code.user_code,
                    expires_in_seconds: DEVICE_SECONDS,
                    interval_seconds: INTERVAL,
                    page: format!("{}/device", self.issuer),
                });
            }
        }
        Err(CoreError::CutOff.into())
    }

    /// The device that shows what somebody typed. Wrong ones are counted as wrong passwords are.
    ///
    /// # Errors
    /// [`LoginError::TooManyAttempts`].
    pub async fn waiting_device(
        &self,
        who: &SignedIn,
        typed: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<Waiting>, LoginError> {
        let now = self.core.clock.now();
        // No login has a blank at its beginning.
        let attempt = self.attempts.begin(&format!(" device {}", who.user.id), address, now)?;
        let found = self.logins.device_by_user_code(&folded(typed)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                attempt.was_none();
                return Err(error.into());
            }
        };
        let waits = |it: &DeviceCode| it.expires_at > now && it.answer == DeviceAnswer::Waits;
        let Some(code) = found.filter(waits) else { return Ok(None) };
        attempt.was_right();
        let client = access::known_client(&*self.logins, &code.client_id).await;
        Ok(client.ok().map(|client| Waiting {
            client,
            scope: scope_kept(&code.scope),
            user_code: code.user_code,
        }))
    }

    /// Notes what somebody said about a device that waits; whether it still did.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn answer_device(
        &self,
        who: &SignedIn,
        waiting: &Waiting,
        is_allowed: bool,
    ) -> Result<bool, CoreError> {
        let answer = match is_allowed {
            true => DeviceAnswer::Allowed { user: who.user.id, signed_in_at: who.since },
            false => DeviceAnswer::Denied,
        };
        let is_noted = self.logins.answer_device(&waiting.user_code, answer).await?;
        if self.is_over(who).await? {
            // Everything of the user was taken back meanwhile, so this goes too.
            self.logins.revoke_tokens(&TokensOf::User(who.user.id)).await?;
            return Ok(false);
        }
        Ok(is_noted)
    }

    /// `/connect/token` with a device code.
    ///
    /// # Errors
    /// [`GrantError::Pending`] as long as nobody has said anything; [`GrantError::SlowDown`]; [`GrantError::Expired`], also for
    /// one that is not known any more; [`GrantError::Denied`].
    pub async fn tokens_by_device(
        &self,
        proof: &ClientProof,
        device_code: &str,
    ) -> Result<IssuedTokens, GrantError> {
        let client = self.prove(proof).await?.client;
        let (hash, now) = (hash_of(device_code), self.core.clock.now());
        let found = self.logins.device_code(hash).await?.filter(|code| code.client_id == client.id);
        let found = found.filter(|code| code.expires_at > now).ok_or(GrantError::Expired)?;
        let wait = i64::from(found.interval_seconds);
        if found.asked_at.is_some_and(|asked_at| now < asked_at.plus_seconds(wait)) {
            let slower = found.interval_seconds.saturating_add(SLOWER);
            self.logins.note_device_asked(hash, now, slower).await?;
            return Err(GrantError::SlowDown);
        }
        let (user, signed_in_at) = match found.answer {
            DeviceAnswer::Denied => return Err(GrantError::Denied),
            DeviceAnswer::Waits => {
                self.logins.note_device_asked(hash, now, found.interval_seconds).await?;
                return Err(GrantError::Pending);
            }
            DeviceAnswer::Allowed { user, signed_in_at } => (user, signed_in_at),
        };
        if access::is_blocked(&self.core, user).await? {
            return Err(GrantError::Denied);
        }
        let scope = scope_kept(&found.scope);
        let (mut issued, tokens) = self.tokens_of_device(&client, user, &scope);
        if !self.logins.redeem_device(hash, &tokens).await? {
            return Err(GrantError::Expired);
        }
        let about = IdTokenOf { client_id: &client.id, user, signed_in_at: Some(signed_in_at), nonce: None };
        self.add_id_token(&mut issued, &scope, about).await?;
        Ok(issued)
    }
}

#[cfg(test)]
mod tests {
    use potok_types::SeededEntropy;

    use super::*;

    #[test]
    fn codes_are_typed_in_any_way() {
        let entropy = SeededEntropy::new(7);
        for _ in 0..100 {
            let code = user_code(&entropy);
            assert_eq!(code.len(), 9, "{code}");
            assert!(code.bytes().all(|byte| byte == b'-' || LETTERS.contains(&byte)), "{code}");
            let plain = code.replace('-', "");
            for typed in [code.clone(), plain.to_lowercase(), format!(" {} ", code.replace('-', " - "))] {
                assert_eq!(folded(&typed), code, "{typed}");
            }
        }
        assert_eq!(folded("bcd"), "BCD");
        assert_eq!(folded(""), "");
    }
}
