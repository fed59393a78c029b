//! What a program may ask for.

use std::collections::BTreeSet;
use std::fmt;

/// A scope that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// There is no such scope.
    #[error(
        "the scope {0:?} is unknown: openid, profile, email, offline_access, Diadoc.PublicAPI and Diadoc.PublicAPI.Staging \
         can be asked for"
    )]
    Unknown(String),
    /// More than was given before.
    #[error("the scope {0:?} was not given before")]
    NotGiven(String),
}

/// Scopes, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(BTreeSet<&'static str>);

impl Scope {
    /// An id token, and who the user is.
    pub const OPENID: &'static str = "openid";
    /// Names.
    pub const PROFILE: &'static str = "profile";
    /// E-mail.
    pub const EMAIL: &'static str = "email";
    /// A refresh token.
    pub const OFFLINE: &'static str = "offline_access";
    /// The API.
    pub const API: &'static str = "Diadoc.PublicAPI";
    /// The API under the name that it has for tests; this server does not tell them apart.
    pub const API_STAGING: &'static str = "Diadoc.PublicAPI.Staging";

    /// All of them.
    pub const ALL: [&'static str; 6] =
        [Self::OPENID, Self::PROFILE, Self::EMAIL, Self::OFFLINE, Self::API, Self::API_STAGING];

    /// Reads scopes separated by blanks.
    ///
    /// # Errors
    /// [`ScopeError::Unknown`].
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let known = |name: &str| {
            let found = Self::ALL.into_iter().find(|known| *known == name);
            found.ok_or_else(|| ScopeError::Unknown(name.chars().take(64).collect()))
        };
        text.split_ascii_whitespace().map(known).collect::<Result<_, _>>().map(Self)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `scope` is among them.
    pub fn has(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Whether the API is among them, by either name.
    pub fn opens_api(&self) -> bool {
        self.has(Self::API) || self.has(Self::API_STAGING)
    }

    /// Whether all of `other` are among them.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Those that are not in `other`: the first one, if there is any.
    ///
    /// # Errors
    /// [`ScopeError::NotGiven`].
    pub fn within(self, given: &Self) -> Result<Self, ScopeError> {
        match self.0.difference(&given.0).next() {
            Some(more) => Err(ScopeError::NotGiven((*more).to_owned())),
            None => Ok(self),
        }
    }

    /// Each of them, in the order of [`Self::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().filter(|scope| self.has(scope))
    }
}

/// Separated by blanks.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, scope) in self.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { " " })?;
            f.write_str(scope)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_in_any_order_and_written_in_one() {
        let scope = Scope::parse(" Diadoc.PublicAPI  openid openid ").unwrap();
        assert_eq!(scope.to_string(), "openid Diadoc.PublicAPI");
        assert!(scope.opens_api() && scope.has("openid") && !scope.has("email"));
        assert!(Scope::parse("").unwrap().is_empty());
        assert_eq!(Scope::parse("openid Openid"), Err(ScopeError::Unknown("Openid".to_owned())));
    }

    #[test]
    fn nothing_more_is_given_later() {
        let given = Scope::parse("openid email").unwrap();
        assert!(Scope::parse("email").unwrap().within(&given).is_ok());
        let more = Scope::parse("email profile").unwrap();
        assert!(!given.covers(&more));
        assert_eq!(more.within(&given), Err(ScopeError::NotGiven("profile".to_owned())));
    }
}
