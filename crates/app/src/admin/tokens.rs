//! Tokens as an administrator sees them: named by the first digits of their hash, because nobody keeps the tokens.

use std::fmt::Write as _;

use potok_store::{Token, TokenHash, TokenKind, TokensOf};
use potok_types::{Ticks, UserId};

use super::{Admin, AdminError, invalid};

/// Hexadecimal digits by which a token is shown, and the least that name one.
const SHOWN: usize = 16;
const NAMED: usize = 8;

/// A token that is kept, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    /// Names it: 16 hexadecimal digits.
    pub id: String,
    /// What it is for.
    pub kind: TokenKind,
    /// The only program that may use it; empty for a session of a browser.
    pub client_id: String,
    /// As whom.
    pub user: UserId,
    /// The same by login; empty when the user is gone.
    pub login: String,
    /// When it was made; zero for those of programs that did not note it.
    pub issued_at: Ticks,
    /// Good before this moment.
    pub expires_at: Ticks,
    /// The next refresh token of its chain took its place.
    pub is_spent: bool,
}

pub(super) fn id_of(hash: TokenHash) -> String {
    let mut text = String::with_capacity(2 * hash.0.len());
    for byte in hash.0 {
        let _texts_take_all = write!(text, "{byte:02x}");
    }
    text
}

/// The digits by which somebody names what is kept as a hash.
pub(super) fn named_by(id: &str) -> Result<String, AdminError> {
    let wanted = id.to_ascii_lowercase();
    if wanted.len() < NAMED || !wanted.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(invalid("id", format!("{id:?} must be at least {NAMED} digits of an id of the list")));
    }
    Ok(wanted)
}

impl Admin {
    /// The tokens that have not expired, by user, program and time: those of `user` and of `client` only, where given.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn tokens(
        &self,
        user: Option<UserId>,
        client: Option<&str>,
    ) -> Result<Vec<KnownToken>, AdminError> {
        let now = self.core.clock.now();
        let found = self.tokens_of(user, client).await?;
        let users = self.core.directory.users().await?;
        let login_of = |id: UserId| users.iter().find(|user| user.id == id).map(|user| user.login.clone());
        let known = found.into_iter().filter(|token| token.expires_at > now).map(|token| {
            let mut id = id_of(token.hash);
            id.truncate(SHOWN);
            KnownToken {
                id,
                kind: token.kind,
                login: login_of(token.user).unwrap_or_default(),
                client_id: token.client_id,
                user: token.user,
                issued_at: token.issued_at,
                expires_at: token.expires_at,
                is_spent: token.spent_at.is_some(),
            }
        });
        Ok(known.collect())
    }

    async fn tokens_of(&self, user: Option<UserId>, client: Option<&str>) -> Result<Vec<Token>, AdminError> {
        let whose = match (user, client) {
            (Some(user), _) => TokensOf::User(user),
            (None, Some(client)) => TokensOf::Client(client.to_owned()),
            (None, None) => TokensOf::All,
        };
        let mut found = self.logins.tokens(&whose).await?;
        found.retain(|token| client.is_none_or(|client| token.client_id == client));
        Ok(found)
    }

    /// Ends the tokens of `user` with `client`, or all of the one that is given, or, with neither, all there are: how many.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn revoke_tokens(&self, user: Option<UserId>, client: Option<&str>) -> Result<u64, AdminError> {
        let whose = match (user, client) {
            (Some(_), Some(_)) => {
                let mut revoked = 0;
                for token in self.tokens_of(user, client).await? {
                    revoked += self.logins.revoke_tokens(&TokensOf::One(token.hash)).await?;
                }
                return Ok(revoked);
            }
            (Some(user), None) => TokensOf::User(user),
            (None, Some(client)) => TokensOf::Client(client.to_owned()),
            (None, None) => TokensOf::All,
        };
        Ok(self.logins.revoke_tokens(&whose).await?)
    }

    /// Ends one token, named by at least 8 digits of its id; with a refresh token its whole chain and what that bought: how
    /// many.
    ///
    /// # Errors
    /// `CoreError::Invalid` when the id names no token, or several.
    pub async fn revoke_token(&self, id: &str) -> Result<u64, AdminError> {
        let wanted = named_by(id)?;
        let mut found = self.logins.tokens(&TokensOf::All).await?;
        found.retain(|token| id_of(token.hash).starts_with(&wanted));
        let whose = match found.as_slice() {
            [] => return Err(invalid("id", format!("{id:?} is no token: see `potok admin token list`"))),
            [one] => match (one.kind, one.family) {
                (TokenKind::Refresh, Some(family)) => TokensOf::Family(family),
                _ => TokensOf::One(one.hash),
            },
            _ => {
                return Err(invalid(
                    "id",
                    format!("{id:?} are the first digits of several tokens: give more"),
                ));
            }
        };
        Ok(self.logins.revoke_tokens(&whose).await?)
    }
}
